"""Texts that follow the language: a message id with its values, and the widgets that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QObject

_W = TypeVar("_W", bound=QObject)


class TextBindings:
    """The bound texts of all living widgets of one translator.

    A widget is referred to weakly: binding a text keeps no widget alive, and nothing has to be
    disconnected.
    """

    def __init__(self) -> None:
        self._shown: WeakKeyDictionary[QObject, dict[Callable[..., object], BoundText]] = (
            WeakKeyDictionary()
        )

    def add(self, widget: QObject, setter: Callable[..., object], text: BoundText) -> None:
        """Show a text by a setter of a widget, in place of an earlier one by the same setter."""
        self._shown.setdefault(widget, {})[setter] = text
        setter(widget, text())

    def remove(self, widget: QObject, setter: Callable[..., object]) -> None:
        """Forget the text of a setter of a widget, if there is one."""
        self._shown.get(widget, {}).pop(setter, None)

    def render(self) -> None:
        """Show every text anew."""
        for widget, texts in list(self._shown.items()):
            for setter, text in list(texts.items()):
                if shiboken6.isValid(widget):
                    setter(widget, text())


@dataclass(frozen=True, slots=True)
class BoundText:
    """A message id with its values, as ``Translator.bind`` makes it.

    Call it for the text in the current language. A message with parameters is empty until values
    are given. A value that is a function (such as another bound text) is called whenever the text
    is made, so that an amount or a time within a text follows the language, too.

    Attributes:
        message_id: ``<screen>.<key>``.
        values: the parameters of the message.
    """

    message_id: str
    values: Mapping[str, object]
    _translate: Callable[[str, Mapping[str, Any]], str] = field(repr=False)
    _bindings: TextBindings = field(repr=False, compare=False)

    def __call__(self) -> str:
        """Return the text in the current language."""
        now = {name: value() if callable(value) else value for name, value in self.values.items()}
        return self._translate(self.message_id, now)

    def with_values(self, **values: object) -> BoundText:
        """Return the same message with further, or other, values."""
        return replace(self, values={**self.values, **values})

    def show_in(self, widget: _W, setter: Callable[[_W, str], object]) -> None:
        """Set the text of a widget now and whenever the language changes, while the widget lives.

        Widgets of this program take bound texts themselves; this is for all others, and for texts
        such as a window's title: ``text.show_in(line, QLineEdit.setPlaceholderText)``.

        Args:
            setter: an unbound method of the widget's class. Each setter has one text: the last.
        """
        self._bindings.add(widget, setter, self)

    def release(self, widget: _W, setter: Callable[[_W, str], object]) -> None:
        """Leave the text as it is, whatever language comes."""
        self._bindings.remove(widget, setter)
