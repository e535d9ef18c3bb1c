"""The services of one till, put together from ports. The program, the tests and the simulator all
use this one; what they bring in from outside differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from posapp.services.account import AccountCheck
from posapp.services.cancelling import Cancelling
from posapp.services.cancelling_rest import CancellingRest
from posapp.services.chores import Chore
from posapp.services.clock_watch import ClockWatch
from posapp.services.comparing import Comparing
from posapp.services.connectivity import Connectivity
from posapp.services.delivering import Delivering
from posapp.services.exporting import export
from posapp.services.importing.booked_unseen import BookedUnseen
from posapp.services.importing.checking import ClaimChecking
from posapp.services.lanes import Lanes
from posapp.services.open_money import OpenMoney
from posapp.services.order_history import OrderHistories
from posapp.services.paying import Paying
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.journal import IntentJournal
from posapp.services.ports.machine import Clock, Ids
from posapp.services.ports.reading import OrderSearch
from posapp.services.ports.requests import RequestSearch
from posapp.services.ports.store import Store
from posapp.services.putting_back import PuttingBack
from posapp.services.receipts import Receipts
from posapp.services.reconciling import Reconciling
from posapp.services.refund_settling import RefundSettling
from posapp.services.refunding import Refunding
from posapp.services.request_desk import RequestDesk
from posapp.services.requesting import Requesting
from posapp.services.rules import TillRules
from posapp.services.sending import Sending
from posapp.services.settling import Settling
from posapp.services.sync_board import Board
from posapp.services.sync_desk import SyncDesk
from posapp.services.synchronising import Synchroniser
from posapp.services.timings import TIMINGS, SyncTimings
from posapp.services.verifying import Verifying


@dataclass(frozen=True, slots=True)
class Ports:
    """What a till brings in from outside.

    Attributes:
        wake: called from any thread when the synchroniser has something new to do.
        journal: where each send is written down before it goes out; ``None`` for none.
    """

    store: Store
    gateway: PaymentGateway
    clock: Clock
    ids: Ids
    order_search: OrderSearch
    request_search: RequestSearch
    lanes: Lanes
    board: Board
    wake: Callable[[], None]
    journal: IntentJournal | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """What screens, commands and the background worker use.

    Attributes:
        export: writes the requests that a filter finds to a file.
    """

    store: Store
    gateway: PaymentGateway
    search: OrderSearch
    requests: RequestSearch
    paying: Paying
    verifying: Verifying
    receipts: Receipts
    cancelling: Cancelling
    cancelling_rest: CancellingRest
    open_money: OpenMoney
    histories: OrderHistories
    desk: RequestDesk
    requesting: Requesting
    delivering: Delivering
    export: Callable[..., int]
    refunding: Refunding
    sending: Sending
    connectivity: Connectivity
    clock_watch: ClockWatch
    board: Board
    reconciling: Reconciling
    claims: ClaimChecking
    sync: SyncDesk
    synchroniser: Synchroniser

    def close(self) -> None:
        """Close connections and the database; whoever still uses them gets an error."""
        self.gateway.close()
        self.store.close()


def build_container(
    ports: Ports,
    rules: TillRules,
    *,
    chores: Sequence[Chore] = (),
    timings: SyncTimings = TIMINGS,
    refunding: type[Refunding] = Refunding,
) -> Container:
    """Put the services of a till together; nothing is asked or written yet.

    Args:
        chores: jobs of the background that look after the database.
        refunding: how refunds are sent; another one only to show what a guard is good for.
    """
    store, gateway, clock, ids = ports.store, ports.gateway, ports.clock, ports.ids
    settling = Settling(store, clock, ids, live=rules.live)
    verifying = Verifying(store, gateway, clock, settling, rules, timings)
    refund_settling = RefundSettling(store, clock)
    putting_back = PuttingBack(ids, live=rules.live)
    comparing = Comparing(store, gateway, clock, settling, refund_settling, putting_back)
    clock_watch = ClockWatch(store, clock, timings)
    account = AccountCheck(store, gateway, clock)
    reconciling = Reconciling(store, gateway, clock, comparing, ports.board, clock_watch, account)
    claims = ClaimChecking(store, gateway, clock, live=rules.live)
    booked_unseen = BookedUnseen(store, gateway, clock, live=rules.live)
    carried_out = refunding(store, gateway, clock, refund_settling)
    sending = Sending(store, carried_out, clock, ports.journal)
    connectivity = Connectivity(gateway, clock, timings)
    return Container(
        store=store,
        gateway=gateway,
        search=ports.order_search,
        requests=ports.request_search,
        paying=Paying(store, gateway, clock, ids, verifying, rules, ports.wake, account),
        verifying=verifying,
        receipts=Receipts(store, rules.shop),
        cancelling=Cancelling(store, clock, ids, verifying, ports.wake),
        cancelling_rest=CancellingRest(store, clock, ids, ports.wake),
        open_money=OpenMoney(store, gateway, clock, refund_settling, ports.wake),
        histories=OrderHistories(store),
        desk=RequestDesk(store, clock, ids, ports.wake),
        requesting=Requesting(store, clock),
        delivering=Delivering(store),
        export=partial(export, ports.request_search),
        refunding=carried_out,
        sending=sending,
        connectivity=connectivity,
        clock_watch=clock_watch,
        board=ports.board,
        reconciling=reconciling,
        claims=claims,
        sync=SyncDesk(store, ports.board, clock, ports.wake, reconciling.ask),
        synchroniser=Synchroniser(
            store,
            clock,
            verifying,
            sending,
            connectivity,
            ports.lanes,
            ports.board,
            clock_watch,
            reconciling,
            (*chores, claims, booked_unseen),
        ),
    )
