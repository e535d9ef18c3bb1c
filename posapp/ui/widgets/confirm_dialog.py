"""Confirmation before money moves or something is lost: the one dialog of its kind."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.action_guard import ActionButton, ActionGuard, milliseconds
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.framed_dialog import FramedDialog
from posapp.ui.widgets.kept_text import kept_text
from posapp.ui.widgets.passed_keys import pass_on
from posapp.ui.widgets.roles import Label, set_role

WIDTH = 576
"""Width in pixels: 72 units."""

_PADDING = 16
_GAP, _LOW_GAP = 12, 8
_LOW = 600
"""Height in pixels below which white space gives way, so that less has to scroll."""

_AROUND = 16
"""Smallest distance in pixels to the edges of the window behind."""

_MESSAGE_HEIGHT = 24
"""Height in pixels that is kept free for a message, so that a line of one moves nothing."""

_LEAST_BUTTON = 160
_LEAST_CONTENT = 48
_BESIDE_BAR = 4
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ConfirmDialog(FramedDialog):
    """Asks with subject, amount and consequence. Shown with ``open()``; it deletes itself.

    Its owner sets its texts by ``follow``, so that they follow the language.

    The safe answer has the focus. Enter presses what has the focus, Esc is the safe answer, ``key``
    is the action. When it is taken: see ``ActionGuard``.

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

    about: Hashable = None
    """What the dialog is about, if what is typed into it outlives the lock (``keep_text``)."""

    def __init__(
        self,
        heading: str = "",
        text: str = "",
        yes: str = "",
        no: str = "",
        parent: QWidget | None = None,
        *,
        key: str = "F8",
        amount: str = "",
        facts: Sequence[tuple[str, str]] = (),
        danger: bool = True,
        waits: bool = False,
        clock: Callable[[], int] = milliseconds,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._key, self._waits = key, waits
        self._guard = ActionGuard(self, clock=clock)
        self._is_busy = self._is_agreed = False
        self._opener = QApplication.focusWidget()
        self._write: Callable[[], None] | None = None
        self._message: tuple[str, Callable[[], str]] = ("notice", str)
        self._heading = Label("heading", wraps=True)
        self.side = Label("muted")
        self._amount = Label("money-large", wraps=True)
        self._facts = FactGrid()
        self._text_label = Label("body", wraps=True)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(_GAP)
        self.notice = Label("notice", wraps=True)
        self.notice.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.no = Button("secondary", "Esc")
        self.no.clicked.connect(self.reject)
        self.yes = ActionButton("danger" if danger else "primary", key, self._guard)
        self.yes.clicked.connect(self.agree)
        for button in (self.no, self.yes):
            button.setAutoDefault(False)  # the dialog itself handles Enter
        self._scroll = QScrollArea()
        self._lay_out()
        self.say(heading, text)
        self.show_amount(amount)
        self.show_facts(facts)
        self.set_answers(yes, no)
        self.no.setFocus()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._show_focused)
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

    def follow(self, texts: Translator, write: Callable[[], None]) -> None:
        """Set all texts by ``write``, now and whenever the language changes."""
        self._write = write
        texts.changed.connect(self._rewrite)
        write()

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

    def follow_fields(self, shown: SignalInstance, entered: SignalInstance) -> None:
        """Fit anew when fields come or go, and choose the action by Enter in the last of them."""
        shown.connect(self._fit_shown)
        entered.connect(self.agree)

    @Slot()
    def _fit_shown(self) -> None:
        if self.isVisible():
            self.fit()
            # What has just come is polished by then, and taller.
            QTimer.singleShot(0, self, self.fit)

    def show_notice(self, make: Callable[[], str]) -> None:
        """Show a message above the buttons that is not part of the question."""
        self._show_message("notice", make)

    def fail(self, make: Callable[[], str]) -> None:
        """Say above the buttons why the action was refused or failed; it can be chosen again."""
        self._set_busy(False)
        self._show_message("error", make)
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_done(self) -> None:
        """Close after the chosen action has ended well."""
        self.accept()

    @property
    def is_complete(self) -> bool:
        """Return whether all is given that the action needs."""
        return True

    def keep_text(self) -> None:
        """Keep what is typed for the next dialog about the same; secrets are not kept."""
        texts = {one.objectName(): one.text() for one in self._lines() if one.text()}
        if self.about is not None and texts:
            kept_text().keep(self.about, texts)

    def update_enabled(self) -> None:
        """Enable the action if all is given."""
        self.yes.setEnabled(self.is_complete)

    def can_agree(self) -> bool:
        """Return whether the action would be taken now."""
        return self.yes.isEnabled() and not self._is_busy and self._guard.is_past

    @Slot()
    def agree(self) -> None:
        """Choose the action, if it is taken by now."""
        if not self.can_agree():
            return
        if self._waits:
            self._is_agreed = True
            self._message = ("notice", str)
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
            if self._guard.takes_key(event.key()):
                self.agree()
        elif event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif not pass_on(self, event):
            event.ignore()

    def press_enter(self) -> None:
        """Press the button that has the focus; in a field Enter presses nothing."""
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton) and not any(map(self._guard.is_held, _ENTER)):
            focused.click()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit into the window behind, before Qt places the dialog over its centre."""
        if self.about is not None and not self._guard.was_painted:
            self._give_back_text()
        self.fit()
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Note the time of the first paint."""
        super().paintEvent(event)
        self._guard.note_paint()

    def changeEvent(self, event: QEvent) -> None:
        """Fit again when a change of theme has changed the fonts."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.isVisible():
            self.fit()

    def fit(self) -> None:
        """Take the height of the contents; where the window is lower, they scroll.

        The buttons never move for a message: one of more lines takes its room from the contents.
        Fields that come make the dialog higher, which is then in the middle again: else its
        buttons were below the window.
        """
        before = self.height()
        # Layouts hear of a changed text one after the other, from the inside: here all at once.
        for part in reversed(self._content.findChildren(QWidget)):
            if (layout := part.layout()) is not None:
                layout.activate()
        gap = _LOW_GAP if self._most_height() < _LOW else _GAP
        for layout in (self._inside, self.fields):
            layout.setSpacing(gap)
        inner = WIDTH - 2 * _PADDING
        below = _MESSAGE_HEIGHT + 2 * _GAP + self.yes.sizeHint().height()
        around = below + 2 * _PADDING
        height = min(self._inside.totalHeightForWidth(inner) + around, self._most_height())
        message = max(_MESSAGE_HEIGHT, self.notice.heightForWidth(inner))
        shown = max(height - around - (message - _MESSAGE_HEIGHT), _LEAST_CONTENT)
        if self._inside.totalHeightForWidth(inner) > shown:
            inner -= self._scroll.verticalScrollBar().sizeHint().width() + _BESIDE_BAR
        self._content.setFixedSize(inner, max(self._inside.totalHeightForWidth(inner), shown))
        self._scroll.setFixedHeight(shown)
        self.notice.setFixedHeight(message)
        self.no.setMinimumHeight(self.yes.sizeHint().height())
        self.no.setMinimumWidth(max(_LEAST_BUTTON, self.no.sizeHint().width()))
        self.setFixedSize(WIDTH, height)
        self._show_focused(None, self.focusWidget())
        if self._guard.was_painted and height != before:
            super().follow_window()

    @Slot()
    def follow_window(self) -> None:
        """Fit into the window behind after it has another size, and be in its middle."""
        self.fit()
        super().follow_window()

    def _lines(self) -> Iterator[QLineEdit]:
        """Yield the lines whose text may be kept: they have a name, and show what is typed."""
        for line in self._content.findChildren(QLineEdit):
            if line.objectName() and line.echoMode() is QLineEdit.EchoMode.Normal:
                yield line

    def _give_back_text(self) -> None:
        texts = kept_text().give_back(self.about)
        for line in self._lines():
            if line.objectName() in texts:
                line.setText(texts[line.objectName()])

    def _most_height(self) -> int:
        parent = self.parentWidget()
        screen = self.screen().availableGeometry().height()
        behind = parent.window().height() if parent is not None else screen
        return min(behind, screen) - 2 * _AROUND

    def _show_message(self, role: str, make: Callable[[], str]) -> None:
        self._message = (role, make)
        set_role(self.notice, "role", role)
        text = make()
        self.notice.setText(text)
        if self.isVisible():
            self.fit()
        announce(self, text, urgent=role == "error")

    @Slot()
    def _rewrite(self) -> None:
        if self._write is not None:
            self._write()
        self.notice.setText(self._message[1]())
        if self.isVisible():
            self.fit()

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.yes.set_busy(busy)

    @Slot(QWidget, QWidget)
    def _show_focused(self, before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to a field that gets the focus."""
        if now is not None and self._content.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now)

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
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self.side, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(head)
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
        answers.setSpacing(0)
        answers.addWidget(self.no)
        answers.addSpacing(_GAP)
        answers.addStretch(1)
        answers.addWidget(self.yes)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        self._column.setSpacing(_GAP)
        self._column.addWidget(self._scroll)
        self._column.addWidget(self.notice)
        self._column.addLayout(answers)
