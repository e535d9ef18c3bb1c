"""docs/faults.md, row 122: a shift is closed without being compared, and compared later."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode
from posapp.domain.ledger import GENESIS, ChainBreak
from posapp.domain.report_content import read_body
from posapp.domain.users import WALK_IN
from posapp.domain.z_addenda import FindingKind, addendum_hash, read_addendum
from posapp.domain.z_reports import Blocker, ZReport
from posapp.sandbox.server import Sandbox
from posapp.services.bookkeeping.mismatch_notes import note_mismatch
from posapp.services.cash import open_matters
from posapp.services.ports.outbox import MismatchKind
from posapp.store.files.z_report_check import verify_z_addenda, verify_z_reports
from tests.fakes.actors import WHO
from tests.fakes.world import NumberedIds
from tests.integration.sale_shop import BREAD, GTIN, SaleShop, refusal
from tests.integration.test_closing import FLOAT, compare, exactly

BUYER = Actor.buyer(WALK_IN)
WHY = "인터넷 장애"


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    made = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds)
    made.change(BREAD, stock=500)
    made.shift_service.open_shift(WHO, FLOAT)
    compare(made)
    made.clock.advance(seconds=5)
    yield made
    made.close()


def sell_by_qr(shop: SaleShop, pieces: int = 2) -> tuple[int, str]:
    """Sell by QR; return the order and PortOne's number of its payment."""
    shop.cart_service.scan(WHO, GTIN, pieces)
    order = shop.checkout_service.order(WHO, 2_200 * pieces).id
    return order, shop.paid_order(order)


def close_uncompared(shop: SaleShop) -> ZReport:
    """Close the shift while PortOne is out of reach, each open matter named."""
    names = {one.key: WHY for one in shop.closing_service.open_matters()}
    expected = int(shop.shift_service.read().expected)
    return shop.closing_service.close_shift(WHO, exactly(expected), "", names)


def compare_later(shop: SaleShop) -> None:
    shop.clock.advance(seconds=60)
    shop.reconcile_job.request()
    shop.work(4)


def test_fault_122_it_is_named_and_the_later_comparison_agrees(shop: SaleShop) -> None:
    sell_by_qr(shop)
    found = [(one.kind, one.amount, one.key) for one in shop.closing_service.open_matters()]
    assert found == [(Blocker.NOT_COMPARED, 4_400, "NOT_COMPARED:1")]
    blocked = refusal(lambda: shop.closing_service.close_shift(WHO, exactly(FLOAT)))
    assert blocked.code is ErrorCode.SHIFT_BLOCKED
    report = close_uncompared(shop)
    assert json.loads(report.body)["named"] == [
        {"what": "NOT_COMPARED:1", "amount": 4_400, "why": WHY}
    ]
    assert shop.closing_service.addenda(WHO) == ()
    compare_later(shop)
    (added,) = shop.closing_service.addenda(WHO)
    content = read_addendum(added.body)
    assert (added.number, added.z_no, added.previous) == (1, 1, GENESIS)
    assert added.hash == addendum_hash(1, added.body, GENESIS) and added.is_unchanged
    assert not replace(added, body=added.body + " ").is_unchanged
    assert (content.found, content.z_hash, content.amount) == ((), report.hash, 0)
    assert content.compared_at >= report.made_at == content.closed_at
    # The report is as it was, and no comparison makes another addendum.
    assert shop.closing_service.reports(WHO) == (report,)
    compare_later(shop)
    assert shop.closing_service.addenda(WHO) == (added,)


def test_fault_122_what_portone_knew_before_the_closing_is_in_the_addendum(shop: SaleShop) -> None:
    order, paid = sell_by_qr(shop)
    shop.books.console_cancel(paid, 1_000)
    # A QR was paid, and the till did not hear of it any more.
    shop.cart_service.scan(WHO, GTIN, 3)
    lost = shop.checkout_service.order(WHO, 6_600).id
    progress = shop.payment_service.start(BUYER, lost)
    shop.books.pay(progress.attempt.merchant_uid)
    shop.clock.advance(seconds=2)
    report = close_uncompared(shop)
    shop.clock.advance(seconds=5)
    later, _ = sell_by_qr(shop, 1)  # after the closing: no matter of that report
    compare_later(shop)
    (added,) = shop.closing_service.addenda(WHO)
    found = {(one.what, one.order_id, int(one.amount)) for one in read_addendum(added.body).found}
    assert found == {
        (FindingKind.CANCELLATION, order, -1_000),
        (FindingKind.PAYMENT, lost, 6_600),
    }
    assert read_addendum(added.body).amount == 5_600 and later != lost
    assert shop.closing_service.reports(WHO) == (report,)
    # The next report has the money.
    shop.clock.advance(seconds=86_400)
    shop.shift_service.open_shift(WHO, FLOAT)
    figures = shop.closing_service.x_report(WHO).figures
    assert (figures.paid["KAKAOPAY"].amount, figures.refunded["KAKAOPAY"].amount) == (8_800, -1_000)


