"""What the buyer may see of a payment, in every phase of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.orders import ItemStatus
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.display.buyer_view import NOTHING, BuyerPhase, buyer_view
from posapp.ui.widgets.qr_matrix import encode
from tests.fakes.world import FakeClock
from tests.ui.pay.payment_scenarios import BUYER, LINK, FakePaymentService, usual_order

MATRIX = encode(LINK)

SHOWN = {
    PaymentPhase.PREPARING: BuyerPhase.ORDER,
    PaymentPhase.SCAN: BuyerPhase.SCAN,
    PaymentPhase.PAYING: BuyerPhase.PAYING,
    PaymentPhase.CHECKING: BuyerPhase.CHECKING,
    PaymentPhase.DONE: BuyerPhase.PAID,
    PaymentPhase.EXPIRED: BuyerPhase.IDLE,
    PaymentPhase.STOPPED: BuyerPhase.IDLE,
    PaymentPhase.FAILED: BuyerPhase.IDLE,
    PaymentPhase.RETURNING: BuyerPhase.IDLE,
    PaymentPhase.RETURNED: BuyerPhase.IDLE,
    PaymentPhase.RETURN_FAILED: BuyerPhase.IDLE,
}


def progress_in(phase):
    service = FakePaymentService(FakeClock())
    service.start(None, 1024)
    service.become(phase)
    return service.get_progress(service.attempt.id)


def test_every_phase_is_in_the_table():
    assert set(SHOWN) == set(PaymentPhase)


@pytest.mark.parametrize("phase", PaymentPhase)
def test_the_buyer_sees_what_concerns_them_and_never_an_error(phase):
    view = buyer_view(usual_order(), progress_in(phase), MATRIX, 200)
    assert view.phase is SHOWN[phase]
    assert (view.matrix is not None) == (phase in (PaymentPhase.SCAN, PaymentPhase.PAYING))
    assert (view.amount is None) == (view.phase is BuyerPhase.IDLE)


@pytest.mark.parametrize("phase", [PaymentPhase.SCAN, PaymentPhase.PAYING])
def test_a_code_whose_time_is_over_is_being_checked(phase):
    view = buyer_view(usual_order(), progress_in(phase), None, 0)
    assert (view.phase, view.matrix, view.seconds) == (BuyerPhase.CHECKING, None, None)


def test_the_order_is_shown_before_its_code_without_cancelled_lines():
    order = usual_order()
    view = buyer_view(order, None, None, None)
    assert view.phase is BuyerPhase.ORDER
    assert [line.name for line in view.lines] == [item.name for item in order.items[:3]]
    assert view.amount == order.total == sum(line.amount for line in view.lines)


def test_no_order_and_a_paid_one_show_nothing():
    order = usual_order()
    paid = tuple(replace(item, status=ItemStatus.COMPLETE_PAYMENT) for item in order.items)
    void = tuple(replace(item, status=ItemStatus.CANCEL) for item in order.items)
    assert buyer_view(None, None, None, None) is NOTHING
    assert buyer_view(replace(order, items=paid), None, None, None) is NOTHING
    assert buyer_view(replace(order, items=void), None, None, None) is NOTHING


@pytest.mark.parametrize("phase", PaymentPhase)
def test_nothing_of_the_buyer_is_in_the_view(phase):
    written = repr(buyer_view(usual_order(), progress_in(phase), None, 10))
    assert BUYER.name not in written
    assert BUYER.phone not in written
    assert "1024" not in written
