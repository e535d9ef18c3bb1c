"""What a widget is, for the style sheet; and labels that show foreign text safely."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

_PLAIN_TEXT = 0
"""``Qt.TextFormat.PlainText``, by its number: see ``posapp.ui``."""


def set_role(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let the widget look at it again."""
    before = widget.property(name)
    if before == value or (before is None and not value):
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


class Label(QLabel):
    """Text in one of the theme's roles, always plain: names, reasons and PortOne's messages come
    from outside and may look like markup.

    Args:
        role: title, heading, body, caption, muted, field, money, error, success, notice, badge …
        wraps: the text goes on in a next line where it is too long.
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
    """A ground in one of the theme's roles: card, panel, banner, surface, header and others."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
