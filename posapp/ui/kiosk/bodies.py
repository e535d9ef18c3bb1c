"""Arrangements of the kiosk's screens: each shows a view, and forgets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.kiosk.kiosk_button import KioskButton
from posapp.ui.kiosk.kiosk_view import Action, ActionView, KioskView, LineView
from posapp.ui.widgets import boxes
from posapp.ui.widgets.phase_icon import PhaseIcon
from posapp.ui.widgets.qr import RING, QrCode
from posapp.ui.widgets.qr_matrix import QrMatrix
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import ElidedLabel, Frame, Label, set_role

BESIDE_FROM = 1_200
"""Width of a body in pixels from which its parts are side by side."""

GAP = 16
_LINE = 72
"""Height of an order's line in pixels."""

_MARK = 160
_MOST_QR, _LEAST_QR = 768, 352
"""Sides of the QR in pixels."""

_CENTRE = Qt.AlignmentFlag.AlignCenter

Press = Callable[[str], object]


class Body(QWidget):
    """Shows the views of one layout.

    Attributes:
        buttons: by their actions.
    """

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, KioskButton] = {}

    def show_view(self, view: KioskView, matrix: QrMatrix | None) -> None:
        """Show a view."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget what was shown: no text of a buyer stays in a widget."""
        for button in self.buttons.values():
            button.show_action(None)

    def rows(self) -> int:
        """Return how many lines of an order fit."""
        return 1

    def _add(self, role: str, action: str, press: Press, *, fills: bool = False) -> KioskButton:
        button = self.buttons[action] = KioskButton(role, action, press, fills=fills)
        return button

    def _show_actions(self, actions: Sequence[ActionView]) -> None:
        shown: Mapping[str, ActionView] = {one.action: one for one in actions}
        for action, button in self.buttons.items():
            button.show_action(shown.get(action))


class Bodies(QStackedWidget):
    """Shows one body; only that one asks for room."""

    def minimumSizeHint(self) -> QSize:
        """Return what the current body needs."""
        now = self.currentWidget()
        return now.minimumSizeHint() if now is not None else QSize()

    def sizeHint(self) -> QSize:
        """Return what the current body needs."""
        return self.minimumSizeHint()


class StartBody(Body):
    """All of it begins the visit, but for what helps to see and to read."""

    def __init__(self, press: Press) -> None:
        super().__init__()
        begin = self._add("start", Action.BEGIN, press, fills=True)
        language = self._add("secondary", Action.LANGUAGE, press)
        contrast = self._add("secondary", Action.CONTRAST, press)
        voice = self._add("secondary", Action.VOICE, press)
        helps = boxes.row((language, 1), (contrast, 1), (voice, 1), gap=GAP)
        boxes.column((begin, 1), helps, on=self, gap=GAP)

    def show_view(self, view: KioskView, matrix: QrMatrix | None) -> None:
        """Show the actions."""
        self._show_actions(view.body)


