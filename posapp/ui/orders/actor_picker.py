"""Picker of the cancelling actor: buyer or seller, and the user id."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QStackedLayout, QWidget

from posapp.domain.actors import Actor
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.check_chip import CheckChip
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.roles import Label


class ActorPicker(QWidget):
    """Shows the actor if known from the previous screen, and asks otherwise."""

    changed = Signal()

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._known: Actor | None = None
        self.buyer = CheckChip(theme, round_box=True)
        self.seller = CheckChip(theme, round_box=True)
        self.buyer.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.buyer)
        group.addButton(self.seller)
        group.buttonToggled.connect(lambda *_: self.changed.emit())
        self.number = IdField("actorUserId")
        self.number.line.setProperty("scan", "number")
        self.number.changed.connect(self.changed)
        self._acting = Label("body", wraps=True)
        self.change = Button("quiet")
        self.change.clicked.connect(lambda: self.set_actor(None))
        self._stack = QStackedLayout(self)
        self._pages = (self._asking_page(), self._known_page())
        for page in self._pages:
            self._stack.addWidget(page)
        texts.changed.connect(self._retranslate)
        self._retranslate()
        self._fit()

    @property
    def actor(self) -> Actor | None:
        """Return the actor, or ``None`` while there is no number."""
        if self._known is not None:
            return self._known
        number = self.number.value()
        if number is None:
            return None
        return Actor.seller(number) if self.seller.isChecked() else Actor.buyer(number)

    def set_actor(self, actor: Actor | None) -> None:
        """Set the actor; ``None`` asks for it."""
        self._known = actor
        self._retranslate()
        self._stack.setCurrentIndex(0 if actor is None else 1)
        self._fit()
        if actor is None:
            self.number.set_value(None)
        self.changed.emit()

    def _fit(self) -> None:
        """Give room to the current page only."""
        for page in self._pages:
            used = page is self._stack.currentWidget()
            policy = QSizePolicy.Policy.Preferred if used else QSizePolicy.Policy.Ignored
            page.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self.updateGeometry()

    def _asking_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.buyer, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.seller, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.number, 1)
        return page

    def _known_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._acting, 1)
        row.addWidget(self.change)
        return page

    def _retranslate(self) -> None:
        texts = self._texts
        self.buyer.set_text(texts("order_page.as_buyer"))
        self.seller.set_text(texts("order_page.as_seller"))
        self.number.set_text(
            texts("order_page.who"),
            texts("order_page.user_number_hint"),
            lambda: texts("errors.id400"),
        )
        self.change.set_text(texts("order_page.change_actor"))
        if self._known is not None:
            message_id = f"order_page.acting_{self._known.kind.value}"
            self._acting.setText(texts(message_id, user=self._known.id))
