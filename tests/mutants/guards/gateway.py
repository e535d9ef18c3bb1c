"""Guards of the gateway's port: keys of sends, states of cancellations, cursors, checkouts."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "key_without_its_send",
        "posapp/services/ports/gateway.py",
        (
            "            self.send_number,\n"
            "            self.refund_holder,\n"
            "            *((int(self.tax_free),) if self.tax_free else ()),\n"
            "        )\n"
            '        digest = sha256(json.dumps(content).encode("ascii")).hexdigest()\n'
            '        readable = re.sub(r"[^0-9A-Za-z-]", "", self.tag)[:KEY_TAG_LIMIT]\n'
            '        return f"{readable}.{self.send_number}.{digest[:32]}"\n'
        ),
        (
            "            self.refund_holder,\n"
            "            *((int(self.tax_free),) if self.tax_free else ()),\n"
            "        )\n"
            '        digest = sha256(json.dumps(content).encode("ascii")).hexdigest()\n'
            '        readable = re.sub(r"[^0-9A-Za-z-]", "", self.tag)[:KEY_TAG_LIMIT]\n'
            '        return f"{readable}.{digest[:32]}"\n'
        ),
        ("tests/unit/test_refund_command.py::test_another_content_has_another_key",),
    ),
    Mutant(
        "key_without_its_amount",
        "posapp/services/ports/gateway.py",
        "            int(self.amount),\n",
        "",
        ("tests/unit/test_refund_command.py::test_another_content_has_another_key",),
    ),
    Mutant(
        "every_send_is_the_first",
        "posapp/services/refunds/refund_protocol.py",
        "                    send_number=sending.send_count,\n",
        "                    send_number=1,\n",
        (
            "tests/integration/test_refund_protocol.py::test_each_send_has_a_number_and_a_key_of_its_own",
        ),
    ),
    Mutant(
        "failed_line_is_evidence",
        "posapp/domain/payments.py",
        "        return self._in_state(CancellationState.SUCCEEDED)\n",
        "        return tuple(one for one in self.history if one.state.value != 'requested')\n",
        (
            "tests/unit/test_cancellation_states.py::test_a_failed_line_is_in_no_sum_and_is_no_evidence",
            "tests/integration/test_cancellation_states.py::test_unfinished_line_is_not_recorded",
        ),
    ),
    Mutant(
        "requested_line_is_done",
        "posapp/domain/payments.py",
        "        return self._in_state(CancellationState.SUCCEEDED)\n",
        "        return tuple(one for one in self.history if one.state.value != 'failed')\n",
        (
            "tests/unit/test_cancellation_states.py::test_a_requested_line_is_neither_done_nor_free",
            "tests/integration/test_cancellation_states.py::test_unfinished_line_is_not_recorded",
        ),
    ),
    Mutant(
        "requested_line_is_free",
        "posapp/domain/refund_evidence.py",
        (
            "    if reported.requested_cancellations:\n"
            "        return RefundCheck.PENDING\n"
            "    if reported.is_unclear:\n"
            "        return RefundCheck.UNCLEAR\n"
        ),
        (
            "    if reported.is_unclear and not reported.requested_cancellations:\n"
            "        return RefundCheck.UNCLEAR\n"
        ),
        (
            "tests/unit/test_cancellation_states.py::test_a_requested_line_is_neither_done_nor_free",
            "tests/integration/test_cancellation_states.py::test_refund_waits_for_a_requested_external_cancel",
        ),
    ),
    Mutant(
        "requested_line_needs_a_person",
        "posapp/domain/refund_evidence.py",
        ("    if reported.requested_cancellations:\n        return RefundCheck.PENDING\n"),
        "",
        (
            "tests/integration/test_cancellation_states.py::test_a_requested_refund_is_read_again_until_it_is_done",
        ),
    ),
    Mutant(
        "requested_money_pays_an_order",
        "posapp/domain/payments.py",
        ("        if self.requested_cancellations:\n            return True\n"),
        "",
        (
            "tests/unit/test_cancellation_states.py::test_payment_with_a_pending_cancel_pays_no_order",
            "tests/integration/test_cancellation_states.py::test_a_cancel_that_failed_beside_a_requested_one_is_not_believed",
        ),
    ),
    Mutant(
        "requested_money_is_forgotten",
        "posapp/domain/payments.py",
        "            history=self.requested_cancellations,\n",
        "            history=(),\n",
        (
            "tests/unit/test_cancellation_states.py::test_payment_with_a_pending_cancel_pays_no_order",
        ),
    ),
    Mutant(
        "any_state_of_an_answer_confirms",
        "posapp/domain/refund_evidence.py",
        "    if answer.state is not CancellationState.SUCCEEDED or shown is None:\n",
        "    if shown is None:\n",
        (
            "tests/unit/test_cancellation_states.py::test_answer_with_an_unfinished_cancel_confirms_nothing",
        ),
    ),
    Mutant(
        "another_line_is_named",
        "posapp/domain/refund_evidence.py",
        "        and (answer.line is None or answer.line.cancellation_id == new.cancellation_id)\n",
        "",
        (
            "tests/unit/test_cancellation_states.py::test_without_our_tag_the_line_that_is_named_has_to_be_the_new_one",
        ),
    ),
    Mutant(
        "failed_answer_is_unclear",
        "posapp/services/refunds/refund_protocol.py",
        "        if answer.state is CancellationState.FAILED:\n",
        "        if False:\n",
        (
            "tests/integration/test_cancellation_states.py::test_a_cancel_that_failed_at_once_is_a_refusal",
        ),
    ),
    Mutant(
        "failed_answer_is_believed_unread",
        "posapp/services/refunds/refund_protocol.py",
        "            return self._after_refusal(sending, reported, failed)\n",
        (
            "            self._completion.reject(sending.id, reported, failed)\n"
            "            return StepResult(StepOutcome.OVER)\n"
        ),
        (
            "tests/integration/test_cancellation_states.py::test_a_cancel_that_failed_beside_a_requested_one_is_not_believed",
        ),
    ),
    Mutant(
        "acceptance_is_not_stored",
        "posapp/services/refunds/refund_protocol.py",
        "                accepted_line=accepted_line,\n",
        "",
        (
            "tests/integration/test_cancellation_states.py::test_an_accepted_refund_that_is_not_shown_is_never_sent_again_by_time",
        ),
    ),
    Mutant(
        "acceptance_is_not_in_the_file",
        "posapp/store/repositories/refunds.py",
        '    "accepted_line",\n',
        "",
        (
            "tests/integration/test_cancellation_states.py::test_an_accepted_refund_that_is_not_shown_is_never_sent_again_by_time",
        ),
    ),
    Mutant(
        "acceptance_ends_with_time",
        "posapp/domain/refund_evidence.py",
        ("    if may_be_carried_out(refund, reported):\n        return RefundCheck.ACCEPTED\n"),
        "",
        (
            "tests/unit/test_cancellation_states.py::test_an_accepted_send_is_over_only_when_its_line_failed",
            "tests/integration/test_cancellation_states.py::test_an_accepted_refund_that_is_not_shown_is_never_sent_again_by_time",
        ),
    ),
    Mutant(
        "any_failed_line_is_the_accepted_one",
        "posapp/domain/refund_evidence.py",
        "        return all(line.cancellation_id != refund.accepted_line for line in failed)\n",
        "        return not failed\n",
        (
            "tests/unit/test_cancellation_states.py::test_an_accepted_send_is_over_only_when_its_line_failed",
            "tests/integration/test_cancellation_states.py::test_an_accepted_refund_is_sent_again_only_after_its_own_line_failed",
        ),
    ),
    Mutant(
        "failed_line_of_an_earlier_send_frees_the_last",
        "posapp/domain/refund_evidence.py",
        "    return len(own) < max(1, refund.send_count)\n",
        "    return not own\n",
        (
            "tests/unit/test_cancellation_states.py::test_an_accepted_send_is_over_only_when_its_line_failed",
            "tests/integration/test_cancellation_states.py::test_an_accepted_refund_is_sent_again_only_after_its_own_line_failed",
        ),
    ),
    Mutant(
        "acceptance_needs_no_person",
        "posapp/services/refunds/refund_protocol.py",
        "            return self._unclear(refund, rounds, UNSHOWN)\n",
        "            return StepResult(StepOutcome.LATER, UNSHOWN)\n",
        (
            "tests/integration/test_cancellation_states.py::test_an_accepted_refund_that_is_not_shown_is_never_sent_again_by_time",
        ),
    ),
    Mutant(
        "person_without_a_reason",
        "posapp/services/refunds/refund_protocol.py",
        "        why = error.text or error.cause.value\n",
        "        why = error.text\n",
        (
            "tests/integration/test_cancellation_states.py::test_return_of_a_rejected_payment_that_failed_goes_to_a_person_with_a_reason",
        ),
    ),
    Mutant(
        "accepted_sends_have_an_end",
        "posapp/services/refunds/refund_protocol.py",
        "            self._note(sending, RefundTrigger.RESPONSE_UNKNOWN, accepted_line=line)\n",
        (
            "            noted = self._note(\n"
            "                sending, RefundTrigger.RESPONSE_UNKNOWN, accepted_line=line\n"
            "            )\n"
            "            if noted is not None and noted.send_count == MAX_SENDS:\n"
            "                return self._give_to_person(noted, REQUESTED)\n"
        ),
        (
            "tests/integration/test_cancellation_states.py::test_an_accepted_send_does_not_count_to_the_most_sends",
        ),
    ),
    Mutant(
        "reading_of_another_provider",
        "posapp/domain/refund_evidence.py",
        "    return reported.ref == payment.ref\n",
        "    return reported.ref.provider_id == payment.ref.provider_id and (\n        reported.ref.merchant_uid == payment.ref.merchant_uid\n    )\n",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "answer_of_another_provider",
        "posapp/domain/refund_evidence.py",
        "    return (before.ref, before.amount, before.sandbox) == (\n        after.ref,\n",
        (
            "    return (before.imp_uid, before.merchant_uid, before.amount, before.sandbox) == (\n"
            "        after.imp_uid,\n"
            "        after.merchant_uid,\n"
        ),
        ("tests/unit/test_refund_rules.py::test_an_answer_about_another_payment_proves_nothing",),
    ),
    Mutant(
        "decision_while_a_cancel_is_requested",
        "posapp/services/refunds/unresolved_money.py",
        "            or reported.requested_cancellations\n",
        "",
        (
            "tests/integration/test_cancellation_states.py::test_requested_cancel_accepts_no_decision",
        ),
    ),
    Mutant(
        "link_without_a_registered_amount",
        "posapp/portone/checkout.py",
        "            self._gateway.prepare(order.merchant_uid, order.amount)\n",
        "            pass\n",
        ("tests/portone/test_checkout.py::test_the_amount_is_registered_before_there_is_a_link",),
    ),
    Mutant(
        "unclear_registration_is_an_unclear_link",
        "posapp/portone/checkout.py",
        "            if error.outcome is GatewayOutcome.UNKNOWN:\n                raise _without_link(error) from error\n",
        "",
        (
            "tests/portone/test_checkout.py::test_without_a_registration_there_is_certainly_no_page",
            "tests/integration/test_start_payment_guards.py::test_a_number_without_a_clear_registration_gets_no_link",
        ),
    ),
    Mutant(
        "a_strategy_for_every_provider",
        "posapp/services/refunds/refund_strategy.py",
        "        strategy = self._strategies.get(method)\n",
        "        strategy = next(iter(self._strategies.values()))\n",
        (
            "tests/integration/test_refund_strategies.py::test_refund_without_a_strategy_needs_review_and_is_not_sent",
        ),
    ),
    Mutant(
        "refund_without_a_strategy_waits_in_silence",
        "posapp/services/refunds/refund_strategy.py",
        "                given = refund.apply(RefundTrigger.ESCALATED)\n",
        "                given = refund\n",
        (
            "tests/integration/test_refund_strategies.py::test_refund_without_a_strategy_needs_review_and_is_not_sent",
        ),
    ),
    Mutant(
        "cut_off_send_of_a_person_is_clear",
        "posapp/services/refunds/refund_strategy.py",
        "                refund = replace(unclear, last_unknown_at=self._clock.now())\n",
        "                refund = unclear\n",
        (
            "tests/integration/test_refund_strategies.py::test_interrupted_send_without_a_strategy_needs_review",
        ),
    ),
    Mutant(
        "the_current_gateway_for_every_payment",
        "posapp/services/runtime/gateways.py",
        "        found = self._gateways.get(provider)\n",
        "        found = list(self._gateways.values())[-1]\n",
        (
            "tests/integration/test_refund_strategies.py::test_earlier_payments_are_read_and_refunded_by_their_own_provider",
            "tests/integration/test_refund_strategies.py::test_decision_uses_a_reading_of_the_payments_own_provider",
            "tests/integration/test_refund_strategies.py::test_a_provider_has_one_gateway",
        ),
        ("AssertionError",),
    ),
    Mutant(
        "page_of_another_provider_is_closed",
        "posapp/services/payments/poll_attempt.py",
        "            and attempt.provider is self._checkout.provider  # another's page ends by itself\n",
        "",
        (
            "tests/integration/test_refund_strategies.py::test_a_qr_of_an_earlier_provider_is_still_polled",
        ),
    ),
)
