"""Each kind of filter is answered along its index, without sorting and without a scan."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress, RequestFilter
from posapp.store.search.request_sql import RequestQuery
from posapp.store.search.statement import Statement
from posapp.store.unit_of_work import SqlStore

AT = datetime(2026, 1, 1, tzinfo=UTC)
WAIT, REFUND = RequestState.WAIT, RequestKind.REFUND

LED = [
    (RequestFilter(), "seller", "seller_id=?"),
    (RequestFilter(state=WAIT), "state", "seller_id=? AND state=?"),
    (RequestFilter(kind=REFUND), "kind", "seller_id=? AND kind=?"),
    (RequestFilter(kind=REFUND, state=WAIT), "both", "seller_id=? AND state=? AND kind=?"),
    (RequestFilter(money=RefundProgress.REFUNDED), "money", "seller_id=? AND money=?"),
    (
        RequestFilter(money=RefundProgress.REFUNDED, kind=REFUND, state=RequestState.OK),
        "money",
        "seller_id=? AND money=?",
    ),
    (RequestFilter(money=RefundProgress.NONE, state=WAIT), "state", "seller_id=? AND state=?"),
    (
        RequestFilter(money=RefundProgress.NONE, state=RequestState.OK),
        "state",
        "seller_id=? AND state=?",
    ),
    (
        RequestFilter(money=RefundProgress.NONE, state=RequestState.OK, kind=REFUND),
        "both",
        "seller_id=? AND state=? AND kind=?",
    ),
]
BOUNDS = [
    ({}, None, ""),
    ({"since": AT}, None, " AND created_at>?"),
    ({"until": AT}, None, " AND created_at<?"),
    ({"since": AT, "until": AT}, None, " AND created_at>? AND created_at<?"),
    ({}, (5, 5), " AND created_at<?"),
    ({"since": AT}, (2**60, 5), " AND created_at>? AND created_at<?"),
    ({"until": AT}, (5, 5), " AND created_at<?"),
    ({"until": AT}, (2**60, 5), " AND created_at<?"),
]


def plan(store: SqlStore, statement: Statement) -> list[str]:
    with store.snapshot() as uow:
        rows = uow.connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement.sql}", statement.values
        ).all()
    return [str(row[3]) for row in rows]


DOUBT = [
    "CORRELATED SCALAR SUBQUERY 1",
    "SEARCH p USING INDEX uq_payments_accepted (order_id=?)",
    "SEARCH m USING INDEX ix_mismatches_payment (imp_uid=?)",
]
"""For each row of a page that waits, whether its order's money is in doubt: two seeks."""

WAYS = [(*bounds, way) for bounds in BOUNDS for way in (False, True) if not (bounds[1] and way)]


@pytest.mark.parametrize(("more", "key", "bounds", "oldest_first"), WAYS)
@pytest.mark.parametrize(
    ("led", "index", "equal"), LED, ids=[f"{n}-{r[1]}" for n, r in enumerate(LED)]
)
def test_a_filter_seeks_in_its_index(
    store: SqlStore,
    led: RequestFilter,
    index: str,
    equal: str,
    more: dict[str, datetime],
    key: tuple[int, int] | None,
    bounds: str,
    oldest_first: bool,
) -> None:
    """The page's cursor is part of the seek: a deep page begins where it is. (SQLite says only the
    first part of a row value here; the second, the id, decides among rows of one microsecond.)"""
    wanted = RequestFilter(
        kind=led.kind, state=led.state, money=led.money, oldest_first=oldest_first, **more
    )
    question = RequestQuery.of(7, wanted)
    assert question is not None
    if key is not None:
        question = question.after(*key)
    by = f"INDEX ix_requests_{index} ({equal}{bounds})"
    # The row itself distinguishes approved refunds of 0 won from the others.
    of_none = led.money is RefundProgress.NONE and led.state is RequestState.OK
    alone = by if of_none else f"COVERING {by}"
    assert plan(store, question.rows(51)) == [f"SEARCH r USING {by}", *DOUBT]
    assert plan(store, question.key_of(9000)) == [f"SEARCH r USING {alone}"]
    assert f"SEARCH r USING {alone}" in plan(store, question.count(1001))


def test_backwards_seeks_as_well(store: SqlStore) -> None:
    question = RequestQuery.of(7, RequestFilter(state=WAIT, since=AT), backwards=True)
    assert question is not None
    ahead = question.after(2**60, 5)
    assert plan(store, ahead.rows(51)) == [
        "SEARCH r USING INDEX ix_requests_state (seller_id=? AND state=? AND created_at>?)",
        *DOUBT,
    ]


def test_text_is_found_by_its_marks_and_its_hits_lead_to_their_rows(store: SqlStore) -> None:
    question = RequestQuery.of(7, RequestFilter(text="환불", buyer="김", state=WAIT))
    assert question is not None
    assert question.sql == "s7 AND (pd658xbd88) AND nae40"
    steps = plan(store, question.rows(51))
    assert steps[0].startswith("SCAN request_words VIRTUAL TABLE INDEX")
    assert steps[1] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
    for of_seller in (False, True):
        assert not any(
            " r " in step for step in plan(store, question.found(9, of_seller=of_seller))
        )
    by_state = RequestQuery.of(7, RequestFilter(text="환불", kind=REFUND))
    assert by_state is not None
    for statement in (
        by_state.count_by_state(),
        by_state.states(),
        by_state.of_all_sellers().states(),
        by_state.own_of_first(100),
    ):
        steps = [step for step in plan(store, statement) if "B-TREE" not in step]
        assert steps[-2].startswith("SCAN request_words VIRTUAL TABLE INDEX") or "SCAN h" in steps
        assert steps[-1] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"


def test_known_hits_lead_to_their_rows_without_the_text_index(store: SqlStore) -> None:
    question = RequestQuery.of(7, RequestFilter(text="환불해", kind=REFUND))
    assert question is not None
    for statement in (question.among([3, 1, 2]).rows(51), question.among([]).count_by_state()):
        steps = plan(store, statement)
        assert steps[0] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
        assert not any("request_words" in step for step in steps)


def test_one_or_two_letters_are_a_mark_and_need_no_comparison(store: SqlStore) -> None:
    for text, compared in (("환", False), ("환불", False), ("환불해", True)):
        question = RequestQuery.of(7, RequestFilter(text=text, buyer="김"))
        assert question is not None
        assert ("instr" in question.rows(51).sql) is compared
        assert "instr" in question.without_text().rows(51).sql


def test_a_number_is_an_items_or_an_orders(store: SqlStore) -> None:
    question = RequestQuery.of(7, RequestFilter(number=12, text="환불"))
    assert question is not None
    steps = " | ".join(plan(store, question.rows(51)))
    assert "INDEX ix_requests_item (item_id=?)" in steps
    assert "INDEX ix_requests_order (order_id=?)" in steps
    assert "SEARCH r USING INTEGER PRIMARY KEY" in steps
    assert "SCAN r" not in steps


@pytest.mark.parametrize(
    "wanted",
    [
        RequestFilter(money=RefundProgress.WAITING, kind=RequestKind.EXCHANGE),
        RequestFilter(money=RefundProgress.REFUNDED, state=WAIT),
        RequestFilter(since=datetime(2026, 1, 2, tzinfo=UTC), until=AT),
        RequestFilter(number=0),
        RequestFilter(number=2**63),
    ],
)
def test_unmatchable_filter_runs_no_query(wanted: RequestFilter) -> None:
    assert RequestQuery.of(7, wanted) is None
