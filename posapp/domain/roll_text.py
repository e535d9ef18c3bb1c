"""A roll as text, for papers that wait."""

from __future__ import annotations

import json
from typing import Any

from posapp.domain.roll import Roll, RollBars, RollCode, RollLine, RollPart
from posapp.domain.roll_letters import Hangul


def roll_to_text(roll: Roll) -> str:
    """Return a roll as text, of ASCII characters."""
    parts = [_plain(part) for part in roll.parts]
    fields = {
        "columns": roll.columns,
        "hangul": roll.hangul.value,
        "parts": parts,
    }
    return json.dumps(fields, separators=(",", ":"))


def roll_from_text(text: str) -> Roll:
    """Return the roll of a text.

    Raises:
        ValueError: it is none.
    """
    try:
        fields = json.loads(text)
        parts = tuple(_part(one) for one in fields["parts"])
        hangul = Hangul(fields["hangul"])
        return Roll(parts, int(fields["columns"]), hangul)
    except (KeyError, TypeError) as error:
        raise ValueError("not a roll") from error


def as_copy(roll: Roll, times: int) -> Roll:
    """Return a roll with the mark of a copy at both ends, for a paper that may have come out before
    without one."""
    stamp = RollLine(f"[재발행 {times}]", is_bold=True, is_large=True, is_centred=True)
    if any(isinstance(part, RollLine) and part.text.startswith("[재발행 ") for part in roll.parts):
        parts = tuple(_restamped(part, stamp.text) for part in roll.parts)
    else:
        end = RollLine(stamp.text, is_bold=True, is_centred=True)
        parts = (stamp, *roll.parts, end)
    return Roll(parts, roll.columns, roll.hangul)


def _restamped(part: RollPart, text: str) -> RollPart:
    if isinstance(part, RollLine) and part.text.startswith("[재발행 "):
        return RollLine(text, part.is_bold, part.is_large, part.is_centred, part.hangul)
    return part


def _plain(part: RollPart) -> dict[str, Any]:
    if isinstance(part, RollCode):
        return {"code": part.text}
    if isinstance(part, RollBars):
        return {"bars": part.text}
    flags = "".join(
        letter
        for letter, is_so in (("b", part.is_bold), ("l", part.is_large), ("c", part.is_centred))
        if is_so
    )
    hangul = {} if part.hangul is None else {"hangul": part.hangul.value}
    return {"text": part.text, "as": flags, **hangul}


def _part(plain: dict[str, Any]) -> RollPart:
    if "code" in plain:
        return RollCode(str(plain["code"]))
    if "bars" in plain:
        return RollBars(str(plain["bars"]))
    flags = str(plain["as"])
    return RollLine(
        str(plain["text"]),
        is_bold="b" in flags,
        is_large="l" in flags,
        is_centred="c" in flags,
        hangul=Hangul(plain["hangul"]) if "hangul" in plain else None,
    )
