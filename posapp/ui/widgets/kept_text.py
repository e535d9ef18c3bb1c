"""What was typed into dialogs that the lock closed, for whoever typed it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from PySide6.QtCore import QCoreApplication, QObject


class KeptText(QObject):
    """Texts by the subject of their dialog, and by the object name of their line. No PIN is among
    them, and nothing is written to a file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[Hashable, Mapping[str, str]] = {}

    def keep(self, about: Hashable, texts: Mapping[str, str]) -> None:
        """Keep the texts of a dialog, in place of earlier ones about the same."""
        self._texts[about] = dict(texts)

    def give_back(self, about: Hashable) -> Mapping[str, str]:
        """Return what is kept about it, once."""
        return self._texts.pop(about, {})

    def forget(self) -> None:
        """Forget everything: another person is at the till, or it is too long ago."""
        self._texts.clear()


def kept_text() -> KeptText:
    """Return the application's."""
    app = QCoreApplication.instance()
    if app is None:
        return KeptText()
    found = app.findChild(KeptText)
    return found if isinstance(found, KeptText) else KeptText(app)
