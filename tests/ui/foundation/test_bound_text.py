"""Texts that follow the language by themselves, on real widgets."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.segmented_control import SegmentedControl


@pytest.fixture
def page(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_label_follows_the_language(page, texts):
    label = Label("body", page, text=texts.bind("words.back"))
    assert label.text() == texts("words.back") == "뒤로"
    texts.set_language("en")
    assert label.text() == texts("words.back") == "Back"


def test_bound_texts_have_changed_when_changed_is_emitted(page, texts):
    label = Label("body", page, text=texts.bind("words.back"))
    seen: list[str] = []
    texts.changed.connect(lambda: seen.append(label.text()))
    texts.set_language("en")
    assert seen == ["Back"]


def test_values_may_be_given_later_and_nothing_is_shown_before(page, texts, caplog):
    label = Label("title", page, text=texts.bind("order_page.title"))
    assert label.text() == ""
    label.set_values(order=1200)
    assert label.text() == texts("order_page.title", order=1200)
    texts.set_language("en")
    assert label.text() == texts("order_page.title", order=1200)
    assert "1200" in label.text()
    assert caplog.text == ""


def test_a_value_that_is_a_function_follows_the_language_too(page, texts):
    amount = texts.bind("words.won", amount="5,000")
    label = Label("body", page, text=texts.bind("words.won", amount=amount))
    assert label.text() == "5,000원원"
    texts.set_language("en")
    assert label.text() == "₩₩5,000"


def test_another_message_replaces_the_first_one(page, texts):
    label = Label("body", page, text=texts.bind("words.back"))
    label.say(texts.bind("words.close"))
    texts.set_language("en")
    assert label.text() == texts("words.close")


def test_a_button_keeps_its_key_and_its_description_in_both_languages(page, texts):
    button = Button(
        "quiet", "F3", page, text=texts.bind("home.more"), description=texts.bind("home.more_why")
    )
    for language in ("ko", "en"):
        texts.set_language(language)
        assert button.text() == button.accessibleName() == texts("home.more")
        assert button.accessibleDescription() == button.toolTip() == texts("home.more_why")
        assert button.shortcut().toString() == "F3"


def test_values_of_a_button(page, texts):
    button = Button("quiet", "", page, text=texts.bind("order_page.title"))
    button.set_values(order=7)
    assert "7" in button.text()
    texts.set_language("en")
    assert button.text() == texts("order_page.title", order=7)


def test_controls_take_messages_too(page, texts, theme):
    box, segments, field, card = (
        CheckChip(theme, page),
        SegmentedControl(theme, (1, 2), page),
        IdField("orderId", page),
        Card(page),
    )
    box.say(texts.bind("words.back"))
    choices = (texts.bind("words.back"), texts.bind("words.close"))
    segments.say(texts.bind("words.error"), choices)
    field.say(texts.bind("words.back"), texts.bind("words.close"), texts.bind("errors.id400"))
    card.say(texts.bind("words.back"), texts.bind("words.close"))
    field.line.setText("열두")
    for language in ("ko", "en"):
        texts.set_language(language)
        back, close = texts("words.back"), texts("words.close")
        assert box.text() == box.accessibleName() == card.accessibleName() == back
        assert not box.property("bare"), "a box with a text"
        assert [one.text() for one in segments.segments] == [back, close]
        assert segments.segments[1].accessibleName() == f"{texts('words.error')}: {close}"
        assert (field.line.accessibleName(), field.line.placeholderText()) == (back, close)
        assert field.message == texts("errors.id400")
        shown = [label.text() for label in card.findChildren(Label)]
        assert back in shown and close in shown


def test_a_text_that_is_set_by_hand_stays(page, texts):
    label = Label("body", page, text=texts.bind("words.back"))
    label.setText("그대로")
    cleared = Label("body", page, text=texts.bind("words.back"))
    cleared.clear()
    button = Button(
        "quiet", "", page, text=texts.bind("home.more"), description=texts.bind("home.more_why")
    )
    button.set_text("그대로", description="설명")
    texts.set_language("en")
    assert (label.text(), cleared.text(), button.text()) == ("그대로", "", "그대로")
    assert button.accessibleDescription() == "설명"


@pytest.mark.parametrize("kind", [Label, Button])
def test_values_without_a_message_are_refused(qtbot, kind):
    widget = kind("quiet")
    qtbot.addWidget(widget)
    with pytest.raises(ValueError, match="no text"):
        widget.set_values(order=7)


def test_any_setter_of_any_widget(page, texts):
    line = QLineEdit(page)
    texts.bind("words.back").show_in(line, QLineEdit.setPlaceholderText)
    texts.bind("words.close").show_in(line, QWidget.setAccessibleName)
    texts.set_language("en")
    assert line.placeholderText() == texts("words.back")
    assert line.accessibleName() == texts("words.close")


def test_a_widget_that_is_gone_is_forgotten(page, texts):
    label = Label("body", text=texts.bind("words.back"))
    kept = weakref.ref(label)
    del label
    gc.collect()
    assert kept() is None
    child = Label("body", QWidget(page), text=texts.bind("words.back"))
    child.parentWidget().setParent(None)
    del child
    gc.collect()
    texts.set_language("en")
    assert len(texts._bindings._shown) == 0


def test_a_widget_that_qt_has_destroyed_is_passed_over(page, texts):
    import shiboken6

    label = Label("body", page, text=texts.bind("words.back"))
    shiboken6.delete(label)
    texts.set_language("en")


def test_bound_texts_compare_by_message_and_values(texts):
    one = texts.bind("words.back")
    assert one == texts.bind("words.back") != texts.bind("words.close")
    assert isinstance(one, BoundText) and one.with_values(order=1).values == {"order": 1}
