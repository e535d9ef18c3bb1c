"""``posapp run`` in a folder where nobody has set up a shop: refused, with the two ways on."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.app.commands import Told
from posapp.app.shop import Shop
from posapp.ui.i18n import Texts


def refuse_start(shop: Shop, platform: str, environ: Mapping[str, str]) -> Told:
    """Say at the terminal, and in a window where there is a screen, why no till is opened: a demo
    opened unasked would write invented sales beside real ones."""
    texts = Texts(shop.settings.language)
    sentence = texts("commands.not_set_up", folder=shop.home.root)
    ways = (
        texts("commands.not_set_up_demo"),
        texts("commands.not_set_up_shop", file=shop.home.settings),
    )
    if has_screen(platform, environ):
        from posapp.ui.start_refusal import show_start_refusal

        show_start_refusal("posapp", sentence, "\n\n".join(ways), texts("words.close"))
    return Told((sentence, *ways), 1)


def has_screen(platform: str, environ: Mapping[str, str]) -> bool:
    """Whether a window would be seen by somebody."""
    if environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal", "vnc"):
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
