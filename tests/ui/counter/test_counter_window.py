"""The counter: parts built behind the first window never disturb typing there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from itertools import count

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.payments import Attempt, AttemptState, Payment, PaymentDisposition
from posapp.domain.refund_limits import RefundLimits
from posapp.domain.vat import KakaoPayTax
from posapp.services.cash.cash_service import OpenCash
from posapp.services.container import Container
from posapp.services.payments.payment_engine import EngineStep
from posapp.services.payments.payment_progress import PaymentPhase, PaymentProgress, progress_of
from posapp.services.ports.order_search import OrderPage
from posapp.services.runtime.periodic_job import Change
from posapp.services.runtime.status_store import SyncStatus
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.sync.pending_dialog import PendingDialog
from tests.fakes.world import START, FakeClock
from tests.ui.sync.pending_records import OFFLINE, SENDING, TRIED, WELL, a_report


class Refusing:
    """Services without users and without money."""

    def __getattr__(self, name):
        def refuse(*arguments, **named):
            raise UserError(ErrorCode.USER_UNKNOWN)

        return refuse


@dataclass
class NoMoney:
    open: tuple = ()

    def refunds(self, limit=200):
        return self.open

    def mismatches(self, limit=200):
        return ()


@dataclass
class NothingUnsent(Refusing):
    """A sync desk; with rows, they wait."""

    rows: tuple = ()
    status: SyncStatus = SyncStatus()  # noqa: RUF009 - frozen

    def report(self, limit=200):
        return a_report(self.rows, self.status)


class UnsentAndLive(NothingUnsent):
    """With a QR that may be paid."""

    def report(self, limit=200):
        return replace(super().report(limit), live=1)


class NothingLive(Refusing):
    kakaopay_tax = KakaoPayTax.MIXED

    def list_live(self):
        return ()


class NoOrders:
    def page(self, filter, size, after=None):
        return OrderPage((), more=False)

    def counts(self, filter, cap):
        return dict.fromkeys((None, *OrderSegment), 0)


class NoFilterStore:
    def load(self):
        return ""

    def save(self, text):
        raise AssertionError("nothing was kept")


@dataclass
class Steps:
    changes: list = field(default_factory=list)

    def __call__(self) -> EngineStep:
        changes, self.changes = tuple(self.changes), []
        return EngineStep(changes, 50)


class Silent(Refusing):
    """A store without writes."""

    def on_commit(self, listener):
        pass


@dataclass
class Working(Refusing):
    step: Callable


class NoStaff:
    """A shop where nobody has to sign in."""

    approvals = None
    limits = RefundLimits()
    sign_in = directory = property(lambda self: self)

    def is_needed(self) -> bool:
        return False

    def must_lock(self) -> bool:
        return False

    def entries(self) -> tuple[()]:
        return ()


class NoCash:
    def open_cash(self) -> OpenCash:
        return OpenCash()


def services(step=None, **others) -> Container:
    known = {
        "session": Session(),
        "staff": NoStaff(),
        "store": Silent(),
        "payment_service": NothingLive(),
        "order_search": NoOrders(),
        "unresolved_money_service": NoMoney(),
        "cash_service": NoCash(),
        "export": lambda *arguments: 0,
        "sync_service": NothingUnsent(),
        "sync_engine": Working(step or Steps()),
        **others,
    }
    names = [one.name for one in fields(Container)]
    assert set(known) <= set(names)
    return Container(**{name: known.get(name, Refusing()) for name in names})


@pytest.fixture
def counter(qtbot, qapp):
    texts, theme = Translator("ko"), Theme("light")
    theme.apply(qapp)
    # Typing speed of a person: a fifth of a second between two keys.
    pace = count(1_000, 200).__next__
    made = CounterWindow(texts, theme, FakeClock(), shop="한빛상점", live=False, pace=pace)
    qtbot.addWidget(made.window)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.stop()
    for translation in texts._qt_translators or ():
        qapp.removeTranslator(translation)  # or Qt's Korean outlives the test


class Windows(QObject):
    """Notes every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Show and watched.isWidgetType() and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def attach(qtbot, counter, given=None):
    with qtbot.waitSignal(counter.ready):
        counter.attach(given or services(), NoFilterStore())


def test_no_screen_is_a_window_of_its_own_for_a_moment(qtbot, qapp, counter):
    """A separate window would take the focus away from the field in use."""
    windows = Windows()
    qapp.installEventFilter(windows)
    field_before = QApplication.focusWidget()
    attach(qtbot, counter)
    qapp.removeEventFilter(windows)
    assert windows.shown == []
    assert QApplication.focusWidget() is field_before is not None


@dataclass
class Lookup(Refusing):
    """Finds one order by its number."""

    order: Order

    def find(self, code):
        return self.order if code == str(self.order.id) else None


