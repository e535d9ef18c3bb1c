"""``posapp import orders``: a file of orders, its preview, a template, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from posapp.app.command_access import COMMAND_ACCESS
from posapp.app.commands import CommandResult
from posapp.app.layouts import load_layouts
from posapp.app.options import OptionProblem, read_number, read_pair
from posapp.app.shop_config import Shop
from posapp.app.terminal_actor import terminal_actor
from posapp.services.importing import (
    Batch,
    Cause,
    ColumnChoice,
    Complaint,
    ImportService,
    OnError,
    Report,
)
from posapp.services.importing.template import write_template
from posapp.services.importing.titles import NAMES, OPTIONAL, key_of
from posapp.services.importing.undo_import import UndoImportService
from posapp.services.ports.imports import ImportRecord
from posapp.store.open_store import open_store
from posapp.store.shop_mode import hold_mode
from posapp.store.unit_of_work import SqlStore
from posapp.system.clock import SystemClock
from posapp.system.single_instance import SingleInstance
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator

LISTED = 20
"""Imports that ``--list`` shows."""

_STEPS = 10
"""Lines of progress of a large import."""

_LARGE = 10_000


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of ``posapp import``, as text from the command line; empty means none.

    Attributes:
        maps: ``column=title``: where the file has another title.
        fills: ``column=value``: for each line that has none.
        sellers: the file may make users sellers.
    """

    file: Path | None = None
    on_error: str = OnError.REFUSE.value
    preview: bool = False
    sellers: bool = False
    seller: str = ""
    maps: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    template: Path | None = None
    undo: str = ""
    listed: bool = False


def import_orders(
    shop: Shop, options: ImportOptions, say: Callable[[str], None] = lambda line: None
) -> CommandResult:
    """Import a file of orders, or what the options say instead.

    Args:
        say: receives lines of progress.

    Raises:
        OptionProblem: an option is wrong.
        UserError: an import that cannot be undone.
        EnvironmentProblem: file or database cannot be used, or the shop is open in another program.
    """
    texts = Translator(shop.settings.language)
    if options.template is not None:
        target = options.template.expanduser().absolute()
        write_template(target)
        return CommandResult((texts("importing.template_written", file=target),))
    if options.undo:
        return _undo(shop, texts, read_number("--undo", options.undo))
    if options.listed:
        return _list(shop, texts)
    if options.file is None:
        raise OptionProblem("FILE", "", "commands.option_file")
    return _import(shop, texts, options, options.file, say)


def column_lines() -> tuple[str, ...]:
    """Return the columns of a table as lines of ``--help``: our name, the Korean ones, and whether
    one may be missing."""
    lines = []
    for key, names in NAMES.items():
        korean = ", ".join(name for name in names if not name.isascii())
        missing = "  (may be missing)" if key in OPTIONAL else ""
        lines.append(f"  {key:<14} {korean}{missing}")
    return tuple(lines)


def _import(
    shop: Shop,
    texts: Translator,
    options: ImportOptions,
    file: Path,
    say: Callable[[str], None],
) -> CommandResult:
    choice = _choice(options)
    on_error = OnError(options.on_error)
    with _opened(shop) as store:
        importing = ImportService(
            store, SystemClock(), COMMAND_ACCESS, sellers=options.sellers, layouts=load_layouts()
        )
        batch = importing.read(file, choice=choice)
        if options.preview:
            report = importing.check(batch)
        else:
            follow = _Progress(texts, say)
            report = importing.apply(terminal_actor(), batch, on_error, progress=follow.report)
    problems = len(report.complaints) + report.omitted
    if options.preview:
        taken = not batch.unusable and (not problems or on_error is OnError.SKIP)
    else:
        taken = report.written
    lines = [*_about(texts, batch), *_report_lines(texts, report, options.preview, taken)]
    if report.import_id:
        lines.append(texts("importing.undo_by", number=report.import_id))
    return CommandResult(tuple(lines), 1 if problems else 0)


def _choice(options: ImportOptions) -> ColumnChoice:
    columns, values = {}, {}
    for text in options.maps:
        column, title = read_pair("--map", text)
        columns[_column("--map", text, column)] = title
    for text in options.fills:
        column, value = read_pair("--set", text)
        values[_column("--set", text, column)] = value
    if options.seller:
        values["seller_id"] = str(read_number("--seller", options.seller))
    return ColumnChoice(columns, values)


