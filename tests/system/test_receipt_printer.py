"""What a receipt printer is sent, read back by a printer for tests; its states, and its faults."""

from __future__ import annotations

import os
import socket
import stat
import threading
import tty
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import EnvironmentCode
from posapp.domain.roll import Roll, RollCode, RollLine, RollPart, RollPicture
from posapp.domain.roll_letters import Hangul
from posapp.domain.setting_kinds import PrinterKind
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.system.receipt_printer import queue_printer
from posapp.system.receipt_printer.answers import read_state
from posapp.system.receipt_printer.channels import DeviceChannel, NetworkChannel
from posapp.system.receipt_printer.direct_printer import DirectPrinter, Limits
from posapp.system.receipt_printer.encoder import encode, has_letters
from posapp.system.receipt_printer.printer_at import printer_at
from posapp.system.receipt_printer.queue_printer import QueuePrinter, submit_by_lp
from tests.bounds import LONGEST_S
from tests.fakes.receipt_printer import (
    COVER_OPEN,
    CUTTER_STUCK,
    OFFLINE,
    PAPER_LOW,
    PAPER_OUT,
    READY,
    EscPos,
    FakeReceiptPrinter,
    Fault,
)

PATIENT = Limits(connect=60, answer=60, write=60)
"""For what answers: a slow machine is no fault."""

PAPER = Roll((RollLine("하나 베이커리"), *[RollLine("단팥빵 2,200원")] * 40), 32)


class Drawn:
    """Draws nothing, and keeps what it was to draw."""

    def __init__(self) -> None:
        self.runs: list[tuple[RollPart, ...]] = []

    def __call__(self, parts: Sequence[RollPart], columns: int) -> RollPicture:
        self.runs.append(tuple(parts))
        return RollPicture(columns * 12 // 8, b"\x81" * (columns * 12 // 8) * 30 * len(parts))


def read(content: bytes, columns: int = 42) -> EscPos:
    printer = EscPos(columns)
    assert printer.read(content) == b"" and printer.wrong == []
    return printer


def test_lines_codes_and_styles_come_out_as_they_were_laid() -> None:
    lines = (
        RollLine("하나 베이커리", is_bold=True, is_large=True, is_centred=True),
        RollLine("단팥빵 × 7     15,400원"),
        RollCode("PO1024"),
        RollLine(),
    )
    printer = read(encode(Roll(lines, 42), Drawn()))
    title, item, code, empty = printer.out
    assert (title.text, title.is_bold, title.is_large, title.is_centred) == (
        *("하나 베이커리", True, True, True),
    )
    assert (item.text, item.is_bold, item.is_large, item.is_centred) == (
        *("단팥빵 × 7     15,400원", False, False, False),
    )
    assert (code.code, code.module, code.is_centred) == ("PO1024", 6, True)
    assert empty.text == ""
    assert (printer.cuts, printer.drawers) == (1, 0)


@pytest.mark.parametrize(
    ("text", "in_ks5601", "in_cp949"),
    [
        ("가각 12,000원 ×·…", True, True),
        ("똠방각하", False, True),
        ("뷁", False, True),
        ("₩12,000", False, False),
        ("2–3", False, False),
        ("😀", False, False),
        ("back\\slash", False, False),
        ("é", False, False),
        ("\x1bp", False, False),
        ("\x10\x04\x01", False, False),
        ("\n", False, False),
    ],
)
def test_letters_that_a_printer_lacks_are_drawn(text: str, in_ks5601: bool, in_cp949: bool) -> None:
    assert has_letters(text, Hangul.KS5601) is in_ks5601
    assert has_letters(text, Hangul.CP949) is in_cp949
    assert not has_letters("a", Hangul.RASTER)


def test_neighbours_that_are_drawn_are_one_picture_in_bands() -> None:
    drawn = Drawn()
    lines = (RollLine("똠"), *[RollLine("뷁")] * 9, RollLine("가"), RollLine("힣"))
    printer = read(encode(Roll(lines, 48), drawn), 48)
    assert [len(run) for run in drawn.runs] == [10, 1]
    assert [len(one.rows) // 72 for one in printer.out if one.rows] == [256, 44, 30]
    assert [one.text for one in printer.out if not one.rows] == ["가"]


def test_by_pictures_alone_no_text_and_no_code_is_sent() -> None:
    drawn = Drawn()
    printer = read(encode(Roll((RollLine("가"), RollCode("PO1")), 32, Hangul.RASTER), drawn), 32)
    assert len(drawn.runs) == 1 and all(one.rows for one in printer.out)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=12), max_size=4))
