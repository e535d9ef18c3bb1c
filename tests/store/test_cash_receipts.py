"""Cash receipts as they are stored, and what the database holds of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import (
    AT_PORTONE,
    SEALED_STATES,
    CashReceipt,
    ReceiptProblem,
    ReceiptState,
)
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.receipt_identity import IdentityKind, ReceiptPurpose
from posapp.store.constraints import violated_name
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.store.records import NOW

S = ReceiptState
NEW = CashReceipt(
    id=0, order_id=7, purpose=ReceiptPurpose.PERSONAL, amount=Won(35_200), tax_free=Won(11_668),
    own_no="CR1", requested_by=Actor.staff(3), created_at=NOW, due_at=NOW + timedelta(days=5),
    next_at=NOW, kind=IdentityKind.PHONE, masked="010-****-5678", sealed=b"\x00sealed",
)  # fmt: skip


@pytest.fixture
def uow(store: SqlStore) -> Iterator[SqlUnitOfWork]:
    with store.transaction() as uow:
        yield uow


def refused(act: Callable[[], object]) -> str | None:
    with pytest.raises(IntegrityError) as error:
        act()
    return violated_name(error.value)


def in_state(state: ReceiptState, **changes: object) -> CashReceipt:
    sealed = NEW.sealed if state in SEALED_STATES else None
    approval = "" if state in (SEALED_STATES | {S.REFUSED}) else "123456789"
    return replace(NEW, state=state, sealed=sealed, approval_no=approval, **changes)


def test_all_of_a_receipt_is_kept(uow: SqlUnitOfWork) -> None:
    receipts = uow.cash_receipts
    stored = receipts.add(NEW)
    assert stored == replace(NEW, id=stored.id) == receipts.get(stored.id)
    full = replace(
        in_state(S.CANCELLED), id=stored.id, issued_at=NOW, cancelled_at=NOW, cancel_wanted=True,
        send_count=2, last_unknown_at=NOW, problem=ReceiptProblem.MISSING, gateway_code=-1,
        gateway_message="없음", by_hand=True, next_at=NOW + timedelta(minutes=1),
    )  # fmt: skip
    receipts.save(full)
    assert receipts.of_order(7) == (full,)
    second = receipts.add(replace(NEW, own_no="CR1R1", replaces_id=stored.id))
    assert [one.id for one in receipts.of_order(7)] == [stored.id, second.id]
    assert receipts.get(99) is None and receipts.of_order(8) == ()
    with pytest.raises(LookupError):
        receipts.save(replace(second, id=99))


def test_what_the_background_works_on(uow: SqlUnitOfWork) -> None:
    for number, state in enumerate(ReceiptState):
        later = NOW + timedelta(minutes=number)
        uow.cash_receipts.add(in_state(state, order_id=number, own_no=f"CR{number}", next_at=later))
    uow.cash_receipts.add(replace(NEW, order_id=99, own_no="HAND", by_hand=True))
    due = uow.cash_receipts.due(NOW + timedelta(days=1), 100)
    assert [one.state for one in due] == [
        *(S.REQUESTED, S.SENDING, S.UNKNOWN),
        *(S.CANCEL_REQUESTED, S.CANCELLING, S.CANCEL_UNKNOWN),
    ]
    assert [one.state for one in uow.cash_receipts.due(NOW, 100)] == [S.REQUESTED]
    assert len(uow.cash_receipts.due(NOW + timedelta(days=1), 2)) == 2
    waiting = {one.state for one in uow.cash_receipts.open()}
    assert waiting == set(ReceiptState) - {S.ISSUED, S.CANCELLED}


@pytest.mark.parametrize("held", sorted(AT_PORTONE))
@pytest.mark.parametrize("other", sorted(AT_PORTONE))
def test_portone_holds_one_receipt_of_an_order_at_most(
    uow: SqlUnitOfWork, held: ReceiptState, other: ReceiptState
) -> None:
    uow.cash_receipts.add(in_state(held))
    waiting = uow.cash_receipts.add(replace(NEW, own_no="CR2"))
    with pytest.raises(UserError) as refusal:
        uow.cash_receipts.save(replace(in_state(other), id=waiting.id, own_no="CR2"))
    assert refusal.value.code is ErrorCode.RECEIPT_EXISTS
    uow.cash_receipts.add(in_state(other, order_id=8, own_no="CR3"))


def test_one_receipt_of_an_order_waits(uow: SqlUnitOfWork) -> None:
    uow.cash_receipts.add(NEW)
    with pytest.raises(UserError) as refusal:
        uow.cash_receipts.add(replace(NEW, own_no="CR2"))
    assert refusal.value.code is ErrorCode.RECEIPT_EXISTS


def test_a_number_is_used_once(uow: SqlUnitOfWork) -> None:
    uow.cash_receipts.add(in_state(S.CANCELLED))
    same = replace(NEW, order_id=8)
    assert refused(lambda: uow.cash_receipts.add(same)) == "cash_receipts_own_no_key"


def test_an_overwritten_number_never_comes_back(uow: SqlUnitOfWork) -> None:
    stored = uow.cash_receipts.add(replace(NEW, sealed=None))
    again = replace(stored, sealed=b"x")
    assert refused(lambda: uow.cash_receipts.save(again)) == "cash_receipts_sealed"


@pytest.mark.parametrize("state", sorted(set(ReceiptState) - SEALED_STATES))
def test_no_number_beside_a_receipt_that_is_over(uow: SqlUnitOfWork, state: ReceiptState) -> None:
    kept = replace(in_state(state), sealed=b"x")
    assert refused(lambda: uow.cash_receipts.add(kept)) == "ck_cash_receipts_sealed"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount": Won(0), "tax_free": Won(0)}, "ck_cash_receipts_amounts"),
        ({"tax_free": Won(35_201)}, "ck_cash_receipts_amounts"),
        ({"own_no": ""}, "ck_cash_receipts_own_no"),
        ({"own_no": "C" * 41}, "ck_cash_receipts_own_no"),
        ({"state": S.ISSUED, "sealed": None}, "ck_cash_receipts_approval"),
        ({"send_count": -1}, "ck_cash_receipts_sends"),
    ],
)
def test_checks(uow: SqlUnitOfWork, changes: dict[str, object], name: str) -> None:
    assert refused(lambda: uow.cash_receipts.add(replace(NEW, **changes))) == name


def test_the_amount_of_what_was_sent_never_changes(uow: SqlUnitOfWork) -> None:
    stored = uow.cash_receipts.add(NEW)
    less = replace(stored, amount=Won(20_000), tax_free=Won(0))
    uow.cash_receipts.save(less)
    sending = replace(less, state=S.SENDING, send_count=1)
    uow.cash_receipts.save(sending)
    more = replace(sending, amount=Won(30_000))
    assert refused(lambda: uow.cash_receipts.save(more)) == "cash_receipts_amount"


def test_what_is_fixed_and_what_has_ended(uow: SqlUnitOfWork) -> None:
    stored = uow.cash_receipts.add(NEW)
    run = uow.connection.exec_driver_sql
    for column, value in (("order_id", 9), ("own_no", "'X'"), ("purpose", "'UNNAMED'")):
        change = f"UPDATE cash_receipts SET {column} = {value}"
        assert refused(lambda change=change: run(change)) == "cash_receipts_fixed"
    uow.cash_receipts.save(replace(in_state(S.CANCELLED), id=stored.id))
    again = replace(in_state(S.ISSUED), id=stored.id)
    assert refused(lambda: uow.cash_receipts.save(again)) == "cash_receipts_ended"
    assert refused(lambda: run("DELETE FROM cash_receipts")) == "cash_receipts_kept"
