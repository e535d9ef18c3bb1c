"""Guards of cash in the place of a refund that KakaoPay refused for good."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

CASH = "tests/integration/test_cash_instead.py"
FAULTS = "tests/faults/test_cash_instead.py"
RULES = "tests/unit/test_cash_rules.py"
OFFER = "posapp/services/bookkeeping/cash_instead.py"
SERVICE = "posapp/services/refunds/refund_in_cash.py"
SCHEMA = "posapp/store/migrations/versions/0025_refunds_in_cash.sql"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "cash_for_any_refusal",
        OFFER,
        "        and refund.refused_as == GatewayCause.LIMIT.value\n",
        "",
        (f"{CASH}::test_another_refusal_offers_no_cash",),
    ),
    Mutant(
        "cash_for_a_refund_that_is_not_refused",
        OFFER,
        "        and refund.state is RefundState.REFUSED\n",
        "",
        (f"{CASH}::test_only_what_is_refused_by_now_counts",),
    ),
    Mutant(
        "cash_beside_a_refund_under_way",
        OFFER,
        "    if any(one.is_open for one in refunds):\n        return None\n",
        "",
        (f"{CASH}::test_none_beside_a_refund_of_the_payment_that_is_under_way",),
    ),
    Mutant(
        "cash_for_an_order_of_others",
        OFFER,
        "    if not order.is_counter or not item.is_paid:\n",
        "    if not item.is_paid:\n",
        (f"{CASH}::test_an_order_of_others_is_offered_none",),
    ),
    Mutant(
        "cash_twice_for_one_refusal",
        OFFER,
        "    if not order.is_counter or not item.is_paid:\n",
        "    if not order.is_counter:\n",
        (f"{FAULTS}::test_fault_124_after_a_restart_the_cash_still_waits_once",),
    ),
    Mutant(
        "cash_without_a_reading",
        SERVICE,
        " or not shows_money_is_there(uow, offer, reported)",
        "",
        (f"{FAULTS}::test_fault_124_a_refund_that_is_carried_out_before_the_cash_leaves_no_cash",),
    ),
    Mutant(
        "cash_for_money_that_went_back",
        OFFER,
        "        and balance == payment.amount - recorded_refund_total(uow, payment.imp_uid)\n        and not unnamed_gap(uow, payment, balance)\n",
        "",
        (f"{CASH}::test_money_cancelled_in_the_console_is_not_paid_out_again",),
    ),
    Mutant(
        "cash_by_one_person",
        SERVICE,
        "            least=Proof.SECOND_PERSON,\n",
        "",
        (f"{CASH}::test_a_second_person_agrees_whatever_the_amount",),
    ),
    Mutant(
        "cash_of_another_amount_than_was_shown",
        SERVICE,
        "        if require_positive(amount) != offer.amount:\n",
        "        if require_positive(amount) <= 0:\n",
        (f"{CASH}::test_another_amount_than_was_shown_is_refused",),
    ),
    Mutant(
        "cash_that_the_drawer_does_not_have",
        SERVICE,
        "        require_in_drawer(uow, require_shift(uow), offer.amount)\n",
        "",
        (f"{CASH}::test_it_needs_a_shift_and_enough_in_its_drawer",),
    ),
    Mutant(
        "cash_while_a_difference_is_open",
        SERVICE,
        "        guard_money_certain(uow, offer.item.order_id)\n",
        "",
        (f"{CASH}::test_an_open_difference_is_explained_first",),
    ),
    Mutant(
        "cash_receipt_of_money_of_kakaopay",
        "posapp/services/bookkeeping/receipt_records.py",
        "sum((one.of_cash for one in out), ZERO)",
        "sum((one.amount for one in out), ZERO)",
        (f"{CASH}::test_a_refund_that_is_refused_for_good_goes_back_in_cash",),
    ),
    Mutant(
        "split_counts_replaced_money_as_cash",
        "posapp/domain/cash.py",
        "            left -= _of_kind(kind, refund.of_cash, refund.of_cash_tax_free)\n",
        "            left -= _of_kind(kind, refund.amount, refund.tax_free)\n",
        (f"{RULES}::test_what_cash_replaced_is_no_cash_of_the_sale",),
    ),
    Mutant(
        "replaced_money_is_sent_too",
        "posapp/domain/cash.py",
        "    sent += replaced_won(given)\n",
        "",
        (f"{RULES}::test_what_cash_replaced_is_not_sent_again",),
    ),
    Mutant(
        "console_cancel_beside_cash_ends_the_goods",
        "posapp/services/bookkeeping/external_cancellations.py",
        "        not has_cash(uow, payment.order_id)\n        and ",
        "        ",
        (f"{FAULTS}::test_fault_124_all_of_it_cancelled_in_the_console_is_a_persons",),
    ),
    Mutant(
        "db_cash_replaces_any_refund",
        SCHEMA,
        "WHEN NEW.replaces IS NOT NULL AND NOT EXISTS",
        "WHEN NEW.replaces = -1 AND NOT EXISTS",
        (f"{CASH}::test_the_database_takes_no_other_cash_in_the_place_of_money_by_qr",),
    ),
    Mutant(
        "db_refund_of_what_goes_back_in_cash",
        SCHEMA,
        "CREATE TRIGGER refunds_added_in_cash BEFORE INSERT ON refunds\nWHEN EXISTS",
        "CREATE TRIGGER refunds_added_in_cash BEFORE INSERT ON refunds\nWHEN NEW.id < 0 AND EXISTS",
        (f"{CASH}::test_the_database_takes_no_other_cash_in_the_place_of_money_by_qr",),
    ),
    Mutant(
        "db_refund_confirmed_beside_its_cash",
        SCHEMA,
        "WHEN NEW.state <> 'REFUSED' AND EXISTS",
        "WHEN NEW.state = 'x' AND EXISTS",
        (f"{CASH}::test_the_database_takes_no_other_cash_in_the_place_of_money_by_qr",),
    ),
)
