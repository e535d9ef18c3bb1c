"""Texts as they are spoken: a sentence for a synthesiser, and the recordings that say the same.

A recording is named by its ``clip``: the id of a message (``kiosk.start``, and ``kiosk.to_pay.1``
where values divide it), or a piece of a number (``number.10``, ``unit.won``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text to speak.

    Attributes:
        text: for a synthesiser, without digits and signs that it might read otherwise.
        clips: the recordings that say the whole text, in order; empty: there can be none.
    """

    text: str
    clips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """One recording of a voice pack: its clip, and what a person reads out for it."""

    clip: str
    text: str


def speak_message(message_id: str, template: str, values: Mapping[str, Spoken]) -> Spoken:
    """Fill the ``{names}`` of a message with spoken values.

    Raises:
        KeyError: a value is missing.
    """
    parts: list[tuple[str, tuple[str, ...]]] = []
    is_recordable = True
    for part in _parts(message_id, template):
        if isinstance(part, Phrase):
            parts.append((part.text, (part.clip,) if part.clip else ()))
            continue
        value = values[part]
        is_recordable &= bool(value.clips)
        parts.append((value.text, value.clips))
    text = "".join(text for text, _ in parts)
    clips = tuple(clip for _, found in parts for clip in found)
    return Spoken(text, clips if is_recordable else ())


def phrases_of(message_id: str, template: str) -> tuple[Phrase, ...]:
    """Return the recordings that a message requires, without those of its values."""
    parts = (part for part in _parts(message_id, template) if isinstance(part, Phrase))
    return tuple(Phrase(part.clip, part.text.strip()) for part in parts if part.clip)


def join_spoken(*parts: Spoken, separator: str = " ") -> Spoken:
    """Return the parts, one after the other; those without a text are left out."""
    said = [part for part in parts if part.text]
    clips = tuple(clip for part in said for clip in part.clips)
    return Spoken(
        separator.join(part.text for part in said), clips if all(p.clips for p in said) else ()
    )


def speak_digits(digits: str, pieces: Mapping[str, str], *, zero: str) -> Spoken:
    """Return digits one by one: ``일 이 공 공``; a sign between them is a short pause.

    Letters are kept, and then no recordings say the text.

    Args:
        pieces: the texts of the language's clips.
        zero: the clip of a 0.
    """
    texts: list[str] = []
    clips: list[str] = []
    is_recordable = True
    for character in digits:
        if character.isascii() and character.isdigit():
            clips.append(zero if character == "0" else f"number.{character}")
            texts.append(pieces[clips[-1]])
        elif character.isalnum():
            is_recordable = False
            texts.append(character)
        elif texts and not texts[-1].endswith(","):
            texts[-1] += ","
    return Spoken(" ".join(texts).rstrip(","), tuple(clips) if is_recordable else ())


def _parts(message_id: str, template: str) -> Iterator[Phrase | str]:
    """Yield the texts of a message and the names of its values, in order.

    A text without a letter (a blank, a full stop) has no clip.
    """
    parsed = list(Formatter().parse(template))
    texts = [text for text, *_ in parsed if _is_word(text)]
    number = 0
    for text, name, *_ in parsed:
        if _is_word(text):
            number += 1
            is_whole = len(texts) == 1 and all(name is None for _, name, *_ in parsed)
            yield Phrase(message_id if is_whole else f"{message_id}.{number}", text)
        elif text:
            yield Phrase("", text)
        if name is not None:
            yield name


def _is_word(text: str) -> bool:
    return any(map(str.isalnum, text))
