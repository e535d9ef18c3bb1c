"""Triggers for invariants across rows, each named after what it refuses or maintains.

A refusal is ``RAISE(ABORT, …)``: the statement is rolled back and sqlite3 raises
``IntegrityError`` with the trigger's message (``REFUSALS``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from posapp.services.ports.requests import MONEY_OF
from posapp.store.trigger_sql import chain, numbered, person, refuse, reopen

REFUNDS_WITHIN_PAYMENT = "refunds_within_payment"
"""Name of the rule Σ refunds ≤ captured, which two triggers enforce."""

LINES_OF_OPEN_CARTS = "lines_of_open_carts"
"""Name of the rule that only an open cart's lines change, which three triggers enforce."""

CASH_IN_SHIFT = "cash_in_shift"
"""Name of the rule that cash moves in an open shift only, which four triggers enforce."""

REFUNDED_IN_CASH = "refunded_in_cash"
"""Name of the rule that what goes back in cash does not go back by QR, which two triggers
enforce."""

_REFUNDS_EXCEED = "refunds exceed the payment"
_CART_CLOSED = "the lines of a cart change while it is open only"
_NO_SHIFT = "cash moves while a shift is open only"
_IN_CASH = "the item goes back in cash"
_SHARED = {
    _IN_CASH: REFUNDED_IN_CASH,
    _REFUNDS_EXCEED: REFUNDS_WITHIN_PAYMENT,
    _CART_CLOSED: LINES_OF_OPEN_CARTS,
    _NO_SHIFT: CASH_IN_SHIFT,
}
"""Rules of several triggers, by their message."""


_DIVISIBLE = """
  SELECT 1 FROM order_items AS i
  WHERE i.id = NEW.part_of AND i.part_of IS NULL AND i.count > NEW.count
    AND i.order_id = NEW.order_id AND i.buyer_id = NEW.buyer_id AND i.seller_id = NEW.seller_id
    AND i.product_id = NEW.product_id AND i.name = NEW.name AND i.price = NEW.price
    AND i.status = NEW.status AND i.status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')
    AND i.ordered_at = NEW.ordered_at AND NEW.first_count = NEW.count
    AND NEW.discount <= i.discount AND NEW.first_discount = NEW.discount
    AND i.discount - NEW.discount <= i.price * (i.count - NEW.count)
    AND abs(NEW.discount - i.discount * NEW.count / i.count) <= i.count AND i.tax = NEW.tax
    AND i.options = NEW.options AND i.measure = NEW.measure
    AND NOT EXISTS (SELECT 1 FROM refunds AS r
      WHERE r.order_id = NEW.order_id AND r.state <> 'REFUSED'
        AND (r.item_id = i.id OR instr(' ' || r.covers || ' ', ' ' || i.id || ' ') > 0))
    AND NOT EXISTS (SELECT 1 FROM requests WHERE item_id = i.id AND state = 'WAIT')"""
"""A part of it can be an item of its own: it is paid, is no part itself, the part takes its share
of the discount, and neither a refund nor a waiting request is about all of it."""

_OVER = """(SELECT coalesce(sum(amount), 0) FROM refunds
      WHERE imp_uid = NEW.imp_uid AND state <> 'REFUSED')
  > coalesce((SELECT amount FROM payments WHERE imp_uid = NEW.imp_uid), 0)"""
_OVER_OF_A_KIND = """EXISTS (SELECT 1 FROM payments AS p,
    (SELECT sum(tax_free) AS free, sum(amount - tax_free) AS taxed FROM refunds
      WHERE imp_uid = NEW.imp_uid AND state <> 'REFUSED') AS gone
  WHERE p.imp_uid = NEW.imp_uid AND gone.free + gone.taxed <= p.amount
    AND (NEW.tax_free > 0 AND gone.free > p.tax_free
      OR NEW.tax_free < NEW.amount AND gone.taxed > p.amount - p.tax_free))"""
_KEPT_CASH = """(SELECT coalesce(sum(amount), 0) FROM cash_tenders
    WHERE order_id = NEW.order_id AND state = 'KEPT')"""
_ORDERED = """(SELECT coalesce(sum(price * count - discount), 0) FROM order_items
    WHERE order_id = NEW.order_id AND status <> 'CANCEL')"""
_ACCEPTED = """(SELECT coalesce(sum(amount), 0) FROM payments
    WHERE order_id = NEW.order_id AND standing = 'ACCEPTED')"""
