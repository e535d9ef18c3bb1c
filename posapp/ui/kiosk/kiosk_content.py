"""What is read on a kiosk's screen: one column of texts, turned over where it is too long."""

from __future__ import annotations

import re
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.kiosk.kiosk_view import KioskView, LineView
from posapp.ui.widgets import boxes
from posapp.ui.widgets.phase_icon import PhaseIcon
from posapp.ui.widgets.qr import RING, QrCode
from posapp.ui.widgets.qr_matrix import QrMatrix
from posapp.ui.widgets.roles import Frame, Label, set_role

GAP = 16
MARK = 160
"""Side of an icon in pixels."""

_BESIDE = 17
"""Width in letters from which name and amount of a line are side by side."""

_LONGEST_RUN = 8
"""Letters of a word that have room in every line; a longer one goes on in the next."""

_AMOUNTS = ("money-large", "title", "money")
"""Roles of the amount, the largest first: as large as it fits, and never smaller than a text."""

_CENTRED = ("outcome", "idle", "notice")
"""Layouts of one sentence in the middle."""

_SENTENCE_END = re.compile(r"(?<=\.) (?=\D)")
"""The blank after a sentence, not the one in "no. 12"."""

_EVEN = 2
"""Pixels by which a line may be beyond an edge: places are rounded."""

_CENTRE = Qt.AlignmentFlag.AlignCenter
_START = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LineRow(Frame):
    """One line of an order: the name, as long as it is, then count and amount."""

    def __init__(self) -> None:
        super().__init__("row")
        self._name = Label("heading", wraps=True)
        self._count, self._amount = Label("heading"), Label("money")
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(GAP, 8, GAP, 8)
        self._box.setSpacing(8)
        self._box.addWidget(self._name, 1)
        self._ends = boxes.row(1, self._count, self._amount, gap=2 * GAP)
        self._box.addLayout(self._ends)

    def show_line(self, line: LineView | None) -> None:
        """Show a line; ``None``: there is none."""
        self.setVisible(line is not None)
        self._name.setText(display_text(line.name, run=_LONGEST_RUN) if line is not None else "")
        self._count.setText(line.count if line is not None else "")
        self._amount.setText(line.amount if line is not None else "")

    def fit(self, width: int) -> None:
        """Put the amount below the name where both have too little room side by side."""
        ways = QBoxLayout.Direction
        is_narrow = width < _BESIDE * self._name.font().pixelSize()
        self._box.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        self._ends.invalidate()
        self._box.invalidate()
        self.updateGeometry()  # else a height of other texts is remembered


