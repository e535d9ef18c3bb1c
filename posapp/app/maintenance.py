"""Maintenance of a till's database: its backups, its journal, and the monitoring of its disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.services.maintenance.backup_job import BackupJob
from posapp.services.maintenance.disk_job import DiskJob
from posapp.services.maintenance.journal_job import JournalJob
from posapp.services.maintenance.recover_journal import RecoveryReport, recover_journal
from posapp.services.ports.journal import RefundJournal
from posapp.services.ports.system import Clock
from posapp.services.runtime.periodic_job import PeriodicJob
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind, SyncStatusStore
from posapp.store.files.backup import FolderCopies
from posapp.store.files.generation import renew_generation
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.files.restore_notes import record_restores
from posapp.store.files.till_codes import hold_till
from posapp.store.unit_of_work import SqlStore


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Periodic maintenance jobs, and the report of the journal's recovery at the start.

    Attributes:
        back_up_soon: makes the next backup due now; from any thread.
    """

    jobs: tuple[PeriodicJob, ...]
    recovered: RecoveryReport
    journal: RefundJournal
    back_up_soon: Callable[[], None]


def build_maintenance(store: SqlStore, status_store: SyncStatusStore, clock: Clock) -> Maintenance:
    """Record restores of the database, recover what only the journal contains, and build the jobs.
    Runs right after the database is opened, before anything is decided or sent.

    Raises:
        EnvironmentProblem: a database or journal error, after which the next start recovers again;
            or the journal is another till's (``DATABASE_OTHER_TILL``).
    """
    renew_generation(store.path, clock.now())
    journal = FileIntentJournal(journal_path(store.path), store.disk.record)
    with store.snapshot() as uow:
        code = uow.checkpoints.till_code()
    hold_till(journal, code)
    record_restores(store)
    recovered = recover_journal(store, journal, clock)
    if recovered.trouble is not None:
        detail = recovered.trouble.code.value
        status_store.note(SyncEvent(clock.now(), SyncEventKind.STORAGE_TROUBLE, detail=detail))
    backup_job = BackupJob(FolderCopies(store.path), status_store, clock)
    return Maintenance(
        (
            JournalJob(store, journal, clock, recovered.mark),
            DiskJob(store.disk, status_store, clock, backup_job.run_soon),
            backup_job,
        ),
        recovered,
        journal,
        backup_job.run_soon,
    )
