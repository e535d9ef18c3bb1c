"""A receipt printer at a serial port: pyserial at one end of a pty, a printer for tests at the
other one."""

from __future__ import annotations

import os
import select
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode
from posapp.domain.setting_kinds import SERIAL_SPEEDS
from posapp.domain.settings import BY_NAME
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.system.receipt_printer import printer_at as addresses
from posapp.system.receipt_printer.direct_printer import DirectPrinter, Limits
from posapp.system.receipt_printer.printer_at import addresses_here, printer_at
from posapp.system.receipt_printer.serial_channel import SerialChannel, serial_ports
from posapp.ui.printing.roll_sample import SAMPLE, sample_roll
from tests.bounds import LONGEST_S
from tests.fakes.receipt_printer import COVER_OPEN, PAPER_LOW, PAPER_OUT, READY, EscPos
from tests.system.test_receipt_printer import PAPER, PATIENT, PROBLEMS, Drawn

pytest.importorskip("serial")


class SerialPrinter:
    """A printer at the far end of a serial line, for use as a context.

    Args:
        answers: what becomes of its answers.
    """

    def __init__(
        self,
        state: tuple[int, int, int, int] = READY,
        after: tuple[int, int, int, int] | None = None,
        answers: Callable[[bytes], bytes] = bytes,
    ) -> None:
        self.paper = EscPos(32, state, after)
        self._answers = answers
        self._end, self._ending = os.pipe()
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.port = os.ttyname(self._theirs)
        self._thread = threading.Thread(target=self._play, daemon=True)

    @property
    def address(self) -> str:
        return f"serial:{self.port}@19200"

    def __enter__(self) -> SerialPrinter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.write(self._ending, b"x")
        self._thread.join(LONGEST_S)
        for one in (self._ours, self._theirs, self._end, self._ending):
            os.close(one)

    def _play(self) -> None:
        while True:
            ready, _, _ = select.select((self._ours, self._end), (), ())
            if self._ours in ready:
                os.write(self._ours, self._answers(self.paper.read(os.read(self._ours, 4096))))
            elif self._end in ready:
                return


def direct(printer: SerialPrinter, limits: Limits = PATIENT) -> DirectPrinter:
    return DirectPrinter(partial(SerialChannel, printer.port, 19_200), limits)


@pytest.mark.parametrize("state", [READY, PAPER_LOW])
def test_a_paper_comes_out_over_a_serial_line(state: tuple[int, int, int, int]) -> None:
    with SerialPrinter(state) as printer:
        said = direct(printer).print(PAPER, Drawn())
    assert said is (PrinterState.READY if state is READY else PrinterState.PAPER_LOW)
    assert printer.paper.text.startswith("하나 베이커리\n단팥빵 2,200원\n")
    assert (len(printer.paper.out), printer.paper.cuts, printer.paper.wrong) == (41, 1, [])


def test_the_test_page_comes_out_at_its_address() -> None:
    with SerialPrinter() as printer:
        found = printer_at(printer.address)
        assert found.state() is PrinterState.READY
        assert found.print(sample_roll(("하나",), 32), Drawn()) is PrinterState.READY
        found.open_drawer()
    assert SAMPLE in printer.paper.text and printer.paper.wrong == []
    assert any(one.rows for one in printer.paper.out), "what the printer has no letters for"


@pytest.mark.parametrize(("state", "code"), PROBLEMS)
def test_nothing_is_sent_to_one_that_cannot_print(
    state: tuple[int, int, int, int], code: EnvironmentCode
) -> None:
    with SerialPrinter(state) as printer, pytest.raises(PrinterProblem) as refused:
        direct(printer).print(PAPER, Drawn())
    assert (refused.value.code, refused.value.may_be_out) == (code, False)
    assert printer.paper.out == []


def test_paper_that_ends_under_a_receipt_is_reported_and_may_be_out() -> None:
    with SerialPrinter(after=PAPER_OUT) as printer, pytest.raises(PrinterProblem) as refused:
        direct(printer).print(PAPER, Drawn())
    assert (refused.value.code, refused.value.may_be_out) == (EnvironmentCode.PRINTER_PAPER, True)


