"""Page of the settings: groups, search, one row a setting, and what is known about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from posapp.domain.errors import EnvironmentProblem, ErrorCode, UserError
from posapp.domain.settings import BY_NAME, SECRETS, Setting, SettingGroup
from posapp.services.ports.sound_player import Sound, SoundPlayer
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.printing.printer_choice import choose_pdf_paper, choose_printer
from posapp.ui.printing.printers import print_test_page, printer_names
from posapp.ui.printing.roll_printing import ROLL_SETTINGS
from posapp.ui.settings.ruler_dialog import SETTING as SCREEN
from posapp.ui.settings.ruler_dialog import RulerDialog
from posapp.ui.settings.setting_row import LISTED, SettingRow
from posapp.ui.settings.setting_text import about, group_name, name_of, rule, typed_text
from posapp.ui.settings.setup_text import channel_text
from posapp.ui.settings.step_scroll import StepScroll
from posapp.ui.shell.screen import Screen
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from posapp.services.ports.receipt_printer import PrinterState
    from posapp.services.ports.settings import SettingChange
    from posapp.services.ports.setup import ChannelOffer
    from posapp.services.session import Session
    from posapp.services.settings.setting_service import SettingService, SettingState
    from posapp.ui.display.buyer_display import BuyerDisplay
    from posapp.ui.printing.roll_printing import RollPrinting
    from posapp.ui.shell.screen import ScreenContext

DISPLAY = "buyer_display"
"""The setting with the screen of the buyer's display."""

RECEIPT_CHANNEL, CONTRACT = "receipt_channel_key", "kakaopay_tax"

_SHOWN_CHANGES = 3
_WIDEST = 1040
"""Width in pixels of the rows: a name stays near its field on a wide screen."""