def test_fault_122_twin_that_asks_nothing_closes_and_nobody_hears_of_the_difference(
    shop: SaleShop,
) -> None:
    _, paid = sell_by_qr(shop)
    shop.books.console_cancel(paid, 1_000)
    with mock.patch.object(open_matters, "find_uncompared", lambda uow, shift: None):
        shop.closing_service.close_shift(WHO, exactly(FLOAT))
    compare_later(shop)
    assert shop.closing_service.addenda(WHO) == (), "the difference is on no paper"


def test_a_difference_that_a_person_explains_is_found_once(shop: SaleShop) -> None:
    sell_by_qr(shop)
    report = close_uncompared(shop)
    with shop.store.transaction() as uow:
        shop.clock.advance(seconds=1)
        for amount in (7_000, 9_000):
            note_mismatch(
                *(uow, MismatchKind.FOREIGN_PAYMENT),
                merchant_uid="W-1", imp_uid="imp_x", amount=amount, evidence="x",
                found_at=shop.clock.now(),
            )  # fmt: skip
        found = uow.z_addenda.found(json.loads(report.body)["to_seq"], report.made_at)
    assert [(one.what, one.order_id, int(one.amount), one.reference) for one in found] == [
        (FindingKind.DIFFERENCE, 0, 9_000, "imp_x")
    ]


def test_compared_by_the_time_of_the_last_payment(shop: SaleShop) -> None:
    assert shop.closing_service.open_matters() == ()
    sell_by_qr(shop)
    assert [one.kind for one in shop.closing_service.open_matters()] == [Blocker.NOT_COMPARED]
    compare(shop)
    assert shop.closing_service.open_matters() == ()
    # Cash is nothing to compare.
    shop.cart_service.scan(WHO, GTIN)
    shop.cash_service.sell(WHO, 2_200, 2_200)
    assert shop.closing_service.open_matters() == ()
    # An older copy is not compared before all of it is.
    with shop.store.transaction() as uow:
        uow.checkpoints.set_behind(shop.clock.now())
        uow.commit()
    assert [one.kind for one in shop.closing_service.open_matters()] == [Blocker.NOT_COMPARED]


def test_a_closing_has_the_comparison_made_and_asks_for_none_it_does_not_need(
    shop: SaleShop,
) -> None:
    with mock.patch.object(shop.closing_service, "_compare_soon") as asked:
        shop.closing_service.begin_closing(WHO)
        assert not asked.called
        sell_by_qr(shop)
        shop.closing_service.begin_closing(WHO)
        assert asked.call_count == 1
    compare(shop)
    report = shop.closing_service.close_shift(WHO, exactly(FLOAT))
    compare_later(shop)
    assert shop.closing_service.addenda(WHO) == (), "it was compared"
    assert json.loads(report.body)["addendum"] is None


def test_a_comparison_that_began_before_the_closing_makes_no_addendum(
    shop: SaleShop, sandbox: Sandbox
) -> None:
    sell_by_qr(shop)
    shop.clock.advance(seconds=60)
    real = shop.reconcile_job._differing

    def close_meanwhile(*args):
        close_uncompared(shop)
        return real(*args)

    with mock.patch.object(shop.reconcile_job, "_differing", close_meanwhile):
        shop.reconcile_job.run()
    assert shop.closing_service.addenda(WHO) == ()
    compare_later(shop)
    assert len(shop.closing_service.addenda(WHO)) == 1


def test_a_comparison_requested_while_one_runs_follows_it(shop: SaleShop) -> None:
    """The one that runs may have begun before the last payment."""
    shop.clock.advance(seconds=60)
    real = shop.reconcile_job._differing

    def ask_meanwhile(*args):
        shop.reconcile_job.request()
        return real(*args)

    with mock.patch.object(shop.reconcile_job, "_differing", ask_meanwhile):
        shop.reconcile_job.run()
    assert shop.reconcile_job.due_in_ms() == 0
    shop.reconcile_job.run()
    assert shop.reconcile_job.due_in_ms() > 0


def test_nothing_is_made_while_portone_is_away(shop: SaleShop, sandbox: Sandbox) -> None:
    sell_by_qr(shop)
    sandbox.faults.add("drop_before")
    compare(shop)
    assert [one.kind for one in shop.closing_service.open_matters()] == [Blocker.NOT_COMPARED]
    close_uncompared(shop)
    compare_later(shop)
    assert shop.closing_service.addenda(WHO) == ()
    sandbox.faults.clear()
    shop.pass_time(600)
    assert len(shop.closing_service.addenda(WHO)) == 1


