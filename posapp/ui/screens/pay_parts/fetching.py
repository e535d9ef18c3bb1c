"""What the pay screen does in the background: ask a service, and encode the link it brought.

Both in one task, so that the code is painted with the first look at an attempt and not one turn of
the event loop later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posapp.services.progress import Progress
from posapp.ui.screens.pay_parts.standing import WITH_CODE

if TYPE_CHECKING:
    from posapp.ui.widgets.qr_matrix import QrMatrix


@dataclass(frozen=True, slots=True)
class Fetched:
    """An attempt as it is now; ``matrix`` is the code of its link, where one is to be shown."""

    progress: Progress
    matrix: QrMatrix | None


def fetched(ask: Callable[[], Progress], *, link_on_screen: str = "") -> Fetched:
    """Ask for an attempt and encode its link, unless that link is on screen already."""
    progress = ask()
    link = progress.attempt.link_url
    if progress.phase not in WITH_CODE or not link or link == link_on_screen:
        return Fetched(progress, None)
    # Imported here and not above: the encoder is no business of the first window.
    from posapp.ui.widgets.qr_matrix import encode

    return Fetched(progress, encode(link))


def warm_up() -> None:
    """Import the encoder and let it fill its tables, while the person reads the order."""
    from posapp.ui.widgets.qr_matrix import encode

    encode("https://impay.link/00000000")
