"""Search for keys and tokens in everything that a program stores or exposes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

import requests

from tests.e2e.deadline import PATIENCE
from tests.e2e.program import Program


def artefacts(program: Program, home: Path, *, without: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Return all artefacts of a running program by name: every file of its folder, its output, and
    what the system shows of its process.

    Args:
        without: prefixes of the names of files that are not the program's.
    """
    files = [
        path for path in home.rglob("*") if path.is_file() and not path.name.startswith(without)
    ]
    process = Path("/proc") / str(program.process.pid)
    files += [program.said, process / "cmdline", process / "environ"]
    return {str(path): path.read_bytes() for path in files}


def sees(secret: str, reported: Mapping[str, bytes]) -> list[str]:
    """Return where a secret occurs, in plain text or in base 64."""
    forms = [secret.encode("ascii"), secret.encode("utf-16-le")]
    # Inside a longer text its encoding depends on the offset modulo three.
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + secret.encode("ascii"))
        forms.append(coded[4:-4])
    return [place for place, content in reported.items() if any(form in content for form in forms)]


def token_of(api: str, keys: Mapping[str, str]) -> str:
    """Return the access token that a till with these keys uses now: a further call returns the
    same one."""
    named = {name: keys[name] for name in ("imp_key", "imp_secret")}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{api}/users/getToken", json=named, timeout=PATIENCE)
    return str(answer.json()["response"]["access_token"])
