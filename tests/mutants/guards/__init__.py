"""The list, by the rooms of the guards."""

from __future__ import annotations

from tests.mutants.guards import (
    access,
    accounts,
    cash,
    cash_instead,
    cash_receipts,
    comparing,
    counter,
    domain,
    gateway,
    kiosk,
    parts,
    portone,
    print_queue,
    printing,
    receipts,
    refunds,
    sale,
    services,
    staff,
    store,
    tax,
    wire_forms,
)
from tests.mutants.mutant import Mutant

ALL: tuple[Mutant, ...] = (
    *domain.MUTANTS,
    *services.MUTANTS,
    *comparing.MUTANTS,
    *refunds.MUTANTS,
    *parts.MUTANTS,
    *sale.MUTANTS,
    *tax.MUTANTS,
    *cash.MUTANTS,
    *cash_instead.MUTANTS,
    *cash_receipts.MUTANTS,
    *counter.MUTANTS,
    *gateway.MUTANTS,
    *store.MUTANTS,
    *portone.MUTANTS,
    *access.MUTANTS,
    *accounts.MUTANTS,
    *staff.MUTANTS,
    *wire_forms.MUTANTS,
    *kiosk.MUTANTS,
    *printing.MUTANTS,
    *print_queue.MUTANTS,
    *receipts.MUTANTS,
)
