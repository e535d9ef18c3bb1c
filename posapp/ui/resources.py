"""Where the files beside the code are: icons, fonts, theme, words."""

from __future__ import annotations

from pathlib import Path

import posapp


def resource(*parts: str) -> Path:
    """Return the path of a bundled file or folder, e.g. ``resource("theme", "tokens.toml")``.

    An installed package carries ``resources`` inside itself; in a checkout it stands beside the
    package. Plain paths and not ``importlib.resources``: the package is always a real folder, and
    the import of the latter would be paid before the first window.
    """
    return _root().joinpath(*parts)


def _root() -> Path:
    package = Path(posapp.__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
