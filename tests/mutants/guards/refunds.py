"""Guards of refunds: what a reading must show before money goes out, and when a refund has ended."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "own_line_of_any_amount",
        "posapp/domain/refunds.py",
        "line.reason.rstrip().endswith(refund.tag) and line.amount == refund.amount",
        "line.reason.rstrip().endswith(refund.tag)",
        ("tests/unit/test_refund_evidence.py::test_our_tag_with_another_amount_is_not_our_refund",),
    ),
    Mutant(
        "own_line_of_any_tag",
        "posapp/domain/refunds.py",
        "line.reason.rstrip().endswith(refund.tag) and line.amount == refund.amount",
        "line.amount == refund.amount",
        (
            "tests/unit/test_refund_rules.py::test_untagged_line_of_the_same_amount_is_unclear_before_any_send",
        ),
    ),
    Mutant(
        "own_line_among_a_person_s_words",
        "posapp/domain/refunds.py",
        "line.reason.rstrip().endswith(refund.tag) and line.amount",
        "refund.tag in line.reason and line.amount",
        ("tests/unit/test_refund_rules.py::test_a_tag_within_a_persons_text_is_no_proof",),
    ),
    Mutant(
        "unsent_although_sent",
        "posapp/domain/refunds.py",
        "return self.state is RefundState.APPROVED and self.send_count == 0",
        "return self.state is RefundState.APPROVED",
        (
            "tests/unit/test_refund_rules.py::test_a_whole_cancel_leaves_nothing_to_ask_before_the_first_send",
        ),
    ),
    Mutant(
        "examine_another_payment",
        "posapp/domain/refund_evidence.py",
        (
            "    if not is_our_payment(records.payment, reported):\n"
            "        return RefundCheck.UNCLEAR\n"
        ),
        "",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "examine_another_number",
        "posapp/domain/refund_evidence.py",
        ("        shows_our_number(payment, reported)\n        and shows"),
        "        shows",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "examine_another_merchant_uid",
        "posapp/domain/refund_evidence.py",
        "    return reported.ref == payment.ref\n",
        "    return reported.imp_uid == payment.imp_uid\n",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "examine_another_amount",
        "posapp/domain/refund_evidence.py",
        "        and shows_our_amount(payment, reported)\n",
        "",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "examine_another_channel",
        "posapp/domain/refund_evidence.py",
        "        and shows_our_channel(payment, reported)\n",
        "",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "examine_test_money_for_real",
        "posapp/domain/refund_evidence.py",
        ("    if reported.sandbox != payment.sandbox:\n        return False\n"),
        "",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "examine_another_currency",
        "posapp/domain/refund_evidence.py",
        "    return reported.in_won and reported.by_kakaopay is True",
        "    return reported.by_kakaopay is True",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "examine_another_provider",
        "posapp/domain/refund_evidence.py",
        "    return reported.in_won and reported.by_kakaopay is True",
        "    return reported.in_won",
        (
            "tests/unit/test_refund_rules.py::test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag",
        ),
    ),
    Mutant(
        "examine_what_does_not_go_together",
        "posapp/domain/refund_evidence.py",
        ("    if reported.is_unclear:\n        return RefundCheck.UNCLEAR\n"),
        "",
        ("tests/unit/test_refund_rules.py::test_an_unknown_status_is_unclear",),
    ),
    Mutant(
        "examine_a_history_that_does_not_add_up",
        "posapp/domain/refund_evidence.py",
        "    if not adds_up(reported) or has_own_tag_otherwise(refund, reported):",
        "    if has_own_tag_otherwise(refund, reported):",
        ("tests/unit/test_refund_evidence.py::test_a_history_that_does_not_add_up_is_unclear",),
    ),
    Mutant(
        "examine_a_history_that_shows_less",
        "posapp/domain/refund_evidence.py",
        "    return sum(line.amount for line in reported.cancellations) == reported.cancelled",
        "    return sum(line.amount for line in reported.cancellations) <= reported.cancelled",
        ("tests/unit/test_refund_evidence.py::test_a_history_that_does_not_add_up_is_unclear",),
    ),
    Mutant(
        "examine_a_history_that_shows_more",
        "posapp/domain/refund_evidence.py",
        "    return sum(line.amount for line in reported.cancellations) == reported.cancelled",
        "    return sum(line.amount for line in reported.cancellations) >= reported.cancelled",
        ("tests/unit/test_refund_evidence.py::test_a_history_that_does_not_add_up_is_unclear",),
    ),
    Mutant(
        "examine_a_doubtful_line",
        "posapp/domain/refund_evidence.py",
        (
            "    if unattributed_cancellations(refund, reported, records):\n"
            "        return RefundCheck.UNCLEAR\n"
        ),
        "",
        (
            "tests/unit/test_refund_rules.py::test_untagged_line_of_the_same_amount_is_unclear_before_any_send",
        ),
    ),
    Mutant(
        "examine_any_balance",
        "posapp/domain/refund_evidence.py",
        "    if has_nothing_left(reported) or reported.refundable_balance < refund.amount:",
        "    if has_nothing_left(reported):",
        ("tests/unit/test_refund_rules.py::test_a_balance_too_small_or_no_payment_is_refused",),
    ),
    Mutant(
        "examine_a_balance_that_is_just_enough",
        "posapp/domain/refund_evidence.py",
        "    if has_nothing_left(reported) or reported.refundable_balance < refund.amount:",
        "    if has_nothing_left(reported) or reported.refundable_balance <= refund.amount:",
        ("tests/unit/test_refund_rules.py::test_enough_balance_and_no_tag_can_be_sent",),
    ),
    Mutant(
        "examine_a_payment_without_money",
        "posapp/domain/refund_evidence.py",
        "    return reported.refundable_balance <= 0 or not reported.was_captured",
        "    return reported.refundable_balance <= 0",
        ("tests/unit/test_refund_rules.py::test_a_balance_too_small_or_no_payment_is_refused",),
    ),
    Mutant(
        "examine_a_named_difference",
        "posapp/domain/refund_evidence.py",
        ("    if records.in_doubt:\n        return RefundCheck.UNCLEAR\n"),
        "",
        ("tests/unit/test_refund_rules.py::test_open_mismatch_stops_the_send_and_not_the_proof",),
    ),
    Mutant(
        "doubtful_but_for_the_item_s_number",
        "posapp/domain/refund_evidence.py",
        (
            "            names_item(refund, line, records)\n"
            "            or may_have_taken_its_pieces(refund, line, reported, records)\n"
        ),
        "            may_have_taken_its_pieces(refund, line, reported, records)\n",
        ("tests/unit/test_refund_rules.py::test_no_send_for_an_item_named_in_any_tag",),
    ),
    Mutant(
        "doubtful_although_accounted_for",
        "posapp/domain/refund_evidence.py",
        (
            "            or (not is_accounted_for(refund, line, records)"
            " and may_be_of(refund, line, records))"
        ),
        "            or may_be_of(refund, line, records)",
        (
            "tests/unit/test_refund_rules.py::test_line_recorded_as_external_may_be_the_item_until_reviewed",
        ),
    ),
    Mutant(
        "a_recorded_return_names_the_payment",
        "posapp/domain/refund_evidence.py",
        "    return refund.item_id is not None or line.cancellation_id not in records.lines",
        "    return True",
        (
            "tests/unit/test_refund_rules.py::test_no_part_can_be_meant_for_the_rest_of_a_rejected_payment",
        ),
    ),
    Mutant(
        "a_recorded_tag_names_no_item",
        "posapp/domain/refund_evidence.py",
        "    return refund.item_id is not None or line.cancellation_id not in records.lines",
        "    return line.cancellation_id not in records.lines",
        ("tests/unit/test_refund_rules.py::test_no_send_for_an_item_named_in_any_tag",),
    ),
    Mutant(
        "a_tag_without_its_punctuation_is_another_s",
        "posapp/domain/merchant_numbers.py",
        "        return _may_be_begun(reason) or number in named or may_be_part",
        "        return _may_be_begun(reason) or may_be_part",
        ("tests/unit/test_refund_rules.py::test_half_a_tag_that_may_name_the_item_is_unclear",),
    ),
    Mutant(
        "an_earlier_record_is_accounted_for",
        "posapp/domain/refund_evidence.py",
        "    if refund.item_id is None and record.id < refund.id:",
        "    if record.id < refund.id:",
        (
            "tests/unit/test_refund_rules.py::test_line_recorded_as_external_may_be_the_item_until_reviewed",
        ),
    ),
    Mutant(
        "a_later_record_is_accounted_for",
        "posapp/domain/refund_evidence.py",
        "    return record.id <= refund.reviewed_to",
        "    return True",
        (
            "tests/unit/test_refund_rules.py::test_line_recorded_as_external_may_be_the_item_until_reviewed",
        ),
    ),
    Mutant(
        "a_person_s_word_counts_for_later_lines",
        "posapp/domain/refund_evidence.py",
        "    return record.id <= refund.reviewed_to",
        "    return refund.reviewed_to > 0",
        (
            "tests/unit/test_refund_rules.py::test_line_recorded_as_external_may_be_the_item_until_reviewed",
        ),
    ),
    Mutant(
        "half_a_tag_is_another_s",
        "posapp/domain/refund_evidence.py",
        "    return may_name_item(line.reason, refund.item_id) or fits_amount(refund, line, records)",
        "    return fits_amount(refund, line, records)",
        ("tests/unit/test_refund_rules.py::test_half_a_tag_that_may_name_the_item_is_unclear",),
    ),
    Mutant(
        "a_fitting_amount_is_another_s",
        "posapp/domain/refund_evidence.py",
        "    return may_name_item(line.reason, refund.item_id) or fits_amount(refund, line, records)",
        "    return may_name_item(line.reason, refund.item_id)",
        (
            "tests/unit/test_refund_rules.py::test_untagged_line_of_the_same_amount_is_unclear_before_any_send",
        ),
    ),
    Mutant(
        "a_sent_return_is_no_part",
        "posapp/domain/refund_evidence.py",
        "    if refund.origin is RefundOrigin.REJECTED_PAYMENT and refund.was_never_sent:",
        "    if refund.origin is RefundOrigin.REJECTED_PAYMENT:",
        (
            "tests/unit/test_refund_rules.py::test_no_part_can_be_meant_for_the_rest_of_a_rejected_payment",
        ),
    ),
    Mutant(
        "half_a_number_is_another_item_s",
        "posapp/domain/merchant_numbers.py",
        "    if digits == number if whole else number.startswith(digits):",
        "    if digits == number:",
        ("tests/unit/test_refund_rules.py::test_half_a_tag_that_may_name_the_item_is_unclear",),
    ),
    Mutant(
        "a_tag_that_is_only_begun_is_none",
        "posapp/domain/merchant_numbers.py",
        "        return _may_be_begun(reason) or number in named or may_be_part",
        "        return number in named or may_be_part",
        ("tests/unit/test_refund_rules.py::test_half_a_tag_that_may_name_the_item_is_unclear",),
    ),
    Mutant(
        "new_line_one_of_two",
        "posapp/domain/refund_evidence.py",
        "    if len(fresh) != 1 or fresh[0].amount != refund.amount:",
        "    if not fresh or fresh[0].amount != refund.amount:",
        ("tests/unit/test_refund_rules.py::test_answer_whose_new_line_is_external_proves_nothing",),
    ),
    Mutant(
        "new_line_of_any_amount",
        "posapp/domain/refund_evidence.py",
        "    if len(fresh) != 1 or fresh[0].amount != refund.amount:",
        "    if len(fresh) != 1:",
        ("tests/unit/test_refund_evidence.py::test_a_new_line_of_another_amount_proves_nothing",),
    ),
    Mutant(
        "new_line_of_before",
        "posapp/domain/refund_evidence.py",
        ("if line.cancellation_id not in old]\n    if len(fresh)"),
        ("if line not in old]\n    if len(fresh)"),
        (
            "tests/unit/test_refund_rules.py::test_a_clear_answer_without_our_tag_counts_by_its_arithmetic_alone",
        ),
    ),
    Mutant(
        "new_line_with_another_s_tag",
        "posapp/domain/refund_evidence.py",
        '    return fresh[0] if trailing_tag(fresh[0].reason) in ("", refund.tag) else None',
        "    return fresh[0]",
        ("tests/unit/test_refund_rules.py::test_answer_whose_new_line_is_external_proves_nothing",),
    ),
    Mutant(
        "landed_in_another_payment",
        "posapp/domain/refund_evidence.py",
        ("    if not is_same_payment(before, shown):\n        return False\n"),
        "",
        ("tests/unit/test_refund_rules.py::test_an_answer_about_another_payment_proves_nothing",),
    ),
    Mutant(
        "landed_at_any_balance",
        "posapp/domain/refund_evidence.py",
        "        and shown.refundable_balance == before.refundable_balance - refund.amount\n",
        "",
        ("tests/unit/test_refund_evidence.py::test_an_answer_with_another_balance_proves_nothing",),
    ),
    Mutant(
        "landed_without_a_line",
        "posapp/domain/refund_evidence.py",
        "        and new is not None\n",
        "",
        ("tests/unit/test_refund_rules.py::test_answer_whose_new_line_is_external_proves_nothing",),
    ),
    Mutant(
        "refused_although_the_balance_moved",
        "posapp/domain/refund_evidence.py",
        "        and after.refundable_balance == before.refundable_balance\n",
        "",
        (
            "tests/unit/test_refund_evidence.py::test_a_refusal_beside_a_smaller_balance_is_not_borne_out",
        ),
    ),
    Mutant(
        "refused_although_lines_are_others",
        "posapp/domain/refund_evidence.py",
        "        and _line_numbers(after) == _line_numbers(before)\n",
        "",
        (
            "tests/unit/test_refund_rules.py::test_a_refusal_is_borne_out_by_a_reading_that_shows_nothing",
        ),
    ),
    Mutant(
        "refused_although_our_tag_is_there",
        "posapp/domain/refund_evidence.py",
        "        and not any(refund.tag in line.reason for line in after.cancellations)\n",
        "",
        ("tests/unit/test_refund_evidence.py::test_a_refusal_beside_our_own_tag_is_not_borne_out",),
    ),
    Mutant(
        "refused_although_the_item_s_tag_is_there",
        "posapp/domain/refund_evidence.py",
        "        and not any(_has_tag_of_item(refund, line) for line in after.cancellations)\n",
        "",
        (
            "tests/unit/test_refund_rules.py::test_a_refusal_is_borne_out_by_a_reading_that_shows_nothing",
        ),
    ),
    Mutant(
        "refused_at_an_unclear_reading",
        "posapp/domain/refund_evidence.py",
        "        and not after.is_unclear\n",
        "",
        (
            "tests/unit/test_refund_rules.py::test_a_refusal_is_borne_out_by_a_reading_that_shows_nothing",
        ),
    ),
    Mutant(
        "refused_although_a_line_is_left_out",
        "posapp/domain/refund_evidence.py",
        ("        and adds_up(after)\n        and after.refundable_balance"),
        "        and after.refundable_balance",
        (
            "tests/unit/test_refund_evidence.py::test_a_refusal_beside_a_history_that_does_not_add_up_is_not_borne_out",
        ),
    ),
    Mutant(
        "cut_off_send_is_sent_again",
        "posapp/services/refunds/refund_protocol.py",
        (
            "            if refund.state is not RefundState.SENDING:\n"
            "                return refund, ref\n"
        ),
        (
            "            if refund.state is not RefundState.SENDING:\n"
            "                return refund, ref\n"
            "            return replace(refund, state=RefundState.APPROVED, send_count=0), ref\n"
        ),
        (
            "tests/integration/test_refund_protocol.py::test_a_send_that_was_cut_off_is_unclear_at_the_next_start",
        ),
    ),
    Mutant(
        "cut_off_send_cannot_land",
        "posapp/services/refunds/refund_protocol.py",
        "refund.apply(RefundTrigger.RESPONSE_UNKNOWN), last_unknown_at=self._clock.now()",
        "refund.apply(RefundTrigger.RESPONSE_UNKNOWN)",
        (
            "tests/integration/test_refund_protocol.py::test_a_send_that_was_cut_off_is_unclear_at_the_next_start",
        ),
    ),
    Mutant(
        "ended_refund_is_carried_out",
        "posapp/services/refunds/refund_protocol.py",
        (
            "        if not refund.is_open:\n"
            "            return StepResult(StepOutcome.OVER, contacted_gateway=False)\n"
            "        if refund.state"
        ),
        "        if refund.state",
        ("tests/integration/test_refund_protocol.py::test_ended_refund_is_not_read_again",),
    ),
    Mutant(
        "refund_of_a_person_is_carried_out",
        "posapp/services/refunds/refund_protocol.py",
        (
            "        if refund.state is RefundState.NEEDS_REVIEW:\n"
            '            return StepResult(StepOutcome.PERSON, "needs a person", contacted_gateway=False)\n'
        ),
        "",
        ("tests/integration/test_refund_protocol.py::test_refund_in_review_is_not_sent",),
    ),
    Mutant(
        "send_of_a_refund_that_moved_on",
        "posapp/services/refunds/refund_protocol.py",
        "if current is None or payment is None or current.state is not refund.state:",
        "if current is None or payment is None:",
        (
            "tests/integration/test_refund_protocol.py::test_a_refund_that_was_withdrawn_during_the_reading_is_not_sent",
        ),
    ),
    Mutant(
        "send_before_lines_are_recorded",
        "posapp/services/refunds/refund_protocol.py",
        (
            "            record_external_cancellations(uow, payment, reported, now)\n"
            "            again"
        ),
        "            again",
        (
            "tests/integration/test_refund_protocol.py::test_a_difference_that_the_reading_itself_names_stops_the_send",
        ),
    ),
    Mutant(
        "send_beside_a_difference_named_just_now",
        "posapp/services/refunds/refund_protocol.py",
        "            if is_in_doubt(uow, refund.imp_uid):",
        "            if False:",
        (
            "tests/integration/test_refund_protocol.py::test_a_difference_that_the_reading_itself_names_stops_the_send",
        ),
    ),
    Mutant(
        "send_before_it_is_kept",
        "posapp/services/refunds/refund_protocol.py",
        (
            "            buyer = uow.people.get(order.buyer_id) if order else None\n"
            "            uow.commit()"
        ),
        "            buyer = uow.people.get(order.buyer_id) if order else None",
        (
            "tests/integration/test_refund_rounds.py::test_an_intent_is_on_the_disk_before_it_is_sent",
        ),
    ),
    Mutant(
        "send_with_the_captured_amount_as_checksum",
        "posapp/services/refunds/refund_protocol.py",
        (
            "                    expected_balance=reported.refundable_balance,\n"
            "                    reason"
        ),
        ("                    expected_balance=reported.amount,\n                    reason"),
        ("tests/integration/test_refund_protocol.py::test_send_contains_amount_balance_and_tag",),
    ),
    Mutant(
        "send_of_the_whole_balance",
        "posapp/services/refunds/refund_protocol.py",
        "                    amount=sending.amount,",
        "                    amount=reported.refundable_balance,",
        ("tests/integration/test_refund_protocol.py::test_send_contains_amount_balance_and_tag",),
    ),
    Mutant(
        "send_without_the_tag",
        "posapp/services/refunds/refund_protocol.py",
        "                    reason=sending.tagged_reason,",
        "                    reason=sending.reason,",
        ("tests/integration/test_refund_protocol.py::test_send_contains_amount_balance_and_tag",),
    ),
    Mutant(
        "any_clear_answer_confirms",
        "posapp/services/refunds/refund_protocol.py",
        "        if after is not None and is_refund_confirmed(sending, before, answer):",
        "        if after is not None:",
        (
            "tests/integration/test_refund_protocol.py::test_an_answer_that_shows_nothing_confirms_nothing",
        ),
    ),
    Mutant(
        "sends_are_not_counted",
        "posapp/services/refunds/refund_protocol.py",
        "                send_count=current.send_count + 1,",
        "                send_count=current.send_count,",
        (
            "tests/integration/test_refund_rounds.py::test_an_intent_is_on_the_disk_before_it_is_sent",
        ),
    ),
    Mutant(
        "not_sent_although_an_earlier_send_may_land",
        "posapp/services/refunds/refund_protocol.py",
        "        nothing_sent = error.outcome is GatewayOutcome.RETRY_SAFE and sending.send_count == 1",
        "        nothing_sent = error.outcome is GatewayOutcome.RETRY_SAFE",
        (
            "tests/integration/test_refund_rounds.py::test_earlier_send_that_may_arrive_late_is_never_withdrawn",
        ),
    ),
    Mutant(
        "unclear_answer_is_not_sent",
        "posapp/services/refunds/refund_protocol.py",
        "        nothing_sent = error.outcome is GatewayOutcome.RETRY_SAFE and sending.send_count == 1",
        "        nothing_sent = sending.send_count == 1",
        (
            "tests/integration/test_refund_rounds.py::test_earlier_send_that_may_arrive_late_is_never_withdrawn",
        ),
    ),
    Mutant(
        "what_was_not_sent_counts_as_sent",
        "posapp/services/refunds/refund_protocol.py",
        "                after = replace(after, send_count=refund.send_count - 1)",
        "                pass",
        ("tests/integration/test_refund_rounds.py::test_send_that_never_left_the_till_is_undone",),
    ),
    Mutant(
        "sends_for_ever",
        "posapp/services/refunds/refund_protocol.py",
        "        if noted is not None and noted.send_count > 0 and noted.send_count % MAX_SENDS == 0:",
        "        if False:",
        ("tests/integration/test_refund_protocol.py::test_many_unanswered_sends_need_review",),
    ),
    Mutant(
        "refusal_is_believed_while_a_send_may_land",
        "posapp/services/refunds/refund_protocol.py",
        "        if landing > timedelta(0):",
        "        if False:",
        (
            "tests/integration/test_refund_worker_guards.py::test_refused_send_waits_until_an_unclear_one_can_no_longer_arrive",
        ),
    ),
    Mutant(
        "refusal_is_believed_without_a_reading_that_bears_it_out",
        "posapp/services/refunds/refund_protocol.py",
        "        if fresh is not None and not is_old and shows_nothing_moved(sending, before, fresh):",
        "        if fresh is not None and not is_old:",
        (
            "tests/integration/test_refund_protocol.py::test_listed_refusal_beside_moved_money_is_not_believed",
        ),
    ),
    Mutant(
        "returned_money_ends_with_a_no",
        "posapp/services/refunds/refund_protocol.py",
        "            if sending.origin is RefundOrigin.REJECTED_PAYMENT:",
        "            if False:",
        (
            "tests/integration/test_refund_protocol.py::test_refund_of_rejected_payment_never_ends_refused",
        ),
    ),
    Mutant(
        "a_lost_answer_cannot_land",
        "posapp/services/refunds/refund_protocol.py",
        (
            "            elif may_land and (error is None or error.outcome is not GatewayOutcome.RETRY_SAFE):\n"
            "                after = replace(after, last_unknown_at=self._clock.now())\n"
        ),
        "",
        (
            "tests/integration/test_refund_protocol.py::test_unanswered_send_may_arrive_late_for_a_while",
        ),
    ),
    Mutant(
        "sends_again_while_the_first_may_land",
        "posapp/services/refunds/refund_protocol.py",
        "        if self._may_still_land(refund):\n",
        "        if False:\n",
        (
            "tests/faults/test_late_refunds.py::test_fault_06_nothing_is_resent_while_the_first_may_arrive_late",
        ),
    ),
    Mutant(
        "unclear_history_for_ever",
        "posapp/services/refunds/refund_protocol.py",
        "        if min(rounds, doubts) < MAX_UNCLEAR_READS:\n",
        "        if rounds:\n",
        (
            "tests/integration/test_refund_worker_guards.py::test_review_blocks_other_refunds_of_its_payment",
        ),
    ),
    Mutant(
        "unclear_finding_is_sent",
        "posapp/services/refunds/refund_protocol.py",
        (
            "        if finding is RefundCheck.UNCLEAR:\n"
            "            return self._unclear(refund, rounds, why_unclear(refund, reported, records))\n"
        ),
        "",
        ("tests/integration/test_refund_protocol.py::test_an_unknown_status_is_not_sent_into",),
    ),
    Mutant(
        "unknown_payment_is_over",
        "posapp/services/refunds/refund_protocol.py",
        '            return self._unclear(refund, rounds, "PortOne does not know this payment")',
        "            return StepResult(StepOutcome.OVER)",
        (
            "tests/integration/test_refund_protocol.py::test_a_payment_that_portone_does_not_know_is_not_over",
        ),
    ),
    Mutant(
        "confirmed_twice",
        "posapp/services/refunds/complete_refund.py",
        (
            "            if refund is None or refund.state is RefundState.CONFIRMED:\n"
            "                return"
        ),
        ("            if refund is None:\n                return"),
        ("tests/integration/test_refund_rounds.py::test_a_refund_is_confirmed_once",),
    ),
    Mutant(
        "refused_after_it_ended",
        "posapp/services/refunds/complete_refund.py",
        (
            "            if refund is None or not refund.is_open:\n"
            "                return\n"
            "            self.record_rejected_refund"
        ),
        (
            "            if refund is None:\n"
            "                return\n"
            "            self.record_rejected_refund"
        ),
        ("tests/integration/test_refund_rounds.py::test_ended_refund_is_not_refused_afterwards",),
    ),
    Mutant(
        "confirmed_without_its_line",
        "posapp/services/refunds/complete_refund.py",
        '            number = line.cancellation_id if line else ""',
        '            number = ""',
        ("tests/integration/test_refund_rounds.py::test_a_confirmed_refund_names_its_line",),
    ),
    Mutant(
        "a_cut_tag_leaves_its_line_unnamed",
        "posapp/services/refunds/complete_refund.py",
        (
            "            if line is None and before is not None:\n"
            "                line = find_new_cancellation(refund, before, reported)\n"
        ),
        "",
        ("tests/integration/test_refund_protocol.py::test_refund_with_a_cut_tag_names_its_line",),
    ),
    Mutant(
        "a_line_recorded_as_another_s_counts_twice",
        "posapp/services/refunds/complete_refund.py",
        "        if cancellation_id in refunds_by_cancellation_id(uow, reported):",
        "        if False:",
        (
            "tests/integration/test_refund_protocol.py::test_a_line_that_was_recorded_as_another_s_is_counted_once",
        ),
        errors=("InvalidAmount",),
    ),
    Mutant(
        "rest_of_a_rejected_payment_stays",
        "posapp/services/bookkeeping/refund_records.py",
        (
            "    if ended.origin is not RefundOrigin.REJECTED_PAYMENT or left <= 0:\n"
            "        return None\n"
        ),
        "    return None\n",
        ("tests/integration/test_refund_protocol.py::test_rest_of_a_rejected_payment_is_refunded",),
    ),
    Mutant(
        "intent_without_an_entry",
        "posapp/services/bookkeeping/refund_records.py",
        "    uow.outbox.enqueue(refund, due_at or now)\n",
        "",
        (
            "tests/integration/test_refund_worker_guards.py::test_refund_to_retry_stays_in_the_outbox",
        ),
    ),
    Mutant(
        "intent_due_at_once",
        "posapp/services/bookkeeping/refund_records.py",
        "    uow.outbox.enqueue(refund, due_at or now)",
        "    uow.outbox.enqueue(refund, now)",
        (
            "tests/requests/test_decide_request.py::test_an_approved_refund_is_an_intent_due_after_the_time_to_undo",
        ),
    ),
    Mutant(
        "refunded_item_stays_paid",
        "posapp/services/bookkeeping/refund_records.py",
        ("    uow.refunds.save(done)\n    _cancel_items(uow, done)\n"),
        "    uow.refunds.save(done)\n",
        ("tests/integration/test_refund_rounds.py::test_a_refund_is_confirmed_once",),
    ),
    Mutant(
        "refund_is_not_in_the_ledger",
        "posapp/services/bookkeeping/refund_records.py",
        "    entry = refund_entry(LedgerEvent.REFUND_CONFIRMED, done, -done.amount, now)",
        "    entry = refund_entry(LedgerEvent.REFUND_CONFIRMED, done, ZERO, now)",
        ("tests/integration/test_refund_rounds.py::test_a_refund_is_confirmed_once",),
    ),
    Mutant(
        "a_late_line_is_confirmed_beside_a_sent_rival",
        "posapp/services/bookkeeping/found_refunds.py",
        (
            "    if any(other.send_count > 0 or other.state is RefundState.SENDING for other in competing):\n"
            "        return False\n"
        ),
        "",
        (
            "tests/faults/test_late_refunds.py::test_fault_78_late_cancel_during_another_refund_needs_review",
            "tests/integration/test_found_refunds.py::test_a_lost_item_does_not_end_its_own_refund_that_was_sent",
            "tests/integration/test_found_refunds.py::test_lost_item_is_recorded_beside_a_rest_that_was_sent",
            "tests/integration/test_found_refunds.py::test_lost_rest_is_recorded_beside_an_item_refund_that_was_sent",
        ),
    ),
    Mutant(
        "a_late_line_is_not_named",
        "posapp/services/bookkeeping/late_refunds.py",
        (
            "            note_lost_lines(uow, payment, [line], now, recorded=False)\n            continue"
        ),
        "            continue",
        (
            "tests/faults/test_late_refunds.py::test_fault_78_late_cancel_beside_confirmed_refund_is_recorded",
        ),
    ),
    Mutant(
        "in_doubt_although_explained",
        "posapp/services/bookkeeping/payment_records.py",
        "    return any(one.resolved_at is None for one in uow.mismatches.of_payment(imp_uid))",
        "    return any(True for one in uow.mismatches.of_payment(imp_uid))",
        ("tests/integration/test_refund_protocol.py::test_an_explained_difference_stops_nothing",),
    ),
    Mutant(
        "never_in_doubt",
        "posapp/services/bookkeeping/payment_records.py",
        "    return any(one.resolved_at is None for one in uow.mismatches.of_payment(imp_uid))",
        "    return False",
        (
            "tests/integration/test_refund_protocol.py::test_an_open_difference_stops_the_sends_of_its_payment",
        ),
    ),
    Mutant(
        "send_beside_money_that_is_nobodys",
        "posapp/services/refunds/refund_protocol.py",
        "            gone = unexplained_won(uow, payment, reported)\n",
        "            gone = 0\n",
        (
            "tests/faults/test_bent_readings.py::test_console_cancel_with_tag_of_confirmed_refund_is_recorded_not_sent",
            "tests/faults/test_bent_readings.py::test_console_cancel_with_tag_of_refused_refund_is_recorded_not_sent",
            "tests/faults/test_bent_readings.py::test_a_reading_older_than_a_refund_that_was_made_refuses_no_other",
        ),
    ),
    Mutant(
        "all_that_was_explained_is_ours",
        "posapp/services/bookkeeping/external_cancellations.py",
        "    if gone < 0 and whole_gap(uow, payment, reported.refundable_balance).ledger <= 0:\n",
        "    if gone < 0:\n",
        (
            "tests/faults/test_bent_readings.py::test_a_reading_older_than_a_refund_that_was_made_refuses_no_other",
        ),
    ),
    Mutant(
        "money_that_is_nobodys_has_no_name",
        "posapp/services/refunds/refund_protocol.py",
        "                note_cancel_mismatch(uow, reported, now)\n",
        "                pass\n",
        (
            "tests/faults/test_bent_readings.py::test_console_cancel_with_tag_of_confirmed_refund_is_recorded_not_sent",
            "tests/faults/test_bent_readings.py::test_console_cancel_with_tag_of_refused_refund_is_recorded_not_sent",
        ),
    ),
    Mutant(
        "send_after_a_reading_older_than_a_refund",
        "posapp/services/refunds/refund_protocol.py",
        "            if gone:\n",
        "            if gone > 0:\n",
        (
            "tests/faults/test_bent_readings.py::test_a_reading_older_than_a_refund_that_was_made_refuses_no_other",
        ),
    ),
    Mutant(
        "words_that_look_like_a_tag",
        "posapp/domain/refunds.py",
        'strip_controls(self.reason).replace("[", "(").replace("]", ")")',
        "strip_controls(self.reason)",
        (
            "tests/faults/test_bent_readings.py::test_text_like_another_items_tag_refunds_the_requested_item",
            "tests/unit/test_refund_rules.py::test_only_the_tag_of_a_reason_has_square_brackets",
        ),
    ),
    Mutant(
        "a_refused_checksum_beside_an_old_reading",
        "posapp/services/refunds/refund_protocol.py",
        "        is_old = error.cause is GatewayCause.BALANCE\n",
        "        is_old = False\n",
        (
            "tests/faults/test_bent_readings.py::test_a_refused_checksum_beside_an_old_reading_proves_nothing",
        ),
    ),
)
