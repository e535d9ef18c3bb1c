"""Style roles of widgets, and labels that show external text safely."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

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


class Label(QLabel):
    """Plain text in one of the theme's roles.

    It is never parsed as markup: names, reasons and PortOne's messages are external.

    Args:
        role: title, heading, body, caption, muted, field, money, error, success, notice, badge …
        wraps: a long text continues on the next line.
    """

    def __init__(self, role: str, parent: QWidget | None = None, *, wraps: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setProperty("textFormat", _PLAIN_TEXT)
        self.setWordWrap(wraps)
        if wraps:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)


class Frame(QFrame):
    """A frame in one of the theme's roles: card, panel, banner, surface, header and others."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
