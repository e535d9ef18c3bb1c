"""Actions that are taken at once, and windows that are destroyed with their test."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from posapp.ui.widgets import action_guard


@pytest.fixture(autouse=True)
def no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for the guard of an action."""
    monkeypatch.setattr(action_guard, "GUARD_MS", 0)


@pytest.fixture(autouse=True)
def clean_desk(qapp: QCoreApplication) -> None:
    """Let Qt delete what the test before has left."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
