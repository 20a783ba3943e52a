"""`onrecord add` and `onrecord doctor`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.output import FINDINGS, console, steps
from onrecord.errors import OnrecordError


class BadDate(OnrecordError):
    code = "bad-date"
    message = "--published {given}: not a date. Write 2031-05-04, or 2031-05-04T18:30 in the newsroom's time zone."


class Unreadable(OnrecordError):
    code = "unreadable"
    message = "{path}: can't be read ({reason}). Check the name and the permissions."


def add(
    files: Annotated[list[Path], typer.Argument(help="Audio or video files, anything that FFmpeg reads.")],
    publisher: Annotated[str, typer.Option(help="Who put the file out.")],
    published: Annotated[str, typer.Option(help="When: 2031-05-04 or 2031-05-04T18:30.")],
    title: Annotated[str, typer.Option(help="What the recording is; not needed for a file that is known.")] = "",
    language: Annotated[str, typer.Option(help="Language spoken, for example en, uk, ru.")] = "",
    url: Annotated[str, typer.Option(help="Where the publisher put it out.")] = "",
    transcript: Annotated[Path | None, typer.Option(help="WebVTT, SRT, Whisper JSON or plain text.")] = None,
    translation: Annotated[Path | None, typer.Option(help="The same in another language.")] = None,
    translation_language: Annotated[
        str, typer.Option(help="Language of the translation. Default: the newsroom's.")
    ] = "",
    translator: Annotated[str, typer.Option(help="Who translated, as readers see it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was added as JSON.")] = False,
) -> None:
    """Take recordings in: keep the original, who published it and when, its transcript and translation."""
    archive, transcripts, fingerprints, reposts, timezone_settings = open_newsroom(
        "archive.services", "transcripts.services", "archive.fingerprints", "archive.reposts", "config.settings"
    )
    if (transcript or translation) and len(files) > 1:
        raise typer.BadParameter("--transcript and --translation go with one file at a time.")
    published_at = _date(published, timezone_settings.TIME_ZONE)
    texts = [
        (path, _read(path), where, by)
        for path, where, by in (
            (transcript, language, ""),
            (translation, translation_language or timezone_settings.NEWSROOM_LANGUAGE, translator),
        )
        if path is not None
    ]
    for text_path, data, _, _ in texts:
        transcripts.transcript_file_check(data, text_path.name)
    rows: list[dict[str, Any]] = []
    problems = 0
    with steps(len(files)) as step:
        for path in files:
            if not as_json:
                step(str(path))
            try:
                with _open(path) as stream:
                    added = archive.recording_add(
                        actor=None, stream=stream, filename=path.name, publisher=publisher, published_at=published_at,
                        title=title or (path.stem if len(files) > 1 else ""), language=language, url=url,
                    )  # fmt: skip
            except OnrecordError as error:
                problems += 1
                rows.append({"file": str(path), "error": error.code, "message": str(error)})
                continue
            warnings: list[str] = []
            for text_path, data, text_language, by in texts:
                try:
                    version = transcripts.transcript_import(
                        actor=None, recording=added.recording, data=data, filename=text_path.name,
                        language=text_language, made_by=by,
                    )  # fmt: skip
                except OnrecordError as error:  # the recording is on record all the same
                    problems += 1
                    warnings.append(f"{text_path}: not imported. {error}")
                else:
                    warnings += version.warnings
            recognised: list[str] = []
            if timezone_settings.RECOGNISE_REPOSTS:
                try:
                    fingerprints.recording_recognise(added.recording)
                except OnrecordError as error:  # the recording is on record all the same
                    warnings.append(str(error))
                recognised = [
                    sentence
                    for proposal in reposts.proposals(added.recording)
                    if proposal.dismissed_at is None
                    for sentence in reposts.proposal_sentences(proposal)
                ]
            rows.append(
                {
                    "file": str(path), "recording": str(added.recording.pk), "sha256": added.copy.sha256,
                    "known_recording": added.known_recording, "known_copy": added.known_copy, "warnings": warnings,
                    "recognised": recognised,
                }
            )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _say_added(rows)
    if problems:
        raise typer.Exit(2)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False) -> None:
    """Read every original again, walk every custody chain, and look for damage and for work that was left undone."""
    archive, work, index, fingerprints = open_newsroom(
        "archive.services", "core.work", "transcripts.index", "archive.fingerprints"
    )
    checks = [
        {"recording": str(c.recording.pk), "title": c.recording.title, "subject": c.subject,
         "result": str(c.result), "detail": c.detail}
        for c in archive.originals_verify()
    ]  # fmt: skip
    released = work.tasks_release_abandoned()
    failed = work.tasks_failed()
    leftovers = archive.leftovers_remove(older_than=datetime.now(UTC).timestamp() - 3600)
    unclaimed = archive.originals_unclaimed()
    words = index.index_mend()
    sounds = fingerprints.fingerprints_mend()
    damaged = [check for check in checks if check["result"] == "failed"]
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "checks": checks,
                    "unclaimed_files": unclaimed,
                    "index": {"recordings": words.recordings, "behind": words.behind, "damage": words.damage},
                    "fingerprints": asdict(sounds),
                    "leftovers_removed": leftovers,
                    "tasks_put_back": released,
                    "tasks_failed": failed,
                },
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for check in checks:
            colour = {"verified": "green", "failed": "bold red"}.get(check["result"], "yellow")
            detail = f": {check['detail']}" if check["detail"] else ""
            console.print(
                f"[{colour}]{check['result']:12}[/] {check['title']} · {check['subject']}{detail}", soft_wrap=True
            )
        for sha256 in unclaimed:
            console.print(f"{'unclaimed':12} {sha256[:12]}: stored, but no copy names it; harmless")
        for name, error in failed:
            console.print(f"{'task failed':12} {name}: {error}")
        if released:
            console.print(f"{released} task(s) of a worker that is gone were put back in the queue.")
        if words.damage:
            console.print(f"{'index':12} damaged ({words.damage}); it was built again", soft_wrap=True, markup=False)
        elif words.behind:
            console.print(f"{'index':12} {words.behind} recording(s) were missing or outdated; brought up to date")
        _say_fingerprints(sounds)
        counts = {
            result: sum(c["result"] == result for c in checks) for result in ("verified", "failed", "not checked")
        }
        console.print(", ".join(f"{number} {result}" for result, number in counts.items()))
    if damaged:
        raise typer.Exit(FINDINGS)


def _say_fingerprints(sounds: Any) -> None:
    told = []
    if sounds.damage:
        told.append(f"damaged ({sounds.damage}); it was built again")
    elif sounds.missing:
        told.append(f"{sounds.missing} file(s) were missing and have been listened to")
    if sounds.superfluous:
        told.append(f"{sounds.superfluous} file(s) that are no longer on record were taken out")
    if sounds.unreadable:
        told.append(f"{sounds.unreadable} file(s) cannot be recognised; their recordings' pages say why")
    for line in told:
        console.print(f"{'fingerprints':12} {line}", soft_wrap=True, markup=False)


def _say_added(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if "error" in row:
            console.print(f"[bold red]not added[/] {row['message']}", soft_wrap=True)
            continue
        what = "already on record, nothing to do" if row["known_copy"] else (
            "another copy of a recording that we have" if row["known_recording"] else "added"
        )  # fmt: skip
        console.print(f"[green]{what}[/] {row['file']} → recording {row['recording']}", soft_wrap=True)
        for sentence in row["recognised"]:
            console.print(f"  recognised: {sentence}", soft_wrap=True, markup=False)
        for warning in row["warnings"]:
            console.print(f"  note: {warning}", soft_wrap=True)


def _date(given: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise BadDate(given=given) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _open(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise Unreadable(path=str(path), reason=error.strerror) from error


def _read(path: Path) -> bytes:
    with _open(path) as stream:
        return bytes(stream.read())
