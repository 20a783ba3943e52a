"""`onrecord translate`: a machine translates what has no translation yet, here and now, into the desk's draft."""

import json
from typing import Annotated, Any

import typer

from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.output import console, errors
from onrecord.cli.transcribe import UnderWay, bar


def translate(
    recording: Annotated[str, typer.Argument(help="Id of the recording, or how it begins.")],
    to: Annotated[str, typer.Option("--to", help="Language to translate into: en, uk, ru…")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
) -> None:
    """Translate the segments that have no translation yet. Ctrl-C stops it; the next run does the rest."""
    newsroom, translating, running, models, faults = open_newsroom(
        "cli.checking.newsroom", "transcripts.translating", "transcripts.engines.running", "transcripts.models",
        "transcripts.engines.errors",
    )  # fmt: skip
    found = newsroom.recording_named(recording)
    job = translating.translation_start(actor=None, recording=found, to_language=to, enqueue=False)
    where = f"The words go to {job.sends_to}" if job.sends_to else "Nothing is sent anywhere"
    errors.print(f"{where} ({job.engine}); masked words go as their masks.", soft_wrap=True, markup=False)
    try:
        with bar("Translating", "translated") as tell:
            done = running.job_run(job.pk, tell=tell)
    except KeyboardInterrupt:
        errors.print("Cancelled. What was translated is in the draft: run the same command for the rest.")
        raise
    if done is None:
        raise UnderWay(percent=models.EngineJob.objects.get(pk=job.pk).percent)
    if done.state == models.EngineJob.State.CANCELLED:
        errors.print("Cancelled at the desk. What was translated is in the draft: run the same command for the rest.")
        raise typer.Exit(1)
    if done.state == models.EngineJob.State.FAILED:
        raise faults.error_of(done.problem_code, done.problem_fields)
    summary = _summary(done)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))
        return
    told = f"{summary['segments'] - summary['left_out']} of {summary['segments']} segments into {summary['to']}"
    console.print(f"{told}, a machine's draft: no quotation passes on it before a person has reviewed the segment.")


def _summary(job: Any) -> dict[str, Any]:
    return {
        "recording": str(job.recording_id),
        "engine": job.engine,
        "model": job.model,
        "sends_to": job.sends_to,
        "from": job.language,
        "to": job.to_language,
        "segments": len(job.asked["segments"]),
        "left_out": job.facts.get("left_out", 0),
    }
