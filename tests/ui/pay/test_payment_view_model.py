"""Every phase in words, in both languages, and with the ways out that it has."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.verification import PaymentProblem
from posapp.services.payments.payment_progress import FINAL_PHASES, PaymentPhase, PaymentProgress
from posapp.ui.core.i18n import Translator
from posapp.ui.payment.payment_view_model import (
    view_state_before,
    view_state_of,
    view_state_of_error,
)
from posapp.ui.widgets.phase_icon import ICONS, TONE_COLOURS
from tests.ui.pay.payment_scenarios import (
    BUYER,
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    FakePaymentService,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    UserError,
)


def reported(phase: PaymentPhase, reason: str = "") -> PaymentProgress:
    payment_service = FakePaymentService()
    payment_service.start(Actor.buyer(BUYER.id), 1024)
    if reason:
        payment_service.become(phase, reason)
    else:
        payment_service.become(phase)
    progress = payment_service.now_is()
    assert progress.phase is phase
    return progress


TEXT = {
    PaymentPhase.SCAN: "스캔 대기",
    PaymentPhase.PAYING: "결제 중",
    PaymentPhase.CHECKING: "확인 중",
    PaymentPhase.DONE: "완료",
    PaymentPhase.EXPIRED: "만료",
    PaymentPhase.FAILED: "실패",
    PaymentPhase.RETURNING: "확인 중",
}


@pytest.mark.parametrize("phase", PaymentPhase)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_phase_has_text_and_a_shape(qapp, phase: PaymentPhase, language: str):
    status = view_state_of(Translator(language), reported(phase))
    assert status.label
    assert status.heading
    assert status.mark in ICONS
    assert status.tone in TONE_COLOURS
    for text in (status.label, status.heading, status.message, status.detail):
        assert "pay." not in text
        assert "errors." not in text


@pytest.mark.parametrize(("phase", "label"), TEXT.items())
def test_the_text_of_the_specification(qapp, phase: PaymentPhase, label: str):
    assert view_state_of(Translator("ko"), reported(phase)).label == label


def test_states_differ_by_shape_and_not_only_by_colour(qapp):
    texts = Translator("ko")
    states = [view_state_of(texts, reported(phase)) for phase in PaymentPhase]
    states.append(view_state_before(texts, loading=False, starting=False))
    states.append(view_state_of(texts, reported(PaymentPhase.SCAN), time_is_over=True))
    marks = [state.mark for state in states]
    assert len(set(marks)) == len(marks)
    outcomes = [view_state_of(texts, reported(phase)) for phase in FINAL_PHASES]
    assert len({state.label for state in outcomes}) == len(outcomes)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_before_the_attempt_nothing_can_be_stopped(qapp, language: str):
    texts = Translator(language)
    for loading, starting in ((True, False), (False, False), (False, True)):
        state = view_state_before(texts, loading=loading, starting=starting)
        assert state.before and state.label and state.heading
        assert not (state.stoppable or state.outcome or state.retry or state.receipt)
        assert state.moving == (loading or starting)


@pytest.mark.parametrize("phase", PaymentPhase)
def test_the_place_of_the_qr_is_kept_until_it_is_over(qapp, phase: PaymentPhase):
    state = view_state_of(Translator("ko"), reported(phase))
    assert state.outcome == (phase in FINAL_PHASES or phase is PaymentPhase.RETURNING)
    assert not state.before


@pytest.mark.parametrize("phase", PaymentPhase)
def test_there_is_always_a_way_on(qapp, phase: PaymentPhase):
    """A finished phase can be left or tried again; a running one shows that it runs."""
    status = view_state_of(Translator("ko"), reported(phase))
    if phase in FINAL_PHASES:
        assert not status.moving
        assert not status.stoppable
    else:
        assert status.moving or status.stoppable


def test_exact_sentences(qapp):
    texts = Translator("ko")
    assert view_state_of(texts, reported(PaymentPhase.DONE)).heading == "성공적으로 결제되었습니다."
    returned = view_state_of(texts, reported(PaymentPhase.RETURNED))
    assert returned.heading == "결제가 취소되었습니다"
    assert returned.message == "PortOne 서버 결제 금액이 다릅니다."
    failed = view_state_of(texts, reported(PaymentPhase.FAILED))
    assert failed.message == "[결제포기] 사용자가 결제를 취소하셨습니다"
    assert failed.detail == "주문은 결제대기 상태로 남아 있습니다."
    broken = view_state_of(texts, reported(PaymentPhase.RETURN_FAILED))
    assert broken.heading == "결제 취소 중 오류가 발생했습니다: 결제취소에 실패하였습니다."
    assert "목록" in broken.detail


@pytest.mark.parametrize("problem", PaymentProblem)
@pytest.mark.parametrize(
    "phase", [PaymentPhase.RETURNING, PaymentPhase.RETURNED, PaymentPhase.RETURN_FAILED]
)
def test_every_problem_has_its_message(qapp, problem: PaymentProblem, phase: PaymentPhase):
    from dataclasses import replace

    texts = Translator("ko")
    status = view_state_of(texts, replace(reported(phase), problem=problem))
    assert texts(f"errors.{problem.value}") in status.message
    if phase is PaymentPhase.RETURNED:
        nothing_left = problem in (PaymentProblem.ORDER_PAID, PaymentProblem.ORDER_GONE)
        assert status.retry is not nothing_left


def test_a_cause_of_ours_has_a_sentence(qapp):
    texts = Translator("ko")
    status = view_state_of(texts, reported(PaymentPhase.FAILED, GatewayCause.TIMEOUT.value))
    assert status.message == texts("errors.portone_timeout")


def test_portones_text_is_cut_and_plain(qapp):
    reason = "\u202e<b>" + "가" * 10_000 + "\x00"
    message = view_state_of(Translator("ko"), reported(PaymentPhase.FAILED, reason)).message
    assert len(message) < 400
    assert "\u202e" not in message
    assert "\x00" not in message


def test_expired_code_is_shown_as_expired_until_resolved(qapp):
    texts = Translator("ko")
    status = view_state_of(texts, reported(PaymentPhase.SCAN), time_is_over=True)
    assert status.label == "만료 · 확인 중"
    assert status.moving
    assert not status.retry  # not known yet whether it was paid
    assert view_state_of(texts, reported(PaymentPhase.DONE), time_is_over=True).label == "완료"


@pytest.mark.parametrize(
    "code", [code for code in ErrorCode if not code.value.startswith("attempt409")]
)
def test_a_guard_is_final_and_has_its_code(qapp, code: ErrorCode):
    texts = Translator("ko")
    error = UserError(code, product="감귤", smallest=100, largest=2_000_000)
    status = view_state_of_error(texts, error)
    assert status.heading == texts.error(error)
    assert code.value in status.code
    assert not status.retry


@pytest.mark.parametrize(
    "error",
    [
        *(GatewayError(GatewayOutcome.RETRY_SAFE, cause) for cause in GatewayCause),
        EnvironmentProblem(EnvironmentCode.DATABASE_BUSY),
        UserError(ErrorCode.ATTEMPT_IN_PROGRESS),
        ZeroDivisionError("a bug"),
    ],
    ids=str,
)
def test_other_errors_can_be_retried_and_keep_the_order(qapp, error: Exception):
    texts = Translator("ko")
    status = view_state_of_error(texts, error)
    assert status.message == texts.error(error)
    assert status.detail == "주문은 결제대기 상태로 남아 있습니다."
    assert status.retry
