"""Questions in front of money that can be answered at once: no test waits for a bounce."""

from __future__ import annotations

import pytest

from posapp.ui.screens.cancel_parts import confirmation


@pytest.fixture(autouse=True)
def no_bounce(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirmation, "BOUNCE_MS", 0)