_MONEY_OF = " ".join(f"WHEN '{state}' THEN '{money}'" for state, money in MONEY_OF.items())

TRIGGERS: tuple[str, ...] = (
    # An order is open while an item waits for payment, none is paid, and no claim of a file for it
    # waits for PortOne's answer. Its segment and amounts follow from its items in the same way.
    reopen("order_items_added", "AFTER INSERT ON order_items", "NEW.order_id"),
    reopen("order_items_moved", "AFTER UPDATE OF status, count ON order_items", "NEW.order_id"),
    reopen("order_items_removed", "AFTER DELETE ON order_items", "OLD.order_id"),
    reopen("payment_claims_added", "AFTER INSERT ON payment_claims", "NEW.order_id"),
    reopen("payment_claims_moved", "AFTER UPDATE OF state ON payment_claims", "NEW.order_id"),
    refuse(
        "order_items_fixed",
        "BEFORE UPDATE OF id, order_id, buyer_id, name, price, ordered_at, part_of, first_count,"
        " first_discount, tax, options, measure ON order_items",
        "what was ordered never changes",
    ),
    # Pieces leave an item only as a part of it: what is left and its parts have what it had first.
    refuse(
        "order_items_counted",
        "BEFORE UPDATE OF count ON order_items",
        "the pieces of an item never change but for its parts",
        """NEW.count <> OLD.first_count
  - (SELECT coalesce(sum(first_count), 0) FROM order_items WHERE part_of = OLD.id)""",
    ),
    refuse(
        "order_items_discounted",
        "BEFORE UPDATE OF discount ON order_items",
        "the discount of an item never changes but for its parts",
        """NEW.discount <> OLD.first_discount
  - (SELECT coalesce(sum(first_discount), 0) FROM order_items WHERE part_of = OLD.id)""",
    ),
    refuse(
        "order_items_parts",
        "BEFORE INSERT ON order_items",
        "this is no part of a paid item without refunds",
        f"NEW.part_of IS NOT NULL AND NOT EXISTS ({_DIVISIBLE})",
    ),
    """CREATE TRIGGER order_items_divided AFTER INSERT ON order_items
WHEN NEW.part_of IS NOT NULL
BEGIN UPDATE order_items SET count = count - NEW.count, discount = discount - NEW.discount
  WHERE id = NEW.part_of; END""",
    refuse(
        "order_items_parts_kept",
        "BEFORE DELETE ON order_items",
        "an item and its parts are kept",
        "OLD.part_of IS NOT NULL OR EXISTS (SELECT 1 FROM order_items WHERE part_of = OLD.id)",
    ),
    refuse(
        "orders_of_the_counter_fixed",
        "BEFORE UPDATE OF counter ON orders",
        "who made an order never changes",
    ),
    refuse(
        "orders_receipt_no_fixed",
        "BEFORE UPDATE OF receipt_no ON orders",
        "a receipt keeps its number",
        "OLD.receipt_no IS NOT NULL",
    ),
    refuse(
        "carts_fixed",
        "BEFORE UPDATE OF id, till, opened_at ON carts",
        "a cart keeps its number",
    ),
    refuse(
        "carts_ended",
        "BEFORE UPDATE ON carts",
        "what was ordered or dropped never changes",
        "OLD.state IN ('DROPPED', 'ORDERED')",
    ),
    refuse(
        "print_jobs_fixed",
        "BEFORE UPDATE OF id, paper, created_at, till ON print_jobs",
        "a print job keeps its paper",
    ),
    refuse(
        "print_jobs_ended",
        "BEFORE UPDATE ON print_jobs",
        "a print job that is over never changes",
        "OLD.state IN ('DROPPED', 'SENT')",
    ),
    refuse("print_jobs_kept", "BEFORE DELETE ON print_jobs", "print jobs are kept"),
    refuse("carts_kept", "BEFORE DELETE ON carts", "carts are kept"),
    refuse(
        "cash_receipts_fixed",
        "BEFORE UPDATE OF id, order_id, purpose, own_no, asked_by, created_at, kind, masked,"
        " replaces_id ON cash_receipts",
        "a cash receipt keeps its order, its number and for whom it is",
    ),
    refuse(
        "cash_receipts_amount",
        "BEFORE UPDATE OF amount, tax_free ON cash_receipts",
        "the amount of a cash receipt that was sent never changes",
        "(NEW.amount <> OLD.amount OR NEW.tax_free <> OLD.tax_free)\n"
        "  AND (OLD.state <> 'REQUESTED' OR OLD.sends > 0)",
    ),
    refuse(
        "cash_receipts_sealed",
        "BEFORE UPDATE OF sealed ON cash_receipts",
        "a number that was overwritten never comes back",
        "OLD.sealed IS NULL AND NEW.sealed IS NOT NULL",
    ),
    refuse(
        "cash_receipts_ended",
        "BEFORE UPDATE ON cash_receipts",
        "a cancelled cash receipt never changes",
        "OLD.state = 'CANCELLED'",
    ),
    refuse("cash_receipts_kept", "BEFORE DELETE ON cash_receipts", "cash receipts are kept"),
    *(
        refuse(
            f"cart_lines_{name}",
            f"BEFORE {event} ON cart_lines",
            _CART_CLOSED,
            f"(SELECT state FROM carts WHERE id = {row}.cart_id) <> 'OPEN'",  # noqa: S608
        )
        for name, event, row in (
            ("added", "INSERT", "NEW"),
            ("changed", "UPDATE", "OLD"),
            ("removed", "DELETE", "OLD"),
        )
    ),
    refuse(
        "cart_lines_bounded",
        "AFTER INSERT ON cart_lines",
        "a cart has at most 200 lines",
        "(SELECT count(*) FROM cart_lines WHERE cart_id = NEW.cart_id) > 200",
    ),
    refuse(
        "attempts_fixed",
        "BEFORE UPDATE OF id, order_id, merchant_uid, amount, provider, till, tax_free ON attempts",
        "an attempt keeps its number, order and amount",
    ),
    refuse("attempts_kept", "BEFORE DELETE ON attempts", "attempts are kept"),
    refuse(
        "payments_fixed",
        "BEFORE UPDATE OF id, imp_uid, merchant_uid, order_id, amount, provider, tender, till,"
        " tax_free ON payments",
        "captured money never changes",
    ),
    refuse("payments_kept", "BEFORE DELETE ON payments", "payments are kept"),
    refuse(
        "refunds_fixed",
        "BEFORE UPDATE OF id, imp_uid, order_id, item_id, amount, tag, till, tax_free ON refunds",
        "a refund keeps its payment, item, amount and tag",
    ),
    refuse(
        "refunds_people_fixed",
        "BEFORE UPDATE OF asked_by, approved_by, approval_needed ON refunds",
        "who asked for a refund and who approved it never changes",
    ),
    refuse("refunds_kept", "BEFORE DELETE ON refunds", "refunds are kept"),
    # AFTER, so that unique indices fail first: "another is in flight" is the better reason.
    refuse("refunds_added_within", "AFTER INSERT ON refunds", _REFUNDS_EXCEED, _OVER),
    refuse("refunds_moved_within", "AFTER UPDATE OF state ON refunds", _REFUNDS_EXCEED, _OVER),
    # Not as a refund's state moves: PortOne may carry out one that it had refused.
    refuse(
        "refunds_of_a_kind",
        "AFTER INSERT ON refunds",
        "refunds return more of a kind of goods than was paid",
        _OVER_OF_A_KIND,
    ),
    # A request is decided once: a decided one can wait again, but not be decided differently.
    refuse(
        "requests_once",
        "BEFORE UPDATE OF state ON requests",
        "a request is decided once",
        "OLD.state <> 'WAIT' AND NEW.state <> 'WAIT'",
    ),
    refuse(
        "requests_fixed",
        "BEFORE UPDATE OF id, kind, seller_id, buyer_id, item_id, order_id, reason, created_at,"
        " product_name, amount ON requests",
        "what was asked for never changes",
    ),
    refuse("requests_kept", "BEFORE DELETE ON requests", "requests are kept"),
    f"""CREATE TRIGGER requests_follow_refunds AFTER UPDATE OF state ON refunds
WHEN OLD.state <> NEW.state
BEGIN UPDATE requests SET money = CASE NEW.state {_MONEY_OF} END WHERE refund_id = NEW.id; END""",  # noqa: S608
    # Rows are only appended to a chain, one at a time.
    *chain("ledger", "the ledger", "the head"),
    refuse("ledger_seals_fixed", "BEFORE UPDATE ON ledger_seals", "a seal never changes"),
    refuse("ledger_seals_kept", "BEFORE DELETE ON ledger_seals", "seals are kept"),
    refuse(
        "id_sequences_grow",
        "BEFORE UPDATE ON id_sequences",
        "an id is given once",
        "NEW.name <> OLD.name OR NEW.last < OLD.last",
    ),
    refuse("id_sequences_kept", "BEFORE DELETE ON id_sequences", "id sequences are kept"),
    refuse("imports_kept", "BEFORE DELETE ON imports", "imports are kept"),
    refuse(
        "imports_fixed",
        "BEFORE UPDATE OF id, source, digest, imported_at, imported_by, orders, users, products"
        " ON imports",
        "what was imported never changes",
    ),
    refuse(
        "imports_once",
        "BEFORE UPDATE OF undone_at, undone_by ON imports",
        "an import is undone once",
        "OLD.undone_at IS NOT NULL",
    ),
    refuse("payment_claims_kept", "BEFORE DELETE ON payment_claims", "claims are kept"),
    # Staff of one number are one person, for whomever they act.
    refuse(
        "refunds_approved_by_another",
        "BEFORE INSERT ON refunds",
        "asker and approver of a refund are one person",
        "NEW.approval_needed = 1 AND NEW.asked_by <> NEW.approved_by\n"
        f"  AND {person('NEW.asked_by')} = {person('NEW.approved_by')}",
    ),
    *chain("staff_events", "the list of staff events", "the head of staff events"),
    refuse("staff_kept", "BEFORE DELETE ON staff", "staff are kept"),
    refuse("staff_fixed", "BEFORE UPDATE OF id ON staff", "staff keep their number"),
    refuse(
        "staff_manager_first",
        "BEFORE INSERT ON staff",
        "the first of the staff is a manager",
        "(NEW.role <> 'MANAGER' OR NEW.active = 0)\n"
        "  AND NOT EXISTS (SELECT 1 FROM staff WHERE role = 'MANAGER' AND active = 1)",
    ),
    refuse(
        "staff_manager_left",
        "BEFORE UPDATE OF role, active ON staff",
        "an active manager is left",
        "(NEW.role <> 'MANAGER' OR NEW.active = 0)\n"
        "  AND NOT EXISTS (SELECT 1 FROM staff\n"
        "                  WHERE role = 'MANAGER' AND active = 1 AND id <> OLD.id)",
    ),
    refuse(
        "approvals_fixed",
        "BEFORE UPDATE OF id, subject, amount, reason, asked_by, approved_by, given_at,"
        " given_boot_ms, expires_at, offline ON approvals",
        "an approval is bound to what was approved",
    ),
    refuse(
        "approvals_once",
        "BEFORE UPDATE OF used_at ON approvals",
        "an approval is used once",
        "OLD.used_at IS NOT NULL",
    ),
    refuse("approvals_kept", "BEFORE DELETE ON approvals", "approvals are kept"),
    # Items of the counter are paid by cash and an accepted payment that come to what was ordered.
    refuse(
        "order_items_paid",
        "BEFORE UPDATE OF status ON order_items",
        "what was paid is not what was ordered",
        "OLD.status = 'WAITING_FOR_PAYMENT' AND NEW.status NOT IN"  # noqa: S608
        " ('WAITING_FOR_PAYMENT', 'CANCEL')\n"
        "  AND ((SELECT counter FROM orders WHERE id = NEW.order_id) = 1\n"
        "    OR EXISTS (SELECT 1 FROM cash_tenders WHERE order_id = NEW.order_id))\n"
        f"  AND {_KEPT_CASH} + {_ACCEPTED}\n    <> {_ORDERED}",
    ),
    refuse(
        "shifts_fixed",
        "BEFORE UPDATE OF id, business_date, opened_at, opened_by, opening_float, till ON shifts",
        "how a shift began never changes",
    ),
    refuse(
        "shifts_once",
        "BEFORE UPDATE ON shifts",
        "a shift is closed once",
        "OLD.closed_at IS NOT NULL",
    ),
    refuse("shifts_kept", "BEFORE DELETE ON shifts", "shifts are kept"),
    *(
        refuse(
            f"{name}_in_shift",
            f"BEFORE {event} ON {table}",
            _NO_SHIFT,
            f"{condition}NOT EXISTS (SELECT 1 FROM shifts"  # noqa: S608
            " WHERE id = NEW.shift_id AND closed_at IS NULL)",
        )
        for name, table, event, condition in (
            ("cash_tenders", "cash_tenders", "INSERT", ""),
            ("cash_moves", "cash_moves", "INSERT", ""),
            ("cash_refunds", "cash_refunds", "INSERT", "NEW.shift_id IS NOT NULL AND "),
            ("cash_payouts", "cash_refunds", "UPDATE", "NEW.state = 'PAID_OUT' AND "),
        )
    ),
    refuse(
        "cash_tenders_fixed",
        "BEFORE UPDATE OF id, order_id, part, amount, received, change, tax_free, shift_id,"
        " received_at, till ON cash_tenders",
        "received cash never changes",
    ),
    refuse(
        "cash_tenders_once",
        "BEFORE UPDATE OF state ON cash_tenders",
        "received cash is kept or returned once",
        "OLD.state <> 'RECEIVED'",
    ),
    refuse("cash_tenders_kept", "BEFORE DELETE ON cash_tenders", "cash tenders are kept"),
    refuse(
        "cash_tenders_within",
        "AFTER INSERT ON cash_tenders",
        "more cash than the order comes to",
        "(SELECT sum(amount) FROM cash_tenders\n"  # noqa: S608
        "    WHERE order_id = NEW.order_id AND state <> 'RETURNED')\n"
        f"  > {_ORDERED}",
    ),
    refuse("cash_moves_fixed", "BEFORE UPDATE ON cash_moves", "moved cash never changes"),
    refuse("cash_moves_kept", "BEFORE DELETE ON cash_moves", "movements of cash are kept"),
    refuse(
        "cash_refunds_fixed",
        "BEFORE UPDATE OF id, item_id, order_id, amount, tax_free, reason, asked_by, approved_by,"
        " approval_needed, created_at, refund_id, till, replaces, replaced ON cash_refunds",
        "a refund in cash keeps its item, amount and people",
    ),
    refuse(
        "cash_refunds_once",
        "BEFORE UPDATE ON cash_refunds",
        "a refund in cash ends once",
        "OLD.state <> 'WAITING'",
    ),
    refuse("cash_refunds_kept", "BEFORE DELETE ON cash_refunds", "refunds in cash are kept"),
    refuse(
        "cash_refunds_within",
        "AFTER INSERT ON cash_refunds",
        "refunds in cash exceed the cash",
        "(SELECT sum(amount - replaced) FROM cash_refunds\n"  # noqa: S608
        "    WHERE order_id = NEW.order_id AND state <> 'DROPPED')\n"
        f"  > {_KEPT_CASH}",
    ),
    # Money of a payment by QR goes back in cash only in the place of its refused refund, once.
    refuse(
        "cash_refunds_replace",
        "BEFORE INSERT ON cash_refunds",
        "cash replaces a refused refund of its item",
        "NEW.replaces IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refunds\n"
        "    WHERE id = NEW.replaces AND state = 'REFUSED' AND item_id = NEW.item_id\n"
        "      AND order_id = NEW.order_id AND amount = NEW.replaced)",
    ),
    *(
        refuse(
            f"refunds_{name}_in_cash",
            f"BEFORE {event} ON refunds",
            _IN_CASH,
            f"{condition}EXISTS (SELECT 1 FROM cash_refunds\n"  # noqa: S608
            "    WHERE item_id = NEW.item_id AND replaces IS NOT NULL AND state <> 'DROPPED')",
        )
        for name, event, condition in (
            ("added", "INSERT", ""),
            ("moved", "UPDATE OF state", "NEW.state <> 'REFUSED' AND "),
        )
    ),
    refuse(
        "cash_refunds_approved_by_another",
        "BEFORE INSERT ON cash_refunds",
        "asker and approver of a refund in cash are one person",
        "NEW.approval_needed = 1 AND NEW.asked_by <> NEW.approved_by\n"
        f"  AND {person('NEW.asked_by')} = {person('NEW.approved_by')}",
    ),
    *numbered("z_reports", "z_no", "Z reports", "a Z report"),
    *numbered("z_addenda", "number", "addenda", "an addendum"),
)

_RAISING = re.compile(r"CREATE TRIGGER (\w+) .*RAISE\(ABORT, '([^']+)'\)", re.DOTALL)


def refusals(triggers: tuple[str, ...]) -> Mapping[str, str]:
    """Return the name of the rule by message: the trigger's, or the one that several share.

    Raises:
        ValueError: two triggers of different rules have the same message.
    """
    names: dict[str, str] = {}
    for trigger in triggers:
        if raising := _RAISING.match(trigger):
            name, message = raising.groups()
            rule = _SHARED.get(message, name)
            if names.setdefault(message, rule) != rule:
                raise ValueError(f"{name} refuses like {names[message]}: {message}")
    return names


REFUSALS = refusals(TRIGGERS)
