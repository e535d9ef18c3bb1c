"""A page of the manual as a document in the colours and sizes of the theme."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QImage,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from posapp.ui.core.theme import Theme

PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
"""A picture in Markdown, with its name."""

_GAP = 10
_HEADINGS = {1: "font-heading", 2: "font-button"}
_LINE_HEIGHT = 145
"""Percent of the height of a line of text."""


def show_markdown(document: QTextDocument, text: str, theme: Theme) -> None:
    """Replace the contents of a document by Markdown."""
    font = QFont(document.defaultFont())
    font.setPixelSize(theme.size("font-body"))
    document.setDefaultFont(font)
    document.setIndentWidth(theme.size("gap-large"))
    document.setMarkdown(text)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        _dress_block(cursor, block, theme)
        block = block.next()
    for table in document.rootFrame().childFrames():
        if isinstance(table, QTextTable):
            _dress_table(table, theme)
    cursor.endEditBlock()
    document.clearUndoRedoStacks()


def _dress_block(cursor: QTextCursor, block: QTextBlock, theme: Theme) -> None:
    level = block.blockFormat().headingLevel()
    in_list, in_table = block.textList() is not None, _is_in_table(block)
    pieces = _pieces(block)
    is_name = bool(pieces) and all(
        style.isAnchor() for _, _, style in pieces
    )  # what follows belongs to it
    spacing = QTextBlockFormat()
    spacing.setTopMargin(2 * _GAP if level == 2 else 0)
    spacing.setBottomMargin(0 if in_table or is_name else _GAP // 2 if in_list else _GAP)
    height = _LINE_HEIGHT if pieces else 100  # a block without text is a picture
    spacing.setLineHeight(height, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.setPosition(block.position())
    cursor.mergeBlockFormat(spacing)
    for start, length, style in pieces:
        style.setForeground(theme.colour("on-accent-soft" if style.isAnchor() else "text"))
        if level:
            font = style.font()
            font.setPixelSize(theme.size(_HEADINGS[min(level, 2)]))
            style.clearProperty(QTextFormat.Property.FontSizeAdjustment)
            style.setFont(font)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(style)


def _pieces(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """Return start, length and format of each piece of text of one format."""
    found = []
    at = block.begin()
    while not at.atEnd():
        piece = at.fragment()
        style = piece.charFormat()
        if not style.isImageFormat():
            found.append((piece.position(), piece.length(), style))
        at += 1
    return found


def _dress_table(table: QTextTable, theme: Theme) -> None:
    style = table.format()
    style.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    style.setCellPadding(_GAP // 2)
    style.setCellSpacing(0)
    style.setBorder(1)
    style.setBorderCollapse(True)
    style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    style.setBorderBrush(theme.colour("border"))
    style.setBottomMargin(_GAP)
    table.setFormat(style)


def _is_in_table(block: QTextBlock) -> bool:
    return QTextCursor(block).currentTable() is not None


def read_picture(path: Path, width: int, scale: float) -> QImage:
    """Read a picture and make it no wider than a column.

    Args:
        width: of the column, in device-independent pixels.
        scale: physical pixels in one of those.
    """
    picture = QImage(str(path))
    most = round(width * scale)
    if picture.width() > most:
        picture = picture.scaledToWidth(most, Qt.TransformationMode.SmoothTransformation)
    picture.setDevicePixelRatio(scale)
    return picture
