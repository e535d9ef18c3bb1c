"""Programs that are measured as real processes, on their own screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAMS = Path(__file__).parent / "programs"
ROOT = Path(__file__).parents[2]
PATIENCE_S = 300

_OF_TESTS = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONDEVMODE")
"""Variables that would make a program start slower than at a till."""


@dataclass(frozen=True)
class Screen:
    """The display on which programs are started.

    Attributes:
        display: the name of the X display.
        config_home: a folder in place of the user's own, so that no desktop setting has an effect.
    """

    display: str
    config_home: Path

    def run(self, program: str, *arguments: str, **settings: str) -> dict[str, Any]:
        """Run a program of this folder; its first argument is its start in seconds of the monotonic
        clock, its output one line of JSON.

        Args:
            settings: environment variables.

        Raises:
            AssertionError: it failed; the message has its output.
        """
        born = repr(time.monotonic())
        ended = subprocess.run(
            [sys.executable, str(PROGRAMS / program), born, *arguments],
            env=self._environment() | settings,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert ended.returncode == 0, f"{program} {ended.returncode}: {ended.stdout}{ended.stderr}"
        reported: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
        return reported

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
        return kept | {
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.config_home),
            "XDG_CONFIG_HOME": str(self.config_home),
        }


def _is_foreign(name: str) -> bool:
    return name in _OF_TESTS or name.startswith(("POSAPP_", "QT_", "WAYLAND_"))
