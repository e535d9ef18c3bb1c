"""Kills ``posapp setup`` before each thing that it asks, writes or stores, and goes on.

``python -m tests.cli.setup_kills FOLDER``; standard input is JSON: variables, answers and names of
settings. Each round is a folder of its own: a first process kills itself (SIGKILL) at the n-th
moment, a second one goes on to the end. The last round is the one that ends before its moment.
Writes one line of JSON a round.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring

import posapp.portone.transport  # noqa: F401 - once, and not in each process
from posapp.app.demo_sandbox import EmbeddedSecrets
from posapp.app.opened_staff import opened_staff
from posapp.app.setup_command import run_setup
from posapp.app.shop_config import load_shop
from posapp.system.shop_keyring import NUMBERS
from tests.fakes.keyrings import FileKeyring, trusted
from tests.fakes.setup_person import Person

MOST = 120


class Killer:
    """Ends this process without a word at its moment."""

    def __init__(self, moment: int) -> None:
        self._left = moment

    def pass_by(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def kill_at(moment: int) -> Callable[[], None]:
    """Arm this process; return what counts a question."""
    killer = Killer(moment)
    for owner, name in ((Path, "replace"), (Path, "unlink"), (FileKeyring, "set_password")):
        setattr(owner, name, _counted(getattr(owner, name), killer))
    return killer.pass_by


def _counted(function: Callable[..., Any], killer: Killer) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> Any:
        killer.pass_by()
        return function(*arguments, **named)

    return run


def play(root: Path, given: dict[str, Any], moment: int) -> int:
    """Run the command in a process of its own; return how it ended."""
    child = os.fork()
    if child == 0:
        count = kill_at(moment) if moment else lambda: None
        keyring.set_keyring(trusted(FileKeyring(root / "keyring.json")))
        person = Person(given["answers"], count)
        home = str(root / "home")
        os._exit(run_setup(home, given["variables"], {}, person.ask, person.ask, person.say))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    folder, given = Path(sys.argv[1]), json.load(sys.stdin)
    step = int(sys.argv[2])
    for moment in range(1, MOST, step):
        root = folder / str(moment)
        root.mkdir()
        first = play(root, given, moment)
        second = play(root, given, 0) if first else None
        shop = load_shop(str(root / "home"), {})
        settings = {name: str(getattr(shop.settings, name)) for name in given["settings"]}
        left = [one.name for one in (root / "home").iterdir() if one.name == "setup.json"]
        kept = FileKeyring(root / "keyring.json").entries
        number = (shop.home.root / NUMBERS).read_text("utf-8").split()[1]
        kept = {entry.removesuffix(f"/{number}"): value for entry, value in kept.items()}
        with opened_staff(shop.home, shop.mode, EmbeddedSecrets()) as (directory, _):
            staff = [[person.name, person.role] for person in directory.entries()]
        row = {
            "staff": staff,
            "first": first,
            "second": second,
            "settings": settings,
            "left": left,
            "keys": kept,
        }
        sys.stdout.write(json.dumps(row | {"shop": shop.home.root.name}) + "\n")
        sys.stdout.flush()
        if first == 0:
            return


if __name__ == "__main__":
    main()
