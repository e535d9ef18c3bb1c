"""Texts of the set-up of a shop, for its window and for its command."""

from __future__ import annotations

from posapp.domain.settings import BY_NAME
from posapp.services.ports.setup import ChannelOffer
from posapp.services.settings.setup_steps import Step
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.settings.setting_text import name_of, rule


def step_title(texts: Translator, step: Step) -> str:
    """Return the title of a step."""
    return texts(f"setup.step_{step.value}")


def field_name(texts: Translator, name: str) -> str:
    """Return the name of a field."""
    own = f"setup.field_{name}"
    return texts(own) if texts.has(own) else name_of(texts, BY_NAME[name])


def rule_of_field(texts: Translator, name: str) -> str:
    """Return what an answer has to be."""
    own = f"setup.rule_{name}"
    return texts(own) if texts.has(own) else rule(texts, BY_NAME[name])


def channel_name(texts: Translator, offer: ChannelOffer) -> str:
    """Return a channel's name."""
    return display_text(offer.name, 24) or texts("setup.channel_nameless")


def channel_note(texts: Translator, offer: ChannelOffer) -> str:
    """Return whether a channel's payments are real, and the end of its key."""
    badge = texts("setup.badge_test" if offer.is_test else "setup.badge_live")
    return f"{badge} · …{offer.key[-8:]}"


def channel_text(texts: Translator, offer: ChannelOffer) -> str:
    """Return a channel's name, whether its payments are real, and the end of its key."""
    return f"{channel_name(texts, offer)} · {channel_note(texts, offer)}"
