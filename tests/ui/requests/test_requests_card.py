"""The card that leads to a seller's requests."""

from __future__ import annotations

import pytest

from posapp.ui.home.cards_screen import REQUESTS_CARD
from posapp.ui.widgets.action_card import ActionCard


@pytest.mark.parametrize("plan", [REQUESTS_CARD])
def test_home_card_submits_its_numbers_and_has_a_title(qtbot, texts, plan) -> None:
    card = ActionCard(plan, texts)
    qtbot.addWidget(card)
    assert not card.button.isEnabled()
    for field_of_card in card.fields:
        field_of_card.set_value(7)
    with qtbot.waitSignal(card.submitted) as reported:
        card.button.click()
    assert reported.args == [(7,) * len(plan.fields)]
    assert texts.has(f"{plan.text_id}_title")
