"""Guards of the wire: what is sent, and what of an answer is believed."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "a_timeout_is_safe_to_send_again",
        "posapp/portone/outcome_table.py",
        'Rule("timed_out", _event(Event.TIMED_OUT), _UNKNOWN, _UNKNOWN, GatewayCause.TIMEOUT)',
        'Rule("timed_out", _event(Event.TIMED_OUT), _UNKNOWN, _RETRY_SAFE, GatewayCause.TIMEOUT)',
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_lost_connection_is_safe_to_send_again",
        "posapp/portone/outcome_table.py",
        "_event(Event.CONNECTION_LOST), _UNKNOWN, _UNKNOWN,",
        "_event(Event.CONNECTION_LOST), _UNKNOWN, _RETRY_SAFE,",
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_large_answer_is_a_refusal",
        "posapp/portone/outcome_table.py",
        "_event(Event.TOO_LARGE), _UNKNOWN, _UNKNOWN,",
        "_event(Event.TOO_LARGE), _UNKNOWN, _REFUSED,",
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "something_unforeseen_is_safe_to_send_again",
        "posapp/portone/outcome_table.py",
        "_event(Event.UNFORESEEN), _UNKNOWN, _UNKNOWN,",
        "_event(Event.UNFORESEEN), _UNKNOWN, _RETRY_SAFE,",
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_401_of_any_words_did_nothing",
        "posapp/portone/outcome_table.py",
        'Rule("unlisted_401", _status(401), _RETRY_SAFE, _UNKNOWN,',
        'Rule("unlisted_401", _status(401), _RETRY_SAFE, _RETRY_SAFE,',
        (
            "tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",
            "tests/faults/test_bent_readings.py::test_cancel_answered_401_with_other_text_is_made_once",
        ),
    ),
    Mutant(
        "a_401_with_any_code_is_portones",
        "posapp/portone/outcome_table.py",
        "            and result.code == -1\n            and says_unauthorized",
        "            and says_unauthorized",
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_401_of_any_shape_is_portones",
        "posapp/portone/outcome_table.py",
        "            result.shape is Shape.ENVELOPE\n            and result.code == -1\n",
        "            result.code == -1\n",
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_401_that_only_begins_as_portones",
        "posapp/portone/refusals.py",
        "    return folded(text) in _UNAUTHORIZED\n",
        "    return folded(text).startswith(tuple(_UNAUTHORIZED))\n",
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_cancel_that_may_be_done_ends_as_its_token_does",
        "posapp/portone/rest_calls.py",
        "            if not refused or error.outcome is not GatewayOutcome.RETRY_SAFE:\n",
        "            if not refused:\n",
        (
            "tests/portone/test_faults.py::test_fault_16_cancel_answered_401_with_other_text_is_unclear",
        ),
    ),
    Mutant(
        "a_busy_server_did_nothing",
        "posapp/portone/outcome_table.py",
        'Rule("busy", _status(503), _UNKNOWN, _UNKNOWN, GatewayCause.BUSY)',
        'Rule("busy", _status(503), _UNKNOWN, _RETRY_SAFE, GatewayCause.BUSY)',
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_server_error_is_a_refusal",
        "posapp/portone/outcome_table.py",
        (
            "        lambda result: 500 <= result.status <= 599,\n"
            "        _UNKNOWN,\n"
            "        _UNKNOWN,"
        ),
        (
            "        lambda result: 500 <= result.status <= 599,\n"
            "        _UNKNOWN,\n"
            "        _REFUSED,"
        ),
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_redirected_write_is_safe_to_send_again",
        "posapp/portone/outcome_table.py",
        (
            "        lambda result: result.status in _REDIRECTS,\n"
            "        _RETRY_SAFE,\n"
            "        _UNKNOWN,"
        ),
        (
            "        lambda result: result.status in _REDIRECTS,\n"
            "        _RETRY_SAFE,\n"
            "        _RETRY_SAFE,"
        ),
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_write_behind_a_portal_is_safe_to_send_again",
        "posapp/portone/outcome_table.py",
        (
            "        lambda result: result.status == 200 and result.shape is Shape.HTML,\n"
            "        _RETRY_SAFE,\n"
            "        _UNKNOWN,"
        ),
        (
            "        lambda result: result.status == 200 and result.shape is Shape.HTML,\n"
            "        _RETRY_SAFE,\n"
            "        _RETRY_SAFE,"
        ),
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "any_shape_is_done",
        "posapp/portone/outcome_table.py",
        "result.status == 200 and result.code == 0 and result.shape is Shape.ENVELOPE",
        "result.status == 200 and result.code in (0, None)",
        ("tests/portone/test_outcome_table.py::test_unlisted_answer_is_unknown",),
    ),
    Mutant(
        "an_unlisted_no_is_a_refusal",
        "posapp/portone/outcome_table.py",
        'Rule("unlisted_no", _said_no, _UNKNOWN, _UNKNOWN, GatewayCause.SERVER)',
        'Rule("unlisted_no", _said_no, _UNKNOWN, _REFUSED, GatewayCause.SERVER)',
        ("tests/portone/test_outcome_table.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_no_of_any_status_is_believed",
        "posapp/portone/outcome_table.py",
        "if result.kind is not CallKind.WRITE or result.status != _DONE or not _said_no(result):",
        "if result.kind is not CallKind.WRITE or not _said_no(result):",
        (
            "tests/portone/test_outcome_table.py::test_a_listed_text_under_another_status_is_not_the_listed_answer",
        ),
    ),
    Mutant(
        "what_is_on_no_row_is_a_refusal",
        "posapp/portone/outcome_table.py",
        "UNLISTED = Verdict(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)",
        "UNLISTED = Verdict(GatewayOutcome.REFUSED, GatewayCause.GARBAGE)",
        ("tests/portone/test_payload_guards.py::test_unlisted_answer_is_unclear",),
    ),
    Mutant(
        "a_write_reads_a_page_that_is_not_found_as_no",
        "posapp/portone/outcome_table.py",
        'Rule("not_found", _found_nothing, _REFUSED, _UNKNOWN, GatewayCause.NOT_FOUND)',
        'Rule("not_found", lambda result: result.status == 404 and _said_no(result), _REFUSED, _REFUSED, GatewayCause.NOT_FOUND)',
        (
            "tests/portone/test_outcome_table.py::test_a_listed_text_under_another_status_is_not_the_listed_answer",
        ),
    ),
    Mutant(
        "any_text_says_that_there_is_nothing",
        "posapp/portone/outcome_table.py",
        "        and says_not_found(result.message)\n",
        "",
        (
            "tests/portone/test_payload_guards.py::test_404_with_unlisted_text_is_not_an_empty_result",
        ),
    ),
    Mutant(
        "a_refusal_that_only_begins_as_a_known_one",
        "posapp/portone/refusals.py",
        "    return _LISTED[purpose].get(folded(text)) if purpose in _LISTED else None",
        (
            "    found = [one for known, one in _LISTED.get(purpose, {}).items() if folded(text).startswith(known)]\n"
            "    return found[0] if found else None"
        ),
        ("tests/portone/test_outcome_table.py::test_listed_text_with_additions_is_unlisted",),
    ),
    Mutant(
        "a_refusal_to_another_call_is_believed",
        "posapp/portone/refusals.py",
        "    return _LISTED[purpose].get(folded(text)) if purpose in _LISTED else None",
        "    return next((each[folded(text)] for each in _LISTED.values() if folded(text) in each), None)",
        ("tests/portone/test_outcome_table.py::test_a_text_is_listed_for_its_own_call_only",),
    ),
    Mutant(
        "a_refusal_without_its_digits",
        "posapp/portone/refusals.py",
        'if unicodedata.category(each)[0] not in "CPZ")',
        'if unicodedata.category(each)[0] not in "CPZN")',
        (
            "tests/portone/test_payload_guards.py::test_a_listed_text_with_another_number_is_another_text",
        ),
    ),
    Mutant(
        "cancel_without_a_checksum",
        "posapp/portone/client.py",
        '            "checksum": int(checksum),\n',
        "",
        ("tests/portone/test_client_calls.py::test_the_balance_is_checked_by_portone",),
    ),
    Mutant(
        "cancel_without_an_amount",
        "posapp/portone/client.py",
        ('            "amount": int(amount),\n            "tax_free"'),
        '            "tax_free"',
        (
            "tests/portone/test_payload_guards.py::test_cancel_sends_amount_and_checksum_and_never_zero",
        ),
    ),
    Mutant(
        "cancel_of_zero",
        "posapp/portone/client.py",
        "        amount, checksum = require_positive(order.amount), require_positive(order.expected_balance)",
        "        amount, checksum = order.amount, require_positive(order.expected_balance)",
        (
            "tests/portone/test_payload_guards.py::test_cancel_sends_amount_and_checksum_and_never_zero",
        ),
    ),
    Mutant(
        "cancel_of_more_than_its_checksum",
        "posapp/portone/client.py",
        (
            "        if amount > checksum:\n"
            '            raise ValueError("a refund larger than the balance it is checked against")\n'
        ),
        "",
        (
            "tests/portone/test_payload_guards.py::test_cancel_sends_amount_and_checksum_and_never_zero",
        ),
    ),
    Mutant(
        "cancel_is_sent_again_with_a_new_token",
        "posapp/portone/client.py",
        "after = self._rest.answer(call, payloads.payment, repeat_unauthorized=False)",
        "after = self._rest.answer(call, payloads.payment)",
        (
            "tests/portone/test_faults.py::test_fault_16_a_cancel_with_a_refused_token_is_not_sent_again",
        ),
    ),
    Mutant(
        "cancel_answered_about_another_payment",
        "posapp/portone/client.py",
        (
            "        if after.imp_uid != order.ref.provider_id:\n            raise invalid_answer()\n"
        ),
        "",
        (
            "tests/portone/test_faults.py::test_fault_21_another_payment_in_the_answer_is_not_believed",
        ),
    ),
    Mutant(
        "read_of_another_payment",
        "posapp/portone/client.py",
        (
            "        if found is not None and found.imp_uid != ref.provider_id:\n"
            "            raise invalid_answer()\n"
        ),
        "",
        (
            "tests/portone/test_faults.py::test_fault_21_another_payment_in_the_answer_is_not_believed",
        ),
    ),
    Mutant(
        "prepared_with_another_amount",
        "posapp/portone/client.py",
        "        return held.merchant_uid == merchant_uid and held.amount == amount",
        "        return held.merchant_uid == merchant_uid",
        (
            "tests/portone/test_client_calls.py::test_registered_already_is_fine_with_the_same_amount_only",
        ),
    ),
    Mutant(
        "prepared_under_another_number",
        "posapp/portone/client.py",
        "        return held.merchant_uid == merchant_uid and held.amount == amount",
        "        return held.amount == amount",
        (
            "tests/portone/test_payload_guards.py::test_registered_under_another_number_is_not_registered",
        ),
    ),
    Mutant(
        "prepare_of_zero",
        "posapp/portone/client.py",
        '"amount": int(require_positive(amount)),\n            "currency": "KRW",\n        }',
        '"amount": int(amount),\n            "currency": "KRW",\n        }',
        ("tests/portone/test_payload_guards.py::test_nothing_is_registered_for_zero",),
    ),
    Mutant(
        "tries_that_never_end_are_all",
        "posapp/portone/client.py",
        ("                break\n        raise invalid_answer()\n"),
        ("                break\n        return tuple(tries)\n"),
        (
            "tests/portone/test_client_calls.py::test_pages_without_an_end_are_not_followed_for_ever",
        ),
    ),
    Mutant(
        "a_page_out_of_order",
        "posapp/portone/payment_list.py",
        "(following != page + 1 or 0 < answer.total <= page * PAGE)",
        "(0 < answer.total <= page * PAGE)",
        ("tests/portone/test_payment_list.py::test_page_without_its_next_page_is_refused",),
    ),
    Mutant(
        "a_page_beyond_the_total",
        "posapp/portone/payment_list.py",
        "(following != page + 1 or 0 < answer.total <= page * PAGE)",
        "(following != page + 1)",
        ("tests/portone/test_payment_list.py::test_no_page_follows_the_last_of_the_total",),
    ),
    Mutant(
        "any_text_is_a_cursor",
        "posapp/portone/payment_list.py",
        '    if not _CURSOR.fullmatch(cursor):\n        raise ValueError("no such page")\n',
        "",
        (
            "tests/portone/test_client_calls.py::test_a_window_that_portone_does_not_have_is_not_requested",
        ),
    ),
    Mutant(
        "a_window_of_any_length",
        "posapp/portone/payment_list.py",
        (
            "    if not timedelta(0) <= until - since <= WINDOW:\n"
            '        raise ValueError("a window of at most 90 days")\n'
        ),
        "",
        (
            "tests/portone/test_client_calls.py::test_a_window_that_portone_does_not_have_is_not_requested",
        ),
    ),
    Mutant(
        "a_number_that_leaves_its_path",
        "posapp/portone/rest_calls.py",
        '    return quote(text, safe="")',
        "    return quote(text)",
        (
            "tests/portone/test_client_calls.py::test_a_number_with_slashes_stays_one_part_of_the_path",
        ),
    ),
    Mutant(
        "a_path_of_dots",
        "posapp/portone/rest_calls.py",
        '    if not 1 <= len(text) <= limit or text in (".", ".."):',
        "    if not 1 <= len(text) <= limit:",
        (
            "tests/portone/test_client_calls.py::test_numbers_that_cannot_be_are_not_put_into_a_path",
        ),
    ),
    Mutant(
        "a_key_twice",
        "posapp/portone/strict_json.py",
        ('    if len(value) != len(pairs):\n        raise NotJson("a key twice")\n'),
        "",
        ("tests/portone/test_forms.py::test_fault_21_json_that_is_not_believed",),
    ),
    Mutant(
        "nan_is_a_number",
        "posapp/portone/strict_json.py",
        "            parse_constant=_no_constant,\n",
        "",
        ("tests/portone/test_forms.py::test_fault_21_json_that_is_not_believed",),
    ),
    Mutant(
        "json_of_any_depth",
        "posapp/portone/strict_json.py",
        ('            if depth > DEEPEST:\n                raise NotJson("nested too deep")\n'),
        (
            "            if depth > 10 * DEEPEST:\n"
            '                raise NotJson("nested too deep")\n'
        ),
        ("tests/portone/test_forms.py::test_fault_21_json_that_is_not_believed",),
    ),
    Mutant(
        "more_cancelled_than_paid",
        "posapp/portone/payloads.py",
        ('    if cancelled > amount:\n        raise InvalidPayload("cancel_amount")\n'),
        "",
        ("tests/portone/test_forms.py::test_fault_21_a_payment_of_wrong_types_is_not_believed",),
    ),
    Mutant(
        "a_payment_without_a_number",
        "posapp/portone/payloads.py",
        "not isinstance(value, str) or not 1 <= len(value) <= limit or not value.isprintable()",
        "not isinstance(value, str) or not len(value) <= limit or not value.isprintable()",
        ("tests/portone/test_forms.py::test_fault_21_a_payment_of_wrong_types_is_not_believed",),
    ),
    Mutant(
        "an_unknown_status_is_ready",
        "posapp/portone/payloads.py",
        "    return _STATUSES.get(value, ReportedStatus.UNKNOWN)",
        "    return _STATUSES.get(value, ReportedStatus.READY)",
        ("tests/portone/test_forms.py::test_fault_22_an_unknown_status_is_unknown",),
    ),
    Mutant(
        "an_unreadable_payment_of_ours_is_passed_over",
        "posapp/portone/payloads.py",
        "            unreadable.append(_unreadable(line, str(error)))",
        "            continue",
        ("tests/portone/test_payload_guards.py::test_unreadable_line_is_kept_with_its_text",),
    ),
    Mutant(
        "two_nameless_lines_are_one",
        "posapp/portone/payloads.py",
        "            nameless[key] += 1\n",
        "            nameless[key] = 1\n",
        (
            "tests/portone/test_forms.py::test_history_lines_without_number_get_the_same_one_each_time",
        ),
    ),
    Mutant(
        "a_sandbox_flag_that_is_left_out",
        "posapp/portone/payloads.py",
        (
            "    if not isinstance(value, bool):\n"
            "        raise InvalidPayload(name)\n"
            "    return value"
        ),
        "    return bool(value)",
        ("tests/portone/test_forms.py::test_fault_21_a_payment_of_wrong_types_is_not_believed",),
    ),
    Mutant(
        "redirects_are_followed",
        "posapp/portone/transport.py",
        "            allow_redirects=False,",
        "            allow_redirects=True,",
        ("tests/portone/test_faults.py::test_fault_23_no_redirect_is_followed_and_no_token_leaks",),
    ),
    Mutant(
        "proxies_of_the_environment",
        "posapp/portone/transport.py",
        "        self.trust_env = False",
        "        self.trust_env = True",
        ("tests/portone/test_faults.py::test_no_library_repeats_asks_the_environment_or_follows",),
    ),
    Mutant(
        "an_answer_of_any_size",
        "posapp/portone/transport.py",
        ("        if size > limit:\n            return None\n"),
        "",
        ("tests/portone/test_faults.py::test_fault_21_a_hundred_megabytes_are_not_swallowed",),
    ),
    Mutant(
        "any_content_type_is_json",
        "posapp/portone/transport.py",
        ('    if kind != "application/json":\n        return Shape.OTHER, None\n'),
        "",
        ("tests/portone/test_payload_guards.py::test_only_json_content_type_is_json",),
    ),
    Mutant(
        "a_sent_request_was_not_sent",
        "posapp/portone/transport.py",
        ("    if not exchange.sent:\n        if isinstance(error, requests.exceptions.SSLError):"),
        ("    if True:\n        if isinstance(error, requests.exceptions.SSLError):"),
        ("tests/portone/test_faults.py::test_fault_27_reset_after_sending_is_unclear",),
    ),
    Mutant(
        "a_second_try_by_itself",
        "posapp/portone/transport.py",
        "max_retries=0",
        "max_retries=2",
        ("tests/portone/test_faults.py::test_no_library_repeats_asks_the_environment_or_follows",),
    ),
    Mutant(
        "sent_is_not_noted",
        "posapp/portone/deadline_sockets.py",
        "        exchange.sent = True\n",
        "",
        ("tests/portone/test_faults.py::test_fault_27_reset_after_sending_is_unclear",),
    ),
    Mutant(
        "a_token_after_its_end",
        "posapp/portone/tokens.py",
        "        return self._clock.monotonic() < token.ends_at - RENEW_AHEAD_MS",
        "        return True",
        (
            "tests/portone/test_tokens.py::test_it_is_renewed_ahead_of_its_end_by_the_monotonic_clock",
        ),
    ),
    Mutant(
        "a_token_for_ever",
        "posapp/portone/tokens.py",
        "        life = min(answer.life * 1000, LONGEST_MS)",
        "        life = answer.life * 1000",
        ("tests/portone/test_tokens.py::test_a_life_of_a_thousand_years_is_trusted_for_a_day",),
    ),
    Mutant(
        "keys_are_refused_as_unknown",
        "posapp/portone/tokens.py",
        "                GatewayCause.UNAUTHORIZED if refused else error.cause,",
        "                error.cause,",
        ("tests/portone/test_faults.py::test_fault_18_a_revoked_secret_stops_before_the_action",),
    ),
    Mutant(
        "links_anywhere",
        "posapp/portone/checkout.py",
        "        if parts is None or not self._is_allowed(parts):",
        "        if parts is None:",
        ("tests/portone/test_links.py::test_a_link_that_leads_to_another_host_is_refused",),
    ),
    Mutant(
        "links_of_any_scheme",
        "posapp/portone/checkout.py",
        '(host if "://" in host else f"https://{host}")',
        '(host if "://" in host else f"{parts[\'scheme\']}://{host}")',
        ("tests/portone/test_links.py::test_a_link_that_leads_to_another_host_is_refused",),
    ),
    Mutant(
        "a_link_of_zero",
        "posapp/portone/checkout.py",
        '"amount": int(require_positive(order.amount)),',
        '"amount": int(order.amount),',
        ("tests/portone/test_payload_guards.py::test_no_link_is_made_for_zero",),
    ),
    Mutant(
        "keys_in_the_clear",
        "posapp/portone/settings.py",
        '    return parts.scheme == "https" or (parts.scheme == "http" and _is_own(parts.hostname))',
        '    return parts.scheme in ("https", "http")',
        ("tests/portone/test_forms.py::test_keys_are_sent_to_no_unsafe_address",),
    ),
    Mutant(
        "keys_with_a_user_in_the_address",
        "posapp/portone/settings.py",
        "    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:",
        "    if not parts.hostname or parts.query or parts.fragment:",
        ("tests/portone/test_forms.py::test_keys_are_sent_to_no_unsafe_address",),
    ),
    Mutant(
        "waits_as_long_as_it_is_told",
        "posapp/portone/retry_after.py",
        "    return max(0, min(seconds, LONGEST))",
        "    return max(0, seconds)",
        ("tests/portone/test_forms.py::test_fault_19_retry_after_in_every_form",),
    ),
    Mutant(
        "waits_a_negative_time",
        "posapp/portone/retry_after.py",
        "    return max(0, min(seconds, LONGEST))",
        "    return min(seconds, LONGEST)",
        ("tests/portone/test_forms.py::test_fault_19_retry_after_in_every_form",),
    ),
    Mutant(
        "any_refusal_is_an_empty_list",
        "posapp/portone/empty_list.py",
        "    return error.cause is GatewayCause.REFUSED and any(each in text for each in NOTHING_THERE)",
        "    return error.cause is GatewayCause.REFUSED",
        ("tests/portone/test_empty_list.py::test_only_portones_own_answer_is_an_empty_list",),
    ),
    Mutant(
        "unreadable_tries_are_passed_over",
        "posapp/portone/client.py",
        (
            "            if page.unreadable:  # all of them have our number\n"
            "                raise invalid_answer()\n"
        ),
        "",
        ("tests/portone/test_empty_list.py::test_the_tries_of_one_number_are_all_read_or_none",),
    ),
    Mutant(
        "half_a_won_on_the_wire",
        "posapp/portone/payloads.py",
        "    if not 0 <= value <= MAX_AMOUNT or int(value) != value:",
        "    if not 0 <= value <= MAX_AMOUNT:",
        ("tests/portone/test_forms.py::test_an_amount_that_is_not_whole_is_not_rounded",),
    ),
)
