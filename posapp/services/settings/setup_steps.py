"""Steps of the set-up of a shop, as data for its window and for its command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.modes import Mode
from posapp.domain.settings import BY_NAME

START, PIN, PIN_AGAIN = "start", "manager_pin", "manager_pin_again"
NAME = "manager_name"
GROUPS = ("recovery_group_2", "recovery_group_5")
"""Fields of the groups of the recovery code that are asked back; their number is at the end."""

KIOSK = ("kiosk_screen_mm", "kiosk_floor_mm", "locate_every_s")
"""Fields about the place of a kiosk; empty is what the setting is without an answer."""

TEXT_SIZE = "text_size"
"""Without an answer, texts have their usual size."""

DISPLAY, LABELS = "buyer_display", "label_patterns"
SCREEN_AND_LABELS = (DISPLAY, LABELS)
"""The buyer's screen, and how the labels of a scale are read."""

MODES: Mapping[str, Mode] = {"practice": Mode.DEMO, "test": Mode.TEST, "live": Mode.LIVE}
"""Ways to start, and the mode of the shop that each makes."""


class Step(StrEnum):
    """A step of the set-up."""

    APPEARANCE = "appearance"
    START = "start"
    SHOP = "shop"
    KEYS = "keys"
    CHANNEL = "channel"
    MANAGER = "manager"
    RECOVERY = "recovery"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True)
class StepPlan:
    """What a step asks.

    Attributes:
        fields: names of settings where there is one of that name.
        required: fields that may not be empty although their setting may.
    """

    step: Step
    fields: tuple[str, ...]
    required: tuple[str, ...] = ()


PLANS: Mapping[Step, StepPlan] = {
    one.step: one
    for one in (
        StepPlan(Step.APPEARANCE, ("language", "theme", TEXT_SIZE)),
        StepPlan(Step.START, (START,)),
        StepPlan(
            Step.SHOP,
            (
                *("shop_name", "business_number", "owner_name"),
                *("shop_address", "shop_phone", "tax_type"),
            ),
        ),
        StepPlan(Step.KEYS, ("imp_key", "imp_secret", "user_code"), ("user_code",)),
        StepPlan(Step.CHANNEL, ("channel_key",), ("channel_key",)),
        StepPlan(Step.MANAGER, (NAME, PIN, PIN_AGAIN), (NAME, PIN, PIN_AGAIN)),
        StepPlan(Step.RECOVERY, GROUPS, GROUPS),
        StepPlan(Step.PRINTER, ("printer", *SCREEN_AND_LABELS, *KIOSK)),
    )
}

SECRET_FIELDS = frozenset({"imp_key", "imp_secret", PIN, PIN_AGAIN, *GROUPS})
"""Fields whose answers are remembered nowhere."""


def steps_of(mode: Mode | None, *, with_manager: bool) -> tuple[Step, ...]:
    """Return the steps of a way to start; ``None``: it is not chosen yet.

    Args:
        with_manager: there can be staff.
    """
    if mode is Mode.DEMO:
        return (Step.APPEARANCE, Step.START)
    of_staff = (Step.MANAGER, Step.RECOVERY) if with_manager else ()
    account = (Step.SHOP, Step.KEYS, Step.CHANNEL)
    return (Step.APPEARANCE, Step.START, *account, *of_staff, Step.PRINTER)


def find_invalid(plan: StepPlan, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fields of a step whose answers are not allowed."""
    return tuple(name for name in plan.fields if not _is_valid(plan, name, answers))


def _is_valid(plan: StepPlan, name: str, answers: Mapping[str, str]) -> bool:
    text = answers.get(name, "").strip()
    if not text and name in (*plan.required, *KIOSK, TEXT_SIZE):
        return name not in plan.required
    if name == START:
        return text in MODES
    if name == PIN_AGAIN:
        return text == answers.get(PIN, "").strip()
    setting = BY_NAME.get(name)
    if setting is None:
        return True
    try:
        setting.read(text, from_text=True)
    except ValueError:
        return False
    return True
