"""Window header: shop, live or test mode, and the switches of language and theme."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.core.theme import AUTO, THEMES, Theme
from posapp.ui.widgets.back_button import BackButton
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role
from posapp.ui.widgets.status_indicator import IndicatorState, StatusIndicator

_CHOICES = (AUTO, *THEMES)

_LONGEST = 24
"""Maximum length of a shop's name in characters, so that the switches stay visible."""


class Header(Frame):
    """Shop, mode, connectivity, language and theme.

    Args:
        live: real money moves.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        *,
        shop: str,
        live: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("header", parent)
        self._texts, self._theme, self._live = texts, theme, live
        self.back_button = BackButton(theme)
        self.back_button.hide()
        self._shop = Label("brand")
        self._shop.setText(shop if len(shop) <= _LONGEST else shop[: _LONGEST - 1] + "…")
        self._shop.setToolTip(shop)
        self.mode = Label("badge")
        self.mode.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.mode.setProperty("mode", "live" if live else "test")
        self.open_money = Button("quiet", "F12")
        self.open_money.setObjectName("openMoney")
        self._open, self._for_person = 0, 0
        self.indicator = StatusIndicator(theme)
        self._indicator_state = IndicatorState.UNKNOWN
        self.language = Button("quiet", "F9")
        self.language.clicked.connect(self._next_language)
        self.theme = Button("quiet", "F10")
        self.theme.clicked.connect(self._next_theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self.back_button)
        row.addWidget(self._shop)
        row.addWidget(self.mode)
        row.addStretch(1)
        row.addWidget(self.open_money)
        row.addWidget(self.indicator)
        row.addSpacing(12)
        row.addWidget(self.language)
        row.addWidget(self.theme)
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._retranslate)
        self._retranslate()

    def show_connectivity(self, state: IndicatorState) -> None:
        """Show whether PortOne is reachable."""
        self._indicator_state = state
        self.indicator.show_state(state, self._texts(f"window.lamp_{state.value}"))

    @Slot(object, object)
    def show_open_money(self, count: int, for_person: int) -> None:
        """Show the number of unresolved entries, and of those that need staff.

        The button is also visible without any: its key is named in many places.
        """
        self._open, self._for_person = count, for_person
        text = "window.money_open" if count else "window.money_none"
        text = "window.money_person" if for_person else text
        self.open_money.set_text(
            self._texts(text, count=for_person or count),
            description=self._texts("window.money_why"),
        )
        set_role(self.open_money, "light", "red" if for_person else "")

    def _next_language(self) -> None:
        at = LANGUAGES.index(self._texts.language)
        self._texts.set_language(LANGUAGES[(at + 1) % len(LANGUAGES)])

    def _next_theme(self) -> None:
        at = _CHOICES.index(self._theme.choice)
        self._theme.set_name(_CHOICES[(at + 1) % len(_CHOICES)])
        self._retranslate()

    def _retranslate(self) -> None:
        texts, choice = self._texts, self._theme.choice
        mode = "live" if self._live else "test"
        self.setAccessibleName(texts("window.header"))
        self.mode.setText(texts(f"window.mode_{mode}"))
        self.mode.setToolTip(texts(f"window.mode_{mode}_why"))
        self.mode.setAccessibleDescription(texts(f"window.mode_{mode}_why"))
        self.show_connectivity(self._indicator_state)
        self.show_open_money(self._open, self._for_person)
        self.back_button.show_target(texts("words.back"))  # until its target is known
        self.language.set_text(
            texts("window.other_language"), description=texts("window.other_language_why")
        )
        name = texts(f"window.theme_{choice}")
        self.theme.set_text(name, description=texts("window.theme_why", theme=name))
        self.theme.set_sign(choice, self._theme.colour("text-muted"))
