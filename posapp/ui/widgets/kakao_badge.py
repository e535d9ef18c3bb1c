"""KakaoPay badge: the only use of its yellow except for the payment button."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.roles import Label


class KakaoBadge(Label):
    """Names the payment method in KakaoPay's colours."""

    def __init__(self, texts: Translator, _theme: Theme) -> None:
        super().__init__("kakao-badge", text=texts.bind("pay.kakaopay"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
