"""Where an export is to go."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from posapp.ui.formats import seoul
from posapp.ui.i18n import Texts

ENDINGS = ("xlsx", "csv")
"""Excel first: it is what opens by a double click in a shop's office."""


class ExportDialog(QFileDialog):
    """The system's own dialog where there is one. The chosen kind gives the ending."""

    path_chosen = Signal(object)
    """A ``Path`` that ends in one of ``ENDINGS``."""

    def __init__(self, texts: Texts, now: datetime, parent: QWidget) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
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
