"""Buttons that display their keys."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPaintEvent, QPixmap, QShortcutEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.widgets.icons import sign_icon
from posapp.ui.widgets.roles import Label, bound

_BADGE_GAP = 12
"""Pixels between a button's edge and its key badge."""

_DOTS = "•  •  •"
"""Text of a busy button."""


class Button(QPushButton):
    """A button in one of the theme's roles, with its key shown on it.

    Enter and Space press it when it has the focus; ``key`` does wherever the focus is on its
    screen. The key ``"Enter"`` is only displayed: the owner of the fields handles Enter. A held key
    presses once: its repetitions are ignored.

    Args:
        role: primary, secondary, quiet, danger or kakao; at most one primary a screen.
        key: a key in Qt's notation: ``"F2"``, ``"Esc"``, ``"Ctrl+P"``; empty for none.
        text: follows the language, until ``set_text`` sets one that does not.
        description: as in ``say``.
    """

    _is_busy = False  # read by events that Qt sends while the constructor runs

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
        self._sign: tuple[str, QColor] | None = None
        self._is_painted = False
        self._label = ""
        self._resting_hint = QSize()
        self._key, self._takes_key = key, key not in ("", "Enter")
        self._badge = _key_badge(self, key) if key else None
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

    @property
    def is_busy(self) -> bool:
        """Return whether its work runs."""
        return self._is_busy

    def leave_key(self) -> None:
        """Show the key only: the page or the window acts on it. Of two owners of a key Qt asks
        neither."""
        self._takes_key = False
        self.setProperty("shortcut", "")

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

    def set_busy(self, busy: bool) -> None:
        """Show three dots in place of the text, and take no presses, while the work runs.

        The size stays the same, and the focus stays on the button.
        """
        if busy and not self._is_busy:
            self._resting_hint = self.sizeHint()
        self._is_busy = busy
        self._draw_text()

    def click(self) -> None:
        """Press the button, unless it is busy."""
        if not self._is_busy:
            super().click()

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
        """Click at once on the key; ignore repetitions of a held key, and presses while busy.

        Qt animates a press by a key for 100 ms before it clicks.
        """
        # By class first: hundreds of events reach the buttons before the first paint, and the type
        # of each is looked up in an enum of 180 (see ``posapp.ui``).
        if isinstance(event, QShortcutEvent):
            if not event.isAmbiguous():
                self.click()
                return True
        elif isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.KeyPress and (
                (event.isAutoRepeat() or self._is_busy) and is_pressing(event)
            ):
                return True
        elif self._is_busy and _is_press(event):
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon after the first paint."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            if self._sign is not None:
                QTimer.singleShot(0, self, self._draw_sign)

    def sizeHint(self) -> QSize:
        """Return the room for text and key; a centred text stays centred beside its key."""
        if self._is_busy:
            return self._resting_hint
        hint = super().sizeHint()
        if self._badge is not None:
            slot = self._badge.sizeHint().width() + _BADGE_GAP
            slots = 2 * slot if self._is_centred else slot
            hint.setWidth(hint.width() + slots - _BADGE_GAP // 2)
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: a button's text is never cut."""
        return self.sizeHint()

    def _draw_sign(self) -> None:
        if self._sign is not None:
            self.setIcon(sign_icon(*self._sign, self.iconSize().width()))

    def _draw_text(self) -> None:
        self.setText(_DOTS if self._is_busy else self._label)
        if self._takes_key:
            self.setProperty("shortcut", self._key)  # setText() has removed it
        self.updateGeometry()

    def _release(self) -> None:
        if self._bound is not None:
            self._bound.release(self, Button._show_text)
        if self._bound_description is not None:
            self._bound_description.release(self, Button._show_description)
        self._bound = self._bound_description = None

    def _show_text(self, text: str, name: str = "") -> None:
        self._label = text.replace("&", "&&")
        self._draw_text()
        self.setAccessibleName(name or text)

    def _show_description(self, description: str) -> None:
        is_said = bool(self.toolTip()) and self.toolTip() == self.accessibleDescription()
        self.setAccessibleDescription(description)
        if description or is_said:
            self.setToolTip(description)


def is_pressing(event: QKeyEvent) -> bool:
    """Return whether a key presses a button that has the focus: Enter or Space."""
    keys = QtCore.Qt.Key
    return event.key() in (keys.Key_Return, keys.Key_Enter, keys.Key_Space)


def _key_badge(button: QPushButton, key: str) -> Label:
    """Return the badge at the right end of a button. It has a ground of its own: see ``key``."""
    badge = Label("key", button)
    badge.setText(key)
    badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    row = QHBoxLayout(button)
    row.setContentsMargins(0, 0, _BADGE_GAP, 0)
    row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
    row.addStretch(1)
    row.addWidget(badge)
    return badge


def _is_press(event: QEvent) -> bool:
    types = QEvent.Type
    return event.type() in (
        types.MouseButtonPress,
        types.MouseButtonRelease,
        types.MouseButtonDblClick,
        types.TouchBegin,
    )
