"""추가 정산지: what a comparison with PortOne found about shifts that were closed without one."""

from __future__ import annotations

import logging
from datetime import datetime

from posapp.domain.ledger import GENESIS
from posapp.domain.report_content import ReportContent, unchanged_report
from posapp.domain.z_addenda import AddendumContent, ZAddendum, addendum_body, addendum_hash
from posapp.domain.z_reports import ZReport
from posapp.services.ports.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


def write_addenda(
    uow: UnitOfWork, compared_at: datetime, seq: int, now: datetime
) -> tuple[ZAddendum, ...]:
    """Make the addendum of each Z report that awaits one, and return them. Call it in the
    transaction that records a comparison which read every payment.

    Args:
        compared_at: up to when PortOne was compared, by its clock.
        seq: the ledger's last entry when the comparison began. A shift that was closed since then
            waits for the next one, which sees all of it.
    """
    made = []
    for report in uow.z_addenda.awaited():
        content = _awaiting(report)
        if content is not None and content.figures.to_seq <= seq:
            made.append(_write(uow, report, content, compared_at, now))
    return tuple(made)


def _awaiting(report: ZReport) -> ReportContent | None:
    """Return the content of a report that was closed uncompared; ``None``: it was compared, or
    somebody changed it."""
    content = unchanged_report(report)
    if content is None:
        log.error("Z report %s was changed, and gets no addendum", report.z_no)
        return None
    return content if content.end is not None and content.end.is_uncompared else None


def _write(
    uow: UnitOfWork, report: ZReport, content: ReportContent, compared_at: datetime, now: datetime
) -> ZAddendum:
    last = uow.z_addenda.last()
    number, previous = (last.number + 1, last.hash) if last is not None else (1, GENESIS)
    seq, head = uow.ledger.end()
    body = addendum_body(
        AddendumContent(
            number=number,
            z_no=report.z_no,
            z_hash=report.hash,
            shop=content.shop,
            till=content.till,
            is_test=content.is_test,
            business_date=content.business_date,
            closed_at=report.made_at,
            compared_at=compared_at,
            made_at=now,
            to_seq=seq,
            head=head,
            found=uow.z_addenda.found(content.figures.to_seq, report.made_at),
        )
    )
    digest = addendum_hash(number, body, previous)
    addendum = ZAddendum(number, report.z_no, now, body, digest, previous)
    uow.z_addenda.add(addendum)
    return addendum
