"""The kinds of faults: one small function each, and the table that names them.

A kind takes the :class:`~.http_exchange.HttpExchange` and its parameters (seconds, bytes, texts).
The defaults in the decorator are the list of parameters, their types and the documentation that
``GET /sandbox/faults`` shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .http_exchange import Answer, HttpExchange
from .parameters import Maybe

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
PORTAL = (
    "<!DOCTYPE html><html><head><title>Wi-Fi</title></head>"
    "<body><h1>인터넷을 사용하려면 로그인하세요</h1></body></html>"
)
BROKEN = '{"code":0,"message":null,"response":{"imp_uid":"imp_'
NEEDED = frozenset(
    {
        *("code", "response", "access_token", "expired_at", "now", "total", "previous", "next"),
        *("imp_uid", "merchant_uid", "amount", "cancel_amount", "currency", "status", "sandbox"),
        *("pg_tid", "reason", "cancelled_at", "cancellation_id", "pg_provider", "pg_id", "type"),
        *("apply_num", "vat", "applied_at"),
    }
)
"""Names that the V1 schema requires somewhere; :func:`nulls` leaves them."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A named way to spoil an exchange."""

    name: str
    summary: str
    defaults: Mapping[str, Any]
    run: Callable[[HttpExchange, Mapping[str, Any]], None]


KINDS: dict[str, Kind] = {}
"""Every kind by its name."""

Run = Callable[[HttpExchange, Mapping[str, Any]], None]


def fault_kind(**defaults: Any) -> Callable[[Run], Run]:
    """Register the function in :data:`KINDS` under its name."""

    def enter(run: Run) -> Run:
        name = run.__name__
        KINDS[name] = Kind(name, " ".join((run.__doc__ or "").split()), defaults, run)
        return run

    return enter


def _replace(exchange: HttpExchange, p: Mapping[str, Any], answer: Answer) -> None:
    if p["act"]:
        exchange.apply_effect()
    exchange.answer_with(answer)


