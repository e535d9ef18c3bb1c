"""Files that lock a machine down: well-formed, and of what the systems' own rules name."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

KIOSK = Path(__file__).parents[2] / "resources" / "kiosk"
UNIT = KIOSK / "linux" / "posapp-kiosk.service"
START = KIOSK / "linux" / "start-kiosk"

SHELL = "{http://schemas.microsoft.com/ShellLauncher/2018/Configuration}"
SHELL_2 = "{http://schemas.microsoft.com/ShellLauncher/2019/Configuration}"
ACCESS = "{http://schemas.microsoft.com/AssignedAccess/2017/config}"
ACCESS_2018 = "{http://schemas.microsoft.com/AssignedAccess/201810/config}"
ACCESS_2022 = "{http://schemas.microsoft.com/AssignedAccess/2022/config}"

GUID = re.compile(r"\{[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}")
ACTIONS = frozenset({"RestartShell", "RestartDevice", "ShutdownDevice", "DoNothing"})
BOOLEANS = frozenset({"true", "false", "0", "1"})

# What Microsoft's schemas name, as far as these files use it: the children of an element in their
# order, and its attributes. (Windows documentation, "Shell Launcher XSD", "Assigned Access XSD",
# read 2026-11-29; both files were held against the whole schemas then.)
SCHEMA: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    f"{SHELL}ShellLauncherConfiguration": ((f"{SHELL}Profiles", f"{SHELL}Configs"), frozenset()),
    f"{SHELL}Profiles": ((f"{SHELL}DefaultProfile", f"{SHELL}Profile"), frozenset()),
    f"{SHELL}DefaultProfile": ((f"{SHELL}Shell",), frozenset()),
    f"{SHELL}Profile": ((f"{SHELL}Shell",), frozenset({"Id", "Name"})),
    f"{SHELL}Shell": (
        (f"{SHELL}ReturnCodeActions", f"{SHELL}DefaultAction"),
        frozenset({"Shell", f"{SHELL_2}AppType", f"{SHELL_2}AllAppsFullScreen"}),
    ),
    f"{SHELL}ReturnCodeActions": ((f"{SHELL}ReturnCodeAction",), frozenset()),
    f"{SHELL}ReturnCodeAction": ((), frozenset({"ReturnCode", "Action"})),
    f"{SHELL}DefaultAction": ((), frozenset({"Action"})),
    f"{SHELL}Configs": ((f"{SHELL}Config",), frozenset()),
    f"{SHELL}Config": ((f"{SHELL}AutoLogonAccount", f"{SHELL}Profile"), frozenset()),
    f"{SHELL}AutoLogonAccount": ((), frozenset({"HiddenId"})),
    f"{ACCESS}AssignedAccessConfiguration": (
        (f"{ACCESS}Profiles", f"{ACCESS}Configs"),
        frozenset(),
    ),
    f"{ACCESS}Profiles": ((f"{ACCESS}Profile",), frozenset()),
    f"{ACCESS}Profile": (
        (f"{ACCESS}AllAppsList", f"{ACCESS_2022}StartPins", f"{ACCESS}Taskbar"),
        frozenset({"Id", "Name"}),
    ),
    f"{ACCESS}AllAppsList": ((f"{ACCESS}AllowedApps",), frozenset()),
    f"{ACCESS}AllowedApps": ((f"{ACCESS}App",), frozenset()),
    f"{ACCESS}App": (
        (),
        frozenset(
            {"DesktopAppPath", f"{ACCESS_2018}AutoLaunch", f"{ACCESS_2018}AutoLaunchArguments"}
        ),
    ),
    f"{ACCESS_2022}StartPins": ((), frozenset()),
    f"{ACCESS}Taskbar": ((), frozenset({"ShowTaskbar"})),
    f"{ACCESS}Configs": ((f"{ACCESS}Config",), frozenset()),
    f"{ACCESS}Config": ((f"{ACCESS}AutoLogonAccount", f"{ACCESS}DefaultProfile"), frozenset()),
    f"{ACCESS}AutoLogonAccount": ((), frozenset({"HiddenId", f"{ACCESS_2018}DisplayName"})),
    f"{ACCESS}DefaultProfile": ((), frozenset({"Id"})),
}
VALUES: dict[str, frozenset[str]] = {
    "Action": ACTIONS,
    f"{SHELL_2}AppType": frozenset({"UWP", "Desktop"}),
    f"{SHELL_2}AllAppsFullScreen": BOOLEANS,
    f"{ACCESS_2018}AutoLaunch": BOOLEANS,
    "ShowTaskbar": BOOLEANS,
}


def against_the_schema(element: ElementTree.Element) -> Iterator[str]:
    """What of a configuration no schema names, or stands in another order."""
    if element.tag not in SCHEMA:
        yield f"{element.tag} is unknown"
        return
    children, attributes = SCHEMA[element.tag]
    order = [children.index(one.tag) for one in element if one.tag in children]
    if order != sorted(order):
        yield f"{element.tag}: its children are in another order"
    for name, value in element.attrib.items():
        if name not in attributes:
            yield f"{element.tag}: {name} is unknown"
        if value not in VALUES.get(name, {value}) or (name == "Id" and not GUID.fullmatch(value)):
            yield f"{element.tag}: {name}={value}"
    for child in element:
        # The profile of a configuration only refers to one.
        if element.tag == f"{SHELL}Config" and child.tag == f"{SHELL}Profile":
            if set(child.attrib) != {"Id"} or len(child):
                yield f"{child.tag}: more than a reference"
        elif child.tag not in children:
            yield f"{element.tag}: {child.tag} does not belong here"
        else:
            yield from against_the_schema(child)


WINDOWS = ("shell-launcher.xml", "assigned-access.xml")


@pytest.mark.parametrize("name", WINDOWS)
def test_a_configuration_of_windows_has_what_its_schema_names(name):
    root = ElementTree.parse(KIOSK / "windows" / name).getroot()
    assert list(against_the_schema(root)) == []
    profiles = {one.get("Id") for one in root[0] if one.get("Id")}
    configured = {each.get("Id") for config in root[1] for each in config if each.get("Id")}
    assert profiles == configured != set(), "a profile without an account has no effect"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<DefaultAction", "<DefaultActions"),
        ('Action="RestartShell"', 'Action="Restart"'),
        ('Id="{1D5B7C56', 'Id="{1D5B7C5'),
        ('V2:AppType="Desktop"', 'AppType="Desktop"'),
        ("<AutoLogonAccount/>", '<AutoLogonAccount Name="kiosk"/>'),
    ],
)
def test_a_wrong_configuration_is_found(old, new):
    text = (KIOSK / "windows" / "shell-launcher.xml").read_text("utf-8")
    assert old in text
    assert list(against_the_schema(ElementTree.fromstring(text.replace(old, new))))


def test_windows_starts_the_kiosk_again_but_after_the_pin():
    root = ElementTree.parse(KIOSK / "windows" / "shell-launcher.xml").getroot()
    (profile,) = root.findall(f"{SHELL}Profiles/{SHELL}Profile")
    shell = profile[0]
    assert "posapp.exe kiosk " in shell.attrib["Shell"]
    actions = {one.get("ReturnCode"): one.get("Action") for one in shell[0]}
    assert actions == {"0": "DoNothing"}
    assert shell[1].get("Action") == "RestartShell"


def test_assigned_access_allows_nothing_but_posapp():
    root = ElementTree.parse(KIOSK / "windows" / "assigned-access.xml").getroot()
    (program,) = root.iter(f"{ACCESS}App")
    assert program.attrib["DesktopAppPath"].endswith("posapp.exe")
    assert program.attrib[f"{ACCESS_2018}AutoLaunch"] == "true"
    assert program.attrib[f"{ACCESS_2018}AutoLaunchArguments"].split()[0] == "kiosk"


# Linux


def unit_of(text: str) -> RawConfigParser:
    parsed = RawConfigParser(strict=False)
    parsed.optionxform = str
    parsed.read_string(text)
    return parsed


def test_the_unit_keeps_the_kiosk_running_for_a_user_without_rights():
    unit = unit_of(UNIT.read_text("utf-8"))
    service = unit["Service"]
    assert service["User"] == "kiosk"
    assert service["NoNewPrivileges"] == "yes"
    assert service["Restart"] == "on-failure"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert Path(service["ExecStart"]).name == START.name


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    installed = unit_of(UNIT.read_text("utf-8"))["Service"]["ExecStart"]
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace(installed, str(START)))
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


CAGE = """#!/bin/sh
echo "$*" > "{log}"
test "$1" = -- && shift
"$@"
exit 0
"""


def start(tmp_path, program: str, **environ: str) -> int:
    """Run the start script with a stand-in for cage; return its exit code."""
    for name, text in (("cage", CAGE), ("posapp", program)):
        (tmp_path / name).write_text(text.format(log=tmp_path / "log"))
        (tmp_path / name).chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)} | environ
    return subprocess.run([str(START)], env=environ, check=False).returncode


@pytest.mark.parametrize("code", [0, 1, 7])
def test_the_exit_code_of_the_kiosk_is_that_of_the_unit(tmp_path, code):
    """cage itself ends with 0 always, and systemd would never start the kiosk again."""
    assert start(tmp_path, f'#!/bin/sh\ntest "$*" = kiosk && exit {code}\nexit 99\n') == code
    options = (tmp_path / "log").read_text().partition(" -- ")[0]
    assert not {"-s", "-m"} & set(options.split()), "a way to another console"


def test_a_kiosk_or_a_shell_that_is_killed_is_a_failure(tmp_path):
    assert start(tmp_path, "#!/bin/sh\nkill -9 $$\n") == 137
    (tmp_path / "posapp-kiosk.exit").write_text("0")  # of an earlier run
    assert start(tmp_path, "#!/bin/sh\nkill -9 $PPID\n") == 1


def test_the_program_and_the_shop_may_be_in_other_folders(tmp_path):
    program = tmp_path / "other"
    program.write_text('#!/bin/sh\ntest "$*:$POSAPP_HOME" = "demo:/shop" && exit 5\nexit 99\n')
    program.chmod(0o755)
    chosen = {"KIOSK_PROGRAM": str(program), "KIOSK_COMMAND": "demo", "POSAPP_HOME": "/shop"}
    assert start(tmp_path, "", **chosen) == 5


def test_without_a_session_it_does_not_start(tmp_path):
    assert start(tmp_path, "", XDG_RUNTIME_DIR="") not in (0, 99)
