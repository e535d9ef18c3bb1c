"""Picker of the seller for whom a manager acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from posapp.services.orders.seller_list import Seller
    from posapp.services.session import Session

_SHORT, _LONG = 10, 40
"""Letters of a name on the button and in the menu."""


class SellerPicker(Button):
    """A button with the chosen seller; its menu has all sellers.

    The choice is remembered in the session, for every page. The only seller is chosen by itself.
    Whoever is signed in as a seller has no choice: it is themselves.

    Args:
        read: returns the sellers; called in the background.
        offers_all: all sellers together can be chosen, and are at first.
    """

    chosen = Signal(object)
    """Another seller is chosen. Carries the seller's id; ``None`` is all of them."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        read: Callable[[], Sequence[Seller]],
        session: Session,
        parent: QWidget | None = None,
        *,
        offers_all: bool = False,
    ) -> None:
        super().__init__("secondary", parent=parent)
        self._texts, self._runner, self._read, self._session = texts, runner, read, session
        self._offers_all = offers_all
        self._is_short = False
        self._is_begun = False
        self.seller_id: int | None = None
        self.sellers: tuple[Seller, ...] = ()
        self.menu_of_sellers = QMenu(self)
        self.menu_of_sellers.setProperty("role", "choices")
        self.setObjectName("sellerPicker")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        texts.changed.connect(self._write)
        self._write()

    def begin(self) -> None:
        """Choose whom the session remembers, and read the sellers."""
        self._write()
        remembered = self._session.seller_id
        is_other = remembered is not None and remembered != self.seller_id
        if is_other or (self._offers_all and not self._is_begun):
            self._choose(remembered)
        self._is_begun = True
        self._runner.run(self._read, self._arrived, owner=self, key="sellers")

    def show_seller(self, seller_id: int) -> None:
        """Show a seller who was named elsewhere, without a signal."""
        self._is_begun, self.seller_id = True, seller_id
        self._write()
        self._runner.run(self._read, self._arrived, owner=self, key="sellers")

    def pick(self, seller_id: int | None) -> None:
        """Choose as the user does, and remember it."""
        self._session.seller_id = seller_id
        if seller_id != self.seller_id:
            self._choose(seller_id)

    def forget(self) -> None:
        """Forget the choice, without a signal: another person is at the till."""
        self._is_begun, self.seller_id = False, None
        self._write()

    def set_short(self, short: bool) -> None:
        """Show the number without the name, where there is little room."""
        if short != self._is_short:
            self._is_short = short
            self._write()

    def _choose(self, seller_id: int | None) -> None:
        self.seller_id = seller_id
        self._write()
        self.chosen.emit(seller_id)

    def _arrived(self, outcome: TaskResult[Sequence[Seller]]) -> None:
        self.sellers = tuple(outcome.value or ())
        if len(self.sellers) == 1 and self.seller_id is None and not self._offers_all:
            self._choose(self.sellers[0].id)
        self._write()

    def _open(self) -> None:
        if self._session.is_seller:
            return
        menu = self.menu_of_sellers
        current = next((one for one in menu.actions() if one.isChecked()), None)
        if current is not None:
            menu.setActiveAction(current)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _write(self) -> None:
        texts = self._texts
        name = next((one.name for one in self.sellers if one.id == self.seller_id), "")
        if self.seller_id is not None:
            shown = "" if self._is_short else display_text(name, _SHORT)
            text = texts("sellers.one", id=self.seller_id, name=shown).strip()
        else:
            text = texts("sellers.all" if self._offers_all else "sellers.choose")
        arrow = "" if self._session.is_seller else "  ▼"
        self.set_text(f"{text}{arrow}", name=f"{text} {name}".strip() if self._is_short else text)
        self.setToolTip(display_text(name, _LONG))
        self.menu_of_sellers.clear()
        group = QActionGroup(self.menu_of_sellers)
        choices: list[tuple[int | None, str]] = [
            (one.id, texts("sellers.one", id=one.id, name=display_text(one.name, _LONG)))
            for one in self.sellers
        ]
        if self._offers_all:
            choices.insert(0, (None, texts("sellers.all")))
        for seller_id, label in choices:
            action = QAction(label.replace("&", "&&"), group)
            action.setCheckable(True)
            action.setChecked(seller_id == self.seller_id)
            action.triggered.connect(lambda _=False, wanted=seller_id: self.pick(wanted))
            self.menu_of_sellers.addAction(action)
        self.menu_of_sellers.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
