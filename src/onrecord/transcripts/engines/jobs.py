"""What people do with an engine's work: start it, cancel it, resume it, look at it."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.transcripts.engines.interface import Setup
from onrecord.transcripts.engines.kinds import KINDS
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.engines.running import job_is_abandoned, job_run
from onrecord.transcripts.versions import authorise

QUEUE = "engines"


class NothingToResume(OnrecordError):
    code = "nothing-to-resume"
    message = "This work is {state}, so there is nothing to resume. Start it again to have it done anew."


def job_start(
    *,
    actor: User | None,
    recording: Recording,
    kind: str,
    setup: Setup,
    language: str = "",
    to_language: str = "",
    asked: dict[str, Any] | None = None,
    enqueue: bool = True,
) -> EngineJob:
    """Have the worker do this; gives the job of the same kind and languages that is under way, if any.

    `language` empty has it detected. Without `enqueue` the caller runs it. Raises PermissionDenied.
    """
    authorise(actor)
    with transaction.atomic():
        Recording.objects.select_for_update().get(pk=recording.pk)
        rows = EngineJob.objects.filter(recording=recording, kind=kind, to_language=to_language)
        known = rows.filter(state__in=EngineJob.UNDER_WAY).first()
        if known is not None:
            return known
        job = EngineJob.objects.create(
            recording=recording, kind=kind, engine=setup.engine, model=setup.model,
            parameters=dict(setup.parameters), sends_to=setup.sends_to, language=language, to_language=to_language,
            asked=asked or {}, started_by=actor, started_at=timezone.now(),
        )  # fmt: skip
        if enqueue:
            transaction.on_commit(partial(run_engine.enqueue, job.pk))
    return job


def job_cancel(*, actor: User | None, job: EngineJob) -> None:
    """End it within seconds, keeping what it has made; at once where no worker is at it. Raises PermissionDenied."""
    authorise(actor)
    rows = EngineJob.objects.filter(pk=job.pk)
    now = timezone.now()
    rows.filter(state=EngineJob.State.QUEUED).update(state=EngineJob.State.CANCELLED, finished_at=now)
    running = rows.filter(state=EngineJob.State.RUNNING)
    running.update(cancel_asked=True)
    left = running.first()
    if left is not None and job_is_abandoned(left):
        running.filter(worker=left.worker).update(state=EngineJob.State.CANCELLED, finished_at=now)


def job_retry(*, actor: User | None, job: EngineJob, setup: Setup | None = None, enqueue: bool = True) -> EngineJob:
    """Go on with what failed or was cancelled, from what was kept; from the start when another engine is set now.

    Raises NothingToResume, PermissionDenied.
    """
    authorise(actor)
    with transaction.atomic():
        Recording.objects.select_for_update().get(pk=job.recording_id)
        job = EngineJob.objects.get(pk=job.pk)
        if job.state not in (EngineJob.State.FAILED, EngineJob.State.CANCELLED):
            raise NothingToResume(state=job.state)
        rows = EngineJob.objects.filter(recording=job.recording, kind=job.kind, to_language=job.to_language)
        known = rows.filter(state__in=EngineJob.UNDER_WAY).first()
        if known is not None:
            return known
        setup = setup or KINDS[job.kind].setup()
        if setup and not _is_set(job, setup):
            job.engine, job.model, job.parameters = setup.engine, setup.model, dict(setup.parameters)
            job.sends_to = setup.sends_to
            job.facts, job.done, job.total = {}, 0, 0
            job.pieces.all().delete()
        job.state, job.cancel_asked, job.finished_at = EngineJob.State.QUEUED, False, None
        job.problem_code, job.problem_fields, job.attempts = "", {}, 0
        job.save()
        if enqueue:
            transaction.on_commit(partial(run_engine.enqueue, job.pk))
    return job


def jobs_newest(recording: Recording, kind: str) -> list[EngineJob]:
    """The last job of a kind for each language that was asked for."""
    newest: dict[str, EngineJob] = {}
    for job in EngineJob.objects.filter(recording=recording, kind=kind).select_related("version", "started_by"):
        newest.setdefault(job.to_language, job)
    return list(newest.values())


def jobs_take_up() -> int:
    """Queue again what workers that are gone were doing; gives the number of jobs."""
    taken = 0
    for job in EngineJob.objects.filter(state=EngineJob.State.RUNNING):
        if not job_is_abandoned(job):
            continue
        rows = EngineJob.objects.filter(pk=job.pk, state=EngineJob.State.RUNNING, worker=job.worker)
        if rows.update(state=EngineJob.State.QUEUED):
            run_engine.enqueue(job.pk)
            taken += 1
    return taken


@task(queue_name=QUEUE)
def run_engine(job_id: int) -> None:
    """Have an engine do its work."""
    job_run(job_id)


def _is_set(job: EngineJob, setup: Setup) -> bool:
    had = (job.engine, job.model, job.parameters, job.sends_to)
    return had == (setup.engine, setup.model, dict(setup.parameters), setup.sends_to)
