"""Refuses ``posapp run`` in a folder without a shop where no window can make one."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.app.commands import CommandResult
from posapp.app.shop_config import Shop
from posapp.ui.core.i18n import Translator


def refuse_start(shop: Shop) -> CommandResult:
    """Explain at the terminal why no till is opened where there is no screen for the set-up: a
    demo that opens without being requested would write invented sales beside real ones."""
    texts = Translator(shop.settings.language)
    sentence = texts("commands.not_set_up", folder=shop.home.root)
    ways = (
        texts("commands.not_set_up_demo"),
        texts("commands.not_set_up_shop", file=shop.home.settings),
    )
    return CommandResult((sentence, *ways), 1)


def has_screen(platform: str, environ: Mapping[str, str]) -> bool:
    """Return whether a window would be visible."""
    if environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal", "vnc"):
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
