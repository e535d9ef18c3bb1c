"""Speech on Linux: SSIP over a real socket, with every fault of a daemon."""

from __future__ import annotations

import socket
import sys
import threading

import pytest

from posapp.domain.spoken import Spoken
from posapp.services.ports.speaker import SPEEDS, Speaker
from posapp.system.sound.output_queue import RETRY_SECONDS, Interrupt, OutputFailure
from posapp.system.speech import engine, speech_dispatcher
from posapp.system.speech.engine import LONGEST_TEXT, Utterance
from posapp.system.speech.queued_speaker import QueuedSpeaker
from posapp.system.speech.silent_speaker import SilentSpeaker
from posapp.system.speech.speech_dispatcher import (
    RATES,
    SpeechDispatcher,
    address_of,
    open_speech_dispatcher,
)
from tests.bounds import LONGEST_S
from tests.fakes.speech_dispatcher import FakeSpeechDispatcher, Fault

SHORT = 0.05
"""Limit of an answer where the daemon never answers."""


def hello(text="안녕하세요", speed=100, volume=80):
    return Utterance(text, "ko", speed, volume)


@pytest.fixture
def daemon():
    made = FakeSpeechDispatcher()
    yield made
    made.close()


@pytest.fixture
def connection(daemon):
    made = open_speech_dispatcher(daemon.environ)
    yield made
    made.close()


@pytest.fixture
def impatient(monkeypatch):
    """Limits that end at once: for daemons that never answer."""
    monkeypatch.setattr(speech_dispatcher, "ANSWER_SECONDS", SHORT)
    monkeypatch.setattr(SpeechDispatcher._command, "__kwdefaults__", {"seconds": SHORT})
    monkeypatch.setattr(Utterance, "limit_seconds", property(lambda said: SHORT))


def test_a_text_is_said_with_its_language_speed_and_volume(daemon, connection):
    connection.speak(hello("만 이천 원", speed=150, volume=80), Interrupt())
    assert daemon.said.get(timeout=LONGEST_S) == "만 이천 원"
    assert daemon.commands[-6:] == [
        *("SET SELF LANGUAGE ko", "SET SELF RATE 30", "SET SELF VOLUME 60"),
        *("SPEAK", "만 이천 원", "."),
    ]


def test_every_speed_has_a_rate():
    assert tuple(RATES) == SPEEDS
    assert list(RATES.values()) == sorted(RATES.values())


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (".", ".."),
        (".숨김", "..숨김"),
        ("첫 줄\r\n.\r\nQUIT\r\n둘째 줄", "첫 줄 . QUIT 둘째 줄"),
        ("a\x00b\x1b[2J\u202e", "a b [2J"),
        ("\ud800가", "가"),
    ],
)
def test_no_text_becomes_a_command(daemon, connection, text, sent):
    connection.speak(hello(text), Interrupt())
    assert daemon.said.get(timeout=LONGEST_S) == sent
    assert "QUIT" not in daemon.commands


def test_a_long_text_is_cut_and_an_empty_one_is_not_said(daemon, connection):
    connection.speak(hello("\r\n "), Interrupt())
    connection.speak(hello("가" * 5_000), Interrupt())
    assert daemon.said.get(timeout=LONGEST_S) == "가" * LONGEST_TEXT
    assert daemon.said.empty()


def test_an_interrupt_cancels_the_text_and_the_next_is_said(daemon, connection):
    daemon.holds = True
    interrupt = Interrupt()
    speaking = threading.Thread(target=connection.speak, args=(hello("길다"), interrupt))
    speaking.start()
    daemon.said.get(timeout=LONGEST_S)
    interrupt.request()
    speaking.join(LONGEST_S)
    assert daemon.cancelled.get(timeout=LONGEST_S)
    daemon.holds = False
    connection.speak(hello("다음"), Interrupt())
    assert daemon.said.get(timeout=LONGEST_S) == "다음"


def test_voices(connection):
    assert connection.voices() == {"ko", "en"}


def test_answers_may_come_letter_by_letter():
    daemon = FakeSpeechDispatcher(Fault.ONE_LETTER)
    connection = open_speech_dispatcher(daemon.environ)
    connection.speak(hello(), Interrupt())
    assert daemon.said.get(timeout=LONGEST_S) == "안녕하세요"
    connection.close()
    daemon.close()


