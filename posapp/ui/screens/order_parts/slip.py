"""A refund slip: what the buyer takes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts import standing
from posapp.ui.screens.order_parts.foreign import shown

_RULE = "—" * 15


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip in words; ``note`` says what it is not, where the money is not back."""

    shop: str
    heading: str
    amount: str
    rows: tuple[tuple[str, str], ...]
    note: str

    @property
    def text(self) -> str:
        """The same as plain text, for paper and clipboard."""
        lines = [self.shop, self.heading, _RULE, self.amount]
        lines += [f"{name}: {value}" for name, value in self.rows if value]
        if self.note:
            lines += [_RULE, self.note]
        return "\n".join(line for line in lines if line).replace("\u200b", "") + "\n"


def slip_of(
    texts: Texts,
    refund: Refund,
    *,
    shop: str,
    buyer: str,
    items: Sequence[OrderItem],
    online: bool = True,
) -> Slip:
    """The slip of a refund. One that was not sent yet says so in its heading.

    Args:
        items: whose money it is; none: the whole payment.
    """
    waiting = refund.state is RefundState.APPROVED
    names = [shown(item.name, 80) for item in items]
    name = ", ".join(names) or texts("order_page.detail_whole")
    back_at = texts.moment(refund.confirmed_at) if refund.confirmed_at else ""
    rows = (
        ("item", name),
        ("order", str(refund.order_id)),
        ("buyer", buyer),
        ("reason", shown(refund.reason)),
        ("state", standing.of_refund(texts, refund, online=online).word),
        ("asked", texts.moment(refund.created_at)),
        ("confirmed", back_at),
        ("number", shown(refund.tag)),
        ("imp_uid", shown(refund.imp_uid)),
        ("cancellation", shown(refund.cancellation_id)),
    )
    return Slip(
        shown(shop, 80),
        texts("order_page.refund_offline" if waiting else "order_page.slip"),
        texts.won(refund.amount),
        tuple((texts(f"order_page.slip_{key}"), value) for key, value in rows),
        _note(texts, refund.state),
    )


def _note(texts: Texts, state: RefundState) -> str:
    if state is RefundState.CONFIRMED:
        return ""
    if state is RefundState.APPROVED:
        return texts("order_page.slip_not_yet")
    if state is RefundState.REFUSED:
        return texts("order_page.slip_refused")
    return texts("order_page.slip_unknown")
