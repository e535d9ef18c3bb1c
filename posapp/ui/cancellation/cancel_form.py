"""Form of every cancellation: the lines, the amount, the reason, and what follows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.domain.actors import ActorKind
from posapp.domain.cancellation import MAX_REASON_LENGTH, default_reason
from posapp.ui.cancellation.cancel_plan import CancelPlan
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.approval_fields import ApprovalFields
from posapp.ui.widgets.count_stepper import CountStepper
from posapp.ui.widgets.reason_field import ReasonField
from posapp.ui.widgets.roles import Frame, Label

REASONS = ("mind", "defect", "mistake", "other")
"""Predefined reasons, by digit: ``cancel.reason_<key>``."""

_GAP = 12


class CancelForm(QWidget):
    """Shows a plan and takes the reason. Its owner has the buttons.

    Args:
        with_lines: show lines and amount; a page that shows its item beside the form needs none.
    """

    reason_entered = Signal()
    """Enter was pressed in the reason."""

    plan_changed = Signal()
    """Another count of pieces was chosen."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        *,
        with_lines: bool = True,
    ) -> None:
        super().__init__()
        self._texts = texts
        self._plan: CancelPlan | None = None
        self._kind = ActorKind.SELLER
        self._lines: list[tuple[Label, Label]] = []
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._sum_name = Label("field")
        self._sum = Label("money-large")
        self.reason_field = ReasonField(theme, "cancelReason", MAX_REASON_LENGTH)
        self.reason_field.entered.connect(self.reason_entered)
        self.consequence = Label("body", wraps=True)
        self.approval = ApprovalFields(texts, theme)
        column = boxes.column(on=self, gap=_GAP)
        self.pieces = CountStepper(texts)
        self.pieces.changed.connect(self._choose_count)
        self.left = Label("muted")
        self._pieces_part = QWidget()
        boxes.row(self.pieces, 1, self.left, on=self._pieces_part, gap=_GAP)
        self._pieces_part.hide()
        self._has_lines = with_lines
        self._lines_part = QWidget()
        if not with_lines:
            self._lines_part.hide()
        self._lay_out_lines()
        column.addWidget(self._lines_part)
        column.addWidget(self.reason_field)
        column.addWidget(self.consequence)
        column.addWidget(self.approval)
        texts.changed.connect(self.write)

    @property
    def plan(self) -> CancelPlan | None:
        """Return the plan that is shown."""
        return self._plan

    @property
    def reason(self) -> str:
        """Return the reason as typed; the service makes it one line and replaces a blank one."""
        return self.reason_field.text

    def show_plan(self, plan: CancelPlan, kind: ActorKind, *, reason: str | None = None) -> None:
        """Show a plan.

        Args:
            kind: who cancels; a blank reason is recorded as this kind's.
            reason: in place of the typed one; ``None`` keeps that.
        """
        self._plan, self._kind = plan, kind
        self.pieces.show_count(plan.shown_count, plan.most)
        self._pieces_part.setVisible(self._has_lines and plan.most > 1)
        if reason is not None:
            self.reason_field.clear()
            self.reason_field.line.setText(reason)
        self.write()

    def set_kind(self, kind: ActorKind) -> None:
        """Set who cancels."""
        self._kind = kind
        self.write()

    def take_key(self, event: QKeyEvent) -> bool:
        """Choose a predefined reason by its digit, or a count of pieces by + and −; ``False``: it
        is another key."""
        if not self._pieces_part.isHidden() and self.pieces.take_key(event):
            return True
        return not event.isAutoRepeat() and self.reason_field.choose(event.key())

    def _choose_count(self, count: int) -> None:
        if self._plan is not None:
            self._plan = self._plan.with_count(count)
            self._write_plan(self._plan)
            self.plan_changed.emit()

    def write(self) -> None:
        """Set all texts."""
        texts, plan = self._texts, self._plan
        self.reason_field.set_text(
            texts("cancel.reason"),
            texts("cancel.reason_hint"),
            hint=texts("cancel.reason_blank", reason=default_reason(self._kind)),
            cut=texts("cancel.reason_cut", limit=MAX_REASON_LENGTH),
        )
        self.reason_field.set_reasons([texts(f"cancel.reason_{key}") for key in REASONS])
        if plan is not None:
            self._write_plan(plan)

    def _write_plan(self, plan: CancelPlan) -> None:
        texts = self._texts
        self._sum_name.setText(texts(f"cancel.{plan.action.value}_amount"))
        self._sum.setText(texts.won(plan.amount))
        self.left.setText(plan.left(texts))
        self.consequence.setText(plan.consequence(texts))
        self._write_lines(plan.lines(texts))

    def _write_lines(self, lines: list[tuple[str, str]]) -> None:
        while len(self._lines) < len(lines):
            at = len(self._lines)
            name, amount = Label("body", wraps=True), Label("body")
            self._grid.addWidget(name, at, 0)
            self._grid.addWidget(
                amount, at, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            )
            self._lines.append((name, amount))
        for at, labels in enumerate(self._lines):
            for label, text in zip(labels, lines[at] if at < len(lines) else ("", ""), strict=True):
                label.setText(text)
                label.setVisible(at < len(lines))

    def _lay_out_lines(self) -> None:
        total = boxes.row((self._sum_name, 1, Qt.AlignmentFlag.AlignBottom), self._sum)
        edge = Frame("hairline")
        edge.setFixedHeight(1)
        boxes.column(self._grid, self._pieces_part, edge, total, on=self._lines_part, gap=_GAP)
