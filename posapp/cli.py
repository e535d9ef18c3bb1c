"""Command line of ``posapp``."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from posapp.domain.errors import PosappError
from posapp.domain.settings import BY_NAME, setting_names

if TYPE_CHECKING:
    from posapp.app.commands import CommandResult
    from posapp.app.shop_config import Shop


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 success, 1 refused or problem found, 2 usage
    error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    from posapp.app.privacy import keep_private

    _never_fail_to_print()
    # A window keeps its memory private once it is painted, before a key is read (``run_window``).
    with keep_private(memory=given[:1] not in (["run"], ["demo"], ["kiosk"])):
        return _run_command(given)


def _never_fail_to_print() -> None:
    """Replace what a console cannot show (✓ and emoji in CP949) instead of failing after the work
    is done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run_command(given: list[str]) -> int:
    if given[:1] == ["sandbox"]:
        from posapp.sandbox.serve import serve

        return serve(_without_home(given[1:]))
    options = _plain_start(given) or _parse(given)
    try:
        return int(_COMMANDS[options.command](options))
    except PosappError as error:
        from posapp.app.commands import problem_lines
        from posapp.app.options import OptionProblem

        for line in problem_lines(error, os.environ.get("POSAPP_LANGUAGE", "ko")):
            print(line, file=sys.stderr)
        return 2 if isinstance(error, OptionProblem) else 1


def _plain_start(given: list[str]) -> argparse.Namespace | None:
    """Parse ``run`` and ``demo``, alone or with ``--home DIR``: as the parser does, but without the
    7 ms before the first paint that it takes to build it."""
    if given[:1] not in (["run"], ["demo"]):
        return None
    match given[1:]:
        case []:
            return argparse.Namespace(command=given[0], home=None)
        case ["--home", folder] if folder and not folder.startswith("-"):
            return argparse.Namespace(command=given[0], home=folder)
        case _:
            return None


def _parse(given: Sequence[str]) -> argparse.Namespace:
    from posapp.app.command_parser import build_parser

    return build_parser(given).parse_args(given)


def _given_settings(options: argparse.Namespace) -> dict[str, str]:
    given = vars(options)
    return {name: given[name] for name in setting_names() if name in given}


def _run(options: argparse.Namespace) -> int:
    given = _given_settings(options)
    shop = _shop(options.home, **given)
    if shop.settings.mode is None:
        from posapp.app.start_refusal import has_screen, refuse_start

        if not has_screen(sys.platform, os.environ):
            return _print_result(refuse_start(shop))
        if not _make_shop(options.home, given):
            return 0
        shop = _shop(options.home, **given)
        if shop.settings.text_size != BY_NAME["text_size"].default:
            _start_again(sys.argv[1:])
    return _run_window(shop)


def _start_again(arguments: Sequence[str]) -> None:
    """Replace this process by a new one: Qt scales its windows from the start only."""
    os.execv(sys.executable, [sys.executable, "-m", "posapp", *arguments])  # noqa: S606 - no shell


def _make_shop(home: str | None, given: dict[str, str]) -> bool:
    """Show the set-up in a window; return whether there is a shop to open."""
    from posapp.app.setup_command import base_of
    from posapp.app.setup_program import run_setup_window

    return run_setup_window(*base_of(home, os.environ, given))


def _setup(options: argparse.Namespace) -> int:
    from getpass import getpass

    from posapp.app.setup_command import run_setup

    return run_setup(options.home, os.environ, _given_settings(options), input, getpass, print)


def _demo(options: argparse.Namespace) -> int:
    return _run_window(_demo_shop(options.home))


def _kiosk(options: argparse.Namespace) -> int:
    if options.phrases:
        from posapp.app.voice_phrases import list_phrases

        return _print_result(list_phrases())
    shop = _shop(options.home, **_given_settings(options))
    if shop.settings.mode is None:
        from posapp.app.start_refusal import refuse_start

        return _print_result(refuse_start(shop))
    with _without_gc_until_ready():
        from posapp.app.kiosk_app import run_kiosk

        return run_kiosk(shop)


def _run_window(shop: Shop) -> int:
    with _without_gc_until_ready():
        from posapp.app.desktop_app import open_demo_shop, open_live_shop, run_window

        opener = open_demo_shop if shop.settings.mode == "demo" else open_live_shop
        return run_window(shop, opener, live=shop.settings.live, say=print)


