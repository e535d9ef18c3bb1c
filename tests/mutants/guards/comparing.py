"""Guards of comparing: what the books hold and the records do not, older copies, and what a person decides."""
# ruff: noqa: E501 - lines of the sources stand here as they are

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "approves_the_refund_of_another_amount",
        "posapp/services/request_desk.py",
        ("                amount=item.total,\n                reason=request.reason,"),
        ("                amount=item.price,\n                reason=request.reason,"),
        (
            "tests/requests/test_deciding.py::test_an_approved_refund_is_an_intent_due_after_the_time_to_undo",
        ),
    ),
    Mutant(
        "approved_refund_is_due_at_once",
        "posapp/services/request_desk.py",
        "                due_at=now + UNDO,",
        "                due_at=now,",
        (
            "tests/requests/test_deciding.py::test_an_approved_refund_is_an_intent_due_after_the_time_to_undo",
        ),
    ),
    Mutant(
        "undoes_beside_a_newer_request",
        "posapp/services/request_desk.py",
        (
            "            if uow.requests.waiting_of_item(request.item_id) is not None:\n"
            "                raise UserError(ErrorCode.UNDO_OVER)\n"
        ),
        "",
        (
            "tests/requests/test_undoing.py::test_a_rejection_stands_once_the_buyer_asked_for_something_else",
        ),
    ),
    Mutant(
        "withdraws_what_was_sent",
        "posapp/services/request_desk.py",
        "    unsent = refund is not None and refund.is_unsent",
        "    unsent = refund is not None and refund.is_open",
        ("tests/requests/test_undoing.py::test_what_may_have_been_sent_is_never_taken_back",),
    ),
    Mutant(
        "withdraws_what_is_being_sent",
        "posapp/services/request_desk.py",
        "if refund is None or not unsent or not uow.outbox.withdraw(refund_id):",
        "if refund is None or not unsent or (uow.outbox.withdraw(refund_id), False)[1]:",
        ("tests/requests/test_undoing.py::test_what_may_have_been_sent_is_never_taken_back",),
    ),
    Mutant(
        "undone_refund_stays_approved",
        "posapp/services/request_desk.py",
        "                _withdraw_refund(uow, request.refund_id, now)",
        "                pass",
        (
            "tests/requests/test_undoing.py::test_an_unsent_refund_is_withdrawn_and_can_be_approved_again",
        ),
    ),
    Mutant(
        "shorter_file_is_not_noticed",
        "posapp/services/recovering.py",
        "    return not rows or (rows[0].seq, rows[0].hash) != (mark.seq, mark.hash)",
        "    return bool(rows) and (rows[0].seq, rows[0].hash) != (mark.seq, mark.hash)",
        (
            "tests/store/test_intent_journal.py::test_a_database_that_lost_its_wal_is_noticed_and_followed_from_its_own_end",
        ),
    ),
)
