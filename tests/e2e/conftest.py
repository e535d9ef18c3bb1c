"""Till, PortOne and phone: three processes that are connected by HTTP only."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.e2e.deadline import PATIENCE
from tests.e2e.phone import CHROMIUM, DRIVER, Phone
from tests.e2e.portone import PortOne
from tests.e2e.program import ROOT, environment
from tests.e2e.sales import pay_late
from tests.e2e.screen import VirtualScreen
from tests.e2e.shop import orders_file
from tests.e2e.till import Till

ORDERS = 5


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests here: end to end, slow, and in need of a screen and a browser."""
    lacking = [
        name
        for name, found in (
            ("Xvfb", sys.platform.startswith("linux") and shutil.which("Xvfb")),
            ("chromium", CHROMIUM),
            ("chromedriver", DRIVER),
        )
        if not found
    ]
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            if lacking:
                item.add_marker(pytest.mark.skip(reason=f"not here: {', '.join(lacking)}"))


@pytest.fixture(scope="module")
def portone() -> Iterator[PortOne]:
    """PortOne with an account for the tests of one file: what the tills of another file left there
    is for a person to see, and every till of the account says so."""
    running = PortOne()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    phone = Phone(tmp_path_factory.mktemp("phone"))
    yield phone
    phone.quit()


@pytest.fixture(scope="package")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop whose open orders were imported by the import command."""
    folder = tmp_path_factory.mktemp("stocked")
    home = folder / "home"
    file = orders_file(folder / "orders.json", ORDERS)
    subprocess.run(
        [
            *(sys.executable, "-m", "posapp", "import", "orders", str(file)),
            *("--sellers", "--home", str(home)),
        ],
        cwd=ROOT,
        env=environment(),
        check=True,
        timeout=PATIENCE,
        capture_output=True,
    )
    return home


def another_till(stocked: Path, home: Path) -> Path:
    """Make a shop with the same orders and its own till code: the PortOne account is shared, and a
    copy with the same code would find the sales of another test there."""
    shutil.copytree(stocked, home)
    with closing(sqlite3.connect(home / "posapp.db")) as file, file:
        file.execute("UPDATE till SET code = lower(hex(randomblob(3)))")
    return home


@contextmanager
def tills_of(
    home: Path, portone: PortOne, settings: dict[str, str] | None = None
) -> Iterator[Callable[[], Till]]:
    """Opens the till of one shop, each time on a new screen; ends them all."""
    with ExitStack() as at_the_end:

        def open_container() -> Till:
            screen = at_the_end.enter_context(VirtualScreen())
            till = Till(home, portone, screen, home.parent, settings)
            at_the_end.callback(till.end)
            till.wait_for_window()
            return till

        yield open_container


@pytest.fixture
def till_at(tmp_path: Path, stocked: Path, portone: PortOne) -> Iterator[Callable[[], Till]]:
    """Opens the till of a shop, also after it was closed or killed."""
    home = another_till(stocked, tmp_path / "home")
    with tills_of(home, portone) as open_container:
        yield open_container


@pytest.fixture
def till(till_at: Callable[[], Till]) -> Till:
    return till_at()


@pytest.fixture(scope="module")
def left_open(
    tmp_path_factory: pytest.TempPathFactory, stocked: Path, portone: PortOne, phone: Phone
) -> Iterator[Till]:
    """A till that was paid after the cashier gave up, without input since."""
    home = another_till(stocked, tmp_path_factory.mktemp("left-open") / "home")
    with tills_of(home, portone) as open_container:
        till = open_container()
        pay_late(till, phone)
        yield till
