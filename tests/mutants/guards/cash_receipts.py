"""Guards of cash receipts (현금영수증): one at a time, never sent blindly, no number kept."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

FAULTS = "tests/faults/test_cash_receipts.py"
SERVICES = "tests/integration/test_cash_receipts.py"
STATES = "tests/unit/test_cash_receipt_states.py"
IDENTITY = "tests/unit/test_receipt_identity.py"
STORE = "tests/store/test_cash_receipts.py"
CLIENT = "tests/portone/test_cash_receipts.py"
VAULT = "tests/system/test_identity_vault.py"
PROTOCOL = "posapp/services/cash_receipts/receipt_protocol.py"
REQUESTS = "posapp/services/cash_receipts/request_receipt.py"
RECORDS = "posapp/services/bookkeeping/receipt_records.py"
JOB = "posapp/services/cash_receipts/receipt_job.py"
SERVICE = "posapp/services/cash_receipts/receipt_service.py"
PORTONE = "posapp/portone/cash_receipts.py"
SCHEMA = "posapp/store/migrations/versions/0021_cash_receipts.sql"
DOMAIN = "posapp/domain/cash_receipts.py"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "receipt_sent_again_while_it_may_land",
        PROTOCOL,
        "        if self._may_still_land(receipt):\n            return Round(SHORT)\n        if receipt.cancel_wanted:",
        "        if receipt.cancel_wanted:",
        (f"{FAULTS}::test_fault_131_nothing_is_sent_again_while_it_may_be_carried_out",),
    ),
    Mutant(
        "receipt_of_another_amount_is_ours",
        DOMAIN,
        "        and reported.amount == receipt.amount\n",
        "",
        (
            f"{STATES}::test_only_a_receipt_as_it_was_asked_for_is_ours",
            f"{FAULTS}::test_fault_132_another_receipt_under_our_number_is_a_persons",
        ),
    ),
    Mutant(
        "receipt_of_another_purpose_is_ours",
        DOMAIN,
        "        and reported.is_company == (receipt.purpose is ReceiptPurpose.BUSINESS)\n",
        "",
        (f"{STATES}::test_only_a_receipt_as_it_was_asked_for_is_ours",),
    ),
    Mutant(
        "receipt_refused_without_a_fresh_reading",
        PROTOCOL,
        "            fresh = None if is_settings else self._issuer.find(sending.own_no)\n",
        "            fresh = None\n",
        (f"{FAULTS}::test_fault_135_a_listed_refusal_is_believed_after_a_fresh_reading_only",),
    ),
    Mutant(
        "receipt_refused_beside_an_earlier_send",
        PROTOCOL,
        "        if fresh is not None or self._may_still_land(sending):\n            self._note(sending, ReceiptTrigger.ANSWER_UNCLEAR",
        "        if fresh is not None:\n            self._note(sending, ReceiptTrigger.ANSWER_UNCLEAR",
        (f"{FAULTS}::test_fault_135_a_refusal_after_an_unclear_send_is_not_believed_yet",),
    ),
    Mutant(
        "receipt_for_cash_of_before",
        PROTOCOL,
        "            if (current.amount, current.tax_free) != (cash.amount, cash.tax_free):\n",
        "            if False:\n",
        (f"{SERVICES}::test_a_part_of_the_sale_is_not_sent_with_the_amount_of_before",),
    ),
    Mutant(
        "receipt_of_another_account",
        PROTOCOL,
        "            if reported is None and not self._account.is_own():\n",
        "            if False:\n",
        (f"{FAULTS}::test_fault_132_keys_of_another_account_issue_nothing",),
    ),
    Mutant(
        "receipt_cancelled_because_it_is_missing",
        PROTOCOL,
        "            if not receipt.send_count:\n                return self._name(receipt, ReceiptProblem.MISSING)\n",
        "",
        (f"{FAULTS}::test_fault_132_a_receipt_that_portone_lost_is_cancelled_by_a_person",),
    ),
    Mutant(
        "rest_of_a_sale_without_a_cancel",
        RECORDS,
        "    if held is not None:\n        ask_cancel(uow, held, now)\n    else:",
        "    if held is None:",
        (f"{FAULTS}::test_fault_133_the_rest_is_issued_once_the_whole_is_cancelled",),
    ),
    Mutant(
        "cancel_forgotten_while_it_is_unclear",
        RECORDS,
        "    return ask_cancel(uow, issued, now) if issued.cancel_wanted else issued\n",
        "    return issued\n",
        (f"{FAULTS}::test_fault_133_a_sale_that_is_cancelled_while_its_receipt_is_unclear",),
    ),
    Mutant(
        "cash_that_was_handed_out_counts",
        RECORDS,
        "        sum((one.amount for one in kept), ZERO) - sum((one.of_cash for one in out), ZERO),\n",
        "        sum((one.amount for one in kept), ZERO),\n",
        (f"{SERVICES}::test_nothing_without_cash",),
    ),
    Mutant(
        "a_second_receipt_of_the_same_number",
        REQUESTS,
        "    is_waiting = before.state is ReceiptState.REQUESTED and not is_same\n",
        "    is_waiting = before.state is ReceiptState.REQUESTED\n",
        (f"{SERVICES}::test_a_second_press_asks_once",),
    ),
    Mutant(
        "an_issued_receipt_of_a_buyer_is_replaced",
        REQUESTS,
        "    elif before.state is ReceiptState.ISSUED and is_unnamed:\n",
        "    elif before.state is ReceiptState.ISSUED:\n",
        (f"{SERVICES}::test_a_second_press_asks_once",),
    ),
    Mutant(
        "a_number_kept_after_it_is_issued",
        DOMAIN,
        "        sealed = self.sealed if state in SEALED_STATES else None\n",
        "        sealed = self.sealed\n",
        (
            f"{STATES}::test_every_pair_is_in_the_table_or_refused",
            f"{SERVICES}::test_a_receipt_is_issued_for_the_cash_of_a_sale",
        ),
        errors=("IntegrityError",),
    ),
    Mutant(
        "a_resident_number_is_taken",
        "posapp/domain/receipt_identity.py",
        "    if has_resident_form(digits):\n",
        "    if False:\n",
        (f"{IDENTITY}::test_a_resident_number_is_refused_by_its_shape",),
    ),
    Mutant(
        "an_interrupted_send_is_taken_for_unsent",
        PROTOCOL,
        "                    last_unknown_at=self._clock.now(),\n                )\n                uow.cash_receipts.save(receipt)\n",
        "                    last_unknown_at=None,\n                )\n                uow.cash_receipts.save(receipt)\n",
        (
            f"{FAULTS}::test_fault_136_what_was_sent_before_a_kill_is_not_sent_again_while_it_may_land",
        ),
    ),
    Mutant(
        "a_receipt_is_sent_before_that_is_on_the_disk",
        PROTOCOL,
        "                return None  # the one that it replaces is not cancelled yet\n            uow.commit()\n",
        "                return None  # the one that it replaces is not cancelled yet\n",
        (
            f"{FAULTS}::test_fault_136_what_was_sent_before_a_kill_is_not_sent_again_while_it_may_land",
        ),
    ),
    Mutant(
        "a_receipt_waits_for_a_clock_that_was_ahead",
        "posapp/services/runtime/clock_jump.py",
        "    return tuple(one for one in waiting if one.state in TO_SEND and not one.by_hand)\n",
        "    return ()\n",
        (f"{FAULTS}::test_fault_50_a_receipt_waits_no_longer_for_a_clock_that_is_set",),
    ),
    Mutant(
        "cash_goes_back_without_its_receipt",
        "posapp/services/bookkeeping/cash_records.py",
        "    revise_receipt(uow, refund.order_id, now)\n",
        "",
        (f"{FAULTS}::test_fault_136_a_receipt_is_cancelled_once_after_a_kill",),
    ),
    Mutant(
        "a_number_in_the_text_of_a_refusal",
        PORTONE,
        "        text=without_numbers(error.text),\n",
        "        text=error.text,\n",
        (
            f"{CLIENT}::test_the_number_is_in_no_log_and_no_error",
            f"{SERVICES}::test_the_number_is_in_no_file_and_no_log",
            "tests/integration/test_receipt_numbers_in_files.py::test_no_file_has_the_number_of_a_buyer",
        ),
    ),
    Mutant(
        "a_sealed_number_of_another_receipt",
        "posapp/system/identity_vault.py",
        'AESGCM(key).encrypt(nonce, text, own_no.encode("ascii"))',
        "AESGCM(key).encrypt(nonce, text, None)",
        (f"{VAULT}::test_a_sealed_number_opens_for_its_own_receipt_only",),
    ),
    Mutant(
        "a_number_held_without_a_network",
        SERVICE,
        "        if is_sent and not self._vault.load_key() and not self._is_online():\n",
        "        if is_sent and not self._vault.load_key() and False:\n",
        (f"{SERVICES}::test_without_a_keyring_it_is_issued_online_only",),
    ),
    Mutant(
        "receipts_before_comparing",
        JOB,
        "        if not status.may_send or status.online is False:\n",
        "        if status.online is False:\n",
        (f"{SERVICES}::test_nothing_is_sent_before_the_first_comparison",),
    ),
    Mutant(
        "an_unasked_receipt_in_place_of_the_buyers",
        JOB,
        "                if _is_owed(uow, order_id):\n",
        "                if True:\n",
        (f"{SERVICES}::test_large_cash_that_is_asked_for_in_that_moment_stays_the_buyers",),
    ),
    Mutant(
        "an_answer_about_another_receipt",
        PORTONE,
        "        if issued.own_no != command.own_no:\n            raise invalid_answer()\n",
        "",
        (f"{CLIENT}::test_faults_of_issuing",),
    ),
    Mutant(
        "receipt_sent_again_after_a_refused_token",
        PORTONE,
        "            issued = self._rest.answer(call, payloads.cash_receipt, repeat_unauthorized=False)\n",
        "            issued = self._rest.answer(call, payloads.cash_receipt)\n",
        (f"{CLIENT}::test_a_refused_token_sends_nothing_again",),
    ),
    Mutant(
        "a_channel_of_the_other_mode",
        PORTONE,
        " or channel.sandbox is self._settings.live:",
        ":",
        (f"{CLIENT}::test_a_channel_of_the_other_mode_is_refused",),
    ),
    Mutant(
        "a_listed_refusal_under_any_status",
        "posapp/portone/outcome_table.py",
        "    return known is not None and known.status == result.status != _DONE\n",
        "    return known is not None\n",
        (
            "tests/portone/test_outcome_table.py::test_a_receipt_is_refused_under_its_documented_status_only",
        ),
    ),
    Mutant(
        "two_receipts_of_an_order",
        SCHEMA,
        "CREATE UNIQUE INDEX uq_cash_receipts_held",
        "CREATE INDEX uq_cash_receipts_held",
        (f"{STORE}::test_portone_holds_one_receipt_of_an_order_at_most",),
    ),
    Mutant(
        "two_receipts_of_an_order_wait",
        SCHEMA,
        "CREATE UNIQUE INDEX uq_cash_receipts_waiting",
        "CREATE INDEX uq_cash_receipts_waiting",
        (f"{STORE}::test_one_receipt_of_an_order_waits",),
    ),
    Mutant(
        "a_sent_receipt_of_another_amount",
        SCHEMA,
        "WHEN (NEW.amount <> OLD.amount OR NEW.tax_free <> OLD.tax_free)",
        "WHEN 0",
        (f"{STORE}::test_the_amount_of_what_was_sent_never_changes",),
    ),
    Mutant(
        "a_number_beside_an_issued_receipt",
        SCHEMA,
        "CHECK (sealed IS NULL OR state IN ('REQUESTED', 'SENDING', 'UNKNOWN'))",
        "CHECK (1)",
        (f"{STORE}::test_no_number_beside_a_receipt_that_is_over",),
    ),
    Mutant(
        "an_overwritten_number_comes_back",
        SCHEMA,
        "WHEN OLD.sealed IS NULL AND NEW.sealed IS NOT NULL",
        "WHEN 0",
        (f"{STORE}::test_an_overwritten_number_never_comes_back",),
    ),
)
