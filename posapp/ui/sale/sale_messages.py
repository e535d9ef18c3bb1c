"""What the sale page says about the last act, a scan, or the current line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.carts import LineError
from posapp.services.sale.cart_view import LineProblem, LineView
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.sale.cart_table import trouble_of
from posapp.ui.widgets.announce import announce

Say = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown beside the cart.

    Attributes:
        tone: ``"error"``, ``"notice"``, or empty.
        fix: the text of the button that does something about it.
        is_new_code: it is about a code that no product has.
    """

    tone: str = ""
    text: str = ""
    fix: BoundText | None = None
    is_new_code: bool = False


class SaleMessages(QObject):
    """Keeps what a scan or an act was refused for until a person closes it, or acts again.

    Args:
        page: speaks for the messages to a screen reader.
    """

    changed = Signal()

    def __init__(self, texts: Translator, page: QWidget) -> None:
        super().__init__(page)
        self._texts, self._page = texts, page
        self._refused: list[Say] = []
        self._failure: Say | None = None
        self._note: Say | None = None
        self._needs_shift = False

    @property
    def is_said(self) -> bool:
        """Return whether something is said that a person can close."""
        return bool(self._refused) or self._failure is not None or self._note is not None

    @property
    def offers_shift(self) -> bool:
        """Return whether the button of what is said opens a shift."""
        return self._needs_shift and not self._refused

    def refuse(self, say: Say) -> None:
        """Say what a scan was refused for, beside those before it."""
        self._refused.append(say)
        self.changed.emit()
        announce(self._page, say(), urgent=True)

    def fail(self, error: Exception | None) -> None:
        """Say why an act did not succeed, in the place of the last one."""
        failed = error or RuntimeError()
        self._fail(lambda: self._texts.error(failed))

    def need_shift(self) -> None:
        """Say that cash needs an open shift, with the button that leads there."""
        self._fail(lambda: self._texts("cash.no_shift"))
        self._needs_shift = True
        self.changed.emit()

    def note(self, say: Say) -> None:
        """Say what came of the last sale, until the next one begins."""
        self._note = say
        self.changed.emit()
        announce(self._page, say())

    def begin(self) -> None:
        """Forget why the last act did not succeed: another one begins."""
        self._failure = self._note = None
        self._needs_shift = False

    def begin_sale(self) -> None:
        """Forget what came of the last sale."""
        self._note = None

    def forget(self) -> None:
        """Forget all of it."""
        self._refused.clear()
        self.begin()
        self.changed.emit()

    def message(self, line: LineView | None) -> Message:
        """Return what is to be said now.

        Args:
            line: the current line.
        """
        bind = self._texts.bind
        if self._refused:
            text, more = self._refused[-1](), len(self._refused) - 1
            if more:
                text = self._texts("sale.and_more", text=text, count=more)
            return Message("error", text, bind("words.close"))
        if self._failure is not None:
            fix = "cash.open_shift" if self._needs_shift else "words.close"
            return Message("error", self._failure(), bind(fix))
        if self._note is not None:
            return Message("notice", self._note(), bind("words.close"))
        return self._of_line(line) if line is not None else Message()

    def _fail(self, say: Say) -> None:
        self._failure, self._needs_shift = say, False
        self.changed.emit()
        announce(self._page, say(), urgent=True)

    def _of_line(self, line: LineView) -> Message:
        bind, text = self._texts.bind, trouble_of(self._texts, line)
        if line.line.error is LineError.SEVERAL_PRODUCTS and line.choices:
            return Message("error", text, bind("sale.choose"))
        if line.problem is LineProblem.PRICE_CHANGED:
            return Message("error", text, bind("sale.renew"))
        if line.problem is LineProblem.OUT_OF_STOCK:
            return Message("error", text)
        is_new = line.line.error is LineError.UNKNOWN_CODE
        return Message("error", text, bind("sale.dismiss") if text else None, is_new)