def test_no_text_is_a_command(texts: list[str]) -> None:
    """A name with control characters opens no drawer and asks for no state."""
    content = encode(Roll(tuple(map(RollLine, texts)), 48), Drawn())
    printer = read(content, 48)
    assert (printer.drawers, printer.cuts) == (0, 1)


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (READY, PrinterState.READY),
        (PAPER_LOW, PrinterState.PAPER_LOW),
        ((), PrinterState.UNKNOWN),
        (READY[:3], PrinterState.UNKNOWN),
    ],
)
def test_answers_are_a_state(answers: tuple[int, ...], state: PrinterState) -> None:
    assert read_state(bytes(answers)) is state


PROBLEMS = [
    (COVER_OPEN, EnvironmentCode.PRINTER_COVER),
    (PAPER_OUT, EnvironmentCode.PRINTER_PAPER),
    (CUTTER_STUCK, EnvironmentCode.PRINTER_CUTTER),
    (OFFLINE, EnvironmentCode.PRINTER_OFFLINE),
]


@given(st.binary(min_size=1, max_size=4))
def test_an_answer_counts_only_with_its_fixed_bits(answers: bytes) -> None:
    if any(answer & 0x93 != 0x12 for answer in answers):
        with pytest.raises(PrinterProblem) as refused:
            read_state(answers)
        assert refused.value.code is EnvironmentCode.PRINTER_STRANGE


def direct(printer: FakeReceiptPrinter, limits: Limits) -> DirectPrinter:
    return DirectPrinter(partial(NetworkChannel, "127.0.0.1", printer.port, limits.connect), limits)


@pytest.mark.parametrize("state", [READY, PAPER_LOW])
def test_a_paper_comes_out_over_the_network(state: tuple[int, int, int, int]) -> None:
    with FakeReceiptPrinter(32, state) as printer:
        said = direct(printer, PATIENT).print(PAPER, Drawn())
    assert said is (PrinterState.READY if state is READY else PrinterState.PAPER_LOW)
    assert printer.paper.text.startswith("하나 베이커리\n단팥빵 2,200원\n")
    assert (len(printer.paper.out), printer.paper.cuts, printer.paper.wrong) == (41, 1, [])


@pytest.mark.parametrize(("state", "code"), PROBLEMS)
def test_nothing_is_sent_to_a_printer_that_cannot_print(
    state: tuple[int, int, int, int], code: EnvironmentCode
) -> None:
    with FakeReceiptPrinter(32, state) as printer, pytest.raises(PrinterProblem) as refused:
        direct(printer, PATIENT).print(PAPER, Drawn())
    assert (refused.value.code, refused.value.may_be_out) == (code, False)
    assert printer.paper.out == []


@pytest.mark.parametrize("state", [READY, PAPER_LOW])
def test_the_state_of_a_printer_is_read_without_a_paper(state: tuple[int, int, int, int]) -> None:
    with FakeReceiptPrinter(32, state) as printer:
        said = direct(printer, PATIENT).state()
    assert said is (PrinterState.READY if state is READY else PrinterState.PAPER_LOW)
    assert (printer.paper.out, printer.paper.cuts, printer.paper.wrong) == ([], 0, [])


