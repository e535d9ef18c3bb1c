"""Speech on Windows and macOS: child processes, real ones with a stand-in's program."""

from __future__ import annotations

import base64
import json
import sys
import threading

import pytest

from posapp.services.ports.speaker import SPEEDS
from posapp.system.sound import programs
from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.speech import macos_speech, windows_speech
from posapp.system.speech.engine import LONGEST_TEXT, Utterance
from posapp.system.speech.line_channel import LONGEST_LINE
from posapp.system.speech.macos_speech import MacSpeech
from posapp.system.speech.speakers import open_engine, speaker_of, voices_of
from posapp.system.speech.windows_speech import COMMAND, SCRIPT, open_windows_speech
from tests.bounds import FOR_EVER_S, LONGEST_S

SHORT = 0.05
"""Limit of an answer where the child never answers."""

POWERSHELL = """
import sys, time
log = open(sys.argv[1], "a", encoding="utf-8", buffering=1)
fault = sys.argv[2]
def answer(line):
    sys.stdout.write(line + "\\r\\n")
    sys.stdout.flush()
if fault == "dies":
    sys.exit(3)
if fault == "hangs":
    time.sleep({for_ever})
if fault == "garbage":
    answer("'powershell' is not recognized")
if fault == "no line":
    sys.stdout.write("x" * 9000)
    sys.stdout.flush()
answer("\\ufeffREADY en-US,ko-KR" if fault != "no korean" else "READY en-US")
for line in sys.stdin:
    log.write(line.strip() + "\\n")
    if fault == "no korean":
        answer("NOVOICE")
    elif fault == "refuses":
        answer("FAILED")
    elif fault == "stops answering":
        time.sleep({for_ever})
    elif line.startswith("STOP"):
        answer("END")  # of the text before, that ends at the same time
        answer("OK")
    else:
        answer("OK")
        if fault == "odd end":
            answer("ENDE")
        elif fault != "goes on":
            answer("END")
"""


@pytest.fixture
def powershell(tmp_path):
    """Opens the engine with a stand-in that has a fault."""
    program, log = tmp_path / "powershell.py", tmp_path / "log"
    program.write_text(POWERSHELL.format(for_ever=FOR_EVER_S), encoding="utf-8")
    opened = []

    def open_one(fault="none"):
        command = (sys.executable, "-X", "utf8", str(program), str(log), fault)
        opened.append(open_windows_speech(command))
        return opened[-1]

    open_one.log = log
    yield open_one
    for each in opened:
        each.close()


def hello(text="안녕하세요", language="ko", speed=100, volume=80):
    return Utterance(text, language, speed, volume)


def test_windows_says_a_text_with_its_language_speed_and_volume(powershell):
    engine = powershell()
    engine.speak(hello("만 이천 원\r\nSTOP", speed=200), Interrupt())
    engine.speak(hello("paid", "en", speed=75, volume=0), Interrupt())
    (first, second) = powershell.log.read_text(encoding="utf-8").splitlines()
    assert first.split()[:4] == ["SAY", "ko", "6", "80"]
    assert base64.b64decode(first.split()[4]).decode() == "만 이천 원 STOP"
    assert second.split()[:4] == ["SAY", "en", "-3", "0"]
    assert engine.voices() == {"ko", "en"}


def test_windows_stops_a_text_that_is_interrupted(powershell):
    engine, interrupt = powershell("goes on"), Interrupt()
    speaking = threading.Thread(target=engine.speak, args=(hello(), interrupt))
    speaking.start()
    interrupt.request()
    speaking.join(LONGEST_S)
    engine.speak(hello(""), Interrupt())  # which says nothing
    assert powershell.log.read_text(encoding="utf-8").splitlines()[-1] == "STOP"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("dies", "is gone"),
        ("hangs", "no answer in time"),
        ("garbage", "does not begin"),
        ("no line", "sends no lines"),
        ("no korean", "no voice of the language"),
        ("refuses", "refuses"),
        ("stops answering", "no answer in time"),
        ("goes on", "no answer in time"),
        ("odd end", "an answer that is none"),
    ],
)
def test_a_faulty_powershell_is_an_output_failure_in_time(powershell, fault, message, monkeypatch):
    if fault == "hangs":
        monkeypatch.setattr(windows_speech, "START_SECONDS", SHORT)
    elif message == "no answer in time":
        monkeypatch.setattr(windows_speech, "ANSWER_SECONDS", SHORT * 20)
        monkeypatch.setattr(Utterance, "limit_seconds", property(lambda said: SHORT))
    with pytest.raises(OutputFailure, match=f"^powershell: {message}$"):
        powershell(fault).speak(hello(), Interrupt())


