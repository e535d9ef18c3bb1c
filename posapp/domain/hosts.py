"""PortOne's published hosts, and the place that a set of keys is for."""

from __future__ import annotations

import re

API_HOST = "api.iamport.kr"
LINK_HOST = "api.iamport.co"
PUBLISHED = {"api_base": API_HOST, "link_base": LINK_HOST}
"""Where real money and its keys go, by setting; and nowhere else."""

_BASE = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#@]+)")


def is_published(setting: str, base: str) -> bool:
    """Whether an address is PortOne's own, over https."""
    found = _BASE.fullmatch(base)
    if found is None or found["scheme"] != "https":
        return False
    return found["host"].lower().removesuffix(":443") == PUBLISHED[setting]


def key_host(base: str) -> str:
    """Return the host, with a port that is said, whose keys an address gets; empty for none."""
    found = _BASE.fullmatch(base)
    return found["host"].lower().removesuffix(":443") if found else ""
