"""Fixtures that every test may use."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import SHARED_DATA


@pytest.fixture(autouse=True)
def folders(settings: object, tmp_path: Path) -> Iterator[Path]:
    """Originals, baked pages and uploads of this test alone."""
    for name, folder in {
        "ORIGINALS_DIR": "originals",
        "BAKED_DIR": "public",
        "MEDIA_ROOT": "public/media",
        "INCOMING_DIR": "incoming",
        "INDEX_DIR": "index",
        "FINGERPRINTS_DIR": "fingerprints",
    }.items():
        path = tmp_path / "newsroom" / folder
        path.mkdir(parents=True, exist_ok=True)
        setattr(settings, name, path)
    yield tmp_path / "newsroom"
    shutil.rmtree(tmp_path / "newsroom", ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared recordings are not here")
    return SHARED_DATA
