"""What the worker does with an engine's work: takes it, watches the child, keeps every piece, writes the version."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from onrecord.core.work import worker_id, worker_is_gone
from onrecord.errors import OnrecordError
from onrecord.transcripts.engines.child import engine_events
from onrecord.transcripts.engines.errors import EngineFailed, EngineNotSet, WorkerLost
from onrecord.transcripts.engines.interface import Fact, Order, Piece, Progress
from onrecord.transcripts.engines.kinds import ENGINES, KINDS
from onrecord.transcripts.engines.models import EngineJob, EnginePiece

SILENT_FOR = timedelta(minutes=10)
"""A worker on another machine that was not heard of for so long is gone; reading long sound for an engine is silent."""
MOST_ATTEMPTS = 3
_WRITE_EVERY_S = 1.0
_mine: set[int] = set()


class _Cancelled(Exception):
    """Somebody asked for the end."""


class _Superseded(Exception):
    """Another worker has taken the job, as this one was silent for too long."""


def job_run(job_id: int, *, tell: Callable[[EngineJob], None] = lambda job: None) -> EngineJob | None:
    """Do the work, or go on with it; None when there is none to do, or another worker is at it.

    A failure is kept with the job, and what was made until then too; Ctrl-C is kept as a cancelling. `tell` is called
    once a second, and when all is done.
    """
    job = _claimed(job_id)
    if job is None:
        return None
    _mine.add(job_id)
    try:
        _work(job, tell)
        tell(job)
    except _Superseded:
        return None
    except _Cancelled:
        _end(job, EngineJob.State.CANCELLED)
    except KeyboardInterrupt:
        _end(job, EngineJob.State.CANCELLED)
        raise
    except OnrecordError as error:
        _fail(job, error)
    except Exception as error:
        _fail(job, EngineFailed(engine=job.engine, reason=type(error).__name__))
        raise
    finally:
        _mine.discard(job_id)
    return job


def job_is_abandoned(job: EngineJob) -> bool:
    """Whether the worker of a running job is gone: at once when it ran on this machine, else when it is silent."""
    if job.pk in _mine:
        return False
    return worker_is_gone(job.worker) or job.beat_at is None or timezone.now() - job.beat_at > SILENT_FOR


def _claimed(job_id: int) -> EngineJob | None:
    with transaction.atomic():
        job = EngineJob.objects.select_for_update().filter(pk=job_id, state__in=EngineJob.UNDER_WAY).first()
        if job is None or (job.state == EngineJob.State.RUNNING and not job_is_abandoned(job)):
            return None
        job.worker, job.beat_at = worker_id(), timezone.now()
        job.attempts += 1
        job.state = EngineJob.State.RUNNING
        job.save()
    if job.cancel_asked:
        _end(job, EngineJob.State.CANCELLED)
    elif job.attempts > MOST_ATTEMPTS:
        _fail(job, WorkerLost(times=MOST_ATTEMPTS))
    else:
        return job
    return None


def _work(job: EngineJob, tell: Callable[[EngineJob], None]) -> None:
    kind, run = KINDS[job.kind], ENGINES.get(job.engine)
    if run is None:
        raise EngineNotSet(setting=job.engine)
    watch = _Watch(job, tell)
    with kind.given(job) as given:
        order = Order(
            engine=job.engine, model=job.model, parameters=job.parameters, language=job.language,
            to_language=job.to_language, given=dict(given), done=watch.kept, facts=job.facts,
            secrets=dict(kind.secrets(job)),
        )  # fmt: skip
        watch.look()
        try:
            for event in engine_events(run, order, memory_mb=settings.ENGINE_MEMORY_MB, each=watch.look):
                watch.take(event)
        finally:
            with suppress(_Superseded, _Cancelled):
                watch.write()
    with transaction.atomic():
        if EngineJob.objects.select_for_update().get(pk=job.pk).worker != job.worker:
            raise _Superseded
        job.version = kind.finish(job, [piece.content for piece in job.pieces.all()])
        job.pieces.all().delete()
        job.done = job.total
        _end(job, EngineJob.State.DONE)


def _fail(job: EngineJob, error: OnrecordError) -> None:
    fields = {name: value if isinstance(value, int | float) else str(value) for name, value in error.fields.items()}
    job.problem_code, job.problem_fields = error.code, fields
    _end(job, EngineJob.State.FAILED)


def _end(job: EngineJob, state: EngineJob.State) -> None:
    job.state, job.finished_at = state, timezone.now()
    names = ("state", "finished_at", "version", "done", "problem_code", "problem_fields")
    EngineJob.objects.filter(pk=job.pk, worker=job.worker).update(**{name: getattr(job, name) for name in names})


class _Watch:
    """Writes down what was made and that the worker lives, and looks whether it is to stop, once a second."""

    def __init__(self, job: EngineJob, tell: Callable[[EngineJob], None]) -> None:
        self.job = job
        self._tell = tell
        self.rows = EngineJob.objects.filter(pk=job.pk, worker=job.worker)
        last = job.pieces.last()
        self.kept = last.done if last else 0
        self._number = last.number + 1 if last else 0
        self._new: list[EnginePiece] = []
        self._due = 0.0

    def take(self, event: Progress | Piece | Fact) -> None:
        match event:
            case Progress(done, total):
                self.job.done, self.job.total = done, total
            case Fact(name, value):
                self.job.facts[name] = value
            case Piece(content, done):
                self._new.append(self._piece(content, done))
                self.job.done = max(self.job.done, done)

    def look(self) -> None:
        if monotonic() >= self._due:
            self.write()
            self._tell(self.job)
            self._due = monotonic() + _WRITE_EVERY_S

    def write(self) -> None:
        """Raises when the job is to end."""
        job = self.job
        with transaction.atomic():
            values: dict[str, Any] = {"done": job.done, "total": job.total, "facts": job.facts}
            if self._new:
                values["attempts"] = job.attempts = 0
            if not self.rows.update(**values, beat_at=timezone.now()):
                raise _Superseded
            EnginePiece.objects.bulk_create(self._new)
            if self._new:
                KINDS[job.kind].take(job, [piece.content for piece in self._new])
            self._new = []
        if self.rows.filter(cancel_asked=True).exists():
            raise _Cancelled

    def _piece(self, content: Mapping[str, Any], done: int) -> EnginePiece:
        self._number += 1
        return EnginePiece(job=self.job, number=self._number - 1, content=dict(content), done=done)
