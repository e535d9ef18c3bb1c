"""The state that the payment page shows, of what its controller has read."""

from __future__ import annotations

from posapp.domain.money import ZERO
from posapp.ui.core.i18n import Translator
from posapp.ui.payment.payment_controller import PaymentController, PendingAction
from posapp.ui.payment.payment_view_model import (
    PaymentViewState,
    view_state_before,
    view_state_held,
    view_state_in_cash,
    view_state_of,
    view_state_of_error,
    with_cash,
)


def shown_state(texts: Translator, controller: PaymentController) -> PaymentViewState:
    """Return the state of the order on screen, by QR and in cash."""
    if controller.taken is not None:
        return view_state_in_cash(texts, controller.taken)
    state, attempt = _by_qr(texts, controller), controller.progress
    if not controller.cash or state.moving:
        return state
    if controller.due and attempt is None and state.before:
        return view_state_held(texts, controller.cash, controller.due)
    by_qr = attempt.attempt.amount if attempt is not None else ZERO
    return with_cash(texts, state, controller.cash, by_qr)


def takes_cash(controller: PaymentController, state: PaymentViewState) -> bool:
    """Return whether cash can be taken for what is left of the order."""
    order = controller.order
    is_own = order is not None and order.is_counter and bool(controller.due)
    return is_own and not state.moving and (state.before or (state.outcome and state.retry))


def _by_qr(texts: Translator, controller: PaymentController) -> PaymentViewState:
    is_starting = controller.action is PendingAction.START
    if controller.error is not None and not is_starting:
        return view_state_of_error(texts, controller.error)
    if controller.progress is not None and not is_starting:
        is_over = controller.countdown.is_over
        return view_state_of(texts, controller.progress, time_is_over=is_over)
    is_loading = controller.action is PendingAction.LOAD
    return view_state_before(texts, loading=is_loading, starting=is_starting)
