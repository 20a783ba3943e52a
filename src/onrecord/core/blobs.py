"""Originals on disk: stored once under their SHA-256, made durable, never altered."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from onrecord.errors import OnrecordError

CHUNK_BYTES = 1024 * 1024


class DiskFull(OnrecordError):
    """The bytes did not fit; nothing was stored."""

    code = "disk-full"
    message = (
        "{name}: not stored, because {folder} could not take it ({reason}). "
        "Nothing was half-stored. Free some space and add the file again."
    )


@dataclass(frozen=True)
class Blob:
    """Bytes in the store: their SHA-256 as 64 hex digits, their size in bytes, and whether they were new."""

    sha256: str
    size: int
    new: bool


class Integrity(StrEnum):
    """What a second look at a stored original found."""

    VERIFIED = "verified"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


class BlobStore:
    """A folder of files named by the SHA-256 of their content, as `ab/cd/abcd…`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the original with this hash lies, whether or not it is there."""
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    @contextmanager
    def receive(self, stream: BinaryIO, *, name: str) -> Iterator[tuple[Path, str, int]]:
        """Copy `stream` into the store's own file system; gives path, SHA-256 and size to look at before `keep`.

        The temporary file is gone after the block unless `keep` took it. Raises DiskFull.
        """
        temporary: Path | None = None
        try:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                digest = hashlib.sha256()
                size = 0
                with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".incoming-", delete=False) as target:
                    temporary = Path(target.name)
                    while chunk := stream.read(CHUNK_BYTES):
                        digest.update(chunk)
                        size += len(chunk)
                        target.write(chunk)
                    target.flush()
                    os.fsync(target.fileno())
            except OSError as error:
                raise DiskFull(name=name, folder=str(self.folder), reason=error.strerror or str(error)) from error
            yield temporary, digest.hexdigest(), size
        finally:
            if temporary is not None:
                temporary.unlink(missing_ok=True)

    def keep(self, temporary: Path, sha256: str, size: int) -> Blob:
        """Give a received file its name, durably. Bytes that are there already are left as they are."""
        final = self.path(sha256)
        if final.exists():
            return Blob(sha256, size, new=False)
        final.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(temporary, 0o444)
        try:
            os.link(temporary, final)
        except FileExistsError:  # the same bytes arrived twice at once
            return Blob(sha256, size, new=False)
        for folder in (final.parent, final.parent.parent, self.folder):
            _sync_folder(folder)
        return Blob(sha256, size, new=True)

    def verify(self, sha256: str) -> Integrity:
        """Read the original again and compare: FAILED when it is missing or differs."""
        digest = hashlib.sha256()
        try:
            with self.path(sha256).open("rb") as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    digest.update(chunk)
        except FileNotFoundError:
            return Integrity.FAILED
        except OSError:
            return Integrity.NOT_CHECKED
        return Integrity.VERIFIED if digest.hexdigest() == sha256 else Integrity.FAILED

    def stored(self) -> Iterator[str]:
        """The hashes of all files in the store, in order."""
        for path in sorted(self.folder.glob("??/??/*")):
            yield path.name

    def remove_leftovers(self, *, older_than: float) -> int:
        """Delete temporary files that a killed process left before `older_than` (Unix time); gives their number."""
        leftovers = [path for path in self.folder.glob(".incoming-*") if path.stat().st_mtime < older_than]
        for path in leftovers:
            path.unlink(missing_ok=True)
        return len(leftovers)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
