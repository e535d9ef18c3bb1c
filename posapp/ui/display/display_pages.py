"""Pages of the buyer's display: greeting, order, QR, outcome. Their texts follow its size."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPixmap
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.core.formats import clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.display.buyer_view import BuyerPhase, BuyerView
from posapp.ui.widgets.kakao_badge import KakaoBadge
from posapp.ui.widgets.phase_icon import PhaseIcon
from posapp.ui.widgets.qr import QrCode
from posapp.ui.widgets.roles import Label

MOST_LINES = 6
"""Lines of the order that are shown, the last ones."""

_LONGEST_NAME = 60
"""Characters of a product's name."""

_GREETING, _NAME, _LINE, _AMOUNT, _SAID, _LEFT, _BADGE = 5.0, 9.0, 4.6, 12.5, 5.4, 5.0, 3.4
"""Sizes of text, in hundredths of the screen's height; of half of it if the screen is upright."""

_QR, _FACTS = 56, 64
"""Side of the QR and width of the text beside it in the same unit. The QR has more than a third of
the height, also of an upright screen."""

_TALL_QR, _TALL_FACTS = 80, 92

_LAST_SECONDS = 30
"""Seconds before the end from which the time left is a warning, as on the payment page."""


class ScreenText(Label):
    """A text whose size follows the screen."""

    def __init__(self, role: str = "display", *, bold: bool = False, wraps: bool = True) -> None:
        super().__init__(role, wraps=wraps)
        self._bold = bold
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def set_bold(self, bold: bool) -> None:
        """Set whether it is bold."""
        self._bold = bold
        self.set_size(self.font().pixelSize())

    def set_size(self, pixels: float) -> None:
        """Set the height of its letters, in pixels."""
        font = self.font()
        font.setPixelSize(max(12, round(pixels)))
        font.setWeight(QFont.Weight.Bold if self._bold else QFont.Weight.Normal)
        self.setFont(font)


class AmountText(ScreenText):
    """An amount on one line; a long one is smaller, never cut."""

    def __init__(self) -> None:
        super().__init__(bold=True, wraps=False)
        self._usual, self._room = 12.0, 0

    def fit(self, pixels: float, room: float) -> None:
        """Set the usual size and the width in pixels."""
        self._usual, self._room = pixels, round(room)
        self.show_amount(self.text())

    def show_amount(self, text: str) -> None:
        """Show an amount."""
        self.set_size(self._usual)
        width = self.fontMetrics().horizontalAdvance(text)
        if width > self._room > 0:
            self.set_size(self._usual * self._room / width - 1)
        self.setText(text)


