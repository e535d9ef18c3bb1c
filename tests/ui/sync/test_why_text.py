"""Why a refund waits: each reason that the outbox stores has a text in both languages."""

from __future__ import annotations

import ast
import inspect

import pytest

from posapp.domain.errors import GatewayCause
from posapp.services.maintenance.recover_journal import RECOVERED
from posapp.services.refunds import refund_protocol, refund_strategy
from posapp.services.sync.sync_status import TAKEN_OVER
from posapp.ui.core.i18n import Translator
from posapp.ui.core.status_text import why_text


def sentences_of(module: object) -> set[str]:
    """Return the sentences of a module's code: texts with a blank that are no docstrings."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    docs = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    return {
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and " " in one.value
        and id(one) not in docs
    }


REASONS = {
    *sentences_of(refund_protocol),
    *sentences_of(refund_strategy),
    *(cause.value for cause in GatewayCause),
    RECOVERED,
    TAKEN_OVER,
}


def test_the_reasons_are_found() -> None:
    assert {"made already", refund_protocol.OLDER, refund_strategy.NO_STRATEGY} <= REASONS


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("reason", sorted(REASONS))
def test_each_stored_reason_has_a_text(language: str, reason: str) -> None:
    text = why_text(Translator(language), reason)
    assert text
    assert text != reason
