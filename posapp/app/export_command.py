"""``posapp export requests``: a seller's request table, as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posapp.app.command_access import COMMAND_ACCESS
from posapp.app.commands import CommandResult
from posapp.app.shop_config import Shop
from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.requests import RequestKind, RequestState
from posapp.domain.time_zone import SEOUL
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

    seller_id: int
    kind: str = ""
    state: str = ""
    since: str = ""
    until: str = ""
    text: str = ""


def export_requests(shop: Shop, file: Path, wanted: ExportOptions) -> CommandResult:
    """Write a seller's requests to ``.csv`` or ``.xlsx``.

    Raises:
        UserError: user404 or seller406.
        EnvironmentProblem: database or file cannot be used, a date cannot be read, or the shop is
            open in another program.
    """
    texts = Translator(shop.settings.language)
    chosen = _filter(wanted)
    with SingleInstance(shop.home.lock, shop.home.database):
        store = open_store(shop.home.database)
        try:
            if shop.settings.mode is not None:
                hold_mode(store, shop.settings.mode)
            service = RequestExportService(store, SqlRequestSearch(store), COMMAND_ACCESS)
            seller, target = Actor.seller(wanted.seller_id), file.expanduser().absolute()
            rows = service.export(seller, chosen, target, lambda rows: True)
        finally:
            store.close()
    return CommandResult((texts("commands.exported", rows=rows, file=str(file)),))


def _filter(wanted: ExportOptions) -> RequestFilter:
    return RequestFilter(
        kind=RequestKind(wanted.kind) if wanted.kind else None,
        state=RequestState(wanted.state) if wanted.state else None,
        since=_moment(wanted.since),
        until=_moment(wanted.until),
        text=wanted.text,
    )


def _moment(text: str) -> datetime | None:
    """Parse a time from the command line: ISO, with or without seconds; without a zone it is
    Seoul's."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise EnvironmentProblem(EnvironmentCode.SETTINGS_BAD, text) from error
    return at if at.tzinfo is not None else at.replace(tzinfo=SEOUL)