@contextmanager
def _without_gc_until_ready() -> Iterator[None]:
    """Collect no garbage before ``DesktopApp`` is ready: what is imported and made until then lives
    until the end, and looking through it again and again takes a tenth of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _tour(options: argparse.Namespace) -> int:
    from posapp.app.tour_command import Tour, play

    try:
        width, height = (int(part) for part in options.size.lower().split("x"))
    except ValueError:
        print(f"posapp tour: --size {options.size}: WIDTHxHEIGHT", file=sys.stderr)
        return 2
    folder = options.out or Path.cwd() / "tour"
    tour = Tour(folder, options.theme, options.language, (width, height))
    return int(play(tour, lambda line: print(line, flush=True)))


def _import(options: argparse.Namespace) -> int:
    from posapp.app.import_command import ImportOptions, import_orders

    wanted = ImportOptions(
        file=options.file,
        on_error=options.on_error,
        preview=options.preview,
        sellers=options.sellers,
        seller=options.seller,
        maps=tuple(options.map),
        fills=tuple(options.set),
        template=options.template,
        undo=options.undo,
        listed=options.list,
    )
    return _print_result(import_orders(_shop(options.home), wanted, print))


def _export(options: argparse.Namespace) -> int:
    from posapp.app.export_command import ExportOptions, export_requests

    wanted = ExportOptions(
        options.seller, options.kind, options.state, options.since, options.until, options.text
    )
    return _print_result(export_requests(_shop(options.home), options.file, wanted))


def _backup(options: argparse.Namespace) -> int:
    from posapp.app.backup_commands import make_backup
    from posapp.app.terminal_actor import terminal_actor

    return _print_result(make_backup(terminal_actor(), _shop(options.home), options.to))


def _restore(options: argparse.Namespace) -> int:
    from posapp.app.backup_commands import RestoreCommand
    from posapp.app.terminal_actor import terminal_actor

    shop = _shop(options.home)
    with RestoreCommand(shop, options.file, another_till=options.another_till) as restoring:
        found = _print_result(restoring.preview)
        if found or options.list:
            return found
        if not options.yes:
            if not sys.stdin.isatty():
                return _print_result(restoring.refuse_non_interactive())
            if not _says_yes(restoring.question):
                return _print_result(restoring.declined())
        return _print_result(restoring.execute(terminal_actor()))


def _says_yes(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes", "네", "예")
    except EOFError:
        return False


def _ledger(options: argparse.Namespace) -> int:
    from posapp.app.commands import check_ledger

    return _print_result(check_ledger(_shop(options.home)))


def _staff(options: argparse.Namespace) -> int:
    from getpass import getpass

    from posapp.app.options import read_number
    from posapp.app.staff_commands import StaffCommand
    from posapp.domain.permissions import StaffRole

    staff = StaffCommand(_shop(options.home), getpass)
    match options.what:
        case "list":
            return _print_result(staff.list())
        case "add":
            role = StaffRole(options.role.upper())
            given = options.seller
            seller = None if given is None else read_number("--seller", given)
            return _print_result(staff.add(options.name, role, seller, options.by))
        case "change-pin":
            return _print_result(staff.change_pin(options.name))
        case "reset-pin":
            result = staff.reset_pin(options.name, options.by, recovery=options.recovery)
            return _print_result(result)
        case _:
            return _print_result(staff.deactivate(options.name, options.by))


def _settings(options: argparse.Namespace) -> int:
    from posapp.app.settings_commands import SettingsCommand

    settings = SettingsCommand(_shop(options.home))
    match options.what:
        case "get":
            return _print_result(settings.get(options.name))
        case "set":
            return _print_result(settings.set(options.name, options.value))
        case "reset":
            return _print_result(settings.reset(options.name))
        case "history":
            return _print_result(settings.history())
        case "table":
            return _print_result(settings.table())
        case _:
            return _print_result(settings.list())


def _doctor(options: argparse.Namespace) -> int:
    if options.kiosk:
        from posapp.app.kiosk_doctor import check_kiosk

        return _print_result(check_kiosk(_shop(options.home)))
    from posapp.app.commands import doctor

    return _print_result(doctor(_shop(options.home)))


def _help(options: argparse.Namespace) -> int:
    from posapp.app.help_command import show_help

    language = os.environ.get("POSAPP_LANGUAGE", "ko")
    return _print_result(show_help(language, options.html))


def _support(options: argparse.Namespace) -> int:
    from posapp.app.support_command import pack_support

    return _print_result(pack_support(options.home, os.environ, options.to))


_COMMANDS = {
    "run": _run,
    "setup": _setup,
    "demo": _demo,
    "kiosk": _kiosk,
    "tour": _tour,
    "import": _import,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
    "ledger": _ledger,
    "staff": _staff,
    "settings": _settings,
    "doctor": _doctor,
    "help": _help,
    "support": _support,
}


def _shop(home: str | None, **settings: str) -> Shop:
    from posapp.app.shop_config import load_shop

    return load_shop(home, os.environ, settings)


def _demo_shop(home: str | None) -> Shop:
    from posapp.app.shop_config import begin_demo, demo_home

    folder = home or demo_home(os.environ)
    begin_demo(folder)
    return _shop(folder, mode="demo")


def _print_result(result: CommandResult) -> int:
    for line in result.lines:
        print(line)
    return result.code


def _without_home(arguments: list[str]) -> list[str]:
    """Translate ``--home DIR``, which every command accepts, to the sandbox's ``--keep`` file
    there."""
    if "--home" not in arguments:
        return arguments
    at = arguments.index("--home")
    if at + 1 >= len(arguments):
        return arguments
    folder = Path(arguments[at + 1])
    rest = arguments[:at] + arguments[at + 2 :]
    return rest if "--keep" in rest else [*rest, "--keep", str(folder / "sandbox.json")]
