"""Style roles of widgets, and labels that show external text safely."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from posapp.ui.core.bound_text import BoundText

_PLAIN_TEXT = 0
"""Value of ``Qt.TextFormat.PlainText``: see ``posapp.ui``."""


def set_role(widget: QWidget, name: str, value: object) -> None:
    """Set a property used by the style sheet, and apply the style again."""
    before = widget.property(name)
    if before == value or (before is None and not value):
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def bound(text: BoundText | None) -> BoundText:
    """Return the bound text of a widget.

    Raises:
        ValueError: there is none.
    """
    if text is None:
        raise ValueError("no text is bound to this widget")
    return text


class Label(QLabel):
    """Plain text in one of the theme's roles.

    It is never parsed as markup: names, reasons and PortOne's messages are external.

    Args:
        role: title, heading, body, caption, muted, field, money, error, success, notice, badge …
        wraps: a long text continues on the next line.
        text: follows the language, until ``setText`` or ``clear`` sets one that does not.
    """

    def __init__(
        self,
        role: str,
        parent: QWidget | None = None,
        *,
        wraps: bool = False,
        text: BoundText | None = None,
    ) -> None:
        super().__init__(parent)
        self._bound: BoundText | None = None
        self.setProperty("role", role)
        self.setProperty("textFormat", _PLAIN_TEXT)
        self.setWordWrap(wraps)
        if wraps:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if text is not None:
            self.say(text)

    def say(self, text: BoundText) -> None:
        """Show another text that follows the language."""
        self._bound = text
        text.show_in(self, QLabel.setText)

    def setText(self, text: str) -> None:
        """Show a text of this moment, in place of a bound one."""
        if self._bound is not None:
            self._bound.release(self, QLabel.setText)
            self._bound = None
        super().setText(text)

    def clear(self) -> None:
        """Show no text, in place of a bound one."""
        self.setText("")

    def set_values(self, **values: object) -> None:
        """Give values to the parameters of the bound text.

        Raises:
            ValueError: the label has no bound text.
        """
        self.say(bound(self._bound).with_values(**values))


class Frame(QFrame):
    """A frame in one of the theme's roles: card, panel, banner, surface, header and others."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)


class BoldLabel(Label):
    """Body text in bold, wrapping."""

    def __init__(self) -> None:
        super().__init__("body", wraps=True)
        font = self.font()
        font.setBold(True)
        self.setFont(font)


class ElidedLabel(Label):
    """Takes what room there is. For names and remarks only: never for an amount or a number."""

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self._whole = ""
        self.setProperty("mayElide", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_whole(self, text: str) -> None:
        """Set the text."""
        self._whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the text as fits."""
        super().resizeEvent(event)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """Return no width: the text gives way."""
        return QSize(0, super().minimumSizeHint().height())

    def _elide(self) -> None:
        # Without a text Qt's enum stays untouched, as the first window needs (``posapp.ui``).
        shown = self._whole and self.fontMetrics().elidedText(
            self._whole, QtCore.Qt.TextElideMode.ElideRight, self.width()
        )
        if shown == "…":  # no letter of it fits
            shown = ""
        if shown != self.text():
            self.setText(shown)
