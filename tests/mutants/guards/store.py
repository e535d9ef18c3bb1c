"""Guards of the store: what the database, the outbox and the journal of intents hold by themselves."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "db_two_live_attempts_of_an_order",
        "posapp/store/migrations/versions/0001_first.sql",
        "CREATE UNIQUE INDEX uq_attempts_live ON attempts (order_id) WHERE state IN ('CREATED', 'UNKNOWN', 'WAITING');",
        "CREATE UNIQUE INDEX uq_attempts_live ON attempts (order_id) WHERE state IN ('CREATED', 'WAITING');",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_two_accepted_payments_of_an_order",
        "posapp/store/migrations/versions/0001_first.sql",
        "CREATE UNIQUE INDEX uq_payments_accepted ON payments (order_id)",
        "CREATE INDEX uq_payments_accepted ON payments (order_id)",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_two_refunds_in_flight",
        "posapp/store/migrations/versions/0001_first.sql",
        "CREATE UNIQUE INDEX uq_refunds_in_flight ON refunds (imp_uid)",
        "CREATE INDEX uq_refunds_in_flight ON refunds (imp_uid)",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_refund_of_a_person_is_not_in_flight",
        "posapp/store/migrations/versions/0001_first.sql",
        "ON refunds (imp_uid) WHERE state IN ('NEEDS_PERSON', 'SENDING', 'UNKNOWN');",
        "ON refunds (imp_uid) WHERE state IN ('SENDING', 'UNKNOWN');",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_two_refunds_of_an_item",
        "posapp/store/migrations/versions/0001_first.sql",
        "CREATE UNIQUE INDEX uq_refunds_item ON refunds (item_id)",
        "CREATE INDEX uq_refunds_item ON refunds (item_id)",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_refund_of_zero",
        "posapp/store/migrations/versions/0001_first.sql",
        "CONSTRAINT ck_refunds_amount CHECK (amount BETWEEN 1 AND 1000000000000)",
        "CONSTRAINT ck_refunds_amount CHECK (amount BETWEEN 0 AND 1000000000000)",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_attempt_of_zero",
        "posapp/store/migrations/versions/0001_first.sql",
        "CONSTRAINT ck_attempts_amount CHECK (amount BETWEEN 1 AND 1000000000000)",
        "CONSTRAINT ck_attempts_amount CHECK (amount BETWEEN 0 AND 1000000000000)",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_accepted_payment_of_zero",
        "posapp/store/migrations/versions/0001_first.sql",
        " AND (amount > 0 OR standing <> 'ACCEPTED')",
        "",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_a_number_twice",
        "posapp/store/migrations/versions/0001_first.sql",
        ("'UNKNOWN', 'WAITING')),\n  UNIQUE (merchant_uid)"),
        ("'UNKNOWN', 'WAITING')),\n  UNIQUE (merchant_uid, order_id)"),
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_a_tag_twice",
        "posapp/store/migrations/versions/0001_first.sql",
        "  UNIQUE (tag)",
        "  UNIQUE (tag, id)",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_two_entries_of_a_refund",
        "posapp/store/migrations/versions/0001_first.sql",
        "  UNIQUE (refund_id),",
        "  UNIQUE (refund_id, id),",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_captured_money_changes",
        "posapp/store/migrations/versions/0017_tax_free.sql",
        "BEFORE UPDATE OF id, imp_uid, merchant_uid, order_id, amount, provider, tender, till, tax_free ON payments",
        "BEFORE UPDATE OF id, imp_uid, merchant_uid, order_id, provider, tender, till, tax_free ON payments",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_refund_amount_changes",
        "posapp/store/migrations/versions/0017_tax_free.sql",
        "BEFORE UPDATE OF id, imp_uid, order_id, item_id, amount, tag, till, tax_free ON refunds",
        "BEFORE UPDATE OF id, imp_uid, order_id, item_id, tag, till, tax_free ON refunds",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_refund_tag_changes",
        "posapp/store/migrations/versions/0017_tax_free.sql",
        "BEFORE UPDATE OF id, imp_uid, order_id, item_id, amount, tag, till, tax_free ON refunds",
        "BEFORE UPDATE OF id, imp_uid, order_id, item_id, amount, till, tax_free ON refunds",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_attempt_amount_changes",
        "posapp/store/migrations/versions/0017_tax_free.sql",
        "BEFORE UPDATE OF id, order_id, merchant_uid, amount, provider, till, tax_free ON attempts",
        "BEFORE UPDATE OF id, order_id, merchant_uid, provider, till, tax_free ON attempts",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_price_changes",
        "posapp/store/migrations/versions/0017_tax_free.sql",
        "BEFORE UPDATE OF id, order_id, buyer_id, name, price, ordered_at, part_of",
        "BEFORE UPDATE OF id, order_id, buyer_id, name, ordered_at, part_of",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_more_refunds_than_captured",
        "posapp/store/migrations/versions/0001_first.sql",
        ("CREATE TRIGGER refunds_added_within AFTER INSERT ON refunds\nWHEN "),
        ("CREATE TRIGGER refunds_added_within AFTER INSERT ON refunds\nWHEN 0 AND "),
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_a_refused_refund_exceeds_when_it_is_back",
        "posapp/store/migrations/versions/0001_first.sql",
        ("CREATE TRIGGER refunds_moved_within AFTER UPDATE OF state ON refunds\nWHEN "),
        ("CREATE TRIGGER refunds_moved_within AFTER UPDATE OF state ON refunds\nWHEN 0 AND "),
        (
            "tests/store/test_store_constraints.py::test_refused_refund_cannot_reopen_above_the_captured_amount",
        ),
    ),
    Mutant(
        "db_stock_below_zero",
        "posapp/store/migrations/versions/0001_first.sql",
        "CONSTRAINT ck_products_stock CHECK (stock >= 0)",
        "CONSTRAINT ck_products_stock CHECK (stock >= -9)",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_ledger_grows_anywhere",
        "posapp/store/migrations/versions/0004_modes_and_claims.sql",
        ("CREATE TRIGGER ledger_grows BEFORE INSERT ON ledger\nWHEN "),
        ("CREATE TRIGGER ledger_grows BEFORE INSERT ON ledger\nWHEN 0 AND "),
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_ledger_changes",
        "posapp/store/migrations/versions/0004_modes_and_claims.sql",
        "BEGIN SELECT RAISE(ABORT, 'the ledger never changes'); END;",
        "BEGIN SELECT 1; END;",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_ledger_is_deleted",
        "posapp/store/migrations/versions/0004_modes_and_claims.sql",
        "BEGIN SELECT RAISE(ABORT, 'the ledger is kept'); END;",
        "BEGIN SELECT 1; END;",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_one_person_asks_and_approves",
        "posapp/store/migrations/versions/0004_modes_and_claims.sql",
        " AND asked_by <> approved_by",
        "",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_a_claim_of_zero",
        "posapp/store/migrations/versions/0004_modes_and_claims.sql",
        "CHECK (amount BETWEEN 1 AND 1000000000000)",
        "CHECK (amount BETWEEN 0 AND 1000000000000)",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_a_payment_is_claimed_twice",
        "posapp/store/migrations/versions/0004_modes_and_claims.sql",
        "CREATE UNIQUE INDEX uq_payment_claims_imp_uid",
        "CREATE INDEX uq_payment_claims_imp_uid",
        ("tests/store/test_claim_numbers.py::test_neither_number_is_claimed_twice",),
    ),
    Mutant(
        "db_who_approved_changes",
        "posapp/store/migrations/versions/0004_modes_and_claims.sql",
        "CREATE TRIGGER refunds_people_fixed BEFORE UPDATE OF asked_by, approved_by, approval_needed ON refunds",
        "CREATE TRIGGER refunds_people_fixed BEFORE UPDATE OF asked_by, approval_needed ON refunds",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "rejected_money_of_before_is_kakaopay",
        "posapp/store/migrations/versions/0008_money_identity.sql",
        "UPDATE payments SET tender = 'UNKNOWN'",
        "UPDATE payments SET tender = 'KAKAOPAY'",
        ("tests/store/test_old_schemas.py::test_earlier_money_belongs_to_portone_and_till_0",),
    ),
    Mutant(
        "any_money_is_kakaopay",
        "posapp/domain/payments.py",
        "return Tender.KAKAOPAY if self.by_kakaopay else Tender.UNKNOWN",
        "return Tender.KAKAOPAY",
        ("tests/integration/test_start_payment.py::test_payment_that_fails_a_check_is_refunded",),
    ),
    Mutant(
        "db_provider_or_till_of_money_changes",
        "posapp/store/migrations/versions/0017_tax_free.sql",
        "merchant_uid, order_id, amount, provider, tender, till, tax_free ON payments",
        "merchant_uid, order_id, amount, tender, tax_free ON payments",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_order_of_an_attempt_changes",
        "posapp/store/migrations/versions/0017_tax_free.sql",
        "CREATE TRIGGER attempts_fixed BEFORE UPDATE OF id, order_id, merchant_uid, amount, provider, till, tax_free ON attempts",
        "CREATE TRIGGER attempts_fixed BEFORE UPDATE OF id, merchant_uid, amount ON attempts",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_ids_are_given_again",
        "posapp/store/migrations/versions/0016_own_numbers.sql",
        "WHEN NEW.name <> OLD.name OR NEW.last < OLD.last",
        "WHEN NEW.name <> OLD.name",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "ids_begin_anew_in_an_older_file",
        "posapp/store/migrations/versions/0008_money_identity.sql",
        "SELECT 'refunds', coalesce(max(id), 0) FROM refunds;",
        "SELECT 'refunds', 0 FROM refunds LIMIT 1;",
        ("tests/store/test_old_schemas.py::test_ids_continue_after_the_largest",),
    ),
    Mutant(
        "ids_of_another_tills_block",
        "posapp/store/repositories/record_ids.py",
        "        end = before + IDS_PER_TILL - 1 if self.till else MAX_ID",
        "        end = MAX_ID",
        ("tests/store/test_record_ids.py::test_a_till_refuses_ids_of_the_next_tills_block",),
    ),
    Mutant(
        "numbers_just_above_the_last_files",
        "posapp/store/repositories/record_ids.py",
        "        return (before + FIRST_OWN - 1) * wide, ",
        "        return before, ",
        (
            "tests/integration/test_numbers_beside_files.py::test_a_file_comes_after_what_the_counter_made",
            "tests/store/test_own_numbers.py::test_what_is_made_here_has_numbers_of_its_own",
        ),
    ),
    Mutant(
        "number_that_a_file_brought",
        "posapp/store/repositories/record_ids.py",
        "        if table is not None and self._is_taken(table, number):",
        "        if table is None and self._is_taken(orders, number):",
        ("tests/store/test_own_numbers.py::test_numbers_that_a_file_brought_are_passed_over",),
    ),
    Mutant(
        "numbers_of_long_files_go_on",
        "posapp/store/migrations/versions/0016_own_numbers.sql",
        "AND last >= 5000000",
        "AND last < 0",
        (
            "tests/store/test_own_numbers.py::test_a_shop_whose_files_have_long_numbers_gets_the_range_too",
        ),
    ),
    Mutant(
        "product_that_was_made_here_is_changed_by_a_file",
        "posapp/services/importing/import_plan.py",
        "            if product_row.id in made_here:",
        "            if product_row.id in set():",
        (
            "tests/integration/test_numbers_beside_files.py::test_a_file_changes_no_product_that_was_made_here",
        ),
    ),
    Mutant(
        "ledger_row_without_its_till",
        "posapp/store/repositories/ledger.py",
        "replace(entry, till=self._till, ",
        "replace(entry, ",
        ("tests/store/test_record_ids.py::test_records_have_the_number_of_their_till",),
    ),
    Mutant(
        "entry_behind_an_earlier_one_is_claimed",
        "posapp/store/repositories/outbox.py",
        "_ITS_TURN = or_(_IN_FLIGHT, and_(_FIRST_OF_ITS_PAYMENT, _NONE_IN_FLIGHT))",
        "_ITS_TURN = or_(_IN_FLIGHT, _NONE_IN_FLIGHT)",
        ("tests/store/test_store_outbox.py::test_a_stuck_entry_holds_up_its_own_payment_only",),
    ),
    Mutant(
        "entry_beside_one_in_flight_is_claimed",
        "posapp/store/repositories/outbox.py",
        "_ITS_TURN = or_(_IN_FLIGHT, and_(_FIRST_OF_ITS_PAYMENT, _NONE_IN_FLIGHT))",
        "_ITS_TURN = or_(_IN_FLIGHT, _FIRST_OF_ITS_PAYMENT)",
        (
            "tests/integration/test_doubtful_histories.py::test_restored_refund_precedes_refunds_that_waited_in_the_copy",
        ),
        errors=("IntegrityError",),
    ),
    Mutant(
        "entry_is_claimed_before_it_is_due",
        "posapp/store/repositories/outbox.py",
        '    .where(OUTBOX_PENDING, outbox.c.ready_at <= bindparam("now"), _ITS_TURN)',
        '    .where(OUTBOX_PENDING, or_(outbox.c.ready_at <= bindparam("now"), outbox.c.id > 0), _ITS_TURN)',
        ("tests/store/test_store_outbox.py::test_entry_life_cycle",),
    ),
    Mutant(
        "claim_without_a_new_lease",
        "posapp/store/repositories/outbox.py",
        "        lease=outbox.c.lease + 1,",
        "        lease=outbox.c.lease,",
        (
            "tests/store/test_store_outbox.py::test_fault_43_worker_that_wakes_after_its_lease_writes_nothing",
        ),
    ),
    Mutant(
        "claim_that_is_free_at_once",
        "posapp/store/repositories/outbox.py",
        ('        ready_at=bindparam("until"),\n    )\n    .returning'),
        (
            '        ready_at=outbox.c.ready_at + 0 * bindparam("until", type_=IntegerColumn),\n'
            "    )\n"
            "    .returning"
        ),
        (
            "tests/store/test_outbox_guards.py::test_a_claim_holds_its_entry_until_its_lease_is_over",
        ),
    ),
    Mutant(
        "an_older_lease_writes",
        "posapp/store/repositories/outbox.py",
        '    outbox.c.lease == bindparam("held"),',
        '    outbox.c.lease >= bindparam("held"),',
        (
            "tests/store/test_store_outbox.py::test_fault_43_worker_that_wakes_after_its_lease_writes_nothing",
        ),
    ),
    Mutant(
        "a_claimed_entry_is_withdrawn",
        "posapp/store/repositories/outbox.py",
        (
            "_WITHDRAW = (\n"
            "    update(outbox)\n"
            '    .where(outbox.c.refund_id == bindparam("refund"), outbox.c.state == OutboxState.WAITING)'
        ),
        (
            "_WITHDRAW = (\n"
            "    update(outbox)\n"
            '    .where(outbox.c.refund_id == bindparam("refund"), outbox.c.state != OutboxState.SETTLED)'
        ),
        ("tests/store/test_outbox_guards.py::test_entry_being_sent_is_not_withdrawn",),
    ),
    Mutant(
        "a_settled_entry_is_requeued",
        "posapp/store/repositories/outbox.py",
        (
            "_REQUEUE = (\n"
            "    update(outbox)\n"
            "    .where(\n"
            '        outbox.c.refund_id == bindparam("refund"),\n'
            "        or_(outbox.c.state == OutboxState.ABANDONED, outbox.c.state == OutboxState.WAITING),\n"
            "    )"
        ),
        ('_REQUEUE = (\n    update(outbox)\n    .where(outbox.c.refund_id == bindparam("refund"))'),
        ("tests/store/test_outbox_guards.py::test_settled_entry_is_not_queued_again",),
    ),
    Mutant(
        "a_restart_keeps_claims",
        "posapp/store/repositories/outbox.py",
        "    .values(state=OutboxState.WAITING, ready_at=outbox.c.due_at)",
        "    .values(state=OutboxState.CLAIMED)",
        ("tests/store/test_store_outbox.py::test_restart_releases_entries_of_the_last_run",),
    ),
    Mutant(
        "enough_stock_is_not_asked",
        "posapp/store/repositories/orders.py",
        'products.c.stock >= bindparam("count") * products.c.tracked,',
        'products.c.stock >= 0 * bindparam("count") * products.c.tracked,',
        (
            "tests/store/test_store_refusals.py::test_stock_never_falls_below_zero",
            "tests/store/test_goods.py::test_stock_that_is_not_counted_never_ends",
        ),
        errors=("IntegrityError",),
    ),
    Mutant(
        "journal_line_of_any_checksum",
        "posapp/store/files/refund_journal.py",
        ('    if checksum != b"%08x" % zlib.crc32(body):\n        return None\n'),
        "",
        (
            "tests/store/test_refund_journal.py::test_a_line_that_rotted_is_passed_over_and_kept_as_evidence",
        ),
    ),
    Mutant(
        "journal_without_sync",
        "posapp/store/files/refund_journal.py",
        "                os.fsync(number)",
        "                pass",
        ("tests/store/test_journal_guards.py::test_an_intent_is_synced_before_it_counts_as_kept",),
    ),
    Mutant(
        "journal_tidies_up_what_is_open",
        "posapp/store/files/refund_journal.py",
        "open_ones = {tag: one for tag, one in self._intents.items() if tag not in self._ends}",
        "open_ones = {}",
        ("tests/store/test_refund_journal.py::test_cleanup_keeps_open_intents_and_the_mark",),
    ),
    Mutant(
        "journal_ends_what_is_open_again",
        "posapp/store/files/refund_journal.py",
        "                self._ends.pop(intent.tag, None)  # an older database has it open again",
        "                pass",
        (
            "tests/store/test_refund_journal.py::test_a_refund_that_an_older_copy_has_open_again_is_kept_again",
        ),
    ),
    Mutant(
        "journal_line_is_glued_to_a_torn_one",
        "posapp/store/files/refund_journal.py",
        '                    lines = b"\\n" + lines  # a truncated line stays a line of its own',
        "                    pass",
        ("tests/store/test_journal_guards.py::test_a_line_behind_a_torn_one_is_a_line_of_its_own",),
    ),
    Mutant(
        "unsent_refunds_of_readable_payments_only",
        "posapp/store/files/restore.py",
        "    except sqlite3.Error as error:  # the refunds matter more\n",
        "    except ZeroDivisionError as error:\n",
        (
            "tests/cli/test_backups.py::test_fault_58_unsent_refund_survives_damage_elsewhere_in_the_file[payments]",
        ),
    ),
    Mutant(
        "unsent_refunds_of_recorded_payments_only",
        "posapp/store/files/restore.py",
        "    for row in rows:\n",
        "    for row in [row for row in rows if row[1] in providers or not wanted]:\n",
        ("tests/store/test_unsent_refunds.py::test_refunds_without_their_payments_are_read",),
    ),
    Mutant(
        "one_unknown_provider_stops_every_refund",
        "posapp/store/files/restore.py",
        "        if provider in _KNOWN:\n",
        "        if True:\n",
        (
            "tests/store/test_unsent_refunds.py::test_only_refunds_of_an_unknown_provider_are_left_out",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "unread_refunds_are_called_none",
        "posapp/app/backup_commands.py",
        '                line = self._texts("commands.restore_unread", detail=problem.detail)\n',
        '                line = ""\n',
        ("tests/cli/test_backups.py::test_refunds_that_cannot_be_read_are_not_called_none",),
    ),
    Mutant(
        "refund_without_a_payment_stays_out_of_the_journal",
        "posapp/services/bookkeeping/refund_records.py",
        "        return intent_of(refund, Provider.PORTONE_V1)\n",
        "        raise LookupError(refund.imp_uid)\n",
        (
            "tests/store/test_unsent_refunds.py::test_refund_without_its_payment_gets_into_the_journal",
        ),
        errors=("LookupError",),
    ),
    Mutant(
        "journal_intent_loses_its_till",
        "posapp/store/files/refund_journal.py",
        '        "till": intent.till,\n',
        "",
        (
            "tests/store/test_journal_guards.py::test_provider_and_till_of_an_intent_are_kept",
            "tests/store/test_refund_journal.py::test_restored_intent_keeps_its_till",
        ),
    ),
    Mutant(
        "journal_intent_of_zero",
        "posapp/store/files/refund_journal.py",
        '        amount=require_positive(Won(record["amount"])),',
        '        amount=Won(record["amount"]),',
        ("tests/store/test_journal_guards.py::test_intent_of_0_is_invalid",),
    ),
    Mutant(
        "unreadable_journal_is_dropped",
        "posapp/store/files/refund_journal.py",
        (
            "            if self._unreadable:\n"
            "                _name_too(self.path, _free_name(self.path))\n"
        ),
        "",
        (
            "tests/store/test_refund_journal.py::test_a_line_that_rotted_is_passed_over_and_kept_as_evidence",
        ),
        errors=("ValueError",),
    ),
    Mutant(
        "write_unit_inside_another",
        "posapp/store/unit_of_work.py",
        (
            "        if self._writing_thread == me:\n"
            '            raise RuntimeError("a writing unit of work inside another")\n'
        ),
        "",
        (
            "tests/store/test_store_units.py::test_a_writing_unit_inside_another_is_a_bug_and_no_deadlock",
        ),
        errors=("EnvironmentProblem",),
    ),
    Mutant(
        "commit_is_not_on_the_disk",
        "posapp/store/engine.py",
        '        connection.execute("PRAGMA synchronous = FULL")',
        '        connection.execute("PRAGMA synchronous = OFF")',
        ("tests/store/test_store_units.py::test_connections_have_the_documented_pragmas",),
    ),
    Mutant(
        "foreign_keys_are_off",
        "posapp/store/engine.py",
        "PRAGMA foreign_keys = ON",
        "PRAGMA foreign_keys = OFF",
        ("tests/store/test_store_units.py::test_connections_have_the_documented_pragmas",),
    ),
    Mutant(
        "refund_in_flight_is_a_bug",
        "posapp/store/repositories/refunds.py",
        'if violated in ("uq_refunds_in_flight", "uq_refunds_item", REFUNDED_IN_CASH):',
        'if violated == "uq_refunds_item":',
        (
            "tests/store/test_outbox_guards.py::test_a_second_refund_of_a_payment_in_flight_is_refused_in_text",
        ),
        errors=("IntegrityError",),
    ),
    Mutant(
        "a_full_disk_begins_payments",
        "posapp/store/repositories/attempts.py",
        "        self._guard()\n",
        "",
        (
            "tests/store/test_disk_monitor.py::test_fault_52_a_full_disk_frees_the_reserve_and_begins_no_payment",
            "tests/store/test_unit_collaborators.py::test_the_guard_forbids_attempts_and_nothing_else",
        ),
    ),
    Mutant(
        "any_violation_is_an_attempt_in_progress",
        "posapp/store/repositories/attempts.py",
        'if violated_name(error) == "uq_attempts_live":',
        "if violated_name(error):",
        ("tests/store/test_constraints.py::test_attempts_recognise_only_the_second_live_attempt",),
    ),
    Mutant(
        "approval_by_the_requester_is_a_bug",
        "posapp/store/repositories/refunds.py",
        'if violated in ("ck_refunds_approval", "refunds_approved_by_another"):',
        'if violated == "ck_refunds_amount":',
        ("tests/store/test_constraints.py::test_refunds_recognise_four_violations_and_no_other",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "refunds_beyond_the_payment_are_a_bug",
        "posapp/store/repositories/refunds.py",
        (
            "            if violated == REFUNDS_WITHIN_PAYMENT:\n"
            "                raise InvalidAmount(refund.amount) from error\n"
        ),
        "",
        ("tests/store/test_store_refusals.py::test_refunding_more_than_was_captured_is_refused",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "refund_keeps_no_sends",
        "posapp/store/repositories/refunds.py",
        '    "sends",\n',
        "",
        ("tests/store/test_store_roundtrip.py::test_refunds_round_trip_and_keep_fixed_fields",),
    ),
    Mutant(
        "mismatch_is_noted_after_it_was_explained",
        "posapp/store/repositories/mismatches.py",
        (
            "        if self._connection.execute(_SAID.limit(1), values).first() is not None:\n"
            "            return False\n"
        ),
        "",
        (
            "tests/store/test_store_roundtrip.py::test_a_mismatch_is_explained_once_and_is_listed_with_its_explanation",
        ),
    ),
    Mutant(
        "explained_mismatch_is_explained_again",
        "posapp/store/repositories/mismatches.py",
        '    .where(mismatches.c.id == bindparam("of"), MISMATCH_OPEN)',
        '    .where(mismatches.c.id == bindparam("of"))',
        (
            "tests/store/test_store_roundtrip.py::test_a_mismatch_is_explained_once_and_is_listed_with_its_explanation",
        ),
    ),
    Mutant(
        "an_explained_mismatch_grows",
        "posapp/store/repositories/mismatches.py",
        '        MISMATCH_OPEN,\n        *(mismatches.c[name] == bindparam(f"of_{name}")',
        '        *(mismatches.c[name] == bindparam(f"of_{name}")',
        (
            "tests/store/test_replaced_rows.py::test_an_open_mismatch_grows_and_an_explained_one_of_its_key_does_not",
        ),
    ),
    Mutant(
        "ledger_hash_of_text_as_it_came",
        "posapp/store/repositories/ledger.py",
        "        reason=to_storable_text(entry.reason),",
        "        reason=entry.reason,",
        ("tests/store/test_stored_text.py::test_the_ledgers_hash_covers_the_stored_text",),
    ),
    Mutant(
        "nul_is_stored",
        "posapp/store/columns.py",
        '        return text.replace("\\0", "?")\n',
        "        return text\n",
        ("tests/store/test_stored_text.py::test_only_nul_and_half_characters_are_replaced",),
    ),
    Mutant(
        "ledger_check_passes_over_a_cut_tail",
        "posapp/store/files/ledger_check.py",
        ('    if head[0][0] > check.rows:\n        return ChainBreak(check.rows + 1, "missing")\n'),
        ("    if head[0][0] > check.rows:\n        return check.rows\n"),
        ("tests/store/test_store_ledger.py::test_fault_65_the_first_wrong_row_is_named",),
    ),
    Mutant(
        "ledger_check_of_another_head",
        "posapp/store/files/ledger_check.py",
        (
            "    if head[0][1] != check.head:\n"
            '        return ChainBreak(check.rows, "head_changed")\n'
        ),
        "",
        ("tests/store/test_store_ledger.py::test_fault_65_the_first_wrong_row_is_named",),
    ),
    Mutant(
        "any_mode_opens_a_database",
        "posapp/store/shop_mode.py",
        (
            "    if found is not None and found is not mode:\n"
            "        raise _problem(path, found.value, mode)\n"
        ),
        "",
        ("tests/store/test_shop_mode.py::test_first_opening_sets_the_mode_of_a_database",),
    ),
    Mutant(
        "quick_ledger_check_of_changed_rows",
        "posapp/store/files/ledger_check.py",
        '        if not entry.is_unchanged:\n            return ChainBreak(entry.seq, "changed")\n',
        "",
        ("tests/store/test_fast_ledger_check.py::test_a_changed_row_is_named",),
    ),
    Mutant(
        "quick_ledger_check_of_broken_links",
        "posapp/store/files/ledger_check.py",
        "        if entry.previous != before:\n"
        '            return ChainBreak(entry.seq, "broken_link")\n',
        "",
        ("tests/store/test_fast_ledger_check.py::test_a_broken_link_is_named",),
    ),
    Mutant(
        "quick_ledger_check_without_the_head",
        "posapp/store/files/ledger_check.py",
        '    return last if heads == [(last, before)] else ChainBreak(last, "head_changed")',
        "    return last",
        ("tests/store/test_fast_ledger_check.py::test_a_cut_tail_is_named",),
    ),
    Mutant(
        "db_a_request_is_decided_twice",
        "posapp/store/migrations/versions/0002_requests.sql",
        "BEGIN SELECT RAISE(ABORT, 'a request is decided once'); END;",
        "BEGIN SELECT 1; END;",
        ("tests/requests/test_request_records.py::test_the_file_refuses",),
    ),
    Mutant(
        "db_two_requests_of_an_item_wait",
        "posapp/store/migrations/versions/0002_requests.sql",
        "CREATE UNIQUE INDEX uq_requests_waiting",
        "CREATE INDEX uq_requests_waiting",
        (
            "tests/requests/test_request_records.py::test_one_waiting_request_per_item_for_any_writer",
        ),
    ),
    Mutant(
        "a_failing_disk_is_written_to",
        "posapp/store/unit_of_work.py",
        "            self.disk.require_writable()",
        "            pass",
        (
            "tests/store/test_store_faults.py::test_fault_53_a_failing_commit_keeps_nothing_and_closes_its_connection",
        ),
    ),
    Mutant(
        "begin_without_the_write_lock",
        "posapp/store/engine.py",
        '"BEGIN" if reading else "BEGIN IMMEDIATE"',
        '"BEGIN"',
        ("tests/store/test_store_units.py::test_waiting_for_the_lock_ends",),
    ),
    Mutant(
        "an_item_of_the_rest_has_no_refund",
        "posapp/store/repositories/refunds.py",
        '_ALL.where(or_(refunds.c.item_id == bindparam("item"), _COVERING))',
        '_ALL.where(refunds.c.item_id == bindparam("item"))',
        (
            "tests/faults/test_bent_readings.py::test_item_in_a_remainder_refund_is_neither_handed_over_nor_refunded",
            "tests/store/test_covered_items.py::test_refunds_of_an_item_are_its_own_and_those_that_cover_it",
        ),
    ),
    Mutant(
        "an_item_is_covered_by_a_part_of_a_number",
        "posapp/store/repositories/refunds.py",
        '(literal(" ") + refunds.c.covers + " ").contains(\n        literal(" ") + cast(bindparam("item"), String) + " "\n    )',
        'refunds.c.covers.contains(cast(bindparam("item"), String))',
        (
            "tests/store/test_covered_items.py::test_refunds_of_an_item_are_its_own_and_those_that_cover_it",
        ),
    ),
)
