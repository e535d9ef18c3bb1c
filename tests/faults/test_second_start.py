"""A second start of the same shop (docs/faults.md, row 59): real processes, sockets and lock."""

from __future__ import annotations

import os

from tests.bounds import LONGEST_S, bounded

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.ui.shell.single_window import ActivationServer, raise_first, socket_name
from tests.e2e.deadline import eventually
from tests.e2e.program import environment
from tests.e2e.screen import VirtualScreen

ROOT = Path(__file__).resolve().parents[2]
RAISED = "이미 열려 있는 창을 앞으로 가져왔습니다.\n"
LINE = "a second start brought this window to the front"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and socket files")


class Shop:
    """The demo shop in a folder, started as often as a test likes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.variables = {"QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(home.parent)}
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "posapp", *(arguments or ("demo",)), "--home", str(self.home)],
            cwd=ROOT,
            env=environment(**self.variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def start_and_wait(self) -> subprocess.Popen[str]:
        """Start it and wait until it can be found by a second start."""
        said = self.log().count("posapp.ui.shell.single_window")
        process = self.start()
        eventually(
            lambda: (
                self.log().count("posapp.ui.shell.single_window") > said
                or process.poll() is not None
            ),
            lambda: f"it does not listen: {self.log()[-2000:]}",
        )
        assert process.poll() is None, process.communicate()
        return process

    def log(self) -> str:
        file = self.home / "logs" / "posapp.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    # A short name: the path of a socket has 107 letters at most, here with the name of the socket.
    made = Shop(tmp_path_factory.mktemp("s") / "home")
    yield made
    made.end()


@pytest.mark.slow
def test_fault_59_a_second_start_raises_the_first_window_and_ends_well(shop):
    first = shop.start_and_wait()
    second = shop.start()
    said, complained = second.communicate(timeout=LONGEST_S)
    assert (second.returncode, said, complained) == (0, RAISED, "")
    assert LINE in shop.log()
    assert first.poll() is None, "the first one goes on"


@pytest.mark.slow
def test_fault_59_files_of_a_killed_program_block_no_start(shop):
    """Neither its lock file nor its socket: the next one starts, and can be found in its turn."""
    killed = shop.start_and_wait()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (shop.home / "posapp.lock").exists()
    assert list(shop.home.parent.glob("posapp-*")), "the socket file is left behind"
    shop.start_and_wait()
    third = shop.start()
    assert third.communicate(timeout=LONGEST_S) == (RAISED, "") and third.returncode == 0


@pytest.mark.slow
def test_fault_59_the_first_window_is_in_front_of_everything_again(shop, tmp_path):
    """Checked on a screen: another window covers it, and is below it after the second start."""
    cover = (
        "from PySide6.QtWidgets import *\n"
        "app = QApplication([])\n"
        "cover = QWidget()\n"
        "cover.setStyleSheet('background: black')\n"
        "cover.setGeometry(0, 0, 1280, 900)\n"
        "cover.show()\n"
        "app.exec()\n"
    )
    with VirtualScreen("1280x900") as screen:
        shop.variables |= {"DISPLAY": f":{screen.display}", "QT_QPA_PLATFORM": "xcb"}

        def brightness() -> int:
            picture = screen.picture()
            return picture.pixels[450 * picture.width + 600]

        shop.start_and_wait()
        eventually(lambda: brightness() > 0, "the first window is not to be seen")
        covering = subprocess.Popen(
            [sys.executable, "-c", cover], env=environment(**shop.variables)
        )
        try:
            eventually(lambda: brightness() == 0, "the cover is not in front")
            second = shop.start()
            assert second.communicate(timeout=LONGEST_S) == (RAISED, "")
            eventually(lambda: brightness() > 0, "the first window stayed behind")
        finally:
            covering.kill()
            covering.wait()


HOLDER = (
    "import fcntl, os, sys\n"
    "lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n"
    "fcntl.flock(lock, fcntl.LOCK_EX)\n"
    "os.ftruncate(lock, 0)\n"
    "os.write(lock, b'77 till-upstairs')\n"
    "print('held', flush=True)\n"
    "sys.stdin.read()\n"
)


@pytest.mark.slow
def test_fault_59_a_lock_held_on_another_host_refuses_and_names_it(shop):
    """A folder on the network: the lock is real, and there is no window here to be raised."""
    shop.home.mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(shop.home / "posapp.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    try:
        second = shop.start()
        said, complained = second.communicate(timeout=LONGEST_S)
    finally:
        holder.communicate()
    assert second.returncode == 1 and said == ""
    assert "열려 있습니다" in complained and "77 till-upstairs" in complained


def test_fault_59_unheld_lock_file_of_another_host_is_ignored(tmp_path):
    """The file's words are for people; the lock is the operating system's, and died with its
    holder: the number may be anybody's by now, here or there."""
    from posapp.system.single_instance import SingleInstance

    path = tmp_path / "posapp.lock"
    path.write_text(f"{os.getpid()} till-upstairs\n")
    with SingleInstance(path):
        assert path.read_text().split()[0] == str(os.getpid())
        assert "till-upstairs" not in path.read_text()


