"""Numbers as they are spoken, by language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from posapp.domain import spoken_english, spoken_korean
from posapp.domain.money import Won
from posapp.domain.spoken import Phrase, Spoken, phrases_of


class NumberReader(Protocol):
    """Reads numbers out in one language."""

    PIECES: dict[str, str]

    def speak_amount(self, amount: Won) -> Spoken:
        """Return an amount: ``만 이천 원``."""
        ...

    def speak_count(self, count: int) -> Spoken:
        """Return a number of things from 0 up: ``일곱 개``."""
        ...

    def speak_digits(self, digits: str) -> Spoken:
        """Return digits one by one: ``일 이 공 공``."""
        ...

    def speak_order_number(self, number: int) -> Spoken:
        """Return the number of an order: ``일 이 공 공 번``."""
        ...

    def speak_seconds(self, seconds: int) -> Spoken:
        """Return a time from 0 seconds up: ``사 분 오십구 초``."""
        ...

    def speak_percent(self, percent: int) -> Spoken:
        """Return a percentage from 0 up: ``백이십오 퍼센트``."""
        ...


READERS: Mapping[str, NumberReader] = {"ko": spoken_korean, "en": spoken_english}
"""The reader of each language."""


def phrase_list(language: str, messages: Mapping[str, str]) -> tuple[Phrase, ...]:
    """Return every recording of a voice pack in the order of reading out: messages, then numbers.

    Args:
        messages: templates of the spoken messages by their ids.
    """
    said = (one for message_id, text in messages.items() for one in phrases_of(message_id, text))
    numbers = (Phrase(clip, text) for clip, text in READERS[language].PIECES.items())
    return (*said, *numbers)
