"""List model of unresolved money: entries that need staff first, then the oldest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import Mismatch
from posapp.services.refunds.unresolved_money import UnresolvedRefund

_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class UnresolvedEntry:
    """An unfinished refund, or a mismatch that no rule could decide: one of the two."""

    refund: UnresolvedRefund | None = None
    mismatch: Mismatch | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Return the identity of the entry across readings."""
        if self.refund is not None:
            return "refund", self.refund.refund.id
        return "mismatch", self.mismatch.id if self.mismatch is not None else 0

    @property
    def needs_person(self) -> bool:
        """Return whether the entry needs a decision by staff."""
        if self.refund is None:
            return True
        return self.refund.refund.state is RefundState.NEEDS_REVIEW

    @property
    def amount(self) -> Won:
        """Return the amount in won."""
        if self.refund is not None:
            return self.refund.refund.amount
        return self.mismatch.amount if self.mismatch is not None else Won(0)

    @property
    def since(self) -> datetime | None:
        """Return the start time (UTC)."""
        if self.refund is not None:
            return self.refund.refund.created_at
        return self.mismatch.found_at if self.mismatch is not None else None


def entries_of(
    refunds: Sequence[UnresolvedRefund], mismatches: Sequence[Mismatch]
) -> tuple[UnresolvedEntry, ...]:
    """Return all entries; the given order (oldest first) is kept within each half."""
    found = [UnresolvedEntry(refund=one) for one in refunds]
    found += [UnresolvedEntry(mismatch=one) for one in mismatches]
    return tuple(sorted(found, key=lambda entry: not entry.needs_person))


class UnresolvedModel(QAbstractListModel):
    """One row for each entry; ``describe`` returns its text in the current language.

    ``EntryRole`` returns the ``UnresolvedEntry``; the display and accessible texts are for screen
    readers and keyboard search.
    """

    EntryRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, describe: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._describe = describe
        self._entries: tuple[UnresolvedEntry, ...] = ()

    @property
    def entries(self) -> tuple[UnresolvedEntry, ...]:
        """Return the entries."""
        return self._entries

    def set_entries(self, entries: Sequence[UnresolvedEntry]) -> None:
        """Replace the entries."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self.endResetModel()

    def row_of(self, key: tuple[str, int]) -> int:
        """Return the row of an entry, or -1."""
        keys = [entry.key for entry in self._entries]
        return keys.index(key) if key in keys else -1

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """Return one row for each entry; rows have no children."""
        return 0 if parent.isValid() else len(self._entries)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the text of an entry, or the entry itself."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == self.EntryRole:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._describe(entry)
        return None