FAULTS = [fault for fault in Fault if fault not in (Fault.NONE, Fault.ONE_LETTER)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_daemon_is_an_output_failure_in_time(fault, impatient):
    daemon = FakeSpeechDispatcher(fault)
    with pytest.raises(OutputFailure, match=r"^speech-dispatcher: .{3,}"):
        speak_once(daemon)
    daemon.close()


def speak_once(daemon):
    connection = open_speech_dispatcher(daemon.environ)
    try:
        connection.speak(hello(), Interrupt())
    finally:
        connection.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_speaker_survives_a_faulty_daemon_and_speaks_once_it_is_mended(
    fault, impatient, monkeypatch
):
    """No call to the speaker waits, whatever the daemon does."""
    daemon, clock = FakeSpeechDispatcher(fault), Seconds()
    speaker = QueuedSpeaker(lambda: open_speech_dispatcher(daemon.environ), now=clock)
    for number in range(50):
        speaker.say(f"주문 {number}", "ko")
    clock.await_call()
    assert speaker.problem.startswith("speech-dispatcher: ")
    monkeypatch.undo()
    daemon.fault = Fault.NONE
    clock.value = RETRY_SECONDS
    while not daemon.said.empty():  # of a daemon that takes texts and never ends them
        daemon.said.get_nowait()
    speaker.say("다시 됩니다", "ko", urgent=True)
    assert daemon.said.get(timeout=LONGEST_S) == "다시 됩니다"
    speaker.close()
    daemon.close()


class Seconds:
    """A clock; the speaker reads it when it falls silent."""

    def __init__(self):
        self.value, self.calls = 0, threading.Semaphore(0)

    def __call__(self):
        self.calls.release()
        return self.value

    def await_call(self):
        assert self.calls.acquire(timeout=LONGEST_S)


def test_an_urgent_text_replaces_what_is_said_and_what_waits(daemon):
    daemon.holds = True
    speaker = QueuedSpeaker(lambda: open_speech_dispatcher(daemon.environ))
    speaker.say("첫째", "ko")
    assert daemon.said.get(timeout=LONGEST_S) == "첫째"
    speaker.say("둘째", "ko")
    speaker.say(Spoken("결제되었습니다."), "ko", urgent=True)
    assert daemon.said.get(timeout=LONGEST_S) == "결제되었습니다."
    speaker.stop()
    assert [daemon.cancelled.get(timeout=LONGEST_S) for _ in range(2)]
    speaker.set_speed(200)
    speaker.set_volume(140)
    speaker.say("넷째", "en")
    assert daemon.said.get(timeout=LONGEST_S) == "넷째"
    assert "SET SELF RATE 61" in daemon.commands
    assert "SET SELF VOLUME 100" in daemon.commands
    assert speaker.problem == ""
    speaker.close()


def test_only_the_five_speeds_are_taken():
    speaker = QueuedSpeaker(lambda: pytest.fail("nothing is said"))
    with pytest.raises(ValueError, match="no such speed: 110"):
        speaker.set_speed(110)


def test_a_silent_speaker_says_nothing():
    speaker: Speaker = SilentSpeaker()
    speaker.say("안녕하세요", "ko", urgent=True)
    speaker.set_speed(200)
    speaker.set_volume(0)
    speaker.stop()
    speaker.close()
    assert speaker.problem == ""


# Where the daemon is, and how it is started


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({"SPEECHD_ADDRESS": "unix_socket:/a/b"}, (socket.AF_UNIX, "/a/b")),
        ({"SPEECHD_ADDRESS": "inet_socket"}, (socket.AF_INET, ("localhost", 6560))),
        ({"SPEECHD_ADDRESS": "inet_socket:h:70"}, (socket.AF_INET, ("h", 70))),
        ({"XDG_RUNTIME_DIR": "/r"}, (socket.AF_UNIX, "/r/speech-dispatcher/speechd.sock")),
    ],
)
def test_the_address_is_that_of_its_own_library(environ, address):
    assert address_of(environ) == address


def test_a_daemon_that_is_not_installed(tmp_path):
    with pytest.raises(OutputFailure, match="speech-dispatcher: No such file"):
        open_speech_dispatcher({"XDG_RUNTIME_DIR": str(tmp_path), "PATH": ""})


def test_a_path_that_is_no_address_is_refused(tmp_path):
    with pytest.raises(OutputFailure, match="AF_UNIX path too long"):
        open_speech_dispatcher({"XDG_RUNTIME_DIR": "/x" * 100, "PATH": ""})


SPAWNED = """#!{python}
import os, socket, sys
path = sys.argv[sys.argv.index("--socket-path") + 1]
assert "--spawn" in sys.argv
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen()
if os.fork():
    sys.exit(0)
for stream in (0, 1, 2):
    os.close(stream)
taken, _ = server.accept()
for _ in range(3):
    taken.recv(1000)
    taken.sendall(b"208 OK\\r\\n")
"""


def test_a_daemon_that_does_not_run_is_started(tmp_path, daemon):
    path = daemon.path + "2"
    write_program(tmp_path / "speech-dispatcher", SPAWNED)
    environ = {"SPEECHD_ADDRESS": f"unix_socket:{path}", "PATH": str(tmp_path)}
    open_speech_dispatcher(environ).close()


def test_a_daemon_that_cannot_be_started_is_not_waited_for(tmp_path, daemon):
    write_program(tmp_path / "speech-dispatcher", "#!{python}\nraise SystemExit(1)\n")
    environ = {"SPEECHD_ADDRESS": f"unix_socket:{daemon.path}2", "PATH": str(tmp_path)}
    with pytest.raises(OutputFailure):
        open_speech_dispatcher(environ)


def write_program(path, text):
    path.write_text(text.format(python=sys.executable))
    path.chmod(0o755)


def test_the_limit_of_a_text_grows_with_its_length():
    short, long = hello("가"), hello("가" * 100)
    assert engine.ANSWER_SECONDS < short.limit_seconds < long.limit_seconds
    assert hello("가" * 100, speed=75).limit_seconds > long.limit_seconds
