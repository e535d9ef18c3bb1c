"""Guards of cash: tenders, cash that goes back, drawers, and who gets the goods."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

CASH = "tests/integration/test_cash.py"
FAULTS = "tests/faults/test_cash.py"
RULES = "tests/unit/test_cash_rules.py"
CLOSE = "tests/integration/test_closing.py"
ADDED = "tests/integration/test_addenda.py"
ROWS = "tests/store/test_cash_rows.py"
DENIED = "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing"

DOMAIN = "posapp/domain/cash.py"
SERVICE = "posapp/services/cash/cash_service.py"
CLOSING = "posapp/services/cash/closing.py"
ADDENDA = "posapp/services/cash/addenda.py"
FOUND = "posapp/store/repositories/z_addenda.py"
MATTERS = "posapp/services/cash/open_matters.py"
FIGURES = "posapp/store/repositories/z_reports.py"
Z_CHECK = "posapp/store/files/z_report_check.py"
SHIFTS = "posapp/services/cash/shift_service.py"
RECORDS = "posapp/services/bookkeeping/cash_records.py"
RECORDER = "posapp/services/payments/record_payment.py"
REFUNDS = "posapp/services/refunds/cancel_item.py"
SCHEMA = "posapp/store/migrations/versions/0020_cash.sql"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "qr_beside_cash_for_the_whole_amount",
        "posapp/domain/verification.py",
        "    if attempt.amount != order.total - cash:\n",
        "    if attempt.amount not in (order.total, order.total - cash):\n",
        (f"{CASH}::test_the_whole_amount_by_qr_beside_cash_goes_back",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "qr_for_more_than_the_rest",
        "posapp/services/payments/start_payment.py",
        "self._payable(order.total - held_cash(uow, order.id))",
        "self._payable(order.total)",
        (f"{CASH}::test_the_rest_by_qr_pays_the_order",),
    ),
    Mutant(
        "cash_beside_a_qr_whose_end_is_not_known",
        SERVICE,
        "            if uow.attempts.live_of_order(order_id) is not None:\n                raise UserError(ErrorCode.ATTEMPT_IN_PROGRESS)\n",
        "",
        (f"{CASH}::test_no_cash_while_the_end_of_a_qr_is_not_known",),
    ),
    Mutant(
        "cash_for_another_rest_than_was_shown",
        SERVICE,
        "            if left != due:\n",
        "            if left < 0:\n",
        (f"{CASH}::test_a_second_press_of_a_first_part_takes_nothing",),
    ),
    Mutant(
        "less_cash_than_is_due",
        SERVICE,
        "    if received < due and not rest_by_qr:\n",
        "    if received < 0:\n",
        (f"{CASH}::test_cash_that_is_not_taken",),
    ),
    Mutant(
        "cash_for_what_a_file_brought",
        SERVICE,
        "        if not order.is_counter:\n",
        "        if order.id < 0:\n",
        (f"{CASH}::test_orders_of_others_take_no_cash",),
    ),
    Mutant(
        "rest_that_kakaopay_does_not_take",
        SERVICE,
        "            self._guard_rest(left - amount)\n",
        "",
        (f"{CASH}::test_a_rest_that_kakaopay_does_not_take_is_refused",),
    ),
    Mutant(
        "another_sum_is_given_back_than_was_shown",
        SERVICE,
        "            if held(waiting) != amount:\n",
        "            if held(waiting) < 0:\n",
        (f"{CASH}::test_another_sum_than_was_shown_is_not_given_back",),
    ),
    Mutant(
        "cash_handed_out_before_the_qr_is_back",
        RECORDS,
        "return refund.state is CashRefundState.WAITING and item is not None and not item.is_paid",
        "return refund.state is CashRefundState.WAITING and item is not None",
        (
            f"{CASH}::test_a_refused_part_by_qr_gives_no_cash_and_is_tried_again",
            f"{FAULTS}::test_fault_119_no_cash_before_the_qr_is_back",
        ),
    ),
    Mutant(
        "drawer_that_owes",
        RECORDS,
        "    if expected < amount:\n",
        "    if expected < 0:\n",
        (
            f"{FAULTS}::test_fault_118_a_drawer_gives_what_it_has",
            f"{CASH}::test_more_than_the_drawer_has_does_not_go_back",
        ),
    ),
    Mutant(
        "items_cancelled_beside_held_cash",
        REFUNDS,
        "            guard_no_held_cash(uow, item.order_id)\n",
        "",
        (f"{CASH}::test_items_of_an_order_with_held_cash_are_not_cancelled",),
    ),
    Mutant(
        "sale_ends_with_its_cash_held",
        "posapp/services/sale/expire_reservations.py",
        "    if held_cash(uow, number):\n        return None\n",
        "",
        (f"{FAULTS}::test_fault_117_the_sale_goes_on_with_its_cash",),
    ),
    Mutant(
        "wallet_is_turned_into_cash",
        DOMAIN,
        "    qr = max(ZERO, min(item.total, of_kind, captured - sent))\n",
        "    qr = max(ZERO, min(item.total, of_kind, captured - sent) - 1)\n",
        (f"{RULES}::test_a_mixed_sale_goes_back_to_the_won_in_any_order",),
    ),
    Mutant(
        "kinds_of_goods_are_mixed_up",
        DOMAIN,
        "    qr = max(ZERO, min(item.total, of_kind, captured - sent))\n",
        "    qr = max(ZERO, min(item.total, captured - sent))\n",
        (
            f"{RULES}::test_a_mixed_sale_goes_back_to_the_won_in_any_order",
            f"{CASH}::test_a_mixed_sale_goes_back_by_qr_first_by_kind",
        ),
    ),
    Mutant(
        "refused_part_by_qr_keeps_its_cash_waiting",
        RECORDS,
        "    drop_refused(uow, item)\n",
        "",
        (f"{CASH}::test_a_refused_part_by_qr_gives_no_cash_and_is_tried_again",),
    ),
    Mutant(
        "whole_console_cancel_ends_goods_that_cash_paid",
        "posapp/services/bookkeeping/external_cancellations.py",
        "        not has_cash(uow, payment.order_id)\n        and reported",
        "        reported",
        (f"{CASH}::test_a_console_cancel_of_all_the_qr_is_a_persons_and_cancels_no_goods",),
    ),
    Mutant(
        "cash_is_taken_for_money_of_the_qr",
        "posapp/services/bookkeeping/payment_gap.py",
        "            worth -= cash_left(uow, order)\n",
        "            worth -= ZERO\n",
        (f"{CASH}::test_a_console_cancel_of_all_the_qr_is_a_persons_and_cancels_no_goods",),
    ),
    Mutant(
        "request_refunds_cash_from_afar",
        "posapp/services/requests/decide_request.py",
        "        if is_paid_in_cash(uow, item.order_id):\n            raise UserError(ErrorCode.REFUND_AT_COUNTER)\n",
        "",
        (f"{CASH}::test_a_request_about_it_ends_and_its_approval_is_the_counters",),
    ),
    Mutant(
        "goods_of_who_left_are_delivered",
        RECORDER,
        "        and now <= attempt.expires_at\n",
        "        and now >= attempt.created_at\n",
        (f"{CASH}::test_a_payment_that_a_start_finds_after_the_qr_is_not_delivered",),
    ),
    Mutant(
        "late_payment_is_delivered",
        RECORDER,
        "        and attempt.state is AttemptState.WAITING\n        and attempt.expires_at is not None\n        and now <= attempt.expires_at\n",
        "        and attempt.expires_at is not None\n",
        (f"{CASH}::test_a_payment_that_arrives_late_is_not_delivered",),
    ),
    Mutant(
        "shift_opened_on_the_same_day_unasked",
        SHIFTS,
        "not is_sure and not 0 < (day - last).days <= 1",
        "not is_sure and not (day - last).days <= 1",
        (f"{CASH}::test_fault_50_a_date_that_is_not_the_next_is_asked_about",),
    ),
    Mutant(
        "cash_without_permission",
        SERVICE,
        "            self._access.require(uow, actor, Permission.TAKE_PAYMENT)\n            shift = require_shift(uow)\n            amount",
        "            shift = require_shift(uow)\n            amount",
        (f"{DENIED}[sell_in_cash-take_payment]",),
    ),
    Mutant(
        "shift_without_permission",
        SHIFTS,
        "            self._access.require(uow, actor, Permission.OPEN_SHIFT)\n",
        "",
        (f"{DENIED}[open_shift-open_shift]",),
    ),
    Mutant(
        "shift_closed_beside_open_matters",
        CLOSING,
        "            matters = find_open_matters(uow)\n",
        "            matters = ()\n",
        (f"{CLOSE}::test_what_is_open_is_named_or_the_shift_stays_open",),
    ),
    Mutant(
        "shift_closed_beside_a_matter_without_a_note",
        CLOSING,
        "if not named.get(one.key)]",
        "if one.key not in named]",
        (f"{CLOSE}::test_what_is_open_is_named_or_the_shift_stays_open",),
    ),
    Mutant(
        "difference_without_a_reason",
        CLOSING,
        "            if counted != expected and not is_explained:\n",
        "            if counted < 0:\n",
        (f"{CLOSE}::test_a_difference_needs_its_reason_and_is_told_after_the_count",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "reason_for_another_difference",
        CLOSING,
        "is_explained = bool(why) and shown in (None, expected)",
        "is_explained = bool(why)",
        (f"{CLOSE}::test_a_reason_is_for_the_difference_that_was_shown",),
    ),
    Mutant(
        "z_check_of_changed_bodies",
        Z_CHECK,
        "    if not isinstance(body, str) or digest != z_hash(z_no, body, before):\n",
        "    if not isinstance(body, str):\n",
        ("tests/integration/test_z_report_check.py::test_change_is_found",),
    ),
    Mutant(
        "z_check_of_a_swapped_order",
        Z_CHECK,
        "    if previous != before:\n",
        "    if not previous:\n",
        (
            "tests/integration/test_z_report_check.py::test_a_hash_that_fits_a_changed_body_breaks_the_next_link",
        ),
    ),
    Mutant(
        "z_check_of_a_cut_tail",
        Z_CHECK,
        'ChainBreak(count + 1, "missing") if len(ends) > count else count',
        "count",
        ("tests/integration/test_z_report_check.py::test_change_is_found",),
    ),
    Mutant(
        "z_check_without_the_ledger",
        Z_CHECK,
        "    return ends.get(content.figures.to_seq) == (-end.counted, end.head)\n",
        "    return True\n",
        (
            "tests/integration/test_z_report_check.py::test_the_last_report_is_held_against_the_ledger",
        ),
    ),
    Mutant(
        "shift_closed_uncompared",
        MATTERS,
        "    if not payments.count and uow.checkpoints.behind_since() is None:\n",
        "    if uow.checkpoints.behind_since() is None:\n",
        (f"{ADDED}::test_fault_122_it_is_named_and_the_later_comparison_agrees",),
    ),
    Mutant(
        "older_copy_counts_as_compared",
        MATTERS,
        "    if not payments.count and uow.checkpoints.behind_since() is None:\n",
        "    if not payments.count:\n",
        (f"{ADDED}::test_compared_by_the_time_of_the_last_payment",),
    ),
    Mutant(
        "addendum_of_a_comparison_that_began_before",
        ADDENDA,
        "content.figures.to_seq <= seq",
        "seq >= 0",
        (f"{ADDED}::test_a_comparison_that_began_before_the_closing_makes_no_addendum",),
    ),
    Mutant(
        "addendum_has_payments_after_the_closing",
        FOUND,
        "      AND p.paid_at <= :closed\n",
        "",
        (f"{ADDED}::test_fault_122_what_portone_knew_before_the_closing_is_in_the_addendum",),
    ),
    Mutant(
        "addendum_has_what_the_report_has",
        FOUND,
        "    WHERE l.seq > :after AND l.fact IN ('PAYMENT_CAPTURED', 'PAYMENT_REJECTED')\n",
        "    WHERE l.fact IN ('PAYMENT_CAPTURED', 'PAYMENT_REJECTED')\n",
        (f"{ADDED}::test_fault_122_what_portone_knew_before_the_closing_is_in_the_addendum",),
    ),
    Mutant(
        "addendum_counts_a_cancel_twice",
        FOUND,
        "            elif reference in recorded:\n",
        "            elif not reference:\n",
        (f"{ADDED}::test_fault_122_what_portone_knew_before_the_closing_is_in_the_addendum",),
    ),
    Mutant(
        "addendum_of_a_changed_report",
        "posapp/domain/report_content.py",
        "read_body(report.body) if report.is_unchanged else None",
        "read_body(report.body)",
        (f"{ADDED}::test_a_text_that_says_so_is_no_name_and_a_changed_report_gets_none",),
    ),
    Mutant(
        "addendum_of_a_compared_report",
        ADDENDA,
        "if content.end is not None and content.end.is_uncompared else None",
        "if content.end is not None else None",
        (f"{ADDED}::test_a_text_that_says_so_is_no_name_and_a_changed_report_gets_none",),
    ),
    Mutant(
        "addendum_check_of_changed_bodies",
        Z_CHECK,
        "    if not isinstance(body, str) or digest != addendum_hash(number, body, before):\n",
        "    if not isinstance(body, str):\n",
        (f"{ADDED}::test_a_change_is_found",),
    ),
    Mutant(
        "addendum_check_of_a_cut_tail",
        Z_CHECK,
        'ChainBreak(count + 1, "missing") if max(named, default=0) > count else count',
        "count",
        (f"{ADDED}::test_a_change_is_found",),
    ),
    Mutant(
        "addendum_check_without_the_ledger",
        Z_CHECK,
        "    return content.z_hash == report and row == (content.head,)\n",
        "    return content.z_hash == report\n",
        (f"{ADDED}::test_the_last_one_is_held_against_the_reports_and_the_ledger",),
    ),
    Mutant(
        "receipts_of_other_shifts_are_counted",
        FIGURES,
        "    \" WHERE seq > :after AND seq <= :until AND fact = 'CASH_RECEIVED') GROUP BY state\"\n",
        "    \" WHERE seq <= :until AND fact = 'CASH_RECEIVED') GROUP BY state\"\n",
        (f"{CLOSE}::test_cash_receipts_of_the_cash_sales_are_in_one_line_each",),
    ),
    Mutant(
        "expected_cash_for_whoever_counts",
        CLOSING,
        "is_blind=self._is_blind and not may_see",
        "is_blind=False",
        (f"{CLOSE}::test_an_x_report_is_blind_for_whoever_counts",),
    ),
    Mutant(
        "count_of_another_shift_is_kept",
        CLOSING,
        "            if shift is not None and shift.id == shift_id:\n",
        "            if shift is not None:\n",
        (f"{CLOSE}::test_fault_123_a_count_is_kept_with_its_shift_until_it_is_closed",),
    ),
    Mutant(
        "sales_are_in_two_reports",
        MATTERS,
        'return int(json.loads(last.body)["to_seq"]) if last is not None else 0',
        "return 0",
        (f"{CLOSE}::test_reports_are_a_chain_without_gap_and_nothing_is_in_two",),
    ),
    Mutant(
        "tax_is_reckoned_once_a_day",
        FIGURES,
        "sum((2 * taxable + 11) / 22)",
        "(2 * sum(taxable) + 11) / 22",
        (f"{CLOSE}::test_each_figure_is_that_of_the_ledger",),
    ),
    Mutant(
        "unpaid_goods_were_sold",
        FIGURES,
        "  WHERE i.status <> 'CANCEL' OR NOT EXISTS (SELECT 1 FROM ledger AS c\n",
        "  WHERE 1 OR NOT EXISTS (SELECT 1 FROM ledger AS c\n",
        (f"{CLOSE}::test_what_was_cancelled_before_it_was_paid_was_not_sold",),
    ),
    Mutant(
        "rejected_money_was_refunded",
        FIGURES,
        "by_qr.amount - (rejected or 0)",
        "by_qr.amount",
        (f"{CLOSE}::test_money_that_paid_nothing_is_in_no_figure",),
    ),
    *(
        Mutant(
            f"database_{name}",
            SCHEMA,
            text,
            replacement,
            (f"{ROWS}::{test}",),
        )
        for name, text, replacement, test in (
            (
                "pays_with_less_than_was_ordered",
                "WHEN OLD.status = 'WAITING_FOR_PAYMENT' AND NEW.status NOT IN",
                "WHEN OLD.status = 'NEVER' AND NEW.status NOT IN",
                "test_the_database_refuses",
            ),
            (
                "has_two_open_shifts",
                "CREATE UNIQUE INDEX uq_shifts_open",
                "CREATE INDEX uq_shifts_open",
                "test_the_database_refuses",
            ),
            (
                "takes_a_part_twice",
                "CREATE UNIQUE INDEX uq_cash_tenders_part",
                "CREATE INDEX uq_cash_tenders_part",
                "test_the_database_refuses",
            ),
            (
                "gives_more_change_than_there_is",
                "amount + change = received AND",
                "amount + change >= received AND",
                "test_the_database_refuses",
            ),
            (
                "gives_an_item_back_twice",
                "CREATE UNIQUE INDEX uq_cash_refunds_item",
                "CREATE INDEX uq_cash_refunds_item",
                "test_the_database_refuses",
            ),
        )
    ),
)
