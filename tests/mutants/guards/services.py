"""Guards of paying, verifying, cancelling and sending: readings are repeated, and money moves
once."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "cancel_acts_on_what_was_seen",
        "posapp/services/refunds/cancel_item.py",
        "            _, item, _ = _guarded(uow, actor, item_id)",
        "            item = summary.item",
        ("tests/integration/test_cancel_item.py::test_payment_during_cancel_counts",),
    ),
    Mutant(
        "cancel_of_an_item_that_was_paid_meanwhile",
        "posapp/services/refunds/cancel_item.py",
        (
            "            if cancel_action_for(item) is not CancelAction.CANCEL:\n"
            "                raise UserError(ErrorCode.PAID_MEANWHILE)"
        ),
        (
            "            if cancel_action_for(item) is not CancelAction.CANCEL:\n"
            "                pass"
        ),
        ("tests/integration/test_cancel_item.py::test_payment_during_cancel_counts",),
    ),
    Mutant(
        "cancel_beside_a_live_qr",
        "posapp/services/refunds/cancel_item.py",
        "        self._close_qr(summary.order.id)",
        "",
        (
            "tests/integration/test_cancel_item.py::test_a_live_qr_is_closed_before_an_item_of_its_order_is_cancelled",
        ),
    ),
    Mutant(
        "cancel_leaves_the_qr_open",
        "posapp/services/refunds/cancel_item.py",
        "            self._poller.poll(live.id, give_up=True)",
        "            self._poller.poll(live.id)",
        (
            "tests/integration/test_cancel_item.py::test_a_live_qr_is_closed_before_an_item_of_its_order_is_cancelled",
        ),
    ),
    Mutant(
        "cancel_keeps_the_stock",
        "posapp/services/bookkeeping/item_cancellation.py",
        (
            "    uow.orders.save_items([cancelled])\n"
            "    uow.orders.restock(item.product_id, item.count)\n"
        ),
        "    uow.orders.save_items([cancelled])\n",
        (
            "tests/integration/test_cancel_item.py::test_two_concurrent_cancels_restock_the_item_once",
        ),
    ),
    Mutant(
        "refund_of_what_is_not_paid",
        "posapp/services/refunds/cancel_item.py",
        (
            "            if not item.is_paid:\n"
            "                raise UserError(ErrorCode.NOT_PAID_YET)\n"
        ),
        "",
        ("tests/integration/test_cancel_item.py::test_uncaptured_payment_is_not_refunded",),
    ),
    Mutant(
        "refund_of_any_amount",
        "posapp/services/refunds/cancel_item.py",
        (
            "            if require_positive(amount) != item.total:\n"
            "                raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)"
        ),
        "",
        (
            "tests/integration/test_cancel_item.py::test_refund_amount_is_the_items_total_not_the_screens",
        ),
    ),
    Mutant(
        "refund_without_a_payment",
        "posapp/services/refunds/cancel_item.py",
        (
            "            payment = uow.payments.accepted_of_order(order.id)\n"
            "            in_cash = is_paid_in_cash(uow, order.id)\n"
            "            if payment is None and not in_cash:\n"
            "                raise UserError(ErrorCode.PAYMENT_UNKNOWN)"
        ),
        (
            "            payment = uow.payments.for_order(order.id)[0]\n"
            "            in_cash = is_paid_in_cash(uow, order.id)"
        ),
        (
            "tests/integration/test_cancel_item.py::test_money_that_did_not_pay_the_order_is_not_an_items",
        ),
    ),
    Mutant(
        "refund_of_any_item",
        "posapp/services/refunds/cancel_item.py",
        "    item = guard_cancel(actor, user, uow.orders.item(item_id))",
        "    item = uow.orders.item(item_id)",
        ("tests/integration/test_cancel_item.py::test_only_buyer_and_seller_refund_an_item",),
    ),
    Mutant(
        "pay_without_guards",
        "posapp/services/payments/start_payment.py",
        "    order = guard_pay(actor, buyer, uow.orders.get(order_id) if buyer else None)",
        "    order = uow.orders.get(order_id)",
        ("tests/integration/test_start_payment.py::test_guards_refuse_before_any_call",),
    ),
    Mutant(
        "pay_on_what_was_seen",
        "posapp/services/payments/start_payment.py",
        ("            buyer, order = _guarded(uow, actor, order_id)\n            guard_reconciled"),
        (
            "            buyer, order = find_user(uow, actor), uow.orders.get(order_id)\n"
            "            guard_reconciled"
        ),
        (
            "tests/integration/test_start_payment_guards.py::test_last_moment_payment_prevents_a_second_qr",
        ),
    ),
    Mutant(
        "pay_any_amount",
        "posapp/services/payments/start_payment.py",
        "        if not self._config.min_amount <= total <= self._config.max_amount:",
        "        if not self._config.min_amount <= total:",
        (
            "tests/integration/test_start_payment.py::test_an_order_without_an_amount_and_a_done_one_are_refused",
        ),
    ),
    Mutant(
        "pay_less_than_kakaopay_takes",
        "posapp/services/payments/start_payment.py",
        "        if not self._config.min_amount <= total <= self._config.max_amount:",
        "        if not total <= self._config.max_amount:",
        (
            "tests/integration/test_start_payment.py::test_an_order_without_an_amount_and_a_done_one_are_refused",
        ),
    ),
    Mutant(
        "pay_before_it_is_kept",
        "posapp/services/payments/start_payment.py",
        ("            uow.commit()\n        self._make_link(attempt, buyer, order, link_made)"),
        "        self._make_link(attempt, buyer, order, link_made)",
        (
            "tests/integration/test_start_payment_guards.py::test_attempt_is_on_the_disk_before_the_first_call",
        ),
    ),
    Mutant(
        "shows_a_code_of_another_link",
        "posapp/ui/payment/payment_controller.py",
        "    matrix = encoded.get(progress.attempt.link_url)",
        "    matrix = next(iter(encoded.values()), None)",
        ("tests/ui/pay/test_payment_screen.py::test_code_is_that_of_the_recorded_link",),
    ),
    Mutant(
        "returns_to_a_qr_that_is_over",
        "posapp/services/payments/start_payment.py",
        "        if live.state is AttemptState.WAITING and not self._is_over(live):",
        "        if live.state is AttemptState.WAITING:",
        (
            "tests/integration/test_start_payment_guards.py::test_a_qr_that_ran_out_is_not_shown_again",
        ),
    ),
    Mutant(
        "unclear_link_is_none",
        "posapp/services/payments/start_payment.py",
        "            clear = error.outcome in (GatewayOutcome.REFUSED, GatewayOutcome.RETRY_SAFE)",
        "            clear = True",
        (
            "tests/integration/test_start_payment_guards.py::test_link_with_unknown_result_is_watched",
        ),
    ),
    Mutant(
        "link_of_an_attempt_that_was_given_up",
        "posapp/services/payments/start_payment.py",
        (
            "            if attempt is not None and attempt.state is AttemptState.CREATED:\n"
            "                made"
        ),
        (
            "            if attempt is not None and attempt.state in (\n"
            "                AttemptState.CREATED,\n"
            "                AttemptState.ABANDONED,\n"
            "            ):\n"
            "                attempt = replace(attempt, state=AttemptState.CREATED)\n"
            "                made"
        ),
        (
            "tests/integration/test_start_payment_guards.py::test_link_of_an_attempt_stopped_meanwhile_is_closed",
        ),
    ),
    Mutant(
        "link_left_open_nobody_saw",
        "posapp/services/payments/start_payment.py",
        "            self._checkout.close(session.handle)",
        "            pass",
        (
            "tests/integration/test_start_payment_guards.py::test_link_of_an_attempt_stopped_meanwhile_is_closed",
        ),
    ),
    Mutant(
        "unclear_link_is_not_watched",
        "posapp/services/payments/start_payment.py",
        "            certain = trigger is AttemptTrigger.LINK_REFUSED",
        "            certain = True",
        (
            "tests/integration/test_start_payment_guards.py::test_link_with_unknown_result_is_watched",
        ),
    ),
    Mutant(
        "qr_stays_open_when_it_is_over",
        "posapp/services/payments/poll_attempt.py",
        "            closed = self._close(attempt) if ending or not attempt.is_live else False",
        "            closed = False",
        ("tests/integration/test_start_payment.py::test_watching_ends_when_it_is_certain",),
    ),
    Mutant(
        "ended_attempt_is_read_by_one_try",
        "posapp/services/payments/poll_attempt.py",
        "            tries = self._fetch_payments(\n"
        "                attempt, thorough=ending is not None or not attempt.is_live\n"
        "            )",
        "            tries = self._fetch_payments(\n"
        "                attempt, thorough=False\n"
        "            )",
        (
            "tests/integration/test_start_payment_guards.py::test_ended_attempt_reads_every_try_even_if_one_is_empty",
        ),
    ),
    Mutant(
        "live_qr_is_read_by_one_try",
        "posapp/services/payments/poll_attempt.py",
        "            return gateway.find_payments(attempt.merchant_uid) or (found,)",
        "            return (found,)",
        (
            "tests/integration/test_live_qr.py::test_a_number_that_is_paid_twice_is_found_while_its_qr_is_live",
        ),
    ),
    Mutant(
        "list_is_believed",
        "posapp/services/payments/poll_attempt.py",
        (
            "            fresh = self._gateways.for_(found.ref).get_payment(found.ref)\n"
            "            if fresh is None:\n"
            "                raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.NOT_FOUND)"
        ),
        "            fresh = found",
        (
            "tests/integration/test_poll_attempt_guards.py::test_list_with_the_right_amount_accepts_no_payment",
        ),
    ),
    Mutant(
        "unread_payment_is_passed_over",
        "posapp/services/payments/poll_attempt.py",
        (
            "            if fresh is None:\n"
            "                raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.NOT_FOUND)"
        ),
        ("            if fresh is None:\n                continue"),
        (
            "tests/integration/test_poll_attempt_guards.py::test_unreadable_listed_payment_leaves_its_attempt_uncertain",
        ),
    ),
    Mutant(
        "unknown_status_is_certain",
        "posapp/services/payments/poll_attempt.py",
        "        unsure = any(one.verdict.problem in UNDECIDED for one in recorded)",
        "        unsure = False",
        (
            "tests/integration/test_poll_attempt_guards.py::test_unknown_status_is_recorded_and_never_certain",
        ),
    ),
    Mutant(
        "unanswered_end_is_an_end",
        "posapp/services/payments/poll_attempt.py",
        "                after = _apply_if_allowed(before, AttemptTrigger.RESPONSE_LOST)",
        "                after = _apply_if_allowed(before, AttemptTrigger.TIMED_OUT)",
        ("tests/integration/test_poll_attempt_guards.py::test_end_without_an_answer_is_not_final",),
    ),
    Mutant(
        "unanswered_is_not_asked_again",
        "posapp/services/payments/poll_attempt.py",
        "            uow.attempts.save(replace(after, next_check_at=again))",
        "            uow.attempts.save(replace(after, next_check_at=None))",
        ("tests/integration/test_poll_attempt_guards.py::test_end_without_an_answer_is_not_final",),
    ),
    Mutant(
        "settled_twice",
        "posapp/services/payments/record_payment.py",
        (
            "            if recorded is not None and recorded.merchant_uid == attempt.merchant_uid:\n"
            "                return RecordedPayment(\n"
            "                    VerificationResult(VerificationAction.NOTHING, PaymentProblem.USED_BEFORE)\n"
            "                )"
        ),
        "",
        ("tests/integration/test_poll_attempt_guards.py::test_payment_is_recorded_once",),
    ),
    Mutant(
        "settled_without_a_return",
        "posapp/services/payments/record_payment.py",
        (
            "        tag = self._ids.refund_tag(None)\n"
            "        return create_auto_refund(uow, payment, reported, problem, tag, now).id"
        ),
        "        return None",
        (
            "tests/integration/test_poll_attempt_guards.py::test_externally_cancelled_part_is_not_refunded_again",
        ),
    ),
    Mutant(
        "returns_all_although_part_is_back",
        "posapp/services/payments/record_payment.py",
        "        amount=reported.refundable_balance,",
        "        amount=reported.amount,",
        (
            "tests/integration/test_poll_attempt_guards.py::test_externally_cancelled_part_is_not_refunded_again",
        ),
        errors=("InvalidAmount",),
    ),
    Mutant(
        "pays_all_items",
        "posapp/services/bookkeeping/cash_records.py",
        "        if item.status is ItemStatus.WAITING_FOR_PAYMENT\n",
        "",
        ("tests/integration/test_poll_attempt_guards.py::test_only_items_that_wait_are_paid",),
    ),
    Mutant(
        "captured_money_is_not_in_the_ledger",
        "posapp/services/payments/record_payment.py",
        (
            "    uow.ledger.append(\n"
            "        _captured(LedgerEvent.PAYMENT_CAPTURED, attempt, reported, Actor.buyer(order.buyer_id), now)\n"
            "    )"
        ),
        "",
        ("tests/integration/test_poll_attempt_guards.py::test_payment_is_recorded_once",),
    ),
    Mutant(
        "rejected_money_is_not_in_the_ledger",
        "posapp/services/payments/record_payment.py",
        (
            "    uow.ledger.append(\n"
            "        _captured(LedgerEvent.PAYMENT_REJECTED, attempt, reported, actor, now, problem.value)\n"
            "    )"
        ),
        "",
        (
            "tests/integration/test_poll_attempt_guards.py::test_externally_cancelled_part_is_not_refunded_again",
        ),
    ),
    Mutant(
        "doubtful_payment_is_not_named",
        "posapp/services/payments/record_payment.py",
        "                _note(uow, attempt, reported, verdict, now)",
        "                pass",
        (
            "tests/integration/test_poll_attempt_guards.py::test_unknown_status_is_recorded_and_never_certain",
        ),
    ),
    Mutant(
        "qr_lives_although_paid_otherwise",
        "posapp/services/payments/poll_attempt.py",
        "        if give_up or paid_otherwise or attempt.state is not AttemptState.WAITING:",
        "        if give_up or attempt.state is not AttemptState.WAITING:",
        (
            "tests/integration/test_record_payment_guards.py::test_qr_ends_when_its_order_is_paid_by_another",
        ),
    ),
    Mutant(
        "failed_although_a_try_is_open",
        "posapp/services/payments/poll_attempt.py",
        "    if failed and not open_try and all(not one.was_captured for one in tries):",
        "    if failed and all(not one.was_captured for one in tries):",
        (
            "tests/integration/test_poll_attempt_guards.py::test_a_failed_try_beside_an_open_one_ends_nothing",
        ),
    ),
    Mutant(
        "uncertain_attempt_waits_at_a_start",
        "posapp/services/payments/poll_attempt.py",
        "        uow.attempts.save(replace(attempt, next_check_at=now))",
        "        uow.attempts.save(attempt)",
        (
            "tests/integration/test_record_payment_guards.py::test_start_polls_every_uncertain_attempt",
        ),
    ),
    Mutant(
        "settled_although_recorded",
        "posapp/services/payments/record_payment.py",
        "                recorded=recorded,\n",
        "                recorded=None,\n",
        ("tests/integration/test_record_payment_guards.py::test_a_payment_pays_one_order",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "settled_as_in_a_test_shop",
        "posapp/services/payments/record_payment.py",
        "                live=self._live,\n",
        "                live=False,\n",
        ("tests/integration/test_record_payment_guards.py::test_a_live_till_takes_no_test_money",),
    ),
    Mutant(
        "our_own_refunds_reject_a_payment",
        "posapp/services/payments/record_payment.py",
        "            as_reported = without_own_refunds(reported)",
        "            as_reported = reported",
        (
            "tests/integration/test_record_payment_guards.py::test_payment_with_an_item_refund_of_ours_was_accepted",
        ),
    ),
    Mutant(
        "cancels_of_others_are_ours",
        "posapp/services/payments/record_payment.py",
        ("    if not any(map(is_of_item, reported.cancellations)):\n        return reported\n"),
        "",
        ("tests/unit/test_record_payment_rules.py::test_external_cancels_are_detected",),
    ),
    Mutant(
        "a_copy_without_a_journal_sends_at_once",
        "posapp/services/maintenance/recover_journal.py",
        "        if is_behind:\n            _doubt_sends",
        "        if database_is_older:\n            _doubt_sends",
        (
            "tests/faults/test_sends_in_the_journal.py::test_unsent_refunds_of_a_copy_wait_without_the_journal",
        ),
    ),
    Mutant(
        "a_copy_is_compared_but_once",
        "posapp/services/reconciliation/reconcile_schedule.py",
        "            if caught_up:\n",
        "            if False:\n",
        (
            "tests/faults/test_sends_in_the_journal.py::test_older_file_is_compared_again_when_no_send_can_arrive",
        ),
    ),
    Mutant(
        "sent_before_it_is_in_the_journal",
        "posapp/services/refunds/refund_worker.py",
        "            self._keep_intent(entry.refund_id)\n",
        "",
        (
            "tests/faults/test_sends_in_the_journal.py::test_send_carried_out_after_the_copy_was_compared_is_recognised",
        ),
    ),
    Mutant(
        "a_lost_intent_is_not_looked_for_before_a_send",
        "posapp/services/refunds/refund_worker.py",
        "            if self._record_lost_intents(entry.refund_id):\n",
        "            if False:\n",
        (
            "tests/faults/test_sends_in_the_journal.py::test_a_lost_intent_of_another_item_is_entered_before_anything_is_sent",
        ),
    ),
    Mutant(
        "a_lost_intent_without_room_is_no_doubt",
        "posapp/services/maintenance/recover_journal.py",
        "    if lost and not entered and refund.last_unknown_at is None:\n",
        "    if False:\n",
        (
            "tests/faults/test_sends_in_the_journal.py::test_lost_intent_of_a_later_refunded_payment_is_not_refunded_twice",
        ),
    ),
    Mutant(
        "program_sends_without_a_journal",
        "posapp/app/container.py",
        "        journal=maintenance.journal,",
        "        journal=None,",
        (
            "tests/faults/test_sends_in_the_journal.py::test_the_program_sends_nothing_that_is_not_in_its_journal",
        ),
    ),
    Mutant(
        "person_s_refund_is_settled",
        "posapp/services/refunds/refund_worker.py",
        "                held = uow.outbox.abandon(entry, result.why)",
        "                held = uow.outbox.settle(entry)",
        (
            "tests/integration/test_refund_worker_guards.py::test_review_blocks_other_refunds_of_its_payment",
        ),
    ),
    Mutant(
        "later_is_over",
        "posapp/services/refunds/refund_worker.py",
        "                held = uow.outbox.postpone(entry, due_at, result.why)",
        "                held = uow.outbox.settle(entry)",
        (
            "tests/integration/test_refund_worker_guards.py::test_refund_to_retry_stays_in_the_outbox",
        ),
    ),
    Mutant(
        "poll_does_not_obey_retry_after",
        "posapp/services/payments/poll_attempt.py",
        "            again = retry_poll_at(after, now, self._live_retry, error.retry_after)",
        "            again = retry_poll_at(after, now, self._live_retry, None)",
        (
            "tests/integration/test_poll_attempt_guards.py::test_poll_waits_as_long_as_retry_after_says",
        ),
    ),
    Mutant(
        "retry_after_is_not_obeyed",
        "posapp/services/refunds/refund_worker.py",
        "        pause = max(pause, timedelta(seconds=retry_after)) + apart",
        "        pause = pause + apart",
        (
            "tests/integration/test_refund_worker_guards.py::test_portone_is_not_called_before_its_retry_time",
        ),
    ),
    Mutant(
        "landing_is_not_waited_for",
        "posapp/services/refunds/refund_worker.py",
        "    return max(pause, result.pause or timedelta(0))",
        "    return pause",
        (
            "tests/integration/test_refund_worker_guards.py::test_refused_send_waits_until_an_unclear_one_can_no_longer_arrive",
        ),
    ),
    Mutant(
        "a_bug_keeps_the_lease",
        "posapp/services/refunds/refund_worker.py",
        ("            self._give_back(entry, type(bug).__name__)\n            raise"),
        "            raise",
        (
            "tests/integration/test_refund_worker_guards.py::test_a_bug_in_a_round_gives_its_entry_back",
        ),
    ),
    Mutant(
        "attempt_of_no_till",
        "posapp/services/payments/start_payment.py",
        "                    till=uow.record_ids.till,\n",
        "",
        ("tests/integration/test_till_number.py::test_sales_and_refunds_of_all_kinds",),
    ),
    Mutant(
        "payment_of_no_till",
        "posapp/services/payments/record_payment.py",
        "        till=attempt.till,\n",
        "",
        ("tests/integration/test_till_number.py::test_sales_and_refunds_of_all_kinds",),
    ),
    Mutant(
        "refund_of_no_till",
        "posapp/services/bookkeeping/refund_records.py",
        "        till=uow.record_ids.till,\n",
        "",
        ("tests/integration/test_till_number.py::test_sales_and_refunds_of_all_kinds",),
    ),
    Mutant(
        "external_cancellation_of_no_till",
        "posapp/services/bookkeeping/external_cancellations.py",
        "        till=uow.record_ids.till,\n",
        "",
        ("tests/integration/test_till_number.py::test_sales_and_refunds_of_all_kinds",),
    ),
    Mutant(
        "restored_refund_of_no_till",
        "posapp/services/bookkeeping/restored_refunds.py",
        "        till=uow.record_ids.till,\n",
        "",
        (
            "tests/integration/test_till_number.py::test_a_refund_and_a_payment_that_only_portone_has",
        ),
    ),
    Mutant(
        "restored_attempt_of_no_till",
        "posapp/services/reconciliation/restore_payment.py",
        "        till=till,\n",
        "",
        (
            "tests/integration/test_till_number.py::test_a_refund_and_a_payment_that_only_portone_has",
        ),
    ),
    Mutant(
        "claimed_payment_of_no_till",
        "posapp/services/importing/verify_claims.py",
        "            till=till,\n",
        "",
        ("tests/integration/test_till_number.py::test_a_payment_that_a_file_claimed",),
    ),
    Mutant(
        "claimed_refund_of_no_till",
        "posapp/services/importing/verify_claims.py",
        "expected_balance=balance, till=till)",
        "expected_balance=balance)",
        ("tests/integration/test_till_number.py::test_a_payment_that_a_file_claimed",),
    ),
)
