"""The database records prints, and they outlive the program."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.services.bookkeeping.print_log import PrintRecord, order_report_key, refund_slip_key
from posapp.services.orders.order_history import OrderHistoryService
from posapp.store.engine import connect
from posapp.store.open_store import open_store
from tests.store.records import NOW, SELLER, later, order, paid, product, refund, user


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One paid order of two items, a refund of each on its way."""
    path = tmp_path / "shop.db"
    store = open_store(path)
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1), SELLER])
        uow.catalogue.add_products([product(1)])
        bought = ItemStatus.COMPLETE_PAYMENT
        uow.catalogue.add_orders([order(1, bought, bought), order(2, bought)])
        uow.commit()
    paid(store)
    with store.transaction() as uow:
        uow.refunds.add(refund("[RF-1]", item_id=10, amount=Won(4000)))
        uow.refunds.add(refund("[RF-2]", item_id=11, amount=Won(4000)))
        uow.commit()
    store.close()
    return path


def test_how_often_and_when_first_outlive_the_program(database):
    account = order_report_key(1)
    store = open_store(database)
    histories = OrderHistoryService(store)
    assert histories.for_order(1).printed == {}
    histories.note_printed(Actor.person(), account, NOW)
    histories.note_printed(
        Actor.person(), account, NOW - timedelta(days=900)
    )  # the clock was set back
    store.close()
    store = open_store(database)
    histories = OrderHistoryService(store)
    assert histories.for_order(1).printed == {account: PrintRecord(2, NOW)}
    for second in range(1, 11):
        histories.note_printed(Actor.person(), account, later(second))
    assert histories.for_order(1).printed == {account: PrintRecord(12, NOW)}
    assert histories.for_order(2).printed == {}, "another order is another paper"
    store.close()


def test_each_refund_and_each_of_its_ends_has_its_own_slip(database):
    store = open_store(database)
    histories = OrderHistoryService(store)
    first, second = histories.for_order(1).refunds
    histories.note_printed(Actor.person(), refund_slip_key(first), NOW)
    assert histories.for_order(1).printed == {refund_slip_key(first): PrintRecord(1, NOW)}
    assert refund_slip_key(first) != refund_slip_key(second)
    store.close()


def test_slip_does_not_change_until_the_refund_ends():
    names = {state: refund_slip_key(refund(state=state)) for state in RefundState}
    ends = {names[RefundState.CONFIRMED], names[RefundState.REFUSED]}
    assert len(ends) == 2
    others = {name for state, name in names.items() if name not in ends}
    assert len(others) == 1


def test_unwritable_note_is_an_environment_problem_and_leaves_no_file(database):
    store = open_store(database)
    histories = OrderHistoryService(store)
    with store.transaction() as uow:
        uow.connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    with closing(connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentProblem) as reported:
            histories.note_printed(Actor.person(), order_report_key(1), NOW)
        assert reported.value.code is EnvironmentCode.DATABASE_BUSY
        other.execute("ROLLBACK")
    assert histories.for_order(1).printed == {}
    histories.note_printed(Actor.person(), order_report_key(1), NOW)
    assert histories.for_order(1).printed == {order_report_key(1): PrintRecord(1, NOW)}
    store.close()