# The bell by itself


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A unique name; an absolute one, so that the socket is in this folder."""
    return str(tmp_path / "bell")


def test_the_name_is_of_one_database_and_one_user(tmp_path, monkeypatch):
    here = socket_name(tmp_path / "posapp.db")
    assert here == socket_name(tmp_path / "posapp.db") and len(here) < 40
    assert here != socket_name(tmp_path / "other.db")
    monkeypatch.setattr("getpass.getuser", lambda: "somebody-else")
    assert here != socket_name(tmp_path / "posapp.db")


def test_the_first_instance_answers_and_rings(qtbot, place):
    bell = ActivationServer(place)
    assert bell.listen()
    with qtbot.waitSignal(bell.rung):
        guest = socket.socket(socket.AF_UNIX)
        guest.connect(bell.place)
        guest.send(b"raise\n")
    guest.settimeout(5)
    assert guest.recv(64) == b"raised\n"
    guest.close()
    bell.close()


@pytest.mark.parametrize("text", [b"", b"delete everything\n", b"\xff" * 5_000])
def test_another_message_activates_nothing(qtbot, place, text):
    bell = ActivationServer(place)
    assert bell.listen()
    rung: list[bool] = []
    bell.rung.connect(lambda: rung.append(True))
    guest = socket.socket(socket.AF_UNIX)
    guest.connect(bell.place)
    guest.sendall(text)
    guest.shutdown(socket.SHUT_WR)
    guest.settimeout(0.01)

    def is_let_go() -> bool:
        try:
            return guest.recv(64) == b""
        except TimeoutError:
            return False
        except OSError:
            return True

    qtbot.waitUntil(is_let_go)
    assert rung == []
    guest.close()
    bell.close()


def test_no_listener_is_no_answer_within_the_limit(qapp, place):
    with bounded(0.3):
        assert not raise_first(place, 300)


def test_a_program_that_hangs_is_no_answer(qapp, place):
    """It listens, and never reads."""
    silent = socket.socket(socket.AF_UNIX)
    silent.bind(place)
    silent.listen()
    assert not raise_first(place, 300)
    silent.close()


def test_a_stale_socket_file_is_taken_away(qapp, place):
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(place)
    stale.close()
    assert Path(place).exists()
    bell = ActivationServer(place)
    assert bell.listen()
    bell.close()


def test_socket_is_accessible_to_its_user_only(qapp, place):
    """Only its user may open it: by its own mode, with any mode of the folder."""
    bell = ActivationServer(place)
    assert bell.listen()
    mode = stat.S_IMODE(Path(bell.place).stat().st_mode)
    assert mode & 0o077 == 0
    bell.close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs two users")
def test_another_user_is_refused(qapp, place, tmp_path):
    bell = ActivationServer(place)
    assert bell.listen()
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == Path("~").expanduser().owner() and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o055)
    asking = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
    ended = subprocess.run(
        ["/usr/bin/env", "python3", "-c", asking, bell.place],
        user=65534,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "PermissionError" in ended.stderr
    bell.close()


def test_unusable_socket_path_disables_only_the_activation(qapp, tmp_path, caplog):
    bell = ActivationServer(str(tmp_path / "missing" / "bell"))
    assert not bell.listen() and bell.place == ""
    assert "cannot reach this window" in caplog.text
