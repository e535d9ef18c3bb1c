"""The services of one till, put together from store, PortOne, clock and numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posapp.app.care import care_for
from posapp.domain.modes import Mode
from posapp.domain.seals import SealKey
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.services.account import AccountCheck
from posapp.services.cancelling import Cancelling
from posapp.services.cancelling_rest import CancellingRest
from posapp.services.clock_watch import ClockWatch
from posapp.services.comparing import Comparing
from posapp.services.connectivity import Connectivity
from posapp.services.delivering import Delivering
from posapp.services.importing.booked_unseen import BookedUnseen
from posapp.services.importing.checking import ClaimChecking
from posapp.services.lanes import ThreadLanes
from posapp.services.open_money import OpenMoney
from posapp.services.order_history import OrderHistories
from posapp.services.paying import Paying
from posapp.services.ports.machine import Clock, MakeIds, Secrets
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
from posapp.services.synchronising import Synchroniser
from posapp.services.verifying import Verifying
from posapp.store.modes import hold_mode
from posapp.store.opening import open_store
from posapp.store.queries import SqlOrderSearch
from posapp.store.request_search import SqlRequestSearch
from posapp.store.seals import begin_sealing
from posapp.store.unit_of_work import SqlStore

LANES = 6
"""Calls to PortOne side by side (docs/performance.md, "Calls and commits"): 500 refunds of two
calls, 200 ms each, in less than a minute, with the shop's QRs beside them."""


@dataclass(frozen=True, slots=True)
class Till:
    """What screens and commands use; closed when the program ends."""

    store: SqlStore
    gateway: PortOneGateway
    search: SqlOrderSearch
    paying: Paying
    receipts: Receipts
    cancelling: Cancelling
    cancelling_rest: CancellingRest
    open_money: OpenMoney
    histories: OrderHistories
    desk: RequestDesk
    requests: SqlRequestSearch
    requesting: Requesting
    delivering: Delivering
    board: Board
    reconciling: Reconciling
    claims: ClaimChecking
    synchroniser: Synchroniser

    def close(self) -> None:
        """Close connections and the database; whoever still uses them gets an error."""
        self.gateway.close()
        self.store.close()


def open_till(
    database: Path,
    gateway_settings: GatewaySettings,
    rules: TillRules,
    secrets: Secrets,
    clock: Clock,
    make_ids: MakeIds,
    wake: Callable[[], None],
    *,
    mode: Mode,
    seal: SealKey | None = None,
) -> Till:
    """Open the database and put the services together. Takes tenths of a second: imports and a
    database, hence never on the screen's thread.

    Args:
        mode: what the database is for; one that belongs to another is refused.
        seal: the key that the ledger is sealed with, if there is one.
        wake: called from any thread when the synchroniser has something new to do.

    Raises:
        EnvironmentProblem: the database cannot be opened, or belongs to another mode.
    """
    store = open_store(database)
    try:
        hold_mode(store, mode)
        if seal is not None:
            begin_sealing(store, seal, clock.now())
    except BaseException:
        store.close()
        raise
    gateway = PortOneGateway(gateway_settings, secrets, clock)
    with store.reading() as uow:
        ids = make_ids(uow.milestones.till_code())
    board = Board()
    care = care_for(store, board, clock)
    settling = Settling(store, clock, ids, live=rules.live)
    verifying = Verifying(store, gateway, clock, settling, rules)
    refund_settling = RefundSettling(store, clock)
    putting_back = PuttingBack(ids, live=rules.live)
    comparing = Comparing(store, gateway, clock, settling, refund_settling, putting_back)
    clock_watch = ClockWatch(store, clock)
    account = AccountCheck(store, gateway, clock)
    reconciling = Reconciling(store, gateway, clock, comparing, board, clock_watch, account)
    if care.recovered.went_back:
        reconciling.ask()  # an older file: look as far back as PortOne can be asked
    claims = ClaimChecking(store, gateway, clock, live=rules.live)
    refunding = Refunding(store, gateway, clock, refund_settling)
    return Till(
        store=store,
        gateway=gateway,
        search=SqlOrderSearch(store),
        paying=Paying(store, gateway, clock, ids, verifying, rules, wake, account),
        receipts=Receipts(store, rules.shop),
        cancelling_rest=CancellingRest(store, clock, ids, wake),
        cancelling=Cancelling(store, clock, ids, verifying, wake),
        open_money=OpenMoney(store, gateway, clock, refund_settling, wake),
        histories=OrderHistories(store),
        desk=RequestDesk(store, clock, ids, wake),
        requests=SqlRequestSearch(store),
        requesting=Requesting(store, clock),
        delivering=Delivering(store),
        board=board,
        reconciling=reconciling,
        claims=claims,
        synchroniser=Synchroniser(
            store,
            clock,
            verifying,
            Sending(store, refunding, clock, care.journal),
            Connectivity(gateway, clock),
            ThreadLanes(LANES),
            board,
            clock_watch,
            reconciling,
            (*care.chores, claims, BookedUnseen(store, gateway, clock, live=rules.live)),
        ),
    )
