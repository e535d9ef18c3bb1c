"""The actor of a command that somebody types in a terminal."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.system.os_user import os_user_name


def terminal_actor() -> Actor:
    """Return the person under whose account of the operating system this program runs."""
    return Actor.person(os_user_name())