def _column(option: str, text: str, name: str) -> str:
    key = key_of(name)
    if key is None:
        raise OptionProblem(option, text, "commands.option_column", columns=", ".join(NAMES))
    return key


def _undo(shop: Shop, texts: Translator, number: int) -> CommandResult:
    with _opened(shop) as store:
        undoing = UndoImportService(store, SystemClock(), COMMAND_ACCESS)
        gone = undoing.undo(terminal_actor(), number)
    counts = {"orders": gone.orders, "users": gone.users, "products": gone.products}
    lines = [texts("importing.undone", number=number, **counts)]
    if gone.restored:
        lines.append(texts("importing.undone_restored", count=gone.restored))
    if gone.kept:
        lines.append(texts("importing.undone_kept", count=gone.kept))
    return CommandResult(tuple(lines))


def _list(shop: Shop, texts: Translator) -> CommandResult:
    with _opened(shop) as store:
        found = UndoImportService(store, SystemClock(), COMMAND_ACCESS).newest(LISTED)
        with store.snapshot() as uow:
            names = uow.staff.names()
    lines = [
        texts(
            f"importing.{_listed_as(record)}",
            number=record.id,
            file=record.source,
            by=status_text.actor(texts, record.imported_by, names) or "-",
            at=texts.moment(record.imported_at),
            orders=record.orders,
        )
        for record in found
    ]
    return CommandResult(tuple(lines) or (texts("importing.listed_none"),))


def _listed_as(record: ImportRecord) -> str:
    if record.is_unfinished:
        return "listed_unfinished"
    return "listed" if record.is_whole else "listed_undone"


@contextmanager
def _opened(shop: Shop) -> Iterator[SqlStore]:
    with SingleInstance(shop.home.lock, shop.home.database):
        store = open_store(shop.home.database)
        try:
            if shop.settings.mode is not None:
                hold_mode(store, shop.settings.mode)
            yield store
        finally:
            store.close()


@dataclass(slots=True)
class _Progress:
    """Says from time to time how many records of a large import are written."""

    texts: Translator
    say: Callable[[str], None]
    said: int = field(default=0)

    def report(self, done: int, size: int) -> bool:
        if size >= _LARGE and done * _STEPS // size > self.said:
            self.said = done * _STEPS // size
            self.say(self.texts("importing.progress", done=done, size=size))
        return True


def _about(texts: Translator, batch: Batch) -> Iterator[str]:
    columns = batch.columns
    if columns is None:
        return
    if columns.layout is not None:
        name = texts(f"importing.layout_{columns.layout.id}")
        yield texts("importing.recognised", name=name)
    if columns.unread and (columns.layout is not None or batch.choice.columns):
        yield texts("importing.unread", count=len(columns.unread))


def _report_lines(
    texts: Translator, report: Report, check_only: bool, taken: bool
) -> Iterator[str]:
    for complaint in report.complaints:
        yield _complaint_line(texts, complaint)
    if report.omitted:
        yield texts("importing.omitted", count=report.omitted)
    if any(complaint.cause is Cause.SELLER_NEW for complaint in report.complaints):
        yield texts("importing.sellers_option")
    users, products, orders = report.users, report.products, report.orders
    if check_only:
        yield texts("importing.checked")
    if not taken:
        refused = "importing.would_refuse" if check_only else "importing.refused"
        yield texts(refused, count=len(report.complaints) + report.omitted)
        return
    written = "importing.would_write" if check_only else "importing.written"
    yield texts(written, users=users.added, products=products.added, orders=orders.added)
    if report.payments:
        yield texts("importing.claimed", payments=report.payments, refunds=report.refunds)
    if users.updated or products.updated:
        changed = "importing.would_change" if check_only else "importing.changed"
        yield texts(changed, users=users.updated, products=products.updated)
    yield texts(
        "importing.unchanged",
        users=users.unchanged,
        products=products.unchanged,
        orders=orders.unchanged,
    )


def _complaint_line(texts: Translator, complaint: Complaint) -> str:
    sentence = texts(complaint.message_id, **complaint.parameters)
    if complaint.line:
        return texts("importing.at_line", line=complaint.line, sentence=sentence)
    return texts("importing.at_file", sentence=sentence)
