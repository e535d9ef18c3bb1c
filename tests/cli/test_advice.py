"""The doctor's advice fits each fault, and its times are the shop's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from posapp.app.commands import check_line
from posapp.domain.errors import EnvironmentCode, GatewayCause
from posapp.system.doctor import Check
from posapp.ui.core.i18n import LANGUAGES, Translator
from tests.system.test_doctor import NOW, WELL, found

NETWORK = ("인터넷 연결", "Check the network")
OF_THE_NETWORK = {"portone_offline", "portone_timeout"}
CODES = [code.value for code in EnvironmentCode]
CODES += [f"portone_{cause.value}" for cause in GatewayCause]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("advice", CODES)
def test_every_fault_has_advice_of_its_own(language: str, advice: str) -> None:
    line = check_line(Translator(language), Check("keyring", ok=False, detail="x", advice=advice))
    _, _, said = line.partition("→ ")
    assert said and said != advice
    speaks_of_network = any(word in said for word in NETWORK)
    assert speaks_of_network == (advice in OF_THE_NETWORK), said


def test_times_are_the_shops() -> None:
    assert datetime(2026, 3, 1, 3, 0, tzinfo=UTC) == NOW
    assert found(WELL)["portone"].detail == "2026-03-01 12:00:00"
    assert found(WELL)["backups"].detail == "2026-03-01 11:10:00"
