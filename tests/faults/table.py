"""Which row of faults.md is which test, or why there is none yet.

A test is `file::name`. Row 3 tries every byte at the client (tests/portone) and a sample of them
through the whole till: all of them there would take minutes and show the same.
"""

from __future__ import annotations

FOUND = (82, 84, 86, 90)
"""Rows that were found from outside and have landed so far."""

ROWS = (*range(1, 78), *FOUND)

ASKED = frozenset(
    {
        *range(1, 7),
        *(10, 11),
        *range(13, 17),
        *range(18, 30),
        *range(31, 35),
        *range(50, 62),
        *(66, 67),
        *range(69, 76),
        *FOUND,
    }
)
"""What a single till must have: each has a test."""

TABLE: dict[int, tuple[str, ...] | str] = {
    1: (
        "tests/faults/test_refund_faults.py::test_fault_01_answer_lost_after_portone_acted",
        "tests/faults/test_refund_faults.py::test_fault_01_twin_without_reading_and_checksum_pays_back_twice",
    ),
    2: (
        "tests/faults/test_network_faults.py::test_fault_02_swallowed_before_it_arrived",
        "tests/faults/test_refund_faults.py::test_fault_02_request_lost_before_arrival",
    ),
    3: (
        "tests/faults/test_network_faults.py::test_fault_03_cut_on_the_way_and_not_by_the_server",
        "tests/faults/test_refund_faults.py::test_fault_03_answer_cut",
        "tests/portone/test_faults.py::test_fault_03_a_token_cut_at_every_byte_is_safe",
        "tests/portone/test_faults.py::test_fault_03_an_answer_cut_at_every_byte_is_unknown",
    ),
    4: ("tests/faults/test_killed.py::test_fault_04_and_05_killed_anywhere_while_money_goes_back",),
    5: (
        "tests/faults/test_killed.py::test_fault_04_and_05_killed_anywhere_while_money_goes_back",
        "tests/faults/test_killed.py::test_fault_05_killed_anywhere_while_the_qr_is_made",
    ),
    6: (
        "tests/faults/test_refund_faults.py::test_fault_06_a_refusal_is_not_believed_while_a_send_may_land",
        "tests/faults/test_refund_faults.py::test_fault_06_a_send_that_lands_late_after_another_one",
        "tests/faults/test_refund_faults.py::test_fault_06_the_first_lands_before_the_second_is_sent",
        "tests/faults/test_refund_faults.py::test_fault_06_twin_without_checksum_both_land",
    ),
    7: ("tests/faults/test_refund_faults.py::test_fault_07_hours_later_it_is_still_one_refund",),
    8: (
        "V1 has no idempotency key: nothing is bound to a body. The tag, the reading and the "
        "checksum stand in its place (rows 1, 2, 6)."
    ),
    9: "V1 has no idempotency key and no such answer; V2 is not spoken yet.",
    10: ("tests/faults/test_refund_faults.py::test_fault_10_cancelled_by_somebody_else_before",),
    11: (
        "tests/faults/test_network_faults.py::test_fault_11_what_no_longer_fits_is_asked_for_anew",
        "tests/faults/test_refund_faults.py::test_fault_11_the_balance_changed_between_reading_and_sending",
        "tests/faults/test_refund_faults.py::test_fault_11_twin_without_checksum_the_send_goes_through_unseen",
    ),
    12: (
        "A cancel of V1 is answered when it is done; REQUESTED belongs to V2, which is not "
        "spoken yet."
    ),
    13: (
        "tests/faults/test_refund_faults.py::test_fault_13_refused_by_kakaopay_leaves_everything_as_it_was",
    ),
    14: (
        "tests/faults/test_refund_faults.py::test_fault_14_no_amount_but_the_items",
        "tests/faults/test_refund_faults.py::test_fault_14_the_client_sends_no_amount_that_means_everything",
        "tests/portone/test_faults.py::test_fault_14_an_amount_of_nothing_never_leaves",
        "tests/unit/test_money.py::test_fault_14_an_amount_that_is_sent_is_above_zero",
    ),
    15: (
        "tests/faults/test_refund_faults.py::test_fault_15_a_code_that_hides_a_success_is_found_out",
        "tests/faults/test_refund_faults.py::test_fault_15_http_200_with_another_code_is_no_success",
        "tests/portone/test_faults.py::test_fault_15_http_200_with_another_code_is_never_success",
    ),
    16: (
        "tests/faults/test_refund_faults.py::test_fault_16_token_over_in_the_middle",
        "tests/portone/test_faults.py::test_fault_16_a_cancel_with_a_refused_token_is_not_sent_again",
        "tests/portone/test_faults.py::test_fault_16_a_refused_token_is_renewed_once_and_a_read_is_repeated",
        "tests/portone/test_faults.py::test_fault_16_tokens_that_are_always_refused_make_no_loop",
    ),
    17: "V1 tokens are the same for everybody who asks; refresh tokens belong to V2.",
    18: (
        "tests/faults/test_network_faults.py::test_fault_18_a_revoked_secret_stops_the_sending_and_says_why",
        "tests/faults/test_refund_faults.py::test_fault_18_a_revoked_secret_keeps_the_intent",
        "tests/portone/test_faults.py::test_fault_18_a_revoked_secret_stops_before_the_deed",
    ),
    19: (
        "tests/faults/test_network_faults.py::test_fault_19_another_payment_is_not_held_up",
        "tests/faults/test_network_faults.py::test_fault_19_nothing_is_asked_before_the_time_that_was_named",
        "tests/faults/test_refund_faults.py::test_fault_19_told_to_wait",
        "tests/portone/test_faults.py::test_fault_19_too_many_and_busy",
        "tests/portone/test_forms.py::test_fault_19_retry_after_in_every_form",
    ),
    20: (
        "tests/faults/test_refund_faults.py::test_fault_20_a_server_error_says_nothing",
        "tests/portone/test_faults.py::test_fault_20_a_broken_server_is_unknown",
    ),
    21: (
        "tests/faults/test_refund_faults.py::test_fault_21_an_answer_that_cannot_be_believed",
        "tests/portone/test_faults.py::test_fault_21_a_hundred_megabytes_are_not_swallowed",
        "tests/portone/test_faults.py::test_fault_21_a_packed_bomb_is_not_unpacked",
        "tests/portone/test_faults.py::test_fault_21_another_payment_in_the_answer_is_not_believed",
        "tests/portone/test_faults.py::test_fault_21_garbage_is_unknown",
        "tests/portone/test_forms.py::test_fault_21_a_payment_of_wrong_types_is_not_believed",
        "tests/portone/test_forms.py::test_fault_21_json_that_is_not_believed",
    ),
    22: (
        "tests/faults/test_network_faults.py::test_fault_22_a_status_that_stays_unknown_goes_to_a_person",
        "tests/faults/test_refund_faults.py::test_fault_22_unknown_fields_are_ignored_and_an_unknown_status_is_unclear",
        "tests/portone/test_forms.py::test_fault_22_an_unknown_status_is_unknown",
    ),
    23: (
        "tests/faults/test_network_faults.py::test_fault_23_a_portal_that_appears_in_the_midst_of_a_cancel",
        "tests/faults/test_refund_faults.py::test_fault_23_a_captive_portal_is_named_and_nothing_follows_it",
        "tests/portone/test_faults.py::test_fault_23_a_captive_portal",
        "tests/portone/test_faults.py::test_fault_23_cookies_of_a_portal_are_dropped_and_never_parsed",
        "tests/portone/test_faults.py::test_fault_23_no_redirect_is_followed_and_no_token_leaks",
    ),
    24: (
        "tests/portone/test_faults.py::test_fault_24_a_certificate_of_another_host",
        "tests/portone/test_faults.py::test_fault_24_a_certificate_that_nobody_vouches_for",
        "tests/portone/test_faults.py::test_fault_24_a_server_that_speaks_no_tls",
        "tests/portone/test_faults.py::test_fault_24_the_right_certificate_is_taken",
        "tests/portone/test_probe.py::test_fault_24_a_clock_that_is_off_by_more_than_five_minutes_is_named",
        "tests/portone/test_probe.py::test_fault_24_a_server_that_does_not_tell_the_time_leaves_it_at_the_connection",
        "tests/portone/test_probe.py::test_fault_24_whose_name_is_wrong_is_not_asked_for_the_time",
        "tests/system/test_doctor.py::test_fault_24_a_clock_that_is_off_by_more_than_five_minutes",
    ),
    25: (
        "tests/faults/test_network_faults.py::test_fault_25_nobody_listens_nothing_is_sent_and_it_goes_on_when_somebody_does",
        "tests/portone/test_faults.py::test_fault_25_a_black_hole_costs_the_time_to_connect_and_no_more",
        "tests/portone/test_faults.py::test_fault_25_a_black_hole_in_front_leaves_time_for_the_other_address",
        "tests/portone/test_faults.py::test_fault_25_a_name_that_does_not_exist",
        "tests/portone/test_faults.py::test_fault_25_a_resolver_that_is_silent",
        "tests/portone/test_faults.py::test_fault_25_accepted_but_never_answered",
        "tests/portone/test_faults.py::test_fault_25_nobody_listens",
    ),
    26: (
        "tests/faults/test_network_faults.py::test_fault_26_a_drip_ends_at_the_deadline_and_not_with_the_answer",
        "tests/portone/test_faults.py::test_fault_26_a_dripping_handshake_is_left_when_the_time_to_connect_is_over",
        "tests/portone/test_faults.py::test_fault_26_a_dripping_server_is_left_at_the_deadline",
        "tests/portone/test_faults.py::test_fault_26_the_deadline_holds_over_tls_too",
        "tests/portone/test_faults.py::test_fault_26_twin_without_the_deadline_the_drip_holds_the_caller",
    ),
    27: (
        "tests/faults/test_network_faults.py::test_fault_27_whatever_happens_to_the_answer_it_is_found_out",
        "tests/faults/test_refund_faults.py::test_fault_27_connection_torn_down_after_the_send",
        "tests/portone/test_faults.py::test_fault_27_a_kept_connection_that_died_is_not_tried_again_for_a_write",
        "tests/portone/test_faults.py::test_fault_27_a_reset_after_sending_is_unknown",
    ),
    28: (
        "tests/faults/test_network_faults.py::test_fault_28_a_network_that_flaps_for_an_hour",
        "tests/faults/test_network_faults.py::test_fault_28_twin_without_hysteresis_the_lamp_flickers",
        "tests/faults/test_refund_faults.py::test_fault_28_a_flapping_network_for_an_hour",
        "tests/unit/test_connectivity.py::test_a_network_that_comes_and_goes_for_an_hour_is_shown_as_lost",
        "tests/unit/test_connectivity.py::test_never_more_than_so_many_changes_a_minute",
    ),
    29: (
        "tests/faults/test_network_faults.py::test_fault_29_past_a_limit_of_kakaopay_it_is_refused_in_its_words",
        "tests/faults/test_refund_faults.py::test_fault_29_the_second_partial_refused_over_vat_can_go_back_in_full",
    ),
    30: (
        "A test payment in live mode and the other way round: "
        "tests/integration/test_paying.py, test_money_of_the_wrong_kind_goes_back."
    ),
    31: (
        "tests/faults/test_payment_faults.py::test_fault_31_paid_after_the_till_gave_up_is_attached",
        "tests/faults/test_payment_faults.py::test_fault_31_paid_late_for_an_order_that_is_cancelled_meanwhile_goes_back",
        "tests/faults/test_payment_faults.py::test_fault_31_paid_while_the_program_was_closed",
        "tests/faults/test_payment_faults.py::test_fault_31_twin_nobody_who_forgets_an_ended_attempt_sees_the_money",
        "tests/integration/test_paying.py::test_a_late_payment_closes_the_newer_qr",
        "tests/integration/test_paying.py::test_a_late_payment_of_an_order_paid_otherwise_goes_back",
        "tests/integration/test_reconciling.py::test_fault_31_money_that_came_after_the_till_forgot_is_attached",
    ),
    32: (
        "tests/faults/test_payment_faults.py::test_fault_32_one_number_is_paid_several_times",
        "tests/faults/test_payment_faults.py::test_fault_32_the_second_one_comes_a_quarter_of_an_hour_later",
        "tests/faults/test_payment_faults.py::test_fault_32_two_qrs_of_one_order_are_both_paid",
        "tests/integration/test_paying.py::test_paid_twice_under_one_number_the_second_goes_back",
        "tests/integration/test_reconciling.py::test_fault_32_a_second_payment_long_after_the_first_goes_back",
    ),
    33: (
        "tests/faults/test_payment_faults.py::test_fault_33_an_amount_that_is_not_the_orders_goes_back_in_full",
        "tests/faults/test_payment_faults.py::test_fault_33_an_order_that_changed_while_it_was_paid",
        "tests/integration/test_paying.py::test_another_amount_is_found_out_and_goes_back_in_full",
    ),
    34: (
        "tests/faults/test_killed.py::test_fault_34_killed_anywhere_while_a_payment_is_verified",
        "tests/faults/test_payment_faults.py::test_fault_34_killed_while_the_qr_is_on_screen",
        "tests/integration/test_paying.py::test_fault_34_a_qr_on_screen_is_found_again_after_a_start",
    ),
    35: (
        "tests/faults/test_payment_faults.py::test_fault_35_who_only_claims_that_it_is_paid_releases_nothing",
        "tests/integration/test_paying.py::test_a_lying_number_is_never_acted_upon",
    ),
    36: "No webhooks: a till polls and has no public address.",
    37: "No webhooks: a till polls and has no public address.",
    38: "One till: there is no other that could cancel the order meanwhile.",
    39: "Stock is taken when the order is made; reservations belong to a server.",
    40: "One till; two deciders on its own file: tests/requests/test_two_deciders.py.",
    41: "One till. What was cancelled in PortOne's console meanwhile is rows 10 and 11.",
    42: "One till.",
    43: (
        "tests/store/test_store_outbox.py::test_fault_43_who_wakes_after_the_lease_writes_nothing",
    ),
    44: "One till; its own lease after a jump of the clock is row 50.",
    45: "Rights are kept on a server, which is not there yet.",
    46: "There is no server.",
    47: "There is no server.",
    48: "There is no server that could see two devices.",
    49: "Limits of approving without a server are not there yet.",
    50: (
        "tests/faults/test_clock_faults.py::test_fault_50_a_qr_lives_as_long_as_it_was_said",
        "tests/faults/test_clock_faults.py::test_fault_50_a_qr_made_right_after_a_jump_ahead_is_not_moved",
        "tests/faults/test_clock_faults.py::test_fault_50_a_qr_that_nobody_pays_ends_in_its_time",
        "tests/faults/test_clock_faults.py::test_fault_50_a_running_lease_is_neither_over_nor_endless",
        "tests/faults/test_clock_faults.py::test_fault_50_a_send_that_may_still_land_is_waited_for",
        "tests/faults/test_clock_faults.py::test_fault_50_a_waiting_refund_waits_no_longer_and_no_shorter",
        "tests/faults/test_clock_faults.py::test_fault_50_drift_is_followed_and_moves_nothing",
        "tests/faults/test_clock_faults.py::test_fault_50_order_is_by_sequence_and_not_by_time",
        "tests/faults/test_clock_faults.py::test_fault_50_the_clock_was_moved_while_the_program_was_closed",
        "tests/faults/test_clock_faults.py::test_fault_50_twin_without_the_watch_a_lease_is_over_too_soon",
        "tests/faults/test_clock_faults.py::test_fault_50_twin_without_the_watch_a_paid_qr_is_looked_at_tomorrow",
        "tests/faults/test_clock_faults.py::test_fault_50_twin_without_the_watch_a_refund_waits_for_a_day",
        "tests/store/test_store_copies.py::test_fault_50_a_clock_that_jumps_takes_no_real_day_away",
    ),
    51: (
        "tests/faults/test_clock_faults.py::test_fault_51_a_refund_over_midnight_belongs_to_the_day_of_its_confirmation",
    ),
    52: (
        "tests/faults/test_storage_full.py::test_fault_52_a_copy_that_finds_no_room_leaves_what_is_there",
        "tests/faults/test_storage_full.py::test_fault_52_a_disk_that_turns_read_only_sells_nothing_and_loses_nothing",
        "tests/faults/test_storage_full.py::test_fault_52_a_full_disk_stops_selling_and_still_notes_what_became_of_refunds",
        "tests/faults/test_storage_full.py::test_fault_52_twin_without_the_reserve_the_end_of_a_refund_is_not_noted",
        "tests/faults/test_storage_full.py::test_fault_52_whatever_write_finds_no_room_there_is_no_half_state",
        "tests/store/test_disk_watch.py::test_fault_52_a_full_disk_frees_the_reserve_and_begins_no_payment",
        "tests/store/test_disk_watch.py::test_fault_52_a_read_only_disk_is_over_when_it_takes_the_reserve",
        "tests/store/test_intent_journal.py::test_fault_52_a_full_disk_frees_its_reserve_for_the_journal",
        "tests/store/test_intent_journal.py::test_fault_52_a_journal_that_cannot_be_written_keeps_no_shop_closed",
        "tests/store/test_store_copies.py::test_fault_52_a_copy_never_takes_the_last_room",
        "tests/store/test_store_faults.py::test_fault_52_a_full_disk_keeps_the_state_before",
        "tests/store/test_store_faults.py::test_fault_52_a_read_only_folder_is_said_and_left_as_it_is",
    ),
    53: (
        "tests/faults/test_storage_full.py::test_fault_53_a_write_that_fails_anywhere_stops_the_writing_until_a_new_start",
        "tests/store/test_disk_watch.py::test_fault_53_a_failing_disk_asks_for_a_copy_once",
        "tests/store/test_disk_watch.py::test_fault_53_after_a_failing_disk_nothing_is_written_until_the_next_start",
        "tests/store/test_intent_journal.py::test_fault_53_a_failing_disk_is_not_asked_twice",
        "tests/store/test_store_faults.py::test_fault_53_a_failing_commit_keeps_nothing_and_closes_its_connection",
    ),
    54: (
        "tests/faults/test_storage_damage.py::test_fault_54_a_locked_database_fails_before_any_call",
        "tests/faults/test_storage_damage.py::test_fault_54_twin_who_calls_first_has_moved_money_that_nobody_noted",
    ),
    55: (
        "tests/cli/test_backups.py::test_fault_55_a_broken_shop_is_restored_by_hand",
        "tests/cli/test_damaged_start.py::test_fault_55_the_window_says_that_a_copy_is_in_place",
        "tests/faults/test_storage_damage.py::test_fault_55_a_damaged_shop_goes_on_from_its_copy_and_no_refund_is_lost_or_doubled",
        "tests/faults/test_storage_damage.py::test_fault_55_an_intent_of_a_payment_that_the_copy_does_not_know_is_reported",
        "tests/faults/test_storage_damage.py::test_fault_55_money_after_the_copy_comes_back_from_portone",
        "tests/faults/test_storage_damage.py::test_fault_55_twin_without_the_journal_the_approval_is_forgotten",
        "tests/store/test_intent_journal.py::test_fault_55_intents_of_payments_that_are_not_known_are_reported_with_evidence",
        "tests/store/test_store_faults.py::test_fault_55_damage_met_while_reading_is_named",
        "tests/store/test_store_opening.py::test_fault_55_a_database_of_another_program_is_refused",
        "tests/store/test_store_opening.py::test_fault_55_damaged_pages_are_found",
        "tests/store/test_store_opening.py::test_fault_55_what_is_no_database_is_never_taken_for_a_new_shop",
        "tests/store/test_store_restoring.py::test_fault_55_a_file_without_its_ledger_is_damaged_and_no_copy",
        "tests/store/test_store_restoring.py::test_fault_55_a_foreign_wal_is_found",
        "tests/store/test_store_restoring.py::test_fault_55_a_killed_shop_with_its_own_wal_is_whole",
        "tests/store/test_store_restoring.py::test_fault_55_damage_is_set_aside_and_the_newest_good_copy_put_in_place",
        "tests/store/test_store_restoring.py::test_fault_55_without_a_good_copy_nothing_is_touched_and_no_new_shop_is_made",
    ),
    56: (
        "tests/faults/test_storage_migration.py::test_fault_56_killed_at_every_statement_there_is_the_old_schema_or_the_new",
        "tests/faults/test_storage_migration.py::test_fault_56_twin_without_one_transaction_a_schema_stands_between",
        "tests/store/test_store_opening.py::test_fault_56_a_step_that_fails_leaves_the_old_schema_and_a_copy",
        "tests/store/test_store_opening.py::test_fault_56_killed_in_a_step_leaves_the_old_schema_and_a_copy",
    ),
    57: (
        "tests/faults/test_storage_damage.py::test_fault_57_a_newer_shop_is_refused_with_both_numbers_and_left_as_it_is",
        "tests/store/test_store_opening.py::test_fault_57_a_newer_schema_is_refused_untouched",
        "tests/store/test_store_restoring.py::test_fault_57_a_newer_file_is_not_taken_for_a_damaged_one",
    ),
    58: (
        "tests/cli/test_backups.py::test_fault_58_an_unsent_refund_survives_a_restore_in_the_journal",
        "tests/faults/test_storage_damage.py::test_fault_58_an_old_copy_compares_first_and_repeats_nothing",
        "tests/integration/test_reconciling.py::test_fault_58_a_tag_that_fits_no_item_is_named_and_counted",
        "tests/integration/test_reconciling.py::test_fault_58_of_several_payments_under_a_lost_number_the_right_one_pays",
        "tests/integration/test_reconciling.py::test_fault_58_an_approval_of_the_copy_that_was_carried_out_since_is_not_sent_again",
        "tests/integration/test_reconciling.py::test_fault_58_money_that_went_back_by_rule_stays_back",
        "tests/integration/test_reconciling.py::test_fault_58_the_same_item_is_not_refunded_twice_under_two_tags",
        "tests/integration/test_reconciling.py::test_fault_58_twin_without_the_tags_it_is_refunded_twice",
        "tests/integration/test_reconciling.py::test_fault_58_what_fits_no_order_any_more_is_named_and_not_sent_back",
        "tests/integration/test_reconciling.py::test_fault_58_what_was_done_after_the_copy_comes_back",
        "tests/store/test_intent_journal.py::test_fault_58_an_approval_that_a_restored_copy_does_not_know_waits_for_a_person",
        "tests/store/test_intent_journal.py::test_fault_58_what_had_ended_is_not_brought_back",
    ),
    59: (
        "tests/faults/test_second_start.py::test_fault_59_a_lock_file_of_another_host_that_nobody_holds_means_nothing",
        "tests/faults/test_second_start.py::test_fault_59_a_lock_held_on_another_host_refuses_and_names_it",
        "tests/faults/test_second_start.py::test_fault_59_a_second_start_raises_the_first_window_and_ends_well",
        "tests/faults/test_second_start.py::test_fault_59_the_first_window_is_in_front_of_everything_again",
        "tests/faults/test_second_start.py::test_fault_59_what_a_killed_program_leaves_hinders_nobody",
        "tests/system/test_single_instance.py::test_fault_59_a_second_program_is_told_who_runs_and_a_killed_one_leaves_nothing",
    ),
    60: (
        "tests/faults/test_storage_damage.py::test_fault_60_an_old_sqlite_stops_the_shop_before_its_file_is_touched",
        "tests/store/test_store_opening.py::test_fault_60_an_old_sqlite_is_refused_by_number",
    ),
    61: (
        "tests/faults/test_storage_damage.py::test_fault_61_the_copy_of_a_selling_shop_opens_as_a_shop",
        "tests/store/test_store_copies.py::test_fault_61_a_copy_made_amid_sales_is_of_one_moment",
        "tests/store/test_store_copies.py::test_fault_61_a_damaged_database_makes_no_copy_and_takes_none_away",
        "tests/store/test_store_faults.py::test_fault_61_a_backup_of_a_shop_that_is_selling_is_whole",
        "tests/store/test_store_faults.py::test_fault_61_a_failed_backup_leaves_the_last_good_one",
        "tests/store/test_store_restoring.py::test_fault_61_a_restore_killed_at_each_step_leaves_the_old_or_the_new",
        "tests/store/test_store_restoring.py::test_fault_61_a_rotten_copy_is_passed_over",
    ),
    62: (
        "tests/faults/test_refund_faults.py::test_fault_62_a_keyring_that_is_locked_keeps_the_intent",
        "tests/system/test_keyring_secrets.py::test_fault_62_a_keyring_that_keeps_nothing_safe_is_refused",
        "tests/system/test_keyring_secrets.py::test_fault_62_a_prompt_that_hangs_ends_at_the_limit_and_starts_no_second_one",
        "tests/system/test_keyring_secrets.py::test_fault_62_of_several_keyrings_only_the_real_one_is_used",
    ),
    63: (
        "tests/cli/test_damaged_start.py::test_fault_63_the_window_names_the_file_where_there_is_no_copy",
        "tests/faults/test_storage_damage.py::test_fault_63_without_a_copy_the_shop_stays_closed_and_its_file_untouched",
        "tests/store/test_store_restoring.py::test_fault_63_a_missing_file_is_no_new_shop_where_one_was",
        "tests/store/test_store_restoring.py::test_fault_63_each_trace_of_a_shop_is_seen",
    ),
    64: "There are no PINs yet.",
    65: (
        "tests/store/test_store_ledger.py::test_fault_65_rows_without_types_are_no_entries",
        "tests/store/test_store_ledger.py::test_fault_65_selling_on_after_a_cut_leaves_a_gap_that_is_seen",
        "tests/store/test_store_ledger.py::test_fault_65_the_first_wrong_row_is_named",
    ),
    66: (
        "tests/faults/test_hostile_text.py::test_fault_66_a_line_of_the_log_stays_one_line",
        "tests/faults/test_hostile_text.py::test_fault_66_an_import_takes_it_as_text_or_says_why_not",
        "tests/faults/test_hostile_text.py::test_fault_66_from_the_order_to_the_file",
    ),
    67: (
        "tests/e2e/test_secrets.py::test_no_secret_is_in_anything_that_a_till_leaves_or_shows",
        "tests/system/test_logging.py::test_fault_67_no_secret_reaches_any_file_by_any_way",
    ),
    68: "There is no kiosk yet.",
    69: (
        "tests/faults/test_refund_faults.py::test_fault_69_pressed_twice_there_is_one_intent",
        "tests/faults/test_refund_faults.py::test_fault_69_two_windows_at_once",
        "tests/ui/cancel/test_cancel_screen.py::test_a_held_enter_asks_once_and_answers_nothing",
        "tests/ui/cancel/test_cancel_screen.py::test_one_intent_however_often_it_is_pressed",
        "tests/ui/cancel/test_open_money.py::test_another_try_is_one_however_often_it_is_pressed",
    ),
    70: (
        "tests/ui/counter/test_counter.py::test_fault_70_after_a_live_qr_the_unsent_ones_are_asked_about_too",
        "tests/ui/counter/test_counter.py::test_fault_70_closing_with_money_on_its_way_asks_with_the_list",
        "tests/ui/sync/test_leaving.py::test_fault_70_enter_and_esc_stay",
        "tests/ui/sync/test_leaving.py::test_fault_70_logging_out_is_held_up_for_the_question",
        "tests/ui/sync/test_leaving.py::test_fault_70_logging_out_is_not_held_up_in_vain",
        "tests/ui/sync/test_leaving.py::test_fault_70_sending_goes_on_while_it_is_asked",
        "tests/ui/sync/test_leaving.py::test_fault_70_the_newest_list_is_asked_about_and_not_the_one_read_before",
        "tests/ui/sync/test_leaving.py::test_fault_70_what_needs_a_person_is_named_in_the_question",
        "tests/ui/sync/test_real_sync.py::test_fault_70_closing_leaves_every_entry_where_it_was",
    ),
    71: (
        "tests/faults/test_process_faults.py::test_fault_71_a_bug_in_the_midst_of_a_send_leaves_the_intent_whole",
        "tests/system/test_logging.py::test_fault_71_a_crash_of_the_interpreter_leaves_its_trace",
        "tests/system/test_logging.py::test_fault_71_what_nobody_caught_is_logged_and_told",
    ),
    72: (
        "tests/ui/sync/test_sync_screen.py::test_fault_72_an_answer_for_a_page_that_is_gone_reaches_nobody",
    ),
    73: (
        "tests/ui/foundation/test_watchdog.py::test_fault_73_a_screen_that_stands_still_is_written_down_while_it_does",
        "tests/ui/foundation/test_watchdog.py::test_fault_73_one_stall_is_one_entry_and_its_end_is_told",
        "tests/ui/foundation/test_watchdog.py::test_fault_73_twin_a_screen_that_goes_on_is_left_alone",
    ),
    74: (
        "tests/faults/test_process_faults.py::test_fault_74_a_slip_that_cannot_be_made_leaves_the_refund_as_it_is",
        "tests/ui/cancel/test_printing.py::test_fault_74_a_copy_is_one_after_a_restart_too",
        "tests/ui/cancel/test_printing.py::test_fault_74_a_printer_that_takes_nothing_makes_no_copy",
        "tests/ui/cancel/test_printing.py::test_fault_74_a_slip_that_is_printed_again_says_that_it_is_a_copy",
    ),
    75: (
        "tests/soak/test_soak.py::test_fault_75_an_hour_of_trading_leaves_nothing_behind_but_records",
    ),
    76: (
        "There is no session that could be asked for again; a lease over a suspended machine "
        "is told by CLOCK_BOOTTIME (tests/system/test_clock_ids_paths.py) and row 50."
    ),
    77: "Updates are not installed by the program.",
    82: (
        "tests/faults/test_older_copies.py::test_fault_82_a_compare_that_left_a_payment_unread_is_not_the_end_of_it",
        "tests/faults/test_older_copies.py::test_fault_82_a_decision_of_the_copy_is_not_taken_back_before_it_was_compared",
        "tests/faults/test_older_copies.py::test_fault_82_a_newer_attempt_is_treated_as_ever",
        "tests/faults/test_older_copies.py::test_fault_82_a_refund_request_is_not_rejected_while_its_money_is_on_the_way",
        "tests/faults/test_older_copies.py::test_fault_82_a_refund_that_was_approved_after_the_copy_ends_its_request",
        "tests/faults/test_older_copies.py::test_fault_82_an_item_cancelled_without_a_network_in_an_older_copy",
        "tests/faults/test_older_copies.py::test_fault_82_money_of_an_old_attempt_that_does_not_fit_any_more_is_a_persons",
        "tests/faults/test_older_copies.py::test_fault_82_money_of_which_items_went_back_is_never_sent_back_whole",
        "tests/faults/test_older_copies.py::test_fault_82_nothing_of_the_lost_time_is_done_before_it_was_compared",
        "tests/faults/test_older_copies.py::test_fault_82_twin_without_the_guards_the_money_of_goods_that_left_goes_back",
    ),
    84: (
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_a_part_is_named_even_if_an_item_costs_as_much",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_a_refund_that_waited_ends_and_nothing_is_sent",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_a_refund_whose_answer_was_lost_ends_with_its_own_round",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_a_request_that_waits_for_such_an_item_is_over",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_a_whole_cancel_ends_the_items_and_says_by_whom",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_an_approval_of_a_refund_waits_for_a_persons_word",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_goods_whose_money_is_in_doubt_wait_for_a_persons_word",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_nothing_is_done_with_goods_whose_money_is_back",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_parts_that_are_all_of_it_together_end_the_items",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_the_rest_cancelled_after_a_refund_of_ours_ends_the_rest",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_84_twin_without_it_the_items_stay_paid_for_ever",
    ),
    86: (
        "tests/faults/test_cancelled_elsewhere.py::test_fault_86_an_open_difference_grows",
        "tests/faults/test_cancelled_elsewhere.py::test_fault_86_what_was_explained_is_counted_with_and_only_more_is_named",
        "tests/faults/test_deciding.py::test_fault_86_a_mismatch_that_was_explained_leaves_the_list_and_stands_in_the_ledger",
        "tests/faults/test_deciding.py::test_fault_86_nothing_closes_a_mismatch_but_who_why_and_how_much",
        "tests/faults/test_deciding.py::test_fault_86_what_grew_while_somebody_looked_is_not_explained_by_the_old_sum",
    ),
    90: (
        "tests/faults/test_free_items.py::test_fault_90_a_paid_item_of_nothing_is_cancelled_without_money",
        "tests/faults/test_free_items.py::test_fault_90_an_approved_refund_of_it_is_over_at_once",
        "tests/faults/test_free_items.py::test_fault_90_another_sum_for_nothing_and_nothing_for_another_sum_are_refused",
        "tests/faults/test_free_items.py::test_fault_90_it_goes_with_a_whole_cancel_of_others",
        "tests/faults/test_free_items.py::test_fault_90_it_stays_when_the_rest_went_back_and_can_go_then",
        "tests/faults/test_free_items.py::test_fault_90_the_seller_cancels_it_wherever_it_is_on_its_way",
    ),
}
