"""What an import did, or would do."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.importing.import_errors import Complaint, Complaints
from posapp.services.importing.import_plan import Plan


@dataclass(frozen=True, slots=True)
class Tally:
    """Number of records of one kind."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Result of an import or of its check.

    Attributes:
        import_id: number of the import, by which it can be undone; 0 if nothing was written.
        stopped: the caller stopped it; what was written was taken back.
        kept: number of orders of a stopped import that stay, because something happened to them.
        payments, refunds: claimed by the file for orders that are added or claimed again; they
            count once PortOne has confirmed them (``verify_claims``).
        complaints: by line; ``omitted`` more were only counted.
        written: whether the store holds the batch now. ``False`` after ``check``, if ``REFUSE``
            rejected the batch because of complaints, and if somebody changed its records while it
            was written; the tallies then hold what would be written.
    """

    users: Tally
    products: Tally
    orders: Tally
    payments: int
    refunds: int
    complaints: tuple[Complaint, ...]
    omitted: int
    written: bool
    import_id: int = 0
    stopped: bool = False
    kept: int = 0


def make_report(plan: Plan, complaints: Complaints, *, written: bool) -> Report:
    """Return the report of a plan.

    Args:
        written: whether it is written, too.
    """
    return Report(
        Tally(len(plan.new_users), len(plan.changed_users), plan.same_users),
        Tally(len(plan.new_products), len(plan.changed_products), plan.same_products),
        Tally(len(plan.new_orders), 0, plan.same_orders),
        len(plan.claims),
        sum(len(row.refunds) for row in plan.claims),
        complaints.sorted(),
        complaints.omitted,
        written,
    )