@pytest.mark.parametrize(("state", "code"), PROBLEMS)
def test_a_printer_that_cannot_print_says_why(
    state: tuple[int, int, int, int], code: EnvironmentCode
) -> None:
    with FakeReceiptPrinter(32, state) as printer, pytest.raises(PrinterProblem) as refused:
        direct(printer, PATIENT).state()
    assert refused.value.code is code


def test_a_printer_that_is_off_and_a_queue_have_no_state() -> None:
    with pytest.raises(PrinterProblem) as failed:
        printer_at("usb:/dev/usb/lp98").state()
    assert failed.value.code is EnvironmentCode.PRINTER_AWAY
    assert printer_at("queue:POS80").state() is PrinterState.UNKNOWN


def test_paper_that_ends_under_a_receipt_is_reported_and_may_be_out() -> None:
    with (
        FakeReceiptPrinter(32, after=PAPER_OUT) as printer,
        pytest.raises(PrinterProblem) as refused,
    ):
        direct(printer, PATIENT).print(PAPER, Drawn())
    assert (refused.value.code, refused.value.may_be_out) == (EnvironmentCode.PRINTER_PAPER, True)


def test_a_printer_without_answers_is_never_called_ready() -> None:
    with FakeReceiptPrinter(32, fault=Fault.SILENT) as printer:
        limits = Limits(connect=60, answer=0.05, write=60)
        assert direct(printer, limits).print(PAPER, Drawn()) is PrinterState.UNKNOWN


@pytest.mark.parametrize(
    ("fault", "limits", "code", "may_be_out"),
    [
        (Fault.GARBAGE, PATIENT, EnvironmentCode.PRINTER_STRANGE, False),
        (Fault.HALF_CLOSED, PATIENT, EnvironmentCode.PRINTER_AWAY, False),
        (Fault.UNPLUGGED, PATIENT, EnvironmentCode.PRINTER_HALTED, True),
        (Fault.DRIP, Limits(60, 60, 0.2), EnvironmentCode.PRINTER_HALTED, True),
        (Fault.FULL, Limits(60, 60, 0.2), EnvironmentCode.PRINTER_HALTED, True),
    ],
)
def test_each_fault_is_a_print_that_failed_for_a_reason(
    fault: Fault, limits: Limits, code: EnvironmentCode, may_be_out: bool
) -> None:
    with FakeReceiptPrinter(32, fault=fault) as printer, pytest.raises(PrinterProblem) as failed:
        direct(printer, limits).print(PAPER, Drawn())
    assert (failed.value.code, failed.value.may_be_out) == (code, may_be_out)
    assert printer.paper.cuts == 0


def test_a_printer_that_is_off_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(PrinterProblem) as failed:
        printer_at(f"tcp:127.0.0.1:{port}").print(PAPER, Drawn())
    assert (failed.value.code, failed.value.may_be_out) == (EnvironmentCode.PRINTER_AWAY, False)


def test_a_printer_at_a_usb_port_takes_the_paper_and_answers() -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    paper = EscPos(32)

    def play() -> None:
        answers = b""
        while not (paper.cuts and answers):
            answers = paper.read(os.read(ours, 4096))
            os.write(ours, answers)

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    printer = DirectPrinter(partial(DeviceChannel, os.ttyname(theirs)), PATIENT)
    assert printer.print(PAPER, Drawn()) is PrinterState.READY
    thread.join()
    assert (len(paper.out), paper.wrong) == (41, [])
    os.close(ours)
    os.close(theirs)


