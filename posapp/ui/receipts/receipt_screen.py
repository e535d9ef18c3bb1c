"""The page of an order's papers: receipt, report, and the slip of a refund."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.services.orders.print_log import PrintRecord
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.save_folder import folder_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_report import REPORT_PLACE, papers_of
from posapp.ui.printing.paper import Paper
from posapp.ui.printing.print_controller import PrintController
from posapp.ui.printing.receipt_paper import RECEIPT_PLACE
from posapp.ui.receipts.paper_view import PAPER_WIDTH, PaperView
from posapp.ui.shell.routes import PAYING
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.enter_key import EnterKey
from posapp.ui.widgets.focus_scroll_area import MARGIN, FocusScrollArea
from posapp.ui.widgets.responsive_split import GAP, ResponsiveSplit
from posapp.ui.widgets.saved_bar import SavedBar
from posapp.ui.widgets.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService
    from posapp.services.session import Session

_SCROLL_BAR = 32
_BUTTON = QSize(264, 56)
_STEP = 48
"""Pixels that an arrow scrolls."""

_LEAST_PAPER = 160
"""Smallest height in pixels of the part of a paper that is shown."""

_SLIP = "slip"
_STEPS = {
    "Up": QAbstractSlider.SliderAction.SliderSingleStepSub,
    "Down": QAbstractSlider.SliderAction.SliderSingleStepAdd,
    "PgUp": QAbstractSlider.SliderAction.SliderPageStepSub,
    "PgDown": QAbstractSlider.SliderAction.SliderPageStepAdd,
    "Home": QAbstractSlider.SliderAction.SliderToMinimum,
    "End": QAbstractSlider.SliderAction.SliderToMaximum,
}


class ReceiptScreen(Screen):
    """Shows one paper of an order at a time; prints it at once, saves and copies it.

    The address of PortOne's own receipt is text to copy: this page opens no browser.

    Args:
        shop: the shop's name.
        now: returns the time (UTC).
        exports: the shop's folder of exported files.
        printed: the prints of this run, shared with the page of the order.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        histories: OrderHistoryService,
        session: Session,
        parent: QWidget | None = None,
        *,
        shop: str,
        now: Callable[[], datetime],
        exports: Path | None = None,
        printed: MutableMapping[str, PrintRecord] | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._histories, self._shop, self._now = histories, shop, now
        self._order_id, self._place, self._slip = 0, RECEIPT_PLACE, ""
        self._history: OrderHistory | None = None
        self._papers: tuple[Paper, ...] = ()
        self._online, self._stale = True, False
        self.paperwork = PrintController(
            *(texts, runner, histories, session, self), now=now, exports=exports, printed=printed
        )
        self.banner = Banner(texts, theme)
        self.busy = BusyBar(theme)
        self.paper = PaperView(theme)
        self.empty = EmptyState(theme)
        self.empty.say(texts.bind("receipt.none"), texts.bind("receipt.none_why"))
        self.saved = SavedBar(texts, theme)
        self.choice = SegmentedControl(theme, (RECEIPT_PLACE, REPORT_PLACE, _SLIP))
        self.choice.say(
            texts.bind("receipt.papers"),
            [texts.bind(f"receipt.{name}") for name in ("title", "report", "slip")],
        )
        self.done = Button("primary", "Enter", text=texts.bind("receipt.done"))
        self.done.setObjectName("receiptDone")
        self.print = Button("secondary", "Ctrl+P", text=texts.bind("receipt.print"))
        self.save = Button("secondary", "Ctrl+S", text=texts.bind("receipt.save"))
        self.copy = Button("secondary", "Ctrl+C", text=texts.bind("receipt.copy"))
        self.copy.setObjectName("copyReceiptLink")
        self._scroll = _PaperArea(theme, self.paper)
        self._build_layout()
        self._connect()
        self.setAccessibleName(texts("receipt.title"))
        self.setFocusProxy(self._scroll)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.order_history_service, services.session),
            shop=context.shop,
            now=context.clock.now,
            exports=context.exports,
            printed=context.printed,
        )

    @property
    def current(self) -> Paper | None:
        """Return the paper on screen, or ``None``."""
        return next((one for one in self._papers if one.place == self._place), None)

    def open(self, order_id: int, paper: str = RECEIPT_PLACE) -> None:
        """Show a paper of an order as it is now.

        Args:
            paper: its place among the papers of the order (``Paper.place``).
        """
        self._order_id, self._place = order_id, paper
        self._slip = paper if paper not in (RECEIPT_PLACE, REPORT_PLACE) else ""
        self._history, self._papers = None, ()
        self.saved.clear()
        self.busy.start(self._texts("receipt.loading"))
        self._pages.setCurrentWidget(self._waiting)
        self._show()
        self._read()

    def leads_home(self, before: str) -> bool:
        """Return whether the receipt ended a sale; from an order's page, Back returns there."""
        return before == PAYING

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable; affects the text of a waiting refund."""
        self._online = online
        self._write()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read the order again: its slips and what is left may be others."""
        self._stale = True
        if self.isVisible() and self._history is not None:
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the changes made while the page was hidden."""
        super().showEvent(event)
        if self._stale and self._history is not None:
            self._read()

    def _read(self) -> None:
        self._stale = False
        self.banner.clear()
        if self._order_id:
            work = partial(self._histories.for_order, self._order_id)
            self._runner.run(work, self._arrived, owner=self, key="receipt")

    def _arrived(self, outcome: TaskResult[OrderHistory]) -> None:
        self.busy.stop()
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError(), button="words.retry")
            return
        first, self._history = self._history is None, outcome.value
        self.paperwork.learn(outcome.value)
        self._write()
        if first:
            self._to_top()

    def _write(self) -> None:
        """Make the papers anew, in the language and with the facts of now."""
        history = self._history
        if history is None:
            return
        self._papers = papers_of(
            self._texts, history, shop=self._shop, online=self._online, made_at=self._now()
        )
        self._show()
        paper = self.current
        self._pages.setCurrentWidget(self._scroll if paper is not None else self.empty)
        self._pages.updateGeometry()

    def _to_top(self) -> None:
        self._scroll.verticalScrollBar().setValue(0)
        text = self.paper.accessibleDescription() if self.current else self.empty.message
        announce(self, text)
        if self.isVisible():
            self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        texts, paper = self._texts, self.current
        self.paper.show_paper(paper, self.paperwork.mark(paper.name) if paper else None)
        title = paper.label if paper is not None else texts("receipt.title")
        number = texts("order_page.title", order=self._order_id) if self._order_id else ""
        self.set_head(title=title, subtitle=number)
        is_receipt = paper is not None and paper.place == RECEIPT_PLACE
        for button in (self.print, self.save):
            button.setVisible(paper is not None)
        self.copy.setVisible(paper is not None and (bool(paper.link) or not is_receipt))
        self.copy.say(texts.bind("receipt.copy" if is_receipt else "receipt.copy_text"))
        self._show_choice()

    def _show_choice(self) -> None:
        places = [one.place for one in self._papers]
        keys = (RECEIPT_PLACE, REPORT_PLACE, self._slip)
        shown = [key in places for key in keys]
        for segment, is_shown in zip(self.choice.segments, shown, strict=True):
            segment.setVisible(is_shown)
        self.choice.setVisible(sum(shown) > 1)
        self.choice.choose(_SLIP if self._place == self._slip else self._place)

    def _choose(self, key: object) -> None:
        self._place = self._slip if key == _SLIP else str(key)
        self._write()
        self._scroll.verticalScrollBar().setValue(0)

    def _print(self) -> None:
        if (paper := self.current) is not None:
            self.paperwork.print(paper)

    def _save(self) -> None:
        if (paper := self.current) is not None:
            self.paperwork.save(paper)

    def _copy(self) -> None:
        paper = self.current
        if paper is not None and paper.place == RECEIPT_PLACE:
            self.paperwork.copy(paper.link, "receipt.copied")
        elif paper is not None:
            mark = self.paperwork.mark(paper.name)
            is_slip = paper.place != REPORT_PLACE
            text = f"{mark.text}\n{paper.text}" if mark and is_slip else paper.text
            self.paperwork.copy(text, "receipt.copied_text")

    def _printed_out(self, name: str) -> None:
        if (paper := self.current) is not None and paper.name == name:
            self.paper.show_mark(self.paperwork.mark(name))
            self._pages.updateGeometry()

    def _not_noted(self, problem: Exception) -> None:
        texts = self._texts
        self.banner.show_notice(
            lambda: texts("order_page.not_noted", why=texts.error(problem)), button="words.close"
        )

    def _saved(self, path: Path) -> None:
        name, folder, texts = display_text(path.name, 60), path.parent, self._texts
        self.saved.show_saved(
            lambda: texts("order_page.pdf_saved", name=name, folder=folder_text(folder)), folder
        )

    def _banner_acted(self) -> None:
        self.banner.clear()
        if self._history is None:
            self._read()

    def _retranslate(self) -> None:
        self.setAccessibleName(self._texts("receipt.title"))
        if self.busy.is_busy:
            self.busy.start(self._texts("receipt.loading"))
        self._write()

    def _connect(self) -> None:
        self.banner.acted.connect(self._banner_acted)
        self.done.clicked.connect(self.back_requested)
        self.print.clicked.connect(self._print)
        self.save.clicked.connect(self._save)
        self.copy.clicked.connect(self._copy)
        self.choice.chosen.connect(self._choose)
        paperwork = self.paperwork
        paperwork.said.connect(self.notified)
        paperwork.saved.connect(self._saved)
        paperwork.printed_out.connect(self._printed_out)
        paperwork.not_noted.connect(self._not_noted)
        paperwork.failed.connect(
            lambda problem: self.banner.show_error(problem, button="words.close")
        )
        self._texts.changed.connect(self._retranslate)
        self._enter = EnterKey(self, lambda: self.done)
        bar = self._scroll.verticalScrollBar()
        for key, step in _STEPS.items():
            self._add_key(self, key, partial(bar.triggerAction, step))
        # Qt's own buttons pass the focus on at an arrow, out of the page after the last one.
        for key, direction in (("Left", -1), ("Right", 1)):
            self._add_key(self._actions, key, partial(self._focus_button, direction))

    def _add_key(self, widget: QWidget, key: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    def _focus_button(self, step: int) -> None:
        shown = [one for one in self._buttons if one.isVisible()]
        at = next((at for at, one in enumerate(shown) if one.hasFocus()), -1)
        shown[(at + step) % len(shown)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_layout(self) -> None:
        self._waiting = QWidget()
        waiting = QVBoxLayout(self._waiting)
        waiting.setContentsMargins(0, 0, 0, 0)
        waiting.addWidget(self.busy)
        waiting.addStretch(1)
        self._pages = _Pages()
        for page in (self._waiting, self._scroll, self.empty):
            self._pages.addWidget(page)
        self._pages.setMinimumWidth(PAPER_WIDTH + _SCROLL_BAR)
        self._buttons = (self.done, self.print, self.save, self.copy)
        self._actions = QWidget()
        actions = QVBoxLayout(self._actions)
        actions.setContentsMargins(0, 0, 0, 0)
        actions.setSpacing(12)
        for button in self._buttons:
            button.setMinimumSize(_BUTTON)
            actions.addWidget(button)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.choice)
        column.addWidget(self._actions)
        column.addStretch(1)
        split = ResponsiveSplit(narrow_below=0, measured=self)
        split.add(self._pages, 0)
        split.add(side, 0)
        split.box.setAlignment(
            self._pages, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter
        )
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(split)
        middle.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 16, 24, 16)
        rows.setSpacing(GAP)
        rows.addWidget(self.banner)
        rows.addLayout(middle, 1)
        rows.addWidget(self.saved)


class _Pages(QStackedWidget):
    """As high as the paper, where there is room, so that the buttons are near it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.currentChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the size of the current one."""
        current = self.currentWidget()
        return current.sizeHint() if current is not None else super().sizeHint()


class _PaperArea(FocusScrollArea):
    """Shows a paper whole where there is room; elsewhere it scrolls."""

    def __init__(self, theme: Theme, paper: PaperView) -> None:
        super().__init__(theme)
        self._paper = paper
        self.setObjectName("paper")
        self.setProperty("role", "paper")
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(paper, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(ground)
        self.verticalScrollBar().setSingleStep(_STEP)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the paper."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """Return the size of the whole paper."""
        frame = 2 * self.frameWidth() + 2 * MARGIN
        return self._paper.sizeHint() + QSize(_SCROLL_BAR, frame)

    def minimumSizeHint(self) -> QSize:
        """Return the whole width: only the height may be less than the paper's."""
        return QSize(PAPER_WIDTH + _SCROLL_BAR, _LEAST_PAPER)
