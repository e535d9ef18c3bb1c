"""The trial payment of a new shop: 100 won are paid, verified, and given back, over any restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Permission
from posapp.sandbox.server import Sandbox
from posapp.services.refunds.trial_payment import TRIAL_NUMBER, TrialState
from posapp.services.till_config import TillConfig
from tests.fakes.till import Till, an_order
from tests.fakes.world import FakeClock

WHO = Actor.person()
BUYER = Actor.buyer(TRIAL_NUMBER)
NAME = "테스트 결제"


class OnlyWithout:
    """Allows all but one permission."""

    def __init__(self) -> None:
        self.denied: Permission | None = None

    def is_allowed(self, _: object, actor: Actor, permission: Permission) -> bool:
        return permission is not self.denied


@pytest.fixture
def access() -> OnlyWithout:
    return OnlyWithout()


@pytest.fixture
def opened(
    tmp_path: Path, sandbox: Sandbox, clock: FakeClock, access: OnlyWithout
) -> Iterator[Callable[..., Till]]:
    """Open the shop, anew at each call."""
    tills: list[Till] = []

    def open_it(config: TillConfig | None = None) -> Till:
        if tills:
            tills.pop().close()
        tills.append(Till(tmp_path / "shop.db", sandbox, clock, config=config, access=access))
        tills[-1].work(1)
        return tills[-1]

    yield open_it
    for till in tills:
        till.close()


def state(till: Till) -> TrialState:
    return till.trial_payment_service.read(WHO)


def test_it_is_paid_by_qr_verified_and_given_back(opened: Callable[..., Till]) -> None:
    till = opened()
    assert state(till) is TrialState.OFFERED
    order = till.trial_payment_service.begin(WHO, NAME)
    assert state(till) is TrialState.WAITING
    assert not till.trial_payment_service.give_back(WHO, NAME), "nothing is paid yet"
    till.paid_order(order.order_id)
    assert state(till) is TrialState.PAID
    assert till.trial_payment_service.give_back(WHO, NAME)
    assert state(till) is TrialState.RETURNING
    assert not till.trial_payment_service.give_back(WHO, NAME), "once"
    till.pass_time(60)
    assert state(till) is TrialState.OVER
    assert (till.ledger_balance(), till.portone_balance()) == (0, 0)
    (payment,) = till.books.payments()
    assert (payment.amount, payment.cancel_amount) == (100, 100)
    till.check_books()


def test_it_goes_on_after_each_restart(opened: Callable[..., Till]) -> None:
    till = opened()
    till.trial_payment_service.begin(WHO, NAME)
    till = opened()
    assert state(till) is TrialState.WAITING
    again = till.trial_payment_service.begin(WHO, "another name")
    assert till.order(again.order_id).items[0].name == NAME, "one order only"
    attempt = till.payment_service.start(BUYER, again.order_id).attempt
    till.books.pay(attempt.merchant_uid)
    till = opened()
    till.pass_time(30)
    assert state(till) is TrialState.PAID
    till = opened()
    till.trial_payment_service.give_back(WHO, NAME)
    till = opened()
    assert state(till) is TrialState.RETURNING or till.portone_balance() == 0
    till.pass_time(60)
    assert (state(till), till.portone_balance()) == (TrialState.OVER, 0)


def test_a_shop_that_has_orders_or_is_for_practice_is_not_asked(
    opened: Callable[..., Till],
) -> None:
    practising = opened(TillConfig("연습", live=False, practice=True))
    assert state(practising) is TrialState.OVER
    till = opened()
    till.stock_shop(an_order(1, (5000, 1)))
    assert state(till) is TrialState.OVER
    with pytest.raises(UserError) as refused:
        till.trial_payment_service.begin(WHO, NAME)
    assert refused.value.code is ErrorCode.ORDER_DONE


def test_an_order_that_is_cancelled_ends_it(opened: Callable[..., Till]) -> None:
    till = opened()
    order = till.trial_payment_service.begin(WHO, NAME)
    till.cancellation_service.cancel(BUYER, till.order(order.order_id).items[0].id, "")
    assert state(till) is TrialState.OVER


def test_who_may_not_change_settings_is_not_asked(
    opened: Callable[..., Till], access: OnlyWithout
) -> None:
    till = opened()
    access.denied = Permission.CHANGE_SETTINGS
    assert state(till) is TrialState.OVER
