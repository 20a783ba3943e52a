"""What translates, by itself: the real loading code on tiny models, the real asking code on small servers."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.transcripts.engines import translation_chat, translation_http, translation_libre, translation_local
from onrecord.transcripts.engines.errors import EngineFailed, ModelUnusable
from onrecord.transcripts.engines.interface import Event, Fact, Order, Piece, Progress
from onrecord.transcripts.engines.translation import (
    LanguageNotInModel,
    TranslationBusy,
    TranslationRefused,
    TranslationUnreachable,
    TranslationUnreadable,
)
from tests.functional.translation_servers import Server, chat, libre, said, serving
from tests.generators.translation_model import SOURCE, make_translation_model

TEXTS = [["s1", SOURCE[0]], ["s2", ""], ["s3", f"{SOURCE[1]} {SOURCE[2]}"]]
SENTENCE = "The water came over the bridge."


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Between tries nobody waits; how long it would have been."""
    waited: list[float] = []
    ask: Callable[..., Any] = translation_http.ask
    patched = lambda *args, **more: ask(*args, sleep=waited.append, timeout_s=5, **more)  # noqa: E731
    for engine in (translation_libre, translation_chat):
        monkeypatch.setattr(engine, "ask", patched)
    return waited


def order(where: str, *, texts: list[list[str]] = TEXTS, done: int = 0, **more: Any) -> Order:
    local = not where.startswith("http")
    values: dict[str, Any] = {
        "engine": "x", "model": where if local else "a-model", "parameters": {} if local else {"url": where},
        "language": "uk", "to_language": "en", "given": {"segments": texts}, "done": done,
    }  # fmt: skip
    return Order(**{**values, **more})


def texts_of(events: Iterator[Event]) -> dict[str, str]:
    return {key: text for event in events if isinstance(event, Piece) for key, text in event.content["segments"]}


@pytest.fixture
def libre_server() -> Iterator[Server]:
    with serving(libre) as server:
        yield server


@pytest.fixture
def chat_server() -> Iterator[Server]:
    with serving(chat) as server:
        yield server


# --- a model in a folder ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("languages", "cutter"),
    [
        pytest.param((), "pair", id="one pair of languages"),
        pytest.param(("ukr_Cyrl", "eng_Latn"), "one", id="NLLB"),
        pytest.param(("__uk__", "__en__"), "one", id="M2M-100"),
        pytest.param((">>en<<",), "pair", id="one source, several targets"),
        pytest.param((), "tokenizer", id="tokenizer.json"),
    ],
)
def test_a_model_translates_sentence_by_sentence(tmp_path: Path, languages: tuple[str, ...], cutter: str) -> None:
    first = 0 if languages == (">>en<<",) else None
    make_translation_model(tmp_path, languages=languages, cutter=cutter, first=first)
    found = texts_of(translation_local.run(order(str(tmp_path), parameters=translation_local.PARAMETERS)))
    assert found == {"s1": SENTENCE, "s3": f"{SENTENCE} {SENTENCE}"}


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    make_translation_model(tmp_path)
    events = list(translation_local.run(order(str(tmp_path), done=2)))
    assert [event for event in events if isinstance(event, Progress)] == [Progress(2, 3), Progress(3, 3)]
    assert list(texts_of(iter(events))) == ["s3"]


def no_model(folder: Path) -> None:
    (folder / "model.bin").unlink()


def torn_model(folder: Path) -> None:
    (folder / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:400])


def no_cutter(folder: Path) -> None:
    for file in folder.glob("*.spm"):
        file.unlink()


def torn_cutter(folder: Path) -> None:
    (folder / "source.spm").write_bytes(b"no such thing")


