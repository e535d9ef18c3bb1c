"""Checks of a kiosk's machine, and what serves each duty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.app.kiosk_doctor import check_measures
from posapp.domain.settings import BY_NAME, Settings
from posapp.system.kiosk_checks import (
    DUTIES,
    Finding,
    Machine,
    MachineCheck,
    Service,
    check_machine,
    find_service,
)
from posapp.system.sound.output_queue import OutputFailure

WELL = Machine(
    speech=lambda: ("SpeechDispatcher", frozenset({"ko", "en", "de"})),
    recordings=lambda: (0, 42),
    sound=lambda: "ProgramPlayer",
)


def failing(message):
    def probe():
        raise OutputFailure(message)

    return probe


def found(machine):
    return {one.name: (one.ok, one.detail) for one in check_machine(machine)}


def test_a_machine_with_everything():
    assert found(WELL) == {
        "speech": (True, "SpeechDispatcher"),
        "korean": (True, "en, ko"),
        "recordings": (True, "0/42"),
        "sound": (True, "ProgramPlayer"),
    }


def test_an_engine_without_a_korean_voice():
    english = replace(WELL, speech=lambda: ("WindowsSpeech", frozenset({"en"})))
    assert found(english)["korean"] == (False, "en")
    assert found(english)["speech"] == (True, "WindowsSpeech")
    none = replace(WELL, speech=lambda: ("WindowsSpeech", frozenset()))
    assert found(none)["korean"] == (False, "-")


def test_no_engine_and_no_device_say_why():
    broken = replace(WELL, speech=failing("say: no answer"), sound=failing("aplay: exit code 1"))
    assert found(broken)["speech"] == (False, "say: no answer")
    assert found(broken)["korean"] == (False, "-")
    assert found(broken)["sound"] == (False, "aplay: exit code 1")


def test_recordings_of_all_phrases_stand_in_for_the_engine():
    recorded = replace(WELL, speech=failing("no engine"), recordings=lambda: (42, 42))
    assert found(recorded)["speech"][0] and found(recorded)["korean"][0]


SERVICE = Service("call", ("call_way",), {"call_way": "screen"}, ("sound",))
SOUND = MachineCheck("sound", ok=True, detail="")
SILENCE = MachineCheck("sound", ok=False, detail="")


@pytest.mark.parametrize(
    ("settings", "check", "finding", "missing"),
    [
        ({"call_way": "printer"}, SOUND, Finding.MET, ()),
        ({"call_way": "screen"}, SOUND, Finding.MISSING, ("call_way",)),
        ({"call_way": "screen"}, SILENCE, Finding.MISSING, ("call_way", "sound")),
        ({"call_way": "printer"}, SILENCE, Finding.MISSING, ("sound",)),
        ({}, SOUND, Finding.NOT_BUILT, ("call_way",)),
    ],
)
def test_a_service_is_met_by_its_settings_and_the_machine(settings, check, finding, missing):
    result = find_service(SERVICE, settings | {"other": 1}, (check,))
    assert (result.finding, result.missing) == (finding, missing)
    assert dict(result.settings) == settings


def test_every_service_has_a_setting_that_shows_it_and_every_check_exists():
    services = [service for one in DUTIES.values() for service in one]
    assert all(service.settings for service in services)
    measures = {one.name for one in check_measures(Settings())}
    checks = {check for service in services for check in service.checks}
    assert checks <= {*found(WELL), *measures}
    for service in services:
        for name, off in (service.off or {}).items():
            assert name in service.settings
            if name in BY_NAME:
                assert BY_NAME[name].read(off, from_text=False) == off
