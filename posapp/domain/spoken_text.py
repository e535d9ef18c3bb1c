"""Texts of the screen as they are spoken: amounts, times, counts and digits are read out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter

from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.spoken import Spoken, speak_message
from posapp.domain.spoken_numbers import READERS, NumberReader

_AMOUNT = r"(?P<minus>[-−])?(?:₩(?P<won>[0-9][0-9,]*)|(?P<korean>[0-9][0-9,]*)원)"
_TIME = r"(?<![0-9:])(?P<minutes>[0-9]{1,4}):(?P<rest>[0-5][0-9])(?![0-9:])"
_DIGITS = r"(?<![0-9A-Za-z])(?P<digits>[0-9][0-9-]{2,}[0-9])(?![0-9A-Za-z])"
_MEASURES = {
    "ko": r"(?<![0-9])(?P<measured>[0-9]{1,5})(?P<unit>초|개)",
    "en": r"(?<![0-9])(?P<measured>[0-9]{1,5}) (?P<unit>s|items?)\b",
}
_SECONDS = frozenset({"초", "s"})

_PATTERNS: Mapping[str, re.Pattern[str]] = {
    language: re.compile("|".join((_AMOUNT, _TIME, measures, _DIGITS)))
    for language, measures in _MEASURES.items()
}

Private = Callable[[Spoken], Spoken]
"""Replaces an amount that bystanders are not to hear."""


def speak_text(text: str, language: str, private: Private = lambda spoken: spoken) -> Spoken:
    """Return a text with its amounts, times, counts and numbers of four digits and more read out.

    Recordings say it only if it is one of these and nothing else.
    """
    reader = READERS[language]
    found = list(_PATTERNS[language].finditer(text))
    said: list[str] = []
    clips: tuple[str, ...] = ()
    end = 0
    for match in found:
        spoken = _read(match, reader, private)
        said += [text[end : match.start()], spoken.text]
        clips, end = spoken.clips, match.end()
    said.append(text[end:])
    is_alone = len(found) == 1 and found[0].group() == text.strip()
    return Spoken("".join(said), clips if is_alone else ())


def _read(match: re.Match[str], reader: NumberReader, private: Private) -> Spoken:
    parts = match.groupdict()
    if parts["digits"]:
        return reader.speak_digits(parts["digits"])
    if parts["minutes"]:
        return reader.speak_seconds(int(parts["minutes"]) * 60 + int(parts["rest"]))
    if parts["measured"]:
        speak = reader.speak_seconds if parts["unit"] in _SECONDS else reader.speak_count
        return speak(int(parts["measured"]))
    amount = int((parts["won"] or parts["korean"]).replace(",", ""))
    if amount > MAX_AMOUNT:
        return private(reader.speak_digits(str(amount)))
    return private(reader.speak_amount(Won(-amount if parts["minus"] else amount)))


class MessageReader:
    """Reads out texts that were made of the messages of a catalogue.

    A text is compared with the messages: one of them, with its values, has recordings of its own
    (``spoken.speak_message``). Any other text is read as it is.

    Args:
        messages: templates by their ids, of one language.
    """

    def __init__(self, messages: Mapping[str, str], language: str) -> None:
        self._language = language
        # The longest first: of two messages that fit, it says more of the text by itself.
        ordered = sorted(messages.items(), key=lambda one: -len(one[1]))
        self._messages = [(key, text, _pattern(text)) for key, text in ordered]

    def read(self, text: str, private: Private = lambda spoken: spoken) -> Spoken:
        """Return a text as it is spoken."""
        for message_id, template, pattern in self._messages:
            match = pattern.fullmatch(text)
            if match is not None:
                values = {
                    name: speak_text(value, self._language, private)
                    for name, value in match.groupdict().items()
                }
                spoken = speak_message(message_id, template, values)
                whole = speak_text(text, self._language, private)
                # A unit outside of its value ("{seconds}초") is read with it.
                return Spoken(whole.text, spoken.clips)
        return speak_text(text, self._language, private)


def _pattern(template: str) -> re.Pattern[str]:
    pieces: list[str] = []
    for text, name, *_ in Formatter().parse(template):
        pieces.append(re.escape(text))
        if name is not None:
            group = f"(?P<{name}>.+)"
            pieces.append(f"(?P={name})" if group in pieces else group)
    return re.compile("".join(pieces))
