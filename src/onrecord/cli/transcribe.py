"""`onrecord transcribe`: what a machine hears in a recording becomes a version, here and now."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.output import console, errors
from onrecord.errors import OnrecordError

_TOLD_EVERY_PERCENT = 10


class UnderWay(OnrecordError):
    code = "job-under-way"
    message = "A worker is at this already ({percent} % done). Wait for it, or cancel it on the recording's page."


def transcribe(
    recording: Annotated[str, typer.Argument(help="Id of the recording, or how it begins.")],
    model: Annotated[
        str, typer.Option(help="Folder of a faster-whisper model, or a name to be downloaded. Default: WHISPER_MODEL.")
    ] = "",
    language: Annotated[
        str, typer.Option(help="Language spoken: en, uk, ru…, or `detect`. Default: what the recording is filed as.")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Make the result the newest version even over words by people.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
) -> None:
    """Write down what is said in a recording. Ctrl-C stops it; the next run goes on where it was."""
    newsroom, transcribing, running, models, faults = open_newsroom(
        "cli.checking.newsroom", "transcripts.transcribing", "transcripts.engines.running", "transcripts.models",
        "transcripts.engines.errors",
    )  # fmt: skip
    found = newsroom.recording_named(recording)
    job = transcribing.transcription_resumed_or_started(
        recording=found, language=language, replace=replace, model=model
    )
    try:
        with bar("Listening", "listened to") as tell:
            done = running.job_run(job.pk, tell=tell)
    except KeyboardInterrupt:
        errors.print("Cancelled. What was heard is kept: run the same command to go on.")
        raise
    if done is None:
        raise UnderWay(percent=models.EngineJob.objects.get(pk=job.pk).percent)
    if done.state == models.EngineJob.State.CANCELLED:
        errors.print("Cancelled at the desk. What was heard is kept: run the same command to go on.")
        raise typer.Exit(1)
    if done.state == models.EngineJob.State.FAILED:
        raise faults.error_of(done.problem_code, done.problem_fields)
    summary = _summary(done)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        _say(summary)


def _summary(job: Any) -> dict[str, Any]:
    version = job.version
    newest = version.transcript.versions.order_by("-number").first() if version else None
    return {
        "recording": str(job.recording_id),
        "engine": job.engine,
        "model": job.model,
        "language": job.facts.get("language", job.language),
        "version": version.number if version else None,
        "newest_version": newest.number if newest else None,
        "segments": len(version.segments) if version else 0,
        "words": sum(len(segment["words"]) for segment in version.segments) if version else 0,
        "warnings": version.warnings if version else [],
    }


def _say(summary: dict[str, Any]) -> None:
    if summary["version"] is None:
        console.print("No speech was found in this recording; no version was made.")
        return
    console.print(
        f"Version {summary['version']}: {summary['words']} words in {summary['segments']} segments, a machine's draft."
    )
    if summary["newest_version"] != summary["version"]:
        console.print(
            f"Words by people stay the newest, as version {summary['newest_version']}; --replace takes their place.",
            soft_wrap=True,
        )
    for warning in summary["warnings"]:
        console.print(f"  note: {warning}", soft_wrap=True, markup=False)


@contextmanager
def bar(doing: str, done: str) -> Iterator[Callable[[Any], None]]:
    """Tells how far a job is: a bar on a terminal, a line every ten per cent elsewhere, all on standard error."""
    if not sys.stderr.isatty():
        told = -1

        def line(job: Any) -> None:
            nonlocal told
            step = job.percent // _TOLD_EVERY_PERCENT
            if job.total and step > told:
                told = step
                errors.print(f"{job.percent} % {done}")

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors) as progress:
        task = progress.add_task("Loading the model", total=None)

        def advance(job: Any) -> None:
            if job.total:
                progress.update(task, description=doing, total=job.total, completed=job.done)

        yield advance
