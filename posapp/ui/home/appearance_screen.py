"""Page of the language, the theme, the size of texts, and the own PIN."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Self

from posapp.domain.setting_kinds import ChoiceKind
from posapp.domain.settings import BY_NAME
from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import AUTO, THEMES, Theme
from posapp.ui.settings.setting_text import option_name
from posapp.ui.shell.screen import Screen
from posapp.ui.staff.pin_dialogs import OwnPinDialog
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.dialog_slot import DialogSlot, failure_text
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.staff.staff_directory import StaffDirectory
    from posapp.ui.shell.screen import ScreenContext

_WIDEST = 720
_NAMES = 112
"""Width in pixels of the names beside the choices."""
_ROWS = ("language", "theme", "text_size")
_CHOICES = (AUTO, *THEMES)
_TEXT_SIZE = BY_NAME["text_size"]
_SIZES = _TEXT_SIZE.kind.options if isinstance(_TEXT_SIZE.kind, ChoiceKind) else ()


class AppearanceScreen(Screen):
    """Language and theme take effect at once, and F9 and F10 do the same on every page; another
    size of texts at the next start. Whoever is signed in changes their own PIN here: this page is
    for every role."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        directory: StaffDirectory,
        session: Session,
    ) -> None:
        super().__init__(texts, theme, runner)
        self._directory, self._session = directory, session
        self._slot = DialogSlot(self)
        self._labels = {name: Label("field") for name in _ROWS}
        self.language = SegmentedControl(theme, LANGUAGES)
        self.language.setObjectName("language")
        self.language.chosen.connect(lambda key: texts.set_language(str(key)))
        self.theme_choice = SegmentedControl(theme, _CHOICES)
        self.theme_choice.setObjectName("theme")
        self.theme_choice.chosen.connect(lambda key: theme.set_name(str(key)))
        self.text_size = SegmentedControl(theme, _SIZES)
        self.text_size.setObjectName("text_size")
        self.text_size.chosen.connect(lambda key: theme.choose_text_size(str(key)))
        card = Card(padding=24)
        card.setMaximumWidth(_WIDEST)
        controls = (self.language, self.theme_choice, self.text_size)
        for name, control in zip(_ROWS, controls, strict=True):
            self._labels[name].setMinimumWidth(_NAMES)
            card.body.addLayout(boxes.row(self._labels[name], (control, 1), gap=16))
        card.body.addWidget(Label("caption", text=texts.bind("appearance.after_restart")))
        self.change_pin = Button("secondary", text=texts.bind("staff.ask_own_pin"))
        self.change_pin.setObjectName("changePin")
        self.change_pin.clicked.connect(self._ask_for_pin)
        self._own_pin = Label("field", text=texts.bind("staff.own_pin"))
        self._own_pin.setMinimumWidth(_NAMES)
        card.body.addLayout(boxes.row(self._own_pin, self.change_pin, 1, gap=16))
        boxes.column(card, 1, on=self, margins=(24, 8, 24, 16))
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._retranslate)
        theme.text_size_chosen.connect(self._retranslate)
        self._retranslate()
        self.setFocusProxy(self.language.segments[0])
        self.staff_changed()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.staff.directory, services.session),
        )

    def enter(self) -> None:
        """Show the own PIN to whoever is signed in."""
        self.staff_changed()

    def staff_changed(self) -> None:
        """Show the own PIN to whoever is signed in; before there is staff nobody has one."""
        is_signed_in = self._session.role is not None
        self._own_pin.setVisible(is_signed_in)
        self.change_pin.setVisible(is_signed_in)

    def _ask_for_pin(self) -> None:
        role = self._session.role
        if role is None or self._slot.is_open:
            return
        dialog = OwnPinDialog(self._texts, self, role)
        dialog.agreed.connect(partial(self._change_pin, dialog))
        self._slot.open(dialog)

    def _change_pin(self, dialog: OwnPinDialog) -> None:
        staff_id = self._session.actor.staff_id
        if staff_id is not None:
            change = self._directory.change_own_pin
            work = partial(change, staff_id, dialog.old.text, dialog.new.text)
            self._runner.run(work, partial(self._pin_changed, dialog), owner=self)

    def _pin_changed(self, dialog: OwnPinDialog, outcome: TaskResult[None]) -> None:
        if self._slot.end(failure_text(self._texts, outcome.error)):
            dialog.show_refusal(outcome.error or RuntimeError())
        elif outcome.error is None:
            self.notified.emit(self._texts("staff.done_own_pin"))
        self.staff_edited.emit(None)  # after too many wrong ones the till locks

    def _retranslate(self) -> None:
        texts = self._texts
        self.language.choose(texts.language)
        self.theme_choice.choose(self._theme.choice)
        self.text_size.choose(self._theme.text_size)
        for name, label in self._labels.items():
            label.setText(texts(f"appearance.{name}"))
        self.language.set_text(
            texts("appearance.language"), [texts(f"appearance.{one}") for one in LANGUAGES]
        )
        self.theme_choice.set_text(
            texts("appearance.theme"), [texts(f"window.theme_{one}") for one in _CHOICES]
        )
        self.text_size.set_text(
            texts("appearance.text_size"), [option_name(texts, _TEXT_SIZE, one) for one in _SIZES]
        )
