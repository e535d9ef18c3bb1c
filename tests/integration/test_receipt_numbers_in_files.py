"""No file that the program writes has the number that a buyer gave for a cash receipt."""

from __future__ import annotations

import logging
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.app.support_command import pack_support
from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import ReceiptState
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.domain.requests import Decision, RequestKind
from posapp.services.orders.sales_report import MovementLabels
from posapp.services.ports.requests import RequestFilter
from posapp.store.files.backup import backup
from posapp.system.clock import SystemClock
from posapp.system.logging import Redactor, start_log
from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.orders.order_report import papers_of
from posapp.ui.printing.print_document import document_of, save_pdf
from tests.fakes.actors import WHO
from tests.fakes.till import SELLER
from tests.integration.receipt_shop import ReceiptShop
from tests.ui.cancel.pdf_text import PdfText

P = ReceiptPurpose
GIVEN = (
    (P.PERSONAL, "010-9137-2846"),
    (P.PERSONAL, "6031 5491 3728 4651"),
    (P.BUSINESS, "220-81-62517"),
    (P.PERSONAL, "01091372847"),
)
"""What buyers gave; the last one is of a receipt that waits."""

MARKS = (
    *("91372846", "9137-2846", "1091372846", "6031549137284651", "6031 5491", "91372847"),
    *("5491-3728", "8162517", "81-62517", "9137 2846"),
)
"""Parts of them that identify somebody; the last four digits are shown."""

LABELS = MovementLabels("매출", ("",) * 7, "결제", "환불", {"CASH": "현금"})


@pytest.fixture
def shop(tmp_path: Path, sandbox, clock) -> Iterator[ReceiptShop]:
    (tmp_path / "logs").mkdir()
    log = start_log(tmp_path / "logs", Redactor(), level=logging.DEBUG)
    made = ReceiptShop(tmp_path, sandbox, clock)
    yield made
    made.close()
    log.close()


def lived_through(shop: ReceiptShop) -> list[int]:
    """Issue, refuse, issue by hand, cancel, and leave one unclear whose refusal quotes its number;
    return the orders."""
    issued, refused, business, waiting = (shop.sell(2) for _ in GIVEN)
    shop.ask(issued, GIVEN[0][1], P.PERSONAL)
    shop.ask(business, GIVEN[2][1], P.BUSINESS)
    shop.settle(2)
    shop.sandbox.faults.conduct.change(refuse_receipt="식별번호 오류")
    shop.ask(refused, GIVEN[1][1], P.PERSONAL)
    shop.settle(2)
    assert shop.states(refused) == [ReceiptState.REFUSED]
    (task,) = shop.cash_receipt_service.tasks()
    shop.cash_receipt_service.enter_approval(WHO, task.receipt.id, "123456789")
    shop.sandbox.faults.conduct.change(refuse_receipt=None)
    shop.give_back(business)
    shop.settle(2)
    assert shop.states(issued) == [ReceiptState.ISSUED]
    assert shop.states(business) == [ReceiptState.CANCELLED]
    quoting = f"잘못된 번호 {GIVEN[3][1]} (010-9137-2847)"
    shop.sandbox.faults.conduct.change(refuse_receipt=quoting)
    shop.ask(waiting, GIVEN[3][1], P.PERSONAL)
    shop.pass_time(30)
    (unclear,) = shop.receipts(waiting)
    assert (unclear.state, unclear.sealed is None) == (ReceiptState.UNKNOWN, False)
    return [one.id for one in (issued, refused, business, waiting)]


def write_everything(shop: ReceiptShop, orders: list[int], folder: Path, to: Path) -> str:
    """Write every kind of file; return the text of the papers."""
    since, until = shop.clock.now() - timedelta(days=1), shop.clock.now() + timedelta(days=1)
    item = shop.order(orders[0]).items[0]
    buyer, seller = Actor.buyer(item.buyer_id), Actor.seller(SELLER)
    request = shop.request_service.create(buyer, item.id, RequestKind.EXCHANGE, "바꿔 주세요")
    shop.decision_service.decide(seller, request.id, Decision.REJECT, "교환은 안 됩니다")
    for ending in ("csv", "xlsx"):
        shop.sales_report.export(WHO, since, until, to / f"sales.{ending}", LABELS, lambda _: True)
        shop.container.export(seller, RequestFilter(), to / f"requests.{ending}", lambda _: True)
    backup(shop.store.path, to / "copy.db")
    said = []
    for language in LANGUAGES:
        texts = Translator(language)
        for number in orders:
            history = shop.order_history_service.for_order(number)
            papers = papers_of(texts, history, shop="하나", online=True, made_at=shop.clock.now())
            for at, paper in enumerate(papers):
                path = to / f"{language}-{number}-{at}.pdf"
                save_pdf(document_of(paper, None), path)
                said += ["".join(PdfText(path).pages), paper.text]
    with closing(sqlite3.connect(to / "copy.db")) as copy:
        said += [repr(row) for row in copy.execute("SELECT * FROM ledger")]
    assert pack_support(str(folder), {}, to / "support.zip", SystemClock()).code == 0
    return "\n".join(said)


def contents(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file, and each part of those that are packed."""
    for folder in folders:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            yield path.name, path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    for name in packed.namelist():
                        yield f"{path.name}/{name}", packed.read(name)


def test_no_file_has_the_number_of_a_buyer(qapp, shop: ReceiptShop, tmp_path: Path) -> None:
    to = tmp_path / "written"
    to.mkdir()
    orders = lived_through(shop)
    logging.getLogger("posapp.test").warning("%s", shop.receipts(shop.order(orders[3])))
    said = write_everything(shop, orders, tmp_path, to)
    found = dict(contents(tmp_path))
    kinds = {Path(name).suffix for name in found}
    assert {".csv", ".xlsx", ".xml", ".zip", ".log", ".db", ".pdf", ".json"} <= kinds
    for mark in MARKS:
        assert mark not in said, mark
        for name, content in found.items():
            for form in (mark.encode(), mark.encode("utf-16-le"), mark.encode("utf-16-be")):
                assert form not in content, (name, mark)
    assert "010-****-2846" in said, "the receipts are on the papers, masked"


def test_what_is_searched_for_would_be_found(tmp_path: Path) -> None:
    """The search sees into packed files, and each number has a mark."""
    with zipfile.ZipFile(tmp_path / "one.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for at, (_, number) in enumerate(GIVEN):
            packed.writestr(f"{at}.txt", number)
    found = b"".join(content for _, content in contents(tmp_path))
    for _, number in GIVEN:
        assert number.encode() in found
        assert any(mark in number for mark in MARKS), number
