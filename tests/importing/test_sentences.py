"""Every cause has its sentence, in both languages, with the same parameters."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path

from posapp.services.importing import Cause

RESOURCES = Path(__file__).parents[2] / "resources" / "i18n"


def _sentences(language: str) -> dict[str, str]:
    path = RESOURCES / language / "importing.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_hold_the_same_sentences() -> None:
    korean, english = _sentences("ko"), _sentences("en")
    assert korean.keys() == english.keys()
    for key in korean:
        assert _parameters(korean[key]) == _parameters(english[key]), key


def test_every_cause_has_a_sentence() -> None:
    sentences = _sentences("ko")
    assert {cause.value for cause in Cause} <= sentences.keys()


def test_no_cause_names_an_option_of_the_command_line() -> None:
    """The window shows them, too."""
    for language in ("ko", "en"):
        sentences = _sentences(language)
        assert [cause for cause in Cause if "--" in sentences[cause.value]] == []
