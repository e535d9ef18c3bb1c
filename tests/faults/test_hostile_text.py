"""docs/faults.md, row 66: names and reasons that would be code, paths or pictures somewhere are
text everywhere: import, screen, slip, PortOne, ledger, log and file."""

from __future__ import annotations

import csv
import json
import logging
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.domain.requests import RequestKind
from posapp.services.importing import ImportService, OnError
from posapp.services.orders.order_history import OrderHistoryService
from posapp.services.payments.receipts import receipt_of
from posapp.services.ports.requests import RequestFilter
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.export_requests import write_requests
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.search.request_search import SqlRequestSearch
from posapp.system.logging import Redactor, start_log
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_report import papers_of
from posapp.ui.receipts.paper_view import PaperView
from tests.fakes.access import EVERYTHING
from tests.fakes.till import BUYER, SELLER, an_order, with_status

NAMES = {
    "html": "<img src=x onerror=alert(1)><b>빵</b>&amp;",
    "script": "</script><script>alert(document.cookie)</script>",
    "right to left": "빵\u202e gpj.exe \u2066라떼\u2069",
    "path": "../../../etc/passwd",
    "windows path": "..\\..\\C:\\con\\nul.txt",
    "sql": "빵'); DROP TABLE refunds;--",
    "formula": '=HYPERLINK("http://x","눌러")',
    "emoji": "👩‍👩‍👧‍👦🥐 크루아상 🇰🇷",
    "format": "{0.__class__} %s %n $HOME `id`",
    "new line": "빵\r\nSet-Cookie: a=b\n\n[RF-1]",
    "NUL": "빵\0라떼",
    "half a character": "빵\ud83d",
    "10 kB": "가<b>" * 2_600,
    "combining": "빵" + "\u0301" * 300,
    "zero width": "\u200b\u200b\u200b",
    "json": '{"code":0,"amount":1}"]}',
}
names = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)

ITEM = 100
CONTROL = {chr(n) for n in range(32)} | {"\x7f"} | set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


@pytest.fixture
def shown(qapp: QApplication):
    return PaperView(Theme("light"))


@names
def test_fault_66_from_the_order_to_the_file(till, tmp_path, name, shown, caplog):
    """The name as the worst database could hold it, through a whole life of its item."""
    order = an_order(10, (5000, 1), (3000, 1))
    items = tuple(replace(item, name=name) for item in order.items)
    till.stock_shop(replace(order, items=items))
    attempt = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
    (link,) = till.books.links()
    assert 1 <= len(link.name) <= 40
    assert not set(link.name) & CONTROL, "PortOne gets one line of plain text"
    till.books.pay(attempt.merchant_uid)
    till.clock.advance(seconds=2)
    till.work(2)
    assert till.order(10).is_paid

    history = OrderHistoryService(till.store).for_order(10)
    receipt = receipt_of(name, history)
    assert receipt is not None
    papers = papers_of(Translator("ko"), history, shop=name, online=True, made_at=till.clock.now())
    for paper in papers:
        shown.show_paper(paper)
        assert shown.lines()
        for label in shown.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText
            assert not set(label.text()) & (CONTROL - {"\n"})
    shown.show_paper(papers[0])
    assert max(len(line) for line in shown.lines()) < 1_000

    with till.store.transaction() as uow:
        delivered = with_status(till.order(10), ItemStatus.DELIVERY_COMPLETE)
        uow.orders.save_items(delivered.items)
        uow.commit()
    RequestService(till.store, till.clock, EVERYTHING).create(
        Actor.buyer(BUYER), ITEM, RequestKind.REFUND, f"!{name}"
    )
    for file in ("all.csv", "all.xlsx"):
        path = tmp_path / file
        assert (
            write_requests(SqlRequestSearch(till.store), SELLER, RequestFilter(), path, _always)
            == 1
        )
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert len(rows) == 2, "a name is no second line"
    assert not any(cell[:1] in ("=", "+", "@") for cell in rows[1])
    assert not any(set(cell) & CONTROL for cell in rows[1])

    refund = till.cancellation_service.refund(Actor.seller(SELLER), ITEM, name, 5000)
    till.work(3)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    (line,) = till.books.payment(receipt.payment.imp_uid).cancellations
    assert refund.tag in line.reason
    assert not set(line.reason) & CONTROL
    assert len(line.reason) <= 250
    till.check_books()
    path = tmp_path / "posapp.db"
    till.close()
    assert isinstance(verify_ledger(path), int), "the chain is whole"
    assert not any(set(record.getMessage()) & (CONTROL - {"\n"}) for record in caplog.records)


def _always(_: int) -> bool:
    return True


@names
def test_fault_66_import_stores_it_as_text_or_reports_the_reason(till, tmp_path, name):
    shop = {
        "users": [
            {"id": 7, "name": "박가게", "status": "SELLER"},
            {"id": 1, "name": name, "phone": "010-0000-0001"},
        ],
        "products": [{"id": 100, "seller_id": 7, "name": name, "price": 5000, "stock": 3}],
        "orders": [
            {
                "id": 10,
                "buyer_id": 1,
                "created_at": "2026-01-05T14:30:00+09:00",
                "items": [
                    {
                        "id": 100,
                        "product_id": 100,
                        "seller_id": 7,
                        "name": name,
                        "price": 5000,
                        "count": 1,
                    }
                ],
            }
        ],
    }
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(shop), encoding="utf-8")
    importing = ImportService(till.store, till.clock, EVERYTHING, sellers=True)
    report = importing.apply(Actor.person(), importing.read(file), OnError.REFUSE)
    if not report.written:
        assert report.complaints, "it is said what is wrong"
        return
    (item,) = till.order(10).items
    assert not set(item.name) & {chr(n) for n in range(32)}
    assert len(item.name) <= 200
    assert till.payment_service.start(Actor.buyer(1), 10).attempt.link_url


@names
def test_fault_66_a_line_of_the_log_stays_one_line(tmp_path: Path, name):
    log = start_log(tmp_path, Redactor())
    logging.getLogger("posapp.tests").warning("the name %s was read", name)
    log.close()
    (file,) = [path for path in tmp_path.iterdir() if path.read_bytes()]
    lines = file.read_bytes().splitlines()
    assert len(lines) == 1
    assert b" WARNING posapp.tests: the name " in lines[0]
