"""File dialog of an export."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from posapp.ui.core.formats import seoul
from posapp.ui.core.i18n import Translator

ENDINGS = ("xlsx", "csv")
"""File formats; Excel is first because a double click opens it in a shop's office."""


class ExportDialog(QFileDialog):
    """Uses the system's dialog where there is one. The chosen format sets the suffix.

    Args:
        folder: where it starts.
    """

    path_chosen = Signal(object)
    """A file was chosen. Carries a ``Path`` with one of ``ENDINGS`` as suffix."""

    def __init__(self, texts: Translator, now: datetime, folder: str, parent: QWidget) -> None:
        super().__init__(parent, texts("requests.export"), folder)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters([texts(f"requests.export_{ending}") for ending in ENDINGS])
        self.setDefaultSuffix(ENDINGS[0])
        self.selectFile(texts("requests.export_name", day=f"{seoul(now):%Y-%m-%d}"))
        self.filterSelected.connect(self._take_ending)
        self.fileSelected.connect(self._choose)

    def _take_ending(self, name_filter: str) -> None:
        ending = next((one for one in ENDINGS if f"*.{one}" in name_filter), ENDINGS[0])
        self.setDefaultSuffix(ending)

    def _choose(self, name: str) -> None:
        path = Path(name)
        if path.suffix.lower().lstrip(".") not in ENDINGS:
            path = path.with_name(f"{path.name}.{self.defaultSuffix() or ENDINGS[0]}")
        self.path_chosen.emit(path)