class EntryBody(Body):
    """A sentence, what is typed, and a keypad."""

    def __init__(self, press: Press) -> None:
        super().__init__()
        self._title = Label("title", wraps=True)
        self._entry = Label("kiosk-entry")
        self._entry.setAlignment(_CENTRE)
        self._message = Label("heading", wraps=True)
        said = QWidget()
        boxes.column(self._title, self._entry, self._message, 1, on=said, gap=GAP)
        self._keys = QWidget()
        grid = QGridLayout(self._keys)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        actions = (*"123456789", Action.DELETE, "0", Action.OTHER_MANAGER)
        for at, action in enumerate(actions):
            key = self._add("secondary", action, press, fills=True)
            key.setProperty("lies", "key" if action.isdigit() else "")
            grid.addWidget(key, at // 3, at % 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self._split = ResponsiveSplit(narrow_below=BESIDE_FROM, gap=GAP * 2)
        self._split.add(said, 1, above=2)
        self._split.add(self._keys, 1, above=3)
        boxes.column(self._split, on=self)

    def show_view(self, view: KioskView, matrix: QrMatrix | None) -> None:
        """Show what was typed, and the keys if any is taken."""
        self._title.setText(view.title)
        self._entry.setText(view.entry)
        self._entry.setVisible(view.keys)
        self._message.setText("\n".join(view.messages))
        set_role(self._message, "tone", view.tone)
        digits = [ActionView(str(one), str(one)) for one in range(10)] if view.keys else []
        self._show_actions((*digits, *view.body))
        self._keys.setVisible(view.keys)

    def clear(self) -> None:
        """Forget what was typed."""
        for label in (self._title, self._entry, self._message):
            label.clear()
        super().clear()


class LineRow(Frame):
    """One line of an order."""

    def __init__(self) -> None:
        super().__init__("row")
        self.setFixedHeight(_LINE)
        self._name, self._count, self._amount = (
            ElidedLabel("heading"),
            Label("heading"),
            Label("money"),
        )
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        parts = ((self._name, 1), self._count, self._amount)
        boxes.row(*parts, on=self, gap=GAP, margins=(GAP, 0, GAP, 0))

    def show_line(self, line: LineView | None) -> None:
        """Show a line; ``None``: there is none."""
        self.setVisible(line is not None)
        self._name.set_whole(line.name if line is not None else "")
        self._name.setToolTip("")
        self._count.setText(line.count if line is not None else "")
        self._amount.setText(line.amount if line is not None else "")


class SummaryBody(Body):
    """What is to be paid, and for what."""

    def __init__(self, press: Press) -> None:
        super().__init__()
        self._title, self._amount = Label("heading"), Label("money-large")
        self._message = Label("heading", wraps=True)
        said = QWidget()
        boxes.column(self._title, self._amount, self._message, 1, on=said, gap=GAP)
        self._list = QWidget()
        self._rows: list[LineRow] = []
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._turns = QWidget()
        up = self._add("secondary", Action.UP, press)
        down = self._add("secondary", Action.DOWN, press)
        boxes.row((up, 1), (down, 1), on=self._turns, gap=GAP)
        boxes.column(self._column, 1, self._turns, on=self._list, gap=GAP)
        self._list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._split = ResponsiveSplit(narrow_below=BESIDE_FROM, gap=GAP * 2)
        self._split.add(said, 2, above=0)
        self._split.add(self._list, 3, above=1)
        boxes.column(self._split, on=self)

    def rows(self) -> int:
        """Return how many lines fit above the buttons that turn the pages."""
        height = self.height()
        if self._split.is_narrow:
            height -= self._title.sizeHint().height() + self._amount.sizeHint().height() + 4 * GAP
            height -= _LINE  # a message
        height -= self._turns.sizeHint().height() + GAP
        return max(1, (height + 8) // (_LINE + 8))

    def show_view(self, view: KioskView, matrix: QrMatrix | None) -> None:
        """Show amount and lines."""
        self._title.setText(view.title)
        self._amount.setText(view.amount)
        self._message.setText("\n".join(view.messages))
        set_role(self._message, "tone", view.tone)
        while len(self._rows) < len(view.lines):
            row = LineRow()
            self._rows.append(row)
            self._column.addWidget(row)
        for at, row in enumerate(self._rows):
            row.show_line(view.lines[at] if at < len(view.lines) else None)
        self._show_actions(view.body)
        self._turns.setVisible(bool(view.body))

    def clear(self) -> None:
        """Forget the order."""
        for label in (self._title, self._amount, self._message):
            label.clear()
        for row in self._rows:
            row.show_line(None)
        super().clear()


class QrBody(Body):
    """The QR in one place, whatever is said beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = Label("title", wraps=True)
        self._amount, self._left = Label("money-large"), Label("heading")
        self.code = QrCode()
        self._place = QWidget()
        self._mark = PhaseIcon(theme, _MARK)
        boxes.column(1, (self._mark, 0, _CENTRE), 1, on=self._place)
        held = QWidget()
        boxes.column(1, (self.code, 0, _CENTRE), (self._place, 0, _CENTRE), 1, on=held)
        ignored = QSizePolicy.Policy.Ignored
        held.setSizePolicy(ignored, ignored)
        said = QWidget()
        boxes.column(self._title, self._amount, self._left, 1, on=said, gap=GAP)
        self._split = ResponsiveSplit(narrow_below=BESIDE_FROM, gap=GAP * 2)
        self._split.add(said, 1, above=0)
        self._split.add(held, 1, above=1)
        boxes.column(self._split, on=self)

    def show_view(self, view: KioskView, matrix: QrMatrix | None) -> None:
        """Show the QR, or its place."""
        self._title.setText(view.title)
        self._amount.setText(view.amount)
        self._left.setText(view.time_left)
        self.code.setAccessibleName(view.title if view.has_code else "")
        if matrix is not None and view.has_code:
            self.code.show_matrix(matrix)
        else:
            self.code.clear()
        self.code.setVisible(matrix is not None and view.has_code)
        self._place.setVisible(not self.code.isVisibleTo(self))
        self._mark.show_mark("preparing" if view.has_code else "checking", "busy")
        self._fit()

    def clear(self) -> None:
        """Forget the QR at once."""
        self.code.clear()
        self.code.setAccessibleName("")
        for label in (self._title, self._amount, self._left):
            label.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the QR what room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width, height = self.width(), self.height()
        if self._split.is_narrow:
            said = self._title.heightForWidth(width) + self._amount.sizeHint().height()
            height -= said + self._left.sizeHint().height() + 5 * GAP
        else:
            width = (width - 2 * GAP) // 2
        side = max(_LEAST_QR, min(_MOST_QR, width, height) - 2 * RING)
        self.code.set_side(side)
        self._place.setFixedSize(self.code.size())


class MessageBody(Body):
    """One sentence in the middle, with an icon."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mark = PhaseIcon(theme, _MARK)
        self._title = Label("title", wraps=True)
        self._messages = Label("heading", wraps=True)
        for label in (self._title, self._messages):
            label.setAlignment(_CENTRE)
        parts = ((self._mark, 0, _CENTRE), self._title, self._messages)
        boxes.column(1, *parts, 1, on=self, gap=GAP * 2)

    def show_view(self, view: KioskView, matrix: QrMatrix | None) -> None:
        """Show what became of the money, or what is asked."""
        self._title.setText(view.title)
        self._messages.setText("\n".join(view.messages))
        self._mark.show_mark(view.mark or "over", view.tone or "notice")

    def clear(self) -> None:
        """Forget the outcome."""
        self._title.clear()
        self._messages.clear()
