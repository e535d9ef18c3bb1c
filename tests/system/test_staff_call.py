"""Calling staff over the shop's network: what is sent, and devices that are away or refuse."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from posapp.app.kiosk_services import staff_call_of
from posapp.domain.setting_kinds import CallAddressKind
from posapp.domain.settings import Settings
from posapp.system import staff_call
from posapp.system.serial_call import SerialCall
from posapp.system.staff_call import HttpCall, PrinterCall

AT = datetime(2026, 11, 23, 5, 5, tzinfo=UTC)


class Device(BaseHTTPRequestHandler):
    """Keeps what is posted to it."""

    posted: list[tuple[str, dict[str, object]]]
    status = 204

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.posted.append((self.path, json.loads(self.rfile.read(length))))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def device() -> Iterator[tuple[str, type[Device]]]:
    made = type("ThisDevice", (Device,), {"posted": []})
    with HTTPServer(("127.0.0.1", 0), made) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}", made
        server.shutdown()
        thread.join()


def test_a_call_is_posted_with_the_kiosk_and_the_time_of_the_shop(device):
    address, made = device
    assert HttpCall(f"{address}/bell/3").call(3, AT)
    assert made.posted == [("/bell/3", {"kiosk": 3, "called_at": "2026-11-23T14:05:00+09:00"})]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_another_answer_is_no_call_and_leads_nowhere(device, status):
    address, made = device
    made.status = status
    assert not HttpCall(address).call(3, AT)
    assert [path for path, _ in made.posted] == ["/"]


def test_a_slip_says_which_kiosk_calls_and_when():
    with socket.create_server(("127.0.0.1", 0)) as printer:
        got: list[bytes] = []

        def take() -> None:
            connection, _ = printer.accept()
            with connection:
                while part := connection.recv(4096):
                    got.append(part)

        thread = threading.Thread(target=take)
        thread.start()
        assert PrinterCall(f"127.0.0.1:{printer.getsockname()[1]}").call(12, AT)
        thread.join()
    printed = b"".join(got)
    assert "키오스크 12\n직원 호출 14:05".encode("cp949") in printed
    assert printed.startswith(b"\x1b@")
    assert printed.endswith(b"\x1dV\x01")


@pytest.mark.parametrize("way", [HttpCall, PrinterCall])
def test_a_device_that_is_away_is_no_call_and_no_error(way):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert not way(f"127.0.0.1:{port}").call(1, AT)


def test_a_device_that_does_not_answer_is_given_up(monkeypatch):
    monkeypatch.setattr(staff_call, "PATIENCE_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not HttpCall(f"127.0.0.1:{silent.getsockname()[1]}").call(1, AT)


@pytest.mark.parametrize(
    ("way", "address", "expected"),
    [
        *(("screen", "192.168.0.20:9100", None), ("printer", "", None)),
        *(("printer", "192.168.0.20:9100", PrinterCall), ("http", "10.0.0.1:80/bell", HttpCall)),
        *(("serial", "/dev/ttyUSB0", SerialCall), ("serial", "192.168.0.20:9100", None)),
        *(("printer", "/dev/ttyUSB0", None), ("http", "/dev/ttyUSB0", None)),
    ],
)
def test_the_settings_choose_the_way_and_an_address_of_another_way_is_no_way(
    way, address, expected
):
    settings = Settings(call_way=way, call_address=address, call_signal="A0, A1")
    found = staff_call_of(settings)
    assert (None if found is None else type(found)) is expected


@pytest.mark.parametrize(
    "good",
    [
        *("", "192.168.0.20:9100", "10.0.0.1:80/bell", "127.0.0.1:8080/"),
        *("/dev/ttyUSB0", "/dev/cu.usbserial-10", "/dev/serial/by-id/usb-1a86_USB2.0-if00-port0"),
    ],
)
def test_addresses_of_the_shop_s_network_and_serial_ports_are_taken(good):
    assert CallAddressKind().read(good, from_text=True) == good


@pytest.mark.parametrize(
    "bad",
    [
        *("8.8.8.8:80", "printer:9100", "192.168.0.20", "0.0.0.0:80", "192.168.0.20:0"),
        *("192.168.0.20:65536", "http://192.168.0.20:80", "192.168.0.300:80", "10.1:80"),
        *("/dev/sda", "/dev/tty", "/dev/tty/../sda", "/etc/passwd", "COM3", "/dev/ttyS0 "),
        *("user@192.168.0.20:80", "192.168.0.20:80/a b", "192.168.0.20:80/?q", "::1:80", None, 1),
    ],
)
def test_any_other_address_is_refused(bad):
    with pytest.raises(ValueError, match="network"):
        CallAddressKind().read(bad, from_text=True)
