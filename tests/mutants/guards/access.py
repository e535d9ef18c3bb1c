"""Records of who acted: an action without its entry, and an entry that is repeated."""
# ruff: noqa: E501 - lines of the sources stand here as they are

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "taken_over_by_nobody",
        "posapp/services/sync/sync_status.py",
        "            uow.ledger.append(taken_over_entry(actor, refund, entry.why, now))\n",
        "",
        (
            "tests/integration/test_review_records.py::test_taking_over_and_giving_back_are_entries_with_their_reason",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "given_back_by_nobody",
        "posapp/services/refunds/unresolved_money.py",
        "        uow.ledger.append(requeued_entry(actor, refund, _why(uow, refund), now))\n",
        "",
        (
            "tests/integration/test_review_records.py::test_giving_back_from_the_list_of_money_is_the_same_entry",
            "tests/integration/test_review_records.py::test_an_explanation_gives_back_what_waited_for_it",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "given_back_by_nobody_without_a_decision",
        "posapp/services/refunds/unresolved_money.py",
        "            uow.ledger.append(requeued_entry(actor, refund, _why(uow, refund), self._clock.now()))\n",
        "",
        (
            "tests/integration/test_review_records.py::test_where_nothing_is_to_be_decided_the_refund_is_given_back_by_name",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "disowned_by_nobody",
        "posapp/services/refunds/unresolved_money.py",
        "        uow.ledger.append(disowned_entry(actor, refund, lines, self._clock.now()))\n",
        "",
        (
            "tests/integration/test_review_records.py::test_not_ours_is_one_entry_with_the_number_of_the_cancel",
            "tests/integration/test_review_records.py::test_not_ours_names_every_cancel_that_may_be_it",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "ours_by_another",
        "posapp/services/refunds/unresolved_money.py",
        "lines[0].cancellation_id, reported, actor=actor",
        "lines[0].cancellation_id, reported, actor=refund.approved_by",
        (
            "tests/integration/test_review_records.py::test_ours_is_confirmed_and_explained_by_who_said_so",
        ),
    ),
    Mutant(
        "restored_twice",
        "posapp/store/files/restore_notes.py",
        "if not _is_recorded(uow, note))",
        "if note)",
        (
            "tests/store/test_restore_notes.py::test_where_the_note_stays_the_entry_is_not_repeated",
            "tests/store/test_restore_notes.py::test_killed_at_each_step_the_entry_is_there_once_if_the_copy_is",
        ),
    ),
    Mutant(
        "restored_by_nobody",
        "posapp/store/files/atomic_replace.py",
        "            note.replace(records_path(database))\n",
        "            note.unlink()\n",
        (
            "tests/store/test_restore_notes.py::test_killed_at_each_step_the_entry_is_there_once_if_the_copy_is",
            "tests/store/test_restore_notes.py::test_two_restores_before_an_opening_are_both_recorded",
        ),
    ),
    Mutant(
        "second_restore_forgets_the_first",
        "posapp/store/files/restore_notes.py",
        "for one in (*waiting_notes(database), note))",
        "for one in (note,))",
        (
            "tests/store/test_restore_notes.py::test_two_restores_before_an_opening_are_both_recorded",
        ),
    ),
)
