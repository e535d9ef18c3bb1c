"""Storage of the records: in memory, and optionally in a JSON file.

One lock guards everything; code that reads or writes more than one record holds it. Each change
writes the whole file anew and replaces it atomically, so that a program that stops at any moment
leaves either the old books or the new ones.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .records import (
    CashReceipt,
    Link,
    Payment,
    Prepared,
    link_from_plain,
    payment_from_plain,
    record_to_plain,
)

VERSION = 1

Record = Payment | Link | Prepared | CashReceipt


class StorageFileError(Exception):
    """The file does not hold books; it is left untouched for the person to decide."""


class SandboxStorage:
    """Payments, links, registered amounts and cash receipts, with the lock that guards them."""

    def __init__(self, keep: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.payments: dict[str, Payment] = {}
        self.links: dict[str, Link] = {}
        self.prepared: dict[str, Prepared] = {}
        self.receipts: dict[str, CashReceipt] = {}
        self.kept_secrets: dict[str, str] = {}
        self.sequence = 0
        self._depth = 0
        self._tries: dict[str, list[str]] = {}
        self._keep = keep
        self._written: dict[int, tuple[Record, str]] = {}
        if keep is not None and keep.exists():
            self._load(keep)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock, and write the file when the whole change ends without an error.

        Nested changes are written once, with the outermost.
        """
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            if self._keep is not None and self._depth == 0:
                self._save(self._keep)

    def put(self, payment: Payment) -> None:
        """Add a payment, or replace it by its number; the caller holds the lock."""
        if payment.imp_uid not in self.payments:
            self._tries.setdefault(payment.merchant_uid, []).append(payment.imp_uid)
        self.payments[payment.imp_uid] = payment

    def tries(self, merchant_uid: str) -> list[Payment]:
        """Return all payments with this merchant_uid, oldest first; the caller holds the lock."""
        return [self.payments[each] for each in self._tries.get(merchant_uid, [])]

    def next_sequence(self) -> int:
        """Return a number higher than any before; the caller holds the lock."""
        self.sequence += 1
        return self.sequence

    def _load(self, path: Path) -> None:
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            if plain["version"] != VERSION:
                raise StorageFileError(f"version {plain['version']}, expected {VERSION}")
            payments = [payment_from_plain(each) for each in plain["payments"]]
            links = [link_from_plain(each) for each in plain["links"]]
            prepared = [Prepared(**each) for each in plain["prepared"]]
            # Books of before there were cash receipts have none.
            receipts = [CashReceipt(**each) for each in plain.get("receipts", [])]
            self.kept_secrets = {str(k): str(v) for k, v in plain["secrets"].items()}
            self.sequence = int(plain["sequence"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageFileError(f"cannot read the kept books: {error!r}") from error
        for payment in payments:
            self.put(payment)
        self.links = {each.link_id: each for each in links}
        self.prepared = {each.merchant_uid: each for each in prepared}
        self.receipts = {each.merchant_uid: each for each in receipts}

    def _save(self, path: Path) -> None:
        head = {"version": VERSION, "secrets": self.kept_secrets, "sequence": self.sequence}
        text = json.dumps(head, ensure_ascii=False)[:-1] + self._records_as_text() + "}"
        path.parent.mkdir(parents=True, exist_ok=True)
        # A temporary file in the same folder: replacing is atomic only within one file system.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _records_as_text(self) -> str:
        """Return all records as members of a JSON object. Records are replaced, never changed, so
        that each is serialised once: serialising hundreds at each change would block the other
        threads of this process.
        """
        written: dict[int, tuple[Record, str]] = {}
        parts = []
        for name, folder in (
            ("payments", self.payments),
            ("links", self.links),
            ("prepared", self.prepared),
            ("receipts", self.receipts),
        ):
            for record in folder.values():
                known = self._written.get(id(record))
                if known is None:
                    known = (record, json.dumps(record_to_plain(record), ensure_ascii=False))
                written[id(record)] = known
            texts = (written[id(record)][1] for record in folder.values())
            parts.append(f', "{name}": [{", ".join(texts)}]')
        self._written = written
        return "".join(parts)
