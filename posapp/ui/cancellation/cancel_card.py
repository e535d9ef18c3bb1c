"""The form as a card of the cancel page, with the safe answer and the action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.actors import ActorKind
from posapp.ui.cancellation.cancel_form import CancelForm
from posapp.ui.cancellation.cancel_plan import CancelPlan
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.action_guard import ActionButton, ActionGuard, milliseconds
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.panel_scroll import PanelScroll
from posapp.ui.widgets.roles import Frame, Label

_FAILURE_HEIGHT = 48
"""Height in pixels that is kept free for a failure, so that two lines of one move no button."""


class CancelCard(Card):
    """Asks as a dialog does: the safe answer has the focus, F8 is the action.

    When the action is taken: see ``ActionGuard``.

    Args:
        clock: returns milliseconds.
    """

    agreed = Signal()
    """The action was chosen."""

    declined = Signal()
    """The safe answer was chosen."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], int] = milliseconds,
    ) -> None:
        super().__init__(parent, padding=24)
        self._texts = texts
        self._behind = self._is_busy = False
        self._why: Callable[[], str] = str
        self._guard = ActionGuard(self, clock=clock)
        self.form = CancelForm(texts, theme, with_lines=False)
        self.form.reason_entered.connect(self._leave_reason)
        self.form.approval.entered.connect(self._agree)
        self.heading = Label("heading", wraps=True)
        self.failure = Label("error", wraps=True)
        self.failure.setMinimumHeight(_FAILURE_HEIGHT)
        self.failure.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.no = Button("secondary", "Esc")
        self.no.clicked.connect(self.declined)
        self.button = ActionButton("danger", "F8", self._guard)
        self.button.setObjectName("cancelButton")
        self.button.clicked.connect(self._agree)
        self._key = QShortcut(QKeySequence(self.button.key), self)
        self._key.setAutoRepeat(False)
        self._key.activated.connect(self._press_key)
        answers = QHBoxLayout()
        answers.setSpacing(12)
        answers.addWidget(self.no)
        answers.addStretch(1)
        answers.addWidget(self.button)
        question = Frame("panel")
        column = QVBoxLayout(question)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self.form)
        column.addStretch(1)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(PanelScroll(question), 1)  # the answers stay in view
        self.body.addWidget(self.failure)
        self.body.addLayout(answers)
        self.setFocusProxy(self.no)
        texts.changed.connect(self.write)
        self.write()

    @property
    def reason(self) -> str:
        """Return the reason as typed."""
        return self.form.reason

    def ask(self, plan: CancelPlan, kind: ActorKind, *, keep_reason: bool = False) -> None:
        """Ask about a plan; ``keep_reason`` keeps the typed reason.

        Args:
            kind: whether a buyer or a seller cancels.
        """
        self.form.show_plan(plan, kind, reason=None if keep_reason else "")
        self.form.approval.clear()
        self._why = str
        self.set_busy(False)
        self.write()
        self._guard.begin()
        self.update()

    def can_agree(self) -> bool:
        """Return whether the action would be taken now."""
        return self.button.isEnabled() and not self._is_busy and self._guard.is_past

    def fail(self, make: Callable[[], str]) -> None:
        """Say above the buttons why the action was refused or failed; it can be chosen again."""
        self.set_busy(False)
        self._why = make
        self.failure.setText(make())
        announce(self, self.failure.text(), urgent=True)
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """Take no answer while the action runs."""
        self._is_busy = busy
        if busy:
            self._why = str
            self.failure.clear()
        self.form.setEnabled(not busy)
        self.button.set_busy(busy)

    def set_behind(self, behind: bool) -> None:
        """Disable cancelling while the file is an older copy that is still being reconciled."""
        self._behind = behind
        self.write()

    def write(self) -> None:
        """Set all texts."""
        texts, plan = self._texts, self.form.plan
        self.failure.setText(self._why())
        # The window's own key leads back, as the button does.
        self.no.set_text(texts("words.close"))
        self.no.setShortcut(QKeySequence())
        if plan is not None:
            self.heading.setText(plan.question(texts))
            self.setAccessibleName(self.heading.text())
            self.button.set_text(plan.yes(texts), description=plan.consequence(texts))
            self.form.consequence.setText(plan.consequence(texts))
        if self._behind:
            self.form.consequence.setText(texts("window.behind"))
            self.button.set_text(texts("requests.in_doubt"), description=texts("window.behind"))
        self.no.setMinimumHeight(self.button.sizeHint().height())
        self.button.setEnabled(plan is not None and not self._behind)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Note the time of the first paint."""
        super().paintEvent(event)
        self._guard.note_paint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a reason by its digit, unless digits are typed into the reason."""
        if not self.form.take_key(event):
            super().keyPressEvent(event)

    def _press_key(self) -> None:
        if not self._guard.is_held(Qt.Key.Key_F8):
            self._agree()

    def _agree(self) -> None:
        if self.can_agree():
            self.agreed.emit()

    def _leave_reason(self) -> None:
        if self.button.isEnabled():
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
