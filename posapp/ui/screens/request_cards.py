"""The cards of the home that lead to requests and deliveries (docs/specification.md 2.1)."""

from __future__ import annotations

from posapp.ui.widgets.action_card import CardPlan, FieldPlan

REQUESTS_CARD = CardPlan(
    "requests", "requests.card", (FieldPlan("sellerId", "requests.card_seller"),), role="secondary"
)
"""The seller's card 교환/환불 신청서 확인: opens ``RequestsScreen`` with the seller's id."""

BUYER_REQUEST_CARD = CardPlan(
    "buyerRequest",
    "buyer_requests.card",
    (
        FieldPlan("requestUserId", "buyer_requests.card_buyer"),
        FieldPlan("requestOrderItemId", "buyer_requests.card_item"),
    ),
    role="secondary",
)
"""A buyer's card 교환/환불 신청: opens ``BuyerRequestsScreen`` with the ids of buyer and item."""

DELIVERIES_CARD = CardPlan(
    "deliveries",
    "deliveries.card",
    (
        FieldPlan("deliverySellerId", "deliveries.card_seller"),
        FieldPlan("deliveryOrderItemId", "deliveries.card_item"),
    ),
    role="secondary",
)
"""A seller's card 배송 처리: opens ``DeliveriesScreen`` with the seller's and the item's id."""
