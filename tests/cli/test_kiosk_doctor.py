"""``posapp doctor --kiosk``, and the list of phrases to record."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from posapp import cli
from posapp.app import kiosk_doctor, voice_phrases
from posapp.app.shop_config import load_shop
from posapp.domain.settings import BY_NAME
from posapp.system.kiosk_checks import DUTIES, Machine, Service
from posapp.system.sound.output_queue import OutputFailure


def fail():
    raise OutputFailure("speech-dispatcher: no answer in time")


SILENT = Machine(speech=fail, recordings=lambda: (3, 42), sound=lambda: "ProgramPlayer")
WELL = Machine(
    speech=lambda: ("SpeechDispatcher", frozenset({"ko"})),
    recordings=lambda: (0, 42),
    sound=lambda: "ProgramPlayer",
)


@pytest.fixture
def check(capsys, tmp_path, monkeypatch):
    def run(machine, language="ko", duties=DUTIES):
        monkeypatch.setattr(kiosk_doctor, "machine_of", lambda shop: machine)
        monkeypatch.setattr(kiosk_doctor, "DUTIES", duties)
        monkeypatch.setenv("POSAPP_LANGUAGE", language)
        code = cli.main(["doctor", "--kiosk", "--home", str(tmp_path)])
        return code, capsys.readouterr().out

    return run


@pytest.mark.parametrize(
    ("language", "claim"), [("ko", "이 점검은 인증이 아닙니다."), ("en", "This is no certificate.")]
)
def test_it_names_every_duty_and_claims_no_certificate(check, language, claim):
    code, out = check(SILENT, language)
    assert code == 1
    assert "✗ " in out
    assert "speech-dispatcher: no answer in time" in out
    assert out.splitlines()[-1].startswith(claim)
    assert "kiosk_check." not in out, "every text is there"
    assert sum(not line.startswith(" ") for line in out.splitlines()) == len(DUTIES) + 3
    for name in (name for one in DUTIES.values() for service in one for name in service.settings):
        assert name in out


def test_a_kiosk_that_has_everything(check, monkeypatch):
    monkeypatch.setenv("POSAPP_KIOSK_SCREEN_MM", "610")
    monkeypatch.setenv("POSAPP_KIOSK_FLOOR_MM", "700")
    duties = {"place": (Service("locate", ("sound_volume",), {"sound_volume": 0}, ("korean",)),)}
    code, out = check(WELL, duties=duties)
    assert code == 0
    assert "✓ 위치 안내 방송 (sound_volume=80)" in out
    assert "✗" not in out


def test_it_says_what_to_look_at(check):
    duties = {"place": (Service("locate", ("sound_volume",), {"sound_volume": 80}, ("korean",)),)}
    code, out = check(SILENT, duties=duties)
    assert code == 1
    assert "확인할 것: sound_volume" in out
    assert "확인할 것: 한국어 음성" in out
    assert set(BY_NAME) >= {"sound_volume"}


@pytest.mark.parametrize(
    ("screen_mm", "floor_mm", "lines"),
    [
        (0, 0, ("✗ 글자 높이: -", "✗ 앉아서 닿는 곳 (화면 아래쪽에서): -")),
        (610, 800, ("✓ 글자 높이: 12 mm", "✓ 앉아서 닿는 곳 (화면 아래쪽에서): 0–420 mm")),
        (257, 1_000, ("✓ 글자 높이: 7.25 mm", "✓ 앉아서 닿는 곳 (화면 아래쪽에서): 0–220 mm")),
        (610, 1_150, ("✓ 글자 높이: 12 mm", "✗ 앉아서 닿는 곳 (화면 아래쪽에서): 0–70 mm")),
        (1_200, 250, ("✓ 글자 높이: 12 mm", "✓ 앉아서 닿는 곳 (화면 아래쪽에서): 150–970 mm")),
    ],
)
def test_it_says_what_was_measured_and_what_follows(
    check, monkeypatch, screen_mm: int, floor_mm: int, lines: tuple[str, ...]
):
    monkeypatch.setenv("POSAPP_KIOSK_SCREEN_MM", str(screen_mm))
    monkeypatch.setenv("POSAPP_KIOSK_FLOOR_MM", str(floor_mm))
    code, out = check(WELL)
    assert code == 1
    for line in lines:
        assert f"  {line}\n" in out
    assert ("F5를 눌러 자로 재 주세요." in out) is (screen_mm == 0)
    assert ("더 낮게 달아 주세요." in out) is lines[1].startswith("✗")
    assert f"✓ 1.5배와 2배로 크게 보기 (kiosk_screen_mm={screen_mm})\n" in out
    assert ("✓ 15 mm 이상의 버튼" in out) is (screen_mm > 0)
    assert ("✓ 낮은 화면" in out) is lines[1].startswith("✓")


def test_it_says_that_nobody_has_the_pin_and_which_refunds_wait(check, tmp_path):
    with closing(sqlite3.connect(tmp_path / "posapp.db")) as file, file:
        file.execute("CREATE TABLE outbox (state TEXT)")
        file.executemany("INSERT INTO outbox VALUES (?)", [("WAITING",), ("SETTLED",)])
    code, out = check(WELL, duties={})
    assert code == 1
    assert "  ✗ 점장 PIN: 0\n      → 점장이 없으면" in out
    assert "  ✗ 보내지 않은 환불: 1\n      → 키오스크는 환불을 보내지 않습니다." in out
    with closing(sqlite3.connect(tmp_path / "posapp.db")) as file, file:
        file.execute("UPDATE outbox SET state = 'SETTLED'")
        file.execute("CREATE TABLE staff (active INTEGER, role TEXT)")
        file.executemany("INSERT INTO staff VALUES (?, ?)", [(0, "MANAGER"), (1, "CASHIER")])
    assert "✗ 점장 PIN: 0" in check(WELL, duties={})[1]
    with closing(sqlite3.connect(tmp_path / "posapp.db")) as file, file:
        file.execute("INSERT INTO staff VALUES (1, 'MANAGER')")
    code, out = check(WELL, "en", duties={})
    assert code == 0
    assert "✓ Managers with a PIN: 1" in out
    assert "✓ Refunds not sent: 0" in out


def test_it_says_that_the_records_cannot_be_read(check, tmp_path):
    (tmp_path / "posapp.db").write_bytes(b"no database" * 1_000)
    code, out = check(WELL, duties={})
    assert code == 1
    assert "✗ 데이터베이스: " in out


def test_the_machine_of_a_shop_counts_its_recordings(tmp_path):
    machine = kiosk_doctor.machine_of(load_shop(str(tmp_path), {}))
    there, all_of_them = machine.recordings()
    assert (there, all_of_them > 40) == (0, True)


def test_the_list_of_phrases_names_a_file_and_what_is_read_out(monkeypatch):
    catalogue = {"kiosk.start": "화면을 눌러 시작하세요", "kiosk.left": "남은 시간 {left}"}
    monkeypatch.setattr(voice_phrases, "spoken_messages", lambda language: catalogue)
    lines = list(voice_phrases.phrase_lines())
    assert lines[:3] == [
        "ko/kiosk.start.wav\t화면을 눌러 시작하세요",
        "ko/kiosk.left.1.wav\t남은 시간",
        "ko/number.0.wav\t영",
    ]
    assert "en/number.1000.wav\tthousand" in lines
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_program_s_own_list_has_each_clip_once(language):
    clips = [one.clip for one in voice_phrases.voice_phrases(language)]
    assert len(clips) == len(set(clips))
    assert {"kiosk_voice.place", "number.1000"} < set(clips)


def test_the_command_lists_the_phrases_and_opens_nothing(capsys, tmp_path):
    assert cli.main(["kiosk", "--phrases", "--home", str(tmp_path)]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed == list(voice_phrases.phrase_lines())
    assert "ko/kiosk.start.wav\t화면을 눌러 시작하세요" in listed
    assert not list(tmp_path.iterdir())
