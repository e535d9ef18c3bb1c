"""Barcodes of a product: one line to scan or type, and those that it has."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.codes import GTIN_LENGTHS, is_gtin
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.product_codes import typed_code
from posapp.domain.products import ProductCode
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.choice_button import Chip
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flow_layout import FlowPanel

_PRINTED = (8, 13, 14)
"""Digits of the barcodes that are printed: a UPC-A is an EAN-13 with a zero at its front."""

_MOST_IN_A_PACK = 999
_TIMES = "*"
"""Stands between a code and the pieces of its pack."""


class CodeList(QWidget):
    """Enter takes a code, whose check digit has to be right; a press on a code takes it away.

    ``8801043014847*24`` is the code of a box of 24.
    """

    changed = Signal()
    """A code was taken, or taken away."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts, self._theme = texts, theme
        self.codes: tuple[ProductCode, ...] = ()
        self.field = Field("productCode")
        self.field.line.setMaxLength(60)
        self.field.line.setProperty("scan", "code")
        self.field.say(texts.bind("products.codes"), texts.bind("products.codes_hint"))
        self._flow = FlowPanel()
        self._chips: list[Chip] = []
        boxes.column(self.field, self._flow, on=self, gap=4)
        self.field.line.returnPressed.connect(self.take)
        self.field.line.textEdited.connect(lambda _: self.field.set_wrong(""))
        texts.changed.connect(self._write)
        self.setFocusProxy(self.field)

    @property
    def is_typing(self) -> bool:
        """Return whether a code is typed that was not taken yet."""
        return bool(self.field.line.text().strip())

    def show_codes(self, codes: tuple[ProductCode, ...]) -> None:
        """Show the codes of a product, with nothing typed."""
        self.field.line.clear()
        self.field.set_wrong("")
        self.codes = codes
        self._write()

    def add(self, code: str) -> None:
        """Add a code that the product has by now."""
        key = typed_code(code)
        if all(one.code != key for one in self.codes):
            self.codes = (*self.codes, ProductCode(key))
            self._write()

    @Slot()
    def take(self) -> bool:
        """Take what is typed; ``False``: it is no code, which is said."""
        text = self.field.line.text().strip()
        if not text:
            return True
        try:
            code = _code_of(text)
        except UserError as error:
            self.field.set_wrong(self._texts.error(error))
            self.field.line.setFocus()
            return False
        self.show_codes((*(one for one in self.codes if one.code != code.code), code))
        self.changed.emit()
        return True

    def _write(self) -> None:
        for chip in self._chips:
            self._flow.remove(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for one in self.codes:
            text = _shown(one)
            chip = Chip(self._theme, one.code)
            chip.set_text(text, name=self._texts("products.code_away", code=text))
            chip.cleared.connect(self._take_away)
            self._flow.add(chip)
            self._chips.append(chip)

    @Slot(str)
    def _take_away(self, code: str) -> None:
        self.codes = tuple(one for one in self.codes if one.code != code)
        self._write()
        self.field.line.setFocus()
        self.changed.emit()


def _code_of(text: str) -> ProductCode:
    """Return the code that is typed, with the pieces of its pack.

    Raises:
        UserError: ``CODE_CHECK_DIGIT``, ``CODE_FORM``, ``PRODUCT_PACK``.
    """
    code, times, pack = text.rpartition(_TIMES)
    if not times or not (pack.isascii() and pack.isdigit()):
        return ProductCode(typed_code(text))
    if not 1 <= int(pack) <= _MOST_IN_A_PACK:
        raise UserError(ErrorCode.PRODUCT_PACK, most=_MOST_IN_A_PACK)
    return ProductCode(typed_code(code), int(pack))


def _shown(code: ProductCode) -> str:
    """Return a code as people know it: a trade item number in as many digits as its barcode has."""
    text = code.code
    if len(text) == GTIN_LENGTHS[-1] and is_gtin(text):
        bare = text.lstrip("0")
        text = bare.zfill(next(size for size in _PRINTED if size >= len(bare)))
    return f"{text}{_TIMES}{code.pack}" if code.pack > 1 else text
