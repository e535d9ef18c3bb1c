"""The one window of the kiosk: full screen, without a frame, closed by the program alone."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QMargins, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent, QResizeEvent

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.kiosk.front_keeper import FrontKeeper
from posapp.ui.kiosk.kiosk_button import KioskButton
from posapp.ui.kiosk.kiosk_content import MARK, CallBanner, KioskContent, QrPlace, TurnedArea
from posapp.ui.kiosk.kiosk_controller import KioskController
from posapp.ui.kiosk.kiosk_layout import DIGITS, Parts, Plan, arrange
from posapp.ui.kiosk.kiosk_measures import KioskMeasures, type_sizes
from posapp.ui.kiosk.kiosk_view import Action, ActionView, KioskView, spoken_screen
from posapp.ui.kiosk.kiosk_view_model import KioskViewModel
from posapp.ui.kiosk.shop_name import ShopName
from posapp.ui.kiosk.spoken import SpokenItem, SpokenScreen
from posapp.ui.kiosk.visit import ENLARGED
from posapp.ui.widgets.mode_mark import LIVE, ModeStrip
from posapp.ui.widgets.roles import Frame

_MARGIN, _GAP = 24, 16
_SMALL_MARGIN = _SMALL_GAP = 8
"""Margin and gaps in pixels, and those where texts are larger than usual."""

_BANNER = 6
"""A call has a place of its own if it takes no more than this part of the window's height."""

_MARK_PART = 7
"""The icon of an outcome takes no more than this part of the window's height."""

_STRIP = (Action.LANGUAGE, Action.LARGE, Action.CONTRAST, Action.LOW, Action.VOICE)
_TURNS = (Action.UP, Action.DOWN)
_LAYS = {Action.BEGIN: "start"}