def test_a_device_that_is_not_plugged_in_is_away() -> None:
    with pytest.raises(PrinterProblem) as failed:
        printer_at("usb:/dev/usb/lp98").print(PAPER, Drawn())
    assert failed.value.code is EnvironmentCode.PRINTER_AWAY


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program ``lp`` that keeps what it gets; its exit code is in a file."""
    program = tmp_path / "lp"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/given\ncat > {tmp_path}/taken\n'
        f"echo no such queue >&2\nexit $(cat {tmp_path}/code)\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / "code").write_text("0")
    return tmp_path


def test_a_queue_gets_the_bytes_as_they_are(lp: Path) -> None:
    printer = QueuePrinter("POS80", submit_by_lp)
    assert printer.print(PAPER, Drawn()) is PrinterState.UNKNOWN
    assert (lp / "given").read_text().split() == "-d POS80 -o raw -t posapp".split()
    assert read((lp / "taken").read_bytes(), 32).cuts == 1


def test_a_queue_that_takes_nothing_is_reported(lp: Path) -> None:
    (lp / "code").write_text("1")
    with pytest.raises(PrinterProblem) as failed:
        QueuePrinter("POS80", submit_by_lp).print(PAPER, Drawn())
    assert (failed.value.code, failed.value.may_be_out) == (EnvironmentCode.PRINTER_QUEUE, False)
    assert "no such queue" in failed.value.detail


@pytest.mark.parametrize("state", [READY, PAPER_OUT, COVER_OPEN])
def test_the_drawer_opens_whatever_the_paper_is(state: tuple[int, int, int, int]) -> None:
    with FakeReceiptPrinter(state=state) as printer:
        direct(printer, PATIENT).open_drawer()
        assert printer.left.wait(LONGEST_S)
    assert (printer.paper.drawers, printer.paper.cuts, printer.paper.wrong) == (1, 0, [])


def test_a_queue_opens_the_drawer(lp: Path) -> None:
    QueuePrinter("POS80", submit_by_lp).open_drawer()
    assert read((lp / "taken").read_bytes()).drawers == 1
    (lp / "code").write_text("1")
    with pytest.raises(PrinterProblem) as failed:
        QueuePrinter("POS80", submit_by_lp).open_drawer()
    assert failed.value.code is EnvironmentCode.PRINTER_QUEUE


def test_a_drawer_at_a_printer_that_is_off_is_reported() -> None:
    with pytest.raises(PrinterProblem) as failed:
        printer_at("usb:/dev/usb/lp98").open_drawer()
    assert failed.value.code is EnvironmentCode.PRINTER_AWAY


def test_a_queue_that_hangs_may_have_taken_the_paper(
    lp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lp / "lp").write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(queue_printer, "_PATIENCE_S", 0.1)
    with pytest.raises(PrinterProblem) as failed:
        QueuePrinter("POS80", submit_by_lp).print(PAPER, Drawn())
    assert failed.value.may_be_out


@pytest.mark.parametrize(
    "good",
    [
        *("", "tcp:192.168.0.20:9100", "usb:/dev/usb/lp0", "queue:POS80", "queue:영수증 프린터"),
        *("serial:/dev/ttyUSB0@9600", "serial:COM3@19200", "serial:/dev/cu.usbserial-1@115200"),
        "serial:/dev/serial/by-id/usb-FTDI_FT232R-if00-port0@38400",
    ],
)
def test_an_address_names_a_way_and_a_place(good: str) -> None:
    assert PrinterKind().read(good, from_text=True) == good


@pytest.mark.parametrize(
    "bad",
    [
        *("192.168.0.20:9100", "tcp:192.168.0.20", "tcp:8.8.8.8:9100", "tcp:printer:9100"),
        *("tcp:192.168.0.20:9100/x", "usb:/dev/sda", "usb:/dev/usb/lp0/../../sda", "usb:lp0"),
        *("queue:", "queue:-o", "queue:a/b", "queue:a\nb", "queue: a", "serial:COM1", 5, None),
        *("serial:COM3@300", "serial:COM3@", "serial:COM0@9600", "serial:com3@9600"),
        *("serial:/dev/sda@9600", "serial:/dev/ttyUSB0@9600@9600", "serial:/dev/tty/../sda@9600"),
        *("serial:COM3@9600\n", "serial:COM3@٩٦٠٠"),
    ],
)
def test_other_addresses_are_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="tcp:"):
        PrinterKind().read(bad, from_text=True)
