"""A record of a program's calls to PortOne; for programs of this folder."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import wraps
from typing import Any

now = time.perf_counter


@dataclass(frozen=True, slots=True)
class Made:
    """One call. Times are seconds of ``now``, ``busy`` the processor seconds of its own thread
    during the call."""

    path: str
    thread: str
    begin: float
    end: float
    busy: float


class PortOneCalls:
    """Records each call from now on and passes it on with all its arguments."""

    def __init__(self) -> None:
        from posapp.portone.transport import Transport

        self.made: list[Made] = []
        carry = Transport.send

        @wraps(carry)
        def carry_and_see(transport: Transport, request: Any, *more: Any, **named: Any) -> Any:
            begin, busy = now(), time.thread_time()
            try:
                return carry(transport, request, *more, **named)
            finally:
                busy = time.thread_time() - busy
                thread = threading.current_thread().name
                self.made.append(Made(request.path, thread, begin, now(), busy))

        Transport.send = carry_and_see  # type: ignore[method-assign]
