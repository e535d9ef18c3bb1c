"""Window of the set-up: one step at a time, each tested before the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.errors import EnvironmentProblem
from posapp.services.ports.setup import ChannelOffer
from posapp.services.settings.setup import Setup
from posapp.services.settings.setup_steps import Step
from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import THEMES, Theme
from posapp.ui.printing.printers import printer_names
from posapp.ui.settings.setup_pages import (
    ChannelPage,
    CodePage,
    FieldPage,
    PrinterPage,
    StartPage,
    StepPage,
    is_row_step,
)
from posapp.ui.settings.setup_text import step_title
from posapp.ui.settings.step_scroll import StepScroll
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.roles import Frame, Label

SMALLEST = (640, 480)
"""Smallest size in pixels; the body scrolls."""

_WIDE = 100
"""Share of the room of the middle column, as far as it may be wide."""


class SetupWindow(Frame):
    """Shows the steps of a set-up until the shop is ready. Closing it loses the current step only.

    F9 changes the language and F10 the theme, as everywhere.
    """

    ready = Signal()
    """The shop can be opened."""

    def __init__(self, texts: Translator, theme: Theme, runner: TaskRunner, setup: Setup) -> None:
        super().__init__("surface")
        self._texts, self._theme, self._runner, self._setup = texts, theme, runner, setup
        self._page: StepPage | None = None
        self._is_busy = False
        self.setMinimumSize(*SMALLEST)
        self.banner = Banner(texts, theme)
        self.next = Button("primary", "Enter", text=texts.bind("setup.next"))
        self.back = Button("secondary", "Esc", text=texts.bind("setup.back"))
        self.again = Button("secondary", "F5", text=texts.bind("setup.read_again"))
        self.test = Button("secondary", "F5", text=texts.bind("setup.test_printer"))
        self._busy = BusyBar(theme)
        self._title, self._about = Label("heading", wraps=True), Label("muted", wraps=True)
        self._progress = Label("caption")
        self._card = Frame("card")
        self._body = QVBoxLayout(self._card)
        self._build_layout()
        self.next.clicked.connect(self._submit)
        self.back.clicked.connect(self._go_back)
        self.again.clicked.connect(self._show_step)
        self.test.clicked.connect(self._test_printer)
        self.banner.acted.connect(self.banner.clear)
        for enter in ("Return", "Enter"):
            self._add_key(enter, self._press)
        self._add_key("F9", lambda: texts.set_language(_after(LANGUAGES, texts.language)))
        self._add_key("F10", lambda: theme.set_name(_after(THEMES, theme.name)))
        texts.bind("setup.title").show_in(self, QWidget.setWindowTitle)
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._follow_appearance)
        texts.changed.connect(self._follow_appearance)
        self._show_step()

    @property
    def page(self) -> StepPage | None:
        """Return what the current step shows; ``None`` while its channels are read."""
        return self._page

    def _build_layout(self) -> None:
        gap = self._theme.size("gap-large")
        head = boxes.row(
            Label("title", text=self._texts.bind("setup.title")), 1, self._progress, gap=gap
        )
        self._body.setContentsMargins(gap, gap, gap, gap)
        self._body.setSpacing(self._theme.size("gap-small"))
        for part in (self._title, self._about, self.banner, self._busy):
            self._body.addWidget(part)
        ground = Frame("surface")
        boxes.column(self._card, 1, on=ground)
        scroll = StepScroll(ground)
        later = Label("caption", wraps=True, text=self._texts.bind("setup.later"))
        feet = boxes.row(*(self.back, (later, 1), self.again, self.test, self.next), gap=gap)
        middle = QWidget()
        middle.setMaximumWidth(self._theme.size("reading"))
        boxes.column(head, (scroll, 1), feet, on=middle, gap=self._theme.size("gap"))
        boxes.row(1, (middle, _WIDE), 1, on=self, margins=gap)

    def _show_step(self) -> None:
        """Show the current step afresh."""
        step = self._setup.step
        self.banner.clear()
        self._set_page(None)
        self._retranslate()
        self.back.setVisible(self._setup.steps.index(step) > 0)
        self.next.setVisible(not is_row_step(step))
        self.again.setVisible(step is Step.CHANNEL)
        self.test.hide()
        if step is Step.CHANNEL:
            self._work("setup.reading_channels", self._setup.offers, self._show_channels)
            return
        self._set_page(self._make_page(step))

    def _make_page(self, step: Step) -> StepPage:
        setup = self._setup
        known = setup.answers()
        if step is Step.START:
            return StartPage(self._texts, known["start"])
        if step is Step.RECOVERY:
            return CodePage(self._texts, self._theme, setup.plan, setup.recovery_code)
        if step is Step.PRINTER:
            shown = (printer_names(), known, setup.shop_name)
            printers = PrinterPage(self._texts, self._theme, *shown)
            self.test.setVisible(printers.can_test)
            return printers
        page = FieldPage(self._texts, self._theme, setup.plan, known)
        if step is Step.APPEARANCE:
            page.changed.connect(self._choose_appearance)
        return page

    def _test_printer(self) -> None:
        page = self._page
        if not isinstance(page, PrinterPage) or self._is_busy:
            return
        try:
            page.test()
        except EnvironmentProblem as problem:
            self.banner.show_error(problem)
        else:
            self.banner.show_success(self._texts.bind("printers.tested"))

    def _show_channels(self, offers: Sequence[ChannelOffer]) -> None:
        known = self._setup.answers()["channel_key"]
        self._set_page(ChannelPage(self._texts, offers, known))

    def _set_page(self, page: StepPage | None) -> None:
        if self._page is not None:
            self._body.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        if page is not None:
            page.picked.connect(self._submit)
            self._body.addWidget(page)
            page.setFocus()
            announce(self, f"{self._title.text()}. {self._about.text()}")

    def _press(self) -> None:
        """Press the focused button or row; from a field or a choice, go to the next step."""
        focused = self.focusWidget()
        if isinstance(self._page, PrinterPage) and self._page.take_scan():
            return
        if isinstance(focused, Button):
            focused.click()
        elif self.next.isVisible():
            self.next.click()

    def _submit(self) -> None:
        page = self._page
        if page is None or self._is_busy:
            return
        answers = page.answers()
        wrong = self._setup.invalid(answers)
        page.show_wrong(wrong)
        if not wrong:
            self._work("setup.testing", partial(self._setup.submit, answers), self._go_on)

    def _go_on(self, _: None) -> None:
        if self._setup.is_finished:
            self.ready.emit()
        else:
            self._show_step()

    def _go_back(self) -> None:
        if not self._is_busy:
            self._work("setup.testing", self._setup.back, lambda _: self._show_step())

    def _work(self, message: str, work: Callable[[], object], done: Callable[..., object]) -> None:
        """Run something that waits for the disk, PortOne or the keyring."""
        self._is_busy = True
        self.banner.clear()
        self.next.set_busy(True)
        self._busy.start(self._texts(message))

        def end(outcome: TaskResult[object]) -> None:
            self._is_busy = False
            self.next.set_busy(False)
            self._busy.stop()
            if outcome.error is None:
                done(outcome.value)
                return
            self.banner.show_error(outcome.error)

        self._runner.run(work, end, owner=self)

    def _choose_appearance(self, name: str, answer: str) -> None:
        if name == "language":
            self._texts.set_language(answer)
        elif name == "theme":
            self._theme.set_name(answer)

    def _follow_appearance(self) -> None:
        """Show in the first step what F9 or F10 chose."""
        page = self._page
        if self._setup.step is Step.APPEARANCE and isinstance(page, FieldPage):
            chosen: Mapping[str, str] = {
                "language": self._texts.language,
                "theme": self._theme.name,
            }
            for name, answer in chosen.items():
                page.editors[name].show_value(answer)

    def _retranslate(self) -> None:
        texts, steps, step = self._texts, self._setup.steps, self._setup.step
        at = steps.index(step) + 1
        self._title.setText(step_title(texts, step))
        self._about.setText(texts(f"setup.about_{step.value}"))
        self._progress.setText(texts("setup.progress", number=at, count=max(len(steps), at)))
        if self._page is not None:
            self._page.retranslate()

    def _add_key(self, key: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(act)


def _after(choices: Sequence[str], current: str) -> str:
    return choices[(choices.index(current) + 1) % len(choices)]
