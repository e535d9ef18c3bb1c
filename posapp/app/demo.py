"""The demo shop: PortOne's sandbox inside the program, and a shop with past sales.

Needs no account, server or keyring: the sandbox makes its own keys, which are valid until the
program ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from posapp.app.command_access import COMMAND_ACCESS
from posapp.app.container import open_container
from posapp.app.shop_config import Shop, gateway_settings_of, till_config_of
from posapp.domain.actors import TILL
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.domain.seals import DEMO_KEY
from posapp.sandbox import Cancellation, Payment, Sandbox, Status, StorageFileError
from posapp.sandbox.door import SECRET, SHORTEST, handed_over
from posapp.sandbox.records import Buyer
from posapp.services.container import Container
from posapp.services.importing import ImportService, SeedPayment, seed_payments
from posapp.services.ports.system import Clock, IdGeneratorFactory
from posapp.services.reconciliation.payment_pages import read_pages
from posapp.ui.core.resources import resource

SANDBOX_BOOKS = "sandbox.json"
SANDBOX_PORT = "sandbox.port"

WINDOW = timedelta(days=89)
"""Window of the list that confirms the demo's past sales; all of them are younger. The till later
reads by its number any payment that the list does not contain."""

A_MINUTE = timedelta(minutes=1)


DEMO_PEPPER = "de" * 32
"""Secret of the PINs of a demo shop; it is none, so that they work after a restart."""


class EmbeddedSecrets:
    """The keys of the sandbox inside this program; stored in memory only."""

    def __init__(self, **values: str) -> None:
        self._values = values

    def get(self, name: str) -> str:
        """Return a key; raises SECRET_MISSING for any other name."""
        try:
            return self._values[name]
        except KeyError:
            raise EnvironmentProblem(EnvironmentCode.SECRET_MISSING, name) from None

    def put(self, name: str, value: str) -> None:
        """Store a key until the program ends."""
        self._values[name] = value

    def put_all(self, values: Mapping[str, str]) -> None:
        """Store keys until the program ends."""
        self._values |= values


@dataclass(frozen=True, slots=True)
class Demo:
    """A till and its sandbox."""

    container: Container
    sandbox: Sandbox

    def close(self) -> None:
        """Close the till first: it may still have calls to the sandbox."""
        self.container.close()
        self.sandbox.stop()


def open_demo(shop: Shop, clock: Clock, ids: IdGeneratorFactory, wake: Callable[[], None]) -> Demo:
    """Start the sandbox, open the demo shop's database, and give both the same past sales.

    A demo shop that is opened again keeps its state: known orders are unchanged.

    Raises:
        EnvironmentProblem: the database, the disk, or the sandbox's stored books cannot be read.
    """
    sandbox = _start_sandbox(shop)
    settings = replace(
        gateway_settings_of(shop.settings),
        api_base=sandbox.api,
        link_base=sandbox.link_api,
        user_code=sandbox.user_code,
        channel_key=sandbox.channel_key,
        link_hosts=(sandbox.api,),
        live=False,
    )
    secrets = EmbeddedSecrets(
        imp_key=sandbox.imp_key, imp_secret=sandbox.imp_secret, pin_pepper=DEMO_PEPPER
    )
    config = replace(till_config_of(shop.settings), live=False, practice=True)
    try:
        container = open_container(
            shop.home.database,
            settings,
            config,
            secrets,
            clock,
            ids,
            wake,
            mode=Mode.DEMO,
            pin_secrets=secrets,
            seal=DEMO_KEY,
            shop=shop,
        )
    except BaseException:
        sandbox.stop()
        raise
    demo = Demo(container, sandbox)
    try:
        _seed_demo_data(demo, clock)
    except BaseException:
        demo.close()
        raise
    return demo


def _start_sandbox(shop: Shop) -> Sandbox:
    """Start the sandbox at its previous port, so that earlier links still work; at another port if
    that one is taken."""
    kept_port = shop.home.root / SANDBOX_PORT
    books = shop.home.root / SANDBOX_BOOKS
    secret = handed_over(os.environ)
    try:
        try:
            sandbox = Sandbox(port=_port_in(kept_port), keep=books, dial_secret=secret).start()
        except OSError:
            sandbox = Sandbox(keep=books, dial_secret=secret).start()
        kept_port.write_text(str(sandbox.port), encoding="ascii")
    except ValueError:
        problem = f"{SECRET}: at least {SHORTEST} visible ASCII characters"
        raise EnvironmentProblem(EnvironmentCode.SETTINGS_BAD, problem) from None
    except (StorageFileError, OSError) as error:
        raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, str(error)) from error
    return sandbox


def _port_in(path: Path) -> int:
    """Return the stored port, or 0 for any free one."""
    try:
        port = int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
    return port if 1024 <= port <= 65535 else 0


def _seed_demo_data(demo: Demo, clock: Clock) -> None:
    """Give till and sandbox the same sales. Imported payments count only once the sandbox shows
    them, as for any file. Here the sandbox's list confirms them at once, because the books are this
    program's own."""
    importing = ImportService(demo.container.store, clock, COMMAND_ACCESS, sellers=True)
    batch = importing.read(resource("demo", "shop.json"), shift_to=clock.now())
    importing.apply(TILL, batch)
    waiting = {claim.imp_uid for claim in demo.container.claim_verification.waiting()}
    if waiting:
        past = (one for one in seed_payments(batch) if one.imp_uid in waiting)
        demo.sandbox.books.take_over(_to_sandbox_payment(one) for one in past)
        now = clock.now()
        shown = {
            one.imp_uid: one
            for page in read_pages(demo.container.gateway, now - WINDOW, now + A_MINUTE)
            for one in page.payments
        }
        demo.container.claim_verification.resolve(shown)


def _to_sandbox_payment(paid: SeedPayment) -> Payment:
    paid_at = int(paid.paid_at.timestamp())
    cancellations = tuple(
        Cancellation(
            amount=int(line.amount),
            cancelled_at=int(line.cancelled_at.timestamp()),
            reason=line.reason,
            cancellation_id=line.cancellation_id,
            pg_tid=f"T{paid.imp_uid}",
        )
        for line in paid.cancellations
    )
    gone = sum(line.amount for line in cancellations)
    return Payment(
        imp_uid=paid.imp_uid,
        merchant_uid=paid.merchant_uid,
        name=paid.name,
        amount=int(paid.amount),
        started_at=paid_at,
        sequence=0,
        status=Status.CANCELLED if gone == paid.amount else Status.PAID,
        sandbox=paid.sandbox,
        pg_tid=f"T{paid.imp_uid}",
        buyer=Buyer(name=paid.buyer_name, tel=paid.buyer_phone),
        paid_at=paid_at,
        updated_at=paid_at,
        cancellations=cancellations,
    )
