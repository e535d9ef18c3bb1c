"""The program in its own process, on its own screen."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.deadline import PATIENCE, eventually
from tests.e2e.screen import VirtualScreen

ROOT = Path(__file__).resolve().parents[2]

_OTHERS = ("POSAPP_", "QT_", "DISPLAY", "WAYLAND_", "XAUTHORITY", "DBUS_", "PYTEST_")
"""Prefixes of environment variables that would change the program's behaviour."""

_MOST_TABS = 60
"""More than a screen has focusable widgets."""


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a program."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    return {**plain, **more}


@dataclass(frozen=True)
class Shown:
    """A text in a window: its place on the screen, and whether it is enabled."""

    text: str
    place: tuple[int, int, int, int]
    enabled: bool


class Program:
    """``posapp`` with a window.

    Args:
        arguments: command-line words after ``python -m posapp``.
        evidence: the folder that holds the shop's (``home``), the program's output, and pictures
            of a failed test.
    """

    module = "posapp"

    def __init__(
        self,
        arguments: tuple[str, ...],
        screen: VirtualScreen,
        evidence: Path,
        variables: Mapping[str, str],
    ) -> None:
        self.screen = screen
        self.evidence = evidence
        self.said = evidence / f"said-{len([*evidence.glob('said-*')])}.txt"
        self._requested = b""
        shown = {"DISPLAY": f":{screen.display}", "QT_QPA_PLATFORM": "xcb"}
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                self.command(arguments),
                cwd=ROOT,
                env=environment(**variables, **shown),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )

    def command(self, arguments: tuple[str, ...]) -> list[str]:
        """Return what is run for these words of a command line."""
        return [sys.executable, "-m", self.module, *arguments]

    def wait_for_window(self) -> None:
        """Wait until a window is visible and has the focus."""
        eventually(self._has_window, lambda: self.reported("no window"))

    def type(self, *keys: str) -> None:
        self.screen.type(*keys)

    def scan(self, code: str) -> None:
        self.screen.scan(code)

    def type_order(self, order_id: int) -> None:
        """Type what a cashier types at home."""
        self.type(*str(order_id), "Return")

    def wait_for_code(self) -> str:
        """Wait until zxing-cpp reads a QR on the picture of the screen; return its text."""
        codes = eventually(
            lambda: self.screen.picture().codes(), lambda: self.reported("no QR on the screen")
        )
        (text,) = codes
        return text

    def wait_for_no_code(self) -> None:
        """Wait until the QR is gone from the picture of the screen."""
        eventually(
            lambda: not self.screen.picture().codes(),
            lambda: self.reported("there is still a QR on the screen"),
        )

    def close(self) -> int:
        """Close its window as a person does; return the exit code."""
        self.screen.close_window()
        code = self.process.wait(PATIENCE)
        self.end()
        return code

    def kill(self) -> None:
        """End it by SIGKILL."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.end()

    def end(self) -> None:
        """End it and everything it started, in any state."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()

    def reported(self, what: str) -> str:
        """Return the message of a failed wait, with all evidence."""
        picture = self.screen.picture().save(self.evidence / "screen.png")
        reported = [what, f"the screen: {picture}"]
        for file in (self.said, self.evidence / "home" / "logs" / "posapp.log"):
            if file.exists():
                reported.append(file.read_text(encoding="utf-8", errors="replace")[-3000:])
        return "\n".join(reported)

    def trouble(self) -> list[str]:
        """Return the log's lines of unexpected events, and Python's output."""
        log = self.evidence / "home" / "logs" / "posapp.log"
        lines = log.read_text(encoding="utf-8").splitlines()
        bad = [line for line in lines if " ERROR " in line or " CRITICAL " in line]
        return [*bad, *self.said.read_text(encoding="utf-8").splitlines()]

    def _has_window(self) -> bool:
        assert self.process.poll() is None, self.reported(f"it ended: {self.process.returncode}")
        return self.screen.has_window()


