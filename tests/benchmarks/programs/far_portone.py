"""A remote PortOne: a sandbox behind a proxy, in its own process.

Arguments: the start in seconds, the number of paid payments in its books, milliseconds of latency.
Prints its addresses and keys as one line of JSON; then obeys lines on its input: ``refuse``,
``swallow``, ``good``, ``books`` (prints the refunded amounts).
"""

from __future__ import annotations

import json
import sys
import time

from posapp.sandbox import Sandbox
from posapp.sandbox.records import Payment, Status
from tests.faults.proxy import FaultProxy, Way

COUNT, LATENCY_S = int(sys.argv[2]), int(sys.argv[3]) / 1000
AMOUNT = 1000

GOOD = Way(latency_s=LATENCY_S)


def paid(number: int) -> Payment:
    now = int(time.time())
    return Payment(
        imp_uid=f"imp_{number:012d}",
        merchant_uid=f"bench-{number}",
        name="빵",
        amount=AMOUNT,
        started_at=now,
        sequence=number,
        status=Status.PAID,
        paid_at=now,
        updated_at=now,
    )


def say(value: object) -> None:
    print(json.dumps(value), flush=True)


with Sandbox() as sandbox, FaultProxy(sandbox.api) as proxy:
    sandbox.books.take_over(map(paid, range(1, COUNT + 1)))
    proxy.set(GOOD)
    say(
        {
            "api": proxy.base,
            "link": sandbox.link_api,
            "user_code": sandbox.user_code,
            "channel_key": sandbox.channel_key,
            "keys": {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret},
        }
    )
    for line in sys.stdin:
        match line.strip():
            case "refuse":
                proxy.refuse()
            case "swallow":
                proxy.set(Way(swallow=True))
                proxy.listen_again()
            case "good":
                proxy.set(GOOD)
                proxy.listen_again()
            case "books":
                say([one.cancel_amount for one in sandbox.books.payments()])
                continue
        say(line.strip())
