"""현금으로 환불: asks about cash in the place of a refund that KakaoPay refused for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.confirmed_actions import ConfirmedActions
from posapp.ui.widgets.refund_approval import RefundApproval

if TYPE_CHECKING:
    from posapp.services.bookkeeping.cash_instead import CashOffer
    from posapp.services.refunds.refund_in_cash import CashInsteadService
    from posapp.services.session import Session
    from posapp.services.staff.refund_approvals import RefundApprovals


class CashInsteadFlow(ConfirmedActions):
    """Asks with the amount; a second person approves in the dialog. PortOne is read before anything
    is recorded."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: CashInsteadService,
        session: Session,
        page: QWidget,
        approvals: RefundApprovals | None = None,
    ) -> None:
        approval = RefundApproval(runner, approvals, session, page)
        super().__init__(texts, runner, page, (theme, approval, session))
        self._service, self._session = service, session

    def ask_about(self, offer: CashOffer) -> None:
        """Ask, and have the item go back in cash."""
        texts, item, amount = self._texts, offer.item, offer.amount
        actor = self._session.acting_for(Actor.seller(item.seller_id))

        def action() -> BoundText:
            self._service.move(actor, offer.refused.id, amount)
            return texts.bind("cash.moved", amount=texts.won(amount))

        self.confirm(
            *(item.id, "cash.move", action),
            amount=amount,
            facts=lambda: [
                (texts("order_page.slip_item"), display_text(item.name, 60, run=16)),
                (
                    texts("order_page.refund_REFUSED"),
                    display_text(offer.refused.gateway_message, 200),
                ),
            ],
            key="F7",
            actor=actor,
        )
