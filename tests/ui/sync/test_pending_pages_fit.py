"""The pages of what is pending, whole at every size: nothing cut, nothing behind a scroll bar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QScrollArea

from posapp.domain.cash_receipts import CashReceipt, task_of
from posapp.domain.money import Won
from posapp.domain.users import LARGEST_ID
from posapp.services.cash_receipts.receipt_service import ReceiptTask
from posapp.services.ports.outbox import PendingTotals
from posapp.services.refunds.unresolved_money import UnresolvedRefund
from posapp.ui.cash_receipts.receipt_tasks_screen import ReceiptTasksScreen
from posapp.ui.shell.main_window import BODY
from posapp.ui.shell.routes import CASH_RECEIPTS, COUNTER_SIZES, OPEN_MONEY, SYNC
from posapp.ui.unresolved.unresolved_screen import UnresolvedScreen
from posapp.ui.widgets.entry_list import EntryModel
from tests.fakes.actors import SESSION
from tests.pictures.receipts import waiting_receipts
from tests.ui.cancel.shop_records import MISMATCH, FakeOpenMoney, open_refunds
from tests.ui.geometry import problems, scrolls
from tests.ui.sync.pending_records import (
    BEHIND,
    EVENTS,
    OFFLINE,
    PERSON,
    SENDING,
    TRIED,
    UNCLEAR,
    WELL,
    FakeDesk,
    a_report,
)
from tests.ui.sync.test_close_guard import Till

LARGE = Won(2_147_483_647)
NAME = "프리미엄 에티오피아 예가체프 G1 코체레 워시드 싱글 오리진 원두 500g 홀빈 (선물 포장) " * 3
ROWS = (PERSON, TRIED, SENDING, BEHIND, UNCLEAR)
LONGEST = tuple(
    replace(
        one,
        refund_id=number,
        order_id=LARGEST_ID,
        item_name=NAME,
        buyer_name=NAME,
        amount=LARGE,
    )
    for number, one in enumerate(ROWS * 4, 1)
)
TROUBLE = replace(WELL, backup_trouble="disk_full", reconcile_trouble="timeout", may_send=False)
REPORTS = {
    "usual": a_report(ROWS, recent=EVENTS, mismatches=1),
    "offline": a_report((TRIED, BEHIND), OFFLINE, recent=EVENTS, live=1),
    "trouble": a_report((TRIED,), TROUBLE, recent=EVENTS),
    "empty": a_report((), recent=EVENTS),
    "longest": a_report(
        LONGEST, recent=EVENTS * 5, mismatches=999, totals=PendingTotals(640, 9_000_000_000, 1, 640)
    ),
}


def long_refunds() -> tuple[UnresolvedRefund, ...]:
    return tuple(
        UnresolvedRefund(
            replace(one.refund, order_id=LARGEST_ID, amount=LARGE, reason=NAME),
            one.payment,
            replace(one.item, name=NAME) if one.item is not None else None,
        )
        for one in open_refunds()
    )


MONEY = {
    "usual": (open_refunds(), (MISMATCH,)),
    "offline": (open_refunds(), ()),
    "trouble": ((), (MISMATCH,)),
    "empty": ((), ()),
    "longest": (long_refunds(), (replace(MISMATCH, amount=LARGE),)),
}


NOW = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)
WAITING = tuple(
    replace(one, id=number) for number, one in enumerate(waiting_receipts([1184], NOW), 1)
)
LONG_RECEIPTS = tuple(
    replace(one, amount=LARGE, order_id=LARGEST_ID, gateway_message=NAME) for one in WAITING
)
RECEIPTS = {
    "usual": (WAITING, True),
    "offline": (WAITING, False),
    "trouble": (WAITING[:1], False),
    "empty": ((), True),
    "longest": (LONG_RECEIPTS, True),
}


class FakeReceipts:
    """What the page of cash receipts reads."""

    waiting: tuple[CashReceipt, ...] = ()
    has_channel = True

    def tasks(self) -> tuple[ReceiptTask, ...]:
        return tuple(
            ReceiptTask(one, kind, one.is_overdue(NOW), self.has_channel, self.has_channel)
            for one in self.waiting
            if (kind := task_of(one, NOW)) is not None
        )


@pytest.fixture(scope="module")
def bench(qapp, request):
    """One window for all: a window a case would take minutes."""
    from posapp.ui.core.task_runner import InlineTaskRunner
    from posapp.ui.core.theme import Theme
    from tests.conftest import PatientBot

    theme = Theme("light")
    theme.apply(qapp)
    runner = InlineTaskRunner()
    till = Till(PatientBot(request), theme, runner, FakeDesk())
    till.money = FakeOpenMoney()
    till.window.add_screen(
        OPEN_MONEY, UnresolvedScreen(till.texts, theme, runner, till.money, SESSION)
    )
    till.receipts = FakeReceipts()
    till.window.add_screen(
        CASH_RECEIPTS, ReceiptTasksScreen(till.texts, theme, runner, till.receipts, SESSION)
    )
    yield till
    till.window.close_without_asking()
    qapp.setStyleSheet("")


def crowded_rows(view) -> list[str]:
    """Rows whose state, amount, note or number are cut; only a name may be."""
    font = QFont(view.list.font())
    font.setPixelSize(14)
    small = QFontMetrics(font)
    font.setPixelSize(16)
    font.setBold(True)
    strong = QFontMetrics(font)
    room = view.list.viewport().width() - 16 - 24 - 12 - 16
    found = []
    for row in range(view.model.rowCount()):
        text = view.model.index(row).data(EntryModel.TextRole)
        number = text.subject.partition(" · ")[0]
        for metrics, left, right in (
            (strong, text.state, text.amount),
            (small, f"{number}…", text.note),
        ):
            if metrics.horizontalAdvance(left) + metrics.horizontalAdvance(right) + 12 > room:
                found.append(f"{left} | {right}")
    return found


@pytest.mark.parametrize("state", list(REPORTS))
@pytest.mark.parametrize("page", [SYNC, OPEN_MONEY, CASH_RECEIPTS])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", COUNTER_SIZES)
def test_nothing_is_cut(bench, size, language, page, state):
    bench.texts.set_language(language)
    bench.money.open, bench.money.strange = MONEY[state]
    bench.receipts.waiting, bench.receipts.has_channel = RECEIPTS[state]
    bench.show_report(REPORTS[state])
    window = bench.window
    window.resize(*size)
    window.show_screen("home")
    window.show_screen(page)
    screen = window.screen_named(page)
    for row in range(max(1, screen.view.model.rowCount())):
        screen.view.list.setCurrentIndex(screen.view.model.index(row))
        for _ in range(3):  # layouts within layouts
            QApplication.processEvents()
        assert problems(window) == [], row
    assert crowded_rows(screen.view) == []
    assert scrolls(window.findChild(QScrollArea, BODY)) == ""
    assert screen.view.area.horizontalScrollBar().maximum() == 0
