"""Set-up of a shop without a terminal: its first manager, and its recovery code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import (
    EnvironmentProblem,
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    UserError,
)
from posapp.domain.modes import Mode
from posapp.services.ports.setup import ChannelOffer
from posapp.services.settings.setup import Setup
from posapp.services.settings.setup_steps import Step
from tests.fakes.setup_world import CHANNEL, CODE, MANAGER, World


@pytest.fixture
def world() -> World:
    return World()


def code_of(setup: Setup, **answers: str) -> ErrorCode:
    with pytest.raises(UserError) as refused:
        setup.submit(answers)
    return refused.value.code


def test_the_recovery_code_is_shown_and_two_of_its_groups_are_entered(world: World) -> None:
    setup = world.at(Step.MANAGER)
    assert len(setup.steps) == 8
    setup.submit(MANAGER)
    assert world.managers.made == [(Mode.TEST, "김하나", "284613")]
    assert setup.recovery_code == CODE
    wrong = {"recovery_group_2": "BBBB", "recovery_group_5": "FFFF"}
    assert code_of(setup, **wrong) is ErrorCode.SETUP_RECOVERY
    assert not setup.is_finished and world.folder.finished == []
    setup.submit({"recovery_group_2": "bbbb", "recovery_group_5": " EEEE "})
    assert setup.step is Step.PRINTER


@pytest.mark.parametrize("printer", ["영수증 프린터", ""])
def test_a_printer_is_remembered_and_none_is_needed(world: World, printer: str) -> None:
    setup = world.at(Step.PRINTER)
    assert not setup.is_finished and world.folder.finished == []
    assert world.again().step is Step.PRINTER
    setup.submit({"printer": printer})
    assert setup.is_finished and world.folder.finished == [Mode.TEST]
    assert world.folder.written[Mode.TEST]["printer"] == printer


def test_the_measures_of_a_kiosk_are_written_and_need_no_answer(world: World) -> None:
    setup = world.at(Step.PRINTER)
    assert setup.answers() == {
        **{"printer": "", "buyer_display": "", "label_patterns": "", "kiosk_screen_mm": "0"},
        **{"kiosk_floor_mm": "0", "locate_every_s": "0"},
    }
    given = {"printer": "", "kiosk_screen_mm": "610", "kiosk_floor_mm": "", "locate_every_s": "60"}
    for name, wrong in (("kiosk_screen_mm", "12"), ("kiosk_floor_mm", "high")):
        assert setup.invalid({**given, name: wrong}) == (name,)
        assert code_of(setup, **{**given, name: wrong}) is ErrorCode.SETUP_ANSWER
    setup.submit(given)
    written = world.folder.written[Mode.TEST]
    assert (written["kiosk_screen_mm"], written["locate_every_s"]) == (610, 60)
    assert "kiosk_floor_mm" not in written


def test_labels_and_the_buyer_s_screen_are_written(world: World) -> None:
    setup = world.at(Step.PRINTER)
    screen = "Maker|Model|7|HDMI-1|1280x800"
    given = {"printer": "", "buyer_display": screen, "label_patterns": "21PPPPPVVVVVC, 21PP"}
    assert setup.invalid(given) == ("label_patterns",)
    setup.submit({**given, "label_patterns": "21PPPPPVVVVVC, 22PPPPPWWWWWC"})
    written = world.folder.written[Mode.TEST]
    assert written["buyer_display"] == screen
    assert written["label_patterns"] == ("21PPPPPVVVVVC", "22PPPPPWWWWWC")


def test_a_size_of_texts_is_written_if_one_was_chosen(world: World) -> None:
    for given in ({"text_size": "150"}, {}):
        setup = world.again()
        while setup.step is not Step.APPEARANCE:
            setup.back()
        setup.submit({"language": "ko", "theme": "light", **given})
        setup.submit({"start": "practice"})
        assert world.folder.written[Mode.DEMO].get("text_size") == given.get("text_size")
        world = World()


def test_no_secret_is_remembered(world: World) -> None:
    world.at(Step.RECOVERY)
    assert world.folder.state is not None
    said = str(world.folder.state) + str(world.folder.written)
    assert "284613" not in said and CODE not in said
    assert {"imp_key", "imp_secret"}.isdisjoint(world.folder.state.answers)


def test_a_code_that_was_not_noted_is_made_anew_after_a_restart(world: World) -> None:
    world.at(Step.RECOVERY)
    again = world.again()
    assert (again.step, again.recovery_code) == (Step.MANAGER, "")
    assert again.answers() == {
        "manager_name": "김하나",
        "manager_pin": "",
        "manager_pin_again": "",
    }


def test_two_different_pins_are_refused_and_so_is_what_staff_refuse(world: World) -> None:
    setup = world.at(Step.MANAGER)
    assert setup.invalid(MANAGER | {"manager_pin_again": "284614"}) == ("manager_pin_again",)
    weak = {"manager_pin": "111111", "manager_pin_again": "111111"}
    assert code_of(setup, **MANAGER | weak) is ErrorCode.SETUP_ANSWER
    assert setup.step is Step.MANAGER


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_wrong_clock_is_said_before_anything_is_stored(world: World, minutes: int) -> None:
    setup = world.at(Step.KEYS)
    world.account.off = timedelta(minutes=minutes)
    keys = {"imp_key": "k", "imp_secret": "s", "user_code": "imp1"}
    with pytest.raises(UserError) as refused:
        setup.submit(keys)
    assert refused.value.code is ErrorCode.SETUP_CLOCK
    assert refused.value.parameters == {"minutes": 6}
    assert world.keyring.kept == {}
    assert setup.step is Step.KEYS


def test_an_unreachable_portone_leaves_the_step_open(world: World) -> None:
    setup = world.at(Step.KEYS)
    world.account.error = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.OFFLINE)
    with pytest.raises(GatewayError):
        setup.submit({"imp_key": "k", "imp_secret": "s", "user_code": "imp1"})
    assert (world.keyring.kept, world.again().step) == ({}, Step.KEYS)


def test_a_keyring_that_takes_one_key_only_keeps_the_pair_before(world: World) -> None:
    world.keyring.kept = {"imp_key": "old", "imp_secret": "older"}
    setup = world.at(Step.KEYS)
    world.keyring.refuses_at = 2
    with pytest.raises(EnvironmentProblem):
        setup.submit({"imp_key": "k", "imp_secret": "s", "user_code": "imp1"})
    assert world.keyring.kept == {"imp_key": "old", "imp_secret": "older"}


@pytest.mark.parametrize(
    ("channels", "code"),
    [
        ((), ErrorCode.SETUP_CHANNEL),
        ((ChannelOffer("other", "", is_test=True),), ErrorCode.SETUP_CHANNEL),
        ((ChannelOffer(CHANNEL.key, "", is_test=False),), ErrorCode.SETUP_CHANNEL_LIVE),
    ],
)
def test_a_channel_is_read_again_before_it_is_taken(
    world: World, channels: tuple[ChannelOffer, ...], code: ErrorCode
) -> None:
    setup = world.at(Step.CHANNEL)
    world.account.offers = channels
    assert code_of(setup, channel_key=CHANNEL.key) is code
    assert "channel_key" not in world.folder.written[Mode.TEST]


def test_a_revoked_key_is_said_at_the_channel(world: World) -> None:
    setup = world.at(Step.CHANNEL)
    world.account.error = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.UNAUTHORIZED)
    for act in (setup.offers, lambda: setup.submit({"channel_key": CHANNEL.key})):
        with pytest.raises(GatewayError):
            act()
    setup.back()
    assert setup.step is Step.KEYS
