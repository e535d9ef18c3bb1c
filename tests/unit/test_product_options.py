"""Options of a product: which may be chosen, and what they change."""

from __future__ import annotations

from itertools import combinations

import pytest

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.product_options import (
    Option,
    OptionGroup,
    choose_options,
    name_with_options,
    price_with_options,
)

SHOT, MILD = Option(1, "샷 추가", Won(500)), Option(2, "연하게")
HOT, ICED = Option(3, "따뜻하게"), Option(4, "차갑게", Won(300))
GROUPS = (
    OptionGroup(10, "진하기", 0, 2, (SHOT, MILD)),
    OptionGroup(20, "온도", 1, 1, (HOT, ICED)),
)


def test_chosen_options_are_in_the_name_and_the_price() -> None:
    chosen = choose_options(GROUPS, [4, 2, 1])
    assert chosen == (SHOT, MILD, ICED)
    assert name_with_options("라떼", chosen) == "라떼 (샷 추가, 연하게, 차갑게)"
    assert price_with_options(Won(4500), chosen) == 5300
    assert name_with_options("라떼", ()) == "라떼"
    assert price_with_options(Won(4500), ()) == 4500


@pytest.mark.parametrize(
    ("chosen", "code", "parameters"),
    [
        ([], ErrorCode.OPTIONS_FEW, {"group": "온도", "least": 1}),
        ([1], ErrorCode.OPTIONS_FEW, {"group": "온도", "least": 1}),
        ([3, 4], ErrorCode.OPTIONS_MANY, {"group": "온도", "most": 1}),
        ([3, 9], ErrorCode.OPTION_UNKNOWN, {}),
        ([3, 3], ErrorCode.OPTION_UNKNOWN, {}),
    ],
)
def test_what_may_not_be_chosen(chosen, code, parameters) -> None:
    with pytest.raises(UserError) as refused:
        choose_options(GROUPS, chosen)
    assert refused.value.code is code
    assert refused.value.parameters == parameters


def test_every_choice_is_taken_or_refused_by_its_counts() -> None:
    for size in range(5):
        for chosen in combinations([1, 2, 3, 4], size):
            warm = sum(one in chosen for one in (3, 4))
            try:
                choose_options(GROUPS, chosen)
            except UserError:
                assert warm != 1
            else:
                assert warm == 1
