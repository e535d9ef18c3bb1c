"""The journal of refunds: whole lines or none, and intents brought back into an older database."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.actors import PORTONE, Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.refunds import RefundOrigin, RefundState, RefundTrigger
from posapp.services.bookkeeping.refund_records import create_refund, refund_entry
from posapp.services.maintenance.journal_job import JournalJob
from posapp.services.maintenance.recover_journal import RECOVERED, RecoveryReport, recover_journal
from posapp.services.ports.journal import Intent, LedgerPosition
from posapp.services.ports.outbox import MismatchKind, OutboxState
from posapp.services.ports.unit_of_work import UnitOfWork
from posapp.store.files import refund_journal
from posapp.store.files.backup import FolderCopies, backup_folder
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.files.restore import restore_backup
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.actors import STAFF
from tests.fakes.world import FakeClock
from tests.store.records import NOW, entry, later, paid, payment

INTENT = Intent(
    "[RF-1]", "imp_1", 1, 10, Won(4500), "변심 \ud800\n", Actor.buyer(1), Actor.seller(9), NOW
)  # a name may hold half a pair, and a line break


@pytest.fixture
def journal(database: Path) -> FileIntentJournal:
    return FileIntentJournal(journal_path(database))


def again(journal: FileIntentJournal) -> FileIntentJournal:
    """As the next start reads it."""
    return FileIntentJournal(journal.path)


def brought(found: RecoveryReport) -> tuple[object, ...]:
    assert found.trouble is None
    return found.entered, found.reported, found.database_is_older


def approve(store: SqlStore, n: int = 1, imp_uid: str = "imp_1", **changes: object) -> None:
    with store.transaction() as uow:
        values = {"item_id": n * 10, "order_id": 1, "amount": Won(1000), **changes}
        create_refund(
            uow,
            imp_uid=imp_uid,
            reason="변심",
            tag=f"[RF-{n}]",
            actor=Actor.seller(9),
            requested_by=Actor.buyer(1),
            now=later(n),
            **values,
        )
        uow.commit()


def end(store: SqlStore, refund_id: int, trigger: RefundTrigger, fact: LedgerEvent) -> None:
    with store.transaction() as uow:
        refund = uow.refunds.get(refund_id)
        assert refund is not None
        done = refund.apply(trigger)
        uow.refunds.save(done)
        uow.ledger.append(refund_entry(fact, done, ZERO, NOW))
        uow.commit()


def test_saved_intents_are_read_again(journal: FileIntentJournal) -> None:
    second = replace(INTENT, tag="[RF-2]", item_id=None)
    journal.add([INTENT, second], mark=LedgerPosition(7, "a" * 64))
    assert again(journal).open_intents() == (INTENT, second)
    journal.add([], {"[RF-1]": RefundState.CONFIRMED}, LedgerPosition(9, "b" * 64))
    for one in (journal, again(journal)):
        assert one.open_intents() == (second,)
        assert one.contains("[RF-1]")
        assert not one.contains("[RF-3]")
        assert one.mark() == LedgerPosition(9, "b" * 64)
        assert one.unreadable() == 0
    assert journal.path.stat().st_mode & 0o777 == 0o600


def test_line_cut_anywhere_affects_only_itself(journal: FileIntentJournal) -> None:
    journal.add([INTENT])
    whole = journal.path.stat().st_size
    journal.add([replace(INTENT, tag="[RF-2]")])
    content = journal.path.read_bytes()
    for length in range(whole, len(content)):
        journal.path.write_bytes(content[:length])
        torn = again(journal)
        kept = 2 if length == len(content) - 1 else 1
        assert len(torn.open_intents()) == kept, length
        assert torn.unreadable() == 0
        torn.add([replace(INTENT, tag="[RF-3]")])
        after = again(journal)
        assert [one.tag for one in after.open_intents()][-1] == "[RF-3]"
        assert len(after.open_intents()) == kept + 1


def test_a_line_that_rotted_is_passed_over_and_kept_as_evidence(
    journal: FileIntentJournal,
) -> None:
    for n in range(3):
        journal.add([replace(INTENT, tag=f"[RF-{n}]", amount=Won(1000 + n))])
    rotten = journal.path.read_bytes().replace(b":1001,", b":9001,")
    journal.path.write_bytes(rotten)
    found = again(journal)
    assert [one.tag for one in found.open_intents()] == ["[RF-0]", "[RF-2]"]
    assert found.unreadable() == 1
    found.compact()
    assert again(journal).unreadable() == 0
    (aside,) = journal.path.parent.glob("*-unreadable-*")
    assert aside.read_bytes() == rotten


@pytest.mark.parametrize(
    "record",
    [
        *("[]", "{}", '{"end":"[RF-1]","state":"LOST"}', '{"mark":"x","hash":""}', '{"tag":"x"}'),
    ],
)
def test_a_line_of_another_form_is_counted(journal: FileIntentJournal, record: str) -> None:
    import zlib

    journal.path.write_text(f"{zlib.crc32(record.encode()):08x} {record}\n")
    assert journal.unreadable() == 1
    assert journal.open_intents() == ()


def test_cleanup_keeps_open_intents_and_the_mark(journal: FileIntentJournal) -> None:
    for n in range(50):
        journal.add([replace(INTENT, tag=f"[RF-{n}]")], mark=LedgerPosition(n, "a"))
    journal.add([], {f"[RF-{n}]": RefundState.REFUSED for n in range(49)})
    before = journal.path.stat().st_size
    journal.compact()
    assert journal.path.stat().st_size * 20 < before
    assert [one.tag for one in again(journal).open_intents()] == ["[RF-49]"]
    assert again(journal).mark() == LedgerPosition(49, "a")


def test_fault_52_a_full_disk_frees_its_reserve_for_the_journal(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.disk.recheck()
    ballast = store.path.with_suffix(".ballast")
    assert ballast.stat().st_size == 4 * 2**20
    journal = FileIntentJournal(journal_path(store.path), store.disk.record)
    real = os.fsync

    def full(number: int) -> None:
        if ballast.exists():
            raise OSError(28, "no space")
        real(number)

    monkeypatch.setattr(os, "fsync", full)
    journal.add([INTENT])
    monkeypatch.undo()
    assert not ballast.exists()
    assert again(journal).open_intents() == (INTENT,)
    trouble = store.disk.problem()
    assert trouble is not None
    assert trouble.code is EnvironmentCode.DISK_FULL


def test_fault_53_a_failing_disk_is_not_called_twice(
    journal: FileIntentJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def failing(number: int) -> None:
        calls.append(number)
        raise OSError(5, "input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(EnvironmentProblem) as problem:
        journal.add([INTENT])
    assert problem.value.code is EnvironmentCode.DATABASE_IO
    assert len(calls) == 1


def test_an_intent_is_in_the_journal_a_second_after_its_commit(
    store: SqlStore, journal: FileIntentJournal
) -> None:
    clock = FakeClock()
    job = JournalJob(store, journal, clock)
    paid(store)
    approve(store, 1)
    assert job.due_in_ms() == 0
    job.run()
    assert job.due_in_ms() == 1000
    (kept,) = again(journal).open_intents()
    assert (kept.tag, kept.amount, kept.requested_by, kept.approved_by, kept.created_at) == (
        *("[RF-1]", Won(1000), Actor.buyer(1), Actor.seller(9)),
        later(1),
    )
    size = journal.path.stat().st_size
    job.run()
    assert journal.path.stat().st_size == size, "nothing new, nothing written"
    approve(store, 2)
    end(store, 1, RefundTrigger.OBSERVED_DONE, LedgerEvent.REFUND_CONFIRMED)
    job.run()
    assert [one.tag for one in again(journal).open_intents()] == ["[RF-2]"]
    end(store, 2, RefundTrigger.WITHDRAWN, LedgerEvent.REFUND_WITHDRAWN)
    job.run()
    assert again(journal).open_intents() == ()


def test_a_long_ledger_is_followed_in_one_run(store: SqlStore, journal: FileIntentJournal) -> None:
    paid(store)
    with store.transaction() as uow:
        for n in range(1200):
            uow.ledger.append(entry(n + 1))
        uow.commit()
    approve(store, 1)
    JournalJob(store, journal, FakeClock()).run()
    mark = again(journal).mark()
    assert mark is not None
    assert mark.seq == 1201


def test_sales_alone_write_a_line_a_minute(store: SqlStore, journal: FileIntentJournal) -> None:
    clock = FakeClock()
    job = JournalJob(store, journal, clock)
    for n in range(180):
        with store.transaction() as uow:
            uow.ledger.append(entry(n + 1))
            uow.commit()
        job.run()
        clock.advance(seconds=1)
    assert len(journal.path.read_text("ascii").splitlines()) == 2


def restored(database: Path, store: SqlStore) -> SqlStore:
    """The shop with its (only) copy put in place, as ``posapp restore`` does it."""
    store.close()
    (copy,) = backup_folder(database).iterdir()
    restore_backup(STAFF, database, copy, NOW)
    return open_store(database)


@pytest.mark.parametrize("item_id", [10, None])
def test_fault_58_approval_missing_in_restored_copy_waits_for_review(
    store: SqlStore, database: Path, journal: FileIntentJournal, item_id: int | None
) -> None:
    clock = FakeClock()
    paid(store)
    FolderCopies(database).make(clock.now())
    recover_journal(store, journal, clock)
    approve(store, 1, item_id=item_id)
    JournalJob(store, journal, clock).run()
    old = restored(database, store)
    with old.snapshot() as uow:
        assert uow.refunds.of_payment("imp_1") == (), "the twin: without the journal it is lost"
    found = recover_journal(old, again(journal), clock)
    assert found.database_is_older
    assert found.reported == ()
    (entered,) = found.entered
    with old.snapshot() as uow:
        (refund,) = uow.refunds.of_payment("imp_1")
        (unsent,) = uow.outbox.pending(5)
        facts = [row.entry for row in uow.ledger.rows(0, 5)]
    assert refund == entered
    assert refund.tag == "[RF-1]"
    assert refund.state is RefundState.NEEDS_REVIEW
    assert refund.send_count == 1, "it may have been sent: it is read before anything"
    origin = RefundOrigin.ITEM if item_id else RefundOrigin.REJECTED_PAYMENT
    assert refund.origin is origin
    assert unsent.state is OutboxState.ABANDONED
    assert unsent.why == RECOVERED
    assert [fact.event for fact in facts] == [LedgerEvent.REFUND_APPROVED]
    assert facts[0].reference == "[RF-1]"
    with old.transaction() as uow:
        assert uow.outbox.claim(clock.now(), later(10**6)) is None, "nothing is sent blindly"
    # A second start finds nothing to do, and the intent is still in the journal.
    assert brought(recover_journal(old, again(journal), clock)) == ((), (), False)
    assert [one.tag for one in again(journal).open_intents()] == ["[RF-1]"]
    old.close()
    assert verify_ledger(database) == 1


def test_fault_58_ended_intent_is_not_restored(
    store: SqlStore, database: Path, journal: FileIntentJournal
) -> None:
    clock = FakeClock()
    paid(store)
    FolderCopies(database).make(clock.now())
    approve(store, 1)
    end(store, 1, RefundTrigger.OBSERVED_DONE, LedgerEvent.REFUND_CONFIRMED)
    approve(store, 2)
    end(store, 2, RefundTrigger.WITHDRAWN, LedgerEvent.REFUND_WITHDRAWN)
    JournalJob(store, journal, clock).run()
    old = restored(database, store)
    found = recover_journal(old, again(journal), clock)
    assert (found.entered, found.reported) == ((), ())
    old.close()


def test_fault_55_intents_of_unknown_payments_are_reported_with_evidence(
    store: SqlStore, database: Path, journal: FileIntentJournal
) -> None:
    clock = FakeClock()
    FolderCopies(database).make(clock.now())
    paid(store)
    paid(store, payment("imp_2", order_id=2))
    approve(store, 1)
    approve(store, 2)
    approve(store, 3, imp_uid="imp_2", order_id=2)
    JournalJob(store, journal, clock).run()
    old = restored(database, store)
    for _ in range(2):
        found = recover_journal(old, again(journal), clock)
        assert found.entered == ()
        assert [one.tag for one in found.reported] == ["[RF-1]", "[RF-2]", "[RF-3]"]
        with old.snapshot() as uow:
            first, second = uow.mismatches.open(5)
    assert first.kind is MismatchKind.LOST_INTENT
    assert (first.imp_uid, first.amount) == ("imp_1", Won(2000))
    for text in ("[RF-1]", "[RF-2]", "item 10", "order 1", "변심", "buyer:1 → seller:9"):
        assert text in first.evidence
    assert (second.imp_uid, second.amount) == ("imp_2", Won(1000))
    old.close()


def test_an_intent_that_finds_no_room_is_reported_too(
    store: SqlStore, journal: FileIntentJournal
) -> None:
    """At most one refund of a payment is in flight: the second one becomes a mismatch."""
    paid(store)
    journal.add([replace(INTENT, tag=f"[RF-{n}]", item_id=n) for n in (1, 2)])
    found = recover_journal(store, again(journal), FakeClock())
    assert [one.tag for one in found.entered] == ["[RF-1]"]
    assert [one.tag for one in found.reported] == ["[RF-2]"]
    too_much = replace(INTENT, tag="[RF-3]", item_id=3, imp_uid="imp_2", amount=Won(9001))
    paid(store, payment("imp_2", order_id=2))
    journal = again(journal)
    journal.add([too_much])
    assert too_much in recover_journal(store, again(journal), FakeClock()).reported


def test_a_restored_item_cannot_be_refunded_a_second_time_unseen(
    store: SqlStore, journal: FileIntentJournal
) -> None:
    paid(store)
    journal.add([INTENT])
    recover_journal(store, again(journal), FakeClock())
    with pytest.raises(Exception, match="refund409_2"):
        approve(store, 2, item_id=INTENT.item_id)


def test_first_start_takes_open_refunds_without_a_ledger_scan(
    store: SqlStore, journal: FileIntentJournal
) -> None:
    paid(store)
    approve(store, 1)
    approve(store, 2)
    end(store, 1, RefundTrigger.OBSERVED_DONE, LedgerEvent.REFUND_CONFIRMED)
    found = recover_journal(store, journal, FakeClock())
    assert brought(found) == ((), (), False)
    assert [one.tag for one in again(journal).open_intents()] == ["[RF-2]"]
    mark = again(journal).mark()
    assert mark is not None
    assert mark.seq == 3


def test_database_without_its_wal_is_noticed_and_followed_from_its_end(
    store: SqlStore, database: Path, journal: FileIntentJournal
) -> None:
    """Fault 55, the -wal is gone: the loss is noticed, and later intents are journalled."""
    clock = FakeClock()
    paid(store)
    recover_journal(store, journal, clock)
    store.close()
    shutil.copy(database, database.with_name("main"))
    later_on = open_store(database)
    approve(later_on, 1)
    JournalJob(later_on, again(journal), clock).run()
    later_on.close()
    database.with_name("main").replace(database)
    old = open_store(database)
    found = recover_journal(old, again(journal), clock)
    assert found.database_is_older
    assert [one.tag for one in found.entered] == ["[RF-1]"]
    paid(old, payment("imp_2", order_id=2))
    approve(old, 5, imp_uid="imp_2", order_id=2)
    JournalJob(old, again(journal), clock).run()
    assert [one.tag for one in again(journal).open_intents()] == ["[RF-1]", "[RF-5]"]
    old.close()


def test_an_end_that_was_missed_is_noted_at_the_next_start(
    store: SqlStore, journal: FileIntentJournal
) -> None:
    paid(store)
    approve(store, 1)
    JournalJob(store, journal, FakeClock()).run()
    end(store, 1, RefundTrigger.OBSERVED_DONE, LedgerEvent.REFUND_CONFIRMED)
    recover_journal(store, again(journal), FakeClock())
    assert again(journal).open_intents() == ()


def test_money_that_was_cancelled_externally_is_no_intent(
    store: SqlStore, journal: FileIntentJournal
) -> None:
    from tests.store.records import refund

    paid(store)
    with store.transaction() as uow:
        _external(uow, refund("[EX-1]", item_id=None, origin=RefundOrigin.EXTERNAL))
        uow.commit()
    JournalJob(store, journal, FakeClock()).run()
    assert again(journal).open_intents() == ()


def _external(uow: UnitOfWork, one: object) -> None:
    uow.refunds.add(one)  # type: ignore[arg-type]
    uow.ledger.append(
        NewEntry(
            LedgerEvent.REFUND_APPROVED, ZERO, PORTONE, NOW, imp_uid="imp_1", reference="[EX-1]"
        )
    )


def test_fault_52_unwritable_journal_does_not_stop_the_shop(
    store: SqlStore, journal: FileIntentJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trouble is reported, selling continues, and the journal follows the ledger from its
    present end."""
    journal.add([INTENT], mark=LedgerPosition(7, "of a file that is gone"))
    paid(store)

    def failing(number: int) -> None:
        raise OSError(30, "read-only file system")

    monkeypatch.setattr(os, "fsync", failing)
    found = recover_journal(store, again(journal), FakeClock())
    monkeypatch.undo()
    assert found.trouble is not None
    assert found.trouble.code is EnvironmentCode.READ_ONLY
    assert [one.tag for one in found.entered] == ["[RF-1]"]
    paid(store, payment("imp_2", order_id=2))
    approve(store, 2, imp_uid="imp_2", order_id=2)
    JournalJob(store, again(journal), FakeClock(), found.mark).run()
    assert [one.tag for one in again(journal).open_intents()] == ["[RF-1]", "[RF-2]"]


