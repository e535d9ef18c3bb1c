"""Faults of a simulated day: network, disk, power, clock, an older copy in the place of the newest
file, other behaviour of PortOne, and imported files."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentProblem
from posapp.services.importing import ImportService, OnError
from posapp.store.files.backup import backup, backup_folder, list_backups
from tests.fakes.access import EVERYTHING
from tests.simulation.disk import TROUBLES
from tests.simulation.files import claims
from tests.simulation.network import Fate, Weather
from tests.simulation.scheduler import Killed

if TYPE_CHECKING:
    from tests.simulation.scenario_week import ScenarioWeek

MINUTE = 60

UNCLEAR = (
    "일시적인 오류가 발생하였습니다. 잠시 후 다시 시도해 주세요",
    "[-9999] internal server error",
    "결과를 확인할 수 없습니다",
    "점검 중",
    "알 수 없는 오류",
    "결제취소에 실패하였습니다. 카드사 응답 지연",
    "취소 접수 실패 (E-4012)",
)
"""Inconclusive texts: a cancel refused with one of them may be carried out later."""

CLEAR = (
    "결제취소에 실패하였습니다. 한도 초과",
    "결제취소에 실패하였습니다. 거래일로부터 1년이 지났습니다.",
)
"""Known texts of KakaoPay: a cancel refused with one of them is never carried out."""

FORMS: dict[str, tuple[object, ...]] = {
    "paid_time": ("documented", "null"),
    "cancel_fields": ("kept", "documented"),
    "partial_status": ("paid", "cancelled"),
    "amounts": ("float",),
    "currency_case": ("lower", "mixed"),
    "provider_case": ("upper", "mixed"),
    "optional_texts": ("null",),
    "reasons": ("cut", "dropped", "null", "mangled"),
    "empty_list": (400, 404),
}
"""Settings of the sandbox for the forms that PortOne's schema allows, without the plain one."""

YEARS = 365 * 24
WRONG_BY = (
    *(-1, 1, -24, 24, -0.02, 0.02),
    *(72, -72, 40 * 24, -40 * 24, 12 * YEARS, -26 * YEARS, -56 * YEARS),
)
"""Hours by which a clock is wrong that was set wrongly, or whose battery is flat (2038, 2000,
1970). The first six are the small ones."""


