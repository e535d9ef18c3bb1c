"""Rows of the list of open money: those that need a person first, then the oldest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.services.open_money import OpenRefund
from posapp.services.ports.outbox import Mismatch

_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """A refund that is not over, or money that no rule could decide on: one of the two."""

    refund: OpenRefund | None = None
    mismatch: Mismatch | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What it is, across readings."""
        if self.refund is not None:
            return "refund", self.refund.refund.id
        return "mismatch", self.mismatch.id if self.mismatch is not None else 0

    @property
    def needs_person(self) -> bool:
        """Nothing goes on by itself."""
        if self.refund is None:
            return True
        return self.refund.refund.state is RefundState.NEEDS_PERSON

    @property
    def amount(self) -> Won:
        """Won that it is about."""
        if self.refund is not None:
            return self.refund.refund.amount
        return self.mismatch.amount if self.mismatch is not None else Won(0)

    @property
    def since(self) -> datetime | None:
        """Since when it is open (UTC)."""
        if self.refund is not None:
            return self.refund.refund.created_at
        return self.mismatch.found_at if self.mismatch is not None else None


def entries_of(
    refunds: Sequence[OpenRefund], mismatches: Sequence[Mismatch]
) -> tuple[OpenEntry, ...]:
    """All that is open; the given order (oldest first) is kept within each half."""
    found = [OpenEntry(refund=one) for one in refunds]
    found += [OpenEntry(mismatch=one) for one in mismatches]
    return tuple(sorted(found, key=lambda entry: not entry.needs_person))


class OpenMoneyModel(QAbstractListModel):
    """A row for each entry. Its words come from ``describe``, one for each language.

    ``EntryRole`` gives the ``OpenEntry``; the display and accessible texts are for readers and
    for typing ahead.
    """

    EntryRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, describe: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._describe = describe
        self._entries: tuple[OpenEntry, ...] = ()

    @property
    def entries(self) -> tuple[OpenEntry, ...]:
        """What it holds."""
        return self._entries

    def set_entries(self, entries: Sequence[OpenEntry]) -> None:
        """Hold these instead."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self.endResetModel()

    def row_of(self, key: tuple[str, int]) -> int:
        """Where an entry is, or -1."""
        keys = [entry.key for entry in self._entries]
        return keys.index(key) if key in keys else -1

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """One row an entry; rows have no children."""
        return 0 if parent.isValid() else len(self._entries)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Words, or the entry itself."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == self.EntryRole:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._describe(entry)
        return None
