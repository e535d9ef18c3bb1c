"""Confirmation before money moves or something is lost: the one dialog of its kind."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.held_keys import held_keys
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.roles import Frame, Label, set_role

GUARD_MS = 250
"""Milliseconds from the first paint until the action is taken: an earlier press was meant for what
was there before."""

WIDTH = 576
"""Width in pixels: 72 units."""

_PADDING = 32
_BOTTOM = 24
_GAP = 12
_AROUND = 16
"""Smallest distance in pixels to the edges of the window behind."""

_MESSAGE_HEIGHT = 48
"""Height in pixels that is kept free for a message, so that two lines of one move no button."""

_LEAST_BUTTON = 160
_LEAST_CONTENT = 48
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PRESSING = (*_ENTER, Qt.Key.Key_Space)


def failure_text(texts: Translator, error: Exception | None) -> str:
    """Return why an action was refused or failed, with the code of the error; empty for none."""
    if error is None:
        return ""
    code = texts("words.error_code", code=texts.error_code(error))
    return f"{texts.error(error)} {code}"


def milliseconds() -> int:
    """Return the milliseconds of the monotonic clock."""
    return time.monotonic_ns() // 1_000_000


class ConfirmDialog(QDialog):
    """Asks with subject, amount and consequence. Shown with ``open()``; it deletes itself.

    The safe answer has the focus. Enter presses what has the focus, Esc is the safe answer, ``key``
    is the action. The action is taken only ``GUARD_MS`` after the dialog was painted, only by a key
    that was released since the dialog was opened, and never by a repetition of a held key.

    Args:
        heading: the question in one line.
        text: the consequence.
        yes: the action, with its amount.
        no: the safe answer.
        key: the key of the action, ``"F7"`` or ``"F8"``: the key that opened the dialog.
        amount: shown in large figures, if there is one.
        facts: (name, value) pairs.
        danger: the action is red.
        waits: stay open after the action was chosen, until ``close_done`` or ``fail``.
        clock: returns milliseconds.
    """

    agreed = Signal()
    """The action was chosen."""

    declined = Signal()
    """The safe answer was chosen, or Esc pressed."""

    def __init__(
        self,
        heading: str,
        text: str,
        yes: str,
        no: str,
        parent: QWidget | None = None,
        *,
        key: str = "F8",
        amount: str = "",
        facts: Sequence[tuple[str, str]] = (),
        danger: bool = True,
        waits: bool = False,
        clock: Callable[[], int] = milliseconds,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "confirm")
        self._key, self._waits, self._clock = key, waits, clock
        self._painted_at: int | None = None
        self._is_busy = self._is_agreed = False
        self._opener = QApplication.focusWidget()
        self._heading = Label("heading", wraps=True)
        self._amount = Label("money-large", wraps=True)
        self._facts = FactGrid()
        self._text_label = Label("body", wraps=True)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(_GAP)
        self.notice = Label("notice", wraps=True)
        self.notice.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.no = Button("secondary", "Esc")
        self.no.clicked.connect(self.reject)
        self.yes = _ActionButton("danger" if danger else "primary", key, self._may_press)
        self.yes.clicked.connect(self.agree)
        for button in (self.no, self.yes):
            button.setAutoDefault(False)  # the dialog itself handles Enter
        KeyRepeatFilter(self.yes, self.no, parent=self)
        self._scroll = QScrollArea()
        self._lay_out()
        self.say(heading, text)
        self.show_amount(amount)
        self.show_facts(facts)
        self.set_answers(yes, no)
        self.no.setFocus()
        held = held_keys()
        self._still_held = set(held.keys)
        held.released.connect(self._let_go)
        self.accepted.connect(self._accepted)
        self.rejected.connect(self.declined)
        self.finished.connect(self._return_focus)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return the displayed (name, value) pairs."""
        return self._facts.rows

    @property
    def is_busy(self) -> bool:
        """Return whether the chosen action runs."""
        return self._is_busy

    def say(self, heading: str, text: str) -> None:
        """Set the question and its consequence, which may change while the dialog is open."""
        self.setWindowTitle(heading)
        self._heading.setText(heading)
        self._text_label.setText(text)
        self._text_label.setVisible(bool(text))
        self._describe()

    def show_amount(self, amount: str) -> None:
        """Show the amount in large figures; an empty one is hidden."""
        self._amount.setText(amount)
        self._amount.setVisible(bool(amount))
        self._describe()

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show (name, value) pairs below the amount."""
        self._facts.set_rows(facts)
        self._facts.setVisible(bool(self._facts.rows))
        self._describe()

    def set_answers(self, yes: str, no: str) -> None:
        """Set the texts of the action and of the safe answer."""
        self.yes.set_text(yes)
        self.no.set_text(no)

    def show_notice(self, text: str) -> None:
        """Show a message above the buttons that is not part of the question."""
        self._show_message("notice", text)

    def fail(self, text: str) -> None:
        """Say above the buttons why the action was refused or failed; it can be chosen again."""
        self._set_busy(False)
        self._show_message("error", text)
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_done(self) -> None:
        """Close after the chosen action has ended well."""
        self.accept()

    @property
    def is_complete(self) -> bool:
        """Return whether all is given that the action needs."""
        return True

    def update_enabled(self) -> None:
        """Enable the action if all is given and it does not run."""
        self.yes.setEnabled(self.is_complete and not self._is_busy)

    def can_agree(self) -> bool:
        """Return whether the action would be taken now."""
        return self.yes.isEnabled() and self._is_past(GUARD_MS)

    @Slot()
    def agree(self) -> None:
        """Choose the action, if it is taken by now."""
        if not self.can_agree():
            return
        if self._waits:
            self._is_agreed = True
            self.notice.clear()
            self._set_busy(True)
            self.agreed.emit()
        else:
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the focused button by Enter, and the action by its key."""
        if event.isAutoRepeat():
            return
        if event.key() in _ENTER:
            self.press_enter()
        elif QKeySequence(event.keyCombination()) == QKeySequence(self._key):
            if event.key() not in self._still_held:
                self.agree()
        elif event.key() == Qt.Key.Key_Escape:
            self.reject()
        else:
            event.ignore()

    def press_enter(self) -> None:
        """Press the button that has the focus; in a field Enter presses nothing."""
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton) and not self._still_held.intersection(_ENTER):
            focused.click()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit into the window behind, before Qt places the dialog over its centre."""
        self.fit()
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None and self._painted_at is None:
            _Scrim(parent.window(), self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge, and note the time of the first paint."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        if self._painted_at is None:
            self._painted_at = self._clock()

    def changeEvent(self, event: QEvent) -> None:
        """Fit again when a change of theme has changed the fonts."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.isVisible():
            self.fit()

    def fit(self) -> None:
        """Take the height of the contents; where the window is lower, they scroll.

        The buttons never move: a message of more lines takes its room from the contents.
        """
        margins = self.contentsMargins() + self._column.contentsMargins()
        inner = WIDTH - margins.left() - margins.right()
        needed = self._inside.totalHeightForWidth(inner)
        message = max(_MESSAGE_HEIGHT, self.notice.heightForWidth(inner))
        below = _MESSAGE_HEIGHT + 2 * _GAP + self.yes.sizeHint().height()
        around = below + margins.top() + margins.bottom()
        height = min(needed + around, self._most_height())
        self.notice.setFixedHeight(message)
        shown = max(height - around - (message - _MESSAGE_HEIGHT), _LEAST_CONTENT)
        self._content.setFixedSize(inner, max(needed, shown))
        self._scroll.setFixedHeight(shown)
        self.no.setMinimumHeight(self.yes.sizeHint().height())
        self.setFixedSize(WIDTH, height)

    def _most_height(self) -> int:
        parent = self.parentWidget()
        screen = self.screen().availableGeometry().height()
        behind = parent.window().height() if parent is not None else screen
        return min(behind, screen) - 2 * _AROUND

    def _show_message(self, role: str, text: str) -> None:
        set_role(self.notice, "role", role)
        self.notice.setText(text)
        if self.isVisible():
            self.fit()
        announce(self, text, urgent=role == "error")

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.update_enabled()

    def _is_past(self, pause_ms: int) -> bool:
        return self._painted_at is not None and self._clock() - self._painted_at >= pause_ms

    def _may_press(self, event: QEvent) -> bool:
        """Return whether a press of the action begins now and not before the guard's end."""
        if isinstance(event, QKeyEvent):
            return event.key() not in self._still_held and self._is_past(GUARD_MS)
        # The second press of a double click was meant for the button that opened the dialog.
        return event.type() is not QEvent.Type.MouseButtonDblClick and self._is_past(GUARD_MS)

    @Slot(object)
    def _let_go(self, key: object) -> None:
        self._still_held.discard(key)

    @Slot()
    def _accepted(self) -> None:
        if not self._is_agreed:
            self.agreed.emit()

    @Slot()
    def _return_focus(self) -> None:
        opener = self._opener
        if opener is not None and shiboken6.isValid(opener) and opener.isVisible():
            opener.activateWindow()
            opener.setFocus(Qt.FocusReason.OtherFocusReason)

    def _describe(self) -> None:
        facts = (f"{name}: {value}." for name, value in self._facts.rows)
        said = [self._amount.text(), *facts, self._text_label.text()]
        self.setAccessibleDescription(" ".join(one for one in said if one))

    def _lay_out(self) -> None:
        self._content = QWidget()
        self._content.setProperty("role", "confirm")
        self._inside = inside = QVBoxLayout(self._content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(_GAP)
        inside.addWidget(self._heading)
        inside.addWidget(self._amount)
        inside.addWidget(self._facts)
        inside.addLayout(self.fields)
        inside.addWidget(self._text_label)
        inside.addStretch(1)
        self._scroll.setProperty("role", "panel")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._content)
        answers = QHBoxLayout()
        answers.setSpacing(_GAP)
        answers.addWidget(self.no)
        answers.addStretch(1)
        answers.addWidget(self.yes)
        self.no.setMinimumWidth(_LEAST_BUTTON)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_PADDING, _PADDING, _PADDING, _BOTTOM)
        self._column.setSpacing(_GAP)
        self._column.addWidget(self._scroll)
        self._column.addWidget(self.notice)
        self._column.addLayout(answers)


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
        if dialog is not None:
            dialog.reject()

    def end(self, failure: str) -> bool:
        """End the action of a dialog that waits for it: close it, or show why it failed.

        Returns:
            Whether a failure was shown, which the page then does not have to show again.
        """
        dialog = self._dialog
        if dialog is None or not dialog.is_busy:
            return False
        if failure:
            dialog.fail(failure)
            return True
        dialog.close_done()
        return False

    @Slot()
    def _answered(self) -> None:
        self._dialog = None


