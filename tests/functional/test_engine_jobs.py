"""An engine's work: done, cancelled, resumed; a child that dies takes nothing with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from onrecord.archive.models import Recording
from onrecord.transcripts.engines import jobs, kinds, running
from onrecord.transcripts.engines.errors import error_of
from onrecord.transcripts.engines.interface import Setup
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.models import TranscriptVersion
from tests import factories
from tests.functional.fake_engines import RUN

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., EngineJob]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Mapping[str, Any]]]:
    """What the kind of work was given to finish; the fake engine is the one that is set."""
    results: list[Sequence[Mapping[str, Any]]] = []

    @contextmanager
    def given(job: EngineJob) -> Iterator[dict[str, Any]]:
        yield {}

    def finish(job: EngineJob, pieces: Sequence[Mapping[str, Any]]) -> TranscriptVersion | None:
        results.append(pieces)
        return None

    monkeypatch.setitem(kinds.KINDS, "transcribe", kinds.Kind(setup=lambda: None, given=given, finish=finish))
    monkeypatch.setitem(kinds.ENGINES, "counter", RUN)
    return results


@pytest.fixture
def begin(newsroom: Any, made: list[Any], tmp_path: Path) -> Begin:
    """Starts a job whose engine has these parameters, and runs it."""
    recording = factories.recording(prepared=False)

    def start(enqueue: bool = True, **parameters: Any) -> EngineJob:
        setup = Setup("counter", "a model", {"marker": str(tmp_path / "happened"), **parameters})
        job = jobs.job_start(actor=None, recording=recording, kind="transcribe", setup=setup, enqueue=enqueue)
        return EngineJob.objects.get(pk=job.pk)

    return start


def words(pieces: Sequence[Mapping[str, Any]]) -> list[str]:
    return [word[0] for piece in pieces for word in piece["words"]]


ALL = [f"word{n}" for n in range(5)]


def test_pieces_become_a_result(begin: Begin, made: list[Any]) -> None:
    job = begin()
    assert (job.state, job.done, job.total, job.percent, job.problem) == ("done", 5000, 5000, 100, "")
    assert job.facts == {"language": "en"}
    assert words(made[0]) == ALL
    assert job.pieces.count() == 0
    assert str(job) == "transcribe with counter: done, 100 %"


@pytest.mark.parametrize(
    ("then", "code"),
    [
        ("killed", "engine-out-of-memory"),
        ("memory", "engine-out-of-memory"),
        ("bad-alloc", "engine-out-of-memory"),
        ("crash", "engine-died"),
        ("exit", "engine-died"),
        ("error", "engine-failed"),
    ],
)
def test_an_engine_that_ends_midway_goes_on_where_it_was(
    begin: Begin, made: list[Any], then: str, code: str, reporter: Any
) -> None:
    job = begin(at=3, then=then)
    assert (job.state, job.problem_code, job.done) == ("failed", code, 3000)
    assert "counter" in job.problem
    assert "is kept" in job.problem
    assert "{" not in job.problem
    assert job.pieces.count() == 3
    assert made == []
    jobs.job_retry(actor=reporter.person, job=job)
    job.refresh_from_db()
    assert (job.state, job.problem) == ("done", "")
    assert words(made[0]) == ALL


def test_an_engine_says_what_is_wrong_with_its_model(begin: Begin) -> None:
    job = begin(spoil=True)
    assert (job.state, job.problem_code) == ("failed", "model-unusable")
    assert "made of cheese" in job.problem
    assert "WHISPER_MODEL" in job.problem


def test_a_limit_on_memory_holds(begin: Begin, settings: Any) -> None:
    settings.ENGINE_MEMORY_MB = 2000
    job = begin(at=1, then="memory")
    assert (job.problem_code, job.pieces.count()) == ("engine-out-of-memory", 1)


def test_an_engine_that_nobody_knows(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(kinds.ENGINES, "counter")
    assert begin().problem_code == "engine-not-set"


def test_a_fault_of_ours_is_kept_too(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: EngineJob, pieces: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(kinds.KINDS, "transcribe", replace(kinds.KINDS["transcribe"], finish=broken))
    job = begin()
    assert (job.state, job.problem_code, job.pieces.count()) == ("failed", "engine-failed", 5)
    assert "ZeroDivisionError" in job.problem


def test_a_code_that_is_known_no_more() -> None:
    assert "of-old" in str(error_of("of-old", {}))


def run_until(job: EngineJob, pieces: int, act: Callable[[], object]) -> None:
    """Run the job as a worker does, and have somebody act when so many pieces are kept."""
    seen = False

    def look(_: EngineJob) -> None:
        nonlocal seen
        if not seen and job.pieces.count() == pieces:
            seen = True
            act()

    running.job_run(job.pk, tell=look)
    assert seen


def wait_until(what: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_cancelled_within_seconds_and_resumed(begin: Begin, made: list[Any], reporter: Any) -> None:
    job = begin(enqueue=False, at=2, then="hang")
    asked = 0.0

    def cancel() -> None:
        nonlocal asked
        asked = time.monotonic()
        jobs.job_cancel(actor=reporter.person, job=job)

    run_until(job, 2, cancel)
    assert time.monotonic() - asked < 10
    job.refresh_from_db()
    assert (job.state, job.pieces.count(), made) == ("cancelled", 2, [])
    jobs.job_retry(actor=reporter.person, job=job)
    job.refresh_from_db()
    assert job.state == "done"
    assert words(made[0]) == ALL
    with pytest.raises(jobs.NothingToResume):
        jobs.job_retry(actor=reporter.person, job=job)


def test_one_that_waits_is_cancelled_at_once(begin: Begin, made: list[Any]) -> None:
    job = begin(enqueue=False)
    assert begin(enqueue=False) == job, "one at a time"
    jobs.job_cancel(actor=None, job=job)
    assert running.job_run(job.pk) is None
    job.refresh_from_db()
    assert (job.state, made) == ("cancelled", [])
    other = begin(enqueue=False)
    assert jobs.job_retry(actor=None, job=job) == other, "one at a time"


def test_another_engine_begins_from_the_start(begin: Begin, made: list[Any]) -> None:
    job = begin(at=3, then="error")
    jobs.job_retry(actor=None, job=job, setup=Setup("counter", "another model", {"steps": 2}))
    job.refresh_from_db()
    assert (job.state, job.model, words(made[0])) == ("done", "another model", ALL[:2])


def test_a_worker_that_was_killed(begin: Begin, made: list[Any]) -> None:
    """Its job is seen to be abandoned at once on this machine, later from another one, and goes on with what it had."""
    job = begin(at=3, then="error")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    here = socket.gethostname()[:40]
    now = timezone.now()
    for worker, beat, abandoned in [
        (f"{here}:{dead.pid}:ab", now, True),
        ("elsewhere:7:ab", now, False),
        ("elsewhere:7:ab", now - timedelta(hours=1), True),
    ]:
        EngineJob.objects.filter(pk=job.pk).update(state="running", worker=worker, beat_at=beat)
        assert running.job_is_abandoned(EngineJob.objects.get(pk=job.pk)) is abandoned
        if not abandoned:
            assert running.job_run(job.pk) is None
            assert jobs.jobs_take_up() == 0
    assert jobs.jobs_take_up() == 1
    job.refresh_from_db()
    assert (job.state, words(made[0])) == ("done", ALL)


def test_a_job_that_kills_its_worker_is_not_taken_up_for_ever(begin: Begin) -> None:
    job = begin(at=3, then="error")
    EngineJob.objects.filter(pk=job.pk).update(state="running", worker="elsewhere:7:ab", beat_at=None, attempts=3)
    jobs.jobs_take_up()
    job.refresh_from_db()
    assert (job.state, job.problem_code, job.pieces.count()) == ("failed", "worker-lost", 3)


def test_cancelled_while_the_worker_was_dead(begin: Begin) -> None:
    job = begin(at=3, then="error")
    rows = EngineJob.objects.filter(pk=job.pk)
    rows.update(state="running", worker="elsewhere:7:ab", beat_at=timezone.now())
    jobs.job_cancel(actor=None, job=job)
    assert rows.get().state == "running", "a worker may be at it"
    rows.update(beat_at=None)
    jobs.jobs_take_up()
    job.refresh_from_db()
    assert (job.state, job.pieces.count()) == ("cancelled", 3)
    rows.update(state="running", cancel_asked=False)
    jobs.job_cancel(actor=None, job=job)
    assert rows.get().state == "cancelled", "nobody is"


def test_a_worker_that_was_taken_for_dead_leaves_the_job_alone(begin: Begin, made: list[Any]) -> None:
    job = begin(enqueue=False, at=2, then="hang")
    run_until(job, 2, lambda: EngineJob.objects.filter(pk=job.pk).update(worker="elsewhere:7:ab"))
    job.refresh_from_db()
    assert (job.state, job.worker, made) == ("running", "elsewhere:7:ab", [])


def test_the_child_dies_with_its_worker(tmp_path: Path) -> None:
    """Linux ends the engine when the worker is killed, so that no model is left in memory."""
    script = (
        "from onrecord.transcripts.engines import child, interface\n"
        "order = interface.Order('counter', 'm', {'at': 1, 'then': 'hang'}, 'en', '', {})\n"
        f"for event in child.engine_events({RUN!r}, order, memory_mb=0, each=lambda: None):\n"
        "    print(event, flush=True)\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert worker.stdout is not None
    for line in worker.stdout:
        if "Piece" in line:
            break
    (child,) = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    worker.kill()
    worker.wait()
    worker.stdout.close()
    wait_until(lambda: _gone(int(child)))


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


def test_ctrl_c_cancels(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    job = begin(enqueue=False, at=2, then="hang")

    def press(events: Any = running.engine_events) -> Any:
        def interrupted(*arguments: Any, **options: Any) -> Any:
            for number, event in enumerate(events(*arguments, **options)):
                yield event
                if number == 3:
                    os.kill(os.getpid(), signal.SIGINT)

        return interrupted

    monkeypatch.setattr(running, "engine_events", press())
    with pytest.raises(KeyboardInterrupt):
        running.job_run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.pieces.count()) == ("cancelled", 2)


def test_who_may(begin: Begin, newsroom: Any) -> None:
    job = begin(enqueue=False)
    moderator = factories.person("Moderator")
    recording = Recording.objects.get()
    for act in (
        lambda: jobs.job_start(actor=moderator, recording=recording, kind="transcribe", setup=Setup("counter", "m")),
        lambda: jobs.job_cancel(actor=moderator, job=job),
        lambda: jobs.job_retry(actor=moderator, job=job),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert jobs.jobs_newest(recording, "transcribe") == [job]
