"""Editors of answers and settings, each by the kind of its value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QWidget

from posapp.domain.setting_kinds import ChoiceKind
from posapp.domain.settings import Setting
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.settings.setting_text import option_name
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_menu import ChoiceMenu
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.pick_menu import PickMenu
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.segmented_control import SegmentedControl

_SLOT = 24
"""Height in pixels of a message below an editor; its place is kept."""


class AnswerField(Field):
    """A line for a text or a number; a secret is shown as dots.

    Digits and keys are typed without the input method, which would compose them.
    """

    changed = Signal()
    """The text was changed by a person."""

    def __init__(self, name: str, *, secret: bool = False, latin: bool = False) -> None:
        super().__init__(name)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
            self.line.setProperty("scan", "secret")
        if latin or secret:
            self.line.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly)
        self.line.textEdited.connect(self._edited)

    @property
    def text(self) -> str:
        """Return what is typed."""
        return self.line.text()

    def show_value(self, text: str) -> None:
        """Set the text."""
        self.line.setText(text)

    def hide_label(self) -> None:
        """Leave out the label, where it is beside the line."""
        self._label.hide()

    def name_editor(self, name: str) -> None:
        """Name the line for screen readers, where its label is elsewhere."""
        self.line.setAccessibleName(name)

    def _edited(self) -> None:
        self.set_wrong("")
        self.changed.emit()


class AnswerAddress(AnswerField):
    """A line for the address of a device, with a button that offers those of this machine."""

    wanted = Signal()
    """The addresses are to be read; ``show_list`` offers them."""

    picked = Signal()
    """An address was picked."""

    def __init__(self, texts: Translator, name: str) -> None:
        super().__init__(name)
        self.finder = Button("secondary", text=texts.bind("settings.find"))
        texts.bind("settings.find_why").show_in(self.finder, QWidget.setAccessibleDescription)
        self.menu = PickMenu(self.finder)
        self.finder.clicked.connect(self.wanted)
        self.menu.picked.connect(self._pick)
        column = self.layout()
        if isinstance(column, QBoxLayout):
            column.removeWidget(self.line)
            column.insertLayout(1, boxes.row((self.line, 1), self.finder, gap=8))

    def show_list(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer addresses as keys and texts."""
        self.menu.offer(choices)

    @Slot(object)
    def _pick(self, address: str) -> None:
        self.line.setText(address)
        self.set_wrong("")
        self.picked.emit()


class AnswerChoice(QWidget):
    """One choice of a few, with its label above and the same room below as a field has."""

    changed = Signal()
    """A person chose another one."""

    def __init__(self, texts: Translator, theme: Theme, name: str, setting: Setting) -> None:
        super().__init__()
        self._texts, self._setting = texts, setting
        options = setting.kind.options if isinstance(setting.kind, ChoiceKind) else ()
        self._label = Label("field")
        self.control = SegmentedControl(theme, options)
        self.control.setObjectName(name)
        self.control.chosen.connect(self.changed)
        boxes.column(
            *(self._label, boxes.row(self.control, 1)), on=self, gap=2, margins=(0, 0, 0, 16)
        )
        self.setFocusProxy(self.control.segments[0])

    @property
    def text(self) -> str:
        """Return the chosen option."""
        return str(self.control.key)

    def show_value(self, text: str) -> None:
        """Choose an option; an unknown one changes nothing."""
        if text in self.control.keys:
            self.control.choose(text)

    def set_text(self, label: str, _hint: str = "") -> None:
        """Set the label, and name the options in the current language."""
        names = [option_name(self._texts, self._setting, str(one)) for one in self.control.keys]
        self._label.setText(label)
        self.control.set_text(label, names)
        for segment in self.control.segments:
            segment.updateGeometry()

    def hide_label(self) -> None:
        """Leave out the label, where it is beside the choice."""
        self._label.hide()

    def name_editor(self, name: str) -> None:
        """Name the choice for screen readers, where its label is elsewhere."""
        self.control.setAccessibleName(name)

    def set_wrong(self, _text: str, *, urgent: bool = True) -> None:
        """Do nothing: every option is allowed."""


class AnswerList(QWidget):
    """One of what the account or the system has: a press asks for the list, and opens it.

    Args:
        empty: the text for no choice.
        named: returns the text of a key that is not in the list, such as what is unplugged now.
    """

    changed = Signal()
    """A person chose another one."""

    wanted = Signal()
    """The list is to be read; ``show_list`` opens it."""

    def __init__(self, name: str, empty: BoundText, named: Callable[[str], str] = str) -> None:
        super().__init__()
        self._name, self._empty, self._named = "", empty, named
        self._label, self._message = Label("field"), Label("error", wraps=True)
        self.menu = ChoiceMenu(asks=True)
        self.menu.setObjectName(name)
        self.menu.wanted.connect(self.wanted)
        self.menu.chosen.connect(self._chosen)
        self._message.setFixedHeight(_SLOT)
        boxes.column(self._label, self.menu, self._message, on=self, gap=2)
        self.setFocusProxy(self.menu)

    @property
    def text(self) -> str:
        """Return the key of what is chosen."""
        return str(self.menu.picked or "")

    @property
    def message(self) -> str:
        """Return what is said below the list."""
        return self._message.text()

    def show_value(self, text: str) -> None:
        """Show what is chosen, without asking for a list."""
        self._show([(str(key), label) for key, label in self.menu.choices], text)

    def show_list(self, choices: Sequence[tuple[str, str]]) -> None:
        """Open a list of keys and texts, with what is chosen now."""
        self._show(choices, self.text)
        self.menu.open()

    def set_text(self, label: str, _hint: str = "") -> None:
        """Set the label."""
        self._label.setText(label)
        self.show_value(self.text)

    def hide_label(self) -> None:
        """Leave out the label, where it is beside the list."""
        self._label.hide()

    def name_editor(self, name: str) -> None:
        """Name the list for screen readers, where its label is elsewhere."""
        self._name = name
        self.show_value(self.text)

    def set_wrong(self, text: str, *, urgent: bool = True) -> None:
        """Say what is wrong; empty: nothing."""
        self._message.setText(text)
        if text:
            announce(self._message, text, urgent=urgent)

    def _show(self, choices: Sequence[tuple[str, str]], key: str) -> None:
        known = [] if key in dict(choices) else [(key, self._named(key))]
        named = [(one, text if one else self._empty()) for one, text in (*known, *choices)]
        self.menu.show_choices(self._name, named, key)

    def _chosen(self, _: object) -> None:
        self.set_wrong("")
        self.changed.emit()


Editor = AnswerAddress | AnswerField | AnswerChoice | AnswerList
