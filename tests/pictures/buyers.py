"""States of what buyers see: the kiosk's window, and the buyer's display beside a counter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posapp.domain.errors import EnvironmentCode
from posapp.domain.money import Won
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.ui.display.buyer_view import NOTHING, BuyerLine, BuyerPhase, BuyerView
from posapp.ui.widgets.qr_matrix import encode
from tests.fakes.books_gateway import Fault
from tests.ui.kiosk.conftest import LONG, ORDER, PHONE_END, Kiosk
from tests.ui.kiosk.test_kiosk_lock_down import set_up_managers
from tests.ui.printing.test_roll_printing import FakePrinter

Opens = Callable[[Kiosk], object]

SIZES = ((1080, 1920), (1920, 1080), (1366, 768), (1280, 800))
"""An upright kiosk of 24 inches, one that lies, a till's screen, and one of 10 inches."""


def _order(kiosk: Kiosk) -> None:
    kiosk.tap("begin", *str(ORDER))


def _wrong(kiosk: Kiosk) -> None:
    kiosk.tap("begin", *"9999", "next")


def _pause(kiosk: Kiosk) -> None:
    kiosk.tap("begin")
    for _ in range(5):
        kiosk.tap("9", "next")


def _phone(kiosk: Kiosk) -> None:
    kiosk.tap("begin", *str(ORDER), "next", *PHONE_END[:2])


def _long(kiosk: Kiosk) -> None:
    kiosk.tap("begin", *str(LONG), "next", *PHONE_END, "next")


def _without_network(kiosk: Kiosk) -> None:
    kiosk.to_summary()
    kiosk.controller.set_online(False)


def _idle(kiosk: Kiosk) -> None:
    kiosk.to_summary()
    kiosk.wait(65)


def _paying(kiosk: Kiosk) -> None:
    kiosk.services.books.open(kiosk.to_qr())
    kiosk.work()


def _checking(kiosk: Kiosk) -> None:
    kiosk.to_qr()
    kiosk.lose_network()
    kiosk.wait(301)
    kiosk.work()


def _freed(kiosk: Kiosk) -> None:
    _checking(kiosk)
    kiosk.wait(91)


def _paid(kiosk: Kiosk) -> None:
    kiosk.to_qr()
    kiosk.pay()


def _receipt(kiosk: Kiosk) -> None:
    kiosk.add_printer(FakePrinter().at)
    _paid(kiosk)


def _receipt_taken(kiosk: Kiosk) -> None:
    _receipt(kiosk)
    kiosk.tap("print")


def _receipt_failed(kiosk: Kiosk) -> None:
    printer = FakePrinter()
    printer.results.append(PrinterProblem(EnvironmentCode.PRINTER_PAPER))
    kiosk.add_printer(printer.at)
    _paid(kiosk)
    kiosk.tap("print")


def _receipt_sent(kiosk: Kiosk) -> None:
    printer = FakePrinter()
    printer.results.append(PrinterState.UNKNOWN)
    kiosk.add_printer(printer.at)
    _paid(kiosk)
    kiosk.tap("print")


def _large(state: Callable[[Kiosk], object], enlarged: int, *, low: bool = False) -> Opens:
    def opens(kiosk: Kiosk) -> None:
        kiosk.wish(enlarged, low=low)
        state(kiosk)

    return opens


def _expired(kiosk: Kiosk) -> None:
    kiosk.to_qr()
    kiosk.wait(301)
    kiosk.work()


def _stopped(kiosk: Kiosk) -> None:
    kiosk.to_qr()
    kiosk.tap("stop")


def _offline(kiosk: Kiosk) -> None:
    kiosk.to_summary()
    kiosk.services.gateway.plan.append(Fault.NOT_CONNECTED)
    kiosk.tap("pay")


def _returned(kiosk: Kiosk) -> None:
    kiosk.services.books.pay(kiosk.to_qr(), 1_000)
    kiosk.work()


def _done_before(kiosk: Kiosk) -> None:
    _paid(kiosk)
    kiosk.tap("done", "begin", *str(ORDER), "next", *PHONE_END, "next")


