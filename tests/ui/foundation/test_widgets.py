"""The parts of screens: their looks, their texts for screen readers, and their keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from posapp.domain.errors import ErrorCode, GatewayCause, GatewayError, GatewayOutcome, UserError
from posapp.ui.widgets import lamp as lamp_module
from posapp.ui.widgets.badge import TONES, StatusBadge
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.icons import SIGNS, sign
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.lamp import Lamp
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import ElidedLabel, Label
from posapp.ui.widgets.segmented_control import SegmentedControl
from posapp.ui.widgets.toast import SHOWN_MS, Toast


@pytest.fixture
def field(qtbot, theme) -> IdField:
    made = IdField("someId")
    made.set_text("주문번호", "예: 1", lambda: "숫자만")
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("typed", ["7", "0012", " 42 ", str(2**63 - 1)])
def test_a_whole_number_is_an_id(qtbot, field, typed):
    qtbot.keyClicks(field.line, typed)
    assert field.value() == int(typed)
    assert field.message == ""


@pytest.mark.parametrize("typed", ["12a", "-1", "1.5", "1,000", "0", "٣", "²", "9" * 30, "12 3"])
def test_anything_else_is_kept_and_reported(qtbot, field, typed):
    field.line.setText(typed)
    assert field.line.text() == typed
    assert field.value() is None
    assert field.message == "숫자만"
    assert field.line.accessibleDescription() == "숫자만"
    field.set_value(5)
    assert (field.value(), field.message) == (5, "")


def test_an_empty_field_is_no_error(field):
    assert field.value() is None and field.is_empty and field.message == ""


def test_the_label_belongs_to_the_line_for_a_screen_reader(field):
    assert (
        QAccessible.queryAccessibleInterface(field.line).text(QAccessible.Text.Name) == "주문번호"
    )


def test_enter_submits_any_text(qtbot, field):
    with qtbot.waitSignal(field.submitted):
        qtbot.keyClick(field.line, Qt.Key.Key_Return)


def test_a_button_shows_its_key_and_is_pressed_by_it_after_its_text_changed(qtbot, theme):
    page = QWidget()
    button = Button("secondary", "F2", page)
    button.set_text("주문 & 찾기")
    button.set_text("Find & pay")
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    chip = button.findChild(QLabel)
    assert chip.text() == "F2" and chip.isVisible()
    assert button.accessibleName() == "Find & pay"
    clicks: list[bool] = []
    button.clicked.connect(lambda: clicks.append(True))
    qtbot.keyClick(page, Qt.Key.Key_F2)
    assert clicks == [True], "at once, and once"
    button.setEnabled(False)
    qtbot.keyClick(page, Qt.Key.Key_F2)
    assert clicks == [True]


def test_a_click_on_the_key_that_is_shown_is_a_click_on_the_button(qtbot, theme):
    button = Button("primary", "Enter")
    button.set_text("결제")
    qtbot.addWidget(button)
    button.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button.findChild(QLabel), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("role", ["primary", "secondary", "quiet", "danger", "kakao", "search"])
def test_every_button_is_a_large_enough_target_and_never_cuts_its_text(qtbot, theme, role):
    button = Button(role, "F10")
    button.set_text("High contrast")
    qtbot.addWidget(button)
    button.show()
    button.adjustSize()
    assert button.height() >= theme.size("target")
    text = button.fontMetrics().horizontalAdvance("High contrast")
    assert button.width() >= text + button.findChild(QLabel).sizeHint().width()


def test_an_amount_changes_language_and_can_be_blank(qtbot, texts, theme):
    label = MoneyLabel(texts)
    qtbot.addWidget(label)
    assert label.text() == ""
    label.set_amount(3_000_000_000)
    assert label.text() == "3,000,000,000원"
    texts.set_language("en")
    assert label.text() == "₩3,000,000,000"
    label.set_amount(None)
    assert label.text() == ""


def test_foreign_text_is_never_markup(qtbot, texts, theme):
    label = Label("body")
    banner = Banner(texts, theme)
    qtbot.addWidget(label)
    qtbot.addWidget(banner)
    said = "<img src=x><b>취소</b>"
    banner.show_error(GatewayError(GatewayOutcome.REFUSED, GatewayCause.REFUSED, text=said))
    assert said in banner.message
    for shown in (label, *banner.findChildren(Label)):
        assert shown.textFormat() is Qt.TextFormat.PlainText


def test_banner_shows_the_code_and_the_way_back(qtbot, texts, theme):
    banner = Banner(texts, theme)
    qtbot.addWidget(banner)
    assert banner.message == "" and banner.isHidden()
    banner.show_error(UserError(ErrorCode.ORDER_OF_ANOTHER))
    assert banner.message == "사용자의 주문이 아닙니다"
    assert any("order406" in label.text() for label in banner.findChildren(QLabel))
    assert banner.accessibleName() == "오류: 사용자의 주문이 아닙니다"
    with qtbot.waitSignal(banner.acted):
        banner.findChild(QPushButton).click()
    texts.set_language("en")
    assert banner.message == "This is another buyer's order."
    banner.show_success(lambda: texts("words.success"))
    assert banner.tone == "success" and banner.findChild(QPushButton).isHidden()
    banner.clear()
    assert banner.message == "" and banner.isHidden()


def _picture(widget: QWidget) -> bytes:
    image = (
        widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_Grayscale8)
    )
    return bytes(image.constBits())


def test_states_differ_by_shape_and_not_only_by_colour(qtbot, theme):
    """The signs are drawn in one colour: any difference then is in the shape."""
    colour = theme.colour("text")
    shapes = {bytes(sign(name, colour, 24).toImage().constBits()) for name in TONES}
    assert len(shapes) == len(TONES)


def test_a_lamp_differs_by_shape_and_text(qtbot, theme):
    lamp = Lamp(theme, "F11")
    qtbot.addWidget(lamp)
    lamp.grab()  # its shape is drawn from the first paint on
    for token in ("success", "warning", "danger", "text-muted"):
        theme._tokens["light"][token] = theme._tokens["light"]["text"]
    pictures = set()
    for tone in ("success", "busy", "warning", "error"):
        lamp.show_state(tone, tone, f"what {tone} means")
        assert (lamp.text(), lamp.accessibleName()) == (tone, tone)
        assert lamp.accessibleDescription() == f"what {tone} means"
        pictures.add(bytes(lamp.icon().pixmap(20).toImage().constBits()))
    assert len(pictures) == 4


def test_a_lamp_announces_changes_between_known_states_only(qtbot, theme, monkeypatch):
    said: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        lamp_module, "announce", lambda _, text, urgent=False: said.append((text, urgent))
    )
    lamp = Lamp(theme, "F11")
    qtbot.addWidget(lamp)
    for tone, text in (
        *(("", "checking"), ("success", "all sent"), ("success", "all sent")),
        *(("warning", "offline"), ("error", "to check"), ("success", "all sent")),
    ):
        lamp.show_state(tone, text, "")
    assert said == [("offline", False), ("to check", True), ("all sent", False)]


@pytest.mark.parametrize("tone", TONES)
def test_a_badge_has_text_and_name(qtbot, theme, tone):
    badge = StatusBadge(theme)
    qtbot.addWidget(badge)
    badge.show_state(tone, "확인 중")
    assert badge.label == badge.accessibleName() == "확인 중"


@pytest.mark.parametrize("name", SIGNS)
def test_every_sign_draws_something_inside_its_square(qapp, theme, name):
    image = sign(name, theme.colour("text"), 24).toImage()
    last = image.width() - 1
    assert any(image.pixelColor(x, y).alpha() for x in range(last) for y in range(last))
    assert not any(image.pixelColor(x, 0).alpha() for x in range(last))


def test_the_busy_bar_keeps_its_room_and_moves_only_while_it_is_seen(qtbot, theme):
    bar = BusyBar(theme)
    qtbot.addWidget(bar)
    bar.resize(300, bar.height())
    bar.show()
    height = bar.height()
    bar.start("불러오는 중")
    assert bar.is_busy and bar.message == "불러오는 중" and bar._line._timer.isActive()
    bar.hide()
    assert not bar._line._timer.isActive()
    bar.show()
    assert bar._line._timer.isActive()
    bar.stop()
    assert not bar.is_busy and not bar._line._timer.isActive() and bar.height() == height


def test_toast_stays_inside_the_window_and_disappears(qtbot, theme):
    page = QWidget()
    page.resize(400, 300)
    toast = Toast(page)
    qtbot.addWidget(page)
    page.show()
    toast.say("매우 긴 알림입니다. " * 12)
    assert page.rect().contains(toast.geometry())
    page.resize(300, 400)
    assert page.rect().contains(toast.geometry())
    assert toast._timer.isActive() and toast._timer.interval() == SHOWN_MS
    toast._timer.timeout.emit()
    assert toast.isHidden()


def test_a_usual_count_moves_nothing_beside_the_segments(qtbot, theme):
    segments = SegmentedControl(theme, ("all", "open"))
    qtbot.addWidget(segments)
    segments.reserve(["All 999", "Unpaid 999"])
    segments.set_text("State", ["All", "Unpaid"])
    segments.show()
    width = segments.sizeHint().width()
    segments.set_text("State", ["All 41", "Unpaid 7"])
    assert segments.sizeHint().width() == width
    assert [one.text() for one in segments.segments] == ["All 41", "Unpaid 7"]


def test_a_text_of_which_no_letter_fits_is_left_out(qtbot):
    label = ElidedLabel("muted")
    qtbot.addWidget(label)
    label.set_whole("김도윤 · 판매자 1")
    label.resize(label.fontMetrics().horizontalAdvance("김…") - 2, 24)
    label.show()
    assert label.text() == "" and label.toolTip() == "김도윤 · 판매자 1"
    label.resize(400, 24)
    assert label.text() == "김도윤 · 판매자 1"


def test_a_key_that_is_left_to_the_window_is_not_taken_back(qtbot, texts):
    """The button took it anew with each text: after a change of language Esc closed no panel."""
    button = Button("quiet", "Esc", text=texts.bind("words.close"))
    qtbot.addWidget(button)
    button.leave_key()
    texts.set_language("en")
    button.set_busy(True)
    button.set_busy(False)
    assert button.shortcut().isEmpty() and button.key == "Esc"
