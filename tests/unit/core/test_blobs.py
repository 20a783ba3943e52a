"""Originals are never altered: one write path, durable, by hash."""

import hashlib
import io
import os
import time
from pathlib import Path
from typing import Any

import pytest

from onrecord.core.blobs import BlobStore, DiskFull, Integrity


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "originals")


def put(store: BlobStore, content: bytes) -> str:
    with store.receive(io.BytesIO(content), name="a.wav") as (path, sha256, size):
        store.keep(path, sha256, size)
    return sha256


def test_bytes_are_found_under_their_hash(store: BlobStore) -> None:
    sha256 = put(store, b"sound")
    assert sha256 == hashlib.sha256(b"sound").hexdigest()
    assert store.path(sha256).read_bytes() == b"sound"
    assert list(store.stored()) == [sha256]


def test_a_stored_file_is_read_only(store: BlobStore) -> None:
    assert store.path(put(store, b"sound")).stat().st_mode & 0o222 == 0


def test_the_same_bytes_are_stored_once(store: BlobStore) -> None:
    first = put(store, b"sound")
    inode = store.path(first).stat().st_ino
    with store.receive(io.BytesIO(b"sound"), name="b.wav") as (path, sha256, size):
        assert store.keep(path, sha256, size).new is False
    assert store.path(first).stat().st_ino == inode


def test_nothing_is_left_when_the_file_is_not_kept(store: BlobStore) -> None:
    with store.receive(io.BytesIO(b"sound"), name="a.wav"):
        pass
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_full_disk_leaves_nothing_behind(store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with (
        pytest.raises(DiskFull, match=r"a\.wav.*No space left.*Free some space"),
        store.receive(io.BytesIO(b"sound"), name="a.wav"),
    ):
        pass
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_damage_is_noticed(store: BlobStore) -> None:
    sha256 = put(store, b"sound")
    assert store.verify(sha256) is Integrity.VERIFIED
    store.path(sha256).chmod(0o644)
    store.path(sha256).write_bytes(b"other")
    assert store.verify(sha256) is Integrity.FAILED
    store.path(sha256).unlink()
    assert store.verify(sha256) is Integrity.FAILED


def test_leftovers_of_a_killed_process_are_removed_when_old(store: BlobStore) -> None:
    store.folder.mkdir(parents=True)
    leftover = store.folder / ".incoming-x"
    leftover.write_bytes(b"half")
    assert store.remove_leftovers(older_than=time.time() - 60) == 0
    assert store.remove_leftovers(older_than=time.time() + 60) == 1


def test_unreadable_is_not_called_verified(store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = put(store, b"sound")

    def refuse(self: Path, *args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert store.verify(sha256) is Integrity.NOT_CHECKED
