"""What looks after a till's database: its copies, its journal, and the watch over its disk."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.backing_up import BackingUp
from posapp.services.chores import Chore
from posapp.services.journalling import Journalling
from posapp.services.ports.journal import IntentJournal
from posapp.services.ports.machine import Clock
from posapp.services.recovering import Recovered, recover
from posapp.services.storage_watch import StorageWatch
from posapp.services.sync_board import Board, Happening, What
from posapp.store.backup import FolderCopies
from posapp.store.generation import renew_generation
from posapp.store.intent_journal import FileIntentJournal, journal_path
from posapp.store.tills import hold_till
from posapp.store.unit_of_work import SqlStore


@dataclass(frozen=True, slots=True)
class Care:
    """The chores, and what the journal brought back when the shop was opened."""

    chores: tuple[Chore, ...]
    recovered: Recovered
    journal: IntentJournal


def care_for(store: SqlStore, board: Board, clock: Clock) -> Care:
    """Bring back what only the journal knows, and make the chores. Right after the database is
    opened, before anything is decided or sent.

    Raises:
        EnvironmentProblem: the database or the journal, done again by the next start; the journal
            is another till's (``DATABASE_OTHER_TILL``).
    """
    renew_generation(store.path, clock.now())
    journal = FileIntentJournal(journal_path(store.path), store.disk.heard)
    with store.reading() as uow:
        code = uow.milestones.till_code()
    hold_till(journal, code)
    recovered = recover(store, journal, clock)
    if recovered.trouble is not None:
        detail = recovered.trouble.code.value
        board.note(Happening(clock.now(), What.STORAGE_TROUBLE, detail=detail))
    backing_up = BackingUp(FolderCopies(store.path), board, clock)
    return Care(
        (
            Journalling(store, journal, clock, recovered.mark),
            StorageWatch(store.disk, board, clock, backing_up.hurry),
            backing_up,
        ),
        recovered,
        journal,
    )