class DrivenProgram(Program):
    """``posapp`` with a reader of its screen (see ``driver``)."""

    module = "tests.e2e.driver"

    def __init__(
        self,
        arguments: tuple[str, ...],
        screen: VirtualScreen,
        evidence: Path,
        variables: Mapping[str, str],
        keys: Mapping[str, str],
    ) -> None:
        super().__init__(arguments, screen, evidence, variables)
        self._write(json.dumps(dict(keys)))

    def wait_for_window(self) -> None:
        """Wait until it accepts typed input."""
        super().wait_for_window()
        eventually(self.is_active, lambda: self.reported("the window is not active"))

    def open_cards(self) -> None:
        """Go from home to the cards, and wait until they take the ids."""
        self.type("F3")
        self.wait_to_be_at("paymentUserId")

    def shown(self) -> list[Shown]:
        """Return every visible text of its windows."""
        return [Shown(text, tuple(at), enabled) for text, at, enabled in self._ask()["words"]]

    def wait_to_read(self, text: str, patience: float = PATIENCE) -> Shown:
        """Wait until ``text`` is visible: in a window, and drawn in the picture at its place."""
        found = eventually(lambda: self._drawn(text), lambda: self._unread(text), patience)
        return found[0]

    def wait_to_press(self, text: str) -> Shown:
        """Wait for an enabled button of that name."""
        found = eventually(
            lambda: [one for one in self._drawn(text) if one.enabled],
            lambda: self._unread(text),
        )
        return found[0]

    def click(self, text: str) -> None:
        """Click the button of that name once it is enabled."""
        x, y, width, height = self.wait_to_press(text).place
        self.screen.click(x + width // 2, y + height // 2)

    def reads(self, text: str) -> bool:
        """Whether ``text`` is visible now."""
        return any(one.text == text for one in self.shown())

    def wait_to_read_of(self, beginning: str) -> None:
        """Wait until a text that begins with these words is visible."""
        eventually(
            lambda: self._drawn_of(lambda text: text.startswith(beginning)),
            lambda: self._unread(beginning),
        )

    def tab_to(self, name: str) -> None:
        """Press Tab until the widget of this name has the focus (see ``driver``)."""
        for _ in range(_MOST_TABS):
            here = self._ask()["focus"]
            if _is_at(here, name):
                return
            self.move("Tab")
        raise AssertionError(self.reported(f"Tab does not lead to {name!r}"))

    def move(self, key: str, steps: int = 1) -> None:
        """Press a key that moves the focus, and wait for each of its moves.

        A Tab after an arrow whose move is not seen yet would count that move as its own.
        """
        for _ in range(steps):
            before = self._ask()["focus"]
            self.type(key)
            eventually(
                lambda before=before: self._ask()["focus"] != before,
                lambda: self.reported(f"{key} leads nowhere"),
            )

    def agree(self, action: str) -> None:
        """Walk around a question while reading it, then press its action.

        A press in its first 250 ms was meant for what was there before: it counts for nothing.
        """
        self.wait_to_press(action)
        self.type(*["Tab"] * 4)
        self.tab_to(action)
        self.type("space")

    def wait_to_be_at(self, name: str) -> None:
        """Wait until the widget of this name has the focus after typed input."""
        eventually(
            lambda: _is_at(self._ask()["focus"], name),
            lambda: self.reported(f"the keyboard is not at {name!r}"),
        )

    def _drawn(self, text: str) -> list[Shown]:
        return self._drawn_of(lambda seen: seen == text)

    def _drawn_of(self, is_meant: Callable[[str], bool]) -> list[Shown]:
        there = [one for one in self.shown() if is_meant(one.text)]
        if not there:
            return []
        picture = self.screen.picture()
        return [one for one in there if picture.contrast(one.place) > 60]

    def _unread(self, text: str) -> str:
        seen = " · ".join(one.text for one in self.shown())
        return self.reported(f"{text!r} is not on the screen, but: {seen}")

    def is_active(self) -> bool:
        """Whether its window takes typed input now."""
        self.screen.has_window()
        return bool(self._ask()["active"])

    def windows(self) -> list[list[int]]:
        """Return the places of its windows on the screen: x, y, width, height."""
        return [list(place) for place in self._ask()["windows"]]

    def turn_hangul_on(self) -> None:
        """Turn the input method of Korean desktops on, in Hangul mode, until the program ends."""
        self._ask("hangul")

    def focus_place(self) -> tuple[int, ...]:
        """Return where the focused widget is on the screen: x, y, width, height."""
        return tuple(self._ask()["focus"][1])

    def composed(self) -> int:
        """Return how many letters the input method took."""
        return int(self._ask()["composed"])

    def _ask(self, line: str = "") -> dict[str, Any]:
        self._write(line)
        answer: dict[str, Any] = json.loads(self._line())
        return answer

    def _write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode("utf-8") + b"\n")
        self.process.stdin.flush()

    def _line(self) -> bytes:
        assert self.process.stdout is not None
        out = self.process.stdout.fileno()
        while b"\n" not in self._requested:
            ready, _, _ = select.select([out], [], [], PATIENCE)
            part = os.read(out, 65536) if ready else b""
            assert part, self.reported("it does not answer")
            self._requested += part
        line, _, self._requested = self._requested.partition(b"\n")
        return line


def _is_at(focus: list[Any] | None, name: str) -> bool:
    return focus is not None and str(focus[0]).startswith(name)
