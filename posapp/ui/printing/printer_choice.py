"""Which printer this program prints on. Without Qt, as a start does without printing."""

from __future__ import annotations

_chosen = ""


def choose_printer(name: str) -> None:
    """Print on a printer from now on; empty: on the system's default one."""
    global _chosen
    _chosen = name


def chosen_printer() -> str:
    """Return the name of the chosen printer, or empty."""
    return _chosen
