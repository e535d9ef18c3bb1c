"""The page of the import in the real window: preview, columns, taking, and taking back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.services.bookkeeping.print_log import record_print
from posapp.services.importing import short_transactions, write_plan
from posapp.services.importing.import_plan import Plan
from posapp.services.importing.take_back import TakeBack
from posapp.services.importing.write_plan import begin_import
from posapp.system.clock import SystemClock
from posapp.ui.importing.import_layout import MAPPING, NOTHING, ORDERS, PROBLEMS, TABLES
from posapp.ui.shell.routes import IMPORT, MORE
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.conftest import PatientBot
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import HAND_MS, Keyboard

HEAD = "주문번호,주문시각,구매자번호,구매자,판매자번호,상품번호,상품,가격,수량,상태"
SELLER = 1
PERSON = Actor.person("김")


def line(order: int, price: str = "3200", seller: int = SELLER) -> str:
    return f"{order},2026-01-05 14:30,90001,김민서,{seller},90021,소금빵,{price},2,결제대기"


@pytest.fixture
def keyboard():
    return Keyboard()


@pytest.fixture
def counter(qapp, request, tmp_path, keyboard):
    with demo_counter(PatientBot(request), tmp_path / "shop", keyboard.clock) as counter:
        counter.window.show_screen(IMPORT)
        yield counter


@pytest.fixture
def page(qtbot, counter):
    page = counter.screens.page(IMPORT)
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    return page


@pytest.fixture
def file(tmp_path):
    def write(*lines: str, head: str = HEAD) -> Path:
        path = tmp_path / "주문.csv"
        path.write_text("\n".join((head, *lines)) + "\n", "utf-8")
        return path

    return write


def show(qtbot, page, path: Path) -> None:
    page.read(path)
    qtbot.waitUntil(lambda: not page.is_busy)


def press(counter, keyboard, key: Qt.Key) -> None:
    keyboard.press(key, HAND_MS)
    counter._scans.flush()


def agree(qtbot, page, key: Qt.Key) -> None:
    """Choose the action of the dialog that is asked, by its key."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ConfirmDialog))
    dialog = QApplication.activeModalWidget()
    assert dialog.focusWidget() is dialog.no
    qtbot.waitUntil(dialog.can_agree)
    QTest.keyClick(dialog, key)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None and not page.is_busy)


def order(counter, number: int):
    with counter.demo.container.store.snapshot() as uow:
        return uow.orders.get(number)


def test_a_file_is_previewed_taken_and_taken_back_by_keys(qtbot, counter, page, file, keyboard):
    assert page.view.part == NOTHING
    assert not page.view.take.isVisible()
    show(qtbot, page, file(line(90001), line(90002)))
    view = page.view
    assert (view.part, view.segments.key) == (TABLES, ORDERS)
    assert [row.order.id for row in view.orders.rows] == [90001, 90002]
    assert "주문 2건" in view.summary.text()
    assert order(counter, 90001) is None, "a preview stores nothing"
    press(counter, keyboard, Qt.Key.Key_F7)
    agree(qtbot, page, Qt.Key.Key_F7)
    assert order(counter, 90001) is not None
    assert "2건" in view.banner.message
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    assert (view.part, "주문.csv" in view.last.toolTip()) == (NOTHING, True)
    press(counter, keyboard, Qt.Key.Key_F8)
    agree(qtbot, page, Qt.Key.Key_F8)
    assert order(counter, 90001) is None
    assert "되돌렸습니다" in view.banner.message


def test_every_problem_is_listed_and_enter_leads_to_the_next(qtbot, counter, page, file, keyboard):
    show(qtbot, page, file(line(90001), line(90002, "공짜"), line(90003, "-1")))
    view = page.view
    assert view.segments.key == PROBLEMS
    assert [row[1].line for row in view.problems.rows] == [3, 4]
    assert not view.take.isEnabled()
    assert "공짜" in view.problem_text.text()
    press(counter, keyboard, Qt.Key.Key_Return)
    assert view.problem_table.place == 1 and "‘-1’" in view.problem_text.text()
    press(counter, keyboard, Qt.Key.Key_Return)
    assert view.problem_table.place == 0
    view.skip.click()
    assert view.take.isEnabled()
    view.take.click()
    agree(qtbot, page, Qt.Key.Key_F7)
    assert order(counter, 90001) is not None and order(counter, 90002) is None


def test_columns_are_mapped_by_menus_and_remembered(qtbot, counter, page, file, keyboard):
    head = "Order,When,Who,Goods,Won,Pieces"
    path = file("90001,2026-01-05,김민서,라떼,4500,1", head=head)
    show(qtbot, page, path)
    view = page.view
    assert page.preview.batch.unusable
    press(counter, keyboard, Qt.Key.Key_F3)
    assert view.part == MAPPING
    menus = view.mapper.menus
    for key, title in (
        *(("order_id", "Order"), ("ordered_at", "When"), ("buyer_name", "Who")),
        *(("product_name", "Goods"), ("price", "Won"), ("count", "Pieces")),
    ):
        menus[key].pick(("title", title))
    for key, value in (("buyer_id", "auto"), ("product_id", "auto")):
        menus[key].pick(("value", value))
    menus["status"].pick(("value", "WAITING_FOR_PAYMENT"))
    view.apply_map.click()
    qtbot.waitUntil(lambda: not page.is_busy)
    assert [row[1].field for row in view.problems.rows] == ["seller_id"]
    # Only the seller is missing: chosen in the head of the file.
    qtbot.waitUntil(lambda: bool(view.picker.sellers))
    assert view.picker.isVisible()
    view.picker.pick(view.picker.sellers[0].id)
    qtbot.waitUntil(lambda: not page.is_busy and view.take.isEnabled())
    view.take.click()
    agree(qtbot, page, Qt.Key.Key_F7)
    assert order(counter, 90001).items[0].seller_id == view.picker.sellers[0].id
    # The same titles again: nothing to choose.
    show(qtbot, page, file("90002,2026-01-05,김민서,라떼,4500,1", head=head))
    assert view.take.isEnabled()
    press(counter, keyboard, Qt.Key.Key_F3)
    assert menus["price"].picked == ("title", "Won")
    press(counter, keyboard, Qt.Key.Key_F3)
    assert view.part == TABLES


