"""How refunds are made exactly once: a strategy for each refund method of a provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from posapp.domain.errors import GatewayError
from posapp.domain.refunds import RefundState, RefundTrigger
from posapp.services.bookkeeping.payment_records import payment_ref_of
from posapp.services.ports.gateway import RefundMethod
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.runtime.gateways import Gateways

NO_STRATEGY = "the provider takes no refund from this program"


class StepOutcome(StrEnum):
    """Result of one round for the outbox: done, retry later, or hand over to a person."""

    OVER = "over"
    LATER = "later"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class StepResult:
    """Result of one round of a refund.

    Attributes:
        why: short evidence for the outbox.
        error: PortOne's error, if there was one.
        pause: minimum wait before the next round; ``None``: the backoff decides.
        contacted_gateway: PortOne was asked; otherwise a missing error says nothing about the
            network.
    """

    outcome: StepOutcome
    why: str = ""
    error: GatewayError | None = None
    pause: timedelta | None = None
    contacted_gateway: bool = True


class RefundStrategy(Protocol):
    """Carries out refunds, one round at a time."""

    def run_once(self, refund_id: int, rounds: int) -> StepResult:
        """Carry out one round of a refund; never raises a gateway error.

        Args:
            rounds: number of rounds of this refund, including this one.
        """
        ...


class RefundDispatcher:
    """``RefundStrategy`` that gives each refund to the strategy of its payment's provider. A refund
    without one is given to a person, and nothing is sent."""

    def __init__(
        self,
        store: Store,
        gateways: Gateways,
        clock: Clock,
        strategies: Mapping[RefundMethod, RefundStrategy],
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._strategies = strategies

    def run_once(self, refund_id: int, rounds: int) -> StepResult:
        """Carry out one round by the provider's refund method; see ``RefundStrategy``."""
        with self._store.snapshot() as uow:
            refund = uow.refunds.get(refund_id)
            ref = payment_ref_of(uow, refund.imp_uid) if refund is not None else None
        if ref is None:
            return StepResult(StepOutcome.OVER, contacted_gateway=False)
        try:
            method = self._gateways.for_(ref).capabilities.refund_method
        except GatewayError as error:
            return StepResult(StepOutcome.LATER, error.cause.value, contacted_gateway=False)
        strategy = self._strategies.get(method)
        if strategy is None:
            return self._give_to_person(refund_id)
        return strategy.run_once(refund_id, rounds)

    def _give_to_person(self, refund_id: int) -> StepResult:
        with self._store.transaction() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None or not refund.is_open:
                return StepResult(StepOutcome.OVER, contacted_gateway=False)
            if refund.state is RefundState.SENDING:
                # An earlier version or setting sent it, and was interrupted there.
                unclear = refund.apply(RefundTrigger.RESPONSE_UNKNOWN)
                refund = replace(unclear, last_unknown_at=self._clock.now())
            if refund.state is not RefundState.NEEDS_REVIEW:
                given = refund.apply(RefundTrigger.ESCALATED)
                uow.refunds.save(
                    replace(given, gateway_message=refund.gateway_message or NO_STRATEGY)
                )
                uow.commit()
        return StepResult(StepOutcome.PERSON, NO_STRATEGY, contacted_gateway=False)
