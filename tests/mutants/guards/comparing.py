"""Guards of comparing, older copies, claims, requests and what a person decides."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "approves_what_was_never_paid",
        "posapp/services/requests/decide_request.py",
        (
            "        if not ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REFUND_CONFIRMED):\n"
            "            raise UserError(ErrorCode.NOT_PAID_YET)\n"
        ),
        "",
        ("tests/requests/test_desk_guards.py::test_the_refund_of_an_unpaid_item_is_not_approved",),
    ),
    Mutant(
        "approves_the_refund_of_another_amount",
        "posapp/services/requests/decide_request.py",
        ("                amount=item.total,\n                reason=request.reason,"),
        ("                amount=item.price,\n                reason=request.reason,"),
        (
            "tests/requests/test_decide_request.py::test_an_approved_refund_is_an_intent_due_after_the_time_to_undo",
        ),
    ),
    Mutant(
        "approved_refund_is_due_at_once",
        "posapp/services/requests/decide_request.py",
        "                due_at=now + UNDO,",
        "                due_at=now,",
        (
            "tests/requests/test_decide_request.py::test_an_approved_refund_is_an_intent_due_after_the_time_to_undo",
        ),
    ),
    Mutant(
        "replacement_beside_a_refund",
        "posapp/services/requests/decide_request.py",
        "        guard_no_refund(uow.refunds.of_item(item.id))\n",
        "",
        (
            "tests/requests/test_decide_request.py::test_with_its_money_on_the_way_back_nothing_is_approved",
        ),
    ),
    Mutant(
        "undoes_beside_a_newer_request",
        "posapp/services/requests/decide_request.py",
        (
            "            if uow.requests.waiting_of_item(request.item_id) is not None:\n"
            "                raise UserError(ErrorCode.UNDO_OVER)\n"
        ),
        "",
        (
            "tests/requests/test_undo_approval.py::test_rejection_cannot_be_undone_after_a_new_request",
        ),
    ),
    Mutant(
        "withdraws_what_was_sent",
        "posapp/services/requests/undo_approval.py",
        "    unsent = refund is not None and refund.was_never_sent",
        "    unsent = refund is not None and refund.is_open",
        ("tests/requests/test_undo_approval.py::test_possibly_sent_refund_is_never_withdrawn",),
    ),
    Mutant(
        "withdraws_what_is_being_sent",
        "posapp/services/requests/undo_approval.py",
        "if refund is None or not unsent or not uow.outbox.withdraw(refund_id):",
        "if refund is None or not unsent or (uow.outbox.withdraw(refund_id), False)[1]:",
        ("tests/requests/test_undo_approval.py::test_possibly_sent_refund_is_never_withdrawn",),
    ),
    Mutant(
        "undone_refund_stays_approved",
        "posapp/services/requests/decide_request.py",
        "                withdraw_refund(uow, request.refund_id, now)",
        "                pass",
        ("tests/requests/test_desk_guards.py::test_an_undone_approval_sends_nothing",),
    ),
    Mutant(
        "desk_of_an_item_that_was_cancelled",
        "posapp/services/requests/decide_request.py",
        "    return guard_seller_cancel(actor, find_user(uow, actor), uow.orders.item(request.item_id))",
        (
            "    item = uow.orders.item(request.item_id)\n"
            "    assert item is not None  # noqa: S101\n"
            "    return item"
        ),
        (
            "tests/requests/test_desk_guards.py::test_the_request_of_a_cancelled_item_is_not_approved",
        ),
    ),
    Mutant(
        "delivers_while_money_goes_back",
        "posapp/services/orders/fulfilment.py",
        "        guard_no_refund(uow.refunds.of_item(item.id))\n",
        "",
        ("tests/requests/test_desk_guards.py::test_goods_with_a_pending_refund_stay",),
    ),
    Mutant(
        "undoes_a_step_after_its_time",
        "posapp/services/orders/fulfilment.py",
        "            if step is None or not timedelta(0) <= now - step.at < UNDO:\n",
        "            if step is None:\n",
        ("tests/requests/test_undo_step.py::test_after_five_seconds_it_stays",),
    ),
    Mutant(
        "undoes_the_step_of_an_item_that_was_asked_back",
        "posapp/services/orders/fulfilment.py",
        "    if uow.requests.waiting_of_item(item.id) is not None:\n",
        "    if item.id < 0:\n",
        ("tests/requests/test_undo_step.py::test_whatever_happened_since_keeps_the_step",),
    ),
    Mutant(
        "undoes_a_step_that_money_followed",
        "posapp/services/orders/fulfilment.py",
        "if one.item_id in (item.id, None)), None)\n",
        "if one.event in _UNDONE_BY), None)\n",
        ("tests/requests/test_undo_step.py::test_whatever_happened_since_keeps_the_step",),
    ),
    Mutant(
        "shorter_file_is_not_noticed",
        "posapp/services/maintenance/recover_journal.py",
        "    return not rows or (rows[0].seq, rows[0].hash) != (mark.seq, mark.hash)",
        "    return bool(rows) and (rows[0].seq, rows[0].hash) != (mark.seq, mark.hash)",
        (
            "tests/store/test_refund_journal.py::test_database_without_its_wal_is_noticed_and_followed_from_its_end",
        ),
    ),
    Mutant(
        "recovered_intent_is_sent_by_itself",
        "posapp/services/maintenance/recover_journal.py",
        "        state=RefundState.NEEDS_REVIEW,",
        "        state=RefundState.APPROVED,",
        (
            "tests/store/test_refund_journal.py::test_fault_58_approval_missing_in_restored_copy_waits_for_review",
        ),
    ),
    Mutant(
        "recovered_intent_is_not_held",
        "posapp/services/maintenance/recover_journal.py",
        "    uow.outbox.escalate(kept.id, RECOVERED)\n",
        "",
        (
            "tests/store/test_refund_journal.py::test_fault_58_approval_missing_in_restored_copy_waits_for_review",
        ),
    ),
    Mutant(
        "recovered_intent_counts_as_unsent",
        "posapp/services/maintenance/recover_journal.py",
        ("        send_count=1,\n        last_unknown_at=now,\n    )\n    try:"),
        ("        last_unknown_at=now,\n    )\n    try:"),
        (
            "tests/store/test_refund_journal.py::test_fault_58_approval_missing_in_restored_copy_waits_for_review",
        ),
    ),
    Mutant(
        "lost_intents_are_not_named",
        "posapp/services/maintenance/recover_journal.py",
        "        _report(uow, reported, now)\n",
        "",
        (
            "tests/store/test_refund_journal.py::test_fault_55_intents_of_unknown_payments_are_reported_with_evidence",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "known_end_is_forgotten",
        "posapp/services/maintenance/recover_journal.py",
        ("            elif not found.is_open:\n                ends[intent.tag] = found.state"),
        ("            elif not found.is_open:\n                pass"),
        (
            "tests/store/test_refund_journal.py::test_an_end_that_was_missed_is_noted_at_the_next_start",
        ),
    ),
    Mutant(
        "journal_of_ends_only",
        "posapp/services/maintenance/journal_job.py",
        "        if intents or ends or late:",
        "        if ends or late:",
        (
            "tests/store/test_refund_journal.py::test_an_intent_is_in_the_journal_a_second_after_its_commit",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "journal_of_others_cancels",
        "posapp/services/maintenance/journal_job.py",
        "        if refund.is_open and refund.origin is not RefundOrigin.EXTERNAL\n",
        "        if refund.is_open\n",
        (
            "tests/store/test_refund_journal.py::test_money_that_was_cancelled_externally_is_no_intent",
        ),
    ),
    Mutant(
        "certain_before_the_session_is_over",
        "posapp/services/payments/poll_schedule.py",
        "FINAL_RECHECK = KAKAOPAY_SESSION + timedelta(minutes=1)",
        "FINAL_RECHECK = timedelta(minutes=2)",
        (
            "tests/unit/test_poll_schedule.py::test_ended_attempt_is_polled_while_a_buyer_may_still_pay",
        ),
    ),
    Mutant(
        "certain_a_minute_after_the_end",
        "posapp/services/payments/poll_schedule.py",
        "    for later in (end + FIRST_RECHECK, end + FINAL_RECHECK):",
        "    for later in (end + FIRST_RECHECK,):",
        (
            "tests/unit/test_poll_schedule.py::test_ended_attempt_is_polled_while_a_buyer_may_still_pay",
        ),
    ),
    Mutant(
        "sends_before_it_has_compared",
        "posapp/services/sync/sync_engine.py",
        "        return self._status_store.status.may_send and self._connectivity.is_reachable",
        "        return self._connectivity.is_reachable",
        ("tests/integration/test_reconcile.py::test_a_start_sends_nothing_before_it_has_compared",),
    ),
    Mutant(
        "a_start_keeps_leases",
        "posapp/services/sync/sync_engine.py",
        "        uow.outbox.release_leases()\n",
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_start_resumes_entries_claimed_by_the_killed_program",
        ),
    ),
    Mutant(
        "sends_although_comparing_failed",
        "posapp/services/reconciliation/reconcile.py",
        "            found, changes = self._compare(full=full)",
        (
            "            self._status_store.update(may_send=True)\n"
            "            found, changes = self._compare(full=full)"
        ),
        ("tests/integration/test_reconcile.py::test_a_start_sends_nothing_before_it_has_compared",),
    ),
    Mutant(
        "compared_past_an_unread_payment",
        "posapp/services/reconciliation/reconcile.py",
        "        if not self._unread:  # else the same time is compared again",
        "        if True:",
        (
            "tests/integration/test_reconciled_checkpoint.py::test_the_compared_mark_waits_for_a_payment_that_cannot_be_read",
        ),
    ),
    Mutant(
        "a_list_that_goes_round",
        "posapp/services/reconciliation/payment_pages.py",
        "        if cursor in followed or len(followed) + 1 == MOST_PAGES:\n",
        "        if len(followed) + 1 == MOST_PAGES:\n",
        (
            "tests/integration/test_compare_payment_guards.py::test_list_with_a_page_cycle_is_rejected",
        ),
    ),
    Mutant(
        "a_list_without_an_end",
        "posapp/services/reconciliation/payment_pages.py",
        "        if cursor in followed or len(followed) + 1 == MOST_PAGES:\n",
        "        if cursor in followed:\n",
        ("tests/integration/test_compare_payment_guards.py::test_endless_list_is_rejected",),
    ),
    Mutant(
        "first_page_only",
        "posapp/services/reconciliation/payment_pages.py",
        "        page = gateway.list_payments(since, until, cursor)\n        yield page\n",
        "        return\n",
        (
            "tests/integration/test_compare_payment_guards.py::test_new_payment_on_the_second_page_is_found",
        ),
    ),
    Mutant(
        "missing_payments_are_not_looked_for",
        "posapp/services/reconciliation/reconcile.py",
        "        found += self._resolve(self._comparison.find_missing(begin + OVERLAP, seen), changes)\n",
        "",
        ("tests/integration/test_reconcile.py::test_payment_unknown_at_portone_is_recorded_once",),
    ),
    Mutant(
        "trouble_with_the_way_is_of_one_payment",
        "posapp/services/reconciliation/reconcile.py",
        ("                if error.cause not in PER_PAYMENT_CAUSES:\n                    raise\n"),
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_network_loss_ends_the_comparison",
        ),
    ),
    Mutant(
        "first_comparison_is_short",
        "posapp/services/reconciliation/reconcile.py",
        "            full = True  # a new shop, or one from a version that did not compare",
        "            pass",
        (
            "tests/integration/test_compare_payment_guards.py::test_first_comparison_reads_the_whole_window",
        ),
    ),
    Mutant(
        "another_amount_is_no_difference",
        "posapp/services/reconciliation/compare_payment.py",
        ("    if payment.amount != reported.amount:\n        return DifferenceKind.AMOUNT\n"),
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_payment_that_differs_at_portone_is_recorded",
        ),
    ),
    Mutant(
        "another_number_is_no_difference",
        "posapp/services/reconciliation/compare_payment.py",
        (
            "    if payment.merchant_uid != reported.merchant_uid:\n"
            "        return DifferenceKind.NUMBER_CHANGED\n"
        ),
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_payment_that_differs_at_portone_is_recorded",
        ),
    ),
    Mutant(
        "other_cancels_are_no_difference",
        "posapp/services/reconciliation/compare_payment.py",
        (
            "    if not plain and unnamed_gap(uow, payment, reported.refundable_balance):\n"
            "        return DifferenceKind.CANCELS\n"
        ),
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_external_whole_cancel_ends_the_items",
        ),
    ),
    Mutant(
        "unknown_at_portone_is_not_named",
        "posapp/services/reconciliation/compare_payment.py",
        "            return Resolution(self._note_unknown(imp_uid, now))",
        "            return Resolution()",
        ("tests/integration/test_reconcile.py::test_payment_unknown_at_portone_is_recorded_once",),
    ),
    Mutant(
        "a_refund_that_went_on_meanwhile_is_compared",
        "posapp/services/reconciliation/compare_payment.py",
        (
            "            if uow.refunds.of_payment(imp_uid) != before:\n"
            "                return Resolution()  # a refund changed meanwhile: the reading may be older\n"
        ),
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_a_reading_that_is_older_than_a_refund_is_not_compared",
        ),
        errors=("InvalidAmount",),
    ),
    Mutant(
        "lines_of_a_refund_on_its_way_are_others",
        "posapp/services/reconciliation/compare_payment.py",
        "        if any(_may_be_a_line(refund, fresh) for refund in refunds):",
        "        if False:",
        (
            "tests/integration/test_compare_payment_guards.py::test_line_of_a_pending_refund_is_left_to_its_round",
        ),
    ),
    Mutant(
        "all_back_leaves_the_goods",
        "posapp/services/bookkeeping/external_cancellations.py",
        "        end_items(uow, payment, others[-1], now)",
        "        pass",
        (
            "tests/integration/test_compare_payment_guards.py::test_external_whole_cancel_ends_the_items",
        ),
    ),
    Mutant(
        "a_part_back_ends_the_goods",
        "posapp/services/bookkeeping/external_cancellations.py",
        "    if (\n"
        "        not has_cash(uow, payment.order_id)\n"
        "        and reported.refundable_balance == 0\n"
        "        and recorded_refund_total(uow, payment.imp_uid) == payment.amount\n"
        "    ):",
        "    if True:",
        (
            "tests/integration/test_compare_payment_guards.py::test_external_partial_cancel_is_recorded_and_ends_no_item",
        ),
    ),
    Mutant(
        "approved_refunds_stay_although_nothing_fits",
        "posapp/services/bookkeeping/external_cancellations.py",
        "        _reject_unaffordable_refunds(uow, ours, reported, now)",
        "        pass",
        (
            "tests/integration/test_console_cancels.py::test_approved_refund_above_the_balance_is_refused",
        ),
    ),
    Mutant(
        "all_approved_refunds_are_refused",
        "posapp/services/bookkeeping/external_cancellations.py",
        "        if refund.state is RefundState.APPROVED and refund.amount > left:",
        "        if refund.state is RefundState.APPROVED:",
        (
            "tests/integration/test_console_cancels.py::test_refunds_within_the_remaining_balance_stay",
        ),
    ),
    Mutant(
        "what_is_left_is_promised_twice",
        "posapp/services/bookkeeping/external_cancellations.py",
        "            left -= refund.amount",
        "            pass",
        (
            "tests/integration/test_console_cancels.py::test_older_refund_keeps_the_remaining_balance",
        ),
    ),
    Mutant(
        "a_line_without_room_is_recorded",
        "posapp/services/bookkeeping/external_cancellations.py",
        "    return there + line.amount <= payment.amount",
        "    return True",
        (
            "tests/integration/test_console_cancels.py::test_line_above_the_payment_is_a_mismatch_and_not_recorded",
        ),
    ),
    Mutant(
        "a_line_that_got_its_number_is_another",
        "posapp/services/bookkeeping/external_cancellations.py",
        "            known[line.cancellation_id] = named",
        "            pass",
        (
            "tests/integration/test_compare_payment_guards.py::test_a_line_that_gets_its_number_later_is_counted_once",
        ),
    ),
    Mutant(
        "an_explained_gap_is_no_difference_any_more",
        "posapp/services/bookkeeping/payment_gap.py",
        "        if one.resolved_at is not None or one.kind is not kind",
        "        if one.kind is not kind",
        (
            "tests/integration/test_compare_payment_guards.py::test_explained_amount_is_not_reported_again_and_more_is",
        ),
    ),
    Mutant(
        "goods_are_not_compared",
        "posapp/services/bookkeeping/payment_gap.py",
        "    return PaymentGap(balance - worth, balance - kept)",
        "    return PaymentGap(ZERO, balance - kept)",
        (
            "tests/integration/test_compare_payment_guards.py::test_external_partial_cancel_is_recorded_and_ends_no_item",
        ),
    ),
    Mutant(
        "deals_with_money_in_doubt",
        "posapp/services/bookkeeping/payment_gap.py",
        (
            "    if any(one.resolved_at is None for one in uow.mismatches.of_payment(payment.imp_uid)):\n"
            "        raise UserError(ErrorCode.MONEY_IN_DOUBT)\n"
        ),
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_order_with_unexplained_money_does_not_change",
        ),
    ),
    Mutant(
        "pays_beside_a_lost_payment",
        "posapp/services/bookkeeping/payment_gap.py",
        (
            "    if uow.mismatches.is_open_under(MAY_HAVE_PAID, numbers, beginning):\n"
            "        raise UserError(ErrorCode.MONEY_IN_DOUBT)\n"
        ),
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_an_order_that_may_be_paid_already_shows_no_qr",
        ),
    ),
    Mutant(
        "pays_beside_a_lost_payment_of_a_number_that_the_file_lacks",
        "posapp/store/repositories/mismatches.py",
        "        return self._connection.execute(UNDER_BEGINNING, seek).first() is not None",
        "        return False",
        (
            "tests/integration/test_compare_payment_guards.py::test_lost_payment_stops_the_qr_of_its_order_beside_other_mismatches",
        ),
    ),
    Mutant(
        "acts_before_an_older_copy_was_compared",
        "posapp/services/bookkeeping/payment_gap.py",
        (
            "    if uow.checkpoints.behind_since() is not None:\n"
            "        raise UserError(ErrorCode.FILE_BEHIND)\n"
        ),
        "",
        (
            "tests/integration/test_compare_payment_guards.py::test_an_older_copy_decides_nothing_before_it_was_compared",
        ),
    ),
    Mutant(
        "put_back_into_a_younger_order",
        "posapp/services/reconciliation/restore_payment.py",
        "        if order is None or too_young or not (accepted or rejected):",
        "        if order is None or not (accepted or rejected):",
        (
            "tests/integration/test_doubtful_histories.py::test_newer_order_of_a_number_does_not_take_the_older_ones_money",
        ),
    ),
    Mutant(
        "put_back_whatever_its_status_says",
        "posapp/services/reconciliation/restore_payment.py",
        "            whole if was_paid else reported,\n",
        "            whole,\n",
        ("tests/integration/test_reconcile.py::test_unclear_status_pays_no_restored_order",),
    ),
    Mutant(
        "lost_payment_is_not_named",
        "posapp/services/reconciliation/restore_payment.py",
        "            note_lost_payment(uow, reported, verdict.problem, now)\n",
        "",
        (
            "tests/integration/test_reconcile.py::test_fault_58_payment_that_fits_no_order_is_recorded_and_not_refunded",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "put_back_whatever_it_fits",
        "posapp/services/bookkeeping/restored_refunds.py",
        "        if not is_all or not fits(uow, payment, refund, competing):",
        "        if False:",
        (
            "tests/integration/test_reconcile.py::test_fault_58_tag_of_no_item_is_recorded_and_counted",
        ),
        errors=("AttributeError",),
    ),
    Mutant(
        "put_back_of_another_order_s_item",
        "posapp/services/bookkeeping/restored_refunds.py",
        " and item.order_id == payment.order_id",
        "",
        (
            "tests/integration/test_restore_payment_guards.py::test_a_lost_refund_fits_just_its_item",
        ),
    ),
    Mutant(
        "put_back_into_an_accepted_payment",
        "posapp/services/bookkeeping/restored_refunds.py",
        "        return payment.disposition is PaymentDisposition.REJECTED",
        "        return True",
        (
            "tests/integration/test_restore_payment_guards.py::test_a_lost_refund_fits_just_its_item",
        ),
    ),
    Mutant(
        "lost_refunds_are_not_named",
        "posapp/services/bookkeeping/restored_refunds.py",
        "        note_lost_lines(uow, payment, lost, now, recorded=True)",
        "        pass",
        (
            "tests/integration/test_restore_payment_guards.py::test_a_lost_refund_fits_just_its_item",
        ),
    ),
    Mutant(
        "put_back_leaves_its_rival",
        "posapp/services/bookkeeping/found_refunds.py",
        "        uow.outbox.close(other.id)\n",
        "",
        (
            "tests/integration/test_restore_payment_guards.py::test_a_lost_refund_takes_the_place_of_one_that_waits",
        ),
    ),
    Mutant(
        "a_person_is_asked_again_about_a_line_that_names_the_item",
        "posapp/services/refunds/unresolved_money.py",
        "        if refund.item_id is not None and any(",
        "        if False and any(",
        (
            "tests/faults/test_deciding.py::test_unmatched_line_naming_the_item_ends_the_refund_with_a_text",
            "tests/faults/test_late_refunds.py::test_fault_78_late_cancel_ends_the_refund_that_a_review_releases",
        ),
    ),
    Mutant(
        "rivals_are_of_one_item_only",
        "posapp/services/bookkeeping/found_refunds.py",
        "    return bool(set(one.item_ids) & set(other.item_ids))",
        "    return one.item_id == other.item_id",
        (
            "tests/integration/test_found_refunds.py::test_lost_rest_replaces_an_item_refund_that_was_never_sent",
            "tests/integration/test_found_refunds.py::test_lost_item_replaces_a_rest_that_was_never_sent",
        ),
    ),
    Mutant(
        "a_line_that_fits_nothing_is_named_each_time",
        "posapp/services/bookkeeping/found_refunds.py",
        "    new = [line for line in lines if not any(_is_named(line, one) for one in known)]",
        "    new = lines",
        (
            "tests/integration/test_found_refunds.py::test_lines_that_fit_nothing_are_summed_up_in_one_mismatch_each_once",
            "tests/integration/test_found_refunds.py::test_lost_item_is_recorded_beside_a_rest_that_was_made",
        ),
    ),
    Mutant(
        "a_denied_claim_is_not_named",
        "posapp/services/importing/verify_claims.py",
        ("    note_mismatch(\n        uow,\n        KINDS"),
        ("    _ = dict(\n        kind=KINDS"),
        (
            "tests/importing/test_claims.py::test_claim_different_at_portone_is_named_by_line_and_never_counts",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "an_order_with_a_claim_is_paid",
        "posapp/services/payments/start_payment.py",
        "    guard_no_claim(uow.claims.for_order(order.id))\n",
        "",
        (
            "tests/importing/test_claims.py::test_an_order_with_a_claim_is_neither_paid_nor_cancelled_meanwhile",
        ),
    ),
    Mutant(
        "an_order_with_a_claim_is_cancelled",
        "posapp/services/refunds/cancel_item.py",
        "    guard_no_claim(uow.claims.for_order(order.id))\n",
        "",
        (
            "tests/importing/test_claims.py::test_an_order_with_a_claim_is_neither_paid_nor_cancelled_meanwhile",
        ),
    ),
    Mutant(
        "a_file_makes_sellers",
        "posapp/services/importing/import_plan.py",
        "        if self._sellers:\n",
        "        if True:\n",
        (
            "tests/importing/test_claims.py::test_file_creates_no_seller_without_consent_and_never_an_administrator",
        ),
    ),
    Mutant(
        "a_file_makes_administrators",
        "posapp/services/importing/import_plan.py",
        "        if UserStatus.ADMIN in (user.status, before):",
        "        if False:",
        (
            "tests/importing/test_claims.py::test_file_creates_no_seller_without_consent_and_never_an_administrator",
        ),
    ),
    Mutant(
        "a_free_item_of_any_amount",
        "posapp/services/refunds/cancel_item.py",
        (
            "        if Won(amount) != 0:\n"
            "            raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)\n"
        ),
        "",
        ("tests/integration/test_cancel_item.py::test_free_item_has_no_refund",),
    ),
    Mutant(
        "undoes_a_free_approval_s_goods",
        "posapp/services/requests/decide_request.py",
        (
            "        if item.total == 0:\n"
            "            return self._approve_free(uow, request, item, actor, note, now)\n"
        ),
        "",
        ("tests/requests/test_desk_guards.py::test_a_free_item_is_approved_without_money",),
        errors=("InvalidAmount",),
    ),
    Mutant(
        "a_word_about_what_waits_for_none",
        "posapp/services/refunds/unresolved_money.py",
        "    if refund.state is not RefundState.NEEDS_REVIEW:\n"
        "        raise UserError(ErrorCode.REFUND_NOT_WAITING)\n"
        "    return refund",
        "    return refund",
        (
            "tests/integration/test_unresolved_money_guards.py::test_refund_outside_review_accepts_no_decision",
        ),
    ),
    Mutant(
        "closed_while_it_is_claimed",
        "posapp/services/refunds/unresolved_money.py",
        "    if not uow.outbox.close(refund_id):\n        raise UserError(ErrorCode.REFUND_NOT_WAITING)\n",
        "    uow.outbox.close(refund_id)\n",
        (
            "tests/integration/test_unresolved_money_guards.py::test_refund_in_the_outbox_accepts_no_decision",
        ),
    ),
    Mutant(
        "explained_by_less",
        "posapp/services/refunds/unresolved_money.py",
        "            if explanation.amount != mismatch.amount:",
        "            if explanation.amount > mismatch.amount:",
        (
            "tests/integration/test_unresolved_money_guards.py::test_a_difference_is_explained_to_the_last_won",
        ),
    ),
    Mutant(
        "explained_without_a_fact",
        "posapp/services/refunds/unresolved_money.py",
        "            uow.ledger.append(_explained_fact(uow, mismatch, explanation, now))\n",
        "",
        (
            "tests/integration/test_unresolved_money_guards.py::test_an_explanation_is_a_fact_of_the_ledger",
        ),
    ),
    Mutant(
        "moved_clock_leaves_the_outbox",
        "posapp/services/runtime/clock_jump.py",
        "    uow.outbox.shift_times(by)\n",
        "",
        (
            "tests/faults/test_clock_faults.py::test_fault_50_a_waiting_refund_waits_no_longer_and_no_shorter",
        ),
    ),
    Mutant(
        "moved_clock_leaves_links",
        "posapp/services/runtime/clock_jump.py",
        "                expires_at=_moved(attempt.expires_at, by),",
        "                expires_at=attempt.expires_at,",
        ("tests/faults/test_clock_faults.py::test_fault_50_unpaid_qr_expires_in_time",),
    ),
    Mutant(
        "what_was_over_stands_for_the_next",
        "posapp/services/bookkeeping/payment_gap.py",
        "    if not named or whole_gap(uow, payment, balance):\n",
        "    if True:\n",
        (
            "tests/faults/test_bent_readings.py::test_an_explanation_does_not_cover_the_next_cancel_of_the_same_amount",
            "tests/faults/test_bent_readings.py::test_lost_refund_found_to_be_ours_does_not_cover_the_next_cancel",
        ),
    ),
    Mutant(
        "what_is_explained_is_forgotten_while_it_differs",
        "posapp/services/bookkeeping/payment_gap.py",
        "    if not named or whole_gap(uow, payment, balance):\n",
        "    if not named:\n",
        (
            "tests/faults/test_external_cancellations.py::test_fault_86_explained_amount_is_counted_and_only_more_is_reported",
        ),
    ),
    Mutant(
        "an_explanation_outlives_its_difference",
        "posapp/services/bookkeeping/payment_gap.py",
        "    uow.mismatches.forget_gaps(payment.imp_uid)\n",
        "    pass\n",
        (
            "tests/faults/test_bent_readings.py::test_an_explanation_does_not_cover_the_next_cancel_of_the_same_amount",
        ),
    ),
    Mutant(
        "the_ledger_does_not_say_that_it_is_over",
        "posapp/services/bookkeeping/payment_gap.py",
        '    uow.ledger.append(_over_fact(payment, now, "differs no more"))\n',
        "",
        (
            "tests/faults/test_bent_readings.py::test_an_explanation_does_not_cover_the_next_cancel_of_the_same_amount",
        ),
    ),
    Mutant(
        "a_part_of_an_explanation_outlives_its_difference",
        "posapp/services/bookkeeping/payment_gap.py",
        "        uow.mismatches.set_goods_gap(one.id, one.goods_gap + less)\n",
        "",
        (
            "tests/faults/test_bent_readings.py::test_one_of_two_explained_cancels_is_ours_and_no_decision_follows",
        ),
    ),
    Mutant(
        "an_open_name_outlives_its_difference",
        "posapp/services/bookkeeping/payment_gap.py",
        "            uow.mismatches.note(replace(one, goods_gap=ZERO, ledger_gap=ZERO))\n",
        "            pass\n",
        (
            "tests/faults/test_bent_readings.py::test_lost_refund_found_to_be_ours_does_not_cover_the_next_cancel",
        ),
    ),
    Mutant(
        "a_payment_gone_again_is_not_new",
        "posapp/services/reconciliation/compare_payment.py",
        "        self._unknown.discard(imp_uid)\n        with",
        "        with",
        (
            "tests/faults/test_bent_readings.py::test_explained_payment_that_disappears_again_is_reported_again",
        ),
    ),
    Mutant(
        "a_line_of_another_amount_is_the_refund",
        "posapp/services/refunds/unresolved_money.py",
        "            lines = tuple(line for line in lines if line.amount == refund.amount)\n",
        "",
        (
            "tests/faults/test_bent_readings.py::test_a_cut_tag_beside_another_amount_is_never_taken_for_the_refund",
        ),
    ),
    Mutant(
        "a_line_of_another_number_is_another",
        "posapp/services/bookkeeping/external_cancellations.py",
        "        if same == (line.amount, line.cancelled_at, strip_controls(line.reason)):\n"
        "            return True\n",
        "",
        (
            "tests/faults/test_bent_readings.py::test_console_cancel_with_changing_number_is_recorded_once",
        ),
    ),
    Mutant(
        "an_older_copy_knows_what_may_land",
        "posapp/services/maintenance/recover_journal.py",
        "            _doubt_sends(uow, now)\n",
        "            pass\n",
        (
            "tests/faults/test_bent_readings.py::test_older_copy_waits_for_possible_sends_of_the_newer_file",
        ),
    ),
)
