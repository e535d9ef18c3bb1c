"""Paint resources of the rows: colours, fonts and pixmaps, each created once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from math import inf
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPixmap,
    QStaticText,
    QTextLayout,
    QTextOption,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.icons import paint_sign

_MOST_LAID = 1000
_MOST_PICTURES = 200
_SLACK = 2
"""Pixels by which the sum of letter widths may fall short of the text's width."""

_HANGUL = range(0xAC00, 0xD7A4)


class _Widths(dict[str, float]):
    """Widths of letters that have no context forms.

    Any other letter is infinitely wide, so that its text is measured as a whole.
    """

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self._metrics = QFontMetricsF(font)

    def __missing__(self, letter: str) -> float:
        plain = letter.isascii() or ord(letter) in _HANGUL
        width = self[letter] = self._metrics.horizontalAdvance(letter) if plain else inf
        return width


class LaidOutText(NamedTuple):
    """Text with its layout: drawing it takes half the time of plain text."""

    text: QStaticText
    width: float


class FontCache:
    """A font, and texts in it: broken into lines, cut to a width, laid out for drawing.

    Attributes:
        height: of a line, not rounded.
    """

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.height = QFontMetricsF(font).height()
        self._metrics = QFontMetrics(font)
        self._width_of = _Widths(font).__getitem__
        self._laid: dict[str, LaidOutText] = {}
        self._broken: dict[tuple[str, int], tuple[str, ...]] = {}

    def laid(self, line: str) -> LaidOutText:
        """Return the layout of a line."""
        known = self._laid.get(line)
        if known is None:
            if len(self._laid) > _MOST_LAID:
                self._laid.clear()
            text = QStaticText(line)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.prepare(QTransform(), self.font)
            known = self._laid[line] = LaidOutText(text, text.size().width())
        return known

    def elided(self, text: str, room: int) -> str:
        """Return a text, with an ellipsis if it is wider than ``room``."""
        if not self.is_wider(text, room):
            return text
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def lines(self, text: str, room: int) -> tuple[str, ...]:
        """Return the lines of a text: broken at blanks, and where there are none anywhere."""
        if not self.is_wider(text, room):
            return (text,)
        known = self._broken.get((text, room))
        if known is None:
            if len(self._broken) > _MOST_LAID:
                self._broken.clear()
            known = self._broken[text, room] = tuple(_broken(text, self.font, room))
        return known

    def is_wider(self, text: str, room: int) -> bool:
        """Return whether a text is wider than ``room``."""
        if sum(map(self._width_of, text)) <= room - _SLACK:
            return False
        return self._metrics.horizontalAdvance(text) > room


def _broken(text: str, font: QFont, room: int) -> Iterator[str]:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    units = text.encode("utf-16-le")  # Qt counts in these
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        start = 2 * line.textStart()
        part = units[start : start + 2 * line.textLength()]
        yield part.decode("utf-16-le", errors="replace").rstrip()
    layout.endLayout()


class PaintCache:
    """Paint resources of one view, in the active theme.

    Attributes:
        plain, bold, small, small_bold: variants of the view's font; ``begin`` creates them.
    """

    plain: FontCache
    bold: FontCache
    small: FontCache
    small_bold: FontCache

    def __init__(self, theme: Theme, view: QWidget) -> None:
        self._theme, self._view = theme, view
        self._font_key = ""
        self._sharpness = 1.0
        self._colours: dict[str, QColor] = {}
        self._pictures: dict[Hashable, QPixmap] = {}

    def begin(self) -> None:
        """Update font and pixel ratio before a paint, as the view may have changed them."""
        font = self._view.font()
        key = font.key()
        if key != self._font_key:
            self._font_key = key
            self.plain, self.bold, self.small, self.small_bold = (
                self._face(font, bold=bold, small=small)
                for small in (False, True)
                for bold in (False, True)
            )
        sharpness = self._view.devicePixelRatioF()
        if sharpness != self._sharpness:
            self._sharpness = sharpness
            self._pictures.clear()

    def forget(self) -> None:
        """Drop colours and pixmaps after a theme change."""
        self._colours.clear()
        self._pictures.clear()

    def colour(self, token: str) -> QColor:
        """Return a colour of the theme."""
        known = self._colours.get(token)
        if known is None:
            known = self._colours[token] = self._theme.colour(token)
        return known

    def size(self, token: str) -> int:
        """Return a size of the theme."""
        return self._theme.size(token)

    def sign(self, name: str, token: str, size: int) -> QPixmap:
        """Return an icon (see ``paint_sign``) in a colour."""

        def draw(painter: QPainter) -> None:
            paint_sign(painter, name, QRectF(0, 0, size, size), self.colour(token))

        return self.picture(("sign", name, token, size), QSize(size, size), draw)

    def picture(self, key: Hashable, size: QSize, draw: Callable[[QPainter], None]) -> QPixmap:
        """Return a small pixmap with a transparent background; one key means one pixmap."""
        known = self._pictures.get(key)
        if known is None:
            if len(self._pictures) > _MOST_PICTURES:
                self._pictures.clear()
            known = self._pictures[key] = QPixmap(size * self._sharpness)
            known.setDevicePixelRatio(self._sharpness)
            known.fill(Qt.GlobalColor.transparent)
            painter = QPainter(known)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw(painter)
            painter.end()
        return known

    def _face(self, base: QFont, *, bold: bool, small: bool) -> FontCache:
        font = QFont(base)
        font.setBold(bold)
        if small:
            font.setPixelSize(self._theme.size("font-caption"))
        return FontCache(font)
