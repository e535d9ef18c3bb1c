"""Refund slip for the buyer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text

_RULE = "—" * 15


@dataclass(frozen=True, slots=True)
class RefundSlip:
    """A slip as text; ``note`` warns unless the refund is confirmed."""

    shop: str
    heading: str
    amount: str
    rows: tuple[tuple[str, str], ...]
    note: str

    @property
    def text(self) -> str:
        """Return the slip as plain text, for printing and the clipboard."""
        lines = [self.shop, self.heading, _RULE, self.amount]
        lines += [f"{name}: {value}" for name, value in self.rows if value]
        if self.note:
            lines += [_RULE, self.note]
        return "\n".join(line for line in lines if line).replace("\u200b", "") + "\n"


def slip_of(
    texts: Translator,
    refund: Refund,
    *,
    shop: str,
    buyer: str,
    items: Sequence[OrderItem],
    online: bool = True,
) -> RefundSlip:
    """Return the slip of a refund. The heading shows if it is not sent yet.

    Args:
        items: the refunded items; empty: the whole payment.
    """
    waiting = refund.state is RefundState.APPROVED
    names = [display_text(item.name, 80) for item in items]
    name = ", ".join(names) or texts("order_page.detail_whole")
    back_at = texts.moment(refund.confirmed_at) if refund.confirmed_at else ""
    rows = (
        ("item", name),
        ("order", str(refund.order_id)),
        ("buyer", buyer),
        ("reason", display_text(refund.reason)),
        ("state", status_text.of_refund(texts, refund, online=online).label),
        ("asked", texts.moment(refund.created_at)),
        ("confirmed", back_at),
        ("number", display_text(refund.tag)),
        ("imp_uid", display_text(refund.imp_uid)),
        ("cancellation", display_text(refund.cancellation_id)),
    )
    return RefundSlip(
        display_text(shop, 80),
        texts("order_page.refund_offline" if waiting else "order_page.slip"),
        texts.won(refund.amount),
        tuple((texts(f"order_page.slip_{key}"), value) for key, value in rows),
        _note(texts, refund.state),
    )


def _note(texts: Translator, state: RefundState) -> str:
    if state is RefundState.CONFIRMED:
        return ""
    if state is RefundState.APPROVED:
        return texts("order_page.slip_not_yet")
    if state is RefundState.REFUSED:
        return texts("order_page.slip_refused")
    return texts("order_page.slip_unknown")
