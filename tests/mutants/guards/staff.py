"""Guards of staff: rights, limits and approvals of refunds, and the counting of PINs."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

_CHECK = "posapp/services/staff/pin_check.py"
_POLICY = "posapp/services/staff/staff_policy.py"
_LIMITS = "posapp/domain/refund_limits.py"
_DIRECTORY = "posapp/services/staff/staff_directory.py"
_APPROVALS = "posapp/services/staff/refund_approvals.py"
_SQL = "posapp/store/migrations/versions/0010_staff.sql"
_OF_APPROVALS = "tests/integration/test_refund_approvals.py"
_OF_SIGN_IN = "tests/integration/test_sign_in.py"
_OF_MATRIX = "tests/integration/test_staff_matrix.py"
_OF_DIRECTORY = "tests/integration/test_staff_directory.py"
_OF_MODEL = "tests/integration/test_pin_model.py"

MUTANTS: tuple[Mutant, ...] = (
    # Rights
    Mutant(
        "staff_removed_keep_their_rights",
        "posapp/domain/staff.py",
        "        if not self.active or self.is_locked:",
        "        if self.is_locked:",
        (f"{_OF_MATRIX}::test_without_a_right_nothing_is_done[removed-retry]",),
    ),
    Mutant(
        "staff_locked_keep_their_rights",
        "posapp/domain/staff.py",
        "        if not self.active or self.is_locked:",
        "        if not self.active:",
        (f"{_OF_MATRIX}::test_without_a_right_nothing_is_done[locked-retry]",),
    ),
    Mutant(
        "staff_of_any_role_have_every_right",
        _POLICY,
        "        if person is None or person.grant(permission) is Grant.NO:",
        "        if person is None:",
        (f"{_OF_MATRIX}::test_cell[add_staff-cashier-no]",),
    ),
    Mutant(
        "staff_are_not_needed_to_act",
        _POLICY,
        "        if not uow.staff.exist():\n            return True",
        "        if not uow.staff.exist() or actor.staff_id is None:\n            return True",
        (f"{_OF_MATRIX}::test_without_a_right_nothing_is_done[user-advance]",),
    ),
    Mutant(
        "staff_act_for_any_seller",
        _POLICY,
        "        return person.may_act_as(actor)\n",
        "        return True\n",
        (f"{_OF_MATRIX}::test_cell[advance-other seller-no]",),
    ),
    # Limits, where money is given back
    Mutant(
        "staff_refund_without_limit",
        "posapp/services/refunds/cancel_item.py",
        (
            "approver = self._access.require_refund(\n"
            "                uow, actor, what, item.total, kept, before=before\n"
            "            )"
        ),
        "approver = None",
        (f"{_OF_APPROVALS}::test_own_pin_is_enough_up_to_its_limit",),
    ),
    Mutant(
        "staff_remainder_without_limit",
        "posapp/services/refunds/cancel_remainder.py",
        (
            "approver = self._access.require_refund(\n"
            '                uow, actor, f"refund:{refund_id}", offer.amount, kept\n'
            "            )"
        ),
        "approver = None",
        (f"{_OF_APPROVALS}::test_remainder_above_the_limit_needs_approval",),
    ),
    Mutant(
        "staff_request_without_limit",
        "posapp/services/requests/decide_request.py",
        (
            "            approver = self._access.require_refund(\n"
            "                uow,\n"
            "                actor,\n"
            '                f"request:{request.id}",\n'
            "                item.total,\n"
            "                request.reason,\n"
            "                before=won_of_other_pieces(uow, item),\n"
            "            )"
        ),
        "            approver = None",
        (f"{_OF_APPROVALS}::test_single_request_above_the_limit_needs_approval",),
    ),
    Mutant(
        "staff_bulk_counts_one_by_one",
        "posapp/services/requests/decide_request.py",
        "            agreed = self._agree(actor, request_ids) if decision is Decision.APPROVE else None",
        "            agreed = None",
        (f"{_OF_APPROVALS}::test_bulk_counts_by_its_sum",),
    ),
    Mutant(
        "staff_bulk_without_limit",
        "posapp/services/requests/decide_request.py",
        'approver = self._access.require_refund(uow, actor, what, total, "", before=before)',
        "approver = None",
        (f"{_OF_APPROVALS}::test_bulk_counts_by_its_sum",),
    ),
    Mutant(
        "staff_retry_without_limit",
        "posapp/services/refunds/unresolved_money.py",
        (
            "            require_resend(self._access, uow, actor, refund_id)\n"
            "            requeue(uow, actor"
        ),
        "            requeue(uow, actor",
        (
            f"{_OF_APPROVALS}::test_sending_unresolved_money_again_above_the_limit_needs_approval[retry]",
        ),
    ),
    Mutant(
        "staff_disown_without_limit",
        "posapp/services/refunds/unresolved_money.py",
        (
            "            if not ours:\n"
            "                require_resend(self._access, uow, actor, refund_id)\n"
        ),
        "",
        (
            f"{_OF_APPROVALS}::test_sending_unresolved_money_again_above_the_limit_needs_approval[assign_cancellation]",
        ),
    ),
    Mutant(
        "staff_requeue_without_limit",
        "posapp/services/sync/sync_status.py",
        "            require_resend(self._access, uow, actor, refund_id)\n",
        "",
        (
            f"{_OF_APPROVALS}::test_sending_unresolved_money_again_above_the_limit_needs_approval[requeue]",
        ),
    ),
    Mutant(
        "staff_day_without_sum",
        _LIMITS,
        "        if together > self.second_person or of_day + amount > self.day:",
        "        if together > self.second_person:",
        (f"{_OF_APPROVALS}::test_sum_of_a_day_needs_a_manager",),
    ),
    Mutant(
        "staff_cashier_refunds_alone",
        _LIMITS,
        "        if together > self.with_pin or grant is not Grant.YES:",
        "        if together > self.with_pin:",
        (f"{_OF_APPROVALS}::test_cashier_refunds_with_an_approver_alone",),
    ),
    Mutant(
        "staff_session_is_always_fresh",
        _LIMITS,
        "        if together > self.without_pin or not is_fresh:",
        "        if together > self.without_pin:",
        (f"{_OF_APPROVALS}::test_after_five_minutes_it_needs_the_own_pin",),
    ),
    # Approvals
    Mutant(
        "staff_approval_never_expires",
        _POLICY,
        "            valid = one.is_valid_for(subject, now, self._clock.monotonic())\n",
        "            valid = True\n",
        (f"{_OF_APPROVALS}::test_approval_expires_after_two_minutes",),
    ),
    Mutant(
        "staff_approval_is_used_again",
        _POLICY,
        "                and uow.approvals.use(one.id, now)\n",
        "",
        (f"{_OF_APPROVALS}::test_approval_is_used_once",),
    ),
    Mutant(
        "staff_approval_is_for_any_amount",
        _LIMITS,
        "        return bound and by_wall and by_boot and self.used_at is None",
        "        return by_wall and by_boot and self.used_at is None",
        ("tests/unit/test_staff_rules.py::test_approval_is_for_exactly_one_refund",),
    ),
    Mutant(
        "staff_approval_follows_the_wall_clock",
        _LIMITS,
        "        return bound and by_wall and by_boot and self.used_at is None",
        "        return bound and by_wall and self.used_at is None",
        ("tests/unit/test_staff_rules.py::test_approval_is_for_exactly_one_refund",),
    ),
    Mutant(
        "staff_own_pin_is_a_second_person",
        _POLICY,
        "            return proof is Proof.OWN_PIN\n",
        "            return True\n",
        (f"{_OF_APPROVALS}::test_own_pin_is_enough_up_to_its_limit",),
    ),
    Mutant(
        "staff_approver_is_not_asked_again",
        _POLICY,
        "        return approver is not None and may_approve(",
        "        return approver is not None or may_approve(",
        (f"{_OF_APPROVALS}::test_approver_who_was_removed_meanwhile_does_not_count",),
    ),
    Mutant(
        "staff_approve_their_own",
        _APPROVALS,
        "        if actor.staff_id == approver_id:",
        "        if False and actor.staff_id == approver_id:",
        (f"{_OF_APPROVALS}::test_nobody_approves_their_own_refund",),
    ),
    Mutant(
        "staff_without_right_approve",
        _APPROVALS,
        "        if not may_approve(approver, actor, subject.permission, manager=manager):",
        "        if False and not may_approve(approver, actor, subject.permission, manager=manager):",
        (f"{_OF_APPROVALS}::test_approver_needs_the_right_to_that_refund",),
    ),
    Mutant(
        "staff_for_a_seller_are_another_person",
        "posapp/domain/refunds.py",
        "requested_by.is_same_person(approved_by)",
        "requested_by == approved_by",
        ("tests/store/test_approval.py::test_the_domain_holds_it_and_the_database_agrees",),
    ),
    Mutant(
        "staff_for_a_seller_are_another_person_in_the_database",
        _SQL,
        "WHEN NEW.approval_needed = 1 AND NEW.asked_by <> NEW.approved_by\n",
        "WHEN NEW.approval_needed = 2 AND NEW.asked_by <> NEW.approved_by\n",
        ("tests/store/test_approval.py::test_the_domain_holds_it_and_the_database_agrees",),
    ),
    # Counting
    Mutant(
        "staff_try_is_counted_after_the_hash",
        _CHECK,
        "            begun = tries.begun(now, boot_ms)\n            self._keep(uow, person, begun)\n",
        "            begun = tries.begun(now, boot_ms)\n",
        (f"{_OF_SIGN_IN}::test_try_is_committed_before_the_hash_runs",),
    ),
    Mutant(
        "staff_try_is_not_counted_beside_the_file",
        _CHECK,
        "            self._counter.set(person.id, tries)\n        if person.pin_tries",
        "            pass\n        if person.pin_tries",
        (
            f"{_OF_SIGN_IN}::test_try_is_committed_before_the_hash_runs",
            f"{_OF_MODEL}::test_walk[killed]",
        ),
    ),
    Mutant(
        "staff_older_copy_forgets_tries",
        _CHECK,
        "            tries = max(person.pin_tries, beside, key=_count)\n",
        "            tries = person.pin_tries\n",
        (f"{_OF_MODEL}::test_walk[copy_is_restored]",),
    ),
    Mutant(
        "staff_never_wait",
        _CHECK,
        "            if wait:\n                raise",
        "            if False:\n                raise",
        (f"{_OF_SIGN_IN}::test_early_entry_is_refused_without_being_counted",),
    ),
    Mutant(
        "staff_never_lock",
        _CHECK,
        "            if tries.count >= LOCKED_AT:",
        "            if tries.count >= LOCKED_AT + 10**6:",
        (f"{_OF_SIGN_IN}::test_delays_warning_and_lock",),
    ),
    Mutant(
        "staff_clock_set_back_shuts_out",
        _CHECK,
        "                self._keep(uow, person, tries.restarted(now, boot_ms))\n",
        "                pass\n",
        (f"{_OF_MODEL}::test_walk[clock_is_set_back_for_good]",),
    ),
    Mutant(
        "staff_unknown_take_no_time",
        _CHECK,
        "        right = self._hasher.matches(hashed, number, pin) and person is not None\n",
        "        right = person is not None and self._hasher.matches(hashed, number, pin)\n",
        (f"{_OF_SIGN_IN}::test_unknown_person_takes_the_work_of_a_wrong_pin",),
    ),
    Mutant(
        "staff_pin_that_was_reset_lets_in",
        _CHECK,
        "not right or not is_same:",
        "not right:",
        (f"{_OF_SIGN_IN}::test_pin_that_is_reset_while_it_is_compared_lets_nobody_in",),
    ),
    Mutant(
        "staff_wall_clock_shortens_a_delay",
        "posapp/domain/pins.py",
        "        return max(delay - min(by_wall, by_boot), 0)",
        "        return max(delay - by_wall, 0)",
        (
            "tests/unit/test_pins.py::test_longer_of_both_clocks_rules",
            f"{_OF_MODEL}::test_walk[clock_is_set_back_and_forth]",
        ),
    ),
    Mutant(
        "staff_new_start_shortens_a_delay",
        "posapp/domain/pins.py",
        "        return max(delay - min(by_wall, by_boot), 0)",
        "        return max(delay - (by_boot if boot_ms >= self.boot_ms else by_wall), 0)",
        ("tests/unit/test_pins.py::test_longer_of_both_clocks_rules",),
    ),
    # PINs and people
    Mutant(
        "staff_weak_pins_are_taken",
        "posapp/domain/pins.py",
        "    if _is_run(pin) or _is_birthday(pin) or (phone and phone.endswith(pin)):",
        "    if False and _is_run(pin):",
        ("tests/unit/test_pins.py::test_form_and_easy_pins",),
    ),
    Mutant(
        "staff_old_pins_are_taken",
        _DIRECTORY,
        "        if any(self._hasher.matches(one, person.id, pin) for one in of_secret):",
        "        if False:",
        (f"{_OF_SIGN_IN}::test_last_three_pins_are_refused",),
    ),
    Mutant(
        "staff_change_without_the_own_pin",
        _DIRECTORY,
        "        if self.needs_pin(actor):\n",
        "        if False:\n",
        (f"{_OF_DIRECTORY}::test_a_change_asks_for_the_own_pin_five_minutes_after_it",),
    ),
    Mutant(
        "staff_confirmed_change_frees_refunds",
        "posapp/services/session.py",
        "            self.confirmed_ms = now_ms\n",
        "            self.confirmed_ms = self.signed_in_ms = now_ms\n",
        (f"{_OF_DIRECTORY}::test_a_confirmed_change_makes_no_refund_need_less",),
    ),
    Mutant(
        "staff_confirm_with_any_pin",
        "posapp/services/staff/sign_in.py",
        "        self._pins.check(staff_id, pin)\n",
        "",
        (f"{_OF_DIRECTORY}::test_a_wrong_own_pin_is_counted_and_confirms_nothing",),
    ),
    Mutant(
        "staff_set_up_again_after_a_sign_in",
        _DIRECTORY,
        "if len(people) == 1 and not uow.staff.last_sign_ins() else None",
        "if len(people) == 1 else None",
        (f"{_OF_DIRECTORY}::test_an_interrupted_set_up_is_taken_up_only_before_the_first_sign_in",),
    ),
    Mutant(
        "staff_of_another_role_go_on",
        "posapp/services/staff/sign_in.py",
        " or person.role is not role\n",
        "\n",
        (f"{_OF_DIRECTORY}::test_who_may_not_go_on_is_found",),
    ),
    Mutant(
        "staff_set_up_twice",
        _DIRECTORY,
        "            if uow.staff.exist():\n                raise UserError(ErrorCode.NOT_PERMITTED)\n",
        "",
        (f"{_OF_SIGN_IN}::test_set_up_makes_the_first_manager_once",),
    ),
    Mutant(
        "staff_recover_with_any_code",
        _DIRECTORY,
        "            if not is_code(code, uow.staff.recovery_digest()):",
        "            if False:",
        (f"{_OF_SIGN_IN}::test_recovery_code_resets_a_manager_and_is_used_up",),
    ),
    Mutant(
        "staff_recovery_code_lasts",
        _DIRECTORY,
        "            uow.staff.set_recovery_digest(digest_of(letters))\n            self._record(uow, StaffEventKind.PIN_RECOVERED",
        "            self._record(uow, StaffEventKind.PIN_RECOVERED",
        (f"{_OF_SIGN_IN}::test_recovery_code_resets_a_manager_and_is_used_up",),
    ),
    Mutant(
        "staff_short_pin_in_a_higher_role",
        _DIRECTORY,
        "            if changed.pin_digits < least_digits(role):",
        "            if False:",
        (f"{_OF_SIGN_IN}::test_higher_role_needs_a_longer_pin",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "staff_last_manager_leaves",
        _SQL,
        "CREATE TRIGGER staff_manager_left BEFORE UPDATE OF role, active ON staff\nWHEN (",
        "CREATE TRIGGER staff_manager_left BEFORE UPDATE OF role, active ON staff\nWHEN NEW.id < 0 AND (",
        (f"{_OF_SIGN_IN}::test_last_manager_is_neither_removed_nor_demoted",),
    ),
    Mutant(
        "staff_hash_of_another_person",
        "posapp/system/pin_hashing.py",
        'f"{staff_id}|{pin}".encode()',
        "pin.encode()",
        ("tests/system/test_pin_hashing.py::test_hash_is_of_one_person_and_one_pin",),
    ),
    Mutant(
        "staff_hash_without_the_secret",
        "posapp/system/pin_hashing.py",
        "    return hmac.new(pepper, f",
        '    return hmac.new(b"", f',
        ("tests/system/test_pin_hashing.py::test_another_secret_verifies_nothing",),
    ),
    Mutant(
        "staff_hash_below_the_floor",
        "posapp/system/pin_hashing.py",
        "max(cost.memory_kib // 2, LEAST_COST.memory_kib)",
        "max(cost.memory_kib // 2, 8)",
        ("tests/system/test_pin_hashing.py::test_cost_is_measured_within_its_bounds",),
    ),
    Mutant(
        "staff_events_share_the_seals_of_the_ledger",
        "posapp/domain/seals.py",
        '        text = f"posapp {chain} seal 1 {seq} {digest}"',
        '        text = f"posapp ledger seal 1 {seq} {digest}"',
        ("tests/store/test_staff_store.py::test_seal_of_the_ledger_is_none_of_an_event",),
    ),
    Mutant(
        "recovery_codes_are_tried_without_a_count",
        _CHECK,
        "            self._counter.set(UNKNOWN, tries.begun(now, boot_ms))\n",
        "",
        (f"{_OF_DIRECTORY}::test_wrong_recovery_codes_are_counted_delayed_and_never_locked",),
    ),
)
