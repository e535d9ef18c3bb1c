"""The command ``posapp setup``: the set-up of a shop, asked in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from posapp.app.setup_parts import make_setup
from posapp.domain.errors import PosappError
from posapp.domain.setting_kinds import ChoiceKind
from posapp.domain.settings import BY_NAME, Settings
from posapp.services.ports.setup import ChannelOffer
from posapp.services.settings.setup import Setup
from posapp.services.settings.setup_steps import DISPLAY, MODES, SECRET_FIELDS, START, Step
from posapp.system.paths import Home, resolve_home
from posapp.system.settings import load
from posapp.system.shop_folders import opened_home
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.settings.setting_text import option_name
from posapp.ui.settings.setup_text import (
    channel_text,
    field_name,
    rule_of_field,
    step_title,
)

BACK = "<"

Ask = Callable[[str], str]
"""Asks a person; raises EOFError or KeyboardInterrupt when they leave."""


class _BackWanted(Exception):
    """The person wants the step before."""


class SetupCommand:
    """Asks step by step until the shop is ready or the person leaves.

    Args:
        ask, ask_secret: ask a person; the second one without an echo.
        say: writes a line.
    """

    def __init__(
        self, setup: Setup, texts: Translator, ask: Ask, ask_secret: Ask, say: Callable[[str], None]
    ) -> None:
        self._setup = setup
        self._texts = texts
        self._ask = ask
        self._ask_secret = ask_secret
        self._say = say

    def run(self) -> bool:
        """Return whether the shop is ready."""
        self._say(self._texts("setup.how_to_answer"))
        try:
            while not self._setup.is_finished:
                self._take_step()
        except (EOFError, KeyboardInterrupt):
            self._say("")
            self._say(self._texts("setup.stopped"))
            return False
        return True

    def _take_step(self) -> None:
        setup, texts = self._setup, self._texts
        at, count = setup.steps.index(setup.step) + 1, len(setup.steps)
        self._say("")
        progress = texts("setup.progress", number=at, count=count)
        self._say(f"[{progress}] {step_title(texts, setup.step)}")
        self._say(texts(f"setup.about_{setup.step}"))
        if setup.step is Step.RECOVERY:
            self._say(f"{texts('setup.recovery_code')}: {setup.recovery_code}")
            self._say(texts("setup.note_code"))
        try:
            self._submit()
        except _BackWanted:
            setup.back()
        texts.set_language(setup.language)

    def _submit(self) -> None:
        """Ask and submit the step; a refusal is shown until the person wants to try again."""
        try:
            self._setup.submit(self._answers())
        except PosappError as error:
            self._say(f"✗ {self._texts.error(error)}")
            self._given(self._ask(self._texts("setup.again")))

    def _answers(self) -> dict[str, str]:
        """Ask every field of the step until it is valid."""
        known = self._setup.answers()
        answers: dict[str, str] = {}
        for name in self._setup.plan.fields:
            while True:
                answers[name] = self._answer(name, known[name])
                if name not in self._setup.invalid({**known, **answers}):
                    break
                self._say(f"✗ {rule_of_field(self._texts, name)}")
        return answers

    def _answer(self, name: str, known: str) -> str:
        if name == DISPLAY:
            return known  # a terminal knows no screens
        if name == "channel_key":
            return self._channel(known)
        options = self._options(name)
        if options:
            return self._choice(name, options, known)
        prompt = field_name(self._texts, name)
        prompt = f"{prompt} [{known}]: " if known else f"{prompt}: "
        ask = self._ask_secret if name in SECRET_FIELDS else self._ask
        return self._given(ask(prompt)) or known

    def _channel(self, known: str) -> str:
        offers: Sequence[ChannelOffer] = self._setup.offers()
        if not offers:
            self._say(self._texts("setup.no_channels"))
            raise EOFError
        names = {one.key: channel_text(self._texts, one) for one in offers}
        return self._choice("channel_key", names, known)

    def _choice(self, name: str, options: dict[str, str], known: str) -> str:
        self._say(field_name(self._texts, name))
        keys = list(options)
        for number, key in enumerate(keys, start=1):
            self._say(f"  {number}. {display_text(options[key])}")
        preset = str(keys.index(known) + 1) if known in keys else ""
        prompt = self._texts("setup.number_of", count=len(keys))
        given = self._given(self._ask(f"{prompt} [{preset}]: " if preset else f"{prompt}: "))
        given = given or preset
        is_number = given.isascii() and given.isdigit() and 1 <= int(given[:3]) <= len(keys)
        return keys[int(given) - 1] if is_number else given

    def _options(self, name: str) -> dict[str, str]:
        if name == START:
            return {way: self._texts(f"setup.start_{way}") for way in MODES}
        setting = BY_NAME.get(name)
        if setting is None or not isinstance(setting.kind, ChoiceKind):
            return {}
        return {each: option_name(self._texts, setting, each) for each in setting.kind.options}

    @staticmethod
    def _given(text: str) -> str:
        if text.strip() == BACK:
            raise _BackWanted
        return text.strip()


def run_setup(
    option: str | None,
    environ: Mapping[str, str],
    options: Mapping[str, str],
    ask: Ask,
    ask_secret: Ask,
    say: Callable[[str], None],
) -> int:
    """Run the command; return its exit code.

    Args:
        option: the value of ``--home``.
        options: settings from the command line.

    Raises:
        EnvironmentProblem: bad settings, or the disk does not allow the folder.
    """
    root, base, extra = base_of(option, environ, options)
    texts = Translator(base.language)
    setup = make_setup(root, base, lambda secret: None, extra)
    if not SetupCommand(setup, texts, ask, ask_secret, say).run():
        return 1
    say(texts("setup.done_command", folder=opened_home(Home(root)).root))
    say(texts("setup.open_command"))
    return 0


def base_of(
    option: str | None, environ: Mapping[str, str], options: Mapping[str, str]
) -> tuple[Path, Settings, dict[str, Any]]:
    """Return the user's folder, what a set-up begins with, and what the new shop keeps of that."""
    root = resolve_home(option, environ).root
    base = load(Home(root).settings, environ, options)
    return root, base, {name: getattr(base, name) for name in options if name != "mode"}
