"""Locations of the files that are not code: icons, fonts, theme, texts."""

from __future__ import annotations

from pathlib import Path

import posapp


def resource(*parts: str) -> Path:
    """Return the path of a bundled file or folder, e.g. ``resource("theme", "tokens.toml")``.

    An installed package contains ``resources``; in a checkout it is beside the package. The package
    is always a real folder, so plain paths suffice, and importing ``importlib.resources`` would
    delay the first window.
    """
    return _root().joinpath(*parts)


def _root() -> Path:
    package = Path(posapp.__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
