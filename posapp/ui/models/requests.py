"""A page of requests as a table of ready words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from posapp.domain.requests import RequestState
from posapp.services.ports.machine import Clock
from posapp.services.ports.requests import RequestRow
from posapp.ui.i18n import Texts
from posapp.ui.models.requests_lines import (
    COLUMNS,
    TICK,
    Act,
    Line,
    Told,
    line_of,
    spoken_line,
    tip_of,
    undo_left,
)

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_TICKED, _CLEAR = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_TICKABLE = _PLAIN | Qt.ItemFlag.ItemIsUserCheckable

_Index = QModelIndex | QPersistentModelIndex


def _can_be_ticked(row: RequestRow) -> bool:
    return row.state is RequestState.WAIT and not row.in_doubt


class RequestTable(QAbstractTableModel):
    """Holds one page, and writes a row's words when somebody looks at it: of a page of fifty a
    window shows seven. Rows can be ticked while they can be decided; ticks are the page's.

    A page that is read again is worked in row by row, so that the row under the cursor stays under
    it. A row that was decided just now stays where it is until it can no longer be undone, even
    where the filter does not show it any more.
    """

    ticked = Signal()
    """Other rows are ticked."""

    def __init__(self, texts: Texts, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts, self._clock = texts, clock
        self._rows: list[RequestRow] = []
        self._lines: list[Line | None] = []
        self._ticked: set[int] = set()
        self._told: dict[int, Told] = {}
        self._headings: tuple[str, ...] = ()
        self._online, self._behind = True, False
        texts.changed.connect(self._translate)
        self._translate()

    def show_page(self, rows: Sequence[RequestRow]) -> None:
        """Show another page; nothing is ticked on it."""
        had_ticks = bool(self._ticked)
        self.beginResetModel()
        self._ticked.clear()
        self._told.clear()
        self._rows = list(rows)
        self._lines = [None] * len(self._rows)
        self.endResetModel()
        if had_ticks:
            self.ticked.emit()

    def merge_page(self, rows: Sequence[RequestRow]) -> None:
        """Show the same page as it is now."""
        now = self._clock.now()
        fresh = {row.id for row in rows}
        for at in reversed(range(len(self._rows))):
            row = self._rows[at]
            if row.id not in fresh and not undo_left(row, now):
                self._remove(at)
        for wanted in rows:
            here = self.row_of(wanted.id)
            if here < 0:
                self._insert(self._place_for(wanted, rows), wanted)
            else:
                self._replace(here, wanted)
        self._drop_ticks()

    def patch(self, row: RequestRow) -> None:
        """Show a row as it is now, if it is on the page."""
        here = self.row_of(row.id)
        if here >= 0:
            self._replace(here, row)
            self._drop_ticks()

    def tell(self, request_id: int, told: Told | None) -> None:
        """Say beside a row what came of a deed with it; ``None`` says nothing any more."""
        if told is None:
            self._told.pop(request_id, None)
        else:
            self._told[request_id] = told
        here = self.row_of(request_id)
        if here >= 0:
            self._rewrite(here)

    def set_online(self, online: bool) -> None:
        """PortOne can be reached or not."""
        if online != self._online:
            self._online = online
            for at in range(len(self._rows)):
                self._rewrite(at)

    def set_behind(self, behind: bool) -> None:
        """The file is an older copy that is still being compared: nothing can be decided."""
        if behind != self._behind:
            self._behind = behind
            for at in range(len(self._rows)):
                self._rewrite(at)

    def let_time_pass(self) -> bool:
        """Write the seconds anew in which decisions can be undone; ``True`` while there are any."""
        now, any_left = self._clock.now(), False
        for at, (row, line) in enumerate(zip(self._rows, self._lines, strict=True)):
            left = undo_left(row, now)
            any_left = any_left or left > 0
            if left or (line is not None and line.act is Act.UNDO):
                self._rewrite(at)
        return any_left

    def row_at(self, at: int) -> RequestRow | None:
        """The request in a row, or ``None``."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def line_at(self, at: int) -> Line | None:
        """The words of a row, or ``None``."""
        return self._written(at) if 0 <= at < len(self._lines) else None

    def spoken_at(self, at: int) -> str:
        """A row as a screen reader says it, or empty."""
        line = self.line_at(at)
        return "" if line is None else spoken_line(self._texts, self._rows[at], line)

    def row_of(self, request_id: int) -> int:
        """The row of a request, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.id == request_id), -1)

    @property
    def rows(self) -> tuple[RequestRow, ...]:
        """All rows of the page."""
        return tuple(self._rows)

    @property
    def ticked_rows(self) -> tuple[RequestRow, ...]:
        """The ticked rows, in their order."""
        return tuple(row for row in self._rows if row.id in self._ticked)

    def is_ticked(self, at: int) -> bool:
        """Whether a row is ticked."""
        return self._rows[at].id in self._ticked

    def tick(self, at: int, ticked: bool) -> None:
        """Tick a row that can be decided, or take its tick away."""
        row = self._rows[at]
        if not _can_be_ticked(row) or ticked == (row.id in self._ticked):
            return
        (self._ticked.add if ticked else self._ticked.discard)(row.id)
        self.dataChanged.emit(self.index(at, TICK), self.index(at, TICK), [_CHECK])
        self.ticked.emit()

    def tick_all(self, ticked: bool) -> None:
        """Tick every row that can be decided, or none."""
        for at in range(len(self._rows)):
            self.tick(at, ticked)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Rows of the page."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Always all of ``COLUMNS``."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Ready words, the tick, what is spoken and the whole reason; nothing for other roles."""
        if role == _DISPLAY:
            return self._written(index.row()).above[index.column()] if index.isValid() else None
        if role == _CHECK:
            return self._tick_state(index) if index.column() == TICK else None
        if role == _SPOKEN:
            return self._spoken(index) if index.isValid() else None
        if role == _TIP:
            return tip_of(self._written(index.row()), index.column()) if index.isValid() else None
        return None

    def setData(self, index: _Index, value: object, role: int = _DISPLAY) -> bool:
        """Take a tick from whoever drives the table without a mouse or a key."""
        if role != _CHECK or not index.isValid() or index.column() != TICK:
            return False
        if not _can_be_ticked(self._rows[index.row()]):
            return False
        self.tick(index.row(), Qt.CheckState(value) is _TICKED)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows that can be decided can be ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        able = _can_be_ticked(self._rows[index.row()])
        return _TICKABLE if able and index.column() == TICK else _PLAIN

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """The headings of the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        return self._headings[section] if role == _DISPLAY else None

    def _tick_state(self, index: _Index) -> Qt.CheckState | None:
        row = self._rows[index.row()]
        if not _can_be_ticked(row):
            return None
        return _TICKED if row.id in self._ticked else _CLEAR

    def _spoken(self, index: _Index) -> str:
        line, column = self._written(index.row()), index.column()
        if column == TICK:
            return self.spoken_at(index.row())
        return " ".join(filter(None, (line.above[column], line.below[column])))

    def _written(self, at: int) -> Line:
        line = self._lines[at]
        if line is None:
            line = self._lines[at] = self._line(self._rows[at])
        return line

    def _line(self, row: RequestRow) -> Line:
        told = self._told.get(row.id)
        now, doubt = self._clock.now(), self._behind or row.in_doubt
        return line_of(self._texts, row, now, online=self._online, told=told, in_doubt=doubt)

    def _place_for(self, wanted: RequestRow, rows: Sequence[RequestRow]) -> int:
        """Behind the nearest one before it in ``rows`` that is here already."""
        before = [row.id for row in rows[: rows.index(wanted)]]
        return next((at + 1 for at in map(self.row_of, reversed(before)) if at >= 0), 0)

    def _insert(self, at: int, row: RequestRow) -> None:
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.insert(at, row)
        self._lines.insert(at, None)
        self.endInsertRows()

    def _remove(self, at: int) -> None:
        self.beginRemoveRows(QModelIndex(), at, at)
        self._told.pop(self._rows[at].id, None)
        del self._rows[at], self._lines[at]
        self.endRemoveRows()

    def _replace(self, at: int, row: RequestRow) -> None:
        unseen = self._lines[at] is None and row != self._rows[at]
        self._rows[at] = row
        if unseen:
            self._tell_changed(at)
        else:
            self._rewrite(at)

    def _rewrite(self, at: int) -> None:
        before = self._lines[at]
        if before is None:
            return  # nobody has read it yet
        line = self._lines[at] = self._line(self._rows[at])
        if line != before:
            self._tell_changed(at)

    def _tell_changed(self, at: int) -> None:
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))

    def _drop_ticks(self) -> None:
        able = {row.id for row in self._rows if _can_be_ticked(row)}
        if not self._ticked <= able:
            self._ticked &= able
            self.ticked.emit()

    def _translate(self) -> None:
        self._headings = tuple(self._texts(f"requests.column_{name}") for name in COLUMNS)
        self._lines = [None] * len(self._rows)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._lines:
            last = self.index(len(self._lines) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
