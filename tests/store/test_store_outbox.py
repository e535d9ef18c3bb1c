"""The outbox against a model of a few lines: claims, leases, order within a payment."""

import dataclasses
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.services.ports.outbox import OutboxEntry, OutboxState
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.store.records import NOW, later, paid, payment, refund


def enqueued(uow: SqlUnitOfWork, n: int, imp_uid: str, due: int) -> OutboxEntry:
    intent = uow.refunds.add(refund(f"[RF-{n}]", imp_uid, item_id=None, amount=1))
    return uow.outbox.enqueue(intent, later(due))


def test_entry_life_cycle(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        waiting = enqueued(uow, 1, "imp_1", 5)
        assert uow.outbox.waiting(9) == (waiting,)
        assert uow.outbox.next_due() == later(5)
        assert uow.outbox.claim(later(4), later(9)) is None
        held = uow.outbox.claim(later(5), later(9))
        assert held == dataclasses.replace(waiting, state=OutboxState.CLAIMED, attempts=1, lease=1)
        assert uow.outbox.claim(later(8), later(20)) is None
        assert uow.outbox.next_due() == later(9)
        assert uow.outbox.postpone(held, later(30), "시간 초과")
        assert not uow.outbox.postpone(held, later(40), "again")
        (again,) = uow.outbox.waiting(9)
        assert (again.due_at, again.last_error, again.attempts) == (later(30), "시간 초과", 1)
        held = uow.outbox.claim(later(30), later(40))
        assert held is not None
        assert uow.outbox.abandon(held, "no answer")
        assert uow.outbox.waiting(9) == ()
        assert uow.outbox.next_due() is None
        assert uow.outbox.requeue(waiting.refund_id, later(50))
        held = uow.outbox.claim(later(50), later(60))
        assert held is not None
        assert not uow.outbox.requeue(waiting.refund_id, later(51)), "somebody is at it"
        assert uow.outbox.settle(held)
        assert not uow.outbox.settle(held)
        assert not uow.outbox.requeue(waiting.refund_id, later(61)), "done is done"
        assert uow.outbox.claim(later(99), later(100)) is None


def test_fault_43_worker_that_wakes_after_its_lease_writes_nothing(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        enqueued(uow, 1, "imp_1", 0)
        slow = uow.outbox.claim(NOW, later(10))
        assert slow is not None
        assert uow.outbox.claim(later(9), later(20)) is None
        quick = uow.outbox.claim(later(10), later(20))
        assert quick is not None
        assert (quick.lease, quick.attempts) == (2, 2)
        for late in (
            uow.outbox.settle(slow),
            uow.outbox.postpone(slow, later(99), "late"),
            uow.outbox.abandon(slow, "late"),
        ):
            assert not late
        assert uow.outbox.settle(quick)


def test_restart_releases_entries_of_the_last_run(store: SqlStore) -> None:
    paid(store, payment(), payment("imp_2", order_id=2))
    with store.transaction() as uow:
        enqueued(uow, 1, "imp_1", 0)
        dead = uow.outbox.claim(NOW, later(999))
        assert dead is not None
        uow.outbox.release_leases()
        assert not uow.outbox.settle(dead)
        assert uow.outbox.next_due() == NOW
        again = uow.outbox.claim(NOW, later(10))
        assert again is not None
        assert again.lease == 2


def test_a_stuck_entry_holds_up_its_own_payment_only(store: SqlStore) -> None:
    paid(store, payment(), payment("imp_2", order_id=2))
    with store.transaction() as uow:
        first = enqueued(uow, 1, "imp_1", 0)
        enqueued(uow, 2, "imp_1", 0)
        other = enqueued(uow, 3, "imp_2", 0)
        held = uow.outbox.claim(NOW, later(10))
        assert held is not None
        assert held.id == first.id
        next_one = uow.outbox.claim(NOW, later(10))
        assert next_one is not None
        assert next_one.id == other.id
        assert uow.outbox.claim(NOW, later(10)) is None
        uow.outbox.abandon(held, "a person has to look")
        assert uow.outbox.claim(later(99), later(100)) == dataclasses.replace(
            next_one, lease=2, attempts=2
        )
        uow.outbox.requeue(first.refund_id, later(100))
        assert uow.outbox.next_due() == later(100)


def test_closed_entry_releases_the_next_of_its_payment(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        first, second = enqueued(uow, 1, "imp_1", 0), enqueued(uow, 2, "imp_1", 0)
        held = uow.outbox.claim(NOW, later(10))
        assert held is not None
        assert not uow.outbox.close(first.refund_id), "somebody is at it"
        uow.outbox.abandon(held, "a person has to look")
        assert uow.outbox.claim(NOW, later(10)) is None
        assert uow.outbox.close(first.refund_id)
        assert not uow.outbox.close(first.refund_id)
        assert not uow.outbox.requeue(first.refund_id, NOW), "done is done"
        following = uow.outbox.claim(NOW, later(10))
        assert following is not None
        assert following.id == second.id


@dataclasses.dataclass
class Modelled:
    """One entry as the port's docstrings have it."""

    id: int
    key: str
    state: OutboxState
    ready: datetime
    attempts: int = 0
    lease: int = 0


class Model:
    def __init__(self) -> None:
        self.entries: list[Modelled] = []

    def free(self) -> list[Modelled]:
        found = []
        for one in self.entries:
            earlier = [e for e in self.entries if e.key == one.key and e.id < one.id]
            blocked = any(e.state is not OutboxState.SETTLED for e in earlier)
            if one.state in (OutboxState.WAITING, OutboxState.CLAIMED) and not blocked:
                found.append(one)
        return sorted(found, key=lambda e: (e.ready, e.id))

    def claim(self, now: datetime, until: datetime) -> Modelled | None:
        for one in self.free():
            if one.ready <= now:
                one.state, one.ready = OutboxState.CLAIMED, until
                one.attempts += 1
                one.lease += 1
                return one
        return None

    def held(self, claim: OutboxEntry) -> Modelled | None:
        one = self.entries[claim.id - 1]
        return one if one.state is OutboxState.CLAIMED and one.lease == claim.lease else None


STEP = st.tuples(
    st.sampled_from(
        ["enqueue", "claim", "claim", "settle", "postpone", "abandon", "requeue", "close"]
    ),
    st.integers(0, 4),  # which payment, claim or refund
    st.integers(1, 30),  # seconds
    st.integers(0, 12),  # how far the clock moves on
)


@given(st.lists(STEP, min_size=5, max_size=40))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_outbox_equals_its_model(store: SqlStore, steps: list[tuple[str, int, int, int]]) -> None:
    with store.transaction() as uow:  # rolled back at the end: each example starts afresh
        for n in range(5):
            uow.payments.add(payment(f"imp_{n}", order_id=n + 1))
        model, claims, now = Model(), list[OutboxEntry](), 0
        for number, (action, which, seconds, passed) in enumerate(steps):
            now += passed
            at, then = later(now), later(now + seconds)
            if action == "enqueue":
                entry = enqueued(uow, number, f"imp_{which}", now + seconds - 10)
                model.entries.append(
                    Modelled(entry.id, entry.payment_key, entry.state, entry.due_at)
                )
            elif action == "claim":
                found, wanted = uow.outbox.claim(at, then), model.claim(at, then)
                assert (found and (found.id, found.lease, found.attempts)) == (
                    wanted and (wanted.id, wanted.lease, wanted.attempts)
                )
                if found is not None:
                    claims.append(found)
            elif action in ("requeue", "close") and model.entries:
                one = model.entries[which % len(model.entries)]
                may = one.state in (OutboxState.WAITING, OutboxState.ABANDONED)
                if may and action == "requeue":
                    one.state, one.ready = OutboxState.WAITING, then
                elif may:
                    one.state = OutboxState.SETTLED
                refund_id = uow.connection.exec_driver_sql(
                    "SELECT refund_id FROM outbox WHERE id = ?", (one.id,)
                ).scalar_one()
                done = (
                    uow.outbox.requeue(refund_id, then)
                    if action == "requeue"
                    else uow.outbox.close(refund_id)
                )
                assert done is may
            elif claims and action in ("settle", "postpone", "abandon"):
                claim = claims[-1 - which % len(claims)]
                held = model.held(claim)
                if action == "settle":
                    done = uow.outbox.settle(claim)
                    state, ready = OutboxState.SETTLED, at
                elif action == "postpone":
                    done = uow.outbox.postpone(claim, then, "x")
                    state, ready = OutboxState.WAITING, then
                else:
                    done = uow.outbox.abandon(claim, "x")
                    state, ready = OutboxState.ABANDONED, at
                assert done is (held is not None)
                if held is not None:
                    held.state, held.ready = state, ready
            free = model.free()
            assert uow.outbox.next_due() == (free[0].ready if free else None)
            alive = (OutboxState.WAITING, OutboxState.CLAIMED)
            assert {e.id for e in uow.outbox.waiting(99)} == {
                e.id for e in model.entries if e.state in alive
            }
