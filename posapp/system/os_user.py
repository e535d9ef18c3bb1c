"""Name of the operating system's user."""

from __future__ import annotations

import os
import sys


def os_user_name() -> str:
    """Return the name under which this program runs, or empty if the system knows none."""
    if sys.platform == "win32":
        return os.environ.get("USERNAME", "")
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a user id without an account, as in containers
        return ""
