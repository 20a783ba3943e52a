"""An index that is damaged says so; readers and writers at once, and a writer killed at any moment, do it no harm."""

import json
import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from onrecord.errors import RecordIndexUnreadable
from onrecord.text.index import RecordIndex
from onrecord.text.index import folder as folder_module
from onrecord.text.transcripts import Segment, Transcript, Word, estimate_word_times
from tests.unit.text.passages import RECORD

WRITER = """
import sys
from pathlib import Path
from onrecord.text.index import RecordIndex
from tests.unit.text.index.test_index_safety import numbered
index = RecordIndex.open(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(int(sys.argv[2]), 10_000):
    index.put("a", [numbered("a", number)], stamp=str(number))
    index.put("b", [numbered("b", number)], stamp=str(number))
    index.remove("c")
    index.put("c", [numbered("c", number)], stamp=str(number))
"""


def numbered(name, number):
    """A transcript that says its own number over and over."""
    texts = f"recording {name} says number{number} again and again".split()
    words = estimate_word_times([Word("", text, None, None) for text in texts], 0, 5000)
    return Transcript(name, "en", tuple(Segment(f"s{n}", 0, 5000, "A voice", words) for n in range(1, 40)))


def whole(index):
    """The stamps, after a look at every word: each recording must say the number of its stamp, and only that."""
    stamps = dict(index.groups())
    record = index.record()
    said = {}
    for n in range(len(record.transcripts)):
        if record._live[n]:
            transcript = record.transcripts[n]
            said[transcript.id] = {segment.words[3].text for segment in transcript.segments}
            assert len(transcript.segments) == 39
    return stamps, said


def test_a_killed_writer_leaves_the_old_state_or_the_new_one(tmp_path):
    index = RecordIndex.open(tmp_path / "index", create=True)
    index.put_many((name, "0", [numbered(name, 0)]) for name in "abc")
    rng = random.Random(5)
    last = 0
    for _ in range(6):
        command = [sys.executable, "-c", WRITER, str(tmp_path / "index"), str(last + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(rng.uniform(0.0, 0.25))
            process.send_signal(signal.SIGKILL)
        fresh = RecordIndex.open(tmp_path / "index")
        fresh.verify()
        stamps, said = whole(fresh)
        assert {"a", "b"} <= set(stamps) <= {"a", "b", "c"}
        assert said == {name: {f"number{stamp}"} for name, stamp in stamps.items()}
        assert int(stamps["a"]) >= last
        last = int(stamps["a"])
    index.put("d", [numbered("d", 1)])
    index.verify()
    assert len(list((tmp_path / "index").iterdir())) < 30


def test_readers_see_whole_states_while_it_is_written(tmp_path):
    index = RecordIndex.open(tmp_path / "index", create=True)
    index.put("a", [numbered("a", 0)], stamp="0")
    done = threading.Event()
    seen = []

    def read():
        reader = RecordIndex.open(tmp_path / "index")
        while not done.is_set():
            record = reader.record()
            live = [n for n in range(len(record.transcripts)) if record._live[n]]
            seen.append([{s.words[3].text for s in record.transcripts[n].segments} for n in live])

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(1, 25):
        index.put("a", [numbered("a", number)], stamp=str(number))
    done.set()
    for thread in threads:
        thread.join()
    assert len(seen) > 2
    assert all(len(texts) == 1 for (texts,) in seen)


def test_an_old_record_reads_on_after_its_files_are_gone(tmp_path):
    index = RecordIndex.open(tmp_path / "index", create=True)
    index.put("a", [numbered("a", 1)])
    old = index.record()
    for number in range(2, 12):
        index.put("a", [numbered("a", number)])
    assert old.transcripts[0].segments[5].words[3].text == "number1"
    assert index.record() is not old
    assert index.record() is index.record()


def test_only_its_own_files_are_cleared(tmp_path):
    folder = tmp_path / "index"
    index = RecordIndex.open(folder, create=True)
    (folder / "notes.txt").write_text("mine")
    (folder / "run-77").write_bytes(b"left by a writer that died")
    (folder / "9-tokens").write_bytes(b"left by a writer that died")
    index.put("a", [numbered("a", 1)])
    assert (folder / "notes.txt").read_text() == "mine"
    assert not (folder / "run-77").exists()
    assert not (folder / "9-tokens").exists()


@pytest.fixture
def filled(tmp_path):
    index = RecordIndex.open(tmp_path / "index", create=True)
    index.put_many((t.id, "", [t]) for t in RECORD)
    index.put(RECORD[0].id, [RECORD[0]])
    return tmp_path / "index"


@pytest.mark.parametrize("name", ["0-tokens", "0-words", "0-rows", "0-catalogue", "forms", "key-ends", "run-*"])
def test_a_shortened_file_is_named(filled, name):
    path = next(filled.glob(name))
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(RecordIndexUnreadable, match=path.name):
        RecordIndex.open(filled)


@pytest.mark.parametrize("name", ["0-tokens", "0-catalogue", "keys", "run-*"])
def test_a_missing_file_is_named(filled, name):
    path = next(filled.glob(name))
    path.unlink()
    with pytest.raises(RecordIndexUnreadable, match=path.name):
        RecordIndex.open(filled)


@pytest.mark.parametrize("name", ["0-tokens", "0-silence", "forms", "run-*"])
def test_verify_finds_a_changed_byte(filled, name):
    path = next(filled.glob(name))
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(RecordIndexUnreadable, match=path.name):
        RecordIndex.open(filled).verify()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda found: found.update(version=99), "another version"),
        (lambda found: found["manifest"].update(number=99), "manifest is damaged"),
        (lambda found: found.pop("manifest"), "manifest is damaged"),
        (lambda found: found.update(format="something else"), "manifest is damaged"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(filled, change, reason):
    found = json.loads((filled / "manifest.json").read_bytes())
    change(found)
    (filled / "manifest.json").write_text(json.dumps(found))
    with pytest.raises(RecordIndexUnreadable, match=reason):
        RecordIndex.open(filled)


def test_no_index_broken_json_and_other_rules_are_refused(filled, monkeypatch):
    with pytest.raises(RecordIndexUnreadable, match="no index"):
        RecordIndex.open(filled / "elsewhere")
    monkeypatch.setattr(folder_module, "KEY_RULES", ("other",))
    with pytest.raises(RecordIndexUnreadable, match="other rules"):
        RecordIndex.open(filled)
    (filled / "manifest.json").write_text("{")
    with pytest.raises(RecordIndexUnreadable, match="manifest is damaged"):
        RecordIndex.open(filled)
