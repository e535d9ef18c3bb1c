"""Which printer this program prints on, and the paper of a PDF. Without Qt, as a start does without
printing."""

from __future__ import annotations

_chosen = ""
_pdf_paper = "a4"

_WIDTHS = {"a4": 210, "80": 80, "58": 58}


def choose_printer(name: str) -> None:
    """Print on a printer from now on; empty: on the system's default one."""
    global _chosen
    _chosen = name


def chosen_printer() -> str:
    """Return the name of the chosen printer, or empty."""
    return _chosen


def choose_pdf_paper(name: str) -> None:
    """Save PDFs on another paper from now on: ``a4``, or a roll of ``80`` or ``58`` millimetres."""
    global _pdf_paper
    _pdf_paper = name


def pdf_width() -> int:
    """Return the width of a PDF's pages in millimetres."""
    return _WIDTHS[_pdf_paper]
