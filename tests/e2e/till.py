"""A till in test mode, and the first steps of every sale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.e2e.portone import PortOne
from tests.e2e.program import DrivenProgram
from tests.e2e.screen import VirtualScreen
from tests.e2e.shop import Books, merchant_uids, read_books


class Till(DrivenProgram):
    """``posapp run`` on the folder of a shop, connected to PortOne's stand-in.

    Args:
        more_keys: what its keyring has besides PortOne's keys.
    """

    def __init__(
        self,
        home: Path,
        portone: PortOne,
        screen: VirtualScreen,
        evidence: Path,
        settings: dict[str, str] | None = None,
        more_keys: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.home = home
        text = ("run", "--home", str(home))
        keys = {**portone.keys, **more_keys}
        super().__init__(text, screen, evidence, settings or portone.settings(), keys)

    def show_code(self, order_id: int) -> str:
        """Search for an order by its number, press 결제, and read the QR off the screen."""
        self.wait_to_read("홈")
        self.type_order(order_id)
        self.wait_to_read("금액을 확인해 주세요.")
        self.wait_to_press("결제")
        self.type("Return")
        return self.wait_for_code()

    def books(self, order_id: int) -> Books:
        """Read the database file."""
        return read_books(self.home, order_id)

    def merchant_uid(self, order_id: int) -> str:
        """Return the number of the order's last attempt."""
        return merchant_uids(self.home, order_id)[-1]
