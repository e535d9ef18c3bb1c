"""Layout of the page of an order's papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSlider,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_report import REPORT_PLACE
from posapp.ui.printing.page_layout import CopyMark
from posapp.ui.printing.paper import Paper
from posapp.ui.printing.receipt_paper import RECEIPT_PLACE
from posapp.ui.receipts.paper_view import PAPER_WIDTH, PaperView
from posapp.ui.widgets import boxes
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.enter_key import EnterKey
from posapp.ui.widgets.focus_scroll_area import MARGIN, FocusScrollArea
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.responsive_split import GAP, ResponsiveSplit
from posapp.ui.widgets.saved_bar import SavedBar
from posapp.ui.widgets.segmented_control import SegmentedControl

_SCROLL_BAR = 32
_BUTTON = QSize(264, 56)
_STEP = 48
"""Pixels that an arrow scrolls."""

_LEAST_PAPER = 160
"""Smallest height in pixels of the part of a paper that is shown."""

SLIP = "slip"
"""The choice of whichever slip the page was opened with."""

_STEPS = {
    "Up": QAbstractSlider.SliderAction.SliderSingleStepSub,
    "Down": QAbstractSlider.SliderAction.SliderSingleStepAdd,
    "PgUp": QAbstractSlider.SliderAction.SliderPageStepSub,
    "PgDown": QAbstractSlider.SliderAction.SliderPageStepAdd,
    "Home": QAbstractSlider.SliderAction.SliderToMinimum,
    "End": QAbstractSlider.SliderAction.SliderToMaximum,
}


class ReceiptLayout(QWidget):
    """The paper, and beside it (below it in a tall window) what is done with it.

    Arrows, PgUp, PgDn, Home and End scroll the paper, wherever the focus is; Enter is 완료 unless
    another button has the focus.
    """

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self.banner = Banner(texts, theme)
        self.busy = BusyBar(theme)
        self.paper = PaperView(theme)
        self.empty = EmptyState(theme)
        self.empty.say(texts.bind("receipt.none"), texts.bind("receipt.none_why"))
        self.saved = SavedBar(texts, theme)
        self.choice = SegmentedControl(theme, (RECEIPT_PLACE, REPORT_PLACE, SLIP))
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
        self.area = _PaperArea(theme, self.paper)
        self._build_layout()
        self._add_keys()
        self.setFocusProxy(self.done)

    def show_waiting(self, text: str) -> None:
        """Show that an order is read."""
        self.busy.start(text)
        self._pages.setCurrentWidget(self._waiting)

    def show_paper(self, paper: Paper | None, mark: CopyMark | None) -> None:
        """Show a paper with the mark of its next print, or that there is none."""
        self.paper.show_paper(paper, mark)
        self.area.setAccessibleName(paper.label if paper is not None else "")
        self._pages.setCurrentWidget(self.area if paper is not None else self.empty)
        self.setFocusProxy(self.area if paper is not None else self.done)  # never what is hidden
        self._pages.updateGeometry()

    def show_mark(self, mark: CopyMark | None) -> None:
        """Show another mark on the paper."""
        self.paper.show_mark(mark)
        self._pages.updateGeometry()

    def show_choice(self, shown: Sequence[bool], chosen: str) -> None:
        """Offer those of receipt, report and slip that exist."""
        for segment, is_shown in zip(self.choice.segments, shown, strict=True):
            segment.setVisible(is_shown)
        self.choice.setVisible(sum(shown) > 1)
        self.choice.choose(chosen)

    def to_top(self) -> None:
        """Show the beginning of the paper."""
        self.area.verticalScrollBar().setValue(0)

    def _add_keys(self) -> None:
        self._enter = EnterKey(self, lambda: self.done)
        bar = self.area.verticalScrollBar()
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
        boxes.column(self.busy, 1, on=self._waiting)
        self._pages = _Pages()
        for page in (self._waiting, self.area, self.empty):
            self._pages.addWidget(page)
        self._pages.setMinimumWidth(PAPER_WIDTH + _SCROLL_BAR)
        self._buttons = (self.done, self.print, self.save, self.copy)
        self._actions = QWidget()
        actions = boxes.column(on=self._actions, gap=12)
        for button in self._buttons:
            button.setMinimumSize(_BUTTON)
            actions.addWidget(button)
        side = QWidget()
        boxes.column(self.choice, self._actions, 1, on=side, gap=GAP)
        split = ResponsiveSplit(narrow_below=0, measured=self)
        split.add(self._pages, 0)
        split.add(side, 0)
        split.box.setAlignment(
            self._pages, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter
        )
        middle = boxes.row(1, split, 1)
        boxes.column(
            self.banner, (middle, 1), self.saved, on=self, gap=GAP, margins=(24, 16, 24, 16)
        )


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
        boxes.column(
            (paper, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter), on=ground
        )
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
