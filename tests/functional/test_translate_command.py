"""`onrecord translate`, run as a process in a newsroom on disk. All words are invented."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import factories
from tests.functional.translation_servers import Server, libre, serving
from tests.processes import onrecord


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(libre) as made:
        yield made


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, server: Server) -> tuple[Path, str]:
    """A newsroom with a call in Ukrainian; its id."""
    folder = tmp_path_factory.mktemp("translate") / "newsroom"
    assert onrecord("init", folder).returncode == 0
    with (folder / "onrecord.env").open("a") as env:
        env.write(f"\nTRANSLATE_ENGINE=libretranslate\nTRANSLATE_URL={server.url}\n")
    (folder / "call.wav").write_bytes(factories.sound())
    (folder / "call.vtt").write_text(factories.CALL_UK_VTT)
    added = onrecord(
        "add", folder / "call.wav", "--publisher", "Velna Wire", "--published", "2024-05-04", "--language", "uk",
        "--title", "A call", "--transcript", folder / "call.vtt", "--json", folder=folder,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    return folder, json.loads(added.stdout)[0]["recording"]


def test_it_says_where_words_go_and_what_came_of_it(newsroom: tuple[Path, str], server: Server) -> None:
    folder, recording = newsroom
    done = onrecord("translate", recording[:8], "--to", "en", "--json", folder=folder)

    assert done.returncode == 0, done.stderr
    host = server.url.removeprefix("http://")
    assert f"The words go to {host} (LibreTranslate)" in done.stderr
    told = json.loads(done.stdout)
    assert (told["recording"], told["sends_to"], told["segments"], told["left_out"]) == (recording, host, 3, 0)
    again = onrecord("translate", recording, "--to", "en", folder=folder)
    assert again.returncode == 2
    assert "Nothing was sent" in again.stderr


def test_what_is_wrong_is_one_line(newsroom: tuple[Path, str], server: Server) -> None:
    folder, recording = newsroom
    assert "language of the recording itself" in onrecord("translate", recording, "--to", "uk", folder=folder).stderr
    server.script = [(401, {"error": "no key"}, {})]
    refused = onrecord("translate", recording, "--to", "de", folder=folder)
    assert refused.returncode == 2
    assert "no key" in refused.stderr
    settings = folder / "onrecord.env"
    settings.write_text(settings.read_text().replace("TRANSLATE_ENGINE=libretranslate", "TRANSLATE_ENGINE=oracle"))
    wrong = onrecord("translate", recording, "--to", "de", folder=folder)
    assert wrong.returncode == 2
    assert "TRANSLATE_ENGINE is 'oracle'" in wrong.stderr


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param("TRANSLATE_ENGINE=local", "TRANSLATE_MODEL", id="no model"),
        pytest.param("TRANSLATE_ENGINE=openai\nTRANSLATE_MODEL=m", "TRANSLATE_URL", id="no address"),
        pytest.param(
            "TRANSLATE_ENGINE=libretranslate\nTRANSLATE_URL=http://me:key@h/", "without a name", id="a key in it"
        ),
    ],
)
def test_settings_that_cannot_be(tmp_path: Path, given: str, told: str) -> None:
    (tmp_path / "onrecord.env").write_text(f"SECRET_KEY=x\n{given}\n")
    done = onrecord("translate", "x", "--to", "en", folder=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
