"""Texts of a request's table row, prepared so that painting does not build them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from textwrap import fill

from posapp.domain.requests import MAX_REQUEST_TEXT_LENGTH, RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress, RequestRow
from posapp.services.spreadsheets.spreadsheet import harmless
from posapp.ui.core.formats import seoul
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import single_line

COLUMNS = (
    "tick",
    "created",
    "buyer",
    "item",
    "kind",
    "reason",
    "amount",
    "state",
    "processed",
    "act",
)
"""Message ids of the headings below ``requests.``; that of the tick is for screen readers only."""

TICK, CREATED, BUYER, ITEM, KIND, REASON, AMOUNT, STATE, PROCESSED, ACT = range(len(COLUMNS))

NOTHING = "–"
"""Shown where a column has no value."""

_LONGEST = MAX_REQUEST_TEXT_LENGTH
"""Limit in characters of external text passed to the view."""

_TIP_WIDTH = 60
"""Characters on one line of a tool tip, which does not wrap by itself."""

_TIPS = {CREATED: BUYER, BUYER: BUYER, REASON: REASON, ACT: ACT}
"""Columns with a tool tip, and whose text it has: a narrow table shows the buyer below the date."""

_SECOND = timedelta(seconds=1)

STATE_TONES = {
    RequestState.WAIT: "busy",
    RequestState.OK: "success",
    RequestState.CANCEL: "stopped",
}
"""Icon before the state; ``stopped`` is a cross in a calm colour: a rejection is no error."""

MONEY_TONES = {
    RefundProgress.NONE: "",
    RefundProgress.WAITING: "busy",
    RefundProgress.CHECKING: "notice",
    RefundProgress.REFUNDED: "success",
    RefundProgress.NEEDS_REVIEW: "warning",
    RefundProgress.REFUSED: "error",
}


class RowAction(StrEnum):
    """Available action of a row."""

    DECIDE = "decide"
    UNDO = "undo"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class RowText:
    """Texts for each column, and the smaller second lines.

    Attributes:
        secondary: empty where a column has one line only.
        message: why the last action on the row failed, shown below its columns; or empty.
        money_tone: the icon before the state's second line, or empty: the progress of the refund,
            or that the last action on a waiting row failed.
    """

    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    tone: str
    money_tone: str
    act: RowAction
    message: str


@dataclass(frozen=True, slots=True)
class RowMessage:
    """Result of the last action on a row."""

    tone: str
    text: str


def undo_left(row: RequestRow, now: datetime) -> int:
    """Return the seconds, rounded up, in which the decision can be undone; 0 if it cannot."""
    if row.undo_until is None or row.undo_until <= now:
        return 0
    return -(-(row.undo_until - now) // _SECOND)


def row_text(
    texts: Translator,
    row: RequestRow,
    now: datetime,
    *,
    online: bool,
    message: RowMessage | None = None,
    in_doubt: bool = False,
) -> RowText:
    """Build the texts of a row.

    Args:
        online: PortOne is reachable (docs/specification.md 6); affects a waiting refund's text.
        message: the result of an action on the row, if it is to be shown.
        in_doubt: it cannot be approved before reconciliation with PortOne is complete, or before a
            mismatch of its order is explained.
    """
    left, ended = undo_left(row, now), row.state is not RequestState.WAIT
    act = (
        RowAction.DECIDE
        if row.state is RequestState.WAIT
        else RowAction.UNDO
        if left
        else RowAction.DONE
    )
    if in_doubt and act is RowAction.DECIDE:
        act = RowAction.DONE
    product, reason = single_line(row.product_name, _LONGEST), single_line(row.reason, _LONGEST)
    amount = texts.won(row.amount)
    kind = texts(f"requests.kind_{row.kind.value}")
    state = texts(f"requests.state_{row.state.value}")
    money = money_text(texts, row, online=online)
    action = {
        RowAction.DECIDE: "",
        RowAction.UNDO: texts("requests.undo_left", seconds=left),
        RowAction.DONE: texts("requests.in_doubt" if in_doubt and not ended else "requests.done"),
    }[act]
    below_state = money or _ended(texts, row)
    if message is not None and act is RowAction.DECIDE:
        below_state = texts("requests.not_done")
    primary = (
        "",
        _day(texts, row.created_at, now),
        str(row.buyer_id),
        str(row.item_id),
        kind,
        reason,
        amount if row.kind is RequestKind.REFUND else NOTHING,
        state,
        _day(texts, row.processed_at, now) if row.processed_at else NOTHING,
        action,
    )
    secondary = (
        "",
        _clock(row.created_at),
        single_line(row.buyer_name, _LONGEST),
        texts("requests.order", order=row.order_id),
        "",
        product,
        "",
        below_state,
        _clock(row.processed_at) if row.processed_at else "",
        single_line(row.note, _LONGEST),
    )
    tone, money_tone = STATE_TONES[row.state], MONEY_TONES[row.money]
    if message is not None and act is RowAction.DECIDE:
        money_tone = message.tone
    said = "" if message is None else message.text
    return RowText(primary, secondary, tone, money_tone, act, said)


def spoken_line(texts: Translator, row: RequestRow, line: RowText) -> str:
    """Return the text of a whole row for screen readers."""
    return texts(
        "requests.row",
        item=row.item_id,
        buyer=line.secondary[BUYER] or row.buyer_id,
        kind=line.primary[KIND],
        product=line.secondary[REASON],
        amount=texts.won(row.amount),
        reason=line.primary[REASON],
        state=" ".join(
            filter(
                None,
                (line.primary[STATE], line.secondary[STATE], line.secondary[ACT], line.message),
            )
        ),
        when=texts.when(row.created_at),
    )


def copied_line(texts: Translator, row: RequestRow) -> str:
    """Return a row as a spreadsheet takes it from the clipboard; no cell begins a formula."""
    cells = (
        f"{seoul(row.created_at):%Y-%m-%d %H:%M}",
        str(row.buyer_id),
        row.buyer_name,
        str(row.item_id),
        str(row.order_id),
        texts(f"requests.kind_{row.kind.value}"),
        row.reason,
        row.product_name,
        str(row.amount),
        texts(f"requests.state_{row.state.value}"),
    )
    return "\t".join(map(harmless, cells))


def tip_of(line: RowText, column: int) -> str | None:
    """Return the full text of a cell that may be cut; else ``None``.

    Angle brackets are replaced, because Qt detects markup in tool tips and reasons are external
    text.
    """
    if column not in _TIPS:
        return None
    texts = (line.primary[_TIPS[column]], line.secondary[_TIPS[column]])
    tip = "\n".join(fill(text, _TIP_WIDTH) for text in texts if text)
    return tip.replace("<", "‹").replace(">", "›") or None


def money_text(texts: Translator, row: RequestRow, *, online: bool) -> str:
    """Return the progress of an approved refund, or empty."""
    if row.money is RefundProgress.NONE:
        return ""
    if row.money is RefundProgress.WAITING and not online:
        return texts("requests.money_offline")
    return texts(f"requests.money_{row.money.value}")


def _ended(texts: Translator, row: RequestRow) -> str:
    if row.state is not RequestState.CANCEL or row.ended_by is None:
        return ""
    return texts(f"requests.ended_{row.ended_by.value.lower()}")


def _clock(at: datetime) -> str:
    local = seoul(at)
    return f"{local.hour:02}:{local.minute:02}"  # a third of the time of strftime


def _day(texts: Translator, at: datetime, now: datetime) -> str:
    local, today = seoul(at), seoul(now)
    days = (local.date() - today.date()).days
    if days == 0:
        return texts("requests.day_today")
    if days == -1:
        return texts("requests.day_yesterday")
    form = "day" if local.year == today.year else "day_year"
    return texts(
        f"requests.{form}",
        year=local.year,
        month=texts("words.months").split()[local.month - 1],
        day=local.day,
        weekday=texts("words.weekdays").split()[local.weekday()],
    )
