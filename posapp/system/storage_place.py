"""Where a shop's folder lies: its database has no place on a network drive, nor in a folder that a
cloud service copies.

SQLite needs locks and shared memory that network file systems do not keep
(https://sqlite.org/useovernet.html), and a cloud service copies the parts of a database at
different moments, or puts an older one in its place.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

_NETWORK = frozenset(
    "nfs nfs4 cifs smb smb2 smb3 smbfs afs ncpfs 9p ceph glusterfs lustre davfs fuse.davfs2 webdav "
    "afpfs fuse.sshfs fuse.rclone fuse.gvfsd-fuse fuse.glusterfs fuse.s3fs fuse.smbnetfs "
    "fuse.google-drive-ocamlfuse fuse.onedriver".split()
)
"""Types of file systems on another machine."""

_CLOUD = (
    "onedrive", "dropbox", "google drive", "googledrive", "my drive", "내 드라이브", "icloud drive",
    "iclouddrive", "cloudstorage", "mobile documents", "naver mybox", "mybox", "네이버 mybox",
    "naver cloud", "네이버 클라우드", "box sync", "nextcloud", "owncloud", "megasync",
    "pcloud drive", "syncthing", "seafile",
)  # fmt: skip
"""Names, or beginnings of names, of folders that a cloud service copies."""

_CLOUD_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_DRIVE_REMOTE = 4
MOUNTS = Path("/proc/self/mountinfo")


class StorageRisk(StrEnum):
    """Why a folder is no place for a database."""

    NETWORK = "network"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True)
class StoragePlace:
    """What is known of a folder.

    Attributes:
        detail: the file system's type or the name of the folder that is copied; empty without a
            risk.
    """

    risk: StorageRisk | None = None
    detail: str = ""


def inspect_storage(
    folder: Path,
    environ: Mapping[str, str] | None = None,
    *,
    mounts: Path = MOUNTS,
    platform: str = sys.platform,
) -> StoragePlace:
    """Return whether a folder lies on a network drive or in a folder of a cloud service.

    Links are followed. What cannot be found out counts as no risk.
    """
    real = Path(os.path.realpath(folder))
    variables = os.environ if environ is None else environ
    for path in dict.fromkeys((folder, real)):
        found = _cloud_folder(path, variables)
        if found:
            return StoragePlace(StorageRisk.CLOUD, found)
    kind = _remote_drive(real) if platform == "win32" else _file_system(real, mounts)
    if kind in _NETWORK or (platform == "win32" and kind):
        return StoragePlace(StorageRisk.NETWORK, kind)
    return StoragePlace()


def _cloud_folder(path: PurePath, environ: Mapping[str, str]) -> str:
    for name in _CLOUD_VARIABLES:
        root = environ.get(name)
        if root and path.is_relative_to(root):
            return PurePath(root).name
    for part in path.parts:
        plain = part.casefold()
        if any(plain == name or plain.startswith((f"{name} ", f"{name}-")) for name in _CLOUD):
            return part
    return ""


def _file_system(path: Path, mounts: Path) -> str:
    """Return the type of the file system that a path is on, from Linux' list of mounts."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        left, _, right = line.partition(" - ")
        fields = left.split()
        if len(fields) < 5 or not right:
            continue
        at = fields[4].encode().decode("unicode_escape", "replace")
        # A later mount covers an earlier one at the same place.
        if path.is_relative_to(at) and len(at) >= best:
            best, kind = len(at), right.split()[0]
    return kind


def _remote_drive(path: Path) -> str:
    """Return what a path of Windows is on, if that is another machine."""
    drive = path.drive
    if drive.startswith("\\\\"):
        return drive
    if sys.platform == "win32":
        import ctypes

        if ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _DRIVE_REMOTE:
            return drive
    return ""
