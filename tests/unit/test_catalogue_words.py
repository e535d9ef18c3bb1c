"""The words on screen and paper: one word for one thing, in sentences that tills use.

Each rule of ``catalogue_rules`` is shown with a text that it refuses and one that it takes.
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.unit import catalogue_rules as rules

ROOT = Path(__file__).parents[2]
I18N = ROOT / "resources" / "i18n"
PRODUCT = ROOT / "posapp"
PAGES = ROOT / "resources" / "sandbox"
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]

QT = "qt"
"""The catalogue that repeats Qt's own words."""

A_LIST = {"words.months", "words.weekdays"}
"""Messages that are lists of names, not texts."""

OLD = (
    "시험 결제", "결제하지 못했습니다.", "주문은 결제대기 그대로입니다.",
    "돈은 움직이지 않습니다.", "돈이 구매자에게 돌아갔고", "돌려준 금액", "돌려드렸습니다",
    "돌려주는 까닭", "받은 금액", "그대로 두기", "나중에", "계속 보기", "그만두기",
    "결제를 그만둘까요?", "실행 취소 5초", "미결 금액", "전송 상태", "모두 전송됨",
    "보낼 환불 1건", "닫아도 됩니다", "저절로", "직접 처리", "사람이 처리", "전체 내역",
    "확인이 필요한 것 2건", "바로 전달", "주문 항목 ID", "주문상품 2048", "구매자 ID",
    "회원 12", "고객 요청", "판매자 거부", "구매자 철회", "다른 업무", "결제 홈",
    "PortOne 번호", "결제 번호", "환불 번호", "원장", "키링", "복사본", "엑셀", "PortOne 콘솔",
)  # fmt: skip
"""Texts with a word that has another one now."""

TODAY = (
    "테스트 결제", "결제에 실패했습니다.", "주문상품번호 2048", "주문 결제 번호", "결제번호",
    "환불 전송 상태", "직접 입력", "확인 필요 2건", "되돌리기 (5초)",
    "사용자의 주문상품이 아닙니다.",
)  # fmt: skip
"""Texts with the words of today."""

WIRE = {"portone", "sandbox"}
"""Packages whose Korean is PortOne's, letter by letter."""


def catalogue(language: str) -> dict[str, str]:
    """Return every text of a language by its message id."""
    return {
        f"{path.stem}.{key}": text
        for path in sorted((I18N / language).glob("*.toml"))
        if path.stem != QT
        for key, text in tomllib.loads(path.read_text("utf-8")).items()
    }


@pytest.mark.parametrize("rule", rules.KOREAN, ids=lambda rule: rule.__name__)
def test_korean_texts_keep_the_rules(rule):
    assert rules.complaints([rule], catalogue("ko").items()) == []


@pytest.mark.parametrize("rule", rules.ENGLISH, ids=lambda rule: rule.__name__)
def test_english_texts_keep_the_rules(rule):
    assert rules.complaints([rule], catalogue("en").items()) == []


def test_english_needs_no_more_than_its_room():
    korean, english = catalogue("ko"), catalogue("en")
    wide = {
        message: wrong
        for message, text in english.items()
        if message not in A_LIST and (wrong := rules.too_wide(korean[message], text)) is not None
    }
    assert wide == {}


def test_exempt_texts_exist_and_need_their_exemption():
    """Otherwise an exemption hides the next text of that id."""
    texts = catalogue("ko")
    needless = {
        message
        for message in rules.FIXED
        if not any(rule("other." + message, texts[message]) for rule in rules.KOREAN)
    }
    assert needless == set()


def _korean_in_programs() -> list[tuple[str, str]]:
    found = []
    for path in sorted(PRODUCT.rglob("*.py")):
        if WIRE & set(path.relative_to(PRODUCT).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.search("[가-힣]", node.value)
            ):
                found.append((f"{path.name}:{node.lineno}", node.value))
    return found


def test_texts_of_programs_documents_and_pages_use_the_same_words():
    texts = _korean_in_programs()
    texts += [(path.name, path.read_text("utf-8")) for path in DOCUMENTS]
    assert texts
    found = {where: wrong for where, text in texts if (wrong := rules.forbidden_word(text))}
    assert found == {}


