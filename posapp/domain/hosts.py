"""PortOne's published hosts, and the host that a set of keys belongs to."""

from __future__ import annotations

import re

API_HOST = "api.iamport.kr"
LINK_HOST = "api.iamport.co"
PUBLISHED = {"api_base": API_HOST, "link_base": LINK_HOST}
"""Hosts by setting: the only ones for real money and its keys."""

_BASE = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#@]+)")


def is_published(setting: str, base: str) -> bool:
    """Return whether an address is PortOne's own, over https."""
    found = _BASE.fullmatch(base)
    if found is None or found["scheme"] != "https":
        return False
    return found["host"].lower().removesuffix(":443") == PUBLISHED[setting]


def key_host(base: str) -> str:
    """Return the host of an address, with its port if one is given, that keys are bound to; empty
    if the address has none."""
    found = _BASE.fullmatch(base)
    return found["host"].lower().removesuffix(":443") if found else ""