def torn_tokenizer(folder: Path) -> None:
    no_cutter(folder)
    (folder / "tokenizer.json").write_text("{")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_model, "no model.bin"),
        (torn_model, "model"),
        (no_cutter, "neither source.spm"),
        (torn_cutter, "damaged"),
        (torn_tokenizer, "damaged"),
    ],
)
def test_a_folder_that_is_no_model_says_what_is_wrong(
    tmp_path: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    make_translation_model(tmp_path)
    spoil(tmp_path)
    with pytest.raises(ModelUnusable, match=reason):
        list(translation_local.run(order(str(tmp_path))))


def test_no_folder_and_no_such_language(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="no such folder"):
        list(translation_local.run(order(str(tmp_path / "nowhere"))))
    make_translation_model(tmp_path, languages=("__en__", "__fr__"), cutter="one")
    with pytest.raises(LanguageNotInModel, match="from uk to en"):
        list(translation_local.run(order(str(tmp_path))))


# --- servers ---------------------------------------------------------------------------------------------------------


def test_libretranslate(libre_server: Server) -> None:
    found = texts_of(translation_libre.run(order(libre_server.url, secrets={"key": "a key"})))
    assert found["s1"] == f"{SOURCE[0].upper()} (en)"
    assert list(found) == ["s1", "s3"]
    (asked,) = libre_server.asked
    assert (asked["source"], asked["target"], asked["api_key"]) == ("uk", "en", "a key")
    assert libre_server.paths == ["/translate"]


def test_a_chat_server_is_told_the_terms_that_the_texts_have(chat_server: Server) -> None:
    given = {"segments": TEXTS, "terms": [["вівторок", "Tuesday"], ["Велноград", "Velnograd"]]}
    found = texts_of(translation_chat.run(order(f"{chat_server.url}/v1/", given=given, secrets={"key": "a key"})))
    assert found["s1"] == f"{SOURCE[0].upper()} (a-model)"
    task = chat_server.asked[0]["messages"][0]["content"]
    assert "вівторок → Tuesday" in task
    assert "Velnograd" not in task
    assert chat_server.paths == ["/v1/chat/completions"]
    assert chat_server.headers[0]["Authorization"] == "Bearer a key"


def test_half_an_answer_is_kept_and_the_rest_asked_for_again(chat_server: Server) -> None:
    whole = json.dumps({"segments": [{"id": 1, "text": "One."}, {"id": 2, "text": "Two."}]})
    chat_server.script = [said(f"Here you are:\n```json\n{whole[:-14]}")]
    found = texts_of(translation_chat.run(order(chat_server.url)))
    assert found["s1"] == "One."
    assert found["s3"].endswith("(a-model)")
    assert len(chat_server.asked) == 2


def test_a_segment_that_gets_no_translation_is_counted_and_left_out(chat_server: Server) -> None:
    nothing = said("I would rather not.")
    chat_server.script = [said('{"segments": [{"id": 1, "text": "One."}, {"id": 7, "text": "?"}, 3]}'), nothing]
    events = list(translation_chat.run(order(chat_server.url)))
    assert texts_of(iter(events)) == {"s1": "One."}
    assert Fact("left_out", 1) in events


def test_too_many_answers_are_not_laid_over_the_wrong_segments(libre_server: Server) -> None:
    libre_server.script = [{"translatedText": ["a", "b", "c"]}]
    found = texts_of(translation_libre.run(order(libre_server.url)))
    assert found["s1"].endswith("(en)")


@pytest.mark.parametrize(
    "script",
    [
        pytest.param([(429, {"error": "slow down"}, {"Retry-After": "7"})], id="asked to wait"),
        pytest.param([(503, {}, {}), (500, b"oops", {})], id="failing twice"),
        pytest.param([(200, b"{", {"Content-Length": "400"})], id="broken off"),
    ],
)
def test_a_server_that_recovers_is_asked_again(
    libre_server: Server, script: list[Any], no_waiting: list[float]
) -> None:
    libre_server.script = list(script)
    assert len(texts_of(translation_libre.run(order(libre_server.url)))) == 2
    assert len(no_waiting) == len(script)
    assert "Retry-After" not in str(script) or no_waiting == [7.0]


@pytest.mark.parametrize(
    ("reply", "kind", "reason"),
    [
        pytest.param((429, {"error": "too many"}, {}), TranslationBusy, "429 too many", id="busy"),
        pytest.param((429, {}, {"Retry-After": "3600"}), TranslationBusy, "429", id="busy for an hour"),
        pytest.param((401, {"error": {"message": "bad key"}}, {}), TranslationRefused, "401 bad key", id="key"),
        pytest.param((400, {"error": "uk is not supported"}, {}), TranslationRefused, "not supported", id="language"),
        pytest.param((302, b"", {"Location": "http://elsewhere.example/"}), TranslationRefused, "302", id="redirect"),
        pytest.param((502, b"<html>", {}), TranslationUnreachable, "502", id="gateway"),
        pytest.param((200, b"<html>Welcome", {}), TranslationUnreadable, "not JSON: <html>", id="a web page"),
        pytest.param((200, b"", {}), TranslationUnreadable, "nothing", id="nothing"),
        pytest.param((200, {"text": "x"}, {}), TranslationUnreadable, "translatedText", id="another program"),
        pytest.param((200, {"translatedText": [1, 2]}, {}), TranslationUnreadable, "translatedText", id="numbers"),
    ],
)
def test_what_a_server_may_do_wrong(libre_server: Server, reply: Any, kind: type[EngineFailed], reason: str) -> None:
    libre_server.script = [reply] * 9
    with pytest.raises(kind) as raised:
        list(translation_libre.run(order(libre_server.url)))
    assert reason in str(raised.value)
    assert "127.0.0.1" in str(raised.value)


def test_a_chat_server_that_is_none(chat_server: Server) -> None:
    for reply in ({"choices": []}, [], {"choices": [{"message": {"content": None}}]}):
        chat_server.script = [reply] * 9
        with pytest.raises(TranslationUnreadable, match="no message"):
            list(translation_chat.run(order(chat_server.url)))


def test_nobody_there_and_no_answer(no_waiting: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(TranslationUnreachable, match="refused"):
        list(translation_libre.run(order(f"http://127.0.0.1:{port}")))
    assert not no_waiting
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TranslationUnreachable, match="no answer in time"):
            translation_http.ask(url, {}, timeout_s=0.1, sleep=lambda _: None)


def test_an_answer_without_end_is_not_read(libre_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation_http, "LARGEST_ANSWER", 100)
    with pytest.raises(TranslationUnreadable, match="longer"):
        list(translation_libre.run(order(libre_server.url)))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:5000/x", "127.0.0.1:5000"),
        ("https://mt.example/v1", "mt.example"),
        ("http://[::1]:8080", "::1:8080"),
    ],
)
def test_the_host_that_people_are_told(url: str, host: str) -> None:
    assert translation_http.host_of(url) == host
