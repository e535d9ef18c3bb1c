"""A screen is found again, and never mistaken for another one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.ui.display.screen_identity import ScreenIdentity, describe_screen

DELL = ScreenIdentity("DELL", "U2412M", "AB12", "HDMI-1", "1920x1080")
BARE = ScreenIdentity("", "", "", "screen", "1366x768")

_part = st.text("abcXYZ019- 가", max_size=6)
_some = st.builds(ScreenIdentity, _part, _part, _part, st.sampled_from(["HDMI-1", "DP-1"]), _part)


@given(_some)
def test_what_is_stored_is_read_back(identity):
    read = ScreenIdentity.read(str(identity))
    assert read == (identity if identity.size else None)


@pytest.mark.parametrize("text", ["", "a", "a|b|c|d", "||||", "|||HDMI-1|", "a|b|c|d|e|f"])
def test_a_text_that_is_no_identity_is_none(text):
    assert ScreenIdentity.read(text) is None
    assert describe_screen(text) == text


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        (DELL, True),
        (replace(DELL, name="DP-1"), True),
        (replace(DELL, size="1280x720"), True),
        (replace(DELL, serial=""), True),
        (replace(DELL, maker="", model="", serial=""), True),
        (replace(DELL, serial="", name="DP-1"), False),
        (replace(DELL, serial="", size="1280x720"), False),
        (replace(DELL, serial="ZZ99"), False),
        (replace(DELL, model="P2419"), False),
        (replace(DELL, maker="LG"), False),
        (BARE, False),
    ],
)
def test_a_device_is_known_by_its_serial_else_by_connection_and_size(other, is_found):
    assert (DELL.likeness(other) > 0) is is_found
    assert (other.likeness(DELL) > 0) is is_found


def test_the_same_device_at_another_connection_is_more_like_it_than_another_at_its_place():
    moved = replace(DELL, name="DP-1", size="1280x720")
    in_its_place = replace(DELL, maker="", model="", serial="")
    assert DELL.likeness(moved) > DELL.likeness(in_its_place)


@given(_some, _some)
def test_devices_that_name_themselves_differently_are_never_one(mine, theirs):
    named = replace(mine, serial="A"), replace(theirs, serial="B")
    assert named[0].likeness(named[1]) == 0


def test_people_read_the_device_or_its_connection():
    assert describe_screen(str(DELL)) == "DELL U2412M · 1920 × 1080"
    assert describe_screen(str(BARE)) == "screen · 1366 × 768"
