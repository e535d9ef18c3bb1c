"""What this machine has configured to reach its registries, to be passed on as it is.

Nothing of it is written into the repository: a mirror, a proxy, an own certificate or a folder of
wheels is found where apt, pip and uv find it themselves.
"""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

DEBIAN = "http://deb.debian.org/debian"

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

_OF_REGISTRIES = re.compile(
    r"(PIP|UV)_(\w*INDEX\w*|FIND_LINKS|CONSTRAINT|CERT|CLIENT_CERT|PROXY|TRUSTED_HOST|NO_INDEX"
    r"|DEFAULT_TIMEOUT|TIMEOUT|RETRIES|HTTP_TIMEOUT|NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST)"
    r"|(?i:(http|https|ftp|all|no)_proxy)|(SSL_CERT|REQUESTS_CA|CURL_CA)_\w+"
)

_SETTINGS = (
    "/etc/xdg/pip/pip.conf",
    "/etc/pip.conf",
    "~/.pip/pip.conf",
    "~/.config/pip/pip.conf",
    "/etc/uv/uv.toml",
    "~/.config/uv/uv.toml",
)
"""Where pip and uv look on Linux."""

_NAMES = ("/etc/resolv.conf", "/etc/hosts")
"""How this machine finds others by name."""


@dataclass(frozen=True)
class AptSource:
    """One source of packages: its address, the release, its components."""

    uri: str
    release: str
    component: str


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Those variables that say where registries are and how they are reached."""
    return {name: value for name, value in given.items() if _OF_REGISTRIES.fullmatch(name)}


def files() -> dict[Path, str]:
    """The files to be copied: each with the place where a program of root's looks for it."""
    found = {Path(name).expanduser(): name.replace("~", "/root") for name in _SETTINGS}
    found |= {Path(name): name for name in (*_NAMES, str(CERTIFICATES))}
    return {path: place for path, place in found.items() if path.is_file()}


def folders(settings: Iterable[str], given: Mapping[str, str] = os.environ) -> list[Path]:
    """Places of this machine that a registry's configuration names: folders of wheels, lists of
    constraints, certificates.

    Args:
        settings: the texts of configuration files.
        given: the environment.
    """
    values = [
        *environment(given).values(),
        *(value for text in settings for value in _values(text)),
    ]
    words = (word for value in values for word in value.split())
    paths = (_folder_of(word) for word in words)
    named = {path for path in paths if path is not None and path.exists()}
    return sorted(path for path in named if not path.is_relative_to("/etc/ssl"))


def _folder_of(word: str) -> Path | None:
    """The place that a word names, if it does. An index in files has these beside it, as a rule:
    the folder around both."""
    if word.startswith("file:///"):
        index = Path(word.removeprefix("file://"))
        return index.parent if len(index.parts) > 3 else index
    return Path(word) if word.startswith("/") else None


def apt_sources() -> list[AptSource]:
    """Debian's own sources as apt knows them here; none where this machine is of another make."""
    format_ = "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
    listed = _said("apt-get", "indextargets", "--format", format_, "Created-By: Packages")
    rows = (line.split("|") for line in listed.splitlines())
    return [AptSource(*row[1:]) for row in rows if row[0] in ("Debian", "Debian-Security")]


def apt_manners() -> str:
    """How apt fetches: proxies, certificates, time limits, in its own language."""
    return _said("apt-config", "dump", "--format", '%F "%v";%n', "Acquire")


def mirror(sources: Iterable[AptSource]) -> str:
    """Where Debian's main packages come from here, else where everybody gets them."""
    return next((one.uri for one in sources if "-" not in one.release), DEBIAN)


def sources_list(sources: Iterable[AptSource], suite: str) -> str:
    """What apt has to know inside: the sources of this suite, its updates among them."""
    fitting = [one for one in sources if re.fullmatch(rf"{re.escape(suite)}(-\w+)?", one.release)]
    chosen = fitting or [AptSource(mirror(sources), suite, "main")]
    return "".join(f"deb {one.uri} {one.release} {one.component}\n" for one in chosen)


def variables() -> dict[str, str]:
    """The environment of a root that has just come in, with the way to the registries."""
    return {
        "HOME": "/root",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        **environment(os.environ),
    }


def _values(text: str) -> list[str]:
    """Every value of a pip.conf; of another kind of file all that stands in quotes."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return re.findall(r'"([^"]*)"', text)
    return [value for section in parser.values() for value in section.values()]


def _said(*words: str) -> str:
    try:
        ran = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:  # no apt here
        return ""
    return ran.stdout if ran.returncode == 0 else ""