class KioskWindow(Frame):
    """Shows the controller's views, and moves the focus by keys.

    Args:
        mode: as of ``ModeStrip``.
        measures: of the screen and of its place.

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

    speed_stepped = Signal(int)
    """A key asks for faster or slower speech. Carries 1 or -1."""

    volume_stepped = Signal(int)
    """A key asks for louder or softer speech. Carries 1 or -1."""

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
        measures: KioskMeasures | None = None,
    ) -> None:
        super().__init__("page")
        self._texts, self._theme, self._controller = texts, theme, controller
        self._measures = measures or KioskMeasures()
        self._model = KioskViewModel(texts, controller, shop)
        self.may_close = False
        self._is_painted = False
        self._page, self._pages = 0, 1
        self._keeper = FrontKeeper(self)
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setWindowTitle(shop)
        self._strip = ModeStrip(theme, mode)
        self.shop = ShopName(texts, shop, mode)
        self.shop.tapped.connect(controller.tap_shop)
        self.banner = CallBanner()
        self._content = KioskContent(theme)
        self._area = TurnedArea(self._content)
        self.qr = QrPlace(theme)
        for part in (self._strip, self.shop, self.banner, self._area, self.qr):
            part.setParent(self)
        self.main = self._make("primary", Action.NEXT)
        self.extra = self._make("secondary", Action.PRINT)
        self.back = self._make("secondary", Action.BACK)
        self.call = self._make("secondary", Action.CALL)
        self.call_end = self._make("secondary", Action.CALL_END)
        self._ways = (self.main, self.extra, self.back, self.call, self.call_end)
        body = (Action.BEGIN, *_STRIP, *DIGITS, Action.DELETE, Action.OTHER_MANAGER, *_TURNS)
        self._body = {one: self._make(_LAYS.get(one, "secondary"), one) for one in body}
        for digit in DIGITS:
            self._body[digit].setProperty("lies", "key")
        self.view: KioskView = self._model.view()
        self.resize(QGuiApplication.primaryScreen().size())
        controller.changed.connect(self.render_view)
        controller.was_reset.connect(self._forget)
        texts.changed.connect(self.render_view)
        theme.changed.connect(self._lay_out)
        self.render_view()

    def _make(self, role: str, action: str) -> KioskButton:
        button = KioskButton(role, action, self._press)
        button.setParent(self)
        return button

    # What is shown.

    @Slot()
    def render_view(self) -> None:
        """Show the controller's view."""
        before, view = self.view, self._model.view(self._page)
        focused = self._focused()
        is_new = view.names_screen != before.names_screen or not self._items()
        if is_new and self._page:
            self._page, view = 0, self._model.view()
        self._follow_sizes()
        payment = self._controller.payment
        self.qr.show_view(view, payment.matrix if payment is not None else None)
        self._show(view)
        if is_new:
            self._area.show_start()
        elif view.messages != before.messages or view.entry != before.entry:
            self._area.show_news()
        self._renew_turns()
        if is_new or not focused.isEnabled() or not focused.isVisible():
            self._focus_first()
        if self.view.has_news_since(before):
            self.screen_spoken.emit(self.spoken())

    @Slot()
    def _lay_out(self) -> None:
        """Place everything anew."""
        self._show(replace(self.view, turns=()))
        self._renew_turns()

    def _show(self, view: KioskView) -> None:
        """Show a view; with buttons to turn over what has no room."""
        shown = self._buttons_of(view)
        for button, action in shown:
            button.show_action(action)
        self._content.show_view(view)
        plan = self._plan(view, [button for button, _ in shown])
        self._pages = max(plan.pages, view.chunks)
        if (plan.shown(self._needed) < 1 or self._pages > 1) and not view.turns:
            turns = self._model.turns(up=self._can_turn(-1), down=self._can_turn(1))
            self._show(replace(view, turns=turns or self._model.turns(up=False, down=True)))
            return
        self.view = view
        kept = {button for button, _ in shown}
        for button in (*self._body.values(), *self._ways):
            if button not in kept or button.action not in plan.buttons:
                button.show_action(None)
        self._place(plan)

    def _buttons_of(self, view: KioskView) -> list[tuple[KioskButton, ActionView]]:
        actions = (view.main, view.extra, view.back, view.call, view.call_end)
        ways = zip(self._ways, actions, strict=True)
        found = [(button, action) for button, action in ways if action is not None]
        body = [(self._body[one.action], one) for one in (*view.body, *view.turns)]
        digits = [(self._body[one], ActionView(one, one)) for one in DIGITS if view.keys]
        return [*body, *digits, *found]

    def _place(self, plan: Plan) -> None:
        self._strip.setGeometry(0, 0, self.width(), self._strip.maximumHeight())
        for button in (*self._body.values(), *self._ways):
            place = plan.buttons.get(button.action)
            if place is not None and not button.isHidden():
                button.setGeometry(place)
        self.shop.setGeometry(plan.shop)
        self.shop.setVisible(not plan.shop.isEmpty())
        if not plan.banner.isEmpty():
            self.banner.setGeometry(plan.banner)
        self.qr.setGeometry(plan.qr)
        self.qr.fit(plan.qr.width())
        self.qr.setVisible(not plan.qr.isEmpty())
        self._area.show_at(plan.content, self._needed(plan.content.width()))
        self._area.setVisible(not plan.content.isEmpty())

    def _plan(self, view: KioskView, buttons: list[KioskButton]) -> Plan:
        visit = self._controller.visit
        is_large = visit.enlarged > ENLARGED[0]
        mark = min(MARK * visit.enlarged // 100, self.height() // _MARK_PART)
        self._content.set_mark_side(mark)
        margin, gap = (_SMALL_MARGIN, _SMALL_GAP) if is_large else (_MARGIN, _GAP)
        room = self.rect().marginsRemoved(QMargins(margin, margin, margin, margin))
        room.setTop(room.top() + self._strip.maximumHeight())
        target = self._measures.target(self.size(), self.screen())
        banner = 0
        if is_large or visit.low:
            room = self._place_banner(view.banner, room, gap)
        else:
            banner = self._banner_height(view, room.width(), gap, target)
        sizes = {one.action: one.fit(room.width(), target) for one in buttons}
        parts = Parts(
            sizes,
            begin=Action.BEGIN if Action.BEGIN in sizes else "",
            strip=[one for one in _STRIP if one in sizes],
            page=self._page,
            keys=[one.action for one in view.body] if view.keys else None,
            turns=[one.action for one in view.turns],
            main=_name(view.main),
            extra=_name(view.extra),
            back=_name(view.back),
            call=_name(view.call),
            call_end=_name(view.call_end),
            banner=banner,
            shop=self.shop.least_size(),
            shop_row=self.shop.height_at(room.width()),
            must_name_shop=view.layout == "start"
            and not self._content.banner.isVisibleTo(self._content),
            has_qr=view.layout == "qr",
            content=self._needed,
            least_width=self._content.least_width(),
        )
        band = self._measures.band(self.size()) if visit.low else None
        return arrange(parts, room, gap, band)

    def _banner_height(self, view: KioskView, width: int, gap: int, target: int) -> int:
        """Return the height of what a call says beside its end; 0: staff were not called."""
        self.banner.say(view.banner)
        self._content.banner.say("")
        if not view.banner or view.call_end is None:
            return 0
        end = self.call_end.fit(width // 2, target)
        return max(self.banner.heightForWidth(width - end.width() - gap), end.height())

    def _place_banner(self, text: str, room: QRect, gap: int) -> QRect:
        """Give a call its place on top, or leave it to the texts; return the room below."""
        self.banner.say(text)
        height = self.banner.heightForWidth(room.width()) if text else 0
        is_above = 0 < height <= self.height() // _BANNER
        self.banner.setVisible(is_above)
        self._content.banner.say("" if is_above else text)
        if not is_above:
            return room
        self.banner.setGeometry(room.left(), room.top(), room.width(), height)
        return room.adjusted(0, height + gap, 0, 0)

    def _needed(self, width: int) -> int:
        return self._content.height_at(width)

    def _follow_sizes(self) -> None:
        """Let texts have the height in millimetres that they need here, as large as is wanted."""
        size, screen = self.size(), self.screen()
        text, target = self._measures.text(size, screen), self._measures.target(size, screen)
        self._theme.set_sizes(type_sizes(text, target, self._controller.visit.enlarged))

    # Turning over.

    def _press(self, action: str) -> None:
        if action in _TURNS:
            self._turn(1 if action == Action.DOWN else -1)
        else:
            self._controller.press(action)

    def _can_turn(self, step: int) -> bool:
        is_in_area = self._area.can_turn_down if step > 0 else self._area.can_turn_up
        return is_in_area or 0 <= self._page + step < self._pages

    def _turn(self, step: int) -> None:
        area = self._area
        if area.can_turn_down if step > 0 else area.can_turn_up:
            area.turn(step)
        elif self._can_turn(step):
            self._page += step
            self.render_view()
            (area.show_start if step > 0 else area.show_end)()
        self._renew_turns()
        if not self._can_turn(step) and self._can_turn(-step):
            self._focus(self._body[Action.UP if step > 0 else Action.DOWN])

    def _renew_turns(self) -> None:
        """Enable the buttons that have something to turn to."""
        if not self.view.turns:
            return
        turns = self._model.turns(up=self._can_turn(-1), down=self._can_turn(1))
        self.view = replace(self.view, turns=turns or self.view.turns)
        for one in turns:
            self._body[one.action].show_action(one)

    def spoken(self) -> SpokenScreen:
        """Return the screen as a voice says it."""
        return spoken_screen(self.view)

    @Slot()
    def _forget(self) -> None:
        """Leave nothing of the last buyer: neither in a widget nor in the clipboard."""
        self.qr.clear()
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
        own = {self.view.main: self.main, self.view.extra: self.extra, self.view.back: self.back}
        own |= {self.view.call: self.call, self.view.call_end: self.call_end}
        found = []
        for one in self.view.items:
            button = own.get(one) or self._body.get(one.action)
            if button is not None and button.isVisibleTo(self):
                found.append(button)
        return found

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


def _name(view: ActionView | None) -> str:
    return view.action if view is not None else ""
