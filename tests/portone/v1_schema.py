"""PortOne's published V1 schema, to hold requests and answers against.

The file lies in the repository as it is published. Read as it stands it fits no real answer, so it
is repaired as it is read (docs/portone.md, "What the schemas do not settle"), and in no other way:

- limits that are texts become numbers;
- null is allowed where nothing is required: real answers hold nulls nearly anywhere;
- required names that are never defined are dropped (``PaymentPrepareAnnotation``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema

from tests.portone.toy_server import Seen

PATH = Path(__file__).resolve().parent / "schema" / "v1.openapi.json"
"""As PortOne publishes it (2026-08-06, MIT: ``LICENSE-MIT`` beside it), unchanged."""
LIMITS = ("maxLength", "minLength", "maximum", "minimum")


@dataclass(frozen=True)
class Operation:
    """One call of the schema; ``path`` with its parameters in braces."""

    method: str
    path: str
    fields: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def statuses(self) -> frozenset[int]:
        """The HTTP statuses that are documented."""
        return frozenset(int(each) for each in self.fields["responses"])

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """By name."""
        return {each["name"]: each for each in self.fields.get("parameters", [])}


class V1Schema:
    def __init__(self) -> None:
        self.raw = json.loads(PATH.read_text(encoding="utf-8"))
        self.paths: dict[str, Any] = self.raw["paths"]
        self.definitions = {name: _mended(each) for name, each in self.raw["definitions"].items()}
        self._validators: dict[str, jsonschema.Draft4Validator] = {}

    def operations(self) -> Iterator[Operation]:
        """Every call there is."""
        for path, methods in self.paths.items():
            for method, fields in methods.items():
                yield Operation(method.upper(), path, fields)

    def operation(self, name: str) -> Operation:
        """The call with this name: ``GET /payments/{imp_uid}``."""
        (found,) = [each for each in self.operations() if each.name == name]
        return found

    def problems(self, operation: Operation, status: int, body: object) -> list[str]:
        """Parts of an answer that the schema forbids, each as ``place: kind of problem``; empty
        where the schema defines no body for this status."""
        answer = operation.fields["responses"].get(str(status), {}).get("schema")
        if answer is None:
            return []
        name = answer["$ref"]
        if name not in self._validators:
            schema = {**answer, "definitions": self.definitions}
            self._validators[name] = jsonschema.Draft4Validator(schema)
        return sorted({_reported(each) for each in self._validators[name].iter_errors(body)})

    def check(self, seen: Seen, body: bytes) -> None:
        """Hold one exchange that ended well against the schema."""
        operation = self._operation(seen)
        parameters = operation.parameters
        query = dict(parse_qsl(seen.target.partition("?")[2], keep_blank_values=True))
        for name, value in query.items():
            assert parameters[name]["in"] == "query", name
            _check_query(parameters[name], value)
        fields = json.loads(seen.body) if seen.body else {}
        for name, value in fields.items():
            assert parameters[name]["in"] == "formData", name
            kinds = {"string": str, "number": int, "integer": int, "boolean": bool}
            assert type(value) is kinds[parameters[name]["type"]], name
            assert len(str(value)) <= int(parameters[name].get("maxLength", 10**6))
        for name, each in parameters.items():
            if each.get("required") and each["in"] in ("formData", "query"):
                assert name in {**fields, **query}, name
        assert self.problems(operation, 200, json.loads(body)) == []

    def _operation(self, seen: Seen) -> Operation:
        parts = seen.path.split("/")
        for operation in self.operations():
            wanted = operation.path.split("/")
            # The status of find and findAll may be left out: its parameter is not required.
            if wanted[-1] == "{payment_status}" and len(parts) == len(wanted) - 1:
                wanted = wanted[:-1]
            fits = len(wanted) == len(parts) and all(
                one == other or one.startswith("{")
                for one, other in zip(wanted, parts, strict=True)
            )
            if fits and seen.method == operation.method and not _is_shadowed(operation.path, parts):
                return operation
        raise AssertionError(f"the schema has no {seen.method} {seen.path}")


def _reported(error: jsonschema.ValidationError) -> str:
    """The place of a problem without the numbers of a list, and its kind."""
    # "Null or as it is": the problem inside tells more than that neither fits.
    while error.validator == "anyOf" and error.context:
        error = error.context[0]
    place = ".".join(str(each) for each in error.absolute_path if not isinstance(each, int))
    return f"{place}: {error.validator}"


def _is_shadowed(path: str, parts: list[str]) -> bool:
    return path == "/payments/{imp_uid}" and not parts[-1].startswith("imp_")


def _check_query(parameter: dict[str, Any], value: str) -> None:
    assert value in parameter.get("enum", [value])
    if parameter["type"] == "integer":
        assert int(value) <= int(parameter.get("maximum", 10**18))
    if parameter["type"] == "boolean":
        assert value in ("true", "false")


def _mended(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_mended(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    mended: dict[str, Any] = {}
    for name, value in schema.items():
        if name in LIMITS and isinstance(value, str):
            mended[name] = int(value)
        elif name in ("example", "default"):
            continue
        else:
            mended[name] = _mended(value)
    properties = mended.get("properties")
    if isinstance(properties, dict):
        required = [each for each in mended.get("required", []) if each in properties]
        mended.pop("required", None)
        if required:
            mended["required"] = required
        for name, value in properties.items():
            if name not in required:
                properties[name] = {"anyOf": [value, {"type": "null"}]}
    return mended
