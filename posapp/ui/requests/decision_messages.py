"""Texts for the results of decisions (docs/specification.md 2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.requests import Decision, Request
from posapp.services.ports.requests import RequestRow
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.requests.decision_controller import DecidedRequest

_NAMED = 4


def why(texts: Translator, error: Exception) -> str:
    """Return why a request was not decided; if it was decided before, by which actor and when."""
    message = texts.error(error)
    if not isinstance(error, UserError) or error.code is not ErrorCode.REQUEST_DONE:
        return message
    who = _who(texts, Actor.parse(str(error.parameters.get("who", ""))))
    when = _when(texts, str(error.parameters.get("when", "")))
    if not who or not when:
        return message
    return texts("requests.done_by", message=message, who=who, when=when)


def failed(texts: Translator, error: Exception) -> str:
    """Return the full message of a failure."""
    return texts("errors.request_failed", message=display_text(why(texts, error), 300))


def failures(
    texts: Translator, decided: Sequence[DecidedRequest], rows: Sequence[RequestRow]
) -> str:
    """Return one message for each failure, by item number."""
    items = {row.id: row.item_id for row in rows}
    bad = [one for one in decided if one.error is not None]
    if len(decided) == 1 and bad and bad[0].error is not None:
        return failed(texts, bad[0].error)
    good = len(decided) - len(bad)
    lines = [texts("requests.some_failed", good=good, bad=len(bad))]
    for one in bad[:_NAMED]:
        if one.error is not None:
            item = items.get(one.request_id, 0)
            text = failed(texts, one.error)
            lines.append(texts("requests.item_result", item=item, words=text))
    if len(bad) > _NAMED:
        lines.append(texts("requests.and_more", count=len(bad) - _NAMED))
    return "\n".join(lines)


def decided_text(texts: Translator, decision: Decision, requests: Sequence[Request]) -> str:
    """Return the text of the undo bar: success and the decision."""
    action = texts(f"requests.decided_{decision.value}")
    if len(requests) == 1:
        request = requests[0]
        kind = texts(f"requests.kind_{request.kind.value}")
        return texts("requests.decided_one", item=request.item_id, kind=kind, deed=action)
    return texts("requests.decided_many", count=len(requests), deed=action)


def _who(texts: Translator, who: Actor) -> str:
    return texts(f"requests.by_{who.kind.value}", number=who.id) if who.is_user else ""


def _when(texts: Translator, when: str) -> str:
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        return ""
    return texts.when(at) if at.tzinfo is not None else ""
