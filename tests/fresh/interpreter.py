"""A Python of this machine, mounted into the empty Debian at the same path."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_ABOUT = "import json, sys; print(json.dumps([sys.base_prefix, sys.version_info[:2]]))"

_UNUSED = ("_tkinter.", "nis.")
"""Modules that posapp does not use."""


@dataclass(frozen=True)
class Interpreter:
    """A Python of this machine.

    Attributes:
        program: the file that starts it.
        prefix: the folder that has all of it.
    """

    program: Path
    prefix: Path

    def libraries(self) -> list[Path]:
        """Return the shared libraries outside its folder that it and its modules load; not those of
        ``_UNUSED``, because the empty Debian must lack some of them."""
        modules = [
            path
            for path in self.prefix.glob("lib/python3*/lib-dynload/*.so")
            if not path.name.startswith(_UNUSED)
        ]
        listed = subprocess.run(
            ["ldd", str(self.program), *map(str, modules)],
            capture_output=True,
            text=True,
            check=False,
        )
        found = {Path(path) for path in re.findall(r"=> (/\S+)", listed.stdout)}
        return sorted(path for path in found if not path.is_relative_to(self.prefix))


def version_of(python: str) -> str:
    """Return the version of a Python by its name, for example ``3.12``; run ``python3`` for its.

    Raises:
        OSError: its name has no version, and it is not found.
        subprocess.CalledProcessError: its name has no version, and it does not start.
    """
    if named := re.search(r"python(3\.\d+)$", python):
        return named.group(1)
    ran = subprocess.run([python, "-I", "-c", _ABOUT], capture_output=True, text=True, check=True)
    return ".".join(map(str, json.loads(ran.stdout)[1]))


def find(version: str, named: str = "") -> Interpreter | None:
    """Find a Python of this version, for example ``3.12``, with a folder of its own.

    A Python of the system's packages shares its folders and cannot be mounted alone.

    Args:
        named: a program that may be it.
    """
    for program in filter(None, (shutil.which(named), *_candidates(version))):
        try:
            ran = subprocess.run(
                [program, "-I", "-c", _ABOUT], capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        prefix, found = json.loads(ran.stdout)
        own = Path(prefix) / "bin" / f"python{version}"
        if ".".join(map(str, found)) == version and prefix not in ("/usr", "/") and own.exists():
            return Interpreter(own, Path(prefix))
    return None


def _candidates(version: str) -> list[str]:
    name = f"python{version}"
    on_path = shutil.which(name)
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    kept = sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"), reverse=True)
    return [*([on_path] if on_path else []), *map(str, kept)]
