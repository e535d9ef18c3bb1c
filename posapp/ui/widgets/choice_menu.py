"""Button with a menu of choices, of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from posapp.ui.core.safe_text import display_text
from posapp.ui.widgets.buttons import Button

_LONGEST = 24
"""Letters of a choice on the button; whole in the menu."""

_MOST_IN_MENU = 60


class ChoiceMenu(Button):
    """Shows the chosen text; a press opens the menu.

    Args:
        asks: a press only says that it is to be opened.
    """

    chosen = Signal(object)
    """The user chose. Carries the key of the choice."""

    wanted = Signal()
    """It was pressed, and its owner has to find the choices before it is opened (``asks``)."""

    def __init__(self, parent: QWidget | None = None, *, asks: bool = False) -> None:
        super().__init__("secondary", parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.picked: object = None
        self._name = ""
        self.choices: tuple[tuple[object, str], ...] = ()
        self.menu_of_choices = QMenu(self)
        self.menu_of_choices.setProperty("role", "choices")
        self.menu_of_choices.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.clicked.connect(self.wanted if asks else self.open)

    def show_choices(self, name: str, choices: Sequence[tuple[object, str]], key: object) -> None:
        """Show choices as (key, text), of which one is chosen; the first if the key is none."""
        self._name, self.choices = name, tuple(choices)
        self.picked = key if key in dict(choices) else choices[0][0]
        self._write()

    def pick(self, key: object) -> None:
        """Choose as the user does."""
        self.picked = key
        self._write()
        self.chosen.emit(key)

    def open(self) -> None:
        """Open the menu."""
        menu = self.menu_of_choices
        current = next((one for one in menu.actions() if one.isChecked()), None)
        if current is not None:
            menu.setActiveAction(current)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _write(self) -> None:
        text = dict(self.choices)[self.picked]
        self.set_text(f"{display_text(text, _LONGEST)}  ▼", name=f"{self._name}: {text}")
        self.menu_of_choices.clear()
        group = QActionGroup(self.menu_of_choices)
        for key, label in self.choices:
            action = QAction(display_text(label, _MOST_IN_MENU).replace("&", "&&"), group)
            action.setCheckable(True)
            action.setChecked(key == self.picked)
            action.triggered.connect(lambda _=False, wanted=key: self.pick(wanted))
            self.menu_of_choices.addAction(action)
