"""The write lock goes to whoever has waited longest."""

import threading

import pytest

from posapp.store.fifo_lock import FifoLock
from tests.bounds import LONGEST_S


class WatchedLock(FifoLock):
    """Lets a test wait until so many wait for the lock."""

    def wait_for(self, count: int) -> None:
        while len(self._waiting) < count:
            threading.Event().wait(0.001)


def test_it_is_given_in_the_order_in_which_it_was_asked_for() -> None:
    lock, served = WatchedLock(), []

    def take(number: int) -> None:
        assert lock.acquire(LONGEST_S)
        served.append(number)
        lock.release()

    assert lock.acquire(0)
    waiting = [threading.Thread(target=take, args=(number,)) for number in range(5)]
    for count, thread in enumerate(waiting, start=1):
        thread.start()
        lock.wait_for(count)
    lock.release()
    # Whoever has just released it is the last, not the first.
    take(5)
    for thread in waiting:
        thread.join(LONGEST_S)
    assert served == [0, 1, 2, 3, 4, 5]


def test_who_gives_up_is_passed_over() -> None:
    lock = FifoLock()
    assert lock.acquire(0)
    assert not lock.acquire(0)
    lock.release()
    assert lock.acquire(0)
    lock.release()


def test_what_nobody_holds_is_not_released() -> None:
    with pytest.raises(RuntimeError):
        FifoLock().release()
