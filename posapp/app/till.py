"""A till on this machine: its database, PortOne and threads, as the ports of the services."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posapp.app.care import care_for
from posapp.domain.modes import Mode
from posapp.domain.seals import SealKey
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.services.container import Container, Ports, build_container
from posapp.services.lanes import ThreadLanes
from posapp.services.ports.machine import Clock, MakeIds, Secrets
from posapp.services.rules import TillRules
from posapp.services.sync_board import Board
from posapp.store.modes import hold_mode
from posapp.store.opening import open_store
from posapp.store.queries import SqlOrderSearch
from posapp.store.request_search import SqlRequestSearch
from posapp.store.seals import begin_sealing

LANES = 6
"""Calls to PortOne side by side (docs/performance.md, "Calls and commits"): 500 refunds of two
calls, 200 ms each, in less than a minute, with the shop's QRs beside them."""


def open_container(
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
) -> Container:
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
    ports = Ports(
        store=store,
        gateway=gateway,
        clock=clock,
        ids=ids,
        order_search=SqlOrderSearch(store),
        request_search=SqlRequestSearch(store),
        lanes=ThreadLanes(LANES),
        board=board,
        wake=wake,
        journal=care.journal,
    )
    container = build_container(ports, rules, chores=care.chores)
    if care.recovered.went_back:
        container.reconciling.ask()  # an older file: look as far back as PortOne can be asked
    return container