def two_uncompared(shop: SaleShop) -> tuple[ZReport, ZReport]:
    """Close two shifts uncompared, then compare; a third report names the last addendum."""
    closed = []
    for _ in range(2):
        sell_by_qr(shop)
        closed.append(close_uncompared(shop))
        shop.clock.advance(seconds=5)
        shop.shift_service.open_shift(WHO, FLOAT, is_sure=True)
    compare_later(shop)
    shop.closing_service.close_shift(WHO, exactly(FLOAT))
    return closed[0], closed[1]


def test_a_text_that_says_so_is_no_name_and_a_changed_report_gets_none(shop: SaleShop) -> None:
    shop.closing_service.close_shift(WHO, exactly(FLOAT + 10), 'x "NOT_COMPARED:1"')
    shop.clock.advance(seconds=5)
    shop.shift_service.open_shift(WHO, FLOAT, is_sure=True)
    sell_by_qr(shop)
    report = close_uncompared(shop)
    end = read_body(report.body).end
    assert end is not None and end.is_uncompared, "it would have an addendum"
    path = shop.store.path
    with closing(sqlite3.connect(path)) as file, file:
        (trigger,) = file.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'z_reports_fixed'"
        ).fetchone()
        file.execute("DROP TRIGGER z_reports_fixed")
        file.execute("UPDATE z_reports SET body = ? WHERE z_no = 2", (report.body + " ",))
        file.execute(trigger)
    compare_later(shop)
    assert shop.closing_service.addenda(WHO) == ()


@pytest.fixture
def file(shop: SaleShop) -> Path:
    two_uncompared(shop)
    assert len(shop.closing_service.addenda(WHO)) == 2
    shop.close()
    return shop.store.path


def test_untouched_addenda_are_right_in_the_order_of_their_reports(file: Path) -> None:
    assert (verify_z_reports(file), verify_z_addenda(file)) == (3, 2)
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT number, z_no FROM z_addenda").fetchall()
    assert rows == [(1, 1), (2, 2)]


def forge(file: Path, number: int, before: str, after: str) -> None:
    """Change a body and make its own hash fit again."""
    with closing(sqlite3.connect(file)) as connection, connection:
        body, previous = connection.execute(
            "SELECT body, previous FROM z_addenda WHERE number = ?", (number,)
        ).fetchone()
        assert before in body
        body = body.replace(before, after)
        digest = addendum_hash(number, body, previous)
        connection.execute("DROP TRIGGER z_addenda_fixed")
        connection.execute(
            "UPDATE z_addenda SET body = ?, hash = ? WHERE number = ?", (body, digest, number)
        )


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE z_addenda SET body = '{}' WHERE number = 1", ChainBreak(1, "changed")),
        ("UPDATE z_addenda SET hash = previous WHERE number = 2", ChainBreak(2, "changed")),
        (
            "UPDATE z_addenda SET body = replace(body, '하나', '둘') WHERE number = 2",
            ChainBreak(2, "changed"),
        ),
        ("UPDATE z_addenda SET z_no = 3 WHERE number = 2", ChainBreak(2, "changed")),
        ("DELETE FROM z_addenda WHERE number = 1", ChainBreak(1, "missing")),
        ("DELETE FROM z_addenda WHERE number = 2", ChainBreak(2, "missing")),
        ("DELETE FROM z_addenda", ChainBreak(1, "missing")),
        (f"UPDATE z_addenda SET previous = '{'1' * 64}'", ChainBreak(1, "broken_link")),
    ],
)
def test_a_change_is_found(file: Path, statement: str, fault: ChainBreak) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for name in ("fixed", "kept"):
            connection.execute(f"DROP TRIGGER z_addenda_{name}")
        connection.execute(statement)
    assert verify_z_addenda(file) == fault


def test_a_hash_that_fits_a_changed_body_breaks_the_next_link(file: Path) -> None:
    forge(
        file, 1, '"found":[]', '"found":[{"amount":1,"order_id":1,"reference":"","what":"PAYMENT"}]'
    )
    assert verify_z_addenda(file) == ChainBreak(2, "broken_link")


def test_the_last_one_is_held_against_the_reports_and_the_ledger(file: Path) -> None:
    """The third Z report has its hash; without that report its links to the others hold it."""
    forge(file, 2, '"head":"', '"head":"0')
    assert verify_z_addenda(file) == ChainBreak(2, "changed")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TRIGGER z_reports_kept")
        connection.execute("DELETE FROM z_reports WHERE z_no = 3")
    assert verify_z_addenda(file) == ChainBreak(2, "ledger_differs")