def test_an_import_that_was_touched_is_not_taken_back_and_says_why(qtbot, counter, page, file):
    show(qtbot, page, file(line(90001)))
    page.view.take.click()
    agree(qtbot, page, Qt.Key.Key_F7)
    with counter.demo.container.store.transaction() as uow:
        record_print(uow.checkpoints, "receipt 90001", _now())
        uow.commit()
    qtbot.waitUntil(page.view.undo.isVisible)
    page.view.undo.click()
    qtbot.waitUntil(lambda: "90001" in page.view.banner.message)
    assert order(counter, 90001) is not None
    assert QApplication.activeModalWidget() is None


def test_writing_is_cancelled_and_leaves_nothing(qtbot, counter, page, file, monkeypatch):
    monkeypatch.setattr(short_transactions, "MOST_RECORDS", 1)
    monkeypatch.setattr(write_plan, "STEP_SIZE", 1)
    show(qtbot, page, file(*(line(number) for number in range(90001, 90200))))

    said: list[tuple[str, bool]] = []

    def cancel() -> None:
        progress = page.view.progress
        progress.button.click()
        said.append((progress.message, progress.button.isVisible()))

    page.flow.progressed.connect(cancel)
    page.view.take.click()
    agree(qtbot, page, Qt.Key.Key_F7)
    assert said == [("저장한 내용을 되돌리고 있습니다.", False)]
    assert page.view.progress.isHidden()
    assert (
        "취소" in page.view.banner.message and "저장된 내용은 없습니다" in page.view.banner.message
    )
    assert order(counter, 90001) is None
    assert page.view.part == TABLES and page.view.take.isEnabled()


def test_a_file_is_dropped_and_read(qtbot, counter, page, file):
    path = file(line(90001))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    page.dropEvent(drop)
    qtbot.waitUntil(lambda: not page.is_busy)
    assert page.preview.batch.source == path.name


def test_a_file_that_is_gone_and_a_broken_one_are_named(qtbot, counter, page, tmp_path):
    show(qtbot, page, tmp_path / "none.csv")
    assert "none.csv" in page.view.banner.message
    assert page.view.part == NOTHING
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    show(qtbot, page, broken)
    assert [row[1].cause.value for row in page.view.problems.rows] == ["workbook_broken"]
    assert not page.view.take.isEnabled()


def test_a_template_is_written_where_the_person_says(qtbot, page, tmp_path):
    target = tmp_path / "양식.xlsx"
    with qtbot.waitSignal(page.notified):
        page.dialogs.save_template(target)
    assert target.stat().st_size > 0
    page.dialogs.save_template(target)
    qtbot.waitUntil(lambda: "양식.xlsx" in page.view.banner.message)


def test_more_lists_the_page(counter, page):
    counter.window.show_screen(MORE)
    row = counter.screens.page(MORE).rows[IMPORT]
    row.click()
    assert counter.window.current == IMPORT


def _now():
    from posapp.system.clock import SystemClock

    return SystemClock().now()


def test_what_was_paid_meanwhile_is_named(qtbot, counter, page, file, monkeypatch):
    monkeypatch.setattr(short_transactions, "MOST_RECORDS", 1)
    monkeypatch.setattr(write_plan, "STEP_SIZE", 1)
    show(qtbot, page, file(*(line(number) for number in range(90001, 90200))))

    def sell(done: int, size: int) -> None:
        if order(counter, 90001) is not None:
            with counter.demo.container.store.transaction() as uow:
                record_print(uow.checkpoints, "receipt 90001", _now())
                uow.commit()
            page.view.progress.button.click()

    page.flow.progressed.connect(sell)
    page.view.take.click()
    agree(qtbot, page, Qt.Key.Key_F7)
    assert "1건은 남아 있습니다" in page.view.banner.message
    assert order(counter, 90001) is not None and order(counter, 90100) is None


def test_an_import_that_was_interrupted_is_named_and_not_offered_again(qtbot, counter, page, file):
    show(qtbot, page, file(line(90001)))
    container = counter.demo.container
    with container.store.transaction() as uow:
        begin_import(uow, Plan(), page.preview.batch, PERSON, _now())
        uow.commit()
    page.flow.read_last()
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    assert not page.view.undo.isVisible()
    TakeBack(container.store, SystemClock()).take_back_unfinished()
    page.flow.read_last()
    qtbot.waitUntil(lambda: "중단된 가져오기" in page.view.last.toolTip())
    assert not page.view.undo.isVisible()
