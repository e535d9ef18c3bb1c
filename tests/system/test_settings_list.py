"""The one list of settings: texts, documentation and dataclass fit it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from posapp.app.settings_table import settings_table
from posapp.domain.setting_kinds import ChoiceKind, NumberKind
from posapp.domain.settings import BY_NAME, SECRETS, SETTINGS, SettingGroup, text_of
from posapp.ui.core.i18n import Translator
from posapp.ui.settings.setting_text import about, group_name, name_of, rule, value_text

ROOT = Path(__file__).parents[2]
TEXTS = {
    language: tomllib.loads(
        (ROOT / "resources/i18n" / language / "settings.toml").read_text("utf-8")
    )
    for language in ("ko", "en")
}


def wanted() -> set[str]:
    """Return the ids of the texts of all settings."""
    ids = {f"group_{group}" for group in SettingGroup}
    for setting in BY_NAME.values():
        ids |= {f"name_{setting.name}", f"about_{setting.name}"}
        if isinstance(setting.kind, ChoiceKind):
            ids |= {f"option_{setting.name}_{option}" for option in setting.kind.options}
        if isinstance(setting.kind, NumberKind) and setting.kind.unit:
            ids.add(f"unit_{setting.kind.unit}")
    return ids


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_setting_has_its_texts_and_no_text_is_left_over(language: str) -> None:
    assert wanted() <= set(TEXTS[language])
    of_settings = {
        key for key in TEXTS[language] if key.startswith(("name_", "about_", "option_", "group_"))
    }
    assert of_settings <= wanted()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_setting_can_be_shown(language: str) -> None:
    texts = Translator(language)
    for setting in BY_NAME.values():
        shown = [name_of(texts, setting), about(texts, setting), rule(texts, setting)]
        assert all(shown) and not any("settings." in text for text in shown), setting.name
        assert "settings." not in value_text(texts, setting, setting.default)
        assert group_name(texts, setting.group)


def test_every_group_has_a_setting() -> None:
    assert {one.group for one in BY_NAME.values()} == set(SettingGroup)


def test_each_default_is_valid_and_reads_back_from_its_text() -> None:
    for setting in SETTINGS:
        if setting.default is not None:
            assert setting.read(text_of(setting.default), from_text=True) == setting.default


def test_secrets_are_no_settings_of_the_file() -> None:
    assert {one.name for one in SECRETS}.isdisjoint(one.name for one in SETTINGS)
    assert all(one.is_secret for one in SECRETS)


def test_the_document_is_the_list() -> None:
    """``posapp settings table`` writes it."""
    text = (ROOT / "docs/settings.md").read_text("utf-8")
    assert text.partition("### ")[1] + text.partition("### ")[2] == (
        "\n".join(settings_table()) + "\n"
    )
