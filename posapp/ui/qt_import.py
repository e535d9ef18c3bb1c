"""Loads PySide6 and keeps Python's own ``import``."""

from __future__ import annotations

import builtins
import linecache

_python_import = builtins.__import__

import PySide6  # noqa: E402, F401 - it replaces ``__import__``, which is read above

if _python_import is not builtins.__import__:
    builtins.__import__ = _python_import
else:  # PySide6 was loaded before this module, and kept what it replaced
    builtins.__import__ = getattr(builtins, "__orig_import__", _python_import)

linecache.clearcache()  # of what was read while PySide6 itself was imported
