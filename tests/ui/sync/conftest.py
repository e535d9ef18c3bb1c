"""Questions that accept an answer at once, and windows that are destroyed with their test."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from posapp.ui.widgets import action_guard


@pytest.fixture(autouse=True)
def no_bounce(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits until a bounce is over."""
    monkeypatch.setattr(action_guard, "GUARD_MS", 0)


@pytest.fixture(autouse=True)
def clean_desk(qapp: QCoreApplication) -> None:
    """Let Qt delete what the test before has left: without a running loop it would wait for ever,
    and every change of theme would dress it again."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
