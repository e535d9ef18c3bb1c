"""What each step of the set-up shows below its title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.setting_kinds import ChoiceKind
from posapp.domain.settings import BY_NAME
from posapp.services.ports.setup import ChannelOffer
from posapp.services.settings.setup_steps import (
    DISPLAY,
    GROUPS,
    KIOSK,
    LABELS,
    MODES,
    PIN,
    PIN_AGAIN,
    SECRET_FIELDS,
    START,
    Step,
    StepPlan,
)
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.screen_watch import ScreenWatch
from posapp.ui.core.theme import Theme
from posapp.ui.display.screen_identity import describe_screen
from posapp.ui.printing.printers import print_test_page
from posapp.ui.settings.editors import AnswerChoice, AnswerField, AnswerList, Editor
from posapp.ui.settings.label_patterns_field import LabelPatternsField
from posapp.ui.settings.ruler_dialog import SETTING as SCREEN
from posapp.ui.settings.ruler_dialog import RulerDialog
from posapp.ui.settings.setup_text import channel_name, channel_note, field_name, rule_of_field
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.place_row import PlaceRow
from posapp.ui.widgets.roles import Label

if TYPE_CHECKING:
    from posapp.ui.display.buyer_display import BuyerDisplay

_PAIRS = frozenset(
    {
        ("shop_phone", "tax_type"),
        ("imp_key", "imp_secret"),
        (PIN, PIN_AGAIN),
        GROUPS,
    }
)
"""Short fields that are beside each other."""

_PRINTER = 48
"""Letters of a printer's name."""

AnyEditor = Editor | LabelPatternsField
"""An editor of one answer."""

_LATIN = frozenset({"business_number", "shop_phone", "user_code"})


class StepPage(QWidget):
    """Base of the pages: it gives answers, and says when one of them is enough to go on."""

    picked = Signal()
    """The step is answered by this press."""

    def answers(self) -> dict[str, str]:
        """Return the answers by field."""
        raise NotImplementedError

    def show_wrong(self, _names: Sequence[str]) -> None:
        """Say beside each field what is wrong."""

    def retranslate(self) -> None:
        """Follow the language."""


class AnswerGroup:
    """The editors of some fields, by their names, and what is wrong with their answers."""

    def __init__(self, texts: Translator, editors: Mapping[str, AnyEditor]) -> None:
        self._texts, self._editors = texts, editors
        self._wrong: frozenset[str] = frozenset()
        for name, editor in editors.items():
            editor.changed.connect(partial(self._forget, name))

    def answers(self) -> dict[str, str]:
        """Return the answers by field."""
        return {name: editor.text for name, editor in self._editors.items()}

    def show_wrong(self, names: Sequence[str]) -> None:
        """Say beside each field what is wrong, and go to the first one."""
        self._wrong = frozenset(names)
        self._write_wrong()
        for name in names[:1]:
            self._editors[name].setFocus()

    def retranslate(self) -> None:
        """Follow the language."""
        for name, editor in self._editors.items():
            editor.set_text(field_name(self._texts, name), "")
        self._write_wrong()

    def _write_wrong(self) -> None:
        for name, editor in self._editors.items():
            editor.set_wrong(rule_of_field(self._texts, name) if name in self._wrong else "")

    def _forget(self, name: str) -> None:
        self._wrong -= {name}