def test_a_journal_that_cannot_be_read_is_reported(store: SqlStore, tmp_path: Path) -> None:
    folder = tmp_path / "shop-intents.jsonl"
    folder.mkdir()
    found = recover_journal(store, FileIntentJournal(folder), FakeClock())
    assert found.trouble is not None
    assert (found.entered, found.unreadable) == ((), 0)


def test_a_refund_that_an_older_copy_has_open_again_is_kept_again(
    store: SqlStore, database: Path, journal: FileIntentJournal
) -> None:
    paid(store)
    approve(store, 1)
    FolderCopies(database).make(NOW)
    end(store, 1, RefundTrigger.WITHDRAWN, LedgerEvent.REFUND_WITHDRAWN)
    JournalJob(store, journal, FakeClock()).run()
    journal.add([INTENT], {INTENT.tag: RefundState.REFUSED})
    old = restored(database, store)
    assert brought(recover_journal(old, again(journal), FakeClock())) == ((), (), False)
    assert [one.tag for one in again(journal).open_intents()] == ["[RF-1]"]
    old.close()


def test_a_till_that_is_never_closed_keeps_its_journal_small(
    journal: FileIntentJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refund_journal, "MANY_LINES", 30)
    journal.add([replace(INTENT, tag="[RF-OPEN]")])
    for n in range(60):
        journal.add([replace(INTENT, tag=f"[RF-{n}]")], mark=LedgerPosition(n, "a"))
        journal.add([], {f"[RF-{n}]": RefundState.CONFIRMED})
    assert len(journal.path.read_bytes().splitlines()) < 40
    assert [one.tag for one in again(journal).open_intents()] == ["[RF-OPEN]"]
    assert again(journal).mark() == journal.mark() == LedgerPosition(59, "a")


def test_restored_intent_keeps_its_till(
    store: SqlStore, database: Path, journal: FileIntentJournal
) -> None:
    store.till = 7
    paid(store, payment(till=7))
    FolderCopies(database).make(NOW)
    approve(store, 1)
    JournalJob(store, journal, FakeClock()).run()
    assert [one.till for one in again(journal).open_intents()] == [7]
    old = restored(database, store)
    old.till = 7
    (entered,) = recover_journal(old, again(journal), FakeClock()).entered
    assert entered.till == 7
    with old.snapshot() as uow:
        assert [one.till for one in uow.refunds.of_payment("imp_1")] == [7]
    old.close()
