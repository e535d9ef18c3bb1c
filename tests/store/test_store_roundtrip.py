"""The store returns every field of every record as it was saved."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy import Table

from posapp.domain.actors import Actor
from posapp.domain.explanations import Explanation
from posapp.domain.ledger import NewEntry
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, OrderItem, Product
from posapp.domain.payments import Attempt, AttemptState, Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.users import LARGEST_ID, User, UserStatus
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.store import tables
from posapp.store.ledger_tables import ledger
from posapp.store.repositories.row_mapping import STORED_AS
from posapp.store.unit_of_work import SqlStore
from tests.store.records import (
    NOW,
    SELLER,
    attempt,
    entry,
    item,
    later,
    order,
    paid,
    payment,
    product,
    refund,
    user,
)

FOREIGN = "<b>김'\"; DROP TABLE users;--</b>\u202e\n🍜끝"


@pytest.mark.parametrize(
    ("record", "table", "own"),
    [
        (User, tables.users, ()),
        (Product, tables.products, ("sold", "found_by")),
        (
            OrderItem,
            tables.order_items,
            ("position", "ordered_at", "first_count", "first_discount"),
        ),
        (Attempt, tables.attempts, ()),
        (Payment, tables.payments, ("id",)),
        (Refund, tables.refunds, ()),
        (NewEntry, ledger, ("seq", "previous", "hash", "form")),
        (Mismatch, tables.mismatches, ()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_columns_have_the_order_of_the_fields(
    record: type[Any], table: Table, own: tuple[str, ...]
) -> None:
    fields = [STORED_AS.get(field.name, field.name) for field in dataclasses.fields(record)]
    columns = [column.name for column in table.columns if column.name not in own]
    assert columns[: len(fields)] == fields


def changed(record: Any, fixed: frozenset[str]) -> Any:
    """The record with every field that may change set to something that is not its default."""
    others: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        if field.name in fixed:
            continue
        value = getattr(record, field.name)
        if field.name.endswith("_at"):
            others[field.name] = later(len(others) + 1)
        elif isinstance(value, str) and type(value) is str:
            others[field.name] = f"{field.name} {FOREIGN}"
        elif field.name == "expected_balance":
            others[field.name] = Won(77)
        elif type(value) is int or field.name == "gateway_code":
            others[field.name] = 40 + len(others)
    return dataclasses.replace(record, **others)


def test_users_products_and_orders_round_trip(store: SqlStore) -> None:
    people = [
        user(1, name=FOREIGN, nickname="하늘", email="a@b.kr", phone="+82 10 1234-5678"),
        dataclasses.replace(SELLER, id=LARGEST_ID),
        user(3, status=UserStatus.ADMIN),
    ]
    goods = [product(1), product(2, category="음료", active=False, price=Won(0), stock=0)]
    whole = order(7, *ItemStatus, buyer_id=LARGEST_ID)
    whole = dataclasses.replace(
        whole,
        items=tuple(
            # Ids run against the order of the items.
            dataclasses.replace(
                line, id=1000 - n, buyer_id=LARGEST_ID, name=f"{FOREIGN}{n}", cancel_reason=f"{n}"
            )
            for n, line in enumerate(whole.items)
        ),
    )
    empty = order(8, items=())
    with store.transaction() as uow:
        uow.catalogue.add_users(people)
        uow.catalogue.add_products(goods)
        uow.catalogue.add_orders([whole, empty])
        uow.commit()
    with store.snapshot() as uow:
        assert [uow.people.get(one.id) for one in people] == people
        assert [uow.orders.product(one.id) for one in goods] == goods
        assert uow.orders.get(7) == whole
        assert uow.orders.get(8) == empty
        assert [uow.orders.item(line.id) for line in whole.items] == list(whole.items)
        assert uow.catalogue.existing_users([1, 2, 3]) == {1: people[0], 3: people[2]}
        assert uow.catalogue.existing_products(iter([2, 5])) == {2: goods[1]}
        assert uow.catalogue.existing_orders([8, 7, 6]) == {7: whole, 8: empty}
        assert uow.catalogue.existing_items([1000, 1]) == {1000: whole.items[0]}
        assert uow.people.get(2) is None
        assert uow.orders.get(1) is None
        assert uow.orders.item(1) is None
        assert uow.orders.product(3) is None


def test_the_same_order_can_be_loaded_in_thousands(store: SqlStore) -> None:
    many = [order(n) for n in range(1, 1203)]
    with store.transaction() as uow:
        uow.catalogue.add_orders(many)
        assert uow.catalogue.existing_orders(range(1, 5000)) == {one.id: one for one in many}


def test_items_keep_everything_but_status_and_reason(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_orders([order(1)])
        line = item(10, 1, ItemStatus.CANCEL, name="다른 이름", cancel_reason="변심")
        uow.orders.save_items([line])
        assert uow.orders.item(10) == item(10, 1, ItemStatus.CANCEL, cancel_reason="변심")
        with pytest.raises(LookupError):
            uow.orders.save_items([item(11, 1)])


def test_attempts_round_trip_and_keep_fixed_fields(store: SqlStore) -> None:
    with store.transaction() as uow:
        new = uow.attempts.add(attempt("M" * 40))
        assert new == dataclasses.replace(attempt("M" * 40), id=new.id)
        assert uow.attempts.get(new.id) == new
        fixed = frozenset({"id", "order_id", "merchant_uid", "amount", "provider", "till"})
        for state in AttemptState:
            full = dataclasses.replace(changed(new, fixed), state=state)
            uow.attempts.save(dataclasses.replace(full, amount=Won(1), merchant_uid="other"))
            assert uow.attempts.get(new.id) == full
        uow.attempts.save(new)
        assert uow.attempts.get(new.id) == new
        assert uow.attempts.get(new.id + 1) is None
        with pytest.raises(LookupError):
            uow.attempts.save(dataclasses.replace(new, id=99))


def test_attempts_are_found_by_their_due_work(store: SqlStore) -> None:
    with store.transaction() as uow:
        assert uow.attempts.next_check() is None
        first = uow.attempts.add(attempt("M-1", state=AttemptState.EXPIRED, next_check_at=later(9)))
        second = uow.attempts.add(attempt("M-2", next_check_at=later(3)))
        other = uow.attempts.add(attempt("M-3", order_id=2, state=AttemptState.UNKNOWN))
        third = uow.attempts.add(attempt("M-4", 3, state=AttemptState.PAID, next_check_at=later(3)))
        assert uow.attempts.for_order(1) == (first, second)
        assert uow.attempts.live_of_order(1) == second
        assert uow.attempts.live_of_order(3) is None
        assert uow.attempts.live() == (second, other)
        assert uow.attempts.due(later(3), 5) == (second, third)
        assert uow.attempts.due(later(3), 1) == (second,)
        assert uow.attempts.due(later(2), 5) == ()
        assert uow.attempts.unconfirmed() == (second, third, first)
        assert uow.attempts.next_check() == later(3)


def test_payments_round_trip(store: SqlStore) -> None:
    whole = payment(
        merchant_uid="M-9",
        receipt_url="https://x.kr/영수증",
        sandbox=True,
        amount=Won(10**12),
        till=7,
        cash_receipt_issued=True,
    )
    rejected = payment(
        "imp_2", disposition=PaymentDisposition.REJECTED, problem="verify_amount", amount=Won(0)
    )
    paid(store, rejected, whole, payment("imp_3", order_id=2))
    with store.snapshot() as uow:
        assert uow.payments.get("imp_1") == whole
        assert uow.payments.get("imp_9") is None
        assert uow.payments.for_order(1) == (rejected, whole)
        assert uow.payments.accepted_of_order(1) == whole
        assert uow.payments.accepted_of_order(3) is None
    with store.transaction() as uow:
        uow.payments.note_cash_receipt("imp_3")
        uow.commit()
    with store.snapshot() as uow:
        assert uow.payments.get("imp_3") == payment("imp_3", order_id=2, cash_receipt_issued=True)
        assert uow.payments.get("imp_2") == rejected


def test_refunds_round_trip_and_keep_fixed_fields(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        new = uow.refunds.add(refund(reason=FOREIGN))
        assert uow.refunds.get(new.id) == new
        fixed = frozenset(
            "id imp_uid order_id item_id origin amount reason tag requested_by approved_by"
            " created_at state follows covers till".split()
        )
        for state in RefundState:
            full = dataclasses.replace(changed(new, fixed), state=state)
            uow.refunds.save(dataclasses.replace(full, amount=Won(1), tag="x", reason="y"))
            assert uow.refunds.get(new.id) == full
        uow.refunds.save(dataclasses.replace(new, state=RefundState.CONFIRMED))
        rest = uow.refunds.add(refund("[RF-2]", item_id=None, origin=RefundOrigin.REJECTED_PAYMENT))
        done = dataclasses.replace(new, state=RefundState.CONFIRMED)
        assert uow.refunds.of_payment("imp_1") == (done, rest)
        assert uow.refunds.for_order(1) == (done, rest)
        assert uow.refunds.of_item(10) == (done,)
        assert uow.refunds.in_states([RefundState.APPROVED], 5) == (rest,)
        assert uow.refunds.in_states(list(RefundState), 1) == (done,)
        assert uow.refunds.in_states([], 5) == ()
        assert uow.refunds.get(99) is None
        with pytest.raises(LookupError):
            uow.refunds.save(dataclasses.replace(new, id=99))


def test_ledger_entries_round_trip_in_their_chain(store: SqlStore) -> None:
    facts = [
        entry(1, order_id=None),
        entry(2, item_id=5, imp_uid="imp_1", reference="ref", reason=FOREIGN),
        entry(3, order_id=2),
    ]
    with store.transaction() as uow:
        rows = tuple(uow.ledger.append(fact) for fact in facts)
        uow.commit()
    with store.snapshot() as uow:
        assert uow.ledger.rows(0, 10) == rows
        assert uow.ledger.rows(1, 1) == rows[1:2]
        assert uow.ledger.for_order(2) == rows[2:]
    assert [row.entry for row in rows] == facts
    assert [row.seq for row in rows] == [1, 2, 3]


def test_a_mismatch_is_noted_once_while_it_is_open_and_grows(store: SqlStore) -> None:
    found = Mismatch(0, MismatchKind.FOREIGN_PAYMENT, "M-1", "imp_1", Won(5), FOREIGN, NOW)
    other = dataclasses.replace(found, kind=MismatchKind.UNKNOWN_STATUS)
    recorded = dataclasses.replace(found, imp_uid="imp_0", resolved_at=later(1))
    grown = dataclasses.replace(
        found, amount=Won(7), evidence="more", goods_gap=Won(-7), ledger_gap=Won(-2)
    )
    with store.transaction() as uow:
        assert uow.mismatches.note(recorded)
        assert uow.mismatches.note(found)
        assert not uow.mismatches.note(dataclasses.replace(found, found_at=later(3)))
        assert uow.mismatches.note(other)
        assert uow.mismatches.open(9) == (
            dataclasses.replace(found, id=2),
            dataclasses.replace(other, id=3),
        )
        assert len(uow.mismatches.open(1)) == 1
        assert uow.mismatches.note(grown), "it is another sum now"
        assert not uow.mismatches.note(grown)
        assert uow.mismatches.get(2) == dataclasses.replace(grown, id=2)
        assert uow.mismatches.get(99) is None


def test_a_mismatch_is_explained_once_and_is_listed_with_its_explanation(store: SqlStore) -> None:
    found = Mismatch(
        0, MismatchKind.CANCELS_DIFFER, "M-1", "imp_1", Won(5), FOREIGN, NOW, None, Won(-5), Won(-2)
    )
    other = dataclasses.replace(found, imp_uid="imp_2")
    why = Explanation(Actor.seller(7), " a\ndiscount ", Won(5))
    with store.transaction() as uow:
        assert uow.mismatches.note(found)
        assert uow.mismatches.note(other)
        assert not uow.mismatches.explained_payments()
        assert uow.mismatches.explain(1, why, later(5))
        assert not uow.mismatches.explain(1, why, later(6)), "it is closed once"
        assert uow.mismatches.open(9) == (dataclasses.replace(other, id=2),)
        explained = dataclasses.replace(
            found,
            id=1,
            resolved_at=later(5),
            explained_by=Actor.seller(7),
            explanation="a discount",
        )
        assert uow.mismatches.explained(later(5), later(6), 9) == (explained,)
        assert uow.mismatches.explained(later(6), later(9), 9) == ()
        assert uow.mismatches.of_payment("imp_1") == (explained,)
        assert uow.mismatches.explained_payments() == {"imp_1"}
        assert not uow.mismatches.note(found), "a person has explained just that"
        assert uow.mismatches.note(dataclasses.replace(found, evidence="another")), "and not that"


def test_older_file_records_its_state_and_attempts(store: SqlStore) -> None:
    with store.transaction() as uow:
        assert uow.checkpoints.behind_since() is None
        assert uow.checkpoints.last_old_attempt() == 0
        uow.attempts.add(attempt())
        uow.checkpoints.set_behind(NOW)
        uow.attempts.add(attempt("M-2", order_id=2))
        assert uow.checkpoints.behind_since() == NOW
        assert uow.checkpoints.last_old_attempt() == 1
        uow.checkpoints.set_compared()
        assert uow.checkpoints.behind_since() is None
        assert uow.checkpoints.last_old_attempt() == 1, "what is old stays old"


def test_half_a_character_from_json_is_stored_as_a_question_mark(store: SqlStore) -> None:
    """JSON may say "\\ud800"; UTF-8 cannot, and a refund's evidence must not fail for it."""
    paid(store)
    with store.transaction() as uow:
        new = uow.refunds.add(refund(gateway_message="거절 \ud800"))
        kept = uow.refunds.get(new.id)
        row = uow.ledger.append(entry(reason="\udfff!"))
        assert uow.ledger.rows(0, 1) == (row,)
    assert kept is not None
    assert kept.gateway_message == "거절 ?"
    assert row.entry.reason == "?!"
