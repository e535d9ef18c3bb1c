"""Another Python than the one Debian has: this machine's, shown to the empty one where it lies."""

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
"""Modules that posapp uses nowhere."""


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
        """The shared libraries outside its folder that it and its modules load; not those of
        ``_UNUSED``, among whose libraries are some that the empty Debian has to miss."""
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
    """The version of a Python by its name, ``3.12`` for example; of ``python3`` by asking it.

    Raises:
        OSError: its name does not tell, and it is not to be found.
        subprocess.CalledProcessError: its name does not tell, and it does not start.
    """
    if named := re.search(r"python(3\.\d+)$", python):
        return named.group(1)
    ran = subprocess.run([python, "-I", "-c", _ABOUT], capture_output=True, text=True, check=True)
    return ".".join(map(str, json.loads(ran.stdout)[1]))


def find(version: str, named: str = "") -> Interpreter | None:
    """A Python of this version, ``3.12`` for example, that lies in a folder of its own.

    One that the system's packages brought lies among everything else, and cannot be shown alone.

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
