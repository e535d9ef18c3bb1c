"""A bell at a serial port: the bytes that reach it, by a pseudo-terminal, and ports that fail."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from posapp.domain.setting_kinds import SignalKind
from posapp.system import serial_call
from posapp.system.serial_call import RING_S, SerialCall

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="serial ports are Linux's here")

AT = datetime(2026, 11, 23, 5, 5, tzinfo=UTC)
ON, OFF = b"\xa0\x01\x01\xa2", b"\xa0\x01\x00\xa1"
SIGNAL = f"{ON.hex()}, {OFF.hex()}"


@pytest.fixture
def port() -> Iterator[tuple[int, str]]:
    """The bell's end of a port, and the path of the kiosk's."""
    bell, kiosk = os.openpty()
    os.set_blocking(bell, False)
    yield bell, os.ttyname(kiosk)
    os.close(bell)
    os.close(kiosk)


def received(bell: int) -> bytes:
    with suppress(BlockingIOError):
        return os.read(bell, 100)
    return b""


def test_the_bell_is_switched_on_for_a_while_and_off_again(port):
    bell, path = port
    heard: list[object] = []
    call = SerialCall(path, SIGNAL, wait=lambda seconds: heard.extend([received(bell), seconds]))
    assert call.call(3, AT)
    assert [*heard, received(bell)] == [ON, RING_S, OFF]


def test_a_bell_that_ends_by_itself_gets_one_signal_as_it_is(port):
    bell, path = port
    every = bytes(range(16))  # a terminal would echo, translate or act on these
    assert SerialCall(path, every.hex(), wait=lambda _: None).call(3, AT)
    assert received(bell) == every


def test_without_bytes_the_lines_of_the_port_switch_it(port, monkeypatch):
    import fcntl
    import termios

    seen: list[object] = []
    monkeypatch.setattr(fcntl, "ioctl", lambda file, act, lines: seen.append((act, lines)))
    assert SerialCall(port[1], wait=seen.append).call(3, AT)
    lines = struct.pack("I", termios.TIOCM_DTR | termios.TIOCM_RTS)
    assert seen == [(termios.TIOCMBIS, lines), RING_S, (termios.TIOCMBIC, lines)]


def test_a_port_without_such_lines_is_no_call(port, caplog):
    assert not SerialCall(port[1], wait=lambda _: None).call(3, AT)
    assert "the bell did not ring" in caplog.text


@pytest.mark.parametrize("path", ["/dev/posapp-none", "/dev/null"])
def test_what_is_no_port_is_no_call(path, caplog):
    assert not SerialCall(path, SIGNAL, wait=lambda _: None).call(3, AT)
    assert "the bell did not ring" in caplog.text


def test_windows_has_no_ports_here(port, monkeypatch, caplog):
    monkeypatch.setattr(serial_call.sys, "platform", "win32")
    assert not SerialCall(port[1], SIGNAL, wait=lambda _: None).call(3, AT)
    assert "no serial ports on Windows" in caplog.text


@pytest.mark.parametrize("good", ["", "a0", "A00101A2", SIGNAL, "a0,a1", "00" * 16])
def test_signals_that_the_setting_takes(good):
    SerialCall("/dev/ttyS0", str(SignalKind().read(good, from_text=True)))


@pytest.mark.parametrize(
    "bad", ["a", "a0a", "0xa0", "zz", "a0,", ",a0", "a0,a1,a2", "a0 a1", "00" * 17, 7, None]
)
def test_signals_that_the_setting_refuses(bad):
    with pytest.raises(ValueError, match="hexadecimal"):
        SignalKind().read(bad, from_text=True)