def an_order(status: ItemStatus = ItemStatus.WAITING_FOR_PAYMENT) -> Order:
    item = OrderItem(100, 1024, 12, 7, 1000, "단팥빵", Won(5000), 1, status)
    return Order(1024, 12, START, (item,))


def type_and_enter(qtbot, text: str) -> None:
    qtbot.keyClicks(QApplication.focusWidget(), text)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_an_enter_before_the_services_are_ready_takes_effect_then(qtbot, counter):
    type_and_enter(qtbot, "1024")
    qtbot.waitUntil(lambda: counter.home.busy.is_busy)  # the keys of a burst are held a moment
    assert counter.window.current == "home" and counter.home.search.text() == "1024"
    attach(qtbot, counter, services(scan_lookup=Lookup(an_order())))
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert counter.screens.pay._controller._target == (Actor.buyer(12), 1024)


@pytest.mark.parametrize("key", ["F5", "F3", "Ctrl+4", "Ctrl+5", "Ctrl+7"])
def test_a_page_requested_too_early_opens_when_it_can(qtbot, counter, key):
    page = {"F5": "orders", "F3": "cards", "Ctrl+4": "requests", "Ctrl+5": "deliveries"}
    combination = QKeySequence(key)[0]
    qtbot.keyClick(QApplication.focusWidget(), combination.key(), combination.keyboardModifiers())
    qtbot.waitUntil(lambda: bool(counter.window._wanted))
    assert counter.window.current == "home"
    attach(qtbot, counter)
    assert counter.window.current == page.get(key, "more")
    if key == "F5":
        orders = counter.screens.page("orders")
        assert orders.filters.segment is OrderSegment.OPEN, "those that the row counts"


@pytest.mark.parametrize(
    ("card", "make_actor"),
    [("cancelAsBuyer", Actor.buyer), ("cancelAsSeller", Actor.seller)],
)
def test_each_cancel_card_leads_to_its_side(qtbot, counter, card, make_actor):
    requested = []

    class Cancelling(Refusing):
        def get_item(self, *arguments):
            requested.append(arguments)
            raise UserError(ErrorCode.ITEM_UNKNOWN)

    attach(qtbot, counter, services(cancellation_service=Cancelling()))
    counter.window.show_screen("cards")
    card = counter.screens.page("cards").cards[card]
    for one, number in zip(card.fields, (2**40, 2**41), strict=True):
        one.line.setText(str(number))
    card.button.click()
    qtbot.waitUntil(lambda: bool(requested))
    assert requested == [(make_actor(2**40), 2**41)]
    assert counter.window.current == "cancel"


def test_services_that_cannot_be_had_are_reported_where_the_person_is(qtbot, counter):
    counter.show_problem(EnvironmentProblem(EnvironmentCode.DISK_FULL, "posapp.db"))
    assert counter.home.banner.isVisible()


def test_the_lamp_follows_the_calls(qtbot, counter):
    steps, desk = Steps(), NothingUnsent(status=WELL)
    attach(qtbot, counter, services(step=steps, sync_service=desk))
    lamp = counter.window.status_bar.sync
    for status, tone in ((OFFLINE, "warning"), (WELL, "success")):
        desk.status = status
        steps.changes.append(Change("connectivity", int(status.online)))
        counter.worker.wake()
        qtbot.waitUntil(lambda tone=tone: lamp.tone == tone)


def question_of(qtbot, counter) -> PendingDialog:
    """The open question, once its action button is enabled."""
    qtbot.waitUntil(lambda: counter.screens.sync.leaving.question is not None)
    question = counter.screens.sync.leaving.question
    qtbot.waitUntil(question.can_agree)
    return question


def test_fault_70_closing_with_money_on_its_way_asks_with_the_list(qtbot, counter):
    """The safe answer stays; agreeing closes, and the records go on at the next start."""
    attach(qtbot, counter, services(sync_service=NothingUnsent((TRIED, SENDING))))
    counter.window.close()
    assert counter.window.isVisible()
    question = question_of(qtbot, counter)
    assert "2건" in question.windowTitle() and "42,000원" in question.windowTitle()
    assert [row.refund_id for row in question.rows] == [7, 8]
    assert question.focusWidget() is question.no
    counter.window.close()  # again, with the question up: there is one question
    assert len(counter.window.findChildren(PendingDialog)) == 1
    question.no.click()
    assert counter.window.isVisible()
    counter.window.close()
    question_of(qtbot, counter).yes.click()
    qtbot.waitUntil(lambda: not counter.window.isVisible())


def test_window_without_services_closes_at_once(counter):
    counter.window.close()
    assert not counter.window.isVisible()


def test_nothing_is_queried_when_nothing_is_open(qtbot, counter):
    attach(qtbot, counter)
    counter.window.close()
    qtbot.waitUntil(lambda: not counter.window.isVisible())


