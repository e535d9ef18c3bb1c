"""A request as a line of the table: every word ready, so that painting only paints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import MoneyState, RequestRow
from posapp.ui.formats import seoul
from posapp.ui.i18n import Texts

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
"""Message ids below ``requests.`` of the headings; that of the tick is heard only."""

TICK, CREATED, BUYER, ITEM, KIND, REASON, AMOUNT, STATE, PROCESSED, ACT = range(len(COLUMNS))

_LONGEST = 160
"""Characters of foreign text that are handed to the view; they may be any length outside."""

_SECOND = timedelta(seconds=1)

STATE_TONES = {
    RequestState.WAIT: "busy",
    RequestState.OK: "success",
    RequestState.CANCEL: "stopped",
}
"""The shape before the word; ``stopped`` is a cross in a calm colour: a refusal is no error."""

MONEY_TONES = {
    MoneyState.NONE: "",
    MoneyState.WAITING: "busy",
    MoneyState.CHECKING: "notice",
    MoneyState.REFUNDED: "success",
    MoneyState.NEEDS_PERSON: "warning",
    MoneyState.REFUSED: "error",
}


class Act(StrEnum):
    """What can be done with a line."""

    DECIDE = "decide"
    UNDO = "undo"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Line:
    """Words for each column, and what is painted smaller below them.

    Attributes:
        below: empty where a column has one line only.
        money_tone: the shape before the second line of the state, or empty: where the money is, or
            that the last deed with a waiting row came to nothing.
    """

    above: tuple[str, ...]
    below: tuple[str, ...]
    tone: str
    money_tone: str
    act: Act
    tip: str


@dataclass(frozen=True, slots=True)
class Told:
    """What came of the last deed with a line."""

    tone: str
    words: str


def undo_left(row: RequestRow, now: datetime) -> int:
    """Seconds, rounded up, in which the decision can still be undone; 0 when it cannot."""
    if row.undo_until is None or row.undo_until <= now:
        return 0
    return -(-(row.undo_until - now) // _SECOND)


def line_of(
    texts: Texts,
    row: RequestRow,
    now: datetime,
    *,
    online: bool,
    told: Told | None = None,
    in_doubt: bool = False,
) -> Line:
    """Write a line.

    Args:
        online: PortOne can be reached; decides how a waiting refund is told
            (docs/specification.md 6).
        told: what came of a deed with it, if anything is to be said of that.
        in_doubt: it cannot be approved before PortOne's books were compared, or before a
            difference in its order's money was explained.
    """
    left, ended = undo_left(row, now), row.state is not RequestState.WAIT
    act = Act.DECIDE if row.state is RequestState.WAIT else Act.UNDO if left else Act.DONE
    if in_doubt and act is Act.DECIDE:
        act = Act.DONE
    product, reason = one_line(row.product_name), one_line(row.reason)
    amount = texts.won(row.amount)
    kind = texts(f"requests.kind_{row.kind.value}")
    state = texts(f"requests.state_{row.state.value}")
    money = money_words(texts, row, online=online)
    deed = {
        Act.DECIDE: "",
        Act.UNDO: texts("requests.undo_left", seconds=left),
        Act.DONE: texts("requests.in_doubt" if in_doubt and not ended else "requests.done"),
    }[act]
    note = told.words if told is not None else one_line(row.note)
    below_state = money or _ended(texts, row)
    if told is not None and act is Act.DECIDE:
        below_state = texts("requests.not_done")
    above = (
        "",
        _day(texts, row.created_at, now),
        str(row.buyer_id),
        str(row.item_id),
        kind,
        reason,
        amount if row.kind is RequestKind.REFUND else "–",
        state,
        _day(texts, row.processed_at, now) if row.processed_at else "–",
        deed,
    )
    below = (
        "",
        _clock(row.created_at),
        one_line(row.buyer_name),
        texts("requests.order", order=row.order_id),
        "",
        product,
        "",
        below_state,
        _clock(row.processed_at) if row.processed_at else "",
        note,
    )
    tone, money_tone = STATE_TONES[row.state], MONEY_TONES[row.money]
    if told is not None and act is Act.DECIDE:
        money_tone = told.tone
    tip = f"{reason}\n{product} · {amount}"
    return Line(above, below, tone, money_tone, act, tip)


def spoken_line(texts: Texts, row: RequestRow, line: Line) -> str:
    """Return the whole line as a screen reader says it."""
    return texts(
        "requests.row",
        item=row.item_id,
        buyer=line.below[BUYER] or row.buyer_id,
        kind=line.above[KIND],
        product=line.below[REASON],
        amount=texts.won(row.amount),
        reason=line.above[REASON],
        state=" ".join(filter(None, (line.above[STATE], line.below[STATE], line.below[ACT]))),
        when=texts.when(row.created_at),
    )


def tip_of(line: Line, column: int) -> str | None:
    """Return what is cut or small in a cell, in full; ``None`` where there is nothing of that.

    Qt shows a tip as markup when it looks like some, and reasons come from outside.
    """
    tip = ""
    if column in (BUYER, ITEM):
        tip = f"{line.above[column]}\n{line.below[column]}"
    elif column == REASON:
        tip = line.tip
    elif column in (STATE, ACT):
        tip = line.below[ACT]
    return tip.replace("<", "‹").replace(">", "›") or None


def money_words(texts: Texts, row: RequestRow, *, online: bool) -> str:
    """Where the money of an approved refund is, or empty."""
    if row.money is MoneyState.NONE:
        return ""
    if row.money is MoneyState.WAITING and not online:
        return texts("requests.money_offline")
    return texts(f"requests.money_{row.money.value}")


def one_line(text: str, limit: int = _LONGEST) -> str:
    """Return foreign text on one line, without signs that cannot be seen, cut with an ellipsis."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(sign if sign.isprintable() else " " for sign in cut)


def _ended(texts: Texts, row: RequestRow) -> str:
    if row.state is not RequestState.CANCEL or row.ended_by is None:
        return ""
    return texts(f"requests.ended_{row.ended_by.value.lower()}")


def _clock(at: datetime) -> str:
    local = seoul(at)
    return f"{local.hour:02}:{local.minute:02}"  # a third of the time that a pattern takes


def _day(texts: Texts, at: datetime, now: datetime) -> str:
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
