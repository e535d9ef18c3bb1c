"""Guards of permissions and of records of actors: an action without its check, without its entry,
or with a repeated entry."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "paid_without_permission",
        "posapp/services/payments/start_payment.py",
        (
            "            self._access.require(uow, actor, Permission.TAKE_PAYMENT)\n"
            "            guard_reconciled(uow)\n"
            "        resumed"
        ),
        ("            guard_reconciled(uow)\n        resumed"),
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[start_over-take_payment]",
        ),
    ),
    Mutant(
        "paid_with_a_revoked_permission",
        "posapp/services/payments/start_payment.py",
        (
            "            self._access.require(uow, actor, Permission.TAKE_PAYMENT)\n"
            "            buyer, order = _guarded(uow, actor, order_id)\n"
            "            guard_reconciled"
        ),
        ("            buyer, order = _guarded(uow, actor, order_id)\n            guard_reconciled"),
        (
            "tests/integration/test_permissions.py::test_permission_is_checked_again_in_the_transaction[start]",
        ),
    ),
    Mutant(
        "abandoned_without_permission",
        "posapp/services/payments/start_payment.py",
        (
            "            self._access.require(uow, actor, Permission.TAKE_PAYMENT)\n"
            "        self._poller.poll(attempt_id, give_up=True)\n"
        ),
        "            pass\n        self._poller.poll(attempt_id, give_up=True)\n",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[abandon-take_payment]",
        ),
    ),
    Mutant(
        "cancelled_without_permission",
        "posapp/services/refunds/cancel_item.py",
        (
            "            self._access.require(uow, actor, Permission.CANCEL_ORDER)\n"
            "            guard_reconciled(uow)\n"
            "        self._close_qr"
        ),
        ("            guard_reconciled(uow)\n        self._close_qr"),
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[cancel_beside_a_qr-cancel_order]",
        ),
    ),
    Mutant(
        "cancelled_with_a_revoked_permission",
        "posapp/services/refunds/cancel_item.py",
        (
            "            self._access.require(uow, actor, Permission.CANCEL_ORDER)\n"
            "            _, item, _ ="
        ),
        "            _, item, _ =",
        (
            "tests/integration/test_permissions.py::test_permission_is_checked_again_in_the_transaction[cancel]",
        ),
    ),
    Mutant(
        "refunded_without_permission",
        "posapp/services/refunds/cancel_item.py",
        (
            "            self._access.require(uow, actor, Permission.REFUND)\n"
            "            _, item, order ="
        ),
        "            _, item, order =",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[refund-refund]",
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[refund_of_a_free_item-refund]",
        ),
    ),
    Mutant(
        "remainder_without_permission",
        "posapp/services/refunds/cancel_remainder.py",
        ("            self._access.require(uow, actor, Permission.REFUND)\n            offer ="),
        "            offer =",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[cancel_remainder-refund]",
        ),
    ),
    Mutant(
        "decided_without_permission",
        "posapp/services/requests/decide_request.py",
        (
            "            self._access.require(uow, actor, Permission.DECIDE_REQUEST)\n"
            "            request = self._waiting"
        ),
        "            request = self._waiting",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[approve_refund-decide_request]",
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[approve_exchange-decide_request]",
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[reject-decide_request]",
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[decide_many-decide_request]",
        ),
    ),
    Mutant(
        "approved_a_refund_without_permission",
        "posapp/services/requests/decide_request.py",
        (
            "                self._access.require(uow, actor, Permission.REFUND)\n"
            "                decided = self._approve_refund"
        ),
        "                decided = self._approve_refund",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[approve_refund-refund]",
        ),
    ),
    Mutant(
        "undone_without_permission",
        "posapp/services/requests/decide_request.py",
        (
            "            self._access.require(uow, actor, Permission.DECIDE_REQUEST)\n"
            "            request = guard_undo"
        ),
        "            request = guard_undo",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[undo-decide_request]",
        ),
    ),
    Mutant(
        "retried_without_permission",
        "posapp/services/refunds/unresolved_money.py",
        (
            "            self._access.require(uow, actor, Permission.RESOLVE_MONEY)\n"
            "            require_resend(self._access, uow, actor, refund_id)\n"
            "            requeue(uow"
        ),
        "            requeue(uow",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[retry-resolve_money]",
        ),
    ),
    Mutant(
        "read_without_permission",
        "posapp/services/refunds/unresolved_money.py",
        (
            "            self._access.require(uow, actor, Permission.RESOLVE_MONEY)\n"
            "            ref = payment_ref_of(uow, _waiting"
        ),
        "            ref = payment_ref_of(uow, _waiting",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[assign_cancellation-resolve_money]",
        ),
    ),
    Mutant(
        "assigned_with_a_revoked_permission",
        "posapp/services/refunds/unresolved_money.py",
        (
            "            self._access.require(uow, actor, Permission.RESOLVE_MONEY)\n"
            "            if not ours:\n"
        ),
        "            if not ours:\n",
        (
            "tests/integration/test_permissions.py::test_permission_is_checked_again_in_the_transaction[assign_cancellation]",
        ),
    ),
    Mutant(
        "explained_without_permission",
        "posapp/services/refunds/unresolved_money.py",
        (
            "            self._access.require(uow, actor, Permission.RESOLVE_MONEY)\n"
            "            mismatch = uow"
        ),
        "            mismatch = uow",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[close_mismatch-resolve_money]",
        ),
    ),
    Mutant(
        "taken_over_without_permission",
        "posapp/services/sync/sync_status.py",
        (
            "            self._access.require(uow, actor, Permission.RESOLVE_MONEY)\n"
            "            refund = uow"
        ),
        "            refund = uow",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[take_over-resolve_money]",
        ),
    ),
    Mutant(
        "given_back_without_permission",
        "posapp/services/sync/sync_status.py",
        (
            "            self._access.require(uow, actor, Permission.RESOLVE_MONEY)\n"
            "            require_resend(self._access, uow, actor, refund_id)\n"
            "            requeue(uow"
        ),
        "            requeue(uow",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[requeue-resolve_money]",
        ),
    ),
    Mutant(
        "restored_without_permission",
        "posapp/app/backup_commands.py",
        "        self._access.require(None, actor, Permission.RESTORE)\n",
        "",
        (
            "tests/cli/test_backups.py::test_without_the_permission_no_file_is_copied_or_replaced[restore]",
        ),
    ),
    Mutant(
        "everything_is_permitted",
        "posapp/services/bookkeeping/access_control.py",
        "        if not self._policy.is_allowed(uow, actor, permission):",
        "        if False and self._policy.is_allowed(uow, actor, permission):",
        (
            "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing[refund-refund]",
        ),
    ),
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
            "tests/integration/test_review_records.py::test_explanation_requeues_the_refund_that_waited_for_it",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "given_back_by_nobody_without_a_decision",
        "posapp/services/refunds/unresolved_money.py",
        "            uow.ledger.append(requeued_entry(actor, refund, _why(uow, refund), self._clock.now()))\n",
        "",
        (
            "tests/integration/test_review_records.py::test_refund_without_a_decision_is_requeued_with_its_actor",
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
            "tests/integration/test_review_records.py::test_cancel_assigned_as_ours_is_confirmed_with_its_actor",
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
        '    return "".join((*kept, _line(note)))\n',
        "    return _line(note)\n",
        (
            "tests/store/test_restore_notes.py::test_two_restores_before_an_opening_are_both_recorded",
        ),
    ),
    Mutant(
        "unreadable_notes_of_restores_are_dropped",
        "posapp/store/files/restore_notes.py",
        "            if not notes or len(notes) < len(lines):\n",
        "            if False:\n",
        ("tests/store/test_restore_notes.py::test_notes_that_cannot_be_read_are_set_aside",),
    ),
    Mutant(
        "second_restore_drops_an_unreadable_note",
        "posapp/store/files/restore_notes.py",
        "for line in waiting)",
        "for line in waiting if _parsed(line))",
        ("tests/store/test_restore_notes.py::test_restore_keeps_the_lines_that_it_cannot_read",),
    ),
)
