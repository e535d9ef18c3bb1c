"""Checks of ``posapp doctor --kiosk``, as data: what serves each duty of a kiosk, what is missing.

The duties are those of docs/kiosk.md. A check finds what this machine and these settings have; it
is no certificate: what is verified under the law is a device.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from posapp.system.sound.output_queue import OutputFailure


class Finding(StrEnum):
    """What a check found: the thing is there, missing, or not part of this version."""

    MET = "met"
    MISSING = "missing"
    NOT_BUILT = "not_built"


@dataclass(frozen=True, slots=True)
class Service:
    """What serves a duty.

    Attributes:
        name: id of its texts.
        settings: that govern it, by name. Without one of them this version does not have it.
        off: what a setting is where it is off, by name.
        checks: names of the machine's checks that it requires.
    """

    name: str
    settings: tuple[str, ...] = ()
    off: Mapping[str, object] | None = None
    checks: tuple[str, ...] = ()


SPEECH = ("speech", "korean", "sound")

DUTIES: Mapping[str, tuple[Service, ...]] = {
    "place": (Service("locate", ("locate_every_s",), {"locate_every_s": 0}, SPEECH),),
    "criteria": (
        Service("text_size", ("kiosk_screen_mm",), {"kiosk_screen_mm": 0}),
        Service("enlarged", ("kiosk_screen_mm",)),
        Service("targets", ("kiosk_screen_mm",), checks=("text",)),
        Service("contrast", ("theme",)),
        Service("low_screen", ("kiosk_floor_mm",), {"kiosk_floor_mm": 0}, ("reach",)),
        Service("time", ("kiosk_idle_s", "kiosk_more_time"), {"kiosk_more_time": 100}),
        Service("self_voicing", ("audio_private",), checks=SPEECH),
        Service("keypad", ("kiosk_keys",)),
    ),
    "staff": (Service("call", ("call_way", "call_address"), {"call_way": "screen"}, ("sound",)),),
}
"""Duties of docs/kiosk.md, and what serves each."""


@dataclass(frozen=True, slots=True)
class MachineCheck:
    """What a check of the machine found.

    Attributes:
        detail: a name, a number, or why not; in English.
    """

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ServiceFinding:
    """What was found of a service.

    Attributes:
        settings: names and values, as far as this version has them.
        missing: names of settings that are off or not there, and of checks that failed.
    """

    name: str
    finding: Finding
    settings: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """What the checks of a machine inspect. The callables raise ``OutputFailure``.

    Attributes:
        speech: returns name and languages of the speech engine.
        recordings: returns how many recordings there are, and of how many.
        sound: plays a moment of silence, and returns by what.
    """

    speech: Callable[[], tuple[str, frozenset[str]]]
    recordings: Callable[[], tuple[int, int]]
    sound: Callable[[], str]


def check_machine(machine: Machine) -> tuple[MachineCheck, ...]:
    """Inspect the machine; takes some seconds.

    Recordings of every phrase stand in for a Korean voice, and for an engine.
    """
    there, all_of_them = machine.recordings()
    is_recorded = there >= all_of_them
    try:
        engine, languages = machine.speech()
    except OutputFailure as failure:
        speech = MachineCheck("speech", is_recorded, str(failure))
        korean = MachineCheck("korean", is_recorded, "-")
    else:
        listed = ", ".join(sorted(languages & {"ko", "en"})) or "-"
        speech = MachineCheck("speech", ok=True, detail=engine)
        korean = MachineCheck("korean", "ko" in languages or is_recorded, listed)
    recordings = MachineCheck("recordings", ok=True, detail=f"{there}/{all_of_them}")
    try:
        sound = MachineCheck("sound", ok=True, detail=machine.sound())
    except OutputFailure as failure:
        sound = MachineCheck("sound", ok=False, detail=str(failure))
    return speech, korean, recordings, sound


def find_service(
    service: Service, settings: Mapping[str, object], checks: tuple[MachineCheck, ...]
) -> ServiceFinding:
    """Compare a service with the settings of the shop, by name, and with the machine's checks."""
    known = tuple(name for name in service.settings if name in settings)
    shown = tuple((name, str(settings[name])) for name in known)
    unknown = tuple(name for name in service.settings if name not in settings)
    if unknown:
        return ServiceFinding(service.name, Finding.NOT_BUILT, shown, unknown)
    off = service.off or {}
    missing = tuple(name for name in known if name in off and settings[name] == off[name])
    missing += tuple(one.name for one in checks if one.name in service.checks and not one.ok)
    return ServiceFinding(service.name, Finding.MISSING if missing else Finding.MET, shown, missing)
