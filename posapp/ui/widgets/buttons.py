"""Buttons that display their keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QColor, QIcon, QPaintEvent, QPixmap, QShortcutEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.widgets.icons import sign_icon
from posapp.ui.widgets.roles import Label, bound

_CHIP_GAP = 12
_SIGN = 20


class Button(QPushButton):
    """A button in one of the theme's roles, with its key shown on it.

    Enter and Space press it when it has the focus; ``key`` does wherever the focus is on its
    screen. The key ``"Enter"`` is only displayed: the owner of the fields handles Enter.

    Args:
        role: primary, secondary, quiet, danger or kakao; at most one primary a screen.
        key: a key in Qt's notation: ``"F2"``, ``"Esc"``, ``"Ctrl+P"``; empty for none.
        text: follows the language, until ``set_text`` sets one that does not.
        description: as in ``say``.
    """

    def __init__(
        self,
        role: str,
        key: str = "",
        parent: QWidget | None = None,
        *,
        text: BoundText | None = None,
        description: BoundText | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setAutoDefault(True)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(_SIGN, _SIGN))
        self._sign: tuple[str, QColor] | None = None
        self._is_painted = False
        self._key = key
        self._chip = _chip(self, key) if key else None
        self._is_centred = role not in ("quiet", "search")
        self.setProperty("keyed", bool(key))
        self._bound: BoundText | None = None
        self._bound_description: BoundText | None = None
        if text is not None:
            self.say(text, description)

    @property
    def key(self) -> str:
        """Return the key that presses it, or empty."""
        return self._key

    def say(self, text: BoundText, description: BoundText | None = None) -> None:
        """Show another text that follows the language.

        Args:
            description: what a press does, as the tool tip and for screen readers.
        """
        self._release()
        self._bound, self._bound_description = text, description
        text.show_in(self, Button._show_text)
        if description is not None:
            description.show_in(self, Button._show_description)

    def set_values(self, **values: object) -> None:
        """Give values to the parameters of the bound text.

        Raises:
            ValueError: the button has no bound text.
        """
        self.say(bound(self._bound).with_values(**values), self._bound_description)

    def set_text(self, text: str, *, name: str = "", description: str = "") -> None:
        """Set the text; ``name`` is the text for screen readers if it differs."""
        self._release()
        self._show_text(text, name)
        self._show_description(description)

    def _release(self) -> None:
        if self._bound is not None:
            self._bound.release(self, Button._show_text)
        if self._bound_description is not None:
            self._bound_description.release(self, Button._show_description)
        self._bound = self._bound_description = None

    def _show_text(self, text: str, name: str = "") -> None:
        self.setText(text.replace("&", "&&"))
        if self._key and self._key != "Enter":
            self.setProperty("shortcut", self._key)  # setText() has removed it
        self.setAccessibleName(name or text)
        self.updateGeometry()

    def _show_description(self, description: str) -> None:
        self.setAccessibleDescription(description)
        if description:
            self.setToolTip(description)

    def set_sign(self, name: str, colour: QColor) -> None:
        """Show an icon before the text.

        Its place stays empty until the first paint: drawing it needs more of Qt than the first
        window may touch (see ``posapp.ui``).
        """
        self._sign = (name, colour)
        if self._is_painted:
            self._draw_sign()
            return
        place = QPixmap(self.iconSize())
        place.fill(QColor("transparent"))
        self.setIcon(QIcon(place))

    def event(self, event: QEvent) -> bool:
        """Click at once on the key: Qt animates the press for 100 ms before it clicks."""
        if (
            event.type() is QEvent.Type.Shortcut
            and isinstance(event, QShortcutEvent)
            and not event.isAmbiguous()
        ):
            self.click()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon after the first paint."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            if self._sign is not None:
                QTimer.singleShot(0, self, self._draw_sign)

    def _draw_sign(self) -> None:
        if self._sign is not None:
            self.setIcon(sign_icon(*self._sign, _SIGN))

    def sizeHint(self) -> QSize:
        """Return the room for text and key; a centred text stays centred."""
        hint = super().sizeHint()
        if self._chip is not None:
            key = self._chip.sizeHint().width() + _CHIP_GAP
            hint.setWidth(hint.width() + (2 * key if self._is_centred else key) - _CHIP_GAP // 2)
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: a button's text is never cut."""
        return self.sizeHint()


def _chip(button: QPushButton, key: str) -> Label:
    chip = Label("key")
    chip.setText(key)
    chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    row = QHBoxLayout(button)
    row.setContentsMargins(0, 0, _CHIP_GAP, 0)
    row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
    row.addStretch(1)
    row.addWidget(chip)
    return chip
