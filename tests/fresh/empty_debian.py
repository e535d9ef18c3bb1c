"""An empty Debian in a folder, and commands that run in it as on a machine of its own.

Every command has its own mounts and processes (``unshare``), which end with it in every case, so
that nothing stays mounted and removing the folder removes the folder alone.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.fresh import machine
from tests.fresh.interpreter import Interpreter

SUITE = "bookworm"
PACKAGES = ("python3", "make", "ca-certificates")
"""Packages that the README requires. The two commands install everything else."""

CHECKOUT = "/posapp"

_APART = (
    *("setpriv", "--pdeathsig", "KILL"),
    *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
    *("sh", "-e", "-c"),
)
"""The end of each of the first two, even by SIGKILL, ends the next one."""


class EmptyDebian:
    """One Debian in a folder.

    Args:
        root: the folder; it does not exist yet.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._shown: list[Path] = []

    def build(self, suite: str = SUITE) -> None:
        """Make it from Debian's packages, with this machine's configuration of registries.

        Raises:
            subprocess.CalledProcessError: the packages could not be fetched or unpacked.
        """
        sources = machine.apt_sources()
        include = f"--include={','.join(PACKAGES)}"
        text = ["debootstrap", "--variant=minbase", include, suite, str(self.root)]
        run_apart(shlex.join([*text, machine.mirror(sources)]), quiet=True)
        apt = self.root / "etc/apt"
        (apt / "sources.list").write_text(machine.sources_list(sources, suite), encoding="utf-8")
        (apt / "apt.conf.d/90machine").write_text(machine.apt_manners(), encoding="utf-8")
        files = machine.files()
        for path, place in files.items():
            target = self.root / place.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)  # it may be a link out of the folder
            shutil.copyfile(path, target)
        settings = [path.read_text(encoding="utf-8") for path in files if "ssl" not in path.parts]
        self._shown += machine.folders(settings)

    def copy(self, root: Path) -> EmptyDebian:
        """Copy it to another folder, which does not exist yet."""
        subprocess.run(["cp", "-a", "--reflink=auto", str(self.root), str(root)], check=True)
        copied = EmptyDebian(root)
        copied._shown += self._shown
        return copied

    def put(self, checkout: Path) -> None:
        """Clone the last commit of a checkout into it."""
        target = str(self.root / CHECKOUT.lstrip("/"))
        clone = ["git", "clone", "--quiet", "--no-hardlinks", str(checkout), target]
        subprocess.run(clone, check=True)

    def show(self, python: Interpreter) -> None:
        """Give it read-only access to a Python of this machine, and the libraries it lacks."""
        self._shown.append(python.prefix)
        own = self.root / "usr/local/lib"
        known = subprocess.run(
            ["chroot", str(self.root), "ldconfig", "-p"], capture_output=True, text=True, check=True
        ).stdout.split()
        for library in python.libraries():
            if library.name not in known:
                shutil.copyfile(library, own / library.name)
        subprocess.run(["chroot", str(self.root), "ldconfig"], check=True)
        (self.root / "usr/local/bin" / python.program.name).symlink_to(python.program)

    def run(self, *arguments: str) -> int:
        """Run a command in the checkout there as root; return its exit code. Print its output."""
        inside = ["chroot", str(self.root), "env", "-i", *_pairs(machine.variables())]
        inside += ["sh", "-c", f"cd {CHECKOUT} && exec {shlex.join(arguments)}"]
        # Not exec: a process has to reap orphans, as init does.
        script = [*self._mounts(), f"{shlex.join(inside)} || exit $?"]
        return run_apart("\n".join(script), check=False)

    def own_python(self) -> str:
        """Return the version of Debian's own Python there, for example ``3.11``."""
        about = "import sys; print('%d.%d' % sys.version_info[:2])"
        ran = subprocess.run(
            ["chroot", str(self.root), "python3", "-c", about],
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.strip()

    def _mounts(self) -> list[str]:
        root = shlex.quote(str(self.root))
        mounts = [
            # Without it / inside is no mount, and programs there could not make their own mounts.
            f"mount --bind {root} {root}",
            f"mount -t proc proc {root}/proc",
            f"mount --rbind /sys {root}/sys",
            f"mount --rbind /dev {root}/dev",
            f"mount -t tmpfs -o mode=1777 tmpfs {root}/dev/shm",
        ]
        for path in self._shown:
            target = self.root / str(path).lstrip("/")
            if path.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()
            pair = shlex.join([str(path), str(target)])
            mounts += [
                f"mount --bind {pair}",
                f"mount -o remount,bind,ro {shlex.quote(str(target))}",
            ]
        return mounts


def _pairs(variables: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in variables.items()]


def run_apart(script: str, *, check: bool = True, quiet: bool = False) -> int:
    """Run a script with its own mounts and processes; they are gone when this returns or raises.

    Raises:
        subprocess.CalledProcessError: it failed, and ``check``; its output is printed here.
    """
    text: Sequence[str] = [*_APART, script]
    output = subprocess.PIPE if quiet else None
    with subprocess.Popen(
        text, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT if quiet else None
    ) as running:
        try:
            said, _ = running.communicate()
        except BaseException:
            running.kill()
            raise
    if check and running.returncode:
        print((said or b"").decode(errors="replace"))
        raise subprocess.CalledProcessError(running.returncode, text)
    return running.returncode
