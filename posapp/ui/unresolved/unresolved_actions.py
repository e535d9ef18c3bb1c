"""Actions on unresolved money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.unresolved.explanation_dialog import ExplanationDialog
from posapp.ui.unresolved.unresolved_text import UnresolvedEntry, entry_subject
from posapp.ui.widgets.confirmed_actions import Action, ConfirmedActions
from posapp.ui.widgets.refund_approval import RefundApproval

if TYPE_CHECKING:
    from posapp.services.cash.cash_service import CashService
    from posapp.services.refunds.unresolved_money import UnresolvedMoneyService
    from posapp.services.session import Session
    from posapp.services.staff.refund_approvals import RefundApprovals
    from posapp.ui.printing.roll_printing import RollPrinting


class UnresolvedActions(ConfirmedActions):
    """Retries refunds, assigns cancellations, closes mismatches, and hands out cash.

    Args:
        cash: ``None``: there is none.
        roll: the shop's receipt printer, whose drawer is opened.
    """

    handed_out = Signal(object)
    """The records have cash that leaves the drawer. Carries the ``CashRefund``. Emitted in another
    thread."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        service: UnresolvedMoneyService,
        session: Session,
        page: QWidget,
        theme: Theme,
        approvals: RefundApprovals | None = None,
        cash: CashService | None = None,
        roll: RollPrinting | None = None,
    ) -> None:
        approval = RefundApproval(runner, approvals, session, page)
        super().__init__(texts, runner, page, (theme, approval, session))
        self._service, self._session = service, session
        self._cash, self._roll = cash, roll
        self.handed_out.connect(self._open_drawer)

    def ask_to_send(self, entry: UnresolvedEntry) -> None:
        """Confirm with the amount, then attempt a refund. It is read before anything is sent."""
        if entry.refund is None:
            return
        service, session, texts = self._service, self._session, self._texts
        refund = entry.refund.refund

        def action() -> BoundText:
            service.retry(session.actor, refund.id)
            return texts.bind("open_money.trying")

        name = "resend" if refund.send_count else "send"
        self._confirm(entry, name, action, key="F8", sends=(refund.id,))

    def ask_ownership(self, entry: UnresolvedEntry, ours: bool) -> None:
        """Confirm, then assign the cancellation to this refund or not."""
        if entry.refund is None:
            return
        service, session, texts = self._service, self._session, self._texts
        refund_id = entry.refund.refund.id

        def action() -> BoundText:
            decided = service.assign_cancellation(session.actor, refund_id, ours)
            return texts.bind(f"open_money.decided_{decided.value}")

        if ours:
            self._confirm(entry, "ours", action, key="F7")
        else:  # the refund itself is still to be sent
            self._confirm(entry, "not_ours", action, key="F8", sends=(refund_id,))

    @Slot()
    def _open_drawer(self) -> None:
        if self._roll is not None:
            self._roll.open_drawer()

    def ask_to_hand_out(self, entry: UnresolvedEntry) -> None:
        """Confirm with the amount that cash of a refund is handed out; then the drawer opens."""
        cash, session, texts, refund = self._cash, self._session, self._texts, entry.cash_refund
        if cash is None or refund is None or self.is_busy(entry.key):
            return

        def action() -> BoundText:
            done = cash.hand_out(session.actor, refund.id)
            self.handed_out.emit(done)
            return texts.bind("cash.was_handed_out", amount=texts.won(done.amount))

        self.confirm(
            *(entry.key, "cash.hand_out", action),
            amount=entry.amount,
            facts=lambda: [(texts("open_money.about"), entry_subject(texts, entry))],
            key="F8",
        )

    def ask_to_close(self, entry: UnresolvedEntry) -> None:
        """Ask for name, explanation and amount of a mismatch, then close it."""
        if entry.mismatch is None:
            return
        service, texts, mismatch = self._service, self._texts, entry.mismatch

        def facts() -> list[tuple[str, str]]:
            return [
                (texts("open_money.about"), entry_subject(texts, entry)),
                (texts("open_money.merchant_uid"), display_text(mismatch.merchant_uid, 80)),
            ]

        signed_in = self._session.actor if self._session.role is not None else None
        dialog = ExplanationDialog(
            texts, mismatch.amount, facts, self._page, by_name=signed_in is None
        )

        dialog.about = ("close", mismatch.id)

        def action_of() -> Action:
            actor = signed_in or Actor.person(dialog.who.text().strip())
            why = dialog.why.text().strip()

            def action() -> BoundText:
                service.close_mismatch(actor, mismatch.id, why, mismatch.amount)
                return texts.bind("open_money.closed")

            return action

        self.ask(entry.key, dialog, action_of)

    def _confirm(
        self,
        entry: UnresolvedEntry,
        name: str,
        action: Action,
        *,
        key: str,
        sends: tuple[int, ...] = (),
    ) -> None:
        texts, refund = self._texts, entry.refund
        tag = refund.refund.tag if refund is not None else ""
        self.confirm(
            entry.key,
            f"open_money.{name}",
            action,
            amount=entry.amount,
            facts=lambda: [
                (texts("open_money.about"), entry_subject(texts, entry)),
                (texts("open_money.tag"), display_text(tag, 80)),
            ],
            key=key,
            sends=sends,
        )
