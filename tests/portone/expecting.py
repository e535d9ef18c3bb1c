"""Expectations about the error that a call ends in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome


@contextmanager
def ends_in(
    outcome: GatewayOutcome, cause: GatewayCause
) -> Iterator[pytest.ExceptionInfo[GatewayError]]:
    with pytest.raises(GatewayError) as caught:
        yield caught
    assert (caught.value.outcome, caught.value.cause) == (outcome, cause)
