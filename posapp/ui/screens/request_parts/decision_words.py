"""What came of decisions, in the words of docs/specification.md 2.6."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.requests import Decision, Request
from posapp.services.ports.requests import RequestRow
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.request_parts.deciding import Came

_NAMED = 4


def why(texts: Texts, error: Exception) -> str:
    """Why a request was not decided; if somebody else was first, who and when."""
    message = texts.error(error)
    if not isinstance(error, UserError) or error.code is not ErrorCode.REQUEST_DONE:
        return message
    who = _who(texts, str(error.parameters.get("who", "")))
    when = _when(texts, str(error.parameters.get("when", "")))
    if not who or not when:
        return message
    return texts("requests.done_by", message=message, who=who, when=when)


def failed(texts: Texts, error: Exception) -> str:
    """The whole sentence for one that failed."""
    return texts("errors.request_failed", message=shown(why(texts, error), 300))


def failures(texts: Texts, came: Sequence[Came], rows: Sequence[RequestRow]) -> str:
    """A sentence for each that failed, by the number of its item."""
    items = {row.id: row.item_id for row in rows}
    bad = [one for one in came if one.error is not None]
    if len(came) == 1 and bad and bad[0].error is not None:
        return failed(texts, bad[0].error)
    good = len(came) - len(bad)
    lines = [texts("requests.some_failed", good=good, bad=len(bad))]
    for one in bad[:_NAMED]:
        if one.error is not None:
            item = items.get(one.request_id, 0)
            words = failed(texts, one.error)
            lines.append(texts("requests.item_result", item=item, words=words))
    if len(bad) > _NAMED:
        lines.append(texts("requests.and_more", count=len(bad) - _NAMED))
    return "\n".join(lines)


def decided_words(texts: Texts, decision: Decision, requests: Sequence[Request]) -> str:
    """That it was done, and what was decided: for the bar that offers to undo it."""
    deed = texts(f"requests.decided_{decision.value}")
    if len(requests) == 1:
        request = requests[0]
        kind = texts(f"requests.kind_{request.kind.value}")
        return texts("requests.decided_one", item=request.item_id, kind=kind, deed=deed)
    return texts("requests.decided_many", count=len(requests), deed=deed)


def _who(texts: Texts, who: str) -> str:
    side, _, number = who.partition(":")
    if side in ("seller", "buyer") and number:
        return texts(f"requests.by_{side}", number=number)
    return ""


def _when(texts: Texts, when: str) -> str:
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        return ""
    return texts.when(at) if at.tzinfo is not None else ""
