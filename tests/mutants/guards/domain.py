"""Guards of the domain: what an amount is, who may do what, which step a state allows, what a payment shows."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "confirmed_refund_is_sent",
        "posapp/domain/refunds.py",
        "        (_S.SENDING, _T.CONFIRMED): _S.CONFIRMED,",
        (
            "        (_S.SENDING, _T.CONFIRMED): _S.CONFIRMED,\n"
            "        (_S.CONFIRMED, _T.SEND_STARTED): _S.SENDING,"
        ),
        ("tests/unit/test_state_machine.py::test_refunded_money_never_moves_again",),
    ),
    Mutant(
        "refused_refund_is_sent",
        "posapp/domain/refunds.py",
        "        (_S.SENDING, _T.REFUSED): _S.REFUSED,",
        (
            "        (_S.SENDING, _T.REFUSED): _S.REFUSED,\n"
            "        (_S.REFUSED, _T.SEND_STARTED): _S.SENDING,"
        ),
        ("tests/unit/test_state_machine.py::test_refunded_money_never_moves_again",),
    ),
    Mutant(
        "refund_of_a_person_is_sent",
        "posapp/domain/refunds.py",
        "        (_S.NEEDS_REVIEW, _T.REQUEUED): _S.UNKNOWN,",
        (
            "        (_S.NEEDS_REVIEW, _T.REQUEUED): _S.UNKNOWN,\n"
            "        (_S.NEEDS_REVIEW, _T.SEND_STARTED): _S.SENDING,"
        ),
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "sent_refund_is_withdrawn",
        "posapp/domain/refunds.py",
        "        (_S.APPROVED, _T.WITHDRAWN): _S.REFUSED,",
        (
            "        (_S.APPROVED, _T.WITHDRAWN): _S.REFUSED,\n"
            "        (_S.UNKNOWN, _T.WITHDRAWN): _S.REFUSED,"
        ),
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "unclear_refund_is_unsent_again",
        "posapp/domain/refunds.py",
        "        (_S.NEEDS_REVIEW, _T.REQUEUED): _S.UNKNOWN,",
        "        (_S.NEEDS_REVIEW, _T.REQUEUED): _S.APPROVED,",
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "any_step_of_any_state",
        "posapp/domain/state_machine.py",
        "            return self.table[state, trigger]",
        "            return self.table.get((state, trigger), state)",
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "verify_any_status",
        "posapp/domain/verification.py",
        (
            "    if reported.status is ReportedStatus.UNKNOWN:\n"
            "        return PaymentProblem.STATUS_UNKNOWN"
        ),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_unpaid",
        "posapp/domain/verification.py",
        ("    if not reported.was_captured:\n        return PaymentProblem.NOT_PAID"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_any_number",
        "posapp/domain/verification.py",
        (
            "    if reported.merchant_uid != attempt.merchant_uid:\n"
            "        return PaymentProblem.ANOTHER_NUMBER"
        ),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_used_before",
        "posapp/domain/verification.py",
        ("    if recorded is not None:\n        return PaymentProblem.USED_BEFORE"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_any_amount",
        "posapp/domain/verification.py",
        ("    if reported.amount != attempt.amount:\n        return PaymentProblem.AMOUNT_DIFFERS"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_more_is_enough",
        "posapp/domain/verification.py",
        "    if reported.amount != attempt.amount:",
        "    if reported.amount < attempt.amount:",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_less_is_enough",
        "posapp/domain/verification.py",
        "    if reported.amount != attempt.amount:",
        "    if reported.amount > attempt.amount:",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_a_paid_order",
        "posapp/domain/verification.py",
        ("    if order.is_paid:\n        return PaymentProblem.ORDER_PAID"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_a_changed_order",
        "posapp/domain/verification.py",
        (
            "    if attempt.amount != order.total - cash:\n        return PaymentProblem.ORDER_CHANGED"
        ),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_a_smaller_order",
        "posapp/domain/verification.py",
        "    if attempt.amount != order.total - cash:",
        "    if attempt.amount < order.total - cash:",
        ("tests/unit/test_verification.py::test_a_payment_beside_cash_is_the_rest",),
    ),
    Mutant(
        "verify_partly_cancelled",
        "posapp/domain/verification.py",
        "    if reported.cancelled != 0 or reported.status is ReportedStatus.CANCELLED:",
        "    if reported.status is ReportedStatus.CANCELLED:",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_cancelled_by_its_status",
        "posapp/domain/verification.py",
        "    if reported.cancelled != 0 or reported.status is ReportedStatus.CANCELLED:",
        "    if reported.cancelled != 0:",
        (
            "tests/unit/test_money_guards.py::test_cancelled_payment_without_cancel_lines_pays_nothing",
        ),
    ),
    Mutant(
        "verify_any_currency",
        "posapp/domain/verification.py",
        ("    if not reported.in_won:\n        return PaymentProblem.WRONG_CURRENCY"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_any_channel",
        "posapp/domain/verification.py",
        ("    if not reported.by_kakaopay:\n        return PaymentProblem.NOT_KAKAOPAY"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_test_in_live",
        "posapp/domain/verification.py",
        ("    if live and reported.sandbox:\n        return PaymentProblem.TEST_PAYMENT"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_live_in_test",
        "posapp/domain/verification.py",
        ("    if not live and not reported.sandbox:\n        return PaymentProblem.LIVE_PAYMENT"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "returns_another_s_money",
        "posapp/domain/verification.py",
        "_FOREIGN = frozenset({PaymentProblem.ANOTHER_NUMBER, PaymentProblem.USED_BEFORE})",
        "_FOREIGN = frozenset({PaymentProblem.USED_BEFORE})",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "returns_money_used_before",
        "posapp/domain/verification.py",
        "_FOREIGN = frozenset({PaymentProblem.ANOTHER_NUMBER, PaymentProblem.USED_BEFORE})",
        "_FOREIGN = frozenset({PaymentProblem.ANOTHER_NUMBER})",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "returns_at_an_unknown_status",
        "posapp/domain/verification.py",
        "    if problem in _FOREIGN or problem in UNDECIDED:",
        "    if problem in _FOREIGN:",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "returns_what_is_back_already",
        "posapp/domain/verification.py",
        (
            "    if reported.refundable_balance <= 0:\n"
            "        return VerificationResult(VerificationAction.NOTHING, problem)"
        ),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "pay_another_s_order",
        "posapp/domain/guards.py",
        "    if actor.acts_as is not ActorKind.BUYER or order.buyer_id != user.id:",
        "    if actor.acts_as is not ActorKind.BUYER:",
        ("tests/unit/test_guards.py::test_pay_guards",),
    ),
    Mutant(
        "pay_an_order_of_zero",
        "posapp/domain/guards.py",
        "    if order.total <= 0:",
        "    if order.total < 0:",
        ("tests/unit/test_guards.py::test_pay_guards",),
    ),
    Mutant(
        "pay_a_paid_order",
        "posapp/domain/guards.py",
        ("    if order.is_paid:\n        raise UserError(ErrorCode.ORDER_DONE)"),
        "",
        ("tests/unit/test_guards.py::test_pay_guards",),
    ),
    Mutant(
        "another_buyer_s_item",
        "posapp/domain/guards.py",
        "    if actor.acts_as is not ActorKind.BUYER or item.buyer_id != user.id:",
        "    if actor.acts_as is not ActorKind.BUYER:",
        ("tests/unit/test_guards.py::test_buyer_cancel_guards",),
    ),
    Mutant(
        "buyer_cancels_a_cancelled_item",
        "posapp/domain/guards.py",
        (
            "    item = guard_own_item(actor, user, item)\n"
            "    if item.status is ItemStatus.CANCEL:\n"
            "        raise UserError(ErrorCode.ITEM_CANCELLED)"
        ),
        "    item = guard_own_item(actor, user, item)",
        ("tests/unit/test_guards.py::test_buyer_cancel_guards",),
    ),
    Mutant(
        "buyer_cancels_on_its_way",
        "posapp/domain/guards.py",
        "    if item.status in (ItemStatus.WAITING_FOR_DELIVERY, ItemStatus.SHIPPING):",
        "    if item.status is ItemStatus.WAITING_FOR_DELIVERY:",
        ("tests/unit/test_guards.py::test_buyer_cancel_guards",),
    ),
    Mutant(
        "buyer_cancels_before_it_ships",
        "posapp/domain/guards.py",
        "    if item.status in (ItemStatus.WAITING_FOR_DELIVERY, ItemStatus.SHIPPING):",
        "    if item.status is ItemStatus.SHIPPING:",
        ("tests/unit/test_guards.py::test_buyer_cancel_guards",),
    ),
    Mutant(
        "buyer_cancels_a_delivered_item",
        "posapp/domain/guards.py",
        (
            "    if item.status is ItemStatus.DELIVERY_COMPLETE:\n"
            "        raise UserError(ErrorCode.ITEM_DELIVERED)"
        ),
        "",
        ("tests/unit/test_guards.py::test_buyer_cancel_guards",),
    ),
    Mutant(
        "anybody_sells",
        "posapp/domain/guards.py",
        "    if actor.acts_as is not ActorKind.SELLER or not user.is_seller:",
        "    if actor.acts_as is not ActorKind.SELLER:",
        ("tests/unit/test_guards.py::test_seller_cancel_guards",),
    ),
    Mutant(
        "a_seller_pays",
        "posapp/domain/guards.py",
        "    if actor.acts_as is not ActorKind.BUYER or order.buyer_id != user.id:",
        "    if order.buyer_id != user.id:",
        ("tests/unit/test_guards.py::test_an_actor_of_another_kind_is_refused",),
    ),
    Mutant(
        "a_seller_acts_as_the_buyer",
        "posapp/domain/guards.py",
        "    if actor.acts_as is not ActorKind.BUYER or item.buyer_id != user.id:",
        "    if item.buyer_id != user.id:",
        ("tests/unit/test_guards.py::test_an_actor_of_another_kind_is_refused",),
    ),
    Mutant(
        "a_buyer_acts_as_the_seller",
        "posapp/domain/guards.py",
        "    if actor.acts_as is not ActorKind.SELLER or not user.is_seller:",
        "    if not user.is_seller:",
        ("tests/unit/test_guards.py::test_an_actor_of_another_kind_is_refused",),
    ),
    Mutant(
        "a_seller_reads_the_buyer_s_requests",
        "posapp/domain/guards.py",
        "    if user is None or actor.acts_as is not ActorKind.BUYER:",
        "    if user is None:",
        ("tests/unit/test_guards.py::test_an_actor_of_another_kind_is_refused",),
    ),
    Mutant(
        "export_for_anybody",
        "posapp/services/requests/export_requests.py",
        (
            "            seller = guard_seller(actor, find_user(uow, actor))\n"
            "        return write_requests(self._search, seller.id, filter, path, progress)"
        ),
        (
            "            find_user(uow, actor)\n"
            "        return write_requests(self._search, actor.user_id, filter, path, progress)"
        ),
        ("tests/requests/test_export_requests.py::test_a_seller_alone_exports",),
    ),
    Mutant(
        "another_seller_s_item",
        "posapp/domain/guards.py",
        ("    if item.seller_id != seller.id:\n        raise UserError(ErrorCode.ITEM_OF_ANOTHER)"),
        "",
        ("tests/unit/test_guards.py::test_seller_cancel_guards",),
    ),
    Mutant(
        "seller_cancels_a_cancelled_item",
        "posapp/domain/guards.py",
        (
            "        raise UserError(ErrorCode.ITEM_OF_ANOTHER)\n"
            "    if item.status is ItemStatus.CANCEL:\n"
            "        raise UserError(ErrorCode.ITEM_CANCELLED)\n"
            "    return item"
        ),
        ("        raise UserError(ErrorCode.ITEM_OF_ANOTHER)\n    return item"),
        ("tests/unit/test_guards.py::test_seller_cancel_guards",),
    ),
    Mutant(
        "admin_is_a_seller",
        "posapp/domain/users.py",
        "        return self.status is UserStatus.SELLER",
        "        return self.status is not UserStatus.COMMON",
        ("tests/unit/test_guards.py::test_seller_cancel_guards",),
    ),
    Mutant(
        "won_of_a_bool",
        "posapp/domain/money.py",
        (
            "        if isinstance(value, bool) or not isinstance(value, int):\n"
            "            raise InvalidAmount(value)\n"
            "        if not -MAX_AMOUNT"
        ),
        (
            "        if not isinstance(value, int):\n"
            "            raise InvalidAmount(value)\n"
            "        if not -MAX_AMOUNT"
        ),
        ("tests/unit/test_money.py::test_only_whole_won_are_won",),
    ),
    Mutant(
        "won_of_a_float",
        "posapp/domain/money.py",
        (
            "        if isinstance(value, bool) or not isinstance(value, int):\n"
            "            raise InvalidAmount(value)\n"
            "        if not -MAX_AMOUNT"
        ),
        (
            "        if isinstance(value, bool) or not isinstance(value, (int, float)):\n"
            "            raise InvalidAmount(value)\n"
            "        if not -MAX_AMOUNT"
        ),
        ("tests/unit/test_money.py::test_only_whole_won_are_won",),
    ),
    Mutant(
        "won_of_any_size",
        "posapp/domain/money.py",
        (
            "        if not -MAX_AMOUNT <= value <= MAX_AMOUNT:\n"
            "            raise InvalidAmount(value)"
        ),
        "",
        ("tests/unit/test_money.py::test_only_whole_won_are_won",),
    ),
    Mutant(
        "zero_is_sent",
        "posapp/domain/money.py",
        "    if amount <= 0:",
        "    if amount < 0:",
        ("tests/unit/test_money.py::test_fault_14_an_amount_that_is_sent_is_above_zero",),
    ),
    Mutant(
        "half_a_won",
        "posapp/domain/money.py",
        (
            "    def __truediv__(self, other: object) -> NoReturn:\n"
            "        raise InvalidAmount(other)"
        ),
        ("    def __truediv__(self, other: object) -> NoReturn:\n        return int(self) / other"),
        ("tests/unit/test_money.py::test_no_won_is_ever_split",),
    ),
    Mutant(
        "adds_a_float",
        "posapp/domain/money.py",
        "        return Won(super().__add__(_whole(other)))",
        "        return Won(int(int(self) + other))",
        ("tests/unit/test_money.py::test_a_float_never_joins_a_sum",),
    ),
    Mutant(
        "hash_without_the_amount",
        "posapp/domain/ledger.py",
        "        int(entry.amount),",
        "        0,",
        ("tests/unit/test_ledger_chain.py::test_each_field_is_under_the_hash",),
    ),
    Mutant(
        "hash_without_the_actor",
        "posapp/domain/ledger.py",
        ("        entry.event.value,\n        int(entry.amount),\n        str(entry.actor),"),
        ('        entry.event.value,\n        int(entry.amount),\n        "",'),
        ("tests/unit/test_ledger_chain.py::test_each_field_is_under_the_hash",),
    ),
    Mutant(
        "hash_without_the_entry_before",
        "posapp/domain/ledger.py",
        ("        previous,\n    ]"),
        ("    ]"),
        ("tests/unit/test_money_guards.py::test_a_hash_covers_the_entry_before",),
    ),
    Mutant(
        "hash_without_the_provider",
        "posapp/domain/ledger.py",
        "*((entry.provider, entry.till) if covers_identity else ()),",
        "*((entry.till,) if covers_identity else ()),",
        (
            "tests/unit/test_ledger_chain.py::test_each_field_is_under_the_hash",
            "tests/unit/test_ledger_chain.py::test_each_forms_hash_is_fixed_for_ever",
        ),
    ),
    Mutant(
        "hash_without_the_till",
        "posapp/domain/ledger.py",
        "*((entry.provider, entry.till) if covers_identity else ()),",
        "*((entry.provider,) if covers_identity else ()),",
        (
            "tests/unit/test_ledger_chain.py::test_each_field_is_under_the_hash",
            "tests/unit/test_ledger_chain.py::test_each_forms_hash_is_fixed_for_ever",
        ),
    ),
    Mutant(
        "identity_in_a_form_that_does_not_cover_it",
        "posapp/domain/ledger.py",
        "    if not covers_identity and (entry.provider or entry.till):",
        "    if False:",
        (
            "tests/unit/test_ledger_chain.py::test_an_older_form_has_no_provider_and_no_till",
            "tests/store/test_store_ledger.py::test_a_provider_or_till_written_into_an_older_row_is_found",
        ),
    ),
    Mutant(
        "chain_with_a_gap",
        "posapp/domain/ledger.py",
        ('        if row.seq != expected:\n            return ChainBreak(expected, "missing")'),
        "",
        ("tests/unit/test_ledger_chain.py::test_taking_out_or_swapping_rows_is_found",),
    ),
    Mutant(
        "chain_with_a_broken_link",
        "posapp/domain/ledger.py",
        (
            "        if row.previous != self._previous:\n"
            '            return ChainBreak(row.seq, "broken_link")'
        ),
        "",
        (
            "tests/unit/test_ledger_chain.py::test_rewritten_row_with_a_valid_hash_breaks_the_next_one",
        ),
    ),
    Mutant(
        "chain_with_a_changed_row",
        "posapp/domain/ledger.py",
        ('        if not row.is_unchanged:\n            return ChainBreak(row.seq, "changed")'),
        "",
        ("tests/unit/test_ledger_chain.py::test_each_field_is_under_the_hash",),
    ),
    Mutant(
        "balance_is_all",
        "posapp/domain/payments.py",
        "        return self.amount - self.cancelled",
        "        return self.amount",
        (
            "tests/unit/test_refund_rules.py::test_a_clear_answer_without_our_tag_counts_by_its_arithmetic_alone",
        ),
    ),
    Mutant(
        "late_payment_is_nothing",
        "posapp/domain/payments.py",
        "        (_S.EXPIRED, _T.PAYMENT_FOUND): _S.PAID,",
        "",
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "given_up_although_paid",
        "posapp/domain/payments.py",
        "        (_S.WAITING, _T.ABANDONED): _S.ABANDONED,",
        (
            "        (_S.WAITING, _T.ABANDONED): _S.ABANDONED,\n"
            "        (_S.PAID, _T.ABANDONED): _S.ABANDONED,"
        ),
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "a_second_qr_beside_an_unknown_one",
        "posapp/domain/payments.py",
        "LIVE_STATES = frozenset({AttemptState.WAITING, AttemptState.UNKNOWN, AttemptState.CREATED})",
        "LIVE_STATES = frozenset({AttemptState.WAITING, AttemptState.CREATED})",
        ("tests/store/test_store_roundtrip.py::test_attempts_are_found_by_their_due_work",),
    ),
    Mutant(
        "a_second_qr_while_one_is_made",
        "posapp/domain/payments.py",
        "LIVE_STATES = frozenset({AttemptState.WAITING, AttemptState.UNKNOWN, AttemptState.CREATED})",
        "LIVE_STATES = frozenset({AttemptState.WAITING, AttemptState.UNKNOWN})",
        ("tests/store/test_store_roundtrip.py::test_attempts_are_found_by_their_due_work",),
    ),
    Mutant(
        "refund_of_a_cancelled_item",
        "posapp/domain/orders.py",
        "        (_S.COMPLETE_PAYMENT, _T.REFUND_CONFIRMED): _S.CANCEL,",
        (
            "        (_S.COMPLETE_PAYMENT, _T.REFUND_CONFIRMED): _S.CANCEL,\n"
            "        (_S.CANCEL, _T.REFUND_CONFIRMED): _S.CANCEL,"
        ),
        ("tests/unit/test_state_machine.py::test_refunded_money_never_moves_again",),
    ),
    Mutant(
        "refund_of_an_unpaid_item",
        "posapp/domain/orders.py",
        "        (_S.COMPLETE_PAYMENT, _T.REFUND_CONFIRMED): _S.CANCEL,",
        (
            "        (_S.COMPLETE_PAYMENT, _T.REFUND_CONFIRMED): _S.CANCEL,\n"
            "        (_S.WAITING_FOR_PAYMENT, _T.REFUND_CONFIRMED): _S.CANCEL,"
        ),
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "a_paid_item_stops_without_its_money",
        "posapp/domain/orders.py",
        "        (_S.WAITING_FOR_PAYMENT, _T.ITEM_CANCELLED): _S.CANCEL,",
        (
            "        (_S.WAITING_FOR_PAYMENT, _T.ITEM_CANCELLED): _S.CANCEL,\n"
            "        (_S.COMPLETE_PAYMENT, _T.ITEM_CANCELLED): _S.CANCEL,"
        ),
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "an_unpaid_item_is_handed_over",
        "posapp/domain/orders.py",
        "        (_S.COMPLETE_PAYMENT, _T.HANDED_OVER): _S.DELIVERY_COMPLETE,",
        (
            "        (_S.COMPLETE_PAYMENT, _T.HANDED_OVER): _S.DELIVERY_COMPLETE,\n"
            "        (_S.WAITING_FOR_PAYMENT, _T.HANDED_OVER): _S.DELIVERY_COMPLETE,"
        ),
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "total_of_cancelled_items",
        "posapp/domain/orders.py",
        "        return sum((item.total for item in self.active_items), ZERO)",
        "        return sum((item.total for item in self.items), ZERO)",
        ("tests/unit/test_guards.py::test_pay_guards",),
    ),
    Mutant(
        "total_of_one_piece",
        "posapp/domain/orders.py",
        "        return self.price * self.count",
        "        return self.price",
        ("tests/unit/test_verification.py::test_kakaopay_may_be_named_by_the_embedded_provider",),
    ),
    Mutant(
        "a_cancelled_item_is_paid",
        "posapp/domain/orders.py",
        "        return self.status not in (ItemStatus.WAITING_FOR_PAYMENT, ItemStatus.CANCEL)",
        "        return self.status is not ItemStatus.WAITING_FOR_PAYMENT",
        ("tests/unit/test_guards.py::test_pay_guards",),
    ),
    Mutant(
        "paid_only_if_all_of_it_is",
        "posapp/domain/orders.py",
        "        return any(item.is_paid for item in self.items)",
        "        return all(item.is_paid for item in self.items)",
        ("tests/unit/test_guards.py::test_pay_guards",),
    ),
    Mutant(
        "a_request_is_approved_twice",
        "posapp/domain/requests.py",
        "        (_S.WAIT, _T.APPROVED): _S.OK,",
        ("        (_S.WAIT, _T.APPROVED): _S.OK,\n        (_S.OK, _T.APPROVED): _S.OK,"),
        ("tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused",),
    ),
    Mutant(
        "request_before_it_was_delivered",
        "posapp/domain/requests.py",
        (
            "    if item.status is not ItemStatus.DELIVERY_COMPLETE:\n"
            "        raise UserError(ErrorCode.REQUEST_ITEM_STATE)"
        ),
        "",
        ("tests/requests/test_create_request.py::test_only_delivered_items_can_be_requested",),
    ),
    Mutant(
        "request_while_money_goes_back",
        "posapp/domain/requests.py",
        ("    guard_no_refund(refunds)\n    if not reason:"),
        "    if not reason:",
        (
            "tests/requests/test_create_request.py::test_money_on_its_way_back_cannot_be_requested_again",
        ),
    ),
    Mutant(
        "decides_another_seller_s_request",
        "posapp/domain/requests.py",
        (
            "    if request.seller_id != seller.id:\n"
            "        raise UserError(ErrorCode.REQUEST_OF_ANOTHER)"
        ),
        "",
        ("tests/requests/test_decide_request.py::test_cost_of_an_approval_is_shown_before",),
    ),
    Mutant(
        "decides_a_decided_request",
        "posapp/domain/requests.py",
        ("    if request.state is not RequestState.WAIT:\n        at = request.processed_at"),
        ("    if False:\n        at = request.processed_at"),
        ("tests/requests/test_decide_request.py::test_the_guards_run_in_their_order",),
    ),
    Mutant(
        "undoes_at_any_time",
        "posapp/domain/requests.py",
        "    if until is None or now >= until:",
        "    if until is None:",
        (
            "tests/requests/test_undo_approval.py::test_undo_after_its_time_is_refused_and_the_row_shows_the_limit",
        ),
    ),
    Mutant(
        "undoes_when_it_is_sent",
        "posapp/domain/requests.py",
        "    if until is None or now >= until:",
        "    if until is None or now > until:",
        (
            "tests/requests/test_undo_approval.py::test_undo_after_its_time_is_refused_and_the_row_shows_the_limit",
        ),
    ),
    Mutant(
        "undoes_a_buyer_s_own",
        "posapp/domain/requests.py",
        "    if ended_by is not ClosedBy.SELLER or processed_at is None:",
        "    if processed_at is None:",
        ("tests/requests/test_undo_approval.py::test_undo_conditions",),
    ),
    Mutant(
        "refund_beside_an_open_one",
        "posapp/domain/requests.py",
        (
            "    if any(refund.is_open for refund in refunds):\n"
            "        raise UserError(ErrorCode.REFUND_IN_FLIGHT)"
        ),
        "",
        (
            "tests/requests/test_decide_request.py::test_with_its_money_on_the_way_back_nothing_is_approved",
        ),
    ),
    Mutant(
        "buyers_pass_the_seller_s_guard",
        "posapp/domain/cancellation.py",
        "    guard = guard_buyer_cancel if actor.acts_as is ActorKind.BUYER else guard_seller_cancel",
        "    guard = guard_seller_cancel",
        ("tests/unit/test_money_guards.py::test_each_side_of_the_counter_has_its_own_guard",),
    ),
    Mutant(
        "sellers_pass_the_buyer_s_guard",
        "posapp/domain/cancellation.py",
        "    guard = guard_buyer_cancel if actor.acts_as is ActorKind.BUYER else guard_seller_cancel",
        "    guard = guard_buyer_cancel",
        (
            "tests/integration/test_reconcile.py::test_approved_refund_without_remaining_balance_is_refused_with_reason",
        ),
    ),
    Mutant(
        "a_paid_item_stops_as_unpaid",
        "posapp/domain/cancellation.py",
        "    if item.status is ItemStatus.WAITING_FOR_PAYMENT or item.total == 0:",
        "    if item.status is not ItemStatus.SHIPPING or item.total == 0:",
        (
            "tests/integration/test_cancel_item.py::test_a_paid_item_is_not_cancelled_without_its_money",
        ),
    ),
    Mutant(
        "number_of_another_till",
        "posapp/domain/merchant_numbers.py",
        "    return int(found[2], 36) if found and found[1] == till else None",
        "    return int(found[2], 36) if found else None",
        ("tests/unit/test_merchant_numbers.py::test_a_number_names_its_order_to_its_own_till",),
    ),
    Mutant(
        "number_with_something_behind_it",
        "posapp/domain/merchant_numbers.py",
        ("    found = _MERCHANT.fullmatch(merchant_uid)\n    return int("),
        ("    found = _MERCHANT.match(merchant_uid)\n    return int("),
        ("tests/unit/test_money_guards.py::test_a_number_of_ours_is_ours_whole",),
    ),
    Mutant(
        "number_that_can_be_guessed",
        "posapp/domain/merchant_numbers.py",
        ('    if len(order) > MAX_ORDER_DIGITS:\n        order = "0"'),
        "",
        ("tests/unit/test_merchant_numbers.py::test_an_order_without_room_is_left_out",),
    ),
    Mutant(
        "number_longer_than_portone_takes",
        "posapp/domain/merchant_numbers.py",
        '    return f"{PREFIX}{till}-{order}-{random}"[:MERCHANT_UID_LIMIT]',
        '    return f"{PREFIX}{till}-{order}-{random}"',
        ("tests/unit/test_merchant_numbers.py::test_a_number_names_its_order_to_its_own_till",),
    ),
    Mutant(
        "tag_in_a_person_s_words",
        "posapp/domain/merchant_numbers.py",
        '    return text[start:] if start >= 0 and _TAG.fullmatch(text[start:]) else ""',
        ('    found = _TAG.search(text)\n    return found[0] if found else ""'),
        ("tests/unit/test_merchant_numbers.py::test_text_that_is_no_tag",),
    ),
    Mutant(
        "tag_cut_short",
        "posapp/domain/merchant_numbers.py",
        '    return text[start:] if start >= 0 and _TAG.fullmatch(text[start:]) else ""',
        '    return text[start:] if start >= 0 and text[start:].startswith(TAG) else ""',
        ("tests/unit/test_merchant_numbers.py::test_text_that_is_no_tag",),
    ),
    Mutant(
        "tag_of_a_whole_payment_names_an_item",
        "posapp/domain/merchant_numbers.py",
        "    return int(found[1], 36) or None",
        "    return int(found[1], 36)",
        ("tests/unit/test_merchant_numbers.py::test_a_tag_of_a_whole_payment_names_no_item",),
    ),
    Mutant(
        "an_error_that_confirms",
        "posapp/domain/errors.py",
        (
            "        if outcome is GatewayOutcome.CONFIRMED:\n"
            '            raise ValueError("an error is no confirmation")'
        ),
        "",
        ("tests/unit/test_money_guards.py::test_no_error_is_a_confirmation",),
    ),
    Mutant(
        "verify_what_does_not_go_together",
        "posapp/domain/verification.py",
        ("    if reported.is_unclear:\n        return PaymentProblem.UNCLEAR"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "verify_an_unnamed_channel",
        "posapp/domain/verification.py",
        ("    if reported.by_kakaopay is None:\n        return PaymentProblem.PROVIDER_UNKNOWN"),
        "",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "returns_what_an_unnamed_channel_took",
        "posapp/domain/verification.py",
        "UNDECIDED = frozenset(\n"
        "    {PaymentProblem.STATUS_UNKNOWN, PaymentProblem.UNCLEAR, PaymentProblem.PROVIDER_UNKNOWN}\n"
        ")",
        "UNDECIDED = frozenset(\n    {PaymentProblem.STATUS_UNKNOWN, PaymentProblem.UNCLEAR}\n)",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "returns_what_does_not_go_together",
        "posapp/domain/verification.py",
        "UNDECIDED = frozenset(\n"
        "    {PaymentProblem.STATUS_UNKNOWN, PaymentProblem.UNCLEAR, PaymentProblem.PROVIDER_UNKNOWN}\n"
        ")",
        "UNDECIDED = frozenset(\n"
        "    {PaymentProblem.STATUS_UNKNOWN, PaymentProblem.PROVIDER_UNKNOWN}\n"
        ")",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "money_moved_only_if_it_is_paid",
        "posapp/domain/payments.py",
        "        return self.status not in _UNPAID or self._has_cancellations",
        "        return self.status is ReportedStatus.PAID or self._has_cancellations",
        (
            "tests/unit/test_verification.py::test_captured_amount_follows_from_status_and_amounts_not_times",
        ),
    ),
    Mutant(
        "failed_and_cancelled_is_clear",
        "posapp/domain/payments.py",
        ("                return self._has_cancellations\n            case _:"),
        ("                return False\n            case _:"),
        (
            "tests/unit/test_verification.py::test_captured_amount_follows_from_status_and_amounts_not_times",
        ),
    ),
    Mutant(
        "any_status_is_clear",
        "posapp/domain/payments.py",
        ("            case _:\n                return True"),
        ("            case _:\n                return False"),
        ("tests/unit/test_refund_rules.py::test_an_unknown_status_is_unclear",),
    ),
    Mutant(
        "the_embedded_provider_is_not_asked",
        "posapp/domain/payments.py",
        "        named = [one for one in (self.pg_provider, self.emb_pg_provider) if one.strip()]",
        "        named = [one for one in (self.pg_provider,) if one.strip()]",
        ("tests/unit/test_verification.py::test_kakaopay_may_be_named_by_the_embedded_provider",),
    ),
    Mutant(
        "nobody_named_is_not_kakaopay",
        "posapp/domain/payments.py",
        "        return any(_same_name(one, KAKAOPAY) for one in named) if named else None",
        "        return any(_same_name(one, KAKAOPAY) for one in named)",
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "a_history_without_its_sum_is_nothing",
        "posapp/domain/payments.py",
        "        return self.cancelled > 0 or bool(self.cancellations or self.requested_cancellations)",
        "        return self.cancelled > 0",
        (
            "tests/unit/test_verification.py::test_captured_amount_follows_from_status_and_amounts_not_times",
        ),
    ),
    Mutant(
        "claim_of_another_number",
        "posapp/domain/claims.py",
        "    if reported.imp_uid != imp_uid or reported.merchant_uid != merchant_uid:",
        "    if reported.imp_uid != imp_uid:",
        (
            "tests/importing/test_claims.py::test_claim_different_at_portone_is_named_by_line_and_never_counts",
        ),
    ),
    Mutant(
        "claim_of_another_amount",
        "posapp/domain/claims.py",
        ("    if reported.amount != amount:\n        return PaymentProblem.AMOUNT_DIFFERS"),
        "",
        (
            "tests/importing/test_claims.py::test_claim_different_at_portone_is_named_by_line_and_never_counts",
        ),
    ),
    Mutant(
        "claim_of_another_channel",
        "posapp/domain/claims.py",
        ("    if not reported.by_kakaopay:\n        return PaymentProblem.NOT_KAKAOPAY"),
        "",
        (
            "tests/importing/test_claims.py::test_claim_different_at_portone_is_named_by_line_and_never_counts",
        ),
    ),
    Mutant(
        "claim_of_test_money_in_live",
        "posapp/domain/claims.py",
        ("    if live and reported.sandbox:\n        return PaymentProblem.TEST_PAYMENT"),
        "",
        ("tests/importing/test_claims.py::test_live_till_accepts_no_test_payment",),
    ),
    Mutant(
        "claim_with_other_cancels",
        "posapp/domain/claims.py",
        "    return None if _has_same_cancels(claim, reported) else ClaimProblem.CANCELS_DIFFER",
        "    return None",
        (
            "tests/importing/test_claims.py::test_claim_different_at_portone_is_named_by_line_and_never_counts",
        ),
    ),
    Mutant(
        "reason_of_any_length",
        "posapp/domain/refunds.py",
        '        return f"{text[:most]} {self.tag}".strip()',
        '        return f"{text} {self.tag}".strip()',
        ("tests/unit/test_money_guards.py::test_a_reason_of_any_length_keeps_its_tag",),
    ),
    Mutant(
        "reason_without_a_tag",
        "posapp/domain/refunds.py",
        '        return f"{text[:most]} {self.tag}".strip()',
        '        return f"{text} {self.tag}"[:most].strip()',
        ("tests/unit/test_money_guards.py::test_a_reason_of_any_length_keeps_its_tag",),
    ),
    Mutant(
        "number_of_another_till_may_be_ours",
        "posapp/domain/merchant_numbers.py",
        "    return found[1] == till if found else merchant_uid.startswith(PREFIX)",
        "    return merchant_uid.startswith(PREFIX)",
        ("tests/unit/test_money_guards.py::test_a_whole_number_of_another_till_is_not_ours_cut",),
    ),
    Mutant(
        "cut_number_is_never_ours",
        "posapp/domain/merchant_numbers.py",
        "    return found[1] == till if found else merchant_uid.startswith(PREFIX)",
        "    return bool(found) and found[1] == till",
        ("tests/unit/test_merchant_numbers.py::test_cut_number_of_ours_may_be_ours",),
    ),
    Mutant(
        "a_difference_is_explained_by_nobody",
        "posapp/domain/explanations.py",
        "        if not by.is_named or not note:",
        "        if not note:",
        ("tests/unit/test_money_guards.py::test_explanation_needs_actor_reason_and_amount",),
    ),
    Mutant(
        "a_difference_is_explained_without_a_word",
        "posapp/domain/explanations.py",
        "        if not by.is_named or not note:",
        "        if not by.is_named:",
        ("tests/unit/test_money_guards.py::test_explanation_needs_actor_reason_and_amount",),
    ),
    Mutant(
        "claim_of_what_was_not_paid",
        "posapp/domain/claims.py",
        ("    if not reported.was_captured:\n        return PaymentProblem.NOT_PAID\n"),
        "",
        ("tests/unit/test_claim_rules.py::test_claim_must_equal_the_payment_at_portone",),
    ),
    Mutant(
        "claim_of_what_does_not_go_together",
        "posapp/domain/claims.py",
        ("    if reported.is_unclear:\n        return PaymentProblem.UNCLEAR\n"),
        "",
        ("tests/unit/test_claim_rules.py::test_claim_must_equal_the_payment_at_portone",),
    ),
    Mutant(
        "claim_of_another_currency",
        "posapp/domain/claims.py",
        ("    if not reported.in_won:\n        return PaymentProblem.WRONG_CURRENCY\n"),
        "",
        ("tests/unit/test_claim_rules.py::test_claim_must_equal_the_payment_at_portone",),
    ),
    Mutant(
        "claim_with_another_cancel_number",
        "posapp/domain/claims.py",
        "            by_number.get(one.cancellation_id) == one.amount\n",
        "            True\n",
        ("tests/unit/test_claim_rules.py::test_claim_must_equal_the_payment_at_portone",),
    ),
    Mutant(
        "rest_of_any_amount_has_one_tag",
        "posapp/domain/merchant_numbers.py",
        "    return f\"{tag.removesuffix(']')}N{int(amount)}]\"",
        "    return f\"{tag.removesuffix(']')}N]\"",
        (
            "tests/unit/test_merchant_numbers.py::test_a_tag_of_a_rest_means_one_refund_of_one_amount",
            "tests/faults/test_rests_of_copies.py::test_another_rest_of_an_older_copy_is_in_the_journal_too",
        ),
    ),
    Mutant(
        "rests_run_together",
        "posapp/domain/merchant_numbers.py",
        "    return f\"{tag.removesuffix(']')}N{int(amount)}]\"",
        "    return f\"{tag.removesuffix(']')}N{_base36(amount).upper()}]\"",
        ("tests/unit/test_merchant_numbers.py::test_amounts_of_rests_do_not_run_together",),
    ),
)
