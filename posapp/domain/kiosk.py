"""The visit of a buyer at a kiosk: its states, what leads on, and how long each may wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from posapp.domain.state_machine import StateMachine


class KioskState(StrEnum):
    """Screen of the kiosk.

    ``QR``: from 결제하기 until the attempt has its result; money may move. ``HELP`` and ``EXIT``
    lie over another state, which goes on below. ``MAINTENANCE``: the program crashed again and
    again, and takes no payment until staff restart it; or its shop cannot be opened yet.
    """

    START = "start"
    ORDER = "order"
    PHONE = "phone"
    SUMMARY = "summary"
    QR = "qr"
    OUTCOME = "outcome"
    HELP = "help"
    EXIT = "exit"
    MAINTENANCE = "maintenance"


class KioskTrigger(StrEnum):
    """What leads from one state to another.

    ``PHONE_NEEDED``: the order has a phone number, which the buyer has to know. ``RESUMED``: a QR
    of before a restart is live. ``ENDED``: the attempt has its result, or could not be started.
    ``FREED``: the result is in doubt for too long, and the kiosk is there for the next buyer.
    ``RESET``: the visit is over. ``CALLED``, ``CALL_ENDED``: staff. ``EXIT_WANTED``,
    ``EXIT_CLOSED``: the PIN that ends the program. ``UNUSABLE``: the kiosk cannot take payments;
    ``USABLE``: it can again.
    """

    BEGUN = "begun"
    ORDER_REFUSED = "order_refused"
    PHONE_NEEDED = "phone_needed"
    ORDER_SHOWN = "order_shown"
    BACK = "back"
    PAY = "pay"
    RESUMED = "resumed"
    ENDED = "ended"
    FREED = "freed"
    RESET = "reset"
    CALLED = "called"
    CALL_ENDED = "call_ended"
    EXIT_WANTED = "exit_wanted"
    EXIT_CLOSED = "exit_closed"
    UNUSABLE = "unusable"
    USABLE = "usable"


_S, _T = KioskState, KioskTrigger

_BELOW = (_S.START, _S.ORDER, _S.PHONE, _S.SUMMARY, _S.QR, _S.OUTCOME, _S.MAINTENANCE)

KIOSK_TRANSITIONS = StateMachine(
    "kiosk",
    {
        (_S.START, _T.BEGUN): _S.ORDER,
        (_S.START, _T.ORDER_REFUSED): _S.ORDER,
        (_S.START, _T.PHONE_NEEDED): _S.PHONE,
        (_S.START, _T.ORDER_SHOWN): _S.SUMMARY,
        (_S.START, _T.RESUMED): _S.QR,
        (_S.START, _T.UNUSABLE): _S.MAINTENANCE,
        (_S.ORDER, _T.UNUSABLE): _S.MAINTENANCE,
        (_S.MAINTENANCE, _T.USABLE): _S.START,
        (_S.ORDER, _T.ORDER_REFUSED): _S.ORDER,
        (_S.ORDER, _T.PHONE_NEEDED): _S.PHONE,
        (_S.ORDER, _T.ORDER_SHOWN): _S.SUMMARY,
        (_S.ORDER, _T.BACK): _S.START,
        (_S.ORDER, _T.RESET): _S.START,
        (_S.PHONE, _T.ORDER_REFUSED): _S.ORDER,
        (_S.PHONE, _T.ORDER_SHOWN): _S.SUMMARY,
        (_S.PHONE, _T.BACK): _S.ORDER,
        (_S.PHONE, _T.RESET): _S.START,
        (_S.SUMMARY, _T.PAY): _S.QR,
        (_S.SUMMARY, _T.BACK): _S.ORDER,
        (_S.SUMMARY, _T.RESET): _S.START,
        (_S.QR, _T.ENDED): _S.OUTCOME,
        (_S.QR, _T.FREED): _S.OUTCOME,
        (_S.OUTCOME, _T.ENDED): _S.OUTCOME,
        (_S.OUTCOME, _T.PAY): _S.QR,
        (_S.OUTCOME, _T.RESET): _S.START,
        **{(state, _T.CALLED): _S.HELP for state in _BELOW},
        **{(state, _T.EXIT_WANTED): _S.EXIT for state in (*_BELOW, _S.HELP)},
    },
)
"""The one table. HELP and EXIT have no row of their own to leave by: ``KioskFlow`` returns to the
state below, which all other triggers go to meanwhile."""

OVER = frozenset({_S.HELP, _S.EXIT})
"""States that lie over another one."""

IDLE_STATES = frozenset({_S.ORDER, _S.PHONE, _S.SUMMARY})
"""States in which a buyer who went away is noticed. Never one in which money may move."""


@dataclass(frozen=True, slots=True)
class KioskFlow:
    """Where the visit is.

    Attributes:
        below: the state of the visit; never HELP or EXIT.
        is_called: staff were called, and nobody has ended the call.
        is_leaving: the PIN that ends the program is asked for.
    """

    below: KioskState = KioskState.START
    is_called: bool = False
    is_leaving: bool = False

    @property
    def state(self) -> KioskState:
        """The state that lies on top."""
        if self.is_leaving:
            return KioskState.EXIT
        return KioskState.HELP if self.is_called else self.below

    def apply(self, trigger: KioskTrigger) -> KioskFlow:
        """Return the flow after a trigger.

        Raises:
            IllegalTransition: the table has no such step.
        """
        match trigger:
            case KioskTrigger.CALLED:
                KIOSK_TRANSITIONS.next_state(self.below, trigger)
                return replace(self, is_called=True)
            case KioskTrigger.CALL_ENDED if self.is_called:
                return replace(self, is_called=False)
            case KioskTrigger.EXIT_WANTED:
                KIOSK_TRANSITIONS.next_state(self.below, trigger)
                return replace(self, is_leaving=True)
            case KioskTrigger.EXIT_CLOSED if self.is_leaving:
                return replace(self, is_leaving=False)
        return replace(self, below=KIOSK_TRANSITIONS.next_state(self.below, trigger))

    def allows(self, trigger: KioskTrigger) -> bool:
        """Return whether the trigger leads anywhere now."""
        if trigger is KioskTrigger.CALL_ENDED:
            return self.is_called
        if trigger is KioskTrigger.EXIT_CLOSED:
            return self.is_leaving
        return KIOSK_TRANSITIONS.allows(self.below, trigger)
