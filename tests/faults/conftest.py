from __future__ import annotations

import pytest

from tests.fakes.fixtures import clock, sandbox, till
from tests.fakes.till import an_order

__all__ = ["clock", "paid", "sandbox", "till"]


@pytest.fixture
def paid(till):
    """A paid order of three items (5,000 + 3,000 + 2 × 1,000 won)."""
    till.stock_shop(an_order(10, (5000, 1), (3000, 1), (1000, 2)))
    till.imp_uid = till.paid_order(10)
    return till
