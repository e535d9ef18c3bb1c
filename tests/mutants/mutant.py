"""A mutant: a guard of money, weakened by a small patch, and the tests that must fail then."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class PatchDoesNotApply(Exception):
    """A patch's old text is not in its file exactly once, or the result is no Python."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A named patch to one guard.

    Attributes:
        name: unique, in snake case; names the removed guard.
        file: path of the source file from the root of the repository.
        old: text that the file contains exactly once.
        new: its replacement.
        tests: pytest node ids; each of them must fail under this patch. A function's id covers all
            of its parameters, and one failing case is enough.
        errors: names of further exceptions that count as a failed test, where the guard below the
            removed one raises its own (``IntegrityError``: the database's). A failed assertion and
            any error of ``posapp.domain.errors`` always count.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    errors: tuple[str, ...] = ()

    def patched(self, root: Path) -> str:
        """Return the text of the file under ``root`` with the patch in it.

        Raises:
            PatchDoesNotApply: the old text is not in the file exactly once, or the result is no
                Python.
        """
        path = root / self.file
        try:
            text = path.read_text("utf-8")
        except OSError as error:
            raise PatchDoesNotApply(f"{self.file}: {error.strerror}") from error
        count = text.count(self.old)
        if count != 1 or self.old == self.new:
            raise PatchDoesNotApply(f"{self.file}: the old text stands {count} times in it")
        changed = text.replace(self.old, self.new)
        if path.suffix == ".py":
            try:
                compile(changed, self.file, "exec")
            except SyntaxError as error:
                raise PatchDoesNotApply(f"{self.file}: {error.msg}, line {error.lineno}") from error
        return changed
