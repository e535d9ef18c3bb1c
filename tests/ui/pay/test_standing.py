"""Every phase in words, in both languages, and with the ways out that it has."""

from __future__ import annotations

import pytest

from posapp.domain.verification import Problem
from posapp.services.progress import OVER, Phase, Progress
from posapp.ui.i18n import Texts
from posapp.ui.screens.pay_parts.phase_mark import GROUND, MARKS
from posapp.ui.screens.pay_parts.standing import standing_of, standing_of_error
from tests.ui.pay.stories import (
    BUYER,
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    FakePaying,
    GatewayCause,
    GatewayError,
    Outcome,
    UserError,
)


def told(phase: Phase, reason: str = "") -> Progress:
    paying = FakePaying()
    paying.start(BUYER.id, 1024)
    if reason:
        paying.become(phase, reason)
    else:
        paying.become(phase)
    progress = paying.now_is()
    assert progress.phase is phase
    return progress


WORDS = {
    Phase.SCAN: "스캔 대기",
    Phase.PAYING: "결제 중",
    Phase.CHECKING: "확인 중",
    Phase.DONE: "완료",
    Phase.EXPIRED: "만료",
    Phase.FAILED: "실패",
    Phase.RETURNING: "확인 중",
}


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_phase_has_words_and_a_shape(qapp, phase: Phase, language: str):
    standing = standing_of(Texts(language), told(phase))
    assert standing.word
    assert standing.heading
    assert standing.mark in MARKS
    assert standing.tone in GROUND
    for words in (standing.word, standing.heading, standing.message, standing.detail):
        assert "pay." not in words
        assert "errors." not in words


@pytest.mark.parametrize(("phase", "word"), WORDS.items())
def test_the_words_of_the_specification(qapp, phase: Phase, word: str):
    assert standing_of(Texts("ko"), told(phase)).word == word


def test_outcomes_differ_by_shape_and_not_only_by_colour(qapp):
    marks = [standing_of(Texts("ko"), told(phase)).mark for phase in OVER]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("phase", Phase)
def test_there_is_always_a_way_on(qapp, phase: Phase):
    """Something that is over can be left or tried again; what moves says that it does."""
    standing = standing_of(Texts("ko"), told(phase))
    if phase in OVER:
        assert not standing.moving
        assert not standing.stoppable
    else:
        assert standing.moving or standing.stoppable


def test_exact_sentences(qapp):
    texts = Texts("ko")
    assert standing_of(texts, told(Phase.DONE)).heading == "성공적으로 결제되었습니다."
    returned = standing_of(texts, told(Phase.RETURNED))
    assert returned.heading == "결제가 취소되었습니다"
    assert returned.message == "PortOne 서버 결제 금액이 다릅니다."
    failed = standing_of(texts, told(Phase.FAILED))
    assert failed.message == "[결제포기] 사용자가 결제를 취소하셨습니다"
    assert failed.detail == "주문은 결제대기 그대로입니다."
    broken = standing_of(texts, told(Phase.RETURN_FAILED))
    assert broken.heading == "결제 취소 중 오류가 발생했습니다: 결제취소에 실패하였습니다."
    assert "목록" in broken.detail


@pytest.mark.parametrize("problem", Problem)
@pytest.mark.parametrize("phase", [Phase.RETURNING, Phase.RETURNED, Phase.RETURN_FAILED])
def test_every_problem_has_its_message(qapp, problem: Problem, phase: Phase):
    from dataclasses import replace

    texts = Texts("ko")
    standing = standing_of(texts, replace(told(phase), problem=problem))
    assert texts(f"errors.{problem.value}") in standing.message
    if phase is Phase.RETURNED:
        nothing_left = problem in (Problem.ORDER_PAID, Problem.ORDER_GONE)
        assert standing.retry is not nothing_left


def test_a_cause_of_ours_is_put_into_words(qapp):
    texts = Texts("ko")
    standing = standing_of(texts, told(Phase.FAILED, GatewayCause.TIMEOUT.value))
    assert standing.message == texts("errors.portone_timeout")


def test_portones_text_is_cut_and_plain(qapp):
    reason = "\u202e<b>" + "가" * 10_000 + "\x00"
    message = standing_of(Texts("ko"), told(Phase.FAILED, reason)).message
    assert len(message) < 400
    assert "\u202e" not in message
    assert "\x00" not in message


def test_time_is_over_says_so_until_it_is_settled(qapp):
    texts = Texts("ko")
    standing = standing_of(texts, told(Phase.SCAN), time_is_over=True)
    assert standing.word == "만료 · 확인 중"
    assert standing.moving
    assert not standing.retry  # nobody knows yet whether it was paid
    assert standing_of(texts, told(Phase.DONE), time_is_over=True).word == "완료"


@pytest.mark.parametrize(
    "code", [code for code in ErrorCode if not code.value.startswith("attempt409")]
)
def test_a_guard_is_final_and_has_its_code(qapp, code: ErrorCode):
    texts = Texts("ko")
    error = UserError(code, product="감귤", smallest=100, largest=2_000_000)
    standing = standing_of_error(texts, error)
    assert standing.heading == texts.error(error)
    assert code.value in standing.code
    assert not standing.retry


@pytest.mark.parametrize(
    "error",
    [
        *(GatewayError(Outcome.RETRY_SAFE, cause) for cause in GatewayCause),
        EnvironmentProblem(EnvironmentCode.DATABASE_BUSY),
        UserError(ErrorCode.ATTEMPT_IN_PROGRESS),
        ZeroDivisionError("a bug"),
    ],
    ids=str,
)
def test_anything_else_can_be_tried_again_and_leaves_the_order_unharmed(qapp, error: Exception):
    texts = Texts("ko")
    standing = standing_of_error(texts, error)
    assert standing.message == texts.error(error)
    assert standing.detail == "주문은 결제대기 그대로입니다."
    assert standing.retry
