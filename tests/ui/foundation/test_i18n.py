"""Words: complete in both languages, and in Korean exactly the specification's."""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from shiboken6 import isValid

from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    IllegalTransition,
    UserError,
)
from posapp.domain.money import Won
from posapp.domain.verification import PaymentProblem
from posapp.ui.core.formats import clock, masked_name, masked_phone, phone, seoul
from posapp.ui.core.i18n import Translator
from posapp.ui.core.order_name import order_name
from posapp.ui.core.resources import resource

UI = Path(__file__).parents[3] / "posapp" / "ui"
KO = {path.stem: path for path in resource("i18n", "ko").glob("*.toml")}
EN = {path.stem: path for path in resource("i18n", "en").glob("*.toml")}

SPECIFIED = {
    "user404": "가입되지 않은 회원입니다.",
    "order404": "잘못된 주문번호 입니다.",
    "order406": "사용자의 주문이 아닙니다",
    "order409_1": "결제 금액이 0인 주문입니다.",
    "order409_2": "이미 처리된 주문입니다.",
    "orderItem404": "잘못된 주문상품번호 입니다.",
    "orderItem406": "사용자의 주문상품이 아닙니다.",
    "orderItem409_1": "이미 취소된 상품입니다",
    "orderItem409_2": "배송중인 상품입니다.",
    "orderItem409_3": "배송이 완료된 상품입니다. 교환/환불을 진행해 주세요.",
    "seller406": "판매자가 아닙니다. 먼저 판매자 신청을 해주세요.",
    "stock409": "{product}의 재고가 부족합니다.",
    "refund409_1": "환불금액 위/변조. 환불금액이 일치하지 않습니다.",
    "verify_amount": "PortOne 서버 결제 금액이 다릅니다.",
    "verify_order_total": "주문서와 결제 금액이 다릅니다.",
    "payment_cancelled": "결제가 취소되었습니다",
    "payment_cancel_failed": "결제 취소 중 오류가 발생했습니다: {message}",
    "order_cancel_failed": "주문 취소 중 오류가 발생했습니다: {message}",
    "request_failed": "처리 중 오류가 발생했습니다: {message}",
    "request404": "신청을 찾지 못했습니다.",
    "request409_1": "이미 처리된 요청입니다.",
    "request409_2": ("교환/환불을 신청할수 있는 상태가 아닙니다. 배송완료 후 신청 해주세요."),
    "request409_3": "이미 전송된 요청입니다.",
    "request409_4": ("환불 신청이 전송된 주문입니다. 교환을 원하시면 환불 신청을 취소 해주세요."),
    "request409_5": ("교환 신청이 전송된 주문입니다. 환불을 원하시면 교환 신청을 취소 해주세요."),
    "request404_1": "대기중인 교환/환불 신청을 찾지 못했습니다.",
}


def _read(path: Path) -> dict[str, str]:
    return tomllib.loads(path.read_text("utf-8"))


def _holes(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}


@pytest.mark.parametrize("code", SPECIFIED)
def test_texts_of_the_specification_are_unchanged(code):
    assert _read(KO["errors"])[code] == SPECIFIED[code]


def test_both_languages_have_the_same_screens():
    assert set(KO) == set(EN) != set()


@pytest.mark.parametrize("screen", sorted(set(KO) & set(EN)))
def test_both_languages_have_the_same_messages_with_the_same_parameters(screen):
    korean, english = _read(KO[screen]), _read(EN[screen])
    assert set(korean) == set(english)
    for key, text in korean.items():
        assert isinstance(text, str) and text.strip() and english[key].strip()
        assert _holes(text) == _holes(english[key]), key


def _errors() -> list[tuple[str, Exception]]:
    filled: dict[str, str | int] = {"product": "라떼", "name": "김하나", "left": 3, "seconds": 5}
    filled |= {"order": 7, "number": 3, "minutes": 6}
    filled |= {
        "amount": Won(3_000),
        "expected": Won(1_200),
        "counted": Won(900),
        "count": 2,
        "date": "11월 30일",
        "last": "11월 29일",
    }
    filled |= {"digit": 0, "longest": 48, "group": "샷", "least": 1, "most": 2}
    user = [(f"errors.{code.value}", UserError(code, **filled)) for code in ErrorCode]
    world = [
        (f"errors.env_{code.value}", EnvironmentProblem(code, "port")) for code in EnvironmentCode
    ]
    gateway = [
        (f"errors.portone_{cause.value}", GatewayError(GatewayOutcome.UNKNOWN, cause))
        for cause in GatewayCause
    ]
    return user + world + gateway


