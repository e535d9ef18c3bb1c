"""The window that the buyer sees: greeting, order, QR, outcome. It takes no input and no focus."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.display.buyer_view import NOTHING, BuyerPhase, BuyerView
from posapp.ui.display.display_pages import (
    MOST_LINES,
    IdlePage,
    OrderPage,
    PaidPage,
    PayPage,
)
from posapp.ui.widgets.mode_mark import LIVE, ModeBadge, ModeStrip
from posapp.ui.widgets.qr import QrCode
from posapp.ui.widgets.roles import Frame

FEW_LINES = 3
"""Lines of the order on a low screen."""

_LOW = 700
"""Height in pixels below which a screen shows ``FEW_LINES``."""

_LARGEST_PICTURE = 4096
"""Pixels of a side; a larger picture of the shop is not loaded."""

_PAY_PHASES = (BuyerPhase.SCAN, BuyerPhase.PAYING, BuyerPhase.CHECKING)


class DisplayWindow(Frame):
    """Shows a ``BuyerView``. Nothing here can be pressed, typed, dragged or focused.

    Args:
        shop: the shop's name.
        picture: file with a picture of the shop, shown while nobody pays. One that cannot be read
            is left out.
        mode: as of ``ModeStrip``.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        *,
        shop: str,
        picture: Path | None = None,
        mode: str = LIVE,
    ) -> None:
        super().__init__("page")
        self._texts, self._theme = texts, theme
        self._view = NOTHING
        flags = Qt.WindowType
        self.setWindowFlags(
            flags.Window
            | flags.FramelessWindowHint
            | flags.WindowDoesNotAcceptFocus
            | flags.WindowStaysOnTopHint
        )
        for attribute in (
            Qt.WidgetAttribute.WA_ShowWithoutActivating,
            Qt.WidgetAttribute.WA_TransparentForMouseEvents,
            Qt.WidgetAttribute.WA_X11DoNotAcceptFocus,
        ):
            self.setAttribute(attribute)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setCursor(Qt.CursorShape.BlankCursor)
        texts.bind("display.title").show_in(self, QWidget.setWindowTitle)
        self._shop = display_text(shop, 40)
        self._picture = _load(picture)
        self._idle, self._order = IdlePage(texts, self._shop, self._picture), OrderPage(texts)
        self._pay, self._paid = PayPage(texts, theme), PaidPage(texts, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # The texts follow the window: theirs of a larger screen must not keep it from a smaller.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(ModeStrip(theme, mode))
        column.addWidget(ModeBadge(texts, mode), 0, Qt.AlignmentFlag.AlignHCenter)
        self._pages = QStackedLayout()
        column.addLayout(self._pages, 1)
        for page in (self._idle, self._order, self._pay, self._paid):
            self._pages.addWidget(page)
        texts.changed.connect(self._show)
        self._show()

    @property
    def view(self) -> BuyerView:
        """Return what is shown."""
        return self._view

    @property
    def code(self) -> QrCode:
        """Return the QR."""
        return self._pay.code

    def show_view(self, view: BuyerView) -> None:
        """Show another state."""
        self._view = view
        self._show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay: the window is hidden by the program, and ends with it."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the sizes of all texts and of the QR to the screen."""
        super().resizeEvent(event)
        height, width = event.size().height(), event.size().width()
        is_tall = height > width
        unit = (min(height / 2, width) if is_tall else min(height, width * 0.75)) / 100
        lines = FEW_LINES if height < _LOW else MOST_LINES
        self._idle.fit(unit)
        self._order.fit(unit, width, lines=lines)
        self._pay.fit(unit, is_tall=is_tall)
        self._paid.fit(unit, width)
        self._show()

    def _show(self) -> None:
        view = self._view
        if view.phase in _PAY_PHASES:
            self._pay.show_view(view)
        else:
            self._pay.code.clear()
        self._order.show_view(view if view.phase is BuyerPhase.ORDER else NOTHING)
        self._paid.show_view(view if view.phase is BuyerPhase.PAID else NOTHING)
        pages: dict[BuyerPhase, QWidget] = {
            BuyerPhase.IDLE: self._idle,
            BuyerPhase.ORDER: self._order,
            BuyerPhase.PAID: self._paid,
        }
        self._pages.setCurrentWidget(pages.get(view.phase, self._pay))


def _load(file: Path | None) -> QPixmap | None:
    """Return the shop's picture, or ``None`` if there is none that can be shown."""
    if file is None or not file.is_file():
        return None
    reader = QImageReader(str(file))
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > _LARGEST_PICTURE:
        return None
    reader.setAutoTransform(True)
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)
