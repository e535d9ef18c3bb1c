"""This machine's configuration of package registries, passed on unchanged.

Nothing of it is written into the repository: a mirror, a proxy, an own certificate or a folder of
wheels is found where apt, pip and uv find it.
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
"""Configuration files of pip and uv on Linux."""

_NAMES = ("/etc/resolv.conf", "/etc/hosts")
"""Files for name resolution."""


@dataclass(frozen=True)
class AptSource:
    """One source of packages: its address, the release, its components."""

    uri: str
    release: str
    component: str


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that configure registries and the way to them."""
    return {name: value for name, value in given.items() if _OF_REGISTRIES.fullmatch(name)}


def files() -> dict[Path, str]:
    """Return the files to copy, each with the path where a program of root reads it."""
    found = {Path(name).expanduser(): name.replace("~", "/root") for name in _SETTINGS}
    found |= {Path(name): name for name in (*_NAMES, str(CERTIFICATES))}
    return {path: place for path, place in found.items() if path.is_file()}


def folders(settings: Iterable[str], given: Mapping[str, str] = os.environ) -> list[Path]:
    """Return the paths of this machine that a registry's configuration names: folders of wheels,
    lists of constraints, certificates.

    Args:
        settings: the texts of configuration files.
        given: the environment.
    """
    values = [
        *environment(given).values(),
        *(value for text in settings for value in _values(text)),
    ]
    caption = (label for value in values for label in value.split())
    paths = (_folder_of(label) for label in caption)
    named = {path for path in paths if path is not None and path.exists()}
    return sorted(path for path in named if not path.is_relative_to("/etc/ssl"))


def _folder_of(label: str) -> Path | None:
    """Return the folder that a word names, if it names one. Of an index in files it is the folder
    around index and packages."""
    if label.startswith("file:///"):
        index = Path(label.removeprefix("file://"))
        return index.parent if len(index.parts) > 3 else index
    return Path(label) if label.startswith("/") else None


def apt_sources() -> list[AptSource]:
    """Return Debian's own sources from apt's configuration; none on another distribution."""
    format_ = "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
    listed = _said("apt-get", "indextargets", "--format", format_, "Created-By: Packages")
    rows = (line.split("|") for line in listed.splitlines())
    return [AptSource(*row[1:]) for row in rows if row[0] in ("Debian", "Debian-Security")]


def apt_manners() -> str:
    """Return apt's settings for downloads: proxies, certificates, time limits, in its syntax."""
    return _said("apt-config", "dump", "--format", '%F "%v";%n', "Acquire")


def mirror(sources: Iterable[AptSource]) -> str:
    """Return this machine's mirror of Debian's main packages, else the public one."""
    return next((one.uri for one in sources if "-" not in one.release), DEBIAN)


def sources_list(sources: Iterable[AptSource], suite: str) -> str:
    """Return apt's list of sources for the inside: those of this suite with its updates."""
    fitting = [one for one in sources if re.fullmatch(rf"{re.escape(suite)}(-\w+)?", one.release)]
    chosen = fitting or [AptSource(mirror(sources), suite, "main")]
    return "".join(f"deb {one.uri} {one.release} {one.component}\n" for one in chosen)


def variables() -> dict[str, str]:
    """Return the environment of a fresh root login, with the configuration of registries."""
    return {
        "HOME": "/root",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        **environment(os.environ),
    }


def _values(text: str) -> list[str]:
    """Return every value of a pip.conf; of another file every quoted text."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return re.findall(r'"([^"]*)"', text)
    return [value for section in parser.values() for value in section.values()]


def _said(*arguments: str) -> str:
    try:
        ran = subprocess.run(arguments, capture_output=True, text=True, check=False)
    except OSError:  # no apt here
        return ""
    return ran.stdout if ran.returncode == 0 else ""