class IdlePage(QWidget):
    """The shop's picture, its name and a greeting."""

    def __init__(self, texts: Translator, shop: str, picture: QPixmap | None) -> None:
        super().__init__()
        self._pixmap = picture
        self._picture = ScreenText()
        self._picture.setVisible(picture is not None)
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._name = ScreenText(bold=True)
        self._name.setText(shop)
        self._greeting = ScreenText()
        self._greeting.say(texts.bind("display.welcome"))
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self._picture)
        self._column.addWidget(self._name)
        self._column.addWidget(self._greeting)
        self._column.addStretch(1)

    def fit(self, unit: float) -> None:
        """Fit sizes and spaces to the screen.

        Args:
            unit: pixels of a hundredth of the screen.
        """
        self._column.setSpacing(round(3 * unit))
        self._name.set_size(_NAME * unit)
        self._greeting.set_size(_GREETING * unit)
        if self._pixmap is not None:
            side = round(50 * unit)
            self._picture.setFixedHeight(side)
            self._picture.setPixmap(
                self._pixmap.scaled(
                    QSize(round(1.6 * side), side),
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )


class OrderPage(QWidget):
    """The last lines of the order, and what it comes to."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._most = MOST_LINES
        self._rows = [(_line(), _line(right=True), _line(right=True)) for _ in range(MOST_LINES)]
        self._more = ScreenText("muted", wraps=False)
        self._total = AmountText()
        self._word = ScreenText("muted", wraps=False)
        self._word.say(texts.bind("pay.total"))
        self._grid = QGridLayout()
        for number, row in enumerate(self._rows):
            for place, label in enumerate(row):
                self._grid.addWidget(label, number, place)
        self._grid.setColumnStretch(0, 1)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addLayout(self._grid)
        self._column.addStretch(1)
        self._column.addWidget(self._word, 0, Qt.AlignmentFlag.AlignRight)
        self._column.addWidget(self._total, 0, Qt.AlignmentFlag.AlignRight)

    def fit(self, unit: float, width: int, *, lines: int) -> None:
        """Fit sizes and spaces to the screen.

        Args:
            unit: pixels of a hundredth of the screen.
            width: of the screen, in pixels.
            lines: of the order, at most.
        """
        self._most = lines
        side = round(6 * unit)
        self._column.setContentsMargins(side, side, side, side)
        self._grid.setHorizontalSpacing(round(4 * unit))
        self._grid.setVerticalSpacing(round(2.5 * unit))
        for row in self._rows:
            for label in row:
                label.set_size(_LINE * unit)
        self._more.set_size(_LINE * unit * 0.8)
        self._column.setSpacing(round(2 * unit))
        self._word.set_size(_LINE * unit)
        self._total.fit(_AMOUNT * unit, width - 2 * side)

    def show_view(self, view: BuyerView) -> None:
        """Show the last lines and the amount."""
        texts = self._texts
        shown = view.lines[-self._most :]
        hidden = len(view.lines) - len(shown)
        self._more.setText(texts("display.more", count=hidden) if hidden else "")
        for number, row in enumerate(self._rows):
            line = shown[number] if number < len(shown) else None
            name, count, amount = ("", "", "")
            if line is not None:
                name = display_text(line.name, _LONGEST_NAME) or texts("pay.nameless")
                count, amount = f"×{line.count:,}", f"{line.amount:,}"
            for label, text in zip(row, (name, count, amount), strict=True):
                label.setText(text)
                label.setVisible(bool(text))
        self._total.show_amount(texts.won(view.amount) if view.amount is not None else "")


class PayPage(QWidget):
    """The QR, how to pay, the amount and the time left; or that the result is being asked for."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self.code = QrCode()
        self._mark = PhaseIcon(theme, 96)
        self._badge = KakaoBadge(texts, theme)
        self._said = ScreenText(bold=True)
        self._why = ScreenText("muted")
        self._amount = AmountText()
        self._left = ScreenText(wraps=False)
        middle = Qt.AlignmentFlag.AlignCenter
        self._texts_place = facts = QWidget()
        self._facts = QVBoxLayout(facts)
        self._facts.addStretch(1)
        for widget, place in (
            (self._mark, middle),
            (self._badge, middle),
            (self._amount, None),
            (self._said, None),
            (self._why, None),
            (self._left, None),
        ):
            if place is None:
                self._facts.addWidget(widget)
            else:
                self._facts.addWidget(widget, 0, place)
        self._facts.addStretch(1)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.addStretch(1)
        self._both.addWidget(self.code, 0, middle)
        self._both.addWidget(facts, 0, middle)
        self._both.addStretch(1)

    def fit(self, unit: float, *, is_tall: bool) -> None:
        """Fit sizes and spaces to the screen.

        Args:
            unit: pixels of a hundredth of the screen.
            is_tall: the QR is above the texts, else beside them.
        """
        way = QBoxLayout.Direction
        self._both.setDirection(way.TopToBottom if is_tall else way.LeftToRight)
        self._both.setSpacing(round(4 * unit))
        self._facts.setSpacing(round(3 * unit))
        self.code.set_side(round((_TALL_QR if is_tall else _QR) * unit))
        room = round((_TALL_FACTS if is_tall else _FACTS) * unit)
        self._texts_place.setFixedWidth(room)
        self._mark.set_side(round(16 * unit))
        # Its style sheet has the size for the counter; this is for a reader some metres away.
        self._badge.setStyleSheet(f"font-size: {round(_BADGE * unit)}px;")
        edges = self._facts.contentsMargins()
        self._amount.fit(_AMOUNT * unit * 0.8, room - edges.left() - edges.right())
        self._said.set_size(_SAID * unit)
        self._why.set_size(_LINE * unit)
        self._left.set_size(_LEFT * unit)
        for label in (self._said, self._why):  # two lines from the start: the QR stays in its place
            label.setMinimumHeight(2 * label.fontMetrics().lineSpacing() + 2)

    def show_view(self, view: BuyerView) -> None:
        """Show the QR, or that the result is asked for."""
        texts, is_code = self._texts, view.matrix is not None
        if view.matrix is not None:
            self.code.show_matrix(view.matrix)
        else:
            self.code.clear()
        self.code.setVisible(is_code)
        self._badge.setVisible(is_code)
        self._mark.setVisible(not is_code)
        self._mark.show_mark("checking", "busy")
        self._amount.show_amount(texts.won(view.amount) if view.amount is not None else "")
        said = {BuyerPhase.SCAN: "display.scan", BuyerPhase.PAYING: "display.paying"}
        self._said.setText(texts(said.get(view.phase, "pay.checking")))
        self._why.setText("" if is_code else texts("pay.checking_why"))
        self._why.setVisible(not is_code)
        seconds = view.seconds
        is_last = seconds is not None and seconds <= _LAST_SECONDS
        left = f"{texts('pay.time_left')} {clock(seconds)}" if seconds is not None else ""
        self._left.setText(left)
        self._left.set_bold(is_last)


class PaidPage(QWidget):
    """That it is paid, and thanks."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self._mark = PhaseIcon(theme, 96)
        self._mark.show_mark("done", "success")
        self._amount = AmountText()
        self._said = ScreenText(bold=True)
        self._said.say(texts.bind("display.paid"))
        self._thanks = ScreenText()
        self._thanks.say(texts.bind("display.thanks"))
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignCenter)
        for label in (self._said, self._amount, self._thanks):
            self._column.addWidget(label)
        self._column.addStretch(1)

    def fit(self, unit: float, width: int) -> None:
        """Fit sizes and spaces to the screen.

        Args:
            unit: pixels of a hundredth of the screen.
            width: of the screen, in pixels.
        """
        self._column.setSpacing(round(3 * unit))
        self._mark.set_side(round(24 * unit))
        self._said.set_size(_NAME * unit * 0.8)
        self._amount.fit(_AMOUNT * unit * 0.8, width * 0.9)
        self._thanks.set_size(_GREETING * unit)

    def show_view(self, view: BuyerView) -> None:
        """Show the amount."""
        self._amount.show_amount(self._texts.won(view.amount) if view.amount is not None else "")


def _line(*, right: bool = False) -> ScreenText:
    made = ScreenText(wraps=not right)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return made
