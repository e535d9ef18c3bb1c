"""Guards of accounts, keys, older copies and seals: whether money is ours, and by which proof."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "another_account_registers_numbers",
        "posapp/services/payments/start_payment.py",
        "        self._account.require_own()\n",
        "",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_no_qr_is_made_in_another_shops_account",
        ),
    ),
    Mutant(
        "the_newest_number_decides_on_the_account",
        "posapp/services/bookkeeping/shop_account.py",
        "    oldest = recent[-1]\n",
        "    oldest = recent[0]\n",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_one_number_of_another_account_does_not_outweigh_ours",
        ),
    ),
    Mutant(
        "any_payment_knows_the_account",
        "posapp/services/bookkeeping/shop_account.py",
        "for one in attempts[oldest + 1 :] if one.imp_uid",
        "for one in attempts if one.imp_uid",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_payment_made_under_other_keys_proves_no_account",
        ),
    ),
    Mutant(
        "an_older_payment_knows_any_channel",
        "posapp/services/bookkeeping/shop_account.py",
        "    if not evidence.payments or not gateway.is_own_account():",
        "    if not evidence.payments:",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_older_payment_of_another_channel_proves_no_account",
        ),
    ),
    Mutant(
        "any_answer_knows_the_account",
        "posapp/services/bookkeeping/shop_account.py",
        "return reported is not None and is_our_payment(payment, reported)",
        "return reported is not None",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_older_payment_not_shown_as_ours_proves_no_account",
        ),
    ),
    Mutant(
        "account_is_asked_for_numbers_of_another_provider",
        "posapp/services/bookkeeping/shop_account.py",
        "    attempts = [one for one in newest if _is_at(one, provider)]\n",
        "    attempts = newest\n",
        (
            "tests/integration/test_refund_strategies.py::test_the_account_of_a_new_provider_is_not_asked_for_numbers_of_the_earlier_one",
        ),
    ),
    Mutant(
        "list_lacks_a_page_of_another_provider",
        "posapp/services/bookkeeping/shop_account.py",
        "one.is_live and _is_at(one, provider)\n",
        "one.is_live\n",
        (
            "tests/integration/test_refund_strategies.py::test_a_new_provider_does_not_have_to_list_a_page_of_the_earlier_one",
        ),
    ),
    Mutant(
        "missing_gateway_stops_the_comparison",
        "posapp/services/reconciliation/reconcile.py",
        "            if not self._comparison.can_read(ref):\n",
        "            if False:\n",
        (
            "tests/integration/test_refund_strategies.py::test_a_missing_earlier_gateway_does_not_stop_the_comparison",
        ),
    ),
    Mutant(
        "missing_gateway_is_not_named",
        "posapp/services/reconciliation/reconcile.py",
        '        trouble = self._unread or (GatewayCause.SETTINGS.value if self._without_gateway else "")\n',
        "        trouble = self._unread\n",
        (
            "tests/integration/test_refund_strategies.py::test_a_missing_earlier_gateway_does_not_stop_the_comparison",
        ),
    ),
    Mutant(
        "another_account_is_compared",
        "posapp/services/reconciliation/reconcile.py",
        (
            "        if not self._account.is_own():\n"
            "            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.ACCOUNT)\n"
        ),
        "",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_keys_of_another_shop_at_a_start_raise_an_alarm",
        ),
    ),
    Mutant(
        "another_account_sends_on",
        "posapp/services/reconciliation/reconcile.py",
        (
            "        if error.cause is GatewayCause.ACCOUNT:\n"
            "            self._status_store.update(may_send=False)\n"
        ),
        "",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_after_a_change_of_keys_nothing_is_sent",
        ),
    ),
    Mutant(
        "nothing_in_another_account_is_certain",
        "posapp/services/payments/poll_attempt.py",
        "closed=closed, unsure=unsure or not own)",
        "closed=closed, unsure=unsure)",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_no_attempt_ends_as_certain_in_another_shops_books",
        ),
    ),
    Mutant(
        "an_empty_list_beside_a_buyer_moves_the_mark",
        "posapp/services/reconciliation/reconcile.py",
        (
            "        if not seen and self._is_something_missing():\n"
            "            self._unread, self._unread_is_named = GatewayCause.GARBAGE.value, False\n"
        ),
        "",
        (
            "tests/faults/test_other_accounts.py::test_fault_89_an_empty_list_beside_a_buyer_at_the_page_moves_no_mark",
        ),
    ),
    Mutant(
        "any_channel_is_our_account",
        "posapp/portone/client.py",
        ("        if own and keys and own not in keys:\n            return False\n"),
        "",
        (
            "tests/portone/test_payload_guards.py::test_an_account_without_the_shops_channel_is_another",
        ),
    ),
    Mutant(
        "an_older_copy_sends_beside_an_unread_payment",
        "posapp/services/reconciliation/reconcile.py",
        (
            "        if not behind or caught_up:\n"
            "            self._status_store.update(may_send=True)"
        ),
        "        self._status_store.update(may_send=True)",
        (
            "tests/faults/test_older_copies.py::test_fault_82_comparison_with_an_unread_payment_is_incomplete",
        ),
    ),
    Mutant(
        "a_copied_file_is_not_told_by_its_generation",
        "posapp/store/files/generation.py",
        (
            "            if is_older:\n"
            "                connection.execute(MARK_BEHIND, (to_microseconds(now),))\n"
        ),
        "",
        (
            "tests/faults/test_older_copies.py::test_a_file_that_was_merely_copied_is_recognised_by_its_generation",
        ),
    ),
    Mutant(
        "a_file_without_its_companion_is_new",
        "posapp/store/files/generation.py",
        "        is_older = own not in known if known else own != NONE",
        "        is_older = own not in known if known else False",
        ("tests/faults/test_older_copies.py::test_file_without_its_companion_counts_as_older",),
    ),
    Mutant(
        "an_old_attempt_s_money_goes_back_by_itself",
        "posapp/services/payments/record_payment.py",
        "    is_old = attempt.reason == RESTORED or attempt.id <= uow.checkpoints.last_old_attempt()",
        "    is_old = attempt.reason == RESTORED",
        (
            "tests/faults/test_older_copies.py::test_fault_82_money_of_old_attempt_that_does_not_fit_needs_review",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "money_of_which_items_went_back_goes_back_whole",
        "posapp/services/payments/record_payment.py",
        ("    return any(map(is_of_item, reported.cancellations))\n\n\ndef without_own_refunds"),
        ("    return False\n\n\ndef without_own_refunds"),
        (
            "tests/faults/test_older_copies.py::test_fault_82_partly_refunded_payment_is_never_refunded_whole",
        ),
    ),
    Mutant(
        "another_till_s_journal",
        "posapp/store/files/till_codes.py",
        ("    if known:\n        detail"),
        ("    if False:\n        detail"),
        (
            "tests/cli/test_other_tills.py::test_fault_85_a_journal_of_another_database_is_recognised_at_the_start",
        ),
    ),
    Mutant(
        "live_keys_anywhere",
        "posapp/portone/settings.py",
        "            if self.live and not is_published(name, base):",
        "            if False:",
        (
            "tests/portone/test_keys_and_hosts.py::test_fault_93_a_live_till_speaks_to_portones_published_hosts_only",
        ),
    ),
    Mutant(
        "published_without_tls",
        "posapp/domain/hosts.py",
        '    if found is None or found["scheme"] != "https":',
        "    if found is None:",
        ("tests/unit/test_money_guards.py::test_a_published_host_is_one_over_https_only",),
    ),
    Mutant(
        "seals_of_any_key",
        "posapp/domain/seals.py",
        '        return hmac.new(self.secret, text.encode("ascii", "replace"), hashlib.sha256).hexdigest()',
        '        return hashlib.sha256(text.encode("ascii", "replace")).hexdigest()',
        ("tests/unit/test_money_guards.py::test_a_seal_needs_its_key",),
    ),
    Mutant(
        "seals_without_the_row_s_hash",
        "posapp/domain/seals.py",
        '        text = f"posapp {chain} seal 1 {seq} {digest}"',
        '        text = f"posapp ledger seal 1 {seq}"',
        ("tests/store/test_ledger_seals.py::test_rewritten_and_rehashed_row_fails_its_seal",),
    ),
    Mutant(
        "a_broken_seal_is_whole",
        "posapp/store/ledger_seals.py",
        (
            "        if not hmac.compare_digest(key.seal(seq, digest, chain), str(seal)):\n"
            "            return SealCheck(SealState.BROKEN, seq, checked)\n"
        ),
        "",
        ("tests/store/test_ledger_seals.py::test_rewritten_and_rehashed_row_fails_its_seal",),
    ),
    Mutant(
        "an_open_end_is_whole",
        "posapp/store/ledger_seals.py",
        ("    if last != end:\n        return SealCheck(SealState.OPEN, last + 1, checked)\n"),
        "",
        (
            "tests/store/test_ledger_seals.py::test_seals_made_with_another_key_or_taken_away_do_not_help",
        ),
    ),
    Mutant(
        "approves_one_s_own_refund",
        "posapp/domain/refunds.py",
        "    if needed and (not are_named or requested_by.is_same_person(approved_by)):",
        "    if needed and not are_named:",
        ("tests/store/test_approval.py::test_the_domain_holds_it_and_the_database_agrees",),
    ),
    Mutant(
        "nobody_approves",
        "posapp/domain/refunds.py",
        "    if needed and (not are_named or requested_by.is_same_person(approved_by)):",
        "    if needed and requested_by.is_same_person(approved_by):",
        ("tests/store/test_approval.py::test_the_domain_holds_it_and_the_database_agrees",),
    ),
)
