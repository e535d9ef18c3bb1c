"""Page templates and style sheet."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from jinja2 import DictLoader


def asset_folder() -> Traversable:
    """The folder ``resources/sandbox``: inside the installed package, else in the repository."""
    installed = files("posapp").joinpath("resources", "sandbox")
    if installed.is_dir():
        return installed
    return Path(__file__).parents[2] / "resources" / "sandbox"


def template_loader() -> DictLoader:
    """Read all ``*.html`` of the folder once."""
    texts = {
        each.name: each.read_text(encoding="utf-8")
        for each in asset_folder().iterdir()
        if each.name.endswith(".html")
    }
    return DictLoader(texts)


def stylesheet() -> str:
    """Read the style sheet of the pages."""
    return asset_folder().joinpath("pages.css").read_text(encoding="utf-8")