def test_the_longest_text_fits_into_one_line_of_a_pipe():
    said = "가" * windows_speech._LONGEST_SAID
    line = f"SAY ko -10 100 {base64.b64encode(said.encode()).decode()}\r\n"
    assert len(line) < LONGEST_LINE
    assert len(said) < LONGEST_TEXT


def test_the_command_of_windows_is_the_script():
    assert base64.b64decode(COMMAND[-1]).decode("utf-16-le") == SCRIPT
    assert len(" ".join(COMMAND)) < 32_000  # the longest command line of Windows
    assert tuple(windows_speech.RATES) == SPEEDS


def test_a_system_without_powershell():
    with pytest.raises(OutputFailure, match="powershell: No such file"):
        open_windows_speech(("/nowhere/powershell.exe",))


SAY = """#!{python}
import json, sys, time
if sys.argv[1:] == ["-v", "?"]:
    if {fault!r} == "no list":
        sys.exit(1)
    print("Alex                en_US    # Most people recognize me by my voice.")
    print("Yuna                ko_KR    # 안녕하세요. 제 이름은 유나입니다.")
    print("Eddy (Korean (South Korea)) ko_KR    # 안녕하세요.")
    print("garbage")
    sys.exit(0)
with open({log!r}, "a") as log:
    log.write(json.dumps([sys.argv[1:], sys.stdin.read()]) + "\\n")
if {fault!r} == "fails":
    sys.exit(4)
if {fault!r} == "hangs":
    time.sleep({for_ever})
"""


@pytest.fixture
def say(tmp_path, monkeypatch):
    """Puts a stand-in for ``say`` with a fault on the path; returns the calls."""
    log = tmp_path / "calls"

    def install(fault=""):
        program = tmp_path / "say"
        text = SAY.format(
            python=f"{sys.executable} -Xutf8", fault=fault, log=str(log), for_ever=FOR_EVER_S
        )
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        return lambda: [json.loads(line) for line in log.read_text().splitlines()]

    install.log = log
    return install


def test_macos_says_a_text_with_its_language_speed_and_volume(say):
    calls = say()
    engine = open_engine("darwin")
    engine.speak(hello("-v [[rate 900]] 원", speed=200, volume=80), Interrupt())
    engine.speak(hello("paid", "en", volume=100), Interrupt())
    assert calls() == [
        [["-v", "Yuna", "-r", "350", "-f", "-"], "[[volm 0.80]] -v   rate 900   원"],
        [["-v", "Alex", "-r", "175", "-f", "-"], "[[volm 1.00]] paid"],
    ]
    assert voices_of(engine) == {"ko", "en"}


def test_macos_stops_a_text_that_is_interrupted(say):
    say("hangs")
    interrupt = Interrupt()
    speaking = threading.Thread(target=MacSpeech().speak, args=(hello(), interrupt))
    speaking.start()
    while not say.log.exists():
        threading.Event().wait(0.01)
    interrupt.request()
    speaking.join(LONGEST_S)
    assert not speaking.is_alive()


@pytest.mark.parametrize(
    ("fault", "message"),
    [("fails", "exit code 4"), ("hangs", "no end within"), ("no list", "CalledProcessError")],
)
def test_a_faulty_say_is_an_output_failure_in_time(say, fault, message, monkeypatch):
    say(fault)
    if fault == "hangs":
        monkeypatch.setattr(Utterance, "limit_seconds", property(lambda said: SHORT))
    with pytest.raises(OutputFailure, match=f"^say: {message}"):
        MacSpeech().speak(hello(), Interrupt())


def test_a_language_without_a_voice_on_macos(say):
    say()
    with pytest.raises(OutputFailure, match="no voice of the language"):
        MacSpeech().speak(hello(language="fr"), Interrupt())


def test_a_system_without_say(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutputFailure, match="say: FileNotFoundError"):
        open_engine("darwin")
    assert macos_speech.NAME == "say"


def test_a_speaker_of_a_system_without_speech_only_knows_its_problem(tmp_path, monkeypatch):
    failed = threading.Event()
    monkeypatch.setenv("PATH", str(tmp_path))
    speaker = speaker_of(tmp_path, lambda _: {}, "darwin")
    monkeypatch.setattr(speaker._queue, "_now", lambda: failed.set() or 0)
    speaker.say("안녕하세요", "ko")
    assert failed.wait(LONGEST_S)
    assert speaker.problem == "say: FileNotFoundError"
    speaker.close()


def test_a_program_that_ended_is_killed_without_harm(tmp_path):
    programs.run_until_silent((sys.executable, "-c", ""), "x" * 100_000, LONGEST_S, Interrupt())
