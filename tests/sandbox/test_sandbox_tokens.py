import pytest
import requests

UNAUTHORIZED = {"code": -1, "message": "Unauthorized", "response": None}


def test_keys_are_taken_as_json_and_as_a_form(till, sandbox):
    keys = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
    as_form = till.call("POST", "/users/getToken", data=keys).json()
    assert as_form["code"] == 0
    assert as_form["response"]["access_token"] == till.token


def test_a_token_lives_thirty_minutes_by_the_services_clock(till, clock):
    first = till.sign_in()
    assert first["expired_at"] - first["now"] == 1800
    clock.move(1799)
    assert till.get("/users/pg").status_code == 200
    clock.move(1)
    answer = till.get("/users/pg")
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_queried_again_it_is_the_same_token_with_the_same_end(till, clock):
    first = till.sign_in()
    clock.move(1700)
    again = till.sign_in()
    assert again["access_token"] == first["access_token"]
    assert again["expired_at"] == first["expired_at"]
    assert again["now"] == first["now"] + 1700


def test_in_its_last_minute_five_minutes_are_added(till, clock):
    first = till.sign_in()
    clock.move(1740)
    again = till.sign_in()
    assert again["access_token"] == first["access_token"]
    assert again["expired_at"] == first["expired_at"] + 300


def test_after_its_end_a_new_one_is_made(till, clock):
    first = till.sign_in()
    clock.move(1800)
    again = till.sign_in()
    assert again["access_token"] != first["access_token"]
    assert again["expired_at"] - again["now"] == 1800


@pytest.mark.parametrize("scheme", ["Bearer {}", "bearer {}", "{}"])
def test_the_token_with_and_without_bearer(till, scheme):
    header = {"Authorization": scheme.format(till.token)}
    assert till.call("GET", "/users/pg", headers=header).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "x", "Basic eDp5"])
def test_a_bad_token_is_401(till, header):
    answer = till.call("GET", "/payments/imp_1", headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_wrong_and_missing_keys_are_401(till, sandbox):
    wrong = till.post("/users/getToken", imp_key=sandbox.imp_key, imp_secret="x")
    assert (wrong.status_code, wrong.json()["code"]) == (401, -1)
    assert till.post("/users/getToken", imp_key="x").status_code == 401
    assert till.post("/users/getToken").status_code == 401


def test_a_body_that_is_no_json_object_holds_no_keys(till):
    for body in (b"{", b"[1]", b'{"imp_key": NaN}', b"[" * 100_000):
        answer = till.call("POST", "/users/getToken", data=body)
        assert answer.status_code == 401
        assert answer.json()["code"] == -1


def test_revoked_tokens_and_keys(till, sandbox):
    sandbox.tokens.revoke()
    assert till.get("/users/pg").status_code == 401
    sandbox.faults.conduct.keys_refused = True
    keys = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
    assert till.post("/users/getToken", **keys).status_code == 401


def test_the_link_api_wants_no_login(sandbox, till):
    till.token = ""
    assert till.link("m-1").startswith(sandbox.api + "/")
    assert requests.get(sandbox.api + "/payments/find/m-1", timeout=5).status_code == 401
