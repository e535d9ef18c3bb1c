"""The fault dial over HTTP, for tests in other processes and for training.

``GET /sandbox/faults`` shows rules, delayed effects, settings and every kind with its parameters.
``POST`` with ``kind`` adds a rule, with ``conduct`` changes the settings; ``DELETE`` clears all, or
with an id one rule. ``POST /sandbox/faults/release`` carries out delayed effects.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from .envelopes import json_answer
from .fault_dial import FaultInjector


def dial_routes(dial: FaultInjector) -> Blueprint:
    """Routes of the dial; the answer to a wrong setting is 400 ``{"error"}``."""
    routes = Blueprint("dial", __name__)

    @routes.get("/sandbox/faults")
    def show() -> Response:
        return json_answer(dial.to_plain())

    @routes.post("/sandbox/faults")
    def turn() -> Response:
        try:
            setting = _setting()
            conduct = setting.pop("conduct", None)
            if conduct is not None:
                if not isinstance(conduct, dict) or setting:
                    raise ValueError("conduct is an object and comes alone")
                dial.conduct.change(**conduct)
                return json_answer({"conduct": dial.conduct.to_plain()})
            return json_answer({"id": dial.add(**setting)}, 201)
        except (TypeError, ValueError, AttributeError) as error:
            return json_answer({"error": str(error)}, 400)

    @routes.delete("/sandbox/faults")
    def clear() -> Response:
        dial.clear()
        return json_answer({"rules": []})

    @routes.delete("/sandbox/faults/<int:rule_id>")
    def remove(rule_id: int) -> Response:
        removed = dial.remove(rule_id)
        return json_answer({"removed": removed}, 200 if removed else 404)

    @routes.post("/sandbox/faults/release")
    def release() -> Response:
        try:
            request_id = _setting().get("id") if request.get_data() else None
        except ValueError as error:
            return json_answer({"error": str(error)}, 400)
        return json_answer({"landed": dial.release(request_id)})

    return routes


def _setting() -> dict[str, Any]:
    setting = request.get_json(silent=True)
    if not isinstance(setting, dict):
        raise ValueError("a JSON object is needed")
    return setting