class SettingsScreen(Screen):
    """Changes one setting at a time: Enter stores what is typed, a choice is stored at once."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        settings: SettingService,
        session: Session,
        sounds: SoundPlayer,
        *,
        display: BuyerDisplay | None = None,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(texts, theme, runner)
        self._settings, self._session, self._sounds = settings, session, sounds
        self._display, self._roll = display, roll
        self.rows = {name: SettingRow(texts, theme, one) for name, one in BY_NAME.items()}
        self.banner = Banner(texts, theme)
        self.groups = SegmentedControl(theme, tuple(SettingGroup))
        self.groups.setObjectName("settingGroups")
        self.search = SearchField(theme)
        self.search.setObjectName("settingSearch")
        self.group_button = Button("secondary", "F3", text=texts.bind("settings.groups"))
        self.default_button = Button("secondary", "F4", text=texts.bind("settings.to_default"))
        self.test_button = Button("secondary", "F5", text=texts.bind("settings.test"))
        self._none = EmptyState(theme)
        self._facts = Label("caption", wraps=True)
        self._current = ""
        self._build_layout()
        self._connect()
        texts.changed.connect(self._retranslate)
        self._retranslate()
        self._show_group()
        self.setFocusProxy(self.search)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.setting_service, services.session, context.sounds),
            display=context.display,
            roll=context.roll,
        )

    def enter(self) -> None:
        """Read the settings afresh."""
        self.clear()
        self._read()

    def clear(self) -> None:
        """Forget what is typed."""
        self.search.show_text("")
        self.banner.clear()
        for row in self.rows.values():
            row.cancel()
        self._show_group()

    def forget_typed(self) -> None:
        """Forget what is typed."""
        self.clear()

    def focus_search(self) -> bool:
        """Empty and focus the search."""
        self.search.show_text("")
        self._show_group()
        self.search.setFocus()
        return True

    def may_leave(self) -> bool:
        """Take back what is typed before leaving."""
        row = self._focused_row()
        if row is not None and row.is_edited:
            row.cancel()
            self.search.setFocus()
            return False
        return True

    def _connect(self) -> None:
        self.search.searched.connect(lambda _: self._show_group())
        self.groups.chosen.connect(self._choose_group)
        self.group_button.clicked.connect(self._next_group)
        self.default_button.clicked.connect(self._reset_current)
        self.test_button.clicked.connect(self._test)
        self.banner.acted.connect(self.banner.clear)
        for name, row in self.rows.items():
            row.submitted.connect(partial(self._submit, name))
            row.reset.connect(partial(self._reset, name))
            row.list_wanted.connect(partial(self._ask_list, name))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self._press)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow_focus)

    def _build_layout(self) -> None:
        top = boxes.row((self.search, 1), self.test_button, self.default_button, gap=8)
        chosen = boxes.row(self.groups, self.group_button, 1, gap=8)
        list_card, inside = Frame("card"), Frame("panel")
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        rows = QWidget()
        rows.setMaximumWidth(_WIDEST)
        self._list.addLayout(boxes.row((rows, 100), 0))
        self._list.addWidget(self._none, 1)
        self._list.addStretch(0)
        boxes.column((StepScroll(inside), 1), on=list_card, margins=12)
        boxes.column(
            *(top, chosen, self.banner, (list_card, 1), self._facts),
            on=self,
            gap=8,
            margins=(24, 0, 24, 8),
        )
        # Last: whenever a widget gets another parent, Qt resolves the style of all that it holds.
        boxes.column(*self.rows.values(), on=rows, gap=0)

    def _read(self) -> None:
        self._runner.run(self._settings.states, self._show, owner=self, key="states")

    def _show(self, outcome: TaskResult[tuple[SettingState, ...]]) -> None:
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError())
            return
        for state in outcome.value:
            self.rows[state.setting.name].show_state(state)
        self._read_contract()

    def _read_contract(self) -> None:
        self._runner.run(
            self._settings.is_contract_unfit, self._show_contract, owner=self, key="contract"
        )

    def _show_contract(self, outcome: TaskResult[bool]) -> None:
        """Say that the contract with KakaoPay does not fit what is on sale."""
        if outcome.value:
            self.banner.show_notice(partial(self._texts, "settings.tax_misfit"))

    def _show_group(self) -> None:
        """Show the rows of the group, or of all groups that fit the search."""
        wanted = self.search.text().strip().casefold()
        shown = [one for one in BY_NAME.values() if self._fits(one, wanted)]
        for name, row in self.rows.items():
            row.setVisible(BY_NAME[name] in shown)
        found = self._texts("settings.none_found", text=self.search.text().strip())
        self._none.set_text(found, self._texts("settings.none_found_why"))
        self._none.setVisible(not shown)
        self._facts.setVisible(bool(shown))
        self.groups.setEnabled(not wanted)

    def _fits(self, setting: Setting, wanted: str) -> bool:
        if not wanted:
            return setting.group == self.groups.key
        said = (setting.name, name_of(self._texts, setting), about(self._texts, setting))
        return any(wanted in text.casefold() for text in said)

    def _choose_group(self, _: object) -> None:
        self._show_group()

    def _next_group(self) -> None:
        keys = self.groups.keys
        self.search.show_text("")
        self.groups.choose(keys[(keys.index(self.groups.key) + 1) % len(keys)])
        self._show_group()

    def _press(self) -> None:
        focused = self.focusWidget()
        row = self._focused_row()
        if isinstance(focused, Button):
            focused.click()
        elif focused is self.search:
            self.search.flush()
            self._focus_first()
        elif row is not None:
            self._submit(row.setting.name)

    def _focus_first(self) -> None:
        shown = (one for one in self.rows.values() if one.isVisible() and one.editor is not None)
        first = next(shown, None)
        if first is not None:
            first.setFocus()

    def _submit(self, name: str) -> None:
        row = self.rows[name]
        if row.setting.is_secret:
            self._submit_keys()
        elif row.is_edited:
            work = partial(self._settings.change, self._session.actor, name, row.text)
            self._runner.run(work, partial(self._end, name), owner=self)

    def _submit_keys(self) -> None:
        pair = [self.rows[one.name] for one in SECRETS]
        empty = next((row for row in pair if not row.text), None)
        if empty is not None:
            empty.setFocus()
            empty.set_wrong(partial(self._texts, "settings.both_keys"))
            return
        work = partial(self._settings.change_keys, self._session.actor, *(row.text for row in pair))
        self._runner.run(work, self._end_keys, owner=self)

    def _end_keys(self, outcome: TaskResult[None]) -> None:
        if outcome.error is not None:
            self.banner.show_error(outcome.error)
            return
        for one in SECRETS:
            self.rows[one.name].cancel()
        self.notified.emit(self._texts("settings.keys_changed"))

    def _reset(self, name: str) -> None:
        work = partial(self._settings.reset, self._session.actor, name)
        self._runner.run(work, partial(self._end, name), owner=self)

    def _reset_current(self) -> None:
        row = self._focused_row() or self.rows.get(self._current)
        if row is not None and not (row.setting.is_fixed or row.setting.is_secret):
            self._reset(row.setting.name)

    def _end(self, name: str, outcome: TaskResult[SettingState]) -> None:
        row, error = self.rows[name], outcome.error
        if outcome.value is None:
            if isinstance(error, UserError) and error.code is ErrorCode.SETTING_VALUE:
                row.set_wrong(partial(rule, self._texts, row.setting))
                row.setFocus()
            else:
                row.cancel()
                self.banner.show_error(error or RuntimeError())
            return
        row.show_state(outcome.value)
        self._apply(name, str(outcome.value.value))
        self._read_history()
        if name == CONTRACT:
            self._read_contract()
        shown = typed_text(self._texts, row.setting, row.text) or self._texts("settings.empty")
        said = self._texts("settings.changed", name=name_of(self._texts, row.setting), change=shown)
        self.notified.emit(said)

    def _apply(self, name: str, value: str) -> None:
        """Let what needs no restart take effect."""
        if name == "language":
            self._texts.set_language(value)
        elif name == "theme":
            self._theme.set_name(value)
        elif name == "text_size":
            self._theme.choose_text_size(value)
        elif name == "printer":
            choose_printer(value)
        elif name == "pdf_paper":
            choose_pdf_paper(value)
        elif name in ROLL_SETTINGS and self._roll is not None:
            self._roll.choose(name, value)
        elif name == "sound_volume":
            self._sounds.set_volume(int(value))
            self._sounds.play(Sound.NOTICE)
        elif name == DISPLAY and self._display is not None:
            self._display.choose(value)

    def _ask_list(self, name: str) -> None:
        """Read what a setting is chosen from, and open it."""
        if name == "printer":
            default = [("", "")]
            self.rows[name].show_list([*default, *((one, one) for one in printer_names())])
            return
        if name == "receipt_printer":
            find = self._roll.find if self._roll is not None else tuple[str, ...]
            self._runner.run(find, self._addresses_arrived, owner=self, key="addresses")
            return
        if name == DISPLAY:
            screens = self._display.choices() if self._display is not None else ()
            self.rows[name].show_list([("", ""), *screens])
            return
        self.rows[name].set_wrong(str)
        self.test_button.set_busy(True)
        is_receipts = name == RECEIPT_CHANNEL
        read = self._settings.receipt_offers if is_receipts else self._settings.offers
        self._runner.run(read, partial(self._list_arrived, name), owner=self, key="offers")

    def _addresses_arrived(self, outcome: TaskResult[tuple[str, ...]]) -> None:
        row = self.rows["receipt_printer"]
        queues = [f"queue:{one}" for one in printer_names()]
        found = [one for one in (*(outcome.value or ()), *queues) if _allows(row.setting, one)]
        if found:
            row.show_list([(one, one) for one in found])
        else:
            row.set_wrong(partial(self._texts, "settings.no_addresses"))

    def _list_arrived(self, name: str, outcome: TaskResult[tuple[ChannelOffer, ...]]) -> None:
        self.test_button.set_busy(False)
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError())
            return
        row = self.rows[name]
        shown = [(one.key, channel_text(self._texts, one)) for one in outcome.value]
        if name == RECEIPT_CHANNEL and shown:
            shown.insert(0, ("", ""))
        if shown:
            row.show_list(shown)
        else:
            nothing = "no_receipt_channels" if name == RECEIPT_CHANNEL else "no_channels"
            row.set_wrong(partial(self._texts, f"settings.{nothing}"))

    def _test(self) -> None:
        row = self._focused_row()
        if row is not None and row.setting.name == "printer":
            self._test_printer(row.text)
            return
        if row is not None and row.setting.name in ROLL_SETTINGS and self._roll is not None:
            self._test_roll(self._roll)
            return
        if row is not None and row.setting.name == DISPLAY and self._display is not None:
            self._display.show_numbers()
            return
        if row is not None and row.setting.name == SCREEN:
            self._measure_screen()
            return
        self.test_button.set_busy(True)
        self._runner.run(self._settings.test_account, self._end_test, owner=self)

    def _measure_screen(self) -> None:
        dialog = RulerDialog(self._texts, self._theme, self)
        dialog.measured.connect(self._screen_measured)
        dialog.open()

    @Slot(int)
    def _screen_measured(self, diagonal_mm: int) -> None:
        editor = self.rows[SCREEN].editor
        if editor is not None:
            editor.show_value(str(diagonal_mm))
            self._submit(SCREEN)

    def _end_test(self, outcome: TaskResult[int]) -> None:
        self.test_button.set_busy(False)
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError())
            return
        found = outcome.value
        self.banner.show_success(lambda: self._texts("settings.connected", count=found))

    def _test_printer(self, name: str) -> None:
        try:
            print_test_page(self._texts, name, self.rows["shop_name"].text)
        except EnvironmentProblem as problem:
            self.banner.show_error(problem)
        else:
            self.banner.show_success(self._texts.bind("printers.tested"))

    def _test_roll(self, roll: RollPrinting) -> None:
        """Print a test at the address that is typed, on paper of the chosen width."""
        row, texts = self.rows["receipt_printer"], self._texts
        try:
            address = str(row.setting.read(row.text, from_text=True))
        except ValueError:
            address = ""
        if not address:
            row.set_wrong(partial(rule, texts, row.setting))
            row.setFocus()
            return
        lines = (self.rows["shop_name"].text, texts("printers.test_title"))
        self.test_button.set_busy(True)
        roll.test(address, self.rows["receipt_columns"].text, lines, self._end_roll_test)

    def _end_roll_test(self, outcome: TaskResult[PrinterState]) -> None:
        self.test_button.set_busy(False)
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError())
        else:
            self.banner.show_success(self._texts.bind(f"printers.sent_{outcome.value}"))

    def _focused_row(self) -> SettingRow | None:
        focused = self.focusWidget()
        return next((one for one in self.rows.values() if one.isAncestorOf(focused)), None)

    def _follow_focus(self, _before: QWidget | None, _now: QWidget | None) -> None:
        row = self._focused_row() if self.isVisible() else None
        tests = {DISPLAY: "display.numbers", SCREEN: "settings.ruler"}
        tests |= dict.fromkeys(("printer", *ROLL_SETTINGS), "setup.test_printer")
        name = row.setting.name if row is not None else ""
        self.test_button.say(self._texts.bind(tests.get(name, "settings.test")))
        if row is not None and row.setting.name != self._current:
            self._current = row.setting.name
            self._read_history()

    def _read_history(self) -> None:
        if self._current:
            settings, name = self._settings, self._current
            self._runner.run(
                lambda: (settings.history(name), settings.staff_names()),
                self._show_history,
                owner=self,
                key="history",
            )

    def _show_history(
        self, outcome: TaskResult[tuple[tuple[SettingChange, ...], dict[int, str]]]
    ) -> None:
        setting = BY_NAME[self._current]
        is_listed = setting.name in LISTED
        wanted = self._texts("settings.rule_listed") if is_listed else rule(self._texts, setting)
        lines = [f"{name_of(self._texts, setting)} · {wanted}"]
        changes, names = outcome.value or ((), {})
        lines += self._changes(setting, changes[:_SHOWN_CHANGES], names)
        self._facts.setText("\n".join(lines))

    def _changes(
        self, setting: Setting, changes: Sequence[SettingChange], names: Mapping[int, str]
    ) -> list[str]:
        texts = self._texts
        lines = []
        for one in changes:
            both = (typed_text(texts, setting, each) for each in (one.old, one.new))
            change = " → ".join(text or texts("settings.empty") for text in both)
            what = texts("settings.secret_changed") if setting.is_secret else change
            who = status_text.actor(texts, one.actor, names)
            lines.append(f"{texts.when(one.at)} · {who} · {what}")
        return lines

    def _retranslate(self) -> None:
        texts = self._texts
        names = [group_name(texts, one) for one in SettingGroup]
        self.groups.set_text(texts("settings.groups"), names)
        self.search.setPlaceholderText(texts("settings.search"))
        self.search.setAccessibleName(texts("settings.search"))
        for row in self.rows.values():
            row.retranslate()
        self._facts.clear()
        self._show_group()


def _allows(setting: Setting, text: str) -> bool:
    try:
        setting.read(text, from_text=True)
    except ValueError:
        return False
    return True
