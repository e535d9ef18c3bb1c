"""The calls that a program makes to PortOne, seen from beside; for programs of this folder."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import wraps
from typing import Any

now = time.perf_counter


@dataclass(frozen=True, slots=True)
class Made:
    """One call. Times are seconds of ``now``, ``busy`` those of the processor that its own thread
    had meanwhile."""

    path: str
    thread: str
    begin: float
    end: float
    busy: float


class PortOneCalls:
    """Sees each call from now on: it is passed on as it came, whatever it came with."""

    def __init__(self) -> None:
        from posapp.portone.transport import Transport

        self.made: list[Made] = []
        carry = Transport.carry

        @wraps(carry)
        def carry_and_see(transport: Transport, request: Any, *more: Any, **named: Any) -> Any:
            begin, busy = now(), time.thread_time()
            try:
                return carry(transport, request, *more, **named)
            finally:
                busy = time.thread_time() - busy
                thread = threading.current_thread().name
                self.made.append(Made(request.path, thread, begin, now(), busy))

        Transport.carry = carry_and_see  # type: ignore[method-assign]
