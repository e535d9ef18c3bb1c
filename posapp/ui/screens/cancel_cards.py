"""The two cards 주문/결제 취소 of the payment home (docs/specification.md 2.1)."""

from __future__ import annotations

from posapp.ui.widgets.action_card import CardPlan, FieldPlan

BUYER_CANCEL = CardPlan(
    "cancelAsBuyer",
    "cancel.buyer_card",
    (
        FieldPlan("cancelPaymentUserId", "cancel.card_buyer"),
        FieldPlan("orderItemId", "cancel.card_item"),
    ),
    role="secondary",
)
"""The buyer's card."""

SELLER_CANCEL = CardPlan(
    "cancelAsSeller",
    "cancel.seller_card",
    (
        FieldPlan("cancelPaymentSellerId", "cancel.card_seller"),
        FieldPlan("orderItemIdForSeller", "cancel.card_item"),
    ),
    role="secondary",
)
"""The seller's card."""

SIDES = {BUYER_CANCEL.name: "buyer", SELLER_CANCEL.name: "seller"}
"""On which ``Side`` whoever used a card stands: the home's ``submitted`` carries the card's name.

By its word: the first window is made of these cards, and with ``Side`` would come half the domain,
15 ms before the first paint.
"""
