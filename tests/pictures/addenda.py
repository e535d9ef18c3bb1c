"""A shift that was closed without being compared with PortOne, and its addendum."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from posapp.domain.cash import Shift
from posapp.domain.money import Won
from posapp.domain.z_addenda import Finding, FindingKind, ZAddendum
from posapp.domain.z_reports import Blocker, OpenMatter
from posapp.services.cash import open_matters
from posapp.services.cash.addenda import write_addenda
from posapp.store.repositories.z_addenda import SqlZAddenda
from posapp.ui.navigation.counter_window import CounterWindow
from tests.pictures.cash import container_of, open_shift

FOUND = (
    Finding(FindingKind.PAYMENT, 1024, Won(58_600), "imp_1"),
    Finding(FindingKind.CANCELLATION, 1019, Won(-12_000), "imp_2"),
)


def _find(_: object, shift: Shift) -> OpenMatter:
    return OpenMatter(Blocker.NOT_COMPARED, shift.id, Won(115_500))


AWAY = mock.patch.object(open_matters, "find_uncompared", _find)
"""PortOne is out of reach since the last payment."""


@contextmanager
def uncompared() -> Iterator[None]:
    """Let PortOne be out of reach since the last payment."""
    with mock.patch.object(open_matters, "find_uncompared", _find):
        yield


def close_uncompared(counter: CounterWindow) -> None:
    """Close a shift as it is done without a network."""
    container = container_of(counter)
    open_shift(counter)
    with uncompared():
        names = {one.key: "인터넷 장애" for one in container.closing_service.open_matters()}
        counts = {50_000: 1, 10_000: 7, 1_000: 16}
        container.closing_service.close_shift(
            container.session.actor, counts, "거스름돈 착오", names
        )


def compare(counter: CounterWindow, found: tuple[Finding, ...] = FOUND) -> ZAddendum:
    """Compare with PortOne, which differs by these; return the last addendum."""
    container = container_of(counter)
    now = container.clock_jump._clock.now()
    with (
        mock.patch.object(SqlZAddenda, "found", lambda *_: found),
        container.store.transaction() as uow,
    ):
        *_, made = write_addenda(uow, now, uow.ledger.end()[0], now)
        uow.commit()
    return made
