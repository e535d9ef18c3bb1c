"""Sanitising of foreign text."""

from __future__ import annotations


def strip_controls(text: str) -> str:
    """Return ``text`` on one line without control and direction marks: for the wire and printed
    slips."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
