"""Guards of what an answer means: what moved, in which form it may be written, and what is empty."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MOVED = "tests/unit/test_verification.py::test_captured_amount_follows_from_status_and_amounts_not_times"
ROWS = "tests/unit/test_verification.py::test_verify_table"
NAMED = "tests/integration/test_wire_forms.py::test_recorded_payment_with_contradicting_status_is_a_mismatch"
OURS = "tests/integration/test_wire_forms.py::test_a_recorded_payment_that_cannot_be_read_stops_the_mark_by_name"
EMPTY = "tests/portone/test_empty_list.py::test_only_portones_own_answer_is_an_empty_list"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "money_moved_by_a_time",
        "posapp/domain/payments.py",
        "        return self.status not in _UNPAID or self._has_cancellations",
        "        return self.status not in _UNPAID and self.paid_at is not None",
        (MOVED, ROWS),
    ),
    Mutant(
        "open_try_with_cancels_never_moved",
        "posapp/domain/payments.py",
        "        return self.status not in _UNPAID or self._has_cancellations",
        "        return self.status not in _UNPAID",
        (MOVED,),
    ),
    Mutant(
        "paid_with_0_is_clear",
        "posapp/domain/payments.py",
        "                return self.amount == 0",
        "                return False",
        (MOVED, ROWS),
    ),
    Mutant(
        "cancelled_with_nothing_cancelled_is_clear",
        "posapp/domain/payments.py",
        "                return not self._has_cancellations",
        "                return False",
        (MOVED, ROWS),
    ),
    Mutant(
        "no_provider_is_another_provider",
        "posapp/domain/payments.py",
        "for one in named) if named else None",
        "for one in named) if named else False",
        (
            ROWS,
            "tests/integration/test_wire_forms.py::test_payment_without_a_provider_name_is_not_refunded",
        ),
    ),
    Mutant(
        "names_have_case",
        "posapp/domain/payments.py",
        '    folded = [unicodedata.normalize("NFKC", name).casefold().strip() for name in (one, other)]',
        "    folded = [name for name in (one, other)]",
        (ROWS,),
    ),
    Mutant(
        "unclear_is_accepted",
        "posapp/domain/verification.py",
        "    if reported.is_unclear:\n        return PaymentProblem.UNCLEAR\n",
        "",
        (ROWS,),
    ),
    Mutant(
        "part_of_a_won_is_cut_off",
        "posapp/portone/payloads.py",
        " or int(value) != value:",
        ":",
        ("tests/portone/test_forms.py::test_an_amount_that_is_not_whole_is_not_rounded",),
    ),
    Mutant(
        "amounts_are_binary_floats",
        "posapp/portone/strict_json.py",
        "            parse_float=Decimal,\n",
        "",
        ("tests/portone/test_forms.py::test_an_amount_that_is_not_whole_is_not_rounded",),
    ),
    Mutant(
        "any_refused_list_is_empty",
        "posapp/portone/empty_list.py",
        "    return error.cause is GatewayCause.REFUSED and any(each in text for each in NOTHING_THERE)",
        "    return error.cause is GatewayCause.REFUSED and bool(text or NOTHING_THERE)",
        (
            EMPTY,
            "tests/integration/test_wire_forms.py::test_other_list_error_is_not_an_empty_list",
        ),
    ),
    Mutant(
        "any_page_may_be_empty",
        "posapp/portone/client.py",
        "            if page == 1 and says_empty(error):",
        "            if says_empty(error):",
        ("tests/portone/test_empty_list.py::test_a_page_behind_the_data_is_no_empty_window",),
    ),
    Mutant(
        "an_unreadable_try_is_left_out",
        "posapp/portone/client.py",
        "            if page.unreadable:  # all of them have our number",
        "            if page.unreadable and False:",
        ("tests/portone/test_empty_list.py::test_the_tries_of_one_number_are_all_read_or_none",),
    ),
    Mutant(
        "an_unreadable_line_is_never_ours",
        "posapp/services/reconciliation/unreadable_lines.py",
        "            ours = tuple(one for one in lines if _may_be_ours(uow, one))",
        "            ours = tuple(one for one in lines if uow is None and _may_be_ours(uow, one))",
        (
            OURS,
            "tests/integration/test_wire_forms.py::test_line_with_only_our_number_stops_the_mark_and_is_reported",
        ),
    ),
    Mutant(
        "an_unread_payment_does_not_hold_the_mark",
        "posapp/services/reconciliation/reconcile.py",
        "        self._unread = cause.value\n",
        "",
        (OURS,),
    ),
    Mutant(
        "a_recorded_payment_may_be_called_anything",
        "posapp/services/reconciliation/compare_payment.py",
        "    return DifferenceKind.STATUS if reported.contradicts_held_money else DifferenceKind.NONE",
        "    return DifferenceKind.NONE",
        (NAMED,),
    ),
)
