"""The project's rules that a program can check: each rule is a function over a tree of sources.

Every rule has a twin below it: a small tree that breaks it, in which it has to find the break. An
import counts in any place: at the top, inside a function or for types only.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from posapp.portone.transport import Transport
from tests.replacing import FittingPatch, replaced_by_hand
from tests.timing import timed_tests

ROOT = Path(__file__).resolve().parents[1]

# What each room may import of posapp, itself included; `import posapp` alone is open to all.
SEES: Mapping[str, tuple[str, ...]] = {
    "domain": ("posapp.domain",),
    "services": ("posapp.services", "posapp.domain"),
    "ui": ("posapp.ui", "posapp.services", "posapp.domain"),
    "store": ("posapp.store", "posapp.services.ports", "posapp.domain"),
    "portone": ("posapp.portone", "posapp.services.ports", "posapp.domain"),
    "system": ("posapp.system", "posapp.services.ports", "posapp.domain"),
    "sandbox": ("posapp.sandbox", "posapp.domain.money"),
    "app": (
        *("posapp.app", "posapp.ui", "posapp.services", "posapp.domain"),
        *("posapp.store", "posapp.portone", "posapp.system", "posapp.sandbox"),
    ),
    # `posapp sandbox` is a program of its own, for which nothing has to be put together.
    "cli": ("posapp.cli", "posapp.app", "posapp.domain", "posapp.sandbox.serve"),
    "__main__": ("posapp.cli",),
    "": (),
}

# Packages of services, from the bottom to the top: each may import those before it, and itself.
# Beside them are the container and its parts, which see all, and settings and session, which see
# the domain only.
SERVICES: tuple[str, ...] = (
    *("ports", "runtime", "spreadsheets", "bookkeeping", "staff", "settings"),
    *("orders", "importing", "maintenance", "goods", "printing", "sale"),
    *(
        "payments",
        "cash",
        "cash_receipts",
        "kiosk",
        "requests",
        "refunds",
        "reconciliation",
        "sync",
    ),
)
SERVICES_TOP = frozenset(
    {"container", "gateway_services", "staff_services", "till_ports", "cash_receipt_services"}
    | {"kiosk_container", "payment_services", "payment_ports"}
)
SERVICES_BOTTOM = frozenset({"session", "till_config", "timings"})

# Words of an older vocabulary that do not come back as names. A pair counts side by side.
STRUCK = frozenset(
    "deed deeds standing standings told asked came elsewhere lasting look looks looked looking "
    "sight sights sighting heard words chore chores lane lanes board light lights errand errands "
    "ink inks shelf shelves stage stages sheet sheets whose mishap mishaps doorbell".split()
)
STRUCK_PAIRS = frozenset({("put", "back"), ("putting", "back"), ("went", "back")})
V1_WORDS = frozenset(
    "checksum prepare channels channel_key user_code create_link close_link include_sandbox".split()
)
"""What only PortOne V1 has: its client translates it, and services know none of it."""

SETTLE = frozenset("settle settles settled settling".split())
"""A word of the outbox only."""

# Use cases take an Actor as their first argument. A number does not show who acts.
USE_CASES = frozenset(
    "payments requests refunds orders importing goods sale cash cash_receipts".split()
)
USER_NUMBERS = frozenset({"seller_id", "user_id", "buyer_id", "side"})
ACTOR_TEXT = re.compile(r"(buyer|seller|staff|person|till|portone):.*", re.DOTALL)

# The one room of each library. What is not here and not of Python itself is used nowhere.
HOMES: Mapping[str, str] = {
    **dict.fromkeys(("PySide6", "shiboken6", "qrcode"), "ui"),
    **dict.fromkeys(("sqlalchemy", "alembic"), "store"),
    **dict.fromkeys(("requests", "urllib3"), "portone"),
    **dict.fromkeys(("flask", "werkzeug", "jinja2", "markupsafe"), "sandbox"),
    **dict.fromkeys(("keyring", "platformdirs"), "system"),
    **dict.fromkeys(("argon2", "cryptography", "serial"), "system"),
    **dict.fromkeys(("xlsxwriter", "python_calamine"), "services"),
}

# The domain receives the time, the numbers and the files; it asks the machine for nothing.
WORLD = frozenset(
    "asyncio ctypes glob http io locale logging multiprocessing os pathlib queue random secrets "
    "select shutil signal socket sqlite3 ssl subprocess tempfile threading time urllib uuid".split()
)

# Features of one database or its driver only, and the one module of the store that may name them.
DIALECT_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("Integer", "SmallInteger", "BigInteger"), "posapp.store.columns"),
    "orig": "posapp.store.constraints",
    **dict.fromkeys(("sqlite_where", "postgresql_where"), "posapp.store.tables"),
}

# The program of a kiosk, and what it must not import: whatever gives money back, decides, imports
# files, changes settings, or shows a page of the counter.
KIOSK_ROOTS = ("posapp.app.kiosk_app", "posapp.app.kiosk_services")
NOT_AT_A_KIOSK = (
    *(
        f"posapp.services.{name}"
        for name in (
            *("container", "gateway_services", "staff_services", "till_ports"),
            *("cash_receipts", "cash_receipt_services"),
            *("importing", "orders", "reconciliation", "refunds", "requests", "settings", "sync"),
            *("goods", "sale", "cash"),
            *("staff.refund_approvals", "staff.sign_in", "staff.staff_directory"),
        )
    ),
    *(
        f"posapp.ui.{name}"
        for name in (
            *("buyer_requests", "cancellation", "fulfilment", "help", "home", "importing"),
            *("navigation", "orders", "payment.payment_screen", "receipts"),
            *("printing.print_controller", "printing.print_document", "printing.printer_choice"),
            *("printing.printers", "printing.refund_slip"),
            *("requests", "settings", "staff", "sync", "unresolved", "shell.main_window"),
            *("core.save_folder", "widgets.saved_bar"),
        )
    ),
    *("posapp.app.container", "posapp.app.demo", "posapp.store.search", "posapp.cli"),
)

PRINTING = re.compile(r"posapp\.(cli(\..+)?|sandbox\.serve)")
EMPTY_NAMES = re.compile(r"(utils?|helpers?|common|misc|managers?)")
MOST_LINES = 500


@dataclass(frozen=True)
class Import:
    """One name that a module imports, resolved to a module where there is one of that name."""

    target: str
    line: int


@dataclass(frozen=True)
class Module:
    """One source file of posapp, read."""

    name: str
    path: Path
    text: str
    syntax: ast.Module
    imports: tuple[Import, ...]

    @property
    def room(self) -> str:
        """The room of a module: the part of its name after posapp, nothing for posapp itself."""
        return self.name.partition(".")[2].partition(".")[0]

    def at(self, line: int) -> str:
        return f"{self.name}:{line}"


Tree = Mapping[str, Module]
Rule = Callable[[Tree], list[str]]


def read_tree(root: Path) -> Tree:
    """Every module of the package posapp under a root, whichever of its rooms exist yet."""
    paths = {module_name(path.relative_to(root)): path for path in root.glob("posapp/**/*.py")}
    modules = {}
    for name, path in sorted(paths.items()):
        text = path.read_text(encoding="utf-8")
        syntax = ast.parse(text, filename=str(path))
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        found = tuple(imports_in(syntax, package, paths))
        modules[name] = Module(name, path, text, syntax, found)
    return modules


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(syntax: ast.Module, package: str, known: Mapping[str, Path]) -> Iterator[Import]:
    for node in ast.walk(syntax):
        match node:
            case ast.Import():
                for alias in node.names:
                    yield Import(alias.name, node.lineno)
            case ast.ImportFrom():
                parents = package.split(".")
                start = parents[: len(parents) - node.level + 1] if node.level else []
                base = ".".join([*start, *([node.module] if node.module else [])])
                for alias in node.names:
                    inner = f"{base}.{alias.name}"
                    yield Import(inner if inner in known else base, node.lineno)
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(target)), *_],
            ):
                yield Import(target, node.lineno)


def is_within(target: str, allowed: str) -> bool:
    return target == allowed or target.startswith(f"{allowed}.")


# The rules


def against_the_arrows(tree: Tree) -> list[str]:
    """Each room imports only rooms that the design allows, and every room is a known one."""
    found = []
    for module in tree.values():
        if module.room not in SEES:
            found.append(f"{module.name}: no room of this name is known")
            continue
        for each in module.imports:
            if not is_within(each.target, "posapp") or each.target == "posapp":
                continue
            if not any(is_within(each.target, allowed) for allowed in SEES[module.room]):
                found.append(
                    f"{module.at(each.line)}: {module.room or 'posapp'} sees {each.target}"
                )
    return found


def loading_too_much(tree: Tree) -> list[str]:
    """To see one module of services or domain loads their ``__init__`` too: it has to be empty."""
    found = []
    for name in ("posapp", "posapp.domain", "posapp.services"):
        if name in tree:
            module = tree[name]
            targets = [each for each in module.imports if is_within(each.target, "posapp")]
            found += [f"{module.at(each.line)}: imports {each.target}" for each in targets]
    return found


def libraries_outside_their_room(tree: Tree) -> list[str]:
    """One library, one room; and no library without a decision."""
    found = []
    for module in tree.values():
        for each in module.imports:
            library = each.target.partition(".")[0]
            if library in sys.stdlib_module_names or library in {"posapp", "_typeshed"}:
                continue
            if library not in HOMES:
                found.append(f"{module.at(each.line)}: {library} has no room in this house")
            elif module.room != HOMES[library]:
                found.append(f"{module.at(each.line)}: {library} lives in {HOMES[library]} only")
    return found


def beyond_the_kiosk(tree: Tree) -> list[str]:
    """The kiosk's program imports nothing that gives money back, decides, imports or sets up, at
    whatever distance: each import loads the packages above it, too."""
    reached: dict[str, str] = {}
    waiting = [(name, name) for name in KIOSK_ROOTS]
    while waiting:
        name, way = waiting.pop()
        if name in reached or name not in tree:
            continue
        reached[name] = way
        targets = {each.target for each in tree[name].imports}
        targets |= {above for target in targets for above in packages_above(target)}
        waiting += [(target, f"{way} ← {name}" if way != name else name) for target in targets]
    return [
        f"{name} is imported ({way})"
        for name, way in sorted(reached.items())
        if any(is_within(name, closed) for closed in NOT_AT_A_KIOSK)
    ]


def packages_above(target: str) -> list[str]:
    parts = target.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def circles(tree: Tree) -> list[str]:
    """No module waits for itself; a late or a type-only import hides a circle, and mends none."""
    graph = {
        name: {each.target for each in module.imports if each.target in tree} - {name}
        for name, module in tree.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        return [" ← ".join(circle.args[1])]
    return []


def floats_near_money(tree: Tree) -> list[str]:
    """No float in domain and store: no such name, type of column, literal or division."""
    found = []
    names = {"float", "Float", "FLOAT", "REAL", "Double", "DOUBLE", "DOUBLE_PRECISION"}
    for module in tree.values():
        if module.room not in {"domain", "store"}:
            continue
        for node in ast.walk(module.syntax):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) if name in names:
                    found.append(f"{module.at(node.lineno)}: {name}")
                case ast.Constant(value=float()):
                    found.append(f"{module.at(node.lineno)}: the float {node.value}")
                case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                    if module.room == "domain" or not joins_paths(node):
                        found.append(f"{module.at(node.lineno)}: a true division")
    return found


def joins_paths(node: ast.AST) -> bool:
    """Whether a `/` is seen to join paths: there is text on one of its sides, else joinpath()."""
    match node:
        case ast.BinOp(op=ast.Div()):
            return joins_paths(node.left) or joins_paths(node.right)
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
    return False


def the_world_in_the_domain(tree: Tree) -> list[str]:
    """The domain has no I/O and no clock."""
    found = []
    for module in tree.values():
        if module.room != "domain":
            continue
        for each in module.imports:
            if each.target.partition(".")[0] in WORLD:
                found.append(f"{module.at(each.line)}: imports {each.target}")
        for node in ast.walk(module.syntax):
            match node:
                case ast.Call(func=ast.Attribute(attr="now" | "utcnow" | "today" as name)):
                    found.append(f"{module.at(node.lineno)}: asks the clock by {name}()")
    return found


def names_that_explain_nothing(tree: Tree) -> list[str]:
    """A module's name describes its content."""
    return [name for name in tree if any(map(EMPTY_NAMES.fullmatch, name.split(".")))]


