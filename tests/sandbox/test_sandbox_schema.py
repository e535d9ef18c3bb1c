"""The answers against PortOne's published V1 schema, with its known mends."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

SCHEMA = Path(__file__).parents[3] / "shared" / "portone" / "v1.openapi.json"
pytestmark = pytest.mark.skipif(
    not SCHEMA.exists(), reason="PortOne's schema does not lie in ../shared/portone"
)


def mended(part):
    """Limits as numbers, null allowed on what is not required, no undefined required names."""
    if isinstance(part, list):
        return [mended(each) for each in part]
    if not isinstance(part, dict):
        return part
    part = {name: mended(each) for name, each in part.items()}
    for limit in ("maxLength", "minLength", "maximum", "minimum"):
        if isinstance(part.get(limit), str):
            part[limit] = int(part[limit])
    fields = part.get("properties")
    if isinstance(fields, dict):
        needed = [name for name in part.get("required", []) if name in fields]
        part.pop("required", None)
        if needed:
            part["required"] = needed
        part["properties"] = {
            name: each if name in needed else {"anyOf": [each, {"type": "null"}]}
            for name, each in fields.items()
        }
    return part


@pytest.fixture(scope="module")
def check():
    document = json.loads(SCHEMA.read_text(encoding="utf-8"))
    definitions = mended(document["definitions"])

    def valid(name, answer):
        schema = {"$ref": f"#/definitions/{name}", "definitions": definitions}
        errors = [each.message for each in Draft4Validator(schema).iter_errors(answer.json())]
        assert errors == []
        assert answer.json()["code"] == 0 or answer.json()["response"] is None

    return valid


def test_every_answer_fits(check, till, sandbox, paid):
    keys = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
    check("AuthResponse", till.post("/users/getToken", **keys))
    check("MultiplePgSettingResponse", till.get("/users/pg"))
    prepared = till.post("/payments/prepare", merchant_uid="m-2", amount=5_000)
    check("PaymentPrepareResponse", prepared)
    till.link("m-2", 5_000, buyer_name="김철수", custom_data="{}")
    sandbox.books.fail("m-2")
    sandbox.books.open("m-2")
    check("PaymentResponse", till.find("m-1"))
    check("PaymentResponse", till.find("m-2"))
    check("PaymentResponse", till.get("/payments/find/m-2/failed"))
    check("PaymentResponse", till.post("/payments/cancel", imp_uid=paid, amount=1, reason="x"))
    check("PaymentResponse", till.post("/payments/cancel", imp_uid=paid))
    check("PaymentResponse", till.post("/payments/cancel", imp_uid=paid))
    check("PaymentResponse", till.find("unknown"))
    check("PaymentListResponse", till.get("/payments/findAll/m-2"))
    check("PaymentListResponse", till.get("/payments/status/all"))


def test_nulls_still_fit(check, till, sandbox, paid):
    till.cancel(imp_uid=paid, amount=1_000)
    sandbox.faults.add("nulls", lists=True)
    check("PaymentResponse", till.find("m-1"))
    check("PaymentListResponse", till.get("/payments/status/all"))
    check("MultiplePgSettingResponse", till.get("/users/pg"))


def test_every_field_of_the_schema_is_written(till, paid):
    document = json.loads(SCHEMA.read_text(encoding="utf-8"))
    named = set(document["definitions"]["PaymentAnnotation"]["properties"])
    assert set(till.payment("m-1")) == named