class KioskContent(QWidget):
    """Texts of a view, from top to bottom.

    Attributes:
        banner: what a call says, where it has no place of its own.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.banner = CallBanner()
        self._mark = PhaseIcon(theme, MARK)
        self._title = Label("title", wraps=True)
        self._amount = Label("money-large")
        self._entry = Label("kiosk-entry")
        self._entry.setAlignment(_CENTRE)
        self._messages = Label("heading", wraps=True)
        self._left = Label("heading", wraps=True)
        self._rows: list[LineRow] = []
        self._lines = QWidget()
        self._line_column = QVBoxLayout(self._lines)
        self._line_column.setContentsMargins(0, 0, 0, 0)
        self._line_column.setSpacing(8)
        self._mark_row = QWidget()
        row = QHBoxLayout(self._mark_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._mark, 0, _CENTRE)
        said = (self._mark_row, self._title, self._amount, self._entry, self._messages)
        self._parts = (self.banner, *said, self._left, self._lines)
        below = (*said, self._left, self._lines)
        self._box = boxes.column(self.banner, 0, *below, 1, on=self, gap=GAP)

    def show_view(self, view: KioskView) -> None:
        """Show what a view says."""
        is_centred = view.layout in _CENTRED
        self._box.setStretch(1, int(is_centred))
        for label, text in (
            *((self._title, "" if view.layout == "start" else view.title),),
            *((self._amount, view.amount), (self._messages, _messages(view, is_centred))),
            (self._left, view.time_left),
        ):
            label.setText(text)
            label.setVisible(bool(text))
            label.setAlignment(_CENTRE if is_centred else _START)
        self._entry.setText(view.entry)
        self._entry.setVisible(view.keys)
        set_role(self._messages, "tone", "" if is_centred else view.tone)
        self._mark_row.setVisible(is_centred)
        if is_centred:
            self._mark.show_mark(view.mark or "over", view.tone or "notice")
        while len(self._rows) < len(view.lines):
            self._rows.append(LineRow())
            self._line_column.addWidget(self._rows[-1])
        for at, row in enumerate(self._rows):
            row.show_line(view.lines[at] if at < len(view.lines) else None)
        self._lines.setVisible(bool(view.lines))

    def set_mark_side(self, side: int) -> None:
        """Set the side of the icon in pixels."""
        self._mark.set_side(side)

    def least_width(self) -> int:
        """Return the width in pixels of the amount, which has to be in one line."""
        set_role(self._amount, "role", _AMOUNTS[-1])
        return self._amount.sizeHint().width() if self._amount.text() else 0

    def height_at(self, width: int) -> int:
        """Return the height of the texts at a width, arranged for it."""
        for role in _AMOUNTS:
            set_role(self._amount, "role", role)
            if self._amount.sizeHint().width() <= width:
                break
        for row in self._rows:
            row.fit(width)
        for part in (self._lines, self.banner):
            part.updateGeometry()
        self._line_column.invalidate()
        self._box.invalidate()
        is_empty = all(one.isHidden() for one in self._parts)
        return 0 if is_empty else self._box.totalHeightForWidth(width)

    def place_texts(self) -> None:
        """Place the texts in the size that this has now.

        Qt would not: the layouts were asked for heights since they placed anything.
        """
        layouts: list[QLayout | None] = [self._box, self.banner.layout(), self._line_column]
        for layout in (*layouts, *(row.layout() for row in self._rows)):
            if layout is not None:
                layout.invalidate()
                layout.activate()

    def lines(self) -> list[tuple[QRect, QWidget]]:
        """Return where every line of the texts is, and what it stands on, in pixels of this
        widget."""
        found: list[tuple[QRect, QWidget]] = []
        for label in self.findChildren(QLabel):
            if label.text() and label.isVisibleTo(self):
                line = label.fontMetrics().height()
                high = label.heightForWidth(label.width()) if label.wordWrap() else line
                place, holder = label.mapTo(self, QPoint(0, 0)), label.parentWidget() or self
                middle = place.y() + label.height() / 2
                count = max(1, round(high / line))
                tops = [round(middle + (at - count / 2) * line) for at in range(count + 1)]
                found += [
                    (QRect(place.x(), top, label.width(), end - top), holder)
                    for top, end in pairwise(tops)
                ]
        return found

    @property
    def news(self) -> QWidget:
        """Return what a buyer looks for after a key: the message, else what is typed."""
        return self._entry if self._messages.isHidden() else self._messages


def _messages(view: KioskView, is_centred: bool) -> str:
    """Return the messages, a sentence a line in the middle of a screen."""
    text = "\n".join(view.messages)
    return _SENTENCE_END.sub("\n", text) if is_centred else text


class CallBanner(Frame):
    """Says that staff were called."""

    def __init__(self) -> None:
        super().__init__("banner")
        self.setProperty("lies", "call")
        set_role(self, "tone", "warning")
        self._text = Label("banner-words", wraps=True)
        boxes.row((self._text, 1), on=self, margins=(GAP, 8, GAP, 8))
        self.hide()

    def say(self, text: str) -> None:
        """Say it; empty: nothing is said."""
        self._text.setText(text)
        self.setVisible(bool(text))


class TurnedArea(QScrollArea):
    """Shows a part of what is read. Nothing scrolls it but two buttons."""

    def __init__(self, content: KioskContent) -> None:
        super().__init__()
        self._content = content
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(never)
        self.setHorizontalScrollBarPolicy(never)
        self.setWidget(content)
        self.verticalScrollBar().valueChanged.connect(self._hide_halves)

    def show_at(self, place: QRect, needed: int) -> None:
        """Be at a place, with contents of a height.

        Args:
            needed: height of the contents in pixels.
        """
        self.setGeometry(place)
        self._content.setGeometry(0, self._content.y(), self.width(), max(needed, self.height()))
        self._content.place_texts()
        self._hide_halves()

    @property
    def can_turn_up(self) -> bool:
        """Whether something is above."""
        return self.verticalScrollBar().value() > 0

    @property
    def can_turn_down(self) -> bool:
        """Whether something is below."""
        bar = self.verticalScrollBar()
        return bar.value() < bar.maximum()

    def _hide_halves(self) -> None:
        """Show no line that is not whole: half a line looks as if the screen was broken."""
        self.clearMask()
        if not (self.can_turn_up or self.can_turn_down):
            return
        top, seen = self.verticalScrollBar().value(), QRegion(self.rect())
        inside = self.rect().translated(0, top).adjusted(0, -_EVEN, 0, _EVEN)
        holders: dict[QWidget, bool] = {}
        for line, holder in self._content.lines():
            is_whole = inside.top() <= line.top() and line.bottom() <= inside.bottom()
            holders[holder] = holders.get(holder, False) or is_whole
            if not is_whole:
                seen = seen.subtracted(line.translated(0, -top))
        for holder, has_whole_line in holders.items():
            if not has_whole_line and holder is not self._content:
                place = QRect(holder.mapTo(self._content, QPoint(0, 0)), holder.size())
                seen = seen.subtracted(place.translated(0, -top))
        self.setMask(seen)

    def turn(self, step: int) -> None:
        """Turn over so far that the line that was cut, or is next, is whole: the first of the page
        downwards, the last one upwards."""
        bar = self.verticalScrollBar()
        top, bottom = bar.value(), bar.value() + self.height()
        lines = [(line.top(), line.bottom() + 1) for line, _ in self._content.lines()]
        if step > 0:
            begins = [first for first, last in lines if last > bottom and first > top]
            bar.setValue(min(begins, default=bottom))
        else:
            ends = [last for first, last in lines if first < top and last < bottom]
            bar.setValue(max(ends, default=top) - self.height())

    def show_start(self) -> None:
        """Show the beginning."""
        self.verticalScrollBar().setValue(0)

    def show_end(self) -> None:
        """Show the end."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def show_news(self) -> None:
        """Show what a key changed."""
        self.ensureWidgetVisible(self._content.news, 0, 0)


class QrPlace(QWidget):
    """The QR, or an icon in its place.

    Attributes:
        code: the QR itself.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.code = QrCode()
        self._mark = PhaseIcon(theme, MARK)
        boxes.row((self.code, 0, _CENTRE), (self._mark, 0, _CENTRE), on=self)

    def show_view(self, view: KioskView, matrix: QrMatrix | None) -> None:
        """Show the QR, or its place."""
        shown = matrix if view.has_code else None
        self.code.setAccessibleName(view.title if shown is not None else "")
        if shown is not None:
            self.code.show_matrix(shown)
        else:
            self.code.clear()
        self.code.setVisible(shown is not None)
        self._mark.setVisible(shown is None)
        self._mark.show_mark("preparing" if view.has_code else "checking", "busy")

    def fit(self, side: int) -> None:
        """Give the QR a side in pixels, with the room for its ring."""
        self.code.set_side(side - 2 * RING)

    def clear(self) -> None:
        """Forget the QR at once."""
        self.code.clear()
        self.code.setAccessibleName("")