def files_too_long(tree: Tree) -> list[str]:
    """A file that passes 500 lines is cut by noun; 300 are a reason to look."""
    lengths = {name: len(module.text.splitlines()) for name, module in tree.items()}
    return [f"{name}: {length} lines" for name, length in lengths.items() if length > MOST_LINES]


def against_the_packages(tree: Tree) -> list[str]:
    """Packages of services import downwards only."""
    heights = {name: height for height, name in enumerate(SERVICES)}
    heights |= dict.fromkeys(SERVICES_BOTTOM, -1) | dict.fromkeys(SERVICES_TOP, len(SERVICES))
    found = []
    for module in tree.values():
        own = service_package(module.name)
        if not own:
            continue
        if own not in heights:
            found.append(f"{module.name}: no package of this name is known")
            continue
        for each in module.imports:
            other = service_package(each.target)
            if other and heights.get(other, len(SERVICES)) > heights[own]:
                found.append(f"{module.at(each.line)}: {own} sees {other}")
    return found


def service_package(name: str) -> str:
    """The package of services, or the module beside them, that a module belongs to."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["posapp", "services"] and len(parts) > 2 else ""


def circles_of_packages(tree: Tree) -> list[str]:
    """No package of a room waits for itself, however the modules in it import each other."""
    graph: dict[str, set[str]] = {}
    for module in tree.values():
        own = module.name.split(".")[1:-1]
        for each in module.imports:
            other = each.target.split(".")[1:-1] if each.target in tree else []
            is_sibling = len(own) == len(other) == 2 and own[0] == other[0] and own != other
            if is_sibling:
                graph.setdefault(".".join(own), set()).add(".".join(other))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        return [" ← ".join(circle.args[1])]
    return []


def struck_words(tree: Tree) -> list[str]:
    """No name of a module, class, function, argument, attribute or variable is an older word."""
    found = []
    for module in tree.values():
        outbox = "outbox" in module.name or "refund_worker" in module.name
        for name, line in ((module.name.rpartition(".")[2], 1), *defined_names(module.syntax)):
            parts = [part.lower() for part in WORD.findall(name)]
            struck = STRUCK.intersection(parts) or STRUCK_PAIRS.intersection(pairwise(parts))
            if struck or (SETTLE.intersection(parts) and not outbox):
                found.append(f"{module.at(line)}: {name}")
    return found


def v1_words_in_services(tree: Tree) -> list[str]:
    """Services use a provider by the ports alone: no term of PortOne V1's wire is a name there, and
    a gateway is called with a reference, never with the stored number."""
    found = []
    for name, module in tree.items():
        if not name.startswith("posapp.services."):
            continue
        for node in ast.walk(module.syntax):
            match node:
                case (
                    ast.Name(id=word)
                    | ast.Attribute(attr=word)
                    | ast.arg(arg=word)
                    | ast.keyword(arg=str(word))
                    | ast.FunctionDef(name=word)
                ) if word in V1_WORDS:
                    found.append(f"{module.at(node.lineno)}: {word}")
                case ast.Call(func=ast.Attribute(value=called)) if "gateway" in ast.unparse(
                    called
                ) and any("imp_uid" in ast.unparse(one) for one in node.args):
                    found.append(f"{module.at(node.lineno)}: imp_uid")
    return found


WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def defined_names(syntax: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(syntax):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno


def users_by_number(tree: Tree) -> list[str]:
    """A use case takes its actor first, and no class there takes a user's number."""
    found = []
    for name, module in tree.items():
        if service_package(name) not in USE_CASES:
            continue
        for owner, method in public_methods(module.syntax):
            given = [one.arg for one in (*method.args.posonlyargs, *method.args.args)]
            every = [*given, *(one.arg for one in method.args.kwonlyargs)]
            at = f"{module.at(method.lineno)}: {method.name}"
            found += [f"{at} takes {one}" for one in every if one in USER_NUMBERS]
            is_late = "actor" in every and given[1:2] != ["actor"]
            if is_late and owner.endswith("Service"):
                found.append(f"{at} does not take its actor first")
    return found


