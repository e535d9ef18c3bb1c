import json
import socket

import pytest

from posapp.sandbox import Link, Sandbox, StorageFileError


def test_a_restart_on_the_same_port_finds_everything_again(tmp_path, clock, till_for):
    keep = tmp_path / "demo" / "books.json"
    with Sandbox(clock=clock, keep=keep) as first:
        from_keys = first.keys()
        till = till_for(first)
        till.post("/payments/prepare", merchant_uid="m-1", amount=12_000)
        url = till.link("m-1", buyer_name="김철수")
        first.books.fail("m-1")
        imp_uid = first.books.pay("m-1").imp_uid
        till.cancel(imp_uid=imp_uid, amount=2_000, reason="변심")
        before = till.get("/sandbox/books.json").json()
        port = first.port
    with Sandbox(port=port, clock=clock, keep=keep) as second:
        assert second.keys() == from_keys
        till = till_for(second)
        assert till.get("/sandbox/books.json").json() == before
        assert second.books.link_urls == {"m-1": url}
        assert till.cancel(imp_uid=imp_uid, amount=1_000, checksum=10_000)["code"] == 0
        assert second.books.pay("m-1", again=True).sequence == 3
    assert [each.name for each in keep.parent.iterdir()] == ["books.json"]


def test_one_sandbox_stops_and_starts_again(clock, till_for):
    sandbox = Sandbox(clock=clock)
    with sandbox:
        till_for(sandbox).link("m-1")
        port = sandbox.port
    assert not sandbox.running
    with sandbox:
        assert sandbox.running
        assert sandbox.port == port
        sandbox.books.pay("m-1")
        assert till_for(sandbox).payment("m-1")["status"] == "paid"
    sandbox.stop()


def test_given_keys_win_and_random_ones_differ(tmp_path):
    keep = tmp_path / "books.json"
    one, two = Sandbox(keep=keep), Sandbox()
    assert one.keys() != two.keys()
    three = Sandbox(keep=keep, imp_secret="mine")
    assert three.imp_secret == "mine"
    assert three.imp_key == one.imp_key


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 99}', "\udcff"])
def test_an_unreadable_file_is_left_alone(tmp_path, text):
    keep = tmp_path / "books.json"
    raw = text.encode("utf-8", "surrogateescape")
    keep.write_bytes(raw)
    with pytest.raises(StorageFileError):
        Sandbox(keep=keep)
    assert keep.read_bytes() == raw


def test_a_failed_write_leaves_the_old_file(tmp_path, clock, monkeypatch):
    keep = tmp_path / "books.json"
    sandbox = Sandbox(clock=clock, keep=keep)
    before = keep.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("posapp.sandbox.storage.os.fsync", full)
    with pytest.raises(OSError):
        sandbox.books.add_link(_a_link)
    assert keep.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["books.json"]
    json.loads(before)


def test_a_taken_port_is_an_error_and_not_the_end_of_the_program():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        sandbox = Sandbox(port=taken.getsockname()[1])
        with pytest.raises(OSError):
            sandbox.start()
        assert not sandbox.running


def _a_link(link_id):
    return Link(link_id, "m-1", "가게", "커피", 1_000, 1, 2)
