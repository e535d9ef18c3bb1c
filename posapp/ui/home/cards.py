"""The cards by number (docs/specification.md 2.1)."""

from __future__ import annotations

from posapp.domain.actors import ActorKind
from posapp.ui.widgets.action_card import CardPlan, FieldPlan

PAY = CardPlan(
    "pay",
    "home.pay",
    (FieldPlan("paymentUserId", "home.pay_user"), FieldPlan("orderId", "home.pay_order")),
)
"""The buyer's card 결제."""

REQUESTS_CARD = CardPlan(
    "requests", "requests.card", (FieldPlan("sellerId", "requests.card_seller"),), role="secondary"
)
"""The seller's card 교환/환불 신청서 확인: opens ``RequestDeskScreen`` with the seller's id."""

BUYER_CANCEL = CardPlan(
    "cancelAsBuyer",
    "cancel.buyer_card",
    (
        FieldPlan("cancelPaymentUserId", "cancel.card_buyer"),
        FieldPlan("orderItemId", "cancel.card_item"),
    ),
    role="secondary",
)
"""The buyer's card 주문/결제 취소: opens ``CancelScreen`` with the ids of buyer and item."""

SELLER_CANCEL = CardPlan(
    "cancelAsSeller",
    "cancel.seller_card",
    (
        FieldPlan("cancelPaymentSellerId", "cancel.card_seller"),
        FieldPlan("orderItemIdForSeller", "cancel.card_item"),
    ),
    role="secondary",
)
"""The seller's card 주문/결제 취소: opens ``CancelScreen`` with the ids of seller and item."""

CANCEL_KINDS = {BUYER_CANCEL.name: ActorKind.BUYER, SELLER_CANCEL.name: ActorKind.SELLER}
"""``ActorKind`` of each cancel card; ``submitted`` carries the card's name.
"""
