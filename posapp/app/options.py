"""Values of options as people type them: a wrong one is named by its option."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from posapp.domain.codes import typed_number
from posapp.domain.errors import PosappError
from posapp.domain.users import LARGEST_ID
from posapp.ui.core.i18n import Translator
from posapp.ui.core.time_input import parse_time


class OptionProblem(PosappError):
    """An option has a value that cannot be used.

    Args:
        option: as it is typed, ``--seller``.
        message_id: the sentence, ``commands.option_…``.
    """

    def __init__(self, option: str, value: str, message_id: str, **values: str | int) -> None:
        super().__init__(option, value)
        self.option = option
        self.value = value
        self.message_id = message_id
        self.values = values

    def sentence(self, texts: Translator) -> str:
        """Return the problem in words."""
        return f"{self.option} {self.value}: {texts(self.message_id, **self.values)}"


def read_number(option: str, text: str) -> int:
    """Return the id that was typed.

    Raises:
        OptionProblem: it is none.
    """
    number = typed_number(text)
    if number is None:
        raise OptionProblem(option, text, "commands.option_number", highest=LARGEST_ID)
    return number


def read_moment(option: str, text: str, *, to_the_end: bool) -> datetime | None:
    """Return the time that was typed, as in the window; ``None`` for empty text.

    Raises:
        OptionProblem: it is none.
    """
    if not text:
        return None
    try:
        return parse_time(text, to_the_end=to_the_end)
    except ValueError as error:
        raise OptionProblem(option, text, "commands.option_time") from error


def read_pair(option: str, text: str) -> Sequence[str]:
    """Return both sides of ``name=value``.

    Raises:
        OptionProblem: there is no ``=``, or nothing at its left.
    """
    name, sign, value = text.partition("=")
    if not (sign and name.strip() and value.strip()):
        raise OptionProblem(option, text, "commands.option_pair")
    return name.strip(), value.strip()