@fault_kind(seconds=1.0, after=False)
def delay(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Wait before acting, or `after` acting and before answering."""
    if p["after"]:
        exchange.apply_effect()
    exchange.pause(p["seconds"])


@fault_kind()
def drop_before(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Close the connection without acting."""
    exchange.hang_up()


@fault_kind()
def drop_after(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, then close the connection without an answer."""
    exchange.apply_effect()
    exchange.hang_up()


@fault_kind(act=False)
def reset(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Reset the connection with RST, before or after acting."""
    if p["act"]:
        exchange.apply_effect()
    exchange.reset()


@fault_kind(bytes=0)
def cut(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, send only the first `bytes` bytes of the whole answer (status line and headers count),
    then close."""
    exchange.send(exchange.apply_effect().raw()[: p["bytes"]])
    exchange.hang_up()


@fault_kind(bytes_per_second=1.0, chunk=1)
def drip(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act and send the whole answer slowly, `chunk` bytes at a time; speed 0 sends nothing and
    holds the connection."""
    raw, size = exchange.apply_effect().raw(), max(1, p["chunk"])
    if p["bytes_per_second"] == 0:
        exchange.late.stopping.wait()
        exchange.hang_up()
    for start in range(0, len(raw), size):
        exchange.send(raw[start : start + size])
        exchange.pause(size / p["bytes_per_second"])
    exchange.hang_up()


@fault_kind(
    status=500,
    body=Maybe(str, dict, list),
    content_type=JSON,
    retry_after=Maybe(str, int),
    act=False,
)
def status(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Answer with this HTTP status; `body` is a text, or JSON; without acting unless `act`."""
    answer = Answer(p["status"], [("Content-Type", p["content_type"])])
    if isinstance(p["body"], str):
        answer.body = p["body"].encode()
    elif p["body"] is not None:
        answer.write_json(p["body"])
    if p["retry_after"] is not None:
        answer.headers.append(("Retry-After", str(p["retry_after"])))
    _replace(exchange, p, answer)


@fault_kind(retry_after="1", status=429, act=False)
def too_many(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Answer 429 (or 503) with any text as Retry-After: seconds, a date, huge, negative, nonsense;
    an empty text leaves the header out."""
    answer = Answer.of(p["status"], JSON, "")
    answer.write_json({"code": -1, "message": "Too Many Requests", "response": None})
    if p["retry_after"]:
        answer.headers.append(("Retry-After", p["retry_after"]))
    _replace(exchange, p, answer)


@fault_kind(body=PORTAL, act=False)
def html200(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Answer as a captive portal: 200 with HTML."""
    _replace(exchange, p, Answer.of(200, HTML, p["body"]))


@fault_kind(location="http://portal.invalid/login", status=302, act=False)
def redirect(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Answer as a captive portal: a redirect to another host."""
    answer = Answer.of(p["status"], HTML, "")
    answer.headers.append(("Location", p["location"]))
    _replace(exchange, p, answer)


@fault_kind(code=-1, message="알 수 없는 오류입니다.", http=200, act=False)
def envelope(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Answer with an envelope of this code and message, without a response, at any HTTP status."""
    answer = Answer.of(p["http"], JSON, "")
    answer.write_json({"code": p["code"], "message": p["message"], "response": None})
    _replace(exchange, p, answer)


@fault_kind(code=-1, message="알 수 없는 오류입니다.", http=200, after=Maybe(float))
def late_refusal(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Refuse with this code, message and HTTP status, and act nevertheless: `after` seconds of the
    sandbox's clock, or when released. `envelope` refuses and never acts."""
    exchange.late.defer(exchange.run, p["after"])
    answer = Answer.of(p["http"], JSON, "")
    answer.write_json({"code": p["code"], "message": p["message"], "response": None})
    exchange.answer_with(answer)


@fault_kind(body=BROKEN, act=True)
def garbage(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, and answer 200 with this text as JSON: cut off, NaN, duplicate keys, wrong types."""
    _replace(exchange, p, Answer.of(200, JSON, p["body"]))


@fault_kind(bytes=16 * 1024 * 1024)
def too_big(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, and pad the JSON of the answer to this size with an unknown field."""
    answer = exchange.apply_effect()
    head, _, _ = answer.body.rpartition(b"}")
    head += b', "padding": "'
    padding = max(0, p["bytes"] - len(head) - 2)
    answer.body = b"".join((head, b"x" * padding, b'"}'))


@fault_kind(depth=100_000)
def nested(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, and answer with lists nested this deep."""
    exchange.apply_effect()
    body = '{"code":0,"message":null,"response":' + "[" * p["depth"] + "]" * p["depth"] + "}"
    exchange.answer_with(Answer.of(200, JSON, body))


@fault_kind(lists=False)
def nulls(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, and set every value that the schema does not require to null; lists too if `lists`."""

    def strip(value: Any) -> Any:
        if isinstance(value, list):
            return [strip(each) for each in value]
        if not isinstance(value, dict):
            return value
        kept = {}
        for name, each in value.items():
            spared = name in NEEDED or (isinstance(each, list) and not p["lists"])
            kept[name] = strip(each) if spared else None
        return kept

    _change_json(exchange, strip)


@fault_kind(fields={"brand_new": {"deep": [1, None, "new"]}}, status=Maybe(str))
def extra(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, add unknown `fields` to every object, and report `status` if it is set."""

    def grow(value: Any) -> Any:
        if isinstance(value, list):
            return [grow(each) for each in value]
        if not isinstance(value, dict):
            return value
        grown = {name: grow(each) for name, each in value.items()}
        if p["status"] is not None and "imp_uid" in grown:
            grown["status"] = p["status"]
        return {**grown, **p["fields"]}

    _change_json(exchange, grow)


@fault_kind(fields={})
def lie(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, and replace `fields` in every payment and cash receipt of the answer (amount,
    merchant_uid…)."""

    def turn(value: Any) -> Any:
        if isinstance(value, list):
            return [turn(each) for each in value]
        if not isinstance(value, dict):
            return value
        turned = {name: turn(each) for name, each in value.items()}
        return {**turned, **p["fields"]} if {"imp_uid", "apply_num"} & set(turned) else turned

    _change_json(exchange, turn)


@fault_kind()
def numbers_as_text(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act, and write every number of the answer as a text."""

    def spell(value: Any) -> Any:
        if isinstance(value, list):
            return [spell(each) for each in value]
        if isinstance(value, dict):
            return {name: spell(each) for name, each in value.items()}
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    _change_json(exchange, spell)


@fault_kind(after=Maybe(float), hold=False)
def late_effect(exchange: HttpExchange, p: Mapping[str, Any]) -> None:
    """Act only when released, or `after` seconds of the sandbox's clock. The connection is closed
    at once, or with `hold` kept open and answered then."""
    delayed = exchange.late.defer(exchange.apply_effect, p["after"])
    if not p["hold"]:
        exchange.hang_up()
    if not delayed.wait():
        exchange.hang_up()


def _change_json(exchange: HttpExchange, change: Callable[[Any], Any]) -> None:
    answer = exchange.apply_effect()
    value = answer.json()
    if value is not None:
        answer.write_json(change(value))