def public_methods(syntax: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each public method with the name of its class."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
                    yield node.name, each


def actors_put_together(tree: Tree) -> list[str]:
    """The text of an actor is made and read in one place."""
    return [
        f"{module.at(node.lineno)}: {node.value}"
        for name, module in tree.items()
        if name != "posapp.domain.actors"
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if ACTOR_TEXT.fullmatch(node.value)
    ]


def prints(tree: Tree) -> list[str]:
    """Only code that writes to a terminal prints; all other code logs."""
    return [
        module.at(node.lineno)
        for name, module in tree.items()
        if not PRINTING.fullmatch(name)
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def words_of_one_database(tree: Tree) -> list[str]:
    """A second database needs other words in few places: the store names no dialect of SQLAlchemy,
    its repositories no driver, and ``DIALECT_NAMES`` are used in their modules only."""
    found = []
    for module in tree.values():
        if module.room != "store":
            continue
        is_repository = is_within(module.name, "posapp.store.repositories")
        for each in module.imports:
            is_driver = is_repository and is_within(each.target, "sqlite3")
            if is_driver or is_within(each.target, "sqlalchemy.dialects"):
                found.append(f"{module.at(each.line)}: imports {each.target}")
        for name, line in used_names(module.syntax):
            if DIALECT_NAMES.get(name, module.name) != module.name:
                found.append(f"{module.at(line)}: {name} is used in {DIALECT_NAMES[name]} only")
            if is_repository and name == "exec_driver_sql":
                found.append(f"{module.at(line)}: {name}")
    return found


def used_names(syntax: ast.Module) -> Iterator[tuple[str, int]]:
    """Names that are imported, read as an attribute, or passed as a keyword."""
    for node in ast.walk(syntax):
        match node:
            case ast.ImportFrom(names=aliases):
                yield from ((alias.name, node.lineno) for alias in aliases)
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name, node.lineno


RULES: tuple[Rule, ...] = (
    against_the_arrows,
    loading_too_much,
    libraries_outside_their_room,
    beyond_the_kiosk,
    circles,
    floats_near_money,
    the_world_in_the_domain,
    names_that_explain_nothing,
    files_too_long,
    against_the_packages,
    circles_of_packages,
    struck_words,
    words_of_one_database,
    v1_words_in_services,
    users_by_number,
    actors_put_together,
    prints,
)


def traces_of_a_machine(root: Path) -> list[str]:
    """No address of a package index and no path of a user's machine in any file that is kept."""
    # Put together from pieces, so that this file does not find itself.
    text = ["index" + "-url", "find" + "-links", "/simp" + "le/", "pythonho" + "sted"]
    homes = ["/ho" + r"me/\w+/", "/ro" + "ot/", "/Us" + r"ers/\w", r"[A-Z]:\\{1,2}Us" + "ers"]
    own = [re.escape(f"{place}/") for place in (root, root.parent) if is_telling(place)]
    trace = re.compile("|".join([*text, *(f"(?<![\\w.]){path}" for path in (*homes, *own))]))
    found = []
    for path in kept_files(root):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # a picture, a font, or a file that is just being taken away
        found += [
            f"{path.relative_to(root)}:{number}: {hit.group()}"
            for number, line in enumerate(lines, start=1)
            if (hit := trace.search(line))
        ]
    return found


def is_telling(place: Path) -> bool:
    """Whether a folder's path tells of one machine: the root and the temporary folder do not."""
    return place not in {Path("/"), Path(tempfile.gettempdir()).resolve()}


def kept_files(root: Path) -> list[Path]:
    """Files that git keeps or would keep; without git, as in an unpacked archive, all files."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others"]
    try:
        listed = subprocess.run(
            [*command, "--exclude-standard"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        names = left_over_names(root)
        found = (path for path in root.rglob("*") if path.is_file())
        return [path for path in found if not is_left_over(path.relative_to(root), names)]
    return [root / name for name in listed.stdout.split("\0") if name]


def left_over_names(root: Path) -> list[str]:
    """Names that git ignores, as .gitignore has them, and git's own folder."""
    ignored = root / ".gitignore"
    lines = ignored.read_text(encoding="utf-8").splitlines() if ignored.exists() else []
    return [".git", *(line for line in lines if line and not line.startswith("#"))]


def is_left_over(path: Path, names: list[str]) -> bool:
    """Whether a file, or a folder that it is in, has one of these names; `/name` at the top."""
    return any(
        fnmatch(part, name.strip("/"))
        for name in names
        for part in (path.parts[:1] if name.startswith("/") else path.parts)
    )


# This house


@cache
def this_house() -> Tree:
    return read_tree(ROOT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_this_house_keeps_the_rule(rule: Rule) -> None:
    assert rule(this_house()) == []


def test_no_kept_file_names_a_machine() -> None:
    assert traces_of_a_machine(ROOT) == []


def test_replacements_accept_the_calls_of_their_originals() -> None:
    paths = sorted(ROOT.glob("tests/**/*.py"))
    assert [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in paths
        for line, what in replaced_by_hand(ast.parse(path.read_text(encoding="utf-8")))
    ] == []


def test_no_test_depends_on_how_fast_the_machine_is() -> None:
    assert timed_tests(ROOT) == []


def test_hypothesis_has_no_deadline() -> None:
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


# The twins


def build(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


GOOD: Mapping[str, str] = {
    "posapp/__init__.py": "__version__ = '1'",
    "posapp/__main__.py": "from posapp.cli import main",
    "posapp/cli.py": "def main():\n    from posapp.app import start\n    print(start())",
    "posapp/app.py": "from posapp.store import engine\nfrom posapp.ui.window import Window",
    "posapp/domain/money.py": "HALF = 7 // 2",
    "posapp/services/ports/__init__.py": "from posapp.domain import money",
    "posapp/services/payments/pay.py": "from ..ports import money\n"
    "from ...domain import money as m",
    "posapp/store/engine.py": "import sqlalchemy\nfrom posapp.services import ports\n"
    "path = folder / 'shop.db' / name",
    "posapp/ui/window.py": "from PySide6.QtWidgets import QWidget\nimport posapp\n"
    "from posapp.services.payments.pay import PaymentService",
    "posapp/sandbox/books.py": "import flask\nfrom posapp.domain import money",
}

BAD: list[tuple[Rule, str, str, str]] = [
    (
        against_the_arrows,
        "domain/a.py",
        "import posapp.services.payments.pay",
        "domain sees posapp.serv",
    ),
    (against_the_arrows, "services/orders/a.py", "from posapp.store import engine", "store.engine"),
    (
        against_the_arrows,
        "services/orders/a.py",
        "from ...ui.window import Window",
        "sees posapp.ui",
    ),
    (against_the_arrows, "services/orders/b.py", "from ... import app", "sees posapp.app"),
    (
        against_the_arrows,
        "store/a.py",
        "from posapp.services.payments import pay",
        "payments.pay",
    ),
    (against_the_arrows, "portone/a.py", "import posapp.store.engine", "portone sees posapp.store"),
    (against_the_arrows, "system/a.py", "import posapp.sandbox.books", "system sees posapp.sand"),
    (against_the_arrows, "sandbox/a.py", "from posapp.domain import ledger", "sees posapp.domain"),
    (against_the_arrows, "ui/a.py", "def f():\n    import posapp.store.engine", "a:2: ui sees"),
    (against_the_arrows, "ui/a.py", "import importlib as i\ni.import_module('posapp.app')", "a:2:"),
    (
        against_the_arrows,
        "services/orders/a.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import posapp.store.engine",
        "a:3: services sees posapp.store.engine",
    ),
    (against_the_arrows, "system/a.py", "import posapp.app", "system sees posapp.app"),
    (against_the_arrows, "app.py", "import posapp.cli", "app sees posapp.cli"),
    (against_the_arrows, "cli.py", "import posapp.store.engine", "cli sees posapp.store.engine"),
    (against_the_arrows, "__main__.py", "import posapp.app", "__main__ sees posapp.app"),
    (against_the_arrows, "attic/a.py", "", "no room of this name"),
    (
        loading_too_much,
        "services/__init__.py",
        "from posapp.services.payments import pay",
        "payments.pay",
    ),
    (loading_too_much, "domain/__init__.py", "from .money import HALF", "posapp.domain.money"),
    (libraries_outside_their_room, "app.py", "from PySide6 import QtCore", "PySide6 lives in ui"),
    (
        libraries_outside_their_room,
        "services/orders/a.py",
        "import sqlalchemy.orm",
        "in store only",
    ),
    (libraries_outside_their_room, "ui/a.py", "def f():\n    import requests", "in portone only"),
    (libraries_outside_their_room, "portone/a.py", "from flask import Flask", "in sandbox only"),
    (libraries_outside_their_room, "ui/a.py", "import keyring", "keyring lives in system"),
    (libraries_outside_their_room, "services/orders/a.py", "import qrcode", "qrcode lives in ui"),
    (libraries_outside_their_room, "ui/a.py", "import PIL.Image", "PIL has no room"),
    (circles, "domain/money.py", "def f():\n    from . import tax", "posapp.domain.money"),
    (floats_near_money, "domain/a.py", "def f(x: float): ...", "a:1: float"),
    (floats_near_money, "domain/a.py", "RATE = 0.1", "the float 0.1"),
    (floats_near_money, "domain/a.py", "half = whole / 2", "a true division"),
    (floats_near_money, "store/a.py", "half = whole / 2", "a true division"),
    (floats_near_money, "store/a.py", "whole /= 2", "a true division"),
    (floats_near_money, "store/a.py", "import sqlalchemy as sa\nsa.Float", "a:2: Float"),
    (the_world_in_the_domain, "domain/a.py", "from pathlib import Path", "imports pathlib"),
    (the_world_in_the_domain, "domain/a.py", "at = datetime.now(UTC)", "the clock by now()"),
    (names_that_explain_nothing, "ui/utils.py", "", "posapp.ui.utils"),
    (names_that_explain_nothing, "services/common/tax.py", "", "posapp.services.common.tax"),
    (files_too_long, "ui/a.py", "a = 1\n" * 501, "501 lines"),
    (
        against_the_packages,
        "services/orders/a.py",
        "import posapp.services.refunds.b",
        "orders sees",
    ),
    (
        against_the_packages,
        "services/timings.py",
        "import posapp.services.ports",
        "timings sees po",
    ),
    (against_the_packages, "services/a.py", "", "no package of this name"),
    (circles_of_packages, "ui/a/b.py", "import posapp.ui.c.d", "ui.a"),
    (struck_words, "ui/a.py", "def f(whose): ...", "a:1: whose"),
    (struck_words, "ui/a.py", "class OpenDeed: ...", "OpenDeed"),
    (struck_words, "ui/put_back.py", "", "put_back"),
    (struck_words, "store/a.py", "def settle(): ...", "a:1: settle"),
    (
        words_of_one_database,
        "store/a.py",
        "from sqlalchemy.dialects.sqlite import insert",
        "imports sqlalchemy.dialects.sqlite",
    ),
    (
        words_of_one_database,
        "store/b.py",
        "def f():\n    from sqlalchemy.dialects import postgresql",
        "b:2: imports sqlalchemy.dialects",
    ),
    (words_of_one_database, "store/repositories/a.py", "import sqlite3", "imports sqlite3"),
    (words_of_one_database, "store/repositories/a.py", "c.exec_driver_sql('x')", "exec_driver_sql"),
    (words_of_one_database, "store/a.py", "if str(error.orig) == 'x': ...", "orig is used in"),
    (words_of_one_database, "store/a.py", "Index('i', sqlite_where=w)", "sqlite_where is used in"),
    (words_of_one_database, "store/a.py", "from sqlalchemy import Integer", "Integer is used in"),
    (words_of_one_database, "store/a.py", "import sqlalchemy as sa\nsa.BigInteger", "a:2: BigInt"),
    (v1_words_in_services, "services/orders/a.py", "def f(g): g.x(checksum=1)", "a:1: checksum"),
    (v1_words_in_services, "services/orders/a.py", "x.prepare()", "a:1: prepare"),
    (
        v1_words_in_services,
        "services/orders/a.py",
        "def f(s, p): s._gateway.get_payment(p.imp_uid)",
        "a:1: imp_uid",
    ),
    (
        users_by_number,
        "services/orders/a.py",
        "class DeliveryService:\n    def move(self, seller_id: int, item_id: int): ...",
        "a:2: move takes seller_id",
    ),
    (
        users_by_number,
        "services/requests/a.py",
        "class RequestService:\n    def create(self, actor, *, user_id: int): ...",
        "create takes user_id",
    ),
    (
        users_by_number,
        "services/refunds/a.py",
        "class RefundService:\n    def cancel(self, item_id: int, actor): ...",
        "cancel does not take its actor first",
    ),
    (actors_put_together, "services/orders/a.py", "who = f'seller:{number}'", "a:1: seller:"),
    (actors_put_together, "ui/a.py", "who = 'person:' + name", "a:1: person:"),
    (
        beyond_the_kiosk,
        "app/kiosk_app.py",
        "def f():\n    from posapp.services.refunds.b import settle",
        "posapp.services.refunds.b is imported (posapp.app.kiosk_app)",
    ),
    (prints, "services/orders/a.py", "def f():\n    print('paid')", "posapp.services.orders.a:2"),
    (prints, "sandbox/books.py", "print('paid')", "posapp.sandbox.books:1"),
]

TAX = {
    "posapp/domain/tax.py": "from typing import Any\nfrom posapp.domain import money",
    "posapp/services/refunds/b.py": "from posapp.services.ports import outbox",
    "posapp/services/ports/outbox.py": "def settle(): ...",
    "posapp/store/engine.py": "import sqlite3\nc.exec_driver_sql('PRAGMA x')",
    "posapp/store/constraints.py": "str(error.orig)",
    "posapp/store/columns.py": "from sqlalchemy import BigInteger, Integer",
    "posapp/store/tables.py": "Index('i', sqlite_where=w, postgresql_where=w)",
    "posapp/services/orders/c.py": "class DeliveryService:\n"
    "    def move(self, actor, item_id): ...\n    def _find(self, seller_id): ...\n"
    "class Record:\n    def end(self, uow, *, actor): ...",
    "posapp/domain/actors.py": "def text(number):\n    return f'seller:{number}'",
    "posapp/ui/c/d.py": "if True:\n    from posapp.ui.e.f import g",
    "posapp/ui/e/f.py": "from posapp.ui.a import b",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_finds_nothing_in_a_good_tree(rule: Rule, tmp_path: Path) -> None:
    assert rule(read_tree(build(tmp_path, {**GOOD, **TAX}))) == []


@pytest.mark.parametrize(
    ("rule", "path", "text", "expected"),
    [pytest.param(*row, id=f"{row[0].__name__}-{row[1]}-{row[3]}") for row in BAD],
)
def test_a_rule_finds_its_break(
    rule: Rule, path: str, text: str, expected: str, tmp_path: Path
) -> None:
    tree = read_tree(build(tmp_path, {**GOOD, **TAX, f"posapp/{path}": text}))
    found = rule(tree)
    assert len(found) == 1
    assert expected in found[0]


def test_every_rule_has_a_twin() -> None:
    assert {row[0] for row in BAD} == set(RULES)


@pytest.mark.parametrize(
    "line",
    [
        "pip install --extra-index" + "-url there",
        "path = '/ho" + "me/someone/shop.db'",
        "RUN /ro" + "ot/.cache/thing",
        "C:\\Us" + "ers\\someone",
    ],
)
def test_a_trace_of_a_machine_is_found(line: str, tmp_path: Path) -> None:
    root = build(tmp_path, {"notes.md": f"fine\n{line}\n", "picture.png": "fine"})
    found = traces_of_a_machine(root)
    assert len(found) == 1
    assert found[0].startswith("notes.md:2: ")


def test_the_checkouts_own_path_is_found(tmp_path: Path) -> None:
    root = build(tmp_path, {"notes.md": f"see {tmp_path}/shop.db"})
    assert traces_of_a_machine(root) != []


def test_leftovers_of_commands_are_skipped_without_git(tmp_path: Path) -> None:
    """As on a machine that has no git: `make run`, then `make test`."""
    trace = f"see {tmp_path}/shop.db"
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8")
    left = {f"{folder}/a.txt": trace for folder in ("tour", ".venv/lib", "posapp/__pycache__")}
    root = build(tmp_path, {".gitignore": ignored, **left})
    assert traces_of_a_machine(root) == []
    build(tmp_path, {"posapp/tour/a.txt": trace})
    assert traces_of_a_machine(root) != []


TIMED = [
    "def f():\n    start = time.monotonic()\n    assert time.monotonic() - start < 1",
    "def f():\n    a = time.perf_counter()\n    b = time.perf_counter() - a\n    assert b < 1",
    "from time import thread_time as cpu\ndef f():\n    a = cpu()\n    assert cpu() < a + 50",
    "def f():\n    ends = []\n    def g(): ends.append(time.time())\n    assert ends[0] < 9",
    "def f():\n    if (taken := time.process_time()) > 1:\n        assert not taken",
    "def f():\n    end = time.monotonic() + 3\n    while time.monotonic() < end: ...",
    "@settings(max_examples=9, deadline=timedelta(seconds=3))\ndef test_f(): ...",
    "@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])\ndef test_f(): ...",
    "def test_f(qtbot):\n    qtbot.waitUntil(ready, timeout=2_000)",
    "def test_f(qtbot):\n    with qtbot.waitSignal(ready, timeout=500): ...",
]

UNTIMED = """
import time
from datetime import timedelta

@settings(deadline=None)
def test_f(qtbot, clock):
    before = clock.monotonic()
    clock.advance(2)
    assert clock.monotonic() - before == 2
    end = time.monotonic() + 60
    while time.monotonic() < end: ...
    print(time.monotonic() - end)
    with bounded(0.2):
        act()
    with pytest.raises(TimeoutError):
        qtbot.waitUntil(ready, timeout=100)
    qtbot.waitUntil(ready)

def test_g():
    end = 7
    assert end == 7
"""


@pytest.mark.parametrize("text", TIMED)
def test_a_timed_test_is_found(text: str, tmp_path: Path) -> None:
    found = timed_tests(build(tmp_path, {"tests/unit/test_a.py": text}))
    assert len(found) == 1
    assert found[0].startswith("tests/unit/test_a.py:")


def test_a_test_of_the_fake_clock_is_not_timed_and_a_bench_may_be(tmp_path: Path) -> None:
    measuring = {"tests/benchmarks/test_bench_a.py": TIMED[0], "tests/bounds.py": TIMED[0]}
    assert timed_tests(build(tmp_path, {"tests/unit/test_a.py": UNTIMED, **measuring})) == []


REPLACED = """
from posapp.portone.transport import Transport
carry = Transport.carry
def timed(transport, request{more}):
    return carry(transport, request{more})
Transport.carry = timed
"""


def test_a_stand_in_of_an_older_signature_is_found() -> None:
    """The one for which four benches of paying did not run."""
    assert list(replaced_by_hand(ast.parse(REPLACED.format(more="")))) == [
        (6, "Transport.carry is replaced by other parameters")
    ]
    passed_on = REPLACED.format(more=", *more, **named")
    assert list(replaced_by_hand(ast.parse(passed_on))) == []


def test_a_patch_of_another_signature_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(monkeypatch, FittingPatch)
    with FittingPatch.context() as patch:
        carry = "posapp.portone.transport.Transport.send"
        with pytest.raises(AssertionError, match="is replaced by a function of"):
            patch.setattr(carry, lambda transport, request: None)
        with pytest.raises(AssertionError, match="is replaced by a function of"):
            patch.setattr(Transport, "send", lambda transport, request, limits: None)
        patch.setattr(Transport, "send", lambda transport, request, limits=None: None)
        patch.setattr(carry, lambda *given, **named: None)
