"""docs/faults.md, rows 52 and 53: a disk that is full, read-only, or fails."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.refunds import RefundState
from posapp.services.runtime.status_store import SyncEventKind
from posapp.store.engine import quick_check
from posapp.store.files.backup import backup_folder
from posapp.store.files.disk_monitor import reserve_path
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.open_store import open_store
from posapp.ui.core.i18n import Translator
from tests.fakes.till import BUYER, an_order
from tests.faults.maintained_till import MaintainedTill
from tests.faults.small_disk import Filler, files_may_grow_to, read_only, small_disk

MEGABYTE = 2**20


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk", 40) as folder:
        yield folder


@pytest.fixture
def shop(disk, sandbox, clock):
    shop = MaintainedTill(disk / "posapp.db", sandbox, clock)
    shop.till.stock_shop(*(an_order(n, (5000, 1), (3000, 1)) for n in range(10, 60)))
    yield shop
    shop.close()


def attempts(shop: MaintainedTill) -> int:
    with shop.store.snapshot() as uow:
        return len(uow.attempts.live())


def sell_until_refused(shop: MaintainedTill, first: int = 11) -> tuple[int, EnvironmentProblem]:
    """Begin payments until the disk is full. Return how many began, and the problem."""
    for order_id in range(first, 60):
        try:
            shop.till.payment_service.start(Actor.buyer(BUYER), order_id)
        except EnvironmentProblem as problem:
            return order_id - first, problem
    raise AssertionError("the disk was never full")


def test_fault_52_full_disk_stops_sales_and_still_records_refund_results(shop, disk) -> None:
    till = shop.till
    till.paid_order(10)
    refund = till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000)
    shop.run("storage", "journal")
    assert reserve_path(shop.path).exists()
    filler = Filler(disk)
    filler.leave(0)
    begun, problem = sell_until_refused(shop)
    assert problem.code is EnvironmentCode.DISK_FULL
    assert "저장 공간이 부족해" in Translator("ko").error(problem)
    assert attempts(shop) == begun, "what was refused has left nothing"
    assert not reserve_path(shop.path).exists(), "the reserve is there to be used"
    # The refund that was approved before goes on: sent once, and noted.
    till.clock.advance(seconds=10)
    till.work(4)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    shop.run("journal")
    assert FileIntentJournal(journal_path(shop.path)).open_intents() == ()
    till.check_books()
    # No new payment uses the reserve up, and no link is made for one.
    requested = len(shop.portone.calls)
    for order_id in range(50, 55):
        with pytest.raises(EnvironmentProblem) as refused:
            till.payment_service.start(Actor.buyer(BUYER), order_id)
        assert refused.value.code is EnvironmentCode.DISK_FULL
    assert shop.portone.calls[requested:] == []
    shop.run("storage")
    assert till.status_store.status.storage_trouble == "disk_full"
    assert [one.what for one in till.status_store.recent()].count(
        SyncEventKind.STORAGE_TROUBLE
    ) == 1
    # Room again: the reserve is kept again, and selling goes on.
    filler.away()
    shop.run("storage")
    assert till.status_store.status.storage_trouble == ""
    assert reserve_path(shop.path).exists()
    till.payment_service.start(Actor.buyer(BUYER), 55)
    quick_check(shop.path)
    assert isinstance(verify_ledger(shop.path), int)


def test_fault_52_twin_without_the_reserve_loses_the_end_of_a_refund(shop, disk) -> None:
    till = shop.till
    till.paid_order(10)
    refund = till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000)
    filler = Filler(disk)
    filler.leave(0)
    sell_until_refused(shop)
    till.clock.advance(seconds=10)
    till.work(4)
    assert till.cancellation_service.get_refund(refund.id).refund.state is not RefundState.CONFIRMED
    filler.away()
    till.pass_time(120)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    till.check_books()


@pytest.mark.parametrize("blocks", [*range(12), 16, 24, 40])
def test_fault_52_any_write_without_room_leaves_no_partial_state(
    disk, sandbox, clock, blocks
) -> None:
    """A refund is approved with so many blocks left: it is all there, or nothing of it is."""
    shop = MaintainedTill(disk / "posapp.db", sandbox, clock)
    till = shop.till
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    till.paid_order(10)
    shop.close()  # the -wal is brought home: each write needs new room
    shop.open()
    till = shop.till
    rows = verify_ledger(shop.path)
    filler = Filler(disk)
    filler.leave(blocks * 4096)
    approved = True
    try:
        till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000)
    except EnvironmentProblem as problem:
        assert problem.code in (EnvironmentCode.DISK_FULL, EnvironmentCode.DATABASE_IO)
        approved = False
    filler.away()
    shop.close()
    quick_check(shop.path)
    assert verify_ledger(shop.path) == rows + approved
    shop.open()
    with shop.store.snapshot() as uow:
        assert len(uow.refunds.of_item(100)) == approved
        assert len(uow.outbox.waiting(5)) == approved
    if not approved:
        shop.till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000)
    shop.till.pass_time(120)
    shop.till.check_books()
    assert shop.till.refund_states() == [RefundState.CONFIRMED]
    shop.close()


def test_fault_52_copy_without_room_keeps_existing_copies(shop, disk) -> None:
    filler = Filler(disk)
    filler.leave(100 * 1024)
    before = sorted(path.name for path in disk.iterdir() if path.is_file())
    shop.run("backup")
    assert shop.till.status_store.status.backup_trouble == "disk_full"
    assert list(backup_folder(shop.path).iterdir()) == []
    assert sorted(path.name for path in disk.iterdir() if path.is_file()) == before


def test_fault_52_read_only_disk_stops_sales_and_loses_nothing(shop, disk) -> None:
    till = shop.till
    till.paid_order(10)
    refund = till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000)
    shop.run("storage", "journal")
    shop.close()
    read_only(disk, is_so=True)
    try:
        with pytest.raises(EnvironmentProblem) as problem:
            open_store(shop.path)
        assert problem.value.code is EnvironmentCode.READ_ONLY
        assert Translator("ko").error(problem.value) == (
            "데이터를 저장할 수 없는 폴더입니다. 폴더의 쓰기 권한을 확인해 주세요."
        )
        assert isinstance(verify_ledger(shop.path), int)
    finally:
        read_only(disk, is_so=False)
    shop.open()
    assert shop.maintenance.recovered.entered == ()
    shop.till.pass_time(60)
    assert (
        shop.till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    )
    shop.till.check_books()


@pytest.mark.parametrize("beyond", [0, 1, 32, 4096, 8192, 3 * 4120, 6 * 4120, 10 * 4120, 2**20])
def test_fault_53_failed_write_stops_writing_until_restart(
    tmp_path, sandbox, clock, beyond
) -> None:
    """The kernel refuses the write at a byte: an approval is whole or absent, and the program only
    reads from then on."""
    shop = MaintainedTill(tmp_path / "posapp.db", sandbox, clock)
    till = shop.till
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)), an_order(11))
    till.paid_order(10)
    wal = shop.path.with_name("posapp.db-wal").stat().st_size
    shop.run("storage", "journal")
    approved = True
    with files_may_grow_to(wal + beyond):
        try:
            till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000)
        except EnvironmentProblem as problem:
            assert problem.code is EnvironmentCode.DATABASE_IO
            approved = False
    if not approved:
        requested = len(shop.portone.calls)
        for action in (
            lambda: till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000),
            lambda: till.payment_service.start(Actor.buyer(BUYER), 11),
        ):
            with pytest.raises(EnvironmentProblem):
                action()
        till.work(2)
        assert shop.portone.calls[requested:] == [], "nothing goes out that could not be noted"
        assert till.order(10).is_paid, "looking up goes on"
        shop.run("storage")
        assert till.status_store.status.storage_trouble == "database_io"
        shop.run("backup")
        assert till.status_store.status.backup_trouble == "", "what can be read is saved"
        assert len(list(backup_folder(shop.path).iterdir())) == 1
    shop.close()
    quick_check(shop.path)
    shop.open()
    with shop.store.snapshot() as uow:
        there = len(uow.refunds.of_item(100))
        assert len(uow.outbox.waiting(5)) == there
    assert there == approved
    if not there:
        shop.till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000)
    shop.till.pass_time(120)
    shop.till.check_books()
    assert shop.till.refund_states() == [RefundState.CONFIRMED]
    shop.close()