@pytest.mark.parametrize(("message", "error"), _errors(), ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_error_has_a_sentence(qapp, language, message, error):
    texts = Translator(language)
    assert texts.has(message)
    sentence = texts.error(error)
    assert sentence and "…" not in sentence and "{" not in sentence
    assert texts.error_code(error)


@pytest.mark.parametrize("problem", list(PaymentProblem))
def test_every_problem_of_a_payment_has_a_sentence(texts, problem):
    assert texts.has(f"errors.{problem.value}")


def test_a_refusal_carries_portones_own_text_untouched(texts):
    error = GatewayError(GatewayOutcome.REFUSED, GatewayCause.REFUSED, text="[결제포기] {취소} <b>")
    assert texts.error(error).endswith("[결제포기] {취소} <b>")


def test_other_gateway_errors_show_no_foreign_text(texts):
    error = GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.PORTAL, text="<html>login</html>")
    assert "html" not in texts.error(error)


def test_other_error_shows_a_general_message_without_details(texts):
    assert texts.error(ZeroDivisionError("secret")) == texts("errors.unexpected")
    assert texts.error(IllegalTransition("a", "b", "c")) == texts("errors.unexpected")


def test_a_missing_parameter_leaves_a_hole_and_a_log_line(texts, caplog):
    assert texts.error(UserError(ErrorCode.OUT_OF_STOCK)) == "…의 재고가 부족합니다."
    assert "product" in caplog.text


def test_an_unknown_message_is_shown_by_its_id_and_logged(texts, caplog):
    assert texts("home.nothing") == "home.nothing"
    assert "home.nothing" in caplog.text


def _ids_in_code() -> set[tuple[str, str, str]]:
    """(file, constant or pattern, kind) of everything in ui/ that looks like a message id."""
    found: set[tuple[str, str, str]] = set()
    form = re.compile(rf"({'|'.join(KO)})\.[A-Za-z0-9_]+")
    for path in UI.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+"
                    for part in node.values
                ]
                pattern = "".join(parts)
                if re.match(rf"({'|'.join(KO)})\\\.", pattern):
                    found.add((path.name, pattern, "pattern"))
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and form.fullmatch(node.value)
            ):
                found.add((path.name, node.value, "constant"))
    return found


def test_every_message_that_the_code_names_exists():
    known = {f"{screen}.{key}" for screen, path in KO.items() for key in _read(path)}
    assert len(_ids_in_code()) > 40, "the search found next to nothing"
    for file, text, kind in sorted(_ids_in_code()):
        if kind == "pattern":
            assert any(re.fullmatch(text, name) for name in known), (file, text)
        else:
            # A card names the beginning of its messages: ``home_screen.pay`` for
            # ``home_screen.pay_title``.
            assert text in known or any(n.startswith(text.rstrip("_") + "_") for n in known), (
                file,
                text,
            )


def test_money_in_both_languages(qapp):
    korean, english = Translator("ko"), Translator("en")
    assert korean.won(12_000) == "12,000원"
    assert english.won(12_000) == "₩12,000"
    assert korean.won(-1_234_567) == "-1,234,567원"
    assert english.won(-5) == "-₩5"
    assert korean.won(3_000_000_000) == "3,000,000,000원"


def test_times_as_people_write_them(texts):
    noon = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert texts.when(noon + timedelta(hours=2, minutes=5)) == "오늘 14:05"
    assert texts.when(noon - timedelta(days=1)) == "어제 12:00"
    assert texts.when(noon + timedelta(days=1)) == "내일 12:00"
    assert texts.when(noon - timedelta(days=7)) == "11월 16일 (월) 12:00"
    assert texts.when(datetime(2025, 12, 31, 15, 0, tzinfo=UTC)) == "1월 1일 (목) 00:00"
    assert texts.when(datetime(2025, 12, 31, 14, 59, tzinfo=UTC)) == "2025년 12월 31일 (수) 23:59"
    assert texts.moment(noon) == "2026년 11월 23일 (월) 12:00:00"


