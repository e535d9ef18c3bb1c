"""``posapp doctor --kiosk``: which duty of a kiosk is met by what, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from posapp.app.commands import CommandResult
from posapp.app.shop_config import Shop
from posapp.app.voice_phrases import voice_phrases
from posapp.domain.errors import EnvironmentProblem
from posapp.domain.settings import Settings
from posapp.store.files.kiosk_records import kiosk_records_in
from posapp.system.kiosk_checks import (
    DUTIES,
    Finding,
    Machine,
    MachineCheck,
    ServiceFinding,
    check_machine,
    find_service,
)
from posapp.system.sound.output_queue import Interrupt
from posapp.system.sound.wav_files import Recording
from posapp.system.sound.wav_player import player_of
from posapp.system.speech.speakers import open_engine, voices_of
from posapp.system.speech.voice_pack import FOLDER, VoicePack
from posapp.ui.core.i18n import Translator
from posapp.ui.kiosk.kiosk_measures import reach_above_edge, text_mm

SILENCE = Recording(1, 22_050, bytes(2 * 2_205))
"""A tenth of a second: only a device that works plays it."""

RECORDED_LANGUAGE = "ko"
"""The language in which a kiosk has to speak."""


def check_kiosk(shop: Shop) -> CommandResult:
    """Check this machine and the shop's settings; takes some seconds."""
    texts = Translator(shop.settings.language)
    checks, measures = check_machine(machine_of(shop)), check_measures(shop.settings)
    settings = asdict(shop.settings)
    found = {
        duty: [find_service(one, settings, checks + measures) for one in services]
        for duty, services in DUTIES.items()
    }
    records = check_records(shop)
    is_met = all(one.finding is Finding.MET for services in found.values() for one in services)
    is_met = is_met and all(one.ok for one in records)
    parts = {"machine": checks, "measures": measures, "shop": records}
    return CommandResult(tuple(_lines(texts, found, parts)), 0 if is_met else 1)


def check_measures(settings: Settings) -> tuple[MachineCheck, ...]:
    """Return what was measured at the kiosk's place, and what follows from it."""
    screen_mm, floor_mm = settings.kiosk_screen_mm, settings.kiosk_floor_mm
    text = f"{text_mm(screen_mm):g} mm" if screen_mm else "-"
    low, high, is_enough = reach_above_edge(screen_mm, floor_mm)
    reach = f"{low}–{high} mm" if floor_mm else "-"
    return (
        MachineCheck("text", ok=screen_mm > 0, detail=text),
        MachineCheck("reach", ok=floor_mm > 0 and screen_mm > 0 and is_enough, detail=reach),
    )


def check_records(shop: Shop) -> tuple[MachineCheck, ...]:
    """Return what the shop's records lack for a kiosk: who ends its program, and refunds that wait
    for the counter's; nothing before there are records."""
    if not shop.home.database.exists():
        return ()
    try:
        records = kiosk_records_in(shop.home.database)
    except EnvironmentProblem as problem:
        return (MachineCheck("records", ok=False, detail=str(problem)),)
    return (
        MachineCheck("managers", ok=records.managers > 0, detail=str(records.managers)),
        MachineCheck("unsent", ok=records.unsent == 0, detail=str(records.unsent)),
    )


def machine_of(shop: Shop) -> Machine:
    """Return the checks of this machine."""
    player = player_of()
    pack = VoicePack(shop.home.root / FOLDER, player)

    def speech() -> tuple[str, frozenset[str]]:
        engine = open_engine()
        return type(engine).__name__, voices_of(engine)

    def recordings() -> tuple[int, int]:
        phrases = voice_phrases(RECORDED_LANGUAGE)
        return len(phrases) - len(pack.missing(phrases, RECORDED_LANGUAGE)), len(phrases)

    def sound() -> str:
        player.play(SILENCE, Interrupt())
        return type(player).__name__

    return Machine(speech, recordings, sound)


def _lines(
    texts: Translator,
    found: Mapping[str, list[ServiceFinding]],
    parts: Mapping[str, tuple[MachineCheck, ...]],
) -> Iterator[str]:
    for part, checks in parts.items():
        if checks:
            yield texts(f"kiosk_check.{part}")
            yield from _check_lines(texts, checks)
    for duty, services in found.items():
        yield texts(f"kiosk_check.duty_{duty}")
        for service in services:
            yield from _service_lines(texts, service)
    yield texts("kiosk_check.no_certificate")


def _check_lines(texts: Translator, checks: tuple[MachineCheck, ...]) -> Iterator[str]:
    for check in checks:
        sign = "✓" if check.ok else "✗"
        yield f"  {sign} {texts(f'kiosk_check.check_{check.name}')}: {check.detail}"
        if not check.ok:
            yield f"      → {texts(f'kiosk_check.advice_{check.name}')}"


def _service_lines(texts: Translator, service: ServiceFinding) -> Iterator[str]:
    sign = "✓" if service.finding is Finding.MET else "✗"
    name = texts(f"kiosk_check.service_{service.name}")
    settings = ", ".join(f"{key}={value}" for key, value in service.settings)
    yield f"  {sign} {name}" + (f" ({settings})" if settings else "")
    if service.finding is Finding.NOT_BUILT:
        yield f"      → {texts('kiosk_check.not_built', names=', '.join(service.missing))}"
    for missing in service.missing if service.finding is Finding.MISSING else ():
        check = f"kiosk_check.check_{missing}"
        what = texts(check) if texts.has(check) else missing
        yield f"      → {texts('kiosk_check.missing', what=what)}"
