"""The program in a process of its own, on a screen of its own."""

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
"""Variables of whoever runs the tests that would make the program another one."""

_MOST_TABS = 60
"""More than a screen has places for the keyboard."""


def environment(**more: str) -> dict[str, str]:
    """The variables that a program is started with."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    return {**plain, **more}


@dataclass(frozen=True)
class Shown:
    """A text in a window: where on the screen, and whether it is enabled."""

    text: str
    place: tuple[int, int, int, int]
    enabled: bool


class Program:
    """``posapp`` with a window.

    Args:
        words: of the command line, behind ``python -m posapp``.
        evidence: the folder that holds the shop's (``home``), and what the program says, and
            pictures of a test that failed.
    """

    module = "posapp"

    def __init__(
        self,
        words: tuple[str, ...],
        screen: VirtualScreen,
        evidence: Path,
        variables: Mapping[str, str],
    ) -> None:
        self.screen = screen
        self.evidence = evidence
        self.said = evidence / f"said-{len([*evidence.glob('said-*')])}.txt"
        self._asked = b""
        shown = {"DISPLAY": f":{screen.display}", "QT_QPA_PLATFORM": "xcb"}
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, *words],
                cwd=ROOT,
                env=environment(**variables, **shown),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )

    def wait_for_window(self) -> None:
        """Until a window is to be seen and has the keyboard."""
        eventually(self._has_window, lambda: self.told("no window"))

    def type(self, *keys: str) -> None:
        self.screen.type(*keys)

    def type_ids(self, user_id: int, order_id: int) -> None:
        """Type what a cashier types on payment home."""
        self.type(*str(user_id), "Return", *str(order_id), "Return")

    def wait_for_code(self) -> str:
        """Until zxing-cpp reads a QR on the picture of the screen; its text."""
        codes = eventually(
            lambda: self.screen.picture().codes(), lambda: self.told("no QR on the screen")
        )
        (text,) = codes
        return text

    def wait_for_no_code(self) -> None:
        """Until the QR is gone from the picture of the screen."""
        eventually(
            lambda: not self.screen.picture().codes(),
            lambda: self.told("there is still a QR on the screen"),
        )

    def close(self) -> int:
        """Close its window as a person does; the exit code."""
        self.screen.close_window()
        code = self.process.wait(PATIENCE)
        self.end()
        return code

    def kill(self) -> None:
        """SIGKILL: not one more instruction."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.end()

    def end(self) -> None:
        """Leave nothing of it behind, however it stands."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()

    def told(self, what: str) -> str:
        """What was waited for in vain, with everything that says why."""
        picture = self.screen.picture().save(self.evidence / "screen.png")
        told = [what, f"the screen: {picture}"]
        for file in (self.said, self.evidence / "home" / "logs" / "posapp.log"):
            if file.exists():
                told.append(file.read_text(encoding="utf-8", errors="replace")[-3000:])
        return "\n".join(told)

    def trouble(self) -> list[str]:
        """Lines of the log that tell of something nobody planned for, and what Python said."""
        log = self.evidence / "home" / "logs" / "posapp.log"
        lines = log.read_text(encoding="utf-8").splitlines()
        bad = [line for line in lines if " ERROR " in line or " CRITICAL " in line]
        return [*bad, *self.said.read_text(encoding="utf-8").splitlines()]

    def _has_window(self) -> bool:
        assert self.process.poll() is None, self.told(f"it ended: {self.process.returncode}")
        return self.screen.has_window()


class DrivenProgram(Program):
    """``posapp`` with somebody who reads its screen aloud (see ``driven``)."""

    module = "tests.e2e.driven"

    def __init__(
        self,
        words: tuple[str, ...],
        screen: VirtualScreen,
        evidence: Path,
        variables: Mapping[str, str],
        keys: Mapping[str, str],
    ) -> None:
        super().__init__(words, screen, evidence, variables)
        self._write(json.dumps(dict(keys)))

    def wait_for_window(self) -> None:
        """Until it takes what is typed."""
        super().wait_for_window()
        eventually(self._is_active, lambda: self.told("the window is not active"))

    def shown(self) -> list[Shown]:
        """Every text that is to be seen in its windows now."""
        return [Shown(text, tuple(at), enabled) for text, at, enabled in self._ask()["words"]]

    def wait_to_read(self, text: str, patience: float = PATIENCE) -> Shown:
        """Until ``text`` stands on the screen: in a window, and drawn in the picture there."""
        found = eventually(lambda: self._drawn(text), lambda: self._unread(text), patience)
        return found[0]

    def wait_to_press(self, text: str) -> Shown:
        """Until there is a button of that name that can be pressed."""
        found = eventually(
            lambda: [one for one in self._drawn(text) if one.enabled],
            lambda: self._unread(text),
        )
        return found[0]

    def click(self, text: str) -> None:
        """Click the button of that name, once there is one that can be pressed."""
        x, y, width, height = self.wait_to_press(text).place
        self.screen.click(x + width // 2, y + height // 2)

    def reads(self, text: str) -> bool:
        """Whether ``text`` is to be seen now."""
        return any(one.text == text for one in self.shown())

    def wait_to_read_of(self, beginning: str) -> None:
        """Until something stands on the screen that begins with these words."""
        eventually(
            lambda: self._drawn_of(lambda text: text.startswith(beginning)),
            lambda: self._unread(beginning),
        )

    def tab_to(self, name: str) -> None:
        """Press Tab until the keyboard is where the name says (see ``driven``)."""
        for _ in range(_MOST_TABS):
            here = self._ask()["focus"]
            if _is_at(here, name):
                return
            self.type("Tab")
            eventually(
                lambda before=here: self._ask()["focus"] != before,
                lambda: self.told("Tab leads nowhere"),
            )
        raise AssertionError(self.told(f"Tab does not lead to {name!r}"))

    def wait_to_be_at(self, name: str) -> None:
        """Until the keyboard is where the name says, led there by what was typed."""
        eventually(
            lambda: _is_at(self._ask()["focus"], name),
            lambda: self.told(f"the keyboard is not at {name!r}"),
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
        return self.told(f"{text!r} is not on the screen, but: {seen}")

    def _is_active(self) -> bool:
        self.screen.has_window()
        return bool(self._ask()["active"])

    def _ask(self) -> dict[str, Any]:
        self._write("")
        answer: dict[str, Any] = json.loads(self._line())
        return answer

    def _write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode("utf-8") + b"\n")
        self.process.stdin.flush()

    def _line(self) -> bytes:
        assert self.process.stdout is not None
        out = self.process.stdout.fileno()
        while b"\n" not in self._asked:
            ready, _, _ = select.select([out], [], [], PATIENCE)
            part = os.read(out, 65536) if ready else b""
            assert part, self.told("it does not answer")
            self._asked += part
        line, _, self._asked = self._asked.partition(b"\n")
        return line


def _is_at(focus: list[Any] | None, name: str) -> bool:
    return focus is not None and str(focus[0]).startswith(name)
