"""The one window of the kiosk: full screen, without a frame, closed by the program alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLayout

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.kiosk.bodies import (
    GAP,
    Bodies,
    Body,
    EntryBody,
    MessageBody,
    QrBody,
    StartBody,
    SummaryBody,
)
from posapp.ui.kiosk.front_keeper import FrontKeeper
from posapp.ui.kiosk.kiosk_button import KioskButton, target_of
from posapp.ui.kiosk.kiosk_controller import KioskController
from posapp.ui.kiosk.kiosk_view import Action, KioskView, spoken_screen
from posapp.ui.kiosk.kiosk_view_model import KioskViewModel
from posapp.ui.kiosk.spoken import SpokenItem, SpokenScreen
from posapp.ui.widgets import boxes
from posapp.ui.widgets.mode_mark import LIVE, ModeBadge, ModeStrip
from posapp.ui.widgets.roles import Frame, Label, set_role

_MARGIN = 24
_SHORT_NAME = 14
"""Letters of a name that has its usual size."""


class ShopName(Label):
    """The shop's name; five quick taps ask for the PIN."""

    tapped = Signal()

    def __init__(self) -> None:
        super().__init__("heading", wraps=True)

    def show_name(self, shop: str) -> None:
        """Show the name; a long one is smaller."""
        set_role(self, "role", "heading" if len(shop) <= _SHORT_NAME else "body")
        self.setText(shop)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Count a tap."""
        super().mouseReleaseEvent(event)
        self.tapped.emit()


class KioskWindow(Frame):
    """Shows the controller's views, and moves the focus by keys.

    Args:
        mode: as of ``ModeStrip``.

    Attributes:
        view: what is shown now.
        may_close: the program ends.
    """

    first_painted = Signal()
    """The window was painted for the first time: heavy imports may begin."""

    screen_spoken = Signal(object)
    """Another screen, an outcome or a sentence. Carries the ``SpokenScreen``, for a voice."""

    item_spoken = Signal(object)
    """The focus moved. Carries the ``SpokenItem``, for a voice."""

    keyed = Signal()
    """A key of the keypad was pressed: whoever does not see the screen may be there."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        controller: KioskController,
        *,
        shop: str,
        mode: str = LIVE,
    ) -> None:
        super().__init__("page")
        self._texts, self._theme, self._controller = texts, theme, controller
        self._model = KioskViewModel(texts, controller, shop)
        self.may_close = False
        self._is_painted = False
        self._keeper = FrontKeeper(self)
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setWindowTitle(shop)
        press = controller.press
        self.back = KioskButton("secondary", Action.BACK, press)
        self.call = KioskButton("secondary", Action.CALL, press)
        self.call_end = KioskButton("secondary", Action.CALL_END, press)
        self.main = KioskButton("primary", Action.NEXT, press)
        self.shop = ShopName()
        self.shop.show_name(shop)
        self.shop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.shop.tapped.connect(controller.tap_shop)
        self._called = Label("banner-words", wraps=True)
        self.banner = Frame("banner")
        set_role(self.banner, "tone", "warning")
        boxes.row((self._called, 1), self.call_end, on=self.banner, margins=(GAP, 8, 8, 8))
        self.qr = QrBody(theme)
        self._bodies: dict[str, Body] = {
            "start": StartBody(press),
            "entry": EntryBody(press),
            "summary": SummaryBody(press),
            "qr": self.qr,
            "message": MessageBody(theme),
        }
        self._stack = Bodies()
        for body in self._bodies.values():
            self._stack.addWidget(body)
        self._build_layout(ModeStrip(theme, mode), ModeBadge(texts, mode))
        self.view: KioskView = self._model.view(1)
        controller.changed.connect(self.render_view)
        controller.was_reset.connect(self._forget)
        texts.changed.connect(self.render_view)
        self.render_view()

    # What is shown.

    @Slot()
    def render_view(self) -> None:
        """Show the controller's view."""
        before, view = self.view, self._model.view(self._bodies["summary"].rows())
        self.view = view
        body = self._body_of(view)
        payment = self._controller.payment
        is_new = view.names_screen != before.names_screen or not self._items()
        body.show_view(view, payment.matrix if payment is not None else None)
        self._stack.setCurrentWidget(body)
        self._stack.updateGeometry()
        self._called.setText(self._texts("kiosk.called"))
        self.banner.setVisible(bool(view.banner))
        for button, action in (
            *((self.back, view.back), (self.main, view.main)),
            *((self.call, view.call), (self.call_end, view.call_end)),
        ):
            button.show_action(action)
        for other in self._bodies.values():
            if other is not body:
                other.clear()
        self._fit_targets()
        if is_new or not self._focused().isEnabled() or not self._focused().isVisible():
            self._focus_first()
        if view.has_news_since(before):
            self.screen_spoken.emit(self.spoken())

    def spoken(self) -> SpokenScreen:
        """Return the screen as a voice says it."""
        return spoken_screen(self.view)

    @Slot()
    def _forget(self) -> None:
        """Leave nothing of the last buyer: neither in a widget nor in the clipboard."""
        for body in self._bodies.values():
            if body is not self._stack.currentWidget():
                body.clear()
        clipboard = QGuiApplication.clipboard()
        if clipboard.text():
            clipboard.clear()

    # Focus.

    def move(self, step: int) -> None:  # type: ignore[override]
        """Move the focus along the one order of the screen."""
        items = [one for one in self._items() if one.isEnabled()]
        if not items:
            return
        now = self._focused()
        at = items.index(now) if now in items else -1 if step > 0 else 0
        self._focus(items[(at + step) % len(items)])

    def press_focused(self) -> None:
        """Press the item that has the focus."""
        now = self._focused()
        if now in self._items():
            now.click()

    def focus_main(self) -> None:
        """Give the focus to the action of the screen: a digit was typed by a key."""
        if self.main.isVisible() and self.main.isEnabled() and not self.main.hasFocus():
            self._focus(self.main)

    def repeat(self) -> None:
        """Have the screen spoken again."""
        self.screen_spoken.emit(self.spoken())

    def focused_item(self) -> SpokenItem | None:
        """Return the item with the focus as a voice says it."""
        now = self._focused()
        spoken = [one.spoken for one in self.view.items if one.action == now.action]
        return spoken[0] if spoken else None

    def _focus(self, button: KioskButton) -> None:
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        item = self.focused_item()
        if item is not None:
            self.item_spoken.emit(item)

    def _focus_first(self) -> None:
        items = [one for one in self._items() if one.isEnabled()]
        if items:
            items[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus()

    def _focused(self) -> KioskButton:
        now = self.focusWidget()
        return now if isinstance(now, KioskButton) else self.call

    def _items(self) -> list[KioskButton]:
        """Return the buttons of the view, in its order."""
        body = self._body_of(self.view)
        own = {self.view.main: self.main, self.view.back: self.back}
        own |= {self.view.call: self.call, self.view.call_end: self.call_end}
        found = []
        for one in self.view.items:
            button = own.get(one) or body.buttons.get(one.action)
            if button is not None and button.isVisibleTo(self):
                found.append(button)
        return found

    def _body_of(self, view: KioskView) -> Body:
        return self._bodies.get(view.layout, self._bodies["message"])

    # The window.

    def cover(self) -> None:
        """Cover the screen, also where no window manager does it."""
        self._keeper.cover()

    def end(self) -> None:
        """Close: the only way."""
        self.may_close = True
        self._keeper.end()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close for nobody but the program."""
        if self.may_close:
            super().closeEvent(event)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Stay full screen, and in front."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.WindowStateChange, QEvent.Type.ActivationChange):
            self._keeper.check_soon()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit ``first_painted`` after the first paint."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many lines as fit."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.render_view)

    def _fit_targets(self) -> None:
        target = target_of(self.screen())
        for button in self.findChildren(KioskButton):
            if button.target != target:
                button.target = target
                button.updateGeometry()

    def _build_layout(self, strip: ModeStrip, badge: ModeBadge) -> None:
        for part in (self.back, self.banner, self.call_end):  # nothing moves where they come and go
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
        top = boxes.row((self.back, 0), (self.shop, 1), badge, (self.call, 0), gap=GAP)
        column = boxes.column(self.banner, top, (self._stack, 1), self.main, gap=GAP)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        whole = boxes.column(strip, (column, 1), gap=0)
        whole.setContentsMargins(0, 0, 0, 0)
        # What the parts need on an upright screen must not keep the window from a flat one.
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setLayout(whole)
