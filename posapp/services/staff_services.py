"""Services of staff, put together for the container."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.refund_limits import RefundLimits
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.session import Session
from posapp.services.staff.pin_check import PinCheck
from posapp.services.staff.refund_approvals import RefundApprovals
from posapp.services.staff.sign_in import SignIn
from posapp.services.staff.staff_directory import StaffDirectory
from posapp.services.staff.staff_policy import StaffRefundGuard
from posapp.services.till_config import TillConfig
from posapp.services.till_ports import Ports


@dataclass(frozen=True, slots=True)
class StaffServices:
    """What a till has of staff.

    Attributes:
        access: who may do what at this till, and the limits of its refunds.
    """

    access: AccessControl
    sign_in: SignIn
    directory: StaffDirectory
    approvals: RefundApprovals
    limits: RefundLimits


def build_staff_services(
    ports: Ports, config: TillConfig, session: Session, is_online: Callable[[], bool]
) -> StaffServices:
    """Build the services of staff of one till."""
    store, clock = ports.store, ports.clock

    def is_fresh(staff_id: int, seconds: int) -> bool:
        return session.is_fresh(staff_id, seconds, clock.monotonic())

    def is_confirmed(staff_id: int) -> bool:
        seconds = config.refund_limits.fresh_seconds
        return session.is_confirmed(staff_id, seconds, clock.monotonic())

    guard = StaffRefundGuard(clock, config.refund_limits, is_fresh)
    access = AccessControl(ports.access, guard)
    pins = PinCheck(store, clock, ports.pin_hasher, ports.try_counter)
    return StaffServices(
        access,
        SignIn(store, clock, pins, session),
        StaffDirectory(
            store,
            clock,
            pins,
            ports.pin_hasher,
            ports.try_counter,
            ports.ids,
            access,
            is_confirmed,
        ),
        RefundApprovals(store, clock, pins, is_online, guard.proof_of),
        config.refund_limits,
    )
