"""A refund of all that is left of a payment is found by each of the items that it covers."""

from posapp.domain.money import Won
from posapp.domain.refunds import RefundOrigin
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, item, order, paid, payment, refund


def test_refunds_of_an_item_are_its_own_and_those_that_cover_it(store: SqlStore) -> None:
    """12 is part of 112 and of 120, and its money is not theirs."""
    numbers = (2, 12, 112, 120)
    with store.transaction() as uow:
        items = tuple(item(number, 5) for number in numbers)
        uow.catalogue.add_orders([order(5, created_at=NOW, items=items)])
        uow.commit()
    paid(store, payment(order_id=5, amount=Won(90_000)))
    with store.transaction() as uow:
        own = uow.refunds.add(refund("[RF-1]", order_id=5, item_id=12))
        rest = uow.refunds.add(
            refund("[RF-2]", order_id=5, item_id=None, origin=RefundOrigin.ITEM, covers="112 120")
        )
        found = {number: uow.refunds.of_item(number) for number in numbers}
    assert found == {2: (), 12: (own,), 112: (rest,), 120: (rest,)}
