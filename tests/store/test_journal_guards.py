"""The journal of intents counts nothing as kept that the disk does not have."""

from __future__ import annotations

import os
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp.domain.money import Won
from posapp.services.ports.journal import Intent
from posapp.store.files.refund_journal import FileIntentJournal, journal_path

INTENT = Intent(
    "[RF-1]",
    "imp_1",
    10,
    100,
    Won(3000),
    "변심",
    "buyer:1",
    "seller:7",
    datetime(2026, 1, 1, tzinfo=UTC),
)


def test_an_intent_is_synced_before_it_counts_as_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = FileIntentJournal(journal_path(tmp_path / "shop.db"))
    synced: list[int] = []
    real = os.fsync

    def watched(number: int) -> None:
        if os.fstat(number).st_ino == journal.path.stat().st_ino:
            synced.append(journal.path.stat().st_size)
        real(number)

    monkeypatch.setattr(os, "fsync", watched)
    journal.add([INTENT])
    assert synced == [journal.path.stat().st_size]
    assert journal.open_intents() == (INTENT,)


def test_a_line_behind_a_torn_one_is_a_line_of_its_own(tmp_path: Path) -> None:
    """The power went in the middle of a line that was no intent yet."""
    path = journal_path(tmp_path / "shop.db")
    FileIntentJournal(path).add([INTENT])
    torn = path.read_bytes()[:-20]
    path.write_bytes(path.read_bytes() + torn)
    later = FileIntentJournal(path)
    other = Intent(
        "[RF-2]",
        "imp_1",
        10,
        101,
        Won(1),
        "",
        "a",
        "b",
        INTENT.created_at,
    )
    later.add([other])
    assert FileIntentJournal(path).open_intents() == (INTENT, other)


def test_an_intent_of_nothing_is_none(tmp_path: Path) -> None:
    """Whole by its checksum, and an amount that PortOne would read as everything."""
    path = journal_path(tmp_path / "shop.db")
    FileIntentJournal(path).add([INTENT])
    body = path.read_bytes().split(b" ", 1)[1].strip().replace(b"3000", b"0")
    path.write_bytes(b"%08x %s\n" % (zlib.crc32(body), body))
    journal = FileIntentJournal(path)
    assert journal.open_intents() == ()
    assert journal.unreadable() == 1