def test_today_is_seouls_today(qapp):
    """23:30 UTC is the next morning in Seoul."""
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    texts = Translator("en", now=lambda: now)
    assert texts.when(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == "Today 01:00"
    assert texts.when(datetime(2026, 11, 22, 14, 0, tzinfo=UTC)) == "Yesterday 23:00"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        seoul(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault that is shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("01012345678", "010-1234-5678"),
        ("010-1234-5678", "010-1234-5678"),
        ("0111234567", "011-123-4567"),
        ("0212345678", "02-1234-5678"),
        ("021234567", "02-123-4567"),
        ("0311234567", "031-123-4567"),
        ("050712345678", "0507-1234-5678"),
        ("07012345678", "070-1234-5678"),
        ("15881234", "1588-1234"),
        ("+82 10 1234 5678", "+82 10 1234 5678"),
        (" 없음 ", "없음"),
        ("", ""),
        ("010", "010"),
    ],
)
def test_phone_numbers_are_grouped_and_never_changed(raw, shown):
    assert phone(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("01055550854", "010-****-0854"),
        ("010-5555-0854", "010-****-0854"),
        ("0111234567", "011-***-4567"),
        ("0212345678", "02-****-5678"),
        ("050712345678", "0507-****-5678"),
        ("15881234", "****-1234"),
        ("+82 10 5555 0854", "+** ** **** 0854"),
        ("０１０５５５５０８５４", "*******０８５４"),
        ("0101234567890-1234", "*************-1234"),
        (" 없음 ", ""),
        ("카톡 user5555", ""),
        ("010", ""),
        ("", ""),
    ],
)
def test_masked_phone_numbers_show_four_digits_at_most_and_no_other_text(raw, shown):
    assert masked_phone(raw) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("김수", "김*"), ("김민수", "김*수"), ("남궁 민수", "남*수"), ("Kim", "K*m"), ("김", "김*")],
)
def test_masked_names_show_their_ends(name, shown):
    assert masked_name(name) == shown


def test_countdown_stops_at_0():
    assert [clock(s) for s in (-3, 0, 9, 65, 600)] == ["0:00", "0:00", "0:09", "1:05", "10:00"]


def test_the_language_changes_at_once(qtbot, texts):
    with qtbot.waitSignal(texts.changed):
        texts.set_language("en")
    assert texts("words.back") == "Back"
    with pytest.raises(ValueError, match="no such language"):
        texts.set_language("fr")


def test_qts_own_buttons_speak_the_language_too(texts):
    texts.translate_qt()
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "취소"
    texts.set_language("en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_qts_translators_are_made_once_and_never_deleted(texts):
    """Each change of language deleted them later, and ended the program now and then."""
    texts.translate_qt()
    first = texts._qt_translators
    texts.set_language("en")
    texts.set_language("ko")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert texts._qt_translators is first
    assert all(isValid(one) for one in first)
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "취소"


def test_one_thing_is_singular_in_english():
    english, korean = Translator("en"), Translator("ko")
    said = [english("import_page.would_add", orders=n, users=1, products=0, same=n) for n in (1, 2)]
    assert said[0] == "To add: 1 order, 1 user, 0 products · 1 known order"
    assert said[1].startswith("To add: 2 orders, 1 user, ")
    assert "…" in english("orders.count") and korean("orders.count", count=1) == "1건"


@pytest.mark.parametrize(("count", "name"), [(3, "라떼 외 2건"), (1, "라떼"), (1, "라떼 외 2건")])
def test_an_order_is_named_in_the_language_of_the_window(count, name):
    assert order_name(Translator("ko"), name, count) == name
    english = order_name(Translator("en"), name, count)
    assert english == ("라떼 and 2 more" if count > 1 else name), "a product may be called so"