class _ActionButton(Button):
    """The button of the action. It shows its key, which the dialog handles: a button's own shortcut
    would repeat while the key is held."""

    def __init__(self, role: str, key: str, may_press: Callable[[QEvent], bool]) -> None:
        super().__init__(role, key)
        self._may_press = may_press

    def set_text(self, text: str, *, name: str = "", description: str = "") -> None:
        """Set the text, without the shortcut."""
        super().set_text(text, name=name, description=description)
        self.setShortcut(QKeySequence())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ignore a press that began too early."""
        if self._may_press(event):
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ignore Space that was pressed too early; every other key is the dialog's."""
        if event.key() not in _PRESSING or self._may_press(event):
            super().keyPressEvent(event)


class _Scrim(Frame):
    """Darkens the window behind a dialog as long as that is open."""

    def __init__(self, behind: QWidget, dialog: QDialog) -> None:
        super().__init__("scrim", behind)
        self._behind = behind
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        behind.installEventFilter(self)
        dialog.finished.connect(self._end)
        dialog.destroyed.connect(self._end)
        self._cover()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window at every size."""
        if event.type() is QEvent.Type.Resize:
            self._cover()
        return False

    def _cover(self) -> None:
        self.setGeometry(self._behind.rect())

    @Slot()
    def _end(self) -> None:
        self.hide()
        self.deleteLater()
