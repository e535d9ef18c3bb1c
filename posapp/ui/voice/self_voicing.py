"""A kiosk that speaks for itself: no screen reader runs there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Protocol

from posapp.domain.spoken import Spoken, join_spoken, speak_message
from posapp.domain.spoken_numbers import READERS, phrase_list
from posapp.domain.spoken_text import MessageReader
from posapp.services.ports.speaker import SPEEDS, USUAL_SPEED, USUAL_VOLUME, Speaker
from posapp.ui.core.i18n import Translator, read_catalogue
from posapp.ui.core.resources import resource

SPOKEN_CATALOGUES = ("kiosk", "kiosk_voice")
"""Catalogues whose messages are spoken, and recorded for a voice pack."""

_ENDS = (".", "?", "!", "…")
VOLUME_STEP = 20

PHONE_STATE, PIN_STATE, KEY_ROLE = "phone", "exit", "key"
"""Screens at which a phone number and a PIN are typed, and role of the keys for it."""


class SaidScreen(Protocol):
    """What is said of a screen."""

    @property
    def state(self) -> str:
        """Name of the screen."""

    @property
    def title(self) -> str:
        """Said first."""

    @property
    def outcome(self) -> str:
        """What became of the money: said before anything else."""

    @property
    def messages(self) -> Sequence[str]:
        """Said after the title."""

    @property
    def digits(self) -> str:
        """Digits that were typed, said last; empty where they are not for all to hear."""


class SaidItem(Protocol):
    """What is said of the item with the focus."""

    @property
    def name(self) -> str:
        """Its text."""

    @property
    def role(self) -> str:
        """``button`` or ``key``."""

    @property
    def state(self) -> str:
        """``unavailable``, ``on``, ``off``, or empty."""


class SelfVoicing:
    """Says screens and items while it is on: a screen's title, then the item with the focus.

    Args:
        is_private: whether amounts, and the keys of a phone number, are kept from a loudspeaker
            that all can hear. The keys of a PIN are never named.
    """

    def __init__(self, texts: Translator, speaker: Speaker, *, is_private: bool) -> None:
        self._texts, self._speaker, self._is_private = texts, speaker, is_private
        self._readers: dict[str, MessageReader] = {}
        self._screen: SaidScreen | None = None
        self._item: SaidItem | None = None
        self._follows = False
        self._has_earphone = False
        self._speed, self._volume = SPEEDS.index(USUAL_SPEED), USUAL_VOLUME
        self.is_on = False

    def begin(self, *, has_earphone: bool) -> None:
        """Speak from now on, and say the screen.

        Args:
            has_earphone: the buyer began by the keypad, at which the earphone is.
        """
        self.is_on, self._has_earphone = True, has_earphone
        self.repeat()

    def end(self) -> None:
        """Be silent, and forget the buyer: what was said, speed, volume and earphone."""
        self._speaker.stop()
        self.is_on = self._has_earphone = False
        self._screen = self._item = None
        self._speed, self._volume = SPEEDS.index(USUAL_SPEED), USUAL_VOLUME
        self._speaker.set_speed(USUAL_SPEED)
        self._speaker.set_volume(USUAL_VOLUME)

    def say_screen(self, screen: SaidScreen) -> None:
        """Say another screen, or another outcome, in place of what is being said."""
        self._screen, self._item = screen, None
        self._follows = True
        if self.is_on:
            self._say_sentences(screen)

    def say_item(self, item: SaidItem) -> None:
        """Say the item that got the focus: after the screen or the digit that moved it, or in place
        of the item before."""
        follows, self._follows = self._follows, False
        self._item = item
        if self.is_on:
            self._say(self._read_item(item), urgent=not follows)

    def say_digit(self, digit: str, *, is_private: bool) -> None:
        """Say a digit that was typed, in place of what is being said.

        Args:
            is_private: it is for the earphone only, as amounts are.
        """
        if not self.is_on:
            return
        is_kept = is_private and self._is_open
        self._say(self._read_own("private") if is_kept else self._spell(digit), urgent=True)
        self._follows = True

    def repeat(self) -> None:
        """Say the screen and the item with the focus again."""
        if not self.is_on or self._screen is None:
            return
        self._say_sentences(self._screen)
        if self._item is not None:
            self._say(self._read_item(self._item), urgent=False)

    def change_speed(self, steps: int) -> None:
        """Speak faster or slower by steps, as far as there are any, and say how fast."""
        if not self.is_on:
            return
        self._speed = min(max(self._speed + steps, 0), len(SPEEDS) - 1)
        self._speaker.set_speed(SPEEDS[self._speed])
        self._say_level("kiosk_voice.speed", SPEEDS[self._speed])

    def change_volume(self, steps: int) -> None:
        """Speak louder or softer by steps, never silently, and say how loud."""
        if not self.is_on:
            return
        self._volume = min(max(self._volume + steps * VOLUME_STEP, VOLUME_STEP), 100)
        self._speaker.set_volume(self._volume)
        self._say_level("kiosk_voice.volume", self._volume)

    def _say_level(self, message_id: str, percent: int) -> None:
        language = self._texts.language
        value = READERS[language].speak_percent(percent)
        template = spoken_messages(language)[message_id]
        self._say(speak_message(message_id, template, {"percent": value}), urgent=True)

    def _say(self, spoken: Spoken, *, urgent: bool) -> None:
        self._speaker.say(spoken, self._texts.language, urgent=urgent)

    def _say_sentences(self, screen: SaidScreen) -> None:
        """Say each sentence by itself: those that are recorded are played."""
        said = (screen.outcome, screen.title, *screen.messages)
        distinct = dict.fromkeys(text for text in said if text)  # an outcome may be the title
        for at, text in enumerate(distinct):
            self._say(self._read_sentence(text), urgent=at == 0)
        if screen.digits:
            self._say(self._spell(screen.digits), urgent=False)

    def _read_item(self, item: SaidItem) -> Spoken:
        described = [self._read(item.name), self._read_own(f"role_{item.role}")]
        if item.role == KEY_ROLE and self._screen is not None:
            if self._screen.state == PIN_STATE:  # who types it is not who wears the earphone
                del described[0]
            elif self._screen.state == PHONE_STATE and self._is_open:
                described[0] = self._read_own("private")
        if item.state:
            described.append(self._read_own(f"state_{item.state}"))
        return join_spoken(*described, separator=", ")

    def _read_sentence(self, text: str) -> Spoken:
        spoken = self._read(text)
        ended = spoken.text if spoken.text.endswith(_ENDS) else f"{spoken.text}."
        return Spoken(ended, spoken.clips)

    def _spell(self, digits: str) -> Spoken:
        return READERS[self._texts.language].speak_digits(digits)

    def _read_own(self, key: str) -> Spoken:
        return self._read(self._texts(f"kiosk_voice.{key}"))

    def _read(self, text: str) -> Spoken:
        language = self._texts.language
        if language not in self._readers:
            self._readers[language] = MessageReader(spoken_messages(language), language)
        return self._readers[language].read(text, self._private)

    def _private(self, spoken: Spoken) -> Spoken:
        return self._read_own("private") if self._is_open else spoken

    @property
    def _is_open(self) -> bool:
        """Whether bystanders hear what is said and are not to hear everything."""
        return self._is_private and not self._has_earphone


def spoken_messages(language: str) -> Mapping[str, str]:
    """Return the messages that have recordings, by their ids."""
    found = {}
    for catalogue in SPOKEN_CATALOGUES:
        if not resource("i18n", language, f"{catalogue}.toml").is_file():
            continue  # a version without a kiosk
        for key, text in read_catalogue(language, catalogue).items():
            found[f"{catalogue}.{key}"] = text
    return found


@cache
def clip_texts(language: str) -> Mapping[str, str]:
    """Return what is read out for each recording, by its clip."""
    return {one.clip: one.text for one in phrase_list(language, spoken_messages(language))}
