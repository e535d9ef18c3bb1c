"""The phrases that a person records for a voice pack."""

from __future__ import annotations

from collections.abc import Iterator

from posapp.app.commands import CommandResult
from posapp.domain.spoken import Phrase
from posapp.domain.spoken_numbers import phrase_list
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.voice.self_voicing import spoken_messages


def voice_phrases(language: str) -> tuple[Phrase, ...]:
    """Return every recording of a voice pack in one language: messages, then pieces of numbers."""
    return phrase_list(language, spoken_messages(language))


def list_phrases() -> CommandResult:
    """List the phrases of all languages."""
    return CommandResult(tuple(phrase_lines()))


def phrase_lines() -> Iterator[str]:
    """Yield a line for each recording: its file below ``voice_pack/``, a tab, what is read out."""
    for language in LANGUAGES:
        for phrase in voice_phrases(language):
            yield f"{language}/{phrase.clip}.wav\t{phrase.text}"
