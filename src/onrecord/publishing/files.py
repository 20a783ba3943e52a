"""Writing baked files: each with its compressed variants, whole or not at all."""

import contextlib
import gzip
import os
import tempfile
from pathlib import Path

import brotli

COMPRESSED_TYPES = {".html", ".xml", ".rss", ".atom", ".txt", ".json", ".vtt", ".css", ".js", ".svg"}
SMALLEST_COMPRESSED = 512
BROTLI_QUALITY = 5
GZIP_LEVEL = 6


def write_file(file: Path, content: bytes) -> bool:
    """Write a file and its variants, unless it is there with these bytes already; says whether it was written."""
    try:
        if file.read_bytes() == content and all(one.exists() for one in variants(file) if not _is_plain(file, content)):
            return False
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    _write_variants(file, content)
    _replace(file, content)
    return True


def remove_file(file: Path) -> bool:
    """Remove a file with its variants, and the folder that it leaves empty; says whether it was there."""
    there = file.exists()
    for variant in (file, *variants(file)):
        variant.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # other files are in it, or it was never there
        file.parent.rmdir()
    return there


def variants(file: Path) -> tuple[Path, Path]:
    """Where the Brotli and the gzip form of a file lie."""
    return file.with_name(file.name + ".br"), file.with_name(file.name + ".gz")


def compress_folder(folder: Path) -> int:
    """Write compressed variants beside the files of a folder (collected static files); gives their number."""
    count = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix in COMPRESSED_TYPES and path.is_file():
            variant = path.with_name(path.name + ".br")
            if not variant.exists() or variant.stat().st_mtime < path.stat().st_mtime:
                _write_variants(path, path.read_bytes())
                count += 1
    return count


def _write_variants(file: Path, content: bytes) -> None:
    by_brotli, by_gzip = variants(file)
    if _is_plain(file, content):
        for old in (by_brotli, by_gzip):  # of a time when the file was longer
            old.unlink(missing_ok=True)
        return
    _replace(by_brotli, brotli.compress(content, quality=BROTLI_QUALITY))
    _replace(by_gzip, gzip.compress(content, compresslevel=GZIP_LEVEL, mtime=0))


def _is_plain(file: Path, content: bytes) -> bool:
    return file.suffix not in COMPRESSED_TYPES or len(content) < SMALLEST_COMPRESSED


def _replace(file: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".baking-", delete=False) as target:
        temporary = Path(target.name)
        try:
            target.write(content)
            target.flush()
            temporary.chmod(0o644)
            os.replace(temporary, file)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
