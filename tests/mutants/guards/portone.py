"""Guards of the wire: what is sent, and what of an answer is believed."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "a_timeout_is_safe_to_send_again",
        "posapp/portone/outcomes.py",
        'Row("timed_out", _event(Event.TIMED_OUT), _UNKNOWN, _UNKNOWN, GatewayCause.TIMEOUT)',
        'Row("timed_out", _event(Event.TIMED_OUT), _UNKNOWN, _RETRY_SAFE, GatewayCause.TIMEOUT)',
        ("tests/portone/test_outcomes.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_lost_connection_is_safe_to_send_again",
        "posapp/portone/outcomes.py",
        "_event(Event.CONNECTION_LOST), _UNKNOWN, _UNKNOWN,",
        "_event(Event.CONNECTION_LOST), _UNKNOWN, _RETRY_SAFE,",
        ("tests/portone/test_outcomes.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "a_large_answer_is_a_refusal",
        "posapp/portone/outcomes.py",
        "_event(Event.TOO_LARGE), _UNKNOWN, _UNKNOWN,",
        "_event(Event.TOO_LARGE), _UNKNOWN, _REFUSED,",
        ("tests/portone/test_outcomes.py::test_every_row_has_an_example_that_it_answers",),
    ),
    Mutant(
        "something_unforeseen_is_safe_to_send_again",
        "posapp/portone/outcomes.py",
        "_event(Event.UNFORESEEN), _UNKNOWN, _UNKNOWN,",
        "_event(Event.UNFORESEEN), _UNKNOWN, _RETRY_SAFE,",
        ("tests/portone/test_outcomes.py::test_every_row_has_an_example_that_it_answers",),
    ),
)
