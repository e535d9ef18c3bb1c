"""Orders, pages and windows of time of the V1 lists (V1 schema, ``/payments/find*`` and
``/payments/status``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .answers import DialledRefusal, bad_request
from .conduct import Conduct
from .readings import Readings
from .records import Payment, Status
from .wire import line_json

WINDOW = 90 * 24 * 60 * 60
"""Longest span of ``from``…``to``, in seconds."""
MOST = 1000
"""Most payments on a page."""
USUAL = 20
"""Payments on a page when the caller does not say."""

EMPTY = {
    400: "page: 데이터 범위를 벗어났습니다.",
    404: "존재하지 않는 결제정보입니다.",
}
"""What the list by status says when it does not answer an empty window with an empty list: the page
lies behind the data (documented), or nothing is there (a guess)."""

_KEYS: dict[str, Callable[[Payment], tuple[int, int]]] = {
    "started": lambda each: (each.started_at, each.sequence),
    "paid": lambda each: (each.paid_at, each.sequence),
    "updated": lambda each: (each.updated_at, each.sequence),
}


def in_order(payments: Sequence[Payment], sorting: str | None) -> list[Payment]:
    """Sorted by ``started``, ``paid`` or ``updated``, a minus sign in front for newest first.

    Missing means ``-started``; :class:`~.answers.Refusal` (400) for another word.
    """
    word = sorting or "-started"
    key = _KEYS.get(word.removeprefix("-"))
    if key is None:
        raise bad_request("sorting: 올바르지 않은 값입니다.")
    return sorted(payments, key=key, reverse=word.startswith("-"))


def with_status(payments: Sequence[Payment], word: str | None) -> list[Payment]:
    """Only those with this status; missing or empty means every one. 400 for another word."""
    if not word:
        return list(payments)
    if word not in list(Status):
        raise bad_request("payment_status: 올바르지 않은 값입니다.")
    return [each for each in payments if each.status == word]


def whole_number(query: Mapping[str, str], name: str, usual: int) -> int:
    """A whole number of the query; 400 for anything else."""
    text = query.get(name)
    if text is None or text == "":
        return usual
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 15:
        raise bad_request(f"{name}: 올바르지 않은 값입니다.")
    return int(text)


def in_window(payments: Sequence[Payment], query: Mapping[str, str], now: int) -> list[Payment]:
    """Those whose last status falls between ``from`` and ``to``, both included.

    ``to`` is now unless given, ``from`` 90 days before ``to``; 400 for a longer or turned window.
    """
    to = whole_number(query, "to", now)
    start = whole_number(query, "from", to - WINDOW)
    if not 0 <= to - start <= WINDOW:
        raise bad_request("조회 기간은 최대 90일입니다.")
    return [each for each in payments if start <= each.settled_at <= to]


def page_of(
    payments: Sequence[Payment], query: Mapping[str, str], write: Callable[[Payment], object]
) -> dict[str, Any]:
    """One page as ``{total, previous, next, list}``; previous and next are 0 where none is.

    400 for a limit out of 1…1000 and for a page behind the last one (both documented).
    """
    page = whole_number(query, "page", 1)
    limit = whole_number(query, "limit", USUAL)
    if not 1 <= limit <= MOST:
        raise bad_request("limit: 1 이상 1000 이하로 입력해주세요.")
    pages = max(1, -(-len(payments) // limit))
    if not 1 <= page <= pages:
        raise bad_request("page: 데이터 범위를 벗어났습니다.")
    shown = payments[(page - 1) * limit : page * limit]
    return {
        "total": len(payments),
        "previous": page - 1,
        "next": page + 1 if page < pages else 0,
        "list": [write(each) for each in shown],
    }


def status_page(
    books: Readings, conduct: Conduct, word: str, query: Mapping[str, str], base: str
) -> dict[str, Any]:
    """One page of the list by status (``all`` or a status): the whole answer to
    ``GET /payments/status/{word}``.

    A window without payments is answered as the dial says; :class:`~.answers.Refusal` for that and
    for a wrong query.
    """
    found = with_status(books.payments(), "" if word == "all" else word)
    ordered = in_order(in_window(found, query, books.now()), query.get("sorting"))
    page = page_of(ordered, query, lambda each: line_json(each, base, conduct))
    if not ordered and conduct.empty_list != 200:
        raise DialledRefusal(conduct.empty_list, -1, EMPTY[conduct.empty_list])
    return page
