"""Cards of the payment home and of the further actions (docs/specification.md 2.1)."""

from __future__ import annotations

from posapp.ui.widgets.action_card import CardPlan, FieldPlan

REQUESTS_CARD = CardPlan(
    "requests", "requests.card", (FieldPlan("sellerId", "requests.card_seller"),), role="secondary"
)
"""The seller's card 교환/환불 신청서 확인: opens ``RequestDeskScreen`` with the seller's id."""

BUYER_REQUEST_CARD = CardPlan(
    "buyerRequest",
    "buyer_requests.card",
    (
        FieldPlan("requestUserId", "buyer_requests.card_buyer"),
        FieldPlan("requestOrderItemId", "buyer_requests.card_item"),
    ),
    role="secondary",
)
"""A buyer's card 교환/환불 신청: opens ``BuyerRequestScreen`` with the ids of buyer and item."""

DELIVERIES_CARD = CardPlan(
    "deliveries",
    "deliveries.card",
    (
        FieldPlan("deliverySellerId", "deliveries.card_seller"),
        FieldPlan("deliveryOrderItemId", "deliveries.card_item"),
    ),
    role="secondary",
)
"""A seller's card 배송 처리: opens ``FulfilmentScreen`` with the seller's and the item's id."""


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

CANCEL_KINDS = {BUYER_CANCEL.name: "buyer", SELLER_CANCEL.name: "seller"}
"""``ActorKind`` of each cancel card, as the plain value; ``submitted`` carries the card's name.

Plain, because the first window has these cards and imports nothing of the domain for them.
"""
