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

from posapp import __version__
from posapp.domain.errors import PosappError
from posapp.domain.settings import setting_names

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
    options = _plain_start(given) or _parser(given).parse_args(given)
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


def _parser(given: Sequence[str] = ()) -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", metavar="DIR", help="folder of the shop")
    # After the word of a subcommand, too; where it is not given, what was given before it stays.
    below = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    below.add_argument("--home", metavar="DIR", help="folder of the shop")
    parser = argparse.ArgumentParser(prog="posapp", description="KakaoPay QR point of sale")
    parser.add_argument("--version", action="version", version=f"posapp {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, help_text: str, lines_below: Sequence[str] = ()
    ) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=help_text,
            description=help_text,
            parents=[shared],
            epilog="\n".join(lines_below) or None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def act_of(
        acts: argparse._SubParsersAction[argparse.ArgumentParser], name: str, help_text: str
    ) -> argparse.ArgumentParser:
        return acts.add_parser(name, help=help_text, description=help_text, parents=[below])

    _add_settings(command("run", "open the till of a shop"))
    _add_settings(command("setup", "make a shop, step by step; a stopped set-up goes on"))
    command("demo", "open the demo shop, with PortOne's stand-in inside")
    kiosk = command("kiosk", "open the kiosk of a shop, at which buyers pay alone")
    kiosk.add_argument("--phrases", action="store_true", help="list what to record for it")
    _add_settings(kiosk)
    tour = command("tour", "play a sale by itself and keep a picture of each step")
    tour.add_argument("--out", metavar="DIR", type=Path, help="where pictures and transcript go")
    tour.add_argument("--theme", choices=("light", "dark", "contrast"), default="light")
    tour.add_argument("--language", choices=("ko", "en"), default="ko")
    tour.add_argument("--size", metavar="WxH", default="1366x768", help="of the window")
    commands.add_parser("sandbox", help="PortOne's stand-in alone (see posapp sandbox --help)")
    _add_import_options(
        command("import", "take users, products and orders out of a file", _columns_for(given))
    )
    exporting = command("export", "write what a table shows to a file")
    exporting.add_argument("what", choices=("requests",))
    exporting.add_argument("file", type=Path, metavar="FILE", help=".csv or .xlsx")
    exporting.add_argument("--seller", required=True, metavar="ID")
    exporting.add_argument("--kind", choices=("EXCHANGE", "REFUND"), default="")
    exporting.add_argument("--state", choices=("WAIT", "OK", "CANCEL"), default="")
    exporting.add_argument("--from", dest="since", default="", metavar="TIME")
    exporting.add_argument("--to", dest="until", default="", metavar="TIME")
    exporting.add_argument("--text", default="", help="in the product's name or the reason")
    copying = command("backup", "copy the shop's database, also while the shop is open")
    copying.add_argument("--to", metavar="FILE", type=Path, help="file or folder of the copy")
    restoring = command("restore", "put a copy in the place of the shop's database")
    restoring.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="without it: the newest good copy"
    )
    restoring.add_argument("--list", action="store_true", help="only say which copies there are")
    restoring.add_argument(
        "--another-till", action="store_true", help="also take a copy of another till's shop"
    )
    restoring.add_argument("--yes", action="store_true", help="do not ask")
    ledger = command("ledger", "look after the ledger")
    ledger.add_argument("what", choices=("verify",))
    staff = command("staff", "say who works here, and give PINs")
    staff_acts = staff.add_subparsers(dest="what", required=True, metavar="WHAT")

    def staff_command(name: str, help_text: str) -> argparse.ArgumentParser:
        made = act_of(staff_acts, name, help_text)
        made.add_argument("name", metavar="NAME")
        made.add_argument("--by", default="", metavar="NAME", help="the manager who does it")
        return made

    act_of(staff_acts, "list", "say who is on the staff")
    adding = staff_command("add", "add a person; the PIN is asked for")
    adding.add_argument("--role", choices=("cashier", "seller", "manager"), default="cashier")
    adding.add_argument("--seller", metavar="ID", help="the user for whom a seller acts")
    resetting = staff_command("reset-pin", "give a person a new PIN, and unlock them")
    resetting.add_argument("--recovery", action="store_true", help="by the recovery code")
    changing = act_of(staff_acts, "change-pin", "set the own PIN by the old one")
    changing.add_argument("name", metavar="NAME")
    staff_command("deactivate", "remove a person from the staff")
    helping = command("help", "name the pages of the manual, or write them as web pages")
    helping.add_argument("--html", metavar="DIR", type=Path, help="folder for the web pages")
    packing = command("support", "pack logs, findings and versions, without personal data")
    packing.add_argument("--to", metavar="FILE", type=Path, help="file or folder of the pack")
    settings = command("settings", "list, show and change the settings of the shop")
    acts = settings.add_subparsers(dest="what", required=True, metavar="WHAT")
    act_of(acts, "list", "every setting; * marks those that are not the default")
    for name, help_text in (
        ("get", "show one setting"),
        ("set", "change one setting; a window that is open takes it at its next start"),
        ("reset", "give one setting its default"),
    ):
        act = act_of(acts, name, help_text)
        act.add_argument("name", metavar="NAME", choices=setting_names())
        if name == "set":
            act.add_argument("value", metavar="VALUE")
    act_of(acts, "history", "who changed what")
    act_of(acts, "table", "the table of docs/settings.md")
    checking = command("doctor", "look whether everything is as it should be, and say what to do")
    checking.add_argument("--kiosk", action="store_true", help="which duty is met by what")
    return parser


def _columns_for(given: Sequence[str]) -> Sequence[str]:
    """Return the columns of a table for the help of ``import``; no other command needs them."""
    if given[:1] != ["import"]:
        return ()
    from posapp.app.import_command import column_lines

    return "columns of a table:", *column_lines()


def _add_import_options(importing: argparse.ArgumentParser) -> None:
    importing.add_argument("what", choices=("orders",))
    importing.add_argument(
        "file", type=Path, metavar="FILE", nargs="?", help=".csv, .tsv, .txt, .xlsx or .json"
    )
    importing.add_argument(
        "--on-error",
        choices=("refuse", "skip"),
        default="refuse",
        help="one bad row: take nothing (refuse), or the good ones (skip)",
    )
    importing.add_argument(
        "--preview", "--check", action="store_true", help="say what would happen, store nothing"
    )
    importing.add_argument(
        "--sellers", action="store_true", help="the file may make people sellers"
    )
    importing.add_argument("--seller", default="", metavar="ID", help="of lines without a seller")
    importing.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=TITLE",
        help="where the file has another title; it is remembered for such files",
    )
    importing.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="for lines without a value; auto makes a number of buyer_id or product_id",
    )
    importing.add_argument("--template", type=Path, metavar="FILE", help="write an empty table")
    importing.add_argument("--undo", default="", metavar="ID", help="take an import back")
    importing.add_argument("--list", action="store_true", help="say which imports there were")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting; docs/settings.md says what they are."""
    group = parser.add_argument_group("settings (docs/settings.md)")
    for name in setting_names():
        option = f"--{name.replace('_', '-')}"
        hidden = argparse.SUPPRESS
        group.add_argument(option, metavar="VALUE", help=hidden, default=hidden)


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
    return _run_window(shop)


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
    from posapp.app.shop_config import demo_home

    return _shop(home or demo_home(os.environ), mode="demo")


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
