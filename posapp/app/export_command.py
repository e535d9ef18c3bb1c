"""``posapp export requests``: a seller's request table, as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from posapp.app.command_access import COMMAND_ACCESS
from posapp.app.commands import CommandResult
from posapp.app.options import read_moment, read_number
from posapp.app.shop_config import Shop
from posapp.domain.actors import Actor
from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import RequestFilter
from posapp.services.requests.export_requests import RequestExportService
from posapp.store.open_store import open_store
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.shop_mode import hold_mode
from posapp.system.single_instance import SingleInstance
from posapp.ui.core.i18n import Translator


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Options of an export, as text from the command line; empty means everything."""

    seller: str
    kind: str = ""
    state: str = ""
    since: str = ""
    until: str = ""
    text: str = ""


def export_requests(shop: Shop, file: Path, wanted: ExportOptions) -> CommandResult:
    """Write a seller's requests to ``.csv`` or ``.xlsx``.

    Raises:
        UserError: user404 or seller406.
        OptionProblem: a date or a number cannot be read.
        EnvironmentProblem: database or file cannot be used, or the shop is open in another program.
    """
    texts = Translator(shop.settings.language)
    chosen = _filter(wanted)
    seller = Actor.seller(read_number("--seller", wanted.seller))
    with SingleInstance(shop.home.lock, shop.home.database):
        store = open_store(shop.home.database)
        try:
            if shop.settings.mode is not None:
                hold_mode(store, shop.settings.mode)
            service = RequestExportService(store, SqlRequestSearch(store), COMMAND_ACCESS)
            target = file.expanduser().absolute()
            rows = service.export(seller, chosen, target, lambda rows: True)
        finally:
            store.close()
    return CommandResult((texts("commands.exported", rows=rows, file=str(file)),))


def _filter(wanted: ExportOptions) -> RequestFilter:
    return RequestFilter(
        kind=RequestKind(wanted.kind) if wanted.kind else None,
        state=RequestState(wanted.state) if wanted.state else None,
        since=read_moment("--from", wanted.since, to_the_end=False),
        until=read_moment("--to", wanted.until, to_the_end=True),
        text=wanted.text,
    )