def test_one_without_answers_is_never_called_ready() -> None:
    with SerialPrinter(answers=lambda _: b"") as printer:
        limits = Limits(connect=60, answer=0.05, write=60)
        assert direct(printer, limits).print(PAPER, Drawn()) is PrinterState.UNKNOWN
    assert printer.paper.cuts == 1


def test_what_answers_like_no_printer_gets_nothing() -> None:
    with (
        SerialPrinter(answers=lambda _: b"OK\r\n") as printer,
        pytest.raises(PrinterProblem) as refused,
    ):
        direct(printer).print(PAPER, Drawn())
    assert refused.value.code is EnvironmentCode.PRINTER_STRANGE
    assert printer.paper.out == []


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """A serial line whose far end nobody reads: its number, and the name of the near end."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def test_a_printer_that_takes_no_more_ends_by_the_deadline(line: tuple[int, str]) -> None:
    far, name = line

    def answer() -> None:
        os.read(far, 12)
        os.write(far, bytes(READY))

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    printer = DirectPrinter(partial(SerialChannel, name, 9_600), Limits(60, 60, 0.2))
    long = type(PAPER)(PAPER.parts * 200, PAPER.columns)
    with pytest.raises(PrinterProblem) as failed:
        printer.print(long, Drawn())
    thread.join()
    assert (failed.value.code, failed.value.may_be_out) == (EnvironmentCode.PRINTER_HALTED, True)


def test_a_line_that_another_program_uses_is_away(line: tuple[int, str]) -> None:
    used = SerialChannel(line[1], 9_600)
    with pytest.raises(PrinterProblem) as failed:
        printer_at(f"serial:{line[1]}@9600").print(PAPER, Drawn())
    used.close()
    assert (failed.value.code, failed.value.may_be_out) == (EnvironmentCode.PRINTER_AWAY, False)


def test_a_port_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(PrinterProblem) as failed:
        printer_at(f"serial:{tmp_path}/ttyUSB9@9600").open_drawer()
    assert failed.value.code is EnvironmentCode.PRINTER_AWAY


def test_a_slow_line_has_the_time_that_its_paper_takes() -> None:
    """At 9,600 bits a second the test page alone takes longer than a paper has elsewhere."""
    with SerialPrinter() as printer:
        limits = Limits(connect=60, answer=60, write=0)
        slow = DirectPrinter(
            partial(SerialChannel, printer.port, 9_600), limits, bytes_per_s=len("x") / 60
        )
        assert slow.print(PAPER, Drawn()) is PrinterState.READY
        with pytest.raises(PrinterProblem):
            direct(printer, limits).print(PAPER, Drawn())


def test_without_pyserial_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "serial", None)
    monkeypatch.setitem(sys.modules, "serial.tools.list_ports", None)
    printer = printer_at("serial:/dev/ttyUSB0@9600")
    for act in (printer.state, printer.open_drawer, lambda: printer.print(PAPER, Drawn())):
        with pytest.raises(PrinterProblem) as failed:
            act()
        assert (failed.value.code, failed.value.may_be_out) == (
            *(EnvironmentCode.PRINTER_SERIAL, False),
        )
    assert serial_ports() == ()


def test_the_ports_of_the_machine_are_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lp0").touch()
    monkeypatch.setattr(addresses, "_USB_FOLDER", tmp_path)
    monkeypatch.setattr(addresses, "serial_ports", lambda: ("/dev/ttyUSB0",))
    usb, *serial = addresses_here()
    assert usb == f"usb:{tmp_path}/lp0"
    assert serial == [f"serial:/dev/ttyUSB0@{speed}" for speed in SERIAL_SPEEDS]
    setting = BY_NAME["receipt_printer"]
    assert [setting.read(one, from_text=True) for one in serial] == serial


def test_a_cover_that_is_open_is_said_by_the_state() -> None:
    with SerialPrinter(COVER_OPEN) as printer, pytest.raises(PrinterProblem) as failed:
        direct(printer).state()
    assert failed.value.code is EnvironmentCode.PRINTER_COVER
