"""The journal of intents counts nothing as kept that the disk does not have."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
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
    Actor.buyer(1),
    Actor.seller(7),
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
        Actor.parse("a"),
        Actor.parse("b"),
        INTENT.created_at,
    )
    later.add([other])
    assert FileIntentJournal(path).open_intents() == (INTENT, other)


def test_intent_of_0_is_invalid(tmp_path: Path) -> None:
    """Whole by its checksum, with an amount that PortOne would read as the whole payment."""
    path = journal_path(tmp_path / "shop.db")
    FileIntentJournal(path).add([INTENT])
    body = path.read_bytes().split(b" ", 1)[1].strip().replace(b"3000", b"0")
    path.write_bytes(b"%08x %s\n" % (zlib.crc32(body), body))
    journal = FileIntentJournal(path)
    assert journal.open_intents() == ()
    assert journal.unreadable() == 1


def record_of(path: Path) -> dict[str, object]:
    body = path.read_bytes().splitlines()[0].split(b" ", 1)[1]
    found: dict[str, object] = json.loads(body)
    return found


def write_line(path: Path, record: Mapping[str, object]) -> FileIntentJournal:
    body = json.dumps(record, separators=(",", ":")).encode("ascii")
    path.write_bytes(b"%08x %s\n" % (zlib.crc32(body), body))
    return FileIntentJournal(path)


def test_provider_and_till_of_an_intent_are_kept(tmp_path: Path) -> None:
    path = journal_path(tmp_path / "shop.db")
    of_seven = replace(INTENT, till=7)
    FileIntentJournal(path).add([of_seven], till="ab12cd")
    journal = FileIntentJournal(path)
    assert journal.open_intents() == (of_seven,)
    assert journal.till() == "ab12cd", "the code of the journal's till is another line"
    assert record_of(path)["provider"] == "portone_v1"
    journal.compact()
    assert FileIntentJournal(path).open_intents() == (of_seven,)


def test_earlier_line_belongs_to_portone_and_till_0(tmp_path: Path) -> None:
    path = journal_path(tmp_path / "shop.db")
    FileIntentJournal(path).add([INTENT])
    record = record_of(path)
    del record["provider"], record["till"]
    assert write_line(path, record).open_intents() == (INTENT,)


@pytest.mark.parametrize("change", [{"provider": "portone_v9"}, {"till": -1}, {"till": "one"}])
def test_intent_of_a_later_program_is_kept_as_evidence(
    tmp_path: Path, change: dict[str, object]
) -> None:
    path = journal_path(tmp_path / "shop.db")
    FileIntentJournal(path).add([INTENT])
    journal = write_line(path, {**record_of(path), **change})
    line = path.read_bytes()
    assert journal.open_intents() == ()
    assert journal.unreadable() == 1
    journal.compact()
    (aside,) = path.parent.glob("*-unreadable-*")
    assert aside.read_bytes() == line