class Misfortunes:
    """Draws and applies the faults of a week.

    Attributes:
        struck: number of faults, by kind.
        copies: of the database, the newest last.
    """

    def __init__(self, week: ScenarioWeek, chance: random.Random) -> None:
        self._week, self._chance = week, chance
        self.struck: Counter[str] = Counter()
        self.copies: list[Path] = []

    def drawn(self, open_for: int) -> list[tuple[float, Callable[[], None]]]:
        """Draw pauses in seconds, each with the fault after it, for a day of this length."""
        chance = self._chance
        kinds = [self._bad_weather] * 4 + [self._fair_weather] * 3
        kinds += [self._power] * 2 + [self._bad_disk] * 2 + [self._bad_sends] * 2
        kinds += [self._jump, self._copy, self._copy, self._late_lands]
        if self._week.pace.eventful:
            kinds += [self._other_forms, self._other_forms, self._refusals, self._imports]
            kinds += [self._flat_battery, self._garbled, self._another_till, self._swap]
            kinds += [self._wrong_keys, self._revoked]
        if self._week.pace.only:
            kinds = [getattr(self, f"_{name}") for name in self._week.pace.only]
        count = chance.randint(3, 14)
        pause = open_for / (count + 1)
        strikes = [(chance.expovariate(1 / pause), chance.choice(kinds)) for _ in range(count)]
        if chance.random() < 0.2:
            strikes.append((chance.expovariate(1 / pause), self._restore))
        return strikes

    def clear_up(self) -> None:
        """Restore PortOne's default behaviour."""
        if self._week.pace.eventful:
            conduct = self._week.sandbox.faults.conduct
            conduct.reset(sandbox=conduct.sandbox)

    def power_goes(self) -> None:
        """Count a power failure."""
        self._strike("power")
        self._week.program.kill()

    def _strike(self, kind: str, *what: object) -> None:
        self.struck[kind] += 1
        self._week.say("fate", kind, *what)

    # Network, disk, power.

    def _bad_weather(self) -> None:
        network = self._week.network
        kinds = [each for each in Weather if each is not Weather.FAIR]
        network.weather = self._chance.choice(kinds)
        self._strike("weather", network.weather)
        minutes = self._chance.choice((1, 3, 10, 30, 90))
        weather = network.weather

        def clears() -> None:
            if network.weather is weather:
                network.weather = Weather.FAIR
                self._week.say("fate", "weather", Weather.FAIR)

        self._week.scheduler.spawn("weather", clears, after=minutes * MINUTE)

    def _fair_weather(self) -> None:
        self._week.network.weather = Weather.FAIR
        self._week.network.rate = self._chance.choice((0, 1, 5, 15))

    def _bad_sends(self) -> None:
        """Let the next sends of refunds fail."""
        fates = (Fate.LATE, Fate.LOST_AFTER, Fate.LOST_BEFORE, Fate.REFUSED, Fate.SILENT_AFTER)
        self._week.network.aimed[:] = self._chance.choices(fates, k=self._chance.randint(1, 5))

    def _late_lands(self) -> None:
        if self._week.late.release():
            self._strike("late landing")

    def _power(self) -> None:
        """Let the power fail at one of the next moments."""
        self._week.disk.power_in = self._chance.choice((1, 2, 3, 4, 5, 7, 10, 25, 80))

    def _bad_disk(self) -> None:
        disk = self._week.disk
        disk.trouble = self._chance.choice(TROUBLES)
        disk.fails_in = self._chance.choice((0, 0, 1, 2, 5, 20))
        disk.fails_for = self._chance.choice((1, 1, 2, 5, 40))
        self._week.say("fate", "disk", disk.trouble, disk.fails_in, disk.fails_for)

    # The clock.

    def _jump(self) -> None:
        """Set the machine's clock wrong for a while, or right again."""
        eventful = self._week.pace.eventful
        hours = self._chance.choice((0, 0, *WRONG_BY) if eventful else (0, 0, *WRONG_BY[:6]))
        if self._week.clock.off != timedelta(hours=hours):
            self._strike("clock", hours)
            self._week.set_clock(timedelta(hours=hours))

    def _flat_battery(self) -> None:
        """Stop the program; meanwhile the clock is set or loses its time."""
        hours = self._chance.choice((0, *WRONG_BY))
        self._strike("clock while off", hours)
        self._while_off(lambda: self._week.set_clock(timedelta(hours=hours)))

    # PortOne's behaviour.

    def _other_forms(self) -> None:
        """Let PortOne write the same facts in other forms that its schema allows."""
        names = self._chance.sample(list(FORMS), self._chance.choice((1, 1, 2, 3, len(FORMS))))
        if "reasons" in names:
            self.struck["reasons"] += 1
        self._conduct({name: self._chance.choice(FORMS[name]) for name in names})

    def _garbled(self) -> None:
        """Make one payment unreadable, or nameless in lists, or write paid ones without amount."""
        payments = self._week.books.payments()
        if not payments:
            return
        one = self._chance.choice(payments[-20:]).imp_uid
        kind = self._chance.choice(({"garbled": one}, {"nameless": one}, {"zero_paid": True}))
        self._conduct(kind)

    def _refusals(self) -> None:
        """Refuse every cancel over the API for some minutes; some are carried out later."""
        chance = self._chance
        if chance.random() < 0.2:
            said: dict[str, object] = {"refuse_text": chance.choice(CLEAR), "refused_lands": None}
        else:
            lands = chance.choice((None, 1, 40, 130, 600, 850))
            said = {"refuse_text": chance.choice(UNCLEAR), "refused_lands": lands}
        self._conduct(
            {
                **said,
                "refuse_code": chance.choice((-1, 1, 3)),
                "refuse_http": chance.choice((200, 200, 400, 403)),
            },
            minutes=chance.choice((2, 6, 15)),
        )

    def _revoked(self) -> None:
        """Revoke the keys until a person corrects that."""
        self._conduct({"keys_refused": True})

    def _wrong_keys(self) -> None:
        """Use the keys of another account, and the right ones again after some minutes."""
        week = self._week
        self._strike("wrong keys")
        self._while_off(week.take_wrong_keys)
        after = self._chance.choice((12, 25, 60)) * MINUTE
        week.scheduler.spawn("keys", week.end_wrong_keys, after=after)

    def _conduct(self, values: dict[str, object], minutes: int | None = None) -> None:
        conduct = self._week.sandbox.faults.conduct
        before = {name: getattr(conduct, name) for name in values}
        conduct.change(**values)
        self._strike("conduct", *(f"{name}={value}" for name, value in values.items()))

        def ends() -> None:
            if all(getattr(conduct, name) == value for name, value in values.items()):
                conduct.change(**before)

        after = minutes or self._chance.choice((5, 20, 60))
        self._week.scheduler.spawn("conduct", ends, after=after * MINUTE)

    # Files.

    def _copy(self) -> None:
        """Copy the database, as the shop does each hour."""
        if self._week.pace.copies:
            return  # the program copies it
        copy = self._week.path.with_name(f"copy-{len(self.copies)}.db")
        try:
            backup(self._week.path, copy)
        except EnvironmentProblem:
            return
        self.copies.append(copy)
        self._week.say("shop", "copies")

    def _restore(self) -> None:
        """Put an older copy in the place of the newest file, which is set aside, as after a disk
        failure; sometimes the journal is lost with it."""
        copy = self._older()
        if copy is None:
            return
        loses = self._week.pace.eventful and self._chance.random() < 0.3
        self._strike("copy restored", copy.name, *(("without the journal",) if loses else ()))

        def change() -> None:
            self._week.change_files(copy)
            if loses:
                self._week.lose_journal()

        self._while_off(change)

    def _older(self) -> Path | None:
        """Draw one of the newest copies; in a shop that lives long, any existing one."""
        if self._week.pace.copies:
            kept = list_backups(backup_folder(self._week.path))
            return self._chance.choice(kept).path if kept else None
        return self._chance.choice(self.copies[-6:]) if self.copies else None

    def _another_till(self) -> None:
        """Try to use another till's file."""
        self._strike("another till's file")
        self._while_off(self._week.try_another_till)

    def _swap(self) -> None:
        """Replace the database by a copy under the running program, until it is restarted: by a
        person in the end, unless something else ends it before."""
        copy = self._older()
        if copy is None:
            return
        self._strike("swap", copy.name)
        program = self._week.program
        self._week.swap_files(copy)

        self._week.scheduler.spawn("swap", program.kill, after=self._chance.choice((5, 60, 300)))

    def _while_off(self, what: Callable[[], None]) -> None:
        self._week.while_off.append(what)
        self._week.program.kill()

    def _imports(self) -> None:
        """Import a file of orders, and of payments that it claims for them."""
        week = self._week
        path = week.path.with_name("shop.json")
        kinds = claims(week, path, self._chance)
        if not kinds:
            return
        importing = ImportService(week.till.store, week.clock, EVERYTHING)
        try:
            report = importing.apply(Actor.person(), importing.read(path), OnError.SKIP)
        except EnvironmentProblem as problem:
            week.say("import", problem.code)
            return
        except Killed:
            return  # the power failed in the middle of it: in the program, not in this task
        self._strike("import", *kinds, report.orders.added, len(report.complaints))
        week.till._wake()


def set_aside(path: Path, copy: Path, name: str) -> None:
    """Put a copy in the database's place; rename the database and its files."""
    for each in path.parent.glob(f"{path.name}*"):
        each.rename(each.with_name(f"aside-{name}-{each.name}"))
    shutil.copyfile(copy, path)
