"""Guards of what buyers use and see: what a kiosk may do, when it resets, which QR it shows again,
and to whom the display says that it is paid."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "kiosk_resets_while_money_may_move",
        "posapp/domain/kiosk.py",
        "        (_S.QR, _T.FREED): _S.OUTCOME,\n",
        "        (_S.QR, _T.FREED): _S.OUTCOME,\n        (_S.QR, _T.RESET): _S.START,\n",
        (
            "tests/unit/test_kiosk_flow.py::test_no_way_back_and_no_reset_while_money_may_move",
            "tests/unit/test_state_machine.py::test_each_pair_is_a_step_or_is_refused[qr-reset]",
        ),
    ),
    Mutant(
        "kiosk_is_idle_at_a_live_qr",
        "posapp/domain/kiosk.py",
        "IDLE_STATES = frozenset({_S.ORDER, _S.PHONE, _S.SUMMARY})",
        "IDLE_STATES = frozenset({_S.ORDER, _S.PHONE, _S.SUMMARY, _S.QR})",
        ("tests/unit/test_kiosk_flow.py::test_no_way_back_and_no_reset_while_money_may_move",),
    ),
    Mutant(
        "kiosk_allows_whoever_asks",
        "posapp/services/kiosk/kiosk_policy.py",
        "        return permission is Permission.TAKE_PAYMENT and actor.kind is ActorKind.BUYER",
        "        return True",
        (
            "tests/integration/test_kiosk_services.py::test_a_kiosk_allows_a_buyer_to_pay_and_nothing_else",
        ),
    ),
    Mutant(
        "kiosk_shows_an_order_without_the_phone",
        "posapp/services/kiosk/order_entry.py",
        "        if buyer is None or _last_digits(buyer.phone) != digits:\n",
        "        if buyer is None:\n",
        (
            "tests/integration/test_kiosk_services.py::test_wrong_digits_are_refused_like_an_unknown_number[0002]",
        ),
    ),
    Mutant(
        "kiosk_ends_by_any_pin_of_staff",
        "posapp/services/kiosk/kiosk_exit.py",
        "manager_id if manager_id in known else UNKNOWN",
        "manager_id or UNKNOWN",
        ("tests/integration/test_kiosk_services.py::test_a_cashier_does_not_end_the_program",),
    ),
    Mutant(
        "kiosk_starts_without_its_live_qr",
        "posapp/ui/kiosk/attempts.py",
        "    return shown[-1] if shown else None",
        "    return None",
        ("tests/ui/kiosk/test_kiosk_visit.py::test_a_start_with_a_live_qr_shows_that_one_again",),
    ),
    Mutant(
        "kiosk_prints_a_receipt_of_what_was_not_paid",
        "posapp/ui/kiosk/kiosk_controller.py",
        "        if self.receipts is not None and self.is_paid:\n",
        "        if self.receipts is not None:\n",
        (
            "tests/ui/kiosk/test_kiosk_receipt.py::test_nothing_is_printed_of_what_was_not_paid[stop]",
        ),
    ),
    Mutant(
        "kiosk_forgives_wrong_entries_for_an_own_order",
        "posapp/ui/kiosk/kiosk_controller.py",
        "        if self.is_paid:\n            self.form",
        "        if payment.order is not None:\n            self.form",
        (
            "tests/ui/kiosk/test_kiosk_visit.py::test_who_has_an_order_guesses_no_longer_for_it_until_it_is_paid",
        ),
    ),
    Mutant(
        "kiosk_names_the_keys_of_a_pin",
        "posapp/ui/voice/self_voicing.py",
        "            if self._screen.state == PIN_STATE:",
        "            if self._is_open:",
        ("tests/ui/kiosk/test_kiosk_voice.py::test_the_earphone_of_a_buyer_does_not_hear_the_pin",),
    ),
    Mutant(
        "kiosk_calls_a_paid_order_offline",
        "posapp/ui/kiosk/kiosk_controller.py",
        "self.visit.refused = order_refusal(payment.error)",
        'self.visit.refused = ""',
        (
            "tests/ui/kiosk/test_kiosk_visit.py::test_an_order_that_was_paid_while_its_summary_stood_there_is_paid_and_not_offline",
        ),
    ),
    Mutant(
        "kiosk_counts_a_start_before_signals",
        "posapp/app/kiosk_app.py",
        "        self._watch_signals()\n        self._restarts",
        "        self._restarts",
        ("tests/cli/test_kiosk_command.py::test_a_signal_before_the_first_paint_is_no_crash",),
    ),
    Mutant(
        "kiosk_leaves_its_keys_to_a_window_manager",
        "posapp/ui/kiosk/front_keeper.py",
        "handle.setKeyboardGrabEnabled(True) and handle",
        "handle",
        (
            "tests/e2e/test_kiosk_escape.py::test_fault_68_no_key_with_any_modifiers_leads_past_a_window_manager[start]",
        ),
    ),
    Mutant(
        "kiosk_stays_minimised",
        "posapp/ui/kiosk/front_keeper.py",
        "if window.isMinimized() or not self._covers():",
        "if False:",
        (
            "tests/e2e/test_kiosk_escape.py::test_fault_68_what_other_programs_ask_of_the_window_is_taken_back_at_once",
        ),
    ),
    Mutant(
        "display_says_paid_to_the_next_buyer",
        "posapp/ui/display/buyer_display.py",
        "        elif self._is_thanked:\n",
        "        elif False:\n",
        (
            "tests/ui/display/test_display_window.py::test_a_payment_that_is_read_again_is_not_said_to_the_next_buyer",
        ),
    ),
)
"""Guards of the kiosk and of the buyer's display."""
