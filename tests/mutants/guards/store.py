"""Guards of the store: what the database, the outbox and the journal of intents hold by themselves."""
# ruff: noqa: E501 - lines of the sources stand here as they are

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
        ("tests/unit/test_verification.py::test_verify_table",),
    ),
    Mutant(
        "db_refund_amount_changes",
        "posapp/store/migrations/versions/0001_first.sql",
        "BEFORE UPDATE OF id, imp_uid, order_id, item_id, amount, tag ON refunds",
        "BEFORE UPDATE OF id, imp_uid, order_id, item_id, tag ON refunds",
        ("tests/store/test_store_constraints.py::test_the_database_refuses",),
    ),
    Mutant(
        "db_a_refused_refund_exceeds_when_it_is_back",
        "posapp/store/migrations/versions/0001_first.sql",
        ("CREATE TRIGGER refunds_moved_within AFTER UPDATE OF state ON refunds\nWHEN "),
        ("CREATE TRIGGER refunds_moved_within AFTER UPDATE OF state ON refunds\nWHEN 0 AND "),
        (
            "tests/store/test_store_constraints.py::test_a_refused_refund_cannot_come_back_above_what_was_captured",
        ),
    ),
)
