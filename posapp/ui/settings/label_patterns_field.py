"""Editor of the patterns of labels: two usual ones to be put in by a press, and a label to try."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.label_patterns import parse_patterns, read_label
from posapp.domain.product_codes import scanned_code
from posapp.ui.core.i18n import Translator
from posapp.ui.settings.editors import AnswerField
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label

USUAL = {"price": "21PPPPPVVVVVC", "weight": "22PPPPPWWWWWC"}
"""Patterns that are offered, by what their labels hold."""


class LabelPatternsField(QWidget):
    """A line for patterns, and a second one that says what a scanned label means by them."""

    changed = Signal()
    """The patterns were changed by a person."""

    def __init__(self, texts: Translator, name: str) -> None:
        super().__init__()
        self._texts = texts
        self._patterns = AnswerField(name, latin=True)
        self.sample = AnswerField("labelSample", latin=True)
        self.sample.line.setProperty("scan", "code")
        self.usual = {
            one: Button("secondary", text=texts.bind(f"setup.label_{one}")) for one in USUAL
        }
        self.reading = Label("muted", wraps=True)
        self._patterns.changed.connect(self.changed)
        self._patterns.changed.connect(self._read)
        self.sample.changed.connect(self._read)
        for one, button in self.usual.items():
            button.clicked.connect(partial(self._put_in, one))
        fields = boxes.row((self._patterns, 1), (self.sample, 1), gap=16)
        boxes.column(
            *(fields, boxes.row(*self.usual.values(), 1, gap=8), self.reading), on=self, gap=8
        )
        self.setFocusProxy(self._patterns)

    @property
    def text(self) -> str:
        """Return the patterns, separated by commas."""
        return self._patterns.text

    @property
    def message(self) -> str:
        """Return what is said to be wrong; empty: nothing."""
        return self._patterns.message

    def show_value(self, text: str) -> None:
        """Set the patterns."""
        self._patterns.show_value(text)
        self._read()

    def set_text(self, label: str, hint: str = "") -> None:
        """Set the label, and follow the language."""
        self._patterns.set_text(label, hint)
        self.sample.set_text(self._texts("setup.label_sample"), "")
        self._read()

    def set_wrong(self, text: str, *, urgent: bool = True) -> None:
        """Say what is wrong with the patterns; empty: nothing."""
        self._patterns.set_wrong(text, urgent=urgent)

    def take_scan(self) -> bool:
        """Say what the label in the second line means, if the focus is there; return whether it
        is: the Enter of a scanner ends no step."""
        if not self.sample.line.hasFocus():
            return False
        self.sample.line.selectAll()
        announce(self.reading, self.reading.text())
        return True

    @property
    def _given(self) -> list[str]:
        return [part.strip() for part in self.text.split(",") if part.strip()]

    def _put_in(self, one: str) -> None:
        """Add a usual pattern, or take it out again."""
        given = self._given
        pattern = USUAL[one]
        left = [part for part in given if part.upper() != pattern]
        self.show_value(", ".join(left if len(left) < len(given) else (*given, pattern)))
        self.set_wrong("")
        self.changed.emit()

    def _read(self) -> None:
        self.reading.setText(self._meaning())

    def _meaning(self) -> str:
        texts, code = self._texts, scanned_code(self.sample.text)
        if not code:
            return texts("setup.label_none")
        try:
            patterns = parse_patterns(self._given)
        except ValueError:
            patterns = ()
        found = read_label(patterns, code)
        if found is None:
            return texts("setup.label_unread")
        if found.price is not None:
            return texts("setup.label_reads_price", plu=found.plu, amount=texts.won(found.price))
        return texts("setup.label_reads_weight", plu=found.plu, grams=found.grams or 0)
