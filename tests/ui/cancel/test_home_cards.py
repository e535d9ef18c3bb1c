"""The two cards of the home, and the words of this part of the program."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from posapp.domain.actors import ActorKind
from posapp.ui.core.i18n import read_catalogue
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.home.cards_screen import BUYER_CANCEL, CANCEL_KINDS, PAY, SELLER_CANCEL, CardsScreen

CATALOGUES = ("cancel", "order_page", "open_money")


@pytest.mark.parametrize(
    ("plan", "fields", "kind"),
    [
        (BUYER_CANCEL, ("cancelPaymentUserId", "orderItemId"), ActorKind.BUYER),
        (SELLER_CANCEL, ("cancelPaymentSellerId", "orderItemIdForSeller"), ActorKind.SELLER),
    ],
)
def test_card_takes_two_whole_numbers_and_names_their_side(
    qtbot: QtBot, texts, theme, plan, fields, kind
):
    home = CardsScreen(texts, theme, InlineTaskRunner(), (PAY, BUYER_CANCEL, SELLER_CANCEL))
    qtbot.addWidget(home)
    sent = []
    home.submitted.connect(lambda name, ids: sent.append((CANCEL_KINDS[name], *ids)))
    card = home.cards[plan.name]
    user, item = (home.findChild(QLineEdit, name) for name in fields)
    qtbot.keyClicks(user, "12")
    qtbot.keyClicks(item, "20-48")
    assert not card.button.isEnabled()
    item.clear()
    qtbot.keyClicks(item, "2048")
    card.button.click()
    assert sent == [(kind, 12, 2048)]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [1024, 1366, 1920])
def test_cards_are_equally_wide_and_none_is_beyond_the_window(
    qtbot: QtBot, texts, theme, language, width
):
    home = CardsScreen(texts, theme, InlineTaskRunner())
    qtbot.addWidget(home)
    home.resize(width, 650)
    home.show()
    texts.set_language(language)
    QApplication.processEvents()
    widths = [card.width() for card in home.cards.values()]
    assert max(widths) - min(widths) <= 1
    right = [card.mapTo(home, card.rect().topRight()).x() for card in home.cards.values()]
    assert max(right) < width


@pytest.mark.parametrize("screen", CATALOGUES)
def test_both_languages_say_the_same_with_the_same_parameters(screen):
    korean, english = read_catalogue("ko", screen), read_catalogue("en", screen)
    assert list(korean) == list(english)
    for key in korean:
        assert _parameters(korean[key]) == _parameters(english[key]), key


def test_every_message_is_used_and_every_message_that_is_used_is_there():
    source = "\n".join(path.read_text("utf-8") for path in _sources())
    known = {f"{screen}.{key}" for screen in CATALOGUES for key in read_catalogue("ko", screen)}
    written = set(re.findall(r'"((?:cancel|order_page|open_money)\.[A-Za-z_0-9]+)"', source))
    cards = {f"cancel.{card}_card" for card in ("buyer", "seller")}
    fields = {f"cancel.card_{field}" for field in ("buyer", "seller", "item")}
    assert not written - known - cards - fields
    keys = {key.partition(".")[2] for key in known}
    unused = {key for key in keys if not _mentioned(key, source)}
    assert not unused


def _mentioned(key: str, source: str) -> bool:
    """Whole, or as the end or the beginning of an id that is put together."""
    if re.search(rf'["._/]{key}"', source) or f'"{key}"' in source:
        return True
    parts = key.split("_")
    for at in range(1, len(parts) + 1):
        head, tail = "_".join(parts[:at]), "_".join(parts[at:])
        if re.search(rf"\.{head}_\{{", source):
            return True
        if tail and re.search(rf'\}}_{tail}"', source):
            return True
    return False


def _sources() -> list[Path]:
    screens = Path(__file__).parents[3] / "posapp" / "ui"
    return sorted(screens.rglob("*.py"))


def _parameters(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}
