"""PortOne's published V1 schema, mended as portone.md says, to hold requests and answers against.

Strings that are limits become numbers, null is allowed where nothing is required, and required
names that are never defined are dropped.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema

from tests.portone.toy_server import Seen

PATH = Path(__file__).resolve().parents[3] / "shared" / "portone" / "v1.openapi.json"


class V1Schema:
    def __init__(self) -> None:
        raw = json.loads(PATH.read_text(encoding="utf-8"))
        self.paths: dict[str, Any] = raw["paths"]
        self.definitions = {name: _mended(each) for name, each in raw["definitions"].items()}

    def check(self, seen: Seen, body: bytes) -> None:
        """Hold one exchange that ended well against the schema."""
        operation = self._operation(seen)
        parameters = {each["name"]: each for each in operation.get("parameters", [])}
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
        answer = {**operation["responses"]["200"]["schema"], "definitions": self.definitions}
        jsonschema.Draft4Validator(answer).validate(json.loads(body))

    def _operation(self, seen: Seen) -> dict[str, Any]:
        parts = seen.path.split("/")
        for path, methods in self.paths.items():
            wanted = path.split("/")
            # The status of find and findAll may be left out: its parameter is not required.
            if wanted[-1] == "{payment_status}" and len(parts) == len(wanted) - 1:
                wanted = wanted[:-1]
            fits = len(wanted) == len(parts) and all(
                one == other or one.startswith("{")
                for one, other in zip(wanted, parts, strict=True)
            )
            if fits and seen.method.lower() in methods and not _is_shadowed(path, parts):
                found: dict[str, Any] = methods[seen.method.lower()]
                return found
        raise AssertionError(f"the schema has no {seen.method} {seen.path}")


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
        if name in ("maxLength", "minLength", "maximum", "minimum") and isinstance(value, str):
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
