"""What rows are painted with: colours, type and small pictures, each made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
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
    QTransform,
)
from PySide6.QtWidgets import QWidget

from posapp.ui.theme import Theme
from posapp.ui.widgets.strokes import paint_sign

_MOST_LAID = 1000
_MOST_PICTURES = 200
_SLACK = 2
"""Pixels by which the widths of letters, one by one, may fall short of a word's."""

_HANGUL = range(0xAC00, 0xD7A4)


class _Widths(dict[str, float]):
    """Widths of letters that stand beside each other as they are; of any other letter no more is
    known than that the word has to be measured."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self._metrics = QFontMetricsF(font)

    def __missing__(self, letter: str) -> float:
        plain = letter.isascii() or ord(letter) in _HANGUL
        width = self[letter] = self._metrics.horizontalAdvance(letter) if plain else inf
        return width


class Laid(NamedTuple):
    """Words that are laid out: drawing them takes half the time of plain ones."""

    text: QStaticText
    width: float


class Face:
    """A font, and words cut to a width in it.

    Attributes:
        height: of a line, not rounded.
    """

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.height = QFontMetricsF(font).height()
        self._metrics = QFontMetrics(font)
        self._width_of = _Widths(font).__getitem__
        self._laid: dict[tuple[str, int], Laid] = {}

    def laid(self, words: str, room: int) -> Laid:
        """Return the words, with an ellipsis where they are wider than ``room``."""
        known = self._laid.get((words, room))
        if known is None:
            if len(self._laid) > _MOST_LAID:
                self._laid.clear()
            cut = words
            if sum(map(self._width_of, words)) > room - _SLACK:
                cut = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            text = QStaticText(cut)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.prepare(QTransform(), self.font)
            known = self._laid[words, room] = Laid(text, text.size().width())
        return known

    def is_wider(self, words: str, room: int) -> bool:
        """Whether words are wider than ``room``."""
        if sum(map(self._width_of, words)) <= room - _SLACK:
            return False
        return self._metrics.horizontalAdvance(words) > room


class Inks:
    """Of one view, in the theme on screen.

    Attributes:
        plain, bold, small, small_bold: the faces of the view's font; ``begin`` makes them.
    """

    plain: Face
    bold: Face
    small: Face
    small_bold: Face

    def __init__(self, theme: Theme, view: QWidget) -> None:
        self._theme, self._view = theme, view
        self._font_key = ""
        self._sharpness = 1.0
        self._colours: dict[str, QColor] = {}
        self._pictures: dict[Hashable, QPixmap] = {}

    def begin(self) -> None:
        """To be called before each paint: the view may have another font or another screen."""
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
        """Another theme is on screen."""
        self._colours.clear()
        self._pictures.clear()

    def colour(self, token: str) -> QColor:
        """A colour of the theme."""
        known = self._colours.get(token)
        if known is None:
            known = self._colours[token] = self._theme.colour(token)
        return known

    def size(self, token: str) -> int:
        """A size of the theme."""
        return self._theme.size(token)

    def sign(self, name: str, token: str, size: int) -> QPixmap:
        """A sign (see ``strokes``) in a colour."""

        def draw(painter: QPainter) -> None:
            paint_sign(painter, name, QRectF(0, 0, size, size), self.colour(token))

        return self.picture(("sign", name, token, size), QSize(size, size), draw)

    def picture(self, key: Hashable, size: QSize, draw: Callable[[QPainter], None]) -> QPixmap:
        """A small picture, clear around what is drawn; the same key always means the same one."""
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

    def _face(self, base: QFont, *, bold: bool, small: bool) -> Face:
        font = QFont(base)
        font.setBold(bold)
        if small:
            font.setPixelSize(self._theme.size("font-caption"))
        return Face(font)
