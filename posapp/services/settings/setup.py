"""Set-up of a shop, step by step: each is tested before the next, and a kill at any moment loses
only the step that was not finished."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.modes import Mode
from posapp.domain.recovery_codes import is_group
from posapp.domain.settings import BY_NAME, Settings, text_of
from posapp.services.ports.setup import ChannelOffer, FirstManager, SetupFolder, SetupState
from posapp.services.settings.setup_steps import (
    GROUPS,
    KIOSK,
    MODES,
    NAME,
    PIN,
    PLANS,
    SCREEN_AND_LABELS,
    SECRET_FIELDS,
    START,
    Step,
    StepPlan,
    find_invalid,
    steps_of,
)
from posapp.services.settings.shop_keys import ShopKeys


class Setup:
    """One set-up. ``submit`` and ``offers`` wait for PortOne and the keyring, so they run on no
    window's thread, and one at a time.

    Args:
        keys_of: makes the keys of the shop of a mode.
        manager: adds the first manager; ``None`` leaves those steps out.
        base: settings that are given from outside (variables, options), and the defaults.
        extra: further settings that are written into the new shop's file.
    """

    def __init__(
        self,
        folder: SetupFolder,
        keys_of: Callable[[Mode], ShopKeys],
        manager: FirstManager | None,
        base: Settings,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._folder = folder
        self._keys_of = keys_of
        self._manager = manager
        self._base = base
        self._extra = dict(extra or {})
        self._is_finished = False
        self._code = ""
        self._state = self._resumed(folder.load())

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return all steps of the way that was chosen, in their order."""
        return steps_of(self.mode, with_manager=self._manager is not None)

    @property
    def step(self) -> Step:
        """Return the current step."""
        return Step(self._state.step)

    @property
    def plan(self) -> StepPlan:
        """Return what the current step asks."""
        return PLANS[self.step]

    @property
    def mode(self) -> Mode | None:
        """Return the mode of the shop that is made; ``None`` before it is chosen."""
        return MODES.get(self._state.answers.get(START, ""))

    @property
    def language(self) -> str:
        """Return the language that was chosen."""
        return self._state.answers.get("language", self._base.language)

    @property
    def shop_name(self) -> str:
        """Return the shop's name as far as it is known."""
        return self._state.answers.get("shop_name", self._base.shop_name)

    @property
    def is_finished(self) -> bool:
        """Whether the shop can be opened."""
        return self._is_finished

    @property
    def recovery_code(self) -> str:
        """Return the recovery code to be noted; empty before there is one, and after a restart."""
        return self._code

    def answers(self) -> dict[str, str]:
        """Return what is known for the fields of the current step: given before, or from outside.
        Secrets are empty."""
        known = {}
        for name in self.plan.fields:
            given = self._state.answers.get(name)
            default = "" if name in SECRET_FIELDS else text_of(getattr(self._base, name, ""))
            known[name] = default if given is None else given
        return known

    def invalid(self, answers: Mapping[str, str]) -> tuple[str, ...]:
        """Return the fields of the current step whose answers are not allowed."""
        return find_invalid(self.plan, answers)

    def submit(self, answers: Mapping[str, str]) -> None:
        """Test the answers of the current step, store them, and go to the next step.

        Raises:
            UserError: ``SETUP_ANSWER``: see ``invalid``; or what the step found, see ``ShopKeys``
                and ``FirstManager``; ``SETUP_RECOVERY``: these are not the groups of the code.
            GatewayError: PortOne refuses the keys, or cannot be reached.
            EnvironmentProblem: the keyring or the disk does not allow it.
        """
        wrong = self.invalid(answers)
        if wrong:
            raise UserError(ErrorCode.SETUP_ANSWER, name=wrong[0])
        given = {name: answers.get(name, "").strip() for name in self.plan.fields}
        step = self.step
        kept = {
            **self._state.answers,
            **{name: text for name, text in given.items() if name not in SECRET_FIELDS},
        }
        if step is Step.START:
            self._begin(MODES[given[START]], kept)
        else:
            self._run(step, given)
        self._advance(step, kept)

    def back(self) -> None:
        """Go to the step before; its answers are known."""
        at = self.steps.index(self.step)
        self._save(SetupState(self.steps[max(at - 1, 0)], self._state.answers))

    def offers(self) -> tuple[ChannelOffer, ...]:
        """Return the KakaoPay channels of the account; raises like ``ShopKeys.account``."""
        return self._keys().account().offers

    def _begin(self, mode: Mode, answers: Mapping[str, str]) -> None:
        fields = PLANS[Step.APPEARANCE].fields
        appearance = {name: answers[name] for name in fields if answers.get(name)}
        extra = {} if mode is Mode.DEMO else self._extra
        self._folder.write_settings(mode, {**appearance, **extra})

    def _run(self, step: Step, given: Mapping[str, str]) -> None:
        match step:
            case Step.SHOP:
                self._write({name: _value(name, text) for name, text in given.items()})
            case Step.KEYS:
                keys = self._keys()
                pair = given["imp_key"], given["imp_secret"]
                keys.test(*pair)
                keys.store(*pair)
                self._write({"user_code": given["user_code"]})
            case Step.CHANNEL:
                self._keys().require_offer(given["channel_key"])
                self._write({"channel_key": given["channel_key"]})
            case Step.MANAGER:
                name, pin = given[NAME], given[PIN]
                self._code = self._first_manager().create(self._mode(), name, pin)
            case Step.RECOVERY:
                self._compare(given)
            case Step.PRINTER:
                kiosk = {name: _value(name, given[name]) for name in KIOSK if given[name]}
                more = {name: _value(name, given[name]) for name in SCREEN_AND_LABELS}
                self._write({"printer": given["printer"], **more, **kiosk})

    def _compare(self, given: Mapping[str, str]) -> None:
        for name in GROUPS:
            if not is_group(self._code, int(name.rpartition("_")[2]), given[name]):
                raise UserError(ErrorCode.SETUP_RECOVERY)

    def _advance(self, step: Step, answers: Mapping[str, str]) -> None:
        mode = MODES.get(answers.get(START, ""))
        steps = steps_of(mode, with_manager=self._manager is not None)
        at = steps.index(step) + 1
        if at == len(steps):
            self._folder.finish(self._mode(mode))
            self._state, self._is_finished = SetupState(step, answers), True
            return
        self._save(SetupState(steps[at], answers))

    def _save(self, state: SetupState) -> None:
        self._folder.save(state)
        self._state = state

    def _resumed(self, state: SetupState | None) -> SetupState:
        """Return where to go on. A recovery code that was not noted is gone: the step that makes
        another one comes first."""
        if state is None or state.step not in tuple(Step):
            return SetupState(Step.APPEARANCE)
        mode = MODES.get(state.answers.get(START, ""))
        steps = steps_of(mode, with_manager=self._manager is not None)
        if state.step == Step.RECOVERY and Step.MANAGER in steps:
            return SetupState(Step.MANAGER, state.answers)
        return state if Step(state.step) in steps else SetupState(Step.APPEARANCE, state.answers)

    def _write(self, values: Mapping[str, Any]) -> None:
        self._folder.write_settings(self._mode(), values)

    def _keys(self) -> ShopKeys:
        return self._keys_of(self._mode())

    def _mode(self, mode: Mode | None = None) -> Mode:
        found = mode or self.mode
        if found is None:
            raise RuntimeError("no way to start was chosen")
        return found

    def _first_manager(self) -> FirstManager:
        if self._manager is None:
            raise RuntimeError("there is no staff")
        return self._manager


def _value(name: str, text: str) -> Any:
    return BY_NAME[name].read(text, from_text=True)
