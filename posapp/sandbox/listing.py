"""Sorting, paging and time windows of the V1 lists (V1 schema, ``/payments/find*`` and
``/payments/status``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .behaviour import Behaviour
from .envelopes import DialledRefusal, bad_request
from .queries import PaymentQueries
from .records import Payment, Status
from .wire import line_json

WINDOW = 90 * 24 * 60 * 60
"""Longest span of ``from``…``to``, in seconds."""
MOST = 1000
"""Largest number of payments on a page."""
USUAL = 20
"""Default number of payments on a page."""

EMPTY = {
    400: "page: 데이터 범위를 벗어났습니다.",
    404: "존재하지 않는 결제정보입니다.",
}
"""Texts of the list by status for an empty window, by HTTP status: the page is behind the data
(documented), or nothing was found (a guess)."""

_KEYS: dict[str, Callable[[Payment], tuple[int, int]]] = {
    "started": lambda each: (each.started_at, each.sequence),
    "paid": lambda each: (each.paid_at, each.sequence),
    "updated": lambda each: (each.updated_at, each.sequence),
}


def in_order(payments: Sequence[Payment], sorting: str | None) -> list[Payment]:
    """Sort by ``started``, ``paid`` or ``updated``; a leading minus sign means newest first.

    Missing means ``-started``; :class:`~.envelopes.ApiRefusal` (400) for another word.
    """
    order = sorting or "-started"
    key = _KEYS.get(order.removeprefix("-"))
    if key is None:
        raise bad_request("sorting: 올바르지 않은 값입니다.")
    return sorted(payments, key=key, reverse=order.startswith("-"))


def with_status(payments: Sequence[Payment], status: str | None) -> list[Payment]:
    """Filter by status; missing or empty means all. :class:`~.envelopes.ApiRefusal` (400) for
    another word."""
    if not status:
        return list(payments)
    if status not in list(Status):
        raise bad_request("payment_status: 올바르지 않은 값입니다.")
    return [each for each in payments if each.status == status]


def whole_number(query: Mapping[str, str], name: str, usual: int) -> int:
    """Parse a whole number; :class:`~.envelopes.ApiRefusal` (400) for anything else."""
    text = query.get(name)
    if text is None or text == "":
        return usual
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 15:
        raise bad_request(f"{name}: 올바르지 않은 값입니다.")
    return int(text)


def in_window(payments: Sequence[Payment], query: Mapping[str, str], now: int) -> list[Payment]:
    """Filter by the time of the last status: between ``from`` and ``to``, both included.

    ``to`` is now unless given, ``from`` 90 days before ``to``; 400 for a longer or reversed window.
    """
    to = whole_number(query, "to", now)
    start = whole_number(query, "from", to - WINDOW)
    if not 0 <= to - start <= WINDOW:
        raise bad_request("조회 기간은 최대 90일입니다.")
    return [each for each in payments if start <= each.ended_at <= to]


def page_of(
    payments: Sequence[Payment], query: Mapping[str, str], write: Callable[[Payment], object]
) -> dict[str, Any]:
    """Return one page as ``{total, previous, next, list}``; previous and next are 0 where there is
    none.

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
    books: PaymentQueries, conduct: Behaviour, status: str, query: Mapping[str, str], base: str
) -> dict[str, Any]:
    """Return one page of the list by status (``all`` or a status): the whole answer to
    ``GET /payments/status/{word}``.

    The dial sets the answer to a window without payments; :class:`~.envelopes.ApiRefusal` for that
    and for a wrong query.
    """
    found = with_status(books.payments(), "" if status == "all" else status)
    ordered = in_order(in_window(found, query, books.now()), query.get("sorting"))
    page = page_of(ordered, query, lambda each: line_json(each, base, conduct))
    if not ordered and conduct.empty_list != 200:
        raise DialledRefusal(conduct.empty_list, -1, EMPTY[conduct.empty_list])
    return page