def _paid_meanwhile(kiosk: Kiosk) -> None:
    kiosk.to_summary()
    entered = kiosk.controller.visit.entered
    assert entered is not None
    other = kiosk.services.container.payment_service.start(entered.buyer, ORDER)
    kiosk.services.books.pay(other.attempt.merchant_uid)
    kiosk.work()
    kiosk.tap("pay")


def _called(kiosk: Kiosk) -> None:
    kiosk.to_summary()
    kiosk.tap("call")


def _exit_free(kiosk: Kiosk) -> None:
    kiosk.controller.ask_exit()


def _exit_pin(kiosk: Kiosk) -> None:
    set_up_managers(kiosk)
    kiosk.controller.ask_exit()
    kiosk.tap(*"739")


def _exit_wrong(kiosk: Kiosk) -> None:
    set_up_managers(kiosk, "박서준")
    kiosk.controller.ask_exit()
    kiosk.tap(*"111111")


def _maintenance(kiosk: Kiosk) -> None:
    kiosk.controller.fail(RuntimeError("the shop cannot be opened"))


_REACHED: Mapping[str, Opens] = {
    "start": lambda kiosk: None,
    "order": _order,
    "summary": lambda kiosk: kiosk.to_summary(),
    "qr": lambda kiosk: kiosk.to_qr(),
    "paid": _receipt,
    "called": _called,
}
"""What there are pictures of for buyers who have it low or large."""

KIOSK: Mapping[str, Opens] = {
    "kiosk_start": lambda kiosk: None,
    "kiosk_order": _order,
    "kiosk_wrong": _wrong,
    "kiosk_pause": _pause,
    "kiosk_phone": _phone,
    "kiosk_summary": lambda kiosk: kiosk.to_summary(),
    "kiosk_summary_long": _long,
    "kiosk_summary_offline": _without_network,
    "kiosk_idle": _idle,
    "kiosk_qr": lambda kiosk: kiosk.to_qr(),
    "kiosk_paying": _paying,
    "kiosk_checking": _checking,
    "kiosk_freed": _freed,
    "kiosk_paid": _paid,
    "kiosk_receipt": _receipt,
    "kiosk_receipt_taken": _receipt_taken,
    "kiosk_receipt_sent": _receipt_sent,
    "kiosk_receipt_failed": _receipt_failed,
    "kiosk_expired": _expired,
    "kiosk_stopped": _stopped,
    "kiosk_offline": _offline,
    "kiosk_returned": _returned,
    "kiosk_done_before": _done_before,
    "kiosk_paid_meanwhile": _paid_meanwhile,
    "kiosk_called": _called,
    "kiosk_exit_free": _exit_free,
    "kiosk_exit_pin": _exit_pin,
    "kiosk_exit_wrong": _exit_wrong,
    "kiosk_maintenance": _maintenance,
    **{
        f"kiosk_{way}_{name}": _large(opens, enlarged, low=way.startswith("low"))
        for way, enlarged in (("large", 200), ("low", 100), ("low_large", 200))
        for name, opens in _REACHED.items()
    },
}
"""Each brings a kiosk that was just opened into its state."""

_LINES = (
    BuyerLine("소금빵", 2, Won(6_400)),
    BuyerLine("아이스 아메리카노 (연하게, 얼음 적게)", 1, Won(4_500)),
    BuyerLine("생크림 케이크 1호", 1, Won(32_000)),
)
_TOTAL = Won(42_900)
_CODE = encode("https://link.example/pay/0123456789")

DISPLAY: Mapping[str, BuyerView] = {
    "display_idle": NOTHING,
    "display_order": BuyerView(BuyerPhase.ORDER, _LINES, _TOTAL),
    "display_order_long": BuyerView(BuyerPhase.ORDER, _LINES * 5, Won(214_500)),
    "display_scan": BuyerView(BuyerPhase.SCAN, _LINES, _TOTAL, _CODE, 285),
    "display_paying": BuyerView(BuyerPhase.PAYING, _LINES, _TOTAL, _CODE, 12),
    "display_checking": BuyerView(BuyerPhase.CHECKING, _LINES, _TOTAL),
    "display_paid": BuyerView(BuyerPhase.PAID, _LINES, _TOTAL),
}