def test_pages_of_the_buyer_move_no_money_in_words():
    for page in sorted(PAGES.glob("*.html")):
        text = page.read_text("utf-8")
        assert (
            rules.one_word_a_thing("page", text.replace("콘솔", "").replace("결제 번호", ""))
            is None
        )
        assert rules.no_plain_polite_form("page", text) is None


@pytest.mark.parametrize("old", OLD)
def test_each_old_word_is_found(old):
    assert rules.one_word_a_thing("pay.title", old) is not None


def test_no_forbidden_word_is_left_without_a_twin():
    unseen = {
        pattern for pattern in rules.KOREAN_WORDS if not any(re.search(pattern, old) for old in OLD)
    }
    assert unseen == set()


@pytest.mark.parametrize("text", TODAY)
def test_the_words_of_today_are_taken(text):
    assert rules.one_word_a_thing("pay.title", text) is None


@pytest.mark.parametrize(
    ("rule", "message", "wrong", "right"),
    [
        (rules.no_plain_polite_form, "pay.late", "결제했어요.", "결제했습니다."),
        (rules.no_plain_polite_form, "pay.late", "다시 확인하세요.", "다시 확인해 주세요."),
        (rules.no_plain_polite_form, "pay.late", "확인하셨나요?", "확인 필요"),
        (rules.no_exclamation_mark, "pay.done", "결제되었습니다!", "결제되었습니다."),
        (rules.no_exclamation_mark, "pay.done", "Paid！", "Paid."),
        (rules.sentences_end, "pay.done", "결제되었습니다", "결제되었습니다."),
        (rules.sentences_end, "pay.done", "기다려 주세요", "기다려 주세요."),
        (rules.sentences_end, "pay.leave", "중단할까요", "중단할까요?"),
        (rules.sentences_end, "pay.leave", "중단할까요. 아니면", "중단할까요? 되돌릴 수 없습니다."),
        (rules.sentences_end, "pay.leave", "결제 중단?", "결제를 중단할까요?"),
        (rules.sentences_end, "pay.name_hint", "입력해 주세요.", "입력해 주세요"),
        (rules.sentences_end, "sync.why_new", "시도 전입니다.", "시도 전입니다"),
        (rules.questions_ask, "pay.stop_question", "결제 중단", "결제를 중단할까요?"),
        (rules.buttons_are_nouns, "pay.stop_button", "결제하기", "결제"),
        (rules.buttons_are_nouns, "cancel.refund_yes", "환불할까요?", "{amount} 환불"),
        (rules.buttons_are_nouns, "cancel.keep", "취소", "닫기"),
        (rules.buttons_are_nouns, "open_money.close_yes", "확인", "확인 완료"),
        (rules.buttons_are_nouns, "sync.requeue", "자동으로 보냅니다.", "자동 전송"),
        (rules.particles_fit, "requests.undone", "{item}은 대기", "{item}번은 대기"),
        (rules.particles_fit, "pay.done", "{name}를 찾음", "찾음: {name}"),
        (rules.particles_fit, "pay.done", "‘{reason}’로 기록", "{amount}이 환불"),
        (rules.particles_fit, "pay.done", "{amount}를 환불", "{amount}을 환불"),
        (rules.english_words, "pay.done", "Ask the customer", "Ask the buyer"),
        (rules.english_words, "pay.done", "It ends by itself.", "It ends automatically."),
        (rules.english_words, "pay.done", "Show open money", "Show unresolved money"),
        (rules.sentence_case, "pay.done", "Show Receipt", "Show receipt"),
        (rules.sentence_case, "pay.done", "Ask. and Wait", "Ask. Wait for KakaoPay (F11)"),
    ],
)  # fmt: skip
def test_each_rule_finds_a_wrong_text_and_takes_a_right_one(rule, message, wrong, right):
    assert rule(message, wrong) is not None
    assert rule(message, right) is None


def test_a_wide_english_text_is_found():
    assert rules.too_wide("주문 보기", "Show me the whole of this order") is not None
    assert rules.too_wide("주문 보기", "Show the order") is None
    assert rules.too_wide("결제에 실패했습니다. {why}", "The payment failed. {why}") is None


def test_complaints_name_the_message():
    (line,) = rules.complaints(rules.KOREAN, [("pay.done", "저절로 끝납니다.")])
    assert line.startswith("pay.done: ") and "자동으로" in line
