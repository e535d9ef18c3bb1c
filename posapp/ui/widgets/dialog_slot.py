"""The one dialog that a screen has open, and how its action ended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.held_keys import held_keys


def failure_text(texts: Translator, error: Exception | None) -> Callable[[], str] | None:
    """Return what tells why an action was refused or failed, with the code of the error."""
    if error is None:
        return None

    def make() -> str:
        code = texts("words.error_code", code=texts.error_code(error))
        return f"{texts.error(error)} {code}"

    return make


class DialogSlot(QObject):
    """Holds the one dialog that its owner has open."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialog: ConfirmDialog | None = None
        held_keys()  # follows the keys from before the first dialog

    @property
    def is_open(self) -> bool:
        """Return whether a dialog is open."""
        return self._dialog is not None

    def open(self, dialog: ConfirmDialog) -> None:
        """Show a dialog; another one must not be open."""
        self._dialog = dialog
        dialog.finished.connect(self._answered)
        dialog.open()

    def close(self) -> None:
        """Close the dialog with the safe answer: its reason no longer exists."""
        dialog, self._dialog = self._dialog, None
        if dialog is not None and dialog.isVisible():  # it may be answered just now
            dialog.reject()

    def end(self, failure: Callable[[], str] | None) -> bool:
        """End the action of a dialog that waits for it: close it, or show why it failed.

        Args:
            failure: makes the text; ``None`` if it did not fail.

        Returns:
            Whether a failure was shown, which the page then does not have to show again.
        """
        dialog = self._dialog
        if dialog is None or not dialog.is_busy:
            return False
        if failure is not None:
            dialog.fail(failure)
            return True
        dialog.close_done()
        return False

    @Slot()
    def _answered(self) -> None:
        self._dialog = None
