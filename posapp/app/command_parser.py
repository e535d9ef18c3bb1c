"""Commands of ``posapp`` and their options, for argparse."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from posapp import __version__
from posapp.domain.settings import setting_names


class _Commands:
    """The commands that a parser knows; each takes ``--home``."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._shared = argparse.ArgumentParser(add_help=False)
        self._shared.add_argument("--home", metavar="DIR", help="folder of the shop")
        # After the word of a subcommand, too; where it is not given, what was given before it
        # stays.
        self._below = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
        self._below.add_argument("--home", metavar="DIR", help="folder of the shop")
        self.parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(
        self, name: str, help_text: str, lines_below: Sequence[str] = ()
    ) -> argparse.ArgumentParser:
        """Add a command.

        Args:
            lines_below: follow its options in its help.
        """
        return self.parsers.add_parser(
            name,
            help=help_text,
            description=help_text,
            parents=[self._shared],
            epilog="\n".join(lines_below) or None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def add_act(
        self,
        acts: argparse._SubParsersAction[argparse.ArgumentParser],
        name: str,
        help_text: str,
    ) -> argparse.ArgumentParser:
        """Add a subcommand."""
        return acts.add_parser(name, help=help_text, description=help_text, parents=[self._below])


def build_parser(given: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser of all commands.

    Args:
        given: the arguments: the help of ``import`` lists its columns, which no other command
            needs.
    """
    parser = argparse.ArgumentParser(prog="posapp", description="KakaoPay QR point of sale")
    parser.add_argument("--version", action="version", version=f"posapp {__version__}")
    commands = _Commands(parser)
    _add_windows(commands)
    _add_import_options(
        commands.add("import", "take users, products and orders out of a file", _columns_for(given))
    )
    _add_export(commands)
    _add_copies(commands)
    commands.add("ledger", "look after the ledger").add_argument("what", choices=("verify",))
    _add_staff(commands)
    _add_help(commands)
    _add_settings_acts(commands)
    checking = commands.add(
        "doctor", "look whether everything is as it should be, and say what to do"
    )
    checking.add_argument("--kiosk", action="store_true", help="which duty is met by what")
    return parser


def _add_windows(commands: _Commands) -> None:
    _add_settings(commands.add("run", "open the till of a shop"))
    _add_settings(commands.add("setup", "make a shop, step by step; a stopped set-up goes on"))
    commands.add("demo", "open the demo shop, with PortOne's stand-in inside")
    kiosk = commands.add("kiosk", "open the kiosk of a shop, at which buyers pay alone")
    kiosk.add_argument("--phrases", action="store_true", help="list what to record for it")
    _add_settings(kiosk)
    tour = commands.add("tour", "play a sale by itself and keep a picture of each step")
    tour.add_argument("--out", metavar="DIR", type=Path, help="where pictures and transcript go")
    tour.add_argument("--theme", choices=("light", "dark", "contrast"), default="light")
    tour.add_argument("--language", choices=("ko", "en"), default="ko")
    tour.add_argument("--size", metavar="WxH", default="1366x768", help="of the window")
    commands.parsers.add_parser(
        "sandbox", help="PortOne's stand-in alone (see posapp sandbox --help)"
    )


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


def _add_export(commands: _Commands) -> None:
    exporting = commands.add("export", "write what a table shows to a file")
    exporting.add_argument("what", choices=("requests",))
    exporting.add_argument("file", type=Path, metavar="FILE", help=".csv or .xlsx")
    exporting.add_argument("--seller", required=True, metavar="ID")
    exporting.add_argument("--kind", choices=("EXCHANGE", "REFUND"), default="")
    exporting.add_argument("--state", choices=("WAIT", "OK", "CANCEL"), default="")
    exporting.add_argument("--from", dest="since", default="", metavar="TIME")
    exporting.add_argument("--to", dest="until", default="", metavar="TIME")
    exporting.add_argument("--text", default="", help="in the product's name or the reason")


def _add_copies(commands: _Commands) -> None:
    copying = commands.add("backup", "copy the shop's database, also while the shop is open")
    copying.add_argument("--to", metavar="FILE", type=Path, help="file or folder of the copy")
    restoring = commands.add("restore", "put a copy in the place of the shop's database")
    restoring.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="without it: the newest good copy"
    )
    restoring.add_argument("--list", action="store_true", help="only say which copies there are")
    restoring.add_argument(
        "--another-till", action="store_true", help="also take a copy of another till's shop"
    )
    restoring.add_argument("--yes", action="store_true", help="do not ask")


def _add_staff(commands: _Commands) -> None:
    staff = commands.add("staff", "say who works here, and give PINs")
    acts = staff.add_subparsers(dest="what", required=True, metavar="WHAT")

    def staff_command(name: str, help_text: str) -> argparse.ArgumentParser:
        made = commands.add_act(acts, name, help_text)
        made.add_argument("name", metavar="NAME")
        made.add_argument("--by", default="", metavar="NAME", help="the manager who does it")
        return made

    commands.add_act(acts, "list", "say who is on the staff")
    adding = staff_command("add", "add a person; the PIN is asked for")
    adding.add_argument("--role", choices=("cashier", "seller", "manager"), default="cashier")
    adding.add_argument("--seller", metavar="ID", help="the user for whom a seller acts")
    resetting = staff_command("reset-pin", "give a person a new PIN, and unlock them")
    resetting.add_argument("--recovery", action="store_true", help="by the recovery code")
    changing = commands.add_act(acts, "change-pin", "set the own PIN by the old one")
    changing.add_argument("name", metavar="NAME")
    staff_command("deactivate", "remove a person from the staff")


def _add_help(commands: _Commands) -> None:
    helping = commands.add("help", "name the pages of the manual, or write them as web pages")
    helping.add_argument("--html", metavar="DIR", type=Path, help="folder for the web pages")
    packing = commands.add("support", "pack logs, findings and versions, without personal data")
    packing.add_argument("--to", metavar="FILE", type=Path, help="file or folder of the pack")


def _add_settings_acts(commands: _Commands) -> None:
    settings = commands.add("settings", "list, show and change the settings of the shop")
    acts = settings.add_subparsers(dest="what", required=True, metavar="WHAT")
    commands.add_act(acts, "list", "every setting; * marks those that are not the default")
    for name, help_text in (
        ("get", "show one setting"),
        ("set", "change one setting; a window that is open takes it at its next start"),
        ("reset", "give one setting its default"),
    ):
        act = commands.add_act(acts, name, help_text)
        act.add_argument("name", metavar="NAME", choices=setting_names())
        if name == "set":
            act.add_argument("value", metavar="VALUE")
    commands.add_act(acts, "history", "who changed what")
    commands.add_act(acts, "table", "the table of docs/settings.md")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting; docs/settings.md says what they are."""
    group = parser.add_argument_group("settings (docs/settings.md)")
    for name in setting_names():
        option = f"--{name.replace('_', '-')}"
        hidden = argparse.SUPPRESS
        group.add_argument(option, metavar="VALUE", help=hidden, default=hidden)
