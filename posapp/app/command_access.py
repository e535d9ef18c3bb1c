"""Access control of the commands that somebody types in a terminal."""

from __future__ import annotations

from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything

COMMAND_ACCESS = AccessControl(AllowEverything())
"""Nobody signs in to a command, so all are allowed what the operating system allows them."""