def a_progress(phase_payment: Payment | None) -> PaymentProgress:
    at = START
    attempt = Attempt(5, 10, "pos-1", Won(5000), at, AttemptState.PAID, imp_uid="imp_1")
    item = OrderItem(100, 10, 1, 7, 1000, "단팥빵", Won(5000), 1, ItemStatus.COMPLETE_PAYMENT)
    return progress_of(attempt, Order(10, 1, at, (item,)), phase_payment, None)


PAID = Payment("imp_1", "pos-1", 10, Won(5000), START, PaymentDisposition.ACCEPTED)


def test_fault_70_a_live_qr_and_the_unsent_ones_are_one_question(qtbot, counter, monkeypatch):
    """Leaving a QR is no word about refunds."""
    attach(qtbot, counter, services(sync_service=UnsentAndLive((TRIED,))))
    monkeypatch.setattr(type(counter.screens.pay), "is_live", True)
    counter.window.close()
    question = question_of(qtbot, counter)
    assert counter.window.current == "pay" and counter.window.isVisible()
    assert "QR 1건" in question.accessibleDescription()
    assert "1건" in question.windowTitle() and len(question.rows) == 1
    question.yes.click()
    qtbot.waitUntil(lambda: not counter.window.isVisible())


class OneLive(Refusing):
    """An attempt that is live at the first read and recorded as paid after the first poll."""

    kakaopay_tax = KakaoPayTax.MIXED

    def __init__(self) -> None:
        self.recorded = False

    def list_live(self):
        return () if self.recorded else (a_progress(None),)

    def get_progress(self, attempt_id):
        return a_progress(PAID if self.recorded else None)


def test_esc_after_an_outcome_ends_the_sale(qtbot, counter):
    """The next person begins with an empty search, and finds nothing of the last one anywhere."""
    attach(qtbot, counter)
    counter.home.search.setText("12")
    counter.home.by_number.setFocus()
    counter.window.show_screen("orders")
    counter.screens.page("orders").search.setText("김하나")
    counter.window.show_screen("cards")
    field = counter.screens.page("cards").cards["pay"].fields[0].line
    field.setText("12")
    counter.screens.pay.show_attempt(a_progress(PAID))
    counter.window.show_screen("pay")
    counter.window.back()
    assert counter.window.current == "home"
    assert counter.home.search.text() == ""
    assert QApplication.focusWidget() is counter.home.search
    assert counter.screens.page("orders").search.text() == "" and field.text() == ""


def test_attempt_on_screen_is_read_before_polling_starts(qtbot, counter):
    """A first poll that ends the attempt at once must not make the screen forget it."""
    payment_service = OneLive()

    def step() -> EngineStep:
        payment_service.recorded = True
        return EngineStep((Change("attempt", 5),), 50)

    attach(qtbot, counter, services(payment_service=payment_service, step=step))
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    qtbot.waitUntil(lambda: counter.screens.pay.progress.phase is PaymentPhase.DONE)


def test_the_card_of_requests_leads_to_its_page(qtbot, counter):
    """The other three are above and in the test of a first Enter."""
    attach(qtbot, counter)
    counter.window.show_screen("cards")
    card = counter.screens.page("cards").cards["requests"]
    card.fields[0].line.setText("7")
    card.button.click()
    assert counter.window.current == "requests"


def test_the_card_of_a_payment_leads_to_its_page(qtbot, counter):
    attach(qtbot, counter)
    counter.window.show_screen("cards")
    card = counter.screens.page("cards").cards["pay"]
    card.take_typed("12")
    card.fields[1].line.setText("1024")
    card.button.click()
    assert counter.window.current == "pay"
    assert counter.screens.pay._controller._target == (Actor.buyer(12), 1024)


def test_more_lists_every_page_that_is_no_step_of_another(qtbot, counter):
    attach(qtbot, counter)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: counter.window.current == "more")
    more = counter.screens.page("more")
    assert set(more.rows) == {
        *("buyer_request", "import", "sync", "open_money", "settings", "staff", "appearance"),
        *("charts", "products", "printer"),
    }
    for name, row in more.rows.items():
        counter.window.show_screen("more")
        row.click()
        assert counter.window.current == name and counter.window.before == "more"
        assert counter.window.head.back.isVisible()


def test_more_is_walked_by_arrows_and_ends_the_program(qtbot, counter):
    attach(qtbot, counter)
    counter.window.resize(1366, 1080)  # a lower window has two columns
    counter.window.show_screen("more")
    more = counter.screens.page("more")
    rows = [*more.rows.values(), more.leave]
    assert QApplication.focusWidget() is rows[0]
    for row in (*rows[1:], rows[-1]):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        qtbot.waitUntil(row.hasFocus)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    qtbot.waitUntil(rows[-2].hasFocus)
    more.leave.click()
    qtbot.waitUntil(lambda: not counter.window.isVisible())