class FieldPage(StepPage):
    """Fields below each other, and pairs of short ones beside each other."""

    changed = Signal(str, str)
    """A person chose something. Carries the field and the answer."""

    def __init__(
        self, texts: Translator, theme: Theme, plan: StepPlan, known: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._texts = texts
        self.editors: dict[str, Editor] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for names in _lines(plan.fields):
            row = boxes.row(gap=16)
            for name in names:
                editor = self.editors[name] = self._make(theme, name)
                editor.show_value(known.get(name, ""))
                row.addWidget(editor, 1)
            column.addLayout(row)
        self._group = AnswerGroup(texts, self.editors)
        for name, editor in self.editors.items():
            editor.changed.connect(partial(self._changed, name))
        self.setFocusProxy(self.editors[plan.fields[0]])
        self.retranslate()

    def answers(self) -> dict[str, str]:
        """Return the answers by field."""
        return self._group.answers()

    def show_wrong(self, names: Sequence[str]) -> None:
        """Say beside each field what is wrong, and go to the first one."""
        self._group.show_wrong(names)

    def retranslate(self) -> None:
        """Follow the language."""
        self._group.retranslate()

    def _make(self, theme: Theme, name: str) -> Editor:
        setting = BY_NAME.get(name)
        if setting is not None and isinstance(setting.kind, ChoiceKind):
            return AnswerChoice(self._texts, theme, name, setting)
        return AnswerField(name, secret=name in SECRET_FIELDS, latin=name in _LATIN)

    def _changed(self, name: str) -> None:
        self.changed.emit(name, self.editors[name].text)


def _lines(fields: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the fields of each line: a pair is in one."""
    lines: list[tuple[str, ...]] = []
    for name in fields:
        if lines and (lines[-1][-1], name) in _PAIRS:
            lines[-1] += (name,)
        else:
            lines.append((name,))
    return lines


class CodePage(FieldPage):
    """The recovery code, and two of its groups that are asked back."""

    def __init__(self, texts: Translator, theme: Theme, plan: StepPlan, code: str) -> None:
        self._note = Label("muted", wraps=True, text=texts.bind("setup.note_code"))
        self.code = Label("heading", wraps=True)
        super().__init__(texts, theme, plan, {})
        for editor in self.editors.values():
            if isinstance(editor, AnswerField):
                editor.line.setEchoMode(editor.line.EchoMode.Normal)
        self.code.setText(code)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, self.code)
            layout.insertWidget(1, self._note)


class RowPage(StepPage):
    """Rows of which a press picks one, and goes on. Arrows move."""

    def __init__(self, texts: Translator, field: str, keys: Sequence[str], known: str) -> None:
        super().__init__()
        self._texts, self._field = texts, field
        self._picked = known
        self.rows = {key: PlaceRow() for key in keys}
        for key, row in self.rows.items():
            row.setObjectName(f"{field}-{key}")
            row.clicked.connect(partial(self._pick, key))
            row.moved.connect(partial(self._move, row))
        boxes.column(*self.rows.values(), on=self, gap=4)
        if self.rows:
            first = known if known in self.rows else keys[0]
            self.setFocusProxy(self.rows[first])

    def answers(self) -> dict[str, str]:
        """Return what was pressed last."""
        return {self._field: self._picked}

    def _pick(self, key: str) -> None:
        self._picked = key
        self.picked.emit()

    def _move(self, row: PlaceRow, step: int, _across: int) -> None:
        rows = list(self.rows.values())
        rows[min(max(rows.index(row) + step, 0), len(rows) - 1)].setFocus()


class StartPage(RowPage):
    """Practice, a test shop, or a real shop."""

    def __init__(self, texts: Translator, known: str) -> None:
        super().__init__(texts, START, tuple(MODES), known)
        self.retranslate()

    def retranslate(self) -> None:
        """Follow the language."""
        for way, row in self.rows.items():
            texts = self._texts
            row.show_place(texts(f"setup.start_{way}"), texts(f"setup.start_{way}_about"))


class ChannelPage(RowPage):
    """The KakaoPay channels of the account, each with whether its payments are real."""

    def __init__(self, texts: Translator, offers: Sequence[ChannelOffer], known: str) -> None:
        super().__init__(texts, "channel_key", [one.key for one in offers], known)
        self._offers = tuple(offers)
        self._none = Label("body", wraps=True, text=texts.bind("setup.no_channels"))
        self._none.setVisible(not offers)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self._none)
        self.retranslate()

    def retranslate(self) -> None:
        """Follow the language."""
        for one in self._offers:
            row = self.rows[one.key]
            row.show_place(channel_name(self._texts, one), channel_note(self._texts, one))


class PrinterPage(RowPage):
    """The system's printers, and to begin without one; a page to test one can be printed. Below
    are the buyer's screen, where there are two, the labels of a scale, and the measures of a
    kiosk."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        names: Sequence[str],
        known: Mapping[str, str],
        shop: str,
    ) -> None:
        super().__init__(texts, "printer", [*names, ""], known["printer"] or next(iter(names), ""))
        self._theme, self._shop = theme, shop
        none = texts.bind("settings.none_buyer_display")
        self.display = AnswerList(DISPLAY, none, describe_screen)
        self.display.wanted.connect(self._offer_screens)
        self.labels = LabelPatternsField(texts, LABELS)
        kiosk = {name: AnswerField(name, latin=True) for name in KIOSK}
        self.editors: dict[str, AnyEditor] = {DISPLAY: self.display, LABELS: self.labels, **kiosk}
        for name, editor in self.editors.items():
            editor.show_value(known[name])
        self._group = AnswerGroup(texts, self.editors)
        self.measure = Button("secondary", text=texts.bind("settings.ruler"))
        self.measure.clicked.connect(self._measure)
        about = Label("field", wraps=True, text=texts.bind("setup.kiosk_measures"))
        fields = boxes.row(*((one, 1) for one in kiosk.values()), self.measure, gap=16)
        measures = boxes.column(about, fields, gap=8)
        group = boxes.column(self.display, self.labels, measures, gap=16, margins=(0, 16, 0, 0))
        self._none = Label("body", wraps=True, text=texts.bind("setup.no_printers"))
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, self._none)
            layout.addLayout(group)
        if names:
            self._none.hide()
        self._screens: BuyerDisplay | None = None
        ScreenWatch(self).changed.connect(self._show_display)
        self._show_display()
        self.retranslate()

    def retranslate(self) -> None:
        """Follow the language."""
        texts = self._texts
        for name, row in self.rows.items():
            if name:
                row.show_place(display_text(name, _PRINTER), texts("setup.printer_about"))
            else:
                row.show_place(texts("setup.no_printer"), texts("setup.no_printer_about"))
        self._group.retranslate()

    def answers(self) -> dict[str, str]:
        """Return the printer that was reached last, and the measures."""
        return {**super().answers(), **self._group.answers()}

    def show_wrong(self, names: Sequence[str]) -> None:
        """Say beside each field what is wrong, and go to the first one."""
        self._group.show_wrong(names)

    def _move(self, row: PlaceRow, step: int, _across: int) -> None:
        super()._move(row, step, _across)
        self._picked = next((name for name, one in self.rows.items() if one.hasFocus()), "")

    def take_scan(self) -> bool:
        """Read a label that was scanned into its field; return whether the focus is there."""
        return self.labels.take_scan()

    @Slot()
    def _show_display(self) -> None:
        """Ask for the buyer's screen where there are two, or one was chosen before."""
        has_two = len(QGuiApplication.screens()) > 1
        self.display.setVisible(has_two or bool(self.display.text))

    @Slot()
    def _offer_screens(self) -> None:
        """List the other screens, while each shows its number."""
        if self._screens is None:
            # Imported here: most counters have one screen.
            from posapp.ui.display.buyer_display import BuyerDisplay

            self._screens = BuyerDisplay(self._texts, self._theme, self.window(), shop=self._shop)
        self._screens.show_numbers()
        self.display.show_list([("", ""), *self._screens.choices()])

    def _measure(self) -> None:
        dialog = RulerDialog(self._texts, self._theme, self)
        field = self.editors[SCREEN]
        dialog.measured.connect(lambda diagonal_mm: field.show_value(str(diagonal_mm)))
        dialog.open()

    @property
    def can_test(self) -> bool:
        """Whether there is a printer to test."""
        return len(self.rows) > 1

    def test(self) -> None:
        """Print a page on the printer of the focused row, else on the first one.

        Raises:
            EnvironmentProblem: the printer did not take it.
        """
        focused = next((name for name, row in self.rows.items() if row.hasFocus()), "")
        print_test_page(self._texts, focused or next(iter(self.rows)), self._shop)


def is_row_step(step: Step) -> bool:
    """Return whether a press of a row answers the whole step, so that no button is needed."""
    return step in (Step.START, Step.CHANNEL)
