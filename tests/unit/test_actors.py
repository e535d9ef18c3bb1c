"""Actors and their stored form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.actors import IMPORT, NOBODY, PORTONE, TILL, Actor, ActorKind
from posapp.services.session import Session


@pytest.mark.parametrize(
    ("actor", "stored"),
    [
        (Actor.buyer(12), "buyer:12"),
        (Actor.seller(3), "seller:3"),
        (Actor.person(), "person"),
        (Actor.person("김 사장: 저녁"), "person:김 사장: 저녁"),
        (TILL, "till"),
        (PORTONE, "portone"),
        (IMPORT, "import"),
        (NOBODY, ""),
    ],
)
def test_an_actor_and_its_stored_form(actor: Actor, stored: str) -> None:
    assert str(actor) == stored
    assert Actor.parse(stored) == actor


@given(st.one_of(st.text(), st.sampled_from(["buyer:", ":", ":3", "till:", "buyer", "seller:x:"])))
def test_every_stored_text_stays_as_it_is(text: str) -> None:
    assert str(Actor.parse(text)) == text


def test_only_users_have_a_number() -> None:
    assert Actor.parse("seller:3").is_user and Actor.parse("seller:3").user_id == 3
    others = (TILL, PORTONE, IMPORT, NOBODY, Actor.person("3"))
    for other in (*others, *map(Actor.parse, ("staff:3", "seller:x", "buyer:-1", "buyer:٣"))):
        assert not other.is_user
        with pytest.raises(ValueError, match=r" is no user$"):
            _ = other.user_id


def test_only_an_empty_text_has_no_actor() -> None:
    assert not NOBODY.is_named
    assert Actor(ActorKind.OTHER, "?").is_named
    assert Actor.parse("staff:3").is_named


def test_a_person_s_name_is_one_printable_line() -> None:
    assert Actor.person(" 김\n사장\u202e\x00 ") == Actor.person("김 사장")
    assert Actor.person(" \n ") == Actor.person()


def test_a_new_session_is_a_person_without_a_name() -> None:
    assert Session().actor == Actor.person()
