"""A person who answers ``posapp setup`` by what it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posapp.services.settings.setup_steps import LABELS, TEXT_SIZE
from posapp.ui.core.i18n import Translator
from posapp.ui.settings.setup_text import field_name

CODE = "복구 코드: "
MANAGER: Mapping[str, str | list[str]] = {
    "manager_name": "이서준",
    "manager_pin": "284613",
    "manager_pin_again": "284613",
    "recovery_group_2": "(as shown)",
    "recovery_group_5": "(as shown)",
}
"""Answers about the first manager, who writes the recovery code down."""


class Person:
    """Answers questions by the name of their field; Enter where there is no answer. A group of the
    recovery code is answered as it was shown.

    Attributes:
        answers: by field; a list is answered one by one, its last one again and again.
        heard: all lines of the command.
        asked: fields that were asked, in their order; empty for "again?".
    """

    def __init__(
        self, answers: Mapping[str, str | list[str]], before: Callable[[], object] = lambda: None
    ) -> None:
        self.answers = {name: _listed(text) for name, text in answers.items()}
        self.heard: list[str] = []
        self.asked: list[str] = []
        self._before = before
        texts = Translator("ko")
        named = (*answers, TEXT_SIZE, LABELS)
        self._names = {field_name(texts, name): name for name in named}

    def say(self, line: str) -> None:
        self.heard.append(line)

    def ask(self, prompt: str) -> str:
        self._before()
        label = prompt.partition(" [")[0].partition(":")[0]
        if prompt.startswith("번호"):
            numbered = 0
            while self.heard[-1 - numbered].startswith("  "):
                numbered += 1
            label = self.heard[-1 - numbered]
        name = self._names.get(label, "")
        self.asked.append(name)
        given = self.answers.get(name, [""])
        text = given.pop(0) if len(given) > 1 else given[0]
        if text == "^C":
            raise KeyboardInterrupt
        if text == "(as shown)":
            return self.code.split("-")[int(name[-1]) - 1]
        return text

    @property
    def code(self) -> str:
        """The recovery code that was shown last."""
        return next(line for line in reversed(self.heard) if line.startswith(CODE))[len(CODE) :]


def _listed(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)
