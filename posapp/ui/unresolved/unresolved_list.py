"""List of unresolved money: icon, amount, subject, start."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.unresolved.evidence_text import entry_subject, status_of
from posapp.ui.unresolved.unresolved_model import UnresolvedEntry, UnresolvedModel
from posapp.ui.widgets.badge import TONES
from posapp.ui.widgets.icons import paint_sign

_HEIGHT = 84
_SIGN = 24
_PADDING = 16


class UnresolvedDelegate(QStyledItemDelegate):
    """Paints an entry in two lines, in the theme's colours, as plain text."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self._online = True

    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable; affects the text of waiting refunds."""
        self._online = online

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the common row height."""
        return QSize(240, _HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint background, icon, status and amount, and below them the subject."""
        entry = index.data(UnresolvedModel.EntryRole)
        if not isinstance(entry, UnresolvedEntry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect).adjusted(2, 3, -2, -3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._ground(painter, area, chosen, bool(option.state & QStyle.StateFlag.State_HasFocus))
        self._text(painter, option, area.adjusted(_PADDING, 0, -_PADDING, 0), entry, chosen)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRectF, chosen: bool, focused: bool) -> None:
        colour = self._theme.colour
        if not chosen:
            return
        painter.setPen(QPen(colour("focus" if focused else "accent"), 3 if focused else 1))
        painter.setBrush(colour("accent-soft"))
        radius = self._theme.size("radius")
        painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), radius, radius)

    def _text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        area: QRectF,
        entry: UnresolvedEntry,
        chosen: bool,
    ) -> None:
        texts, colour = self._texts, self._theme.colour
        now = status_of(texts, entry, self._online)
        sign = QRectF(area.left(), area.center().y() - _SIGN / 2, _SIGN, _SIGN)
        paint_sign(painter, now.tone, sign, colour(TONES[now.tone]))
        left = sign.right() + 14
        upper = QRectF(left, area.top() + 10, area.right() - left, 28)
        lower = QRectF(left, area.center().y() + 2, area.right() - left, 26)
        strong = option.font
        strong.setBold(True)
        painter.setFont(strong)
        painter.setPen(colour("text"))
        amount = texts.won(entry.amount)
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        painter.drawText(upper, middle | right, amount)
        room = upper.width() - painter.fontMetrics().horizontalAdvance(amount) - 16
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            upper, middle, painter.fontMetrics().elidedText(now.label, elide, int(room))
        )
        plain = option.font
        plain.setBold(False)
        plain.setPixelSize(self._theme.size("font-caption"))
        painter.setFont(plain)
        painter.setPen(colour("text-muted"))
        since = texts.when(entry.since) if entry.since is not None else ""
        painter.drawText(lower, middle | right, since)
        room = lower.width() - painter.fontMetrics().horizontalAdvance(since) - 16
        subject = painter.fontMetrics().elidedText(entry_subject(texts, entry), elide, int(room))
        painter.drawText(lower, middle, subject)


class UnresolvedList(QListView):
    """Arrows move between entries; Enter moves the focus to the first available action."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.delegate = UnresolvedDelegate(texts, theme, self)
        self.setItemDelegate(self.delegate)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        theme.changed.connect(self.viewport().update)

    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable."""
        self.delegate.set_online(online)
        self.viewport().update()
