"""Rules of the words on screen and paper. ``tests/unit/test_catalogue_words.py`` holds them.

A rule takes a message's id and text and returns what is wrong with it, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Rule = Callable[[str, str], "str | None"]

FIXED = frozenset(
    {
        "display.welcome",
        "display.scan",
        "display.paying",
        "display.paid",
        "display.thanks",
        "errors.order406",
        "errors.orderItem409_1",
        "errors.payment_cancelled",
        "cancel.reason_hint",
        "cancel.cancel_done",
        "cancel.refund_done",
        "kiosk.start",
        "kiosk.pay",
        "kiosk.paying",
        "kiosk.checking",
        "kiosk.idle",
    }
)
"""Messages whose Korean text docs/specification.md fixes although a rule says otherwise."""

FIXED_TEXTS = (
    "가입되지 않은 회원입니다.",
    "사용자의 주문상품이 아닙니다.",
    "취소 이유를 입력하세요",
)
"""Fixed texts that contain a forbidden word, as documents and programs quote them."""

KOREAN_WORDS = {
    r"시험": "테스트",
    r"결제하지 못": "결제에 실패했습니다",
    r"결제대기 그대로": "결제대기 상태로 남아 있습니다",
    r"(?<![가-힣])돈[은이을의만도](?![가-힣])": "환불되는 금액, 결제 금액",
    r"돌아갔|돌려(?:준|주|드|받|보)": "환불되었습니다",
    r"까닭": "사유",
    r"받은 금액": "결제 금액",
    r"그대로 두기|나중에$": "닫기",
    r"계속 보기": "계속 대기",
    r"그만[두둘둔뒀]": "결제 중단",
    r"실행 취소": "되돌리기",
    r"미결": "미처리 금액",
    r"(?<!환불 )전송 상태": "전송 현황",
    r"모두 전송": "미전송 없음",
    r"보낼 환불": "전송 대기 환불",
    r"닫아도": "종료해도",
    r"저절로": "자동으로",
    r"직접 처리|사람이 (?:처리|결정|확인)": "수동 처리, 담당자가",
    r"전체 내역": "처리 이력",
    r"확인이 필요한 것": "확인 필요",
    r"바로 전달": "현장 수령 완료",
    r"주문 항목|주문상품(?!번호)": "주문상품번호",
    r"구매자 ID|판매자 ID": "구매자 번호",
    r"회원": "구매자 번호, 사용자",
    r"고객": "구매자",
    r"판매자 거부|구매자 철회": "반려, 철회",
    r"다른 업무": "더보기",
    r"결제 홈": "홈",
    r"PortOne 번호|(?<!주문 )결제 번호": "결제번호, 주문 결제 번호",
    r"환불 번호": "환불번호",
    r"원장": "장부",
    r"키링": "키 보관함",
    r"복사본": "백업",
    r"엑셀": "Excel",
    r"콘솔": "관리자 화면",
}
"""Words that have another word instead (pattern → what to write)."""

ENGLISH_WORDS = {
    r"(?i)\bcustomers?\b|\bclients?\b|\bmembers?\b": "buyer",
    r"(?i)\bopen money\b": "unresolved money",
    r"(?i)\bsandbox\b": "practice",
    r"(?i)\bby itself\b": "automatically",
    r"(?i)\bplease kindly\b|\boops\b|\bsorry\b": "what happened, and what to do",
}

PROPER_NAMES = frozenset(
    "PortOne KakaoPay QR PDF CSV JSON TSV Excel SmartStore Coupang UTF-8 CP949 MiB KB SQLite "
    "Python Wi-Fi Enter Esc WebP "
    "Space Home End PgUp PgDn Ctrl NumLock COPY TEST LIVE F2 F11 F12 Sync FILE FOLDER HOST English "
    "Hangul Korean Seller Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat "
    "Sun N I".split()
)
"""Words that keep their capital inside a sentence: names, keys, and what a page is called."""

_ENDS = r"(?:니다|세요|까요)"
_YO = re.compile(r"([가-힣]*요)(?![가-힣])")
_NOUNS_IN_YO = ("필요", "중요", "개요", "수요", "주요", "동요")
_PARTICLE = re.compile(r"\{(\w+)\}[’”\")]?(을|를|이|가|은|는|과|와|으로|로|이라|라)(?![가-힣])")
_WON = frozenset({"amount"})
"""Parameters that end in 원, after which 이, 을, 은, 과 and 으로 are right."""

_BUTTON = re.compile(
    r"(?:_button|_yes|_yes_refund|_no)$|\.(?:go_\w+|keep|decide_no|decide_later|not_now|undo|"
    r"undo_left|send|withdraw|copy|print|pdf|try_now|try_all|try_again|requeue|take_over|evidence|"
    r"reconcile|stop|watch|pay|pick|receipt|close|back|retry|view|open_folder|home|approve|reject|"
    r"export|export_cancel|saved_keep|saved_use|saved_remove|clear_all|cancel_one|cancel_ticked|"
    r"change_actor|hand_over|show|leave_close|leave_stay|more)$"
)

WIDEST = 1.6
"""Width of an English text in widths of the Korean one, for texts of some length."""

SHORT = 26.0
"""Latin letters up to which an English text may be wider than that: a word or two."""


def one_word_a_thing(message: str, text: str) -> str | None:
    """Find a Korean word that has another one instead."""
    if message in FIXED:
        return None
    return forbidden_word(text)


def forbidden_word(text: str) -> str | None:
    """Find a forbidden word in any Korean text; texts that the specification fixes are left out."""
    for fixed in FIXED_TEXTS:
        text = text.replace(fixed, "")
    for pattern, better in KOREAN_WORDS.items():
        if found := re.search(pattern, text):
            return f"{found.group()!r} is written as: {better}"
    return None


def no_plain_polite_form(message: str, text: str) -> str | None:
    """Find 해요체: only the requests -해 주세요 and the questions -할까요 end in 요."""
    if message in FIXED:
        return None
    for word in _YO.findall(text):
        is_request = word.endswith(("주세요", "까요"))
        if not is_request and not word.endswith(_NOUNS_IN_YO):
            return f"{word!r} is 해요체"
    return None


def no_exclamation_mark(_message: str, text: str) -> str | None:
    """Find an exclamation mark."""
    return "an exclamation mark" if "!" in text or "！" in text else None


def sentences_end(message: str, text: str) -> str | None:
    """Find a sentence without its end, and a question without its mark.

    A hint inside a field is written without a full stop. So is ``sync.why_*``, which is a part of a
    line.
    """
    if message in FIXED:
        return None
    shown = text.strip().removesuffix("[y/N]").rstrip()
    is_fragment = message.endswith("_hint") or message.startswith("sync.why_")
    if is_fragment:
        return "a fragment ends with a full stop" if shown.endswith(".") else None
    if re.search(rf"{_ENDS}$", shown):
        return "a sentence has no end"
    if re.search(r"까요(?!\?)", shown):
        return "a question has no question mark"
    if re.search(r"(?<!까요)\?", shown):
        return "a question does not end in -할까요"
    return None


def questions_ask(message: str, text: str) -> str | None:
    """Find a question by its id that asks nothing."""
    if re.search(r"_question(?:_one)?$", message) and "까요?" not in text:
        return "a question that does not ask"
    return None


def buttons_are_nouns(message: str, text: str) -> str | None:
    """Find a button that is no noun, or a bare yes."""
    if not _BUTTON.search(message) or message in FIXED:
        return None
    if re.search(rf"{_ENDS}[.?]?$|하기$|기로$|[.!?]$", text):
        return "a button is a noun"
    if text in ("예", "네", "확인", "아니요", "아니오", "취소"):
        return "a button names what it does"
    return None


def particles_fit(_message: str, text: str) -> str | None:
    """Find a particle after a parameter that fits only some values."""
    for name, particle in _PARTICLE.findall(text):
        if name not in _WON or particle in ("를", "가", "는", "와", "로", "라"):
            return f"{{{name}}}{particle}: the particle depends on the value"
    return None


def english_words(_message: str, text: str) -> str | None:
    """Find an English word that has another one instead."""
    for pattern, better in ENGLISH_WORDS.items():
        if found := re.search(pattern, text):
            return f"{found.group()!r} is written as: {better}"
    return None


def sentence_case(_message: str, text: str) -> str | None:
    """Find a capital inside an English sentence."""
    bare = re.sub(r"\{\w+\}", "1", text)
    for found in re.finditer(r"(?<![\w@./&*+-])[A-Z][A-Za-z0-9-]*", bare):
        before = bare[: found.start()].rstrip()
        begins = not before or before[-1] in ".?:·“‘(\n/|①②③④" or before.endswith(("—", "…"))
        word = found.group()
        if begins or word in PROPER_NAMES or word.isupper():
            continue
        return f"{word!r} has a capital inside a sentence"
    return None


def width(text: str) -> float:
    """Return the width of a text in Latin letters; a syllable of Hangul is 1.65 of them wide."""
    several = re.sub(r"\{(\w+):[^|}]*\|([^}]*)\}", r"{\1} \2", text)
    bare = re.sub(r"\{\w+\}", "000", several)
    return sum(1.65 if "가" <= sign <= "힣" else 1.0 for sign in bare)


def too_wide(korean: str, english: str) -> str | None:
    """Find an English text that needs much more room than the Korean one."""
    wide, limit = width(english), max(width(korean) * WIDEST, SHORT)
    return f"{wide:.0f} wide, at most {limit:.0f}" if wide > limit else None


KOREAN: tuple[Rule, ...] = (
    one_word_a_thing,
    no_plain_polite_form,
    no_exclamation_mark,
    sentences_end,
    questions_ask,
    buttons_are_nouns,
    particles_fit,
)
ENGLISH: tuple[Rule, ...] = (english_words, sentence_case, no_exclamation_mark)


def complaints(rules: Iterable[Rule], texts: Iterable[tuple[str, str]]) -> list[str]:
    """Return a line for each text that a rule finds wrong."""
    return [
        f"{message}: {wrong} — {text}"
        for message, text in texts
        for rule in rules
        if (wrong := rule(message, text)) is not None
    ]
