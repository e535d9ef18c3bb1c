"""Folders on network drives and in clouds are told from a disk's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.system.storage_place import StorageRisk, inspect_storage

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /mnt/shop rw - cifs //server/shop rw
24 22 0:22 / /mnt/with\\040blank rw - nfs4 server:/x rw
25 23 8:2 / /mnt/shop/local rw - xfs /dev/sdb1 rw
26 22 0:23 / /srv/kim/remote rw - fuse.sshfs kim@server: rw
27 22 0:24 / /data rw - nfs server:/y rw
28 22 8:3 / /data rw - ext4 /dev/sdc1 rw
a line that is none
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS, "utf-8")
    return path


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/posapp", ""),
        ("/mnt/shop", "cifs"),
        ("/mnt/shop/a/b", "cifs"),
        ("/mnt/shopping", ""),
        ("/mnt/shop/local/a", ""),
        ("/mnt/with blank/a", "nfs4"),
        ("/srv/kim/remote/posapp", "fuse.sshfs"),
        ("/data/a", ""),
    ],
)
def test_the_innermost_mount_counts(mounts: Path, folder: str, kind: str) -> None:
    found = inspect_storage(Path(folder), {}, mounts=mounts, platform="linux")
    assert (found.risk, found.detail) == ((StorageRisk.NETWORK, kind) if kind else (None, ""))


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/srv/kim/OneDrive - 가게/posapp", "OneDrive - 가게"),
        ("/srv/kim/Dropbox/posapp", "Dropbox"),
        ("/srv/kim/Library/CloudStorage/GoogleDrive-kim/내 드라이브/a", "CloudStorage"),
        ("/srv/kim/Library/Mobile Documents/com~apple~CloudDocs/a", "Mobile Documents"),
        ("/srv/kim/Naver MYBOX/a", "Naver MYBOX"),
        ("/srv/kim/my-onedrives/a", ""),
        ("/srv/dropboxer/a", ""),
    ],
)
def test_folders_of_clouds_are_known_by_name(mounts: Path, folder: str, name: str) -> None:
    found = inspect_storage(Path(folder), {}, mounts=mounts, platform="linux")
    assert found.detail == name
    assert found.risk is (StorageRisk.CLOUD if name else None)


def test_a_link_into_a_cloud_and_a_renamed_folder_are_found(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "Dropbox" / "shop").mkdir(parents=True)
    (tmp_path / "shop").symlink_to(tmp_path / "Dropbox" / "shop")
    found = inspect_storage(tmp_path / "shop", {}, mounts=mounts, platform="linux")
    assert found.risk is StorageRisk.CLOUD
    (tmp_path / "Work" / "shop").mkdir(parents=True)
    named = {"OneDriveCommercial": str(tmp_path / "Work")}
    found = inspect_storage(tmp_path / "Work" / "shop", named, mounts=mounts, platform="linux")
    assert (found.risk, found.detail) == (StorageRisk.CLOUD, "Work")


def test_without_a_list_of_mounts_nothing_is_claimed(tmp_path: Path) -> None:
    found = inspect_storage(Path("/srv"), {}, mounts=tmp_path / "none", platform="darwin")
    assert found.risk is None
