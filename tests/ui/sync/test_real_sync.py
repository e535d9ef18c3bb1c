"""The page over a real file and real threads: a pressed action changes the outbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import OutboxState
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.integration.test_sync_status import Shop
from tests.ui.sync.test_close_guard import Till


@pytest.fixture
def shop(tmp_path) -> Iterator[Shop]:
    made = Shop(tmp_path / "posapp.db")
    yield made
    made.store.close()


@pytest.fixture
def till(qtbot, theme, tasks, shop) -> Till:
    made = Till(qtbot, theme, tasks, shop.desk)
    made.lamp.click()
    qtbot.waitUntil(lambda: made.screen.view.model.rowCount() == 3)
    return made


def test_a_refund_is_taken_over_on_the_page(qtbot, till, shop):
    screen = till.screen
    screen.take_over.click()
    question = screen.findChild(ConfirmDialog)
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    qtbot.waitUntil(lambda: till.lamp.tone == "error")
    assert shop.states()[0] == (RefundState.NEEDS_REVIEW, OutboxState.ABANDONED)
    assert screen.view.current.refund_id == 1
    qtbot.waitUntil(screen.evidence.isVisible)


def test_trying_all_makes_everything_due(qtbot, till, shop):
    till.screen.try_all.click()
    question = till.screen.findChild(ConfirmDialog)
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    qtbot.waitUntil(lambda: "wake" in shop.calls)
    entry = shop.claim()
    assert entry is not None and entry.refund_id == 1


def test_fault_70_closing_leaves_every_entry_where_it_was(qtbot, till, shop):
    before = shop.desk.report()
    till.window.close()
    qtbot.waitUntil(lambda: till.leaving.question is not None)
    question = till.leaving.question
    assert [row.refund_id for row in question.rows] == [1, 2, 3]
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    qtbot.waitUntil(lambda: not till.window.isVisible())
    assert shop.desk.report().waiting == before.waiting
