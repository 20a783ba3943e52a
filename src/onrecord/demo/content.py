"""Fills an empty newsroom with the demo, through the same services that people use."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from onrecord.archive.filing import recording_file
from onrecord.archive.models import Recording
from onrecord.archive.reposts import proposals
from onrecord.archive.services import recording_add
from onrecord.core.models import User
from onrecord.core.people import person_create
from onrecord.demo import stories as invented
from onrecord.demo.recordings import build_recordings
from onrecord.demo.stories import DemoStory
from onrecord.readers.models import Comment, CorrectionCase, CorrectionNote, CorrectionReport, Kind
from onrecord.readers.passages import Selected
from onrecord.readers.senders import Sender
from onrecord.readers.services import (
    comment_add,
    comment_answer,
    comment_approve,
    correction_accept,
    correction_report_add,
)
from onrecord.readers.services.intake import Envelope
from onrecord.stories.models import (
    AuthorIndexPage,
    AuthorPage,
    HomePage,
    SeriesIndexPage,
    SeriesPage,
    StoryEdition,
    StoryIndexPage,
    StoryPage,
    StoryRecording,
    StoryStatement,
    TopicIndexPage,
    TopicPage,
)
from onrecord.stories.passages import story_passages
from onrecord.transcripts.services import transcript_import

TRANSLATOR = "Lesia Horan"


def build_archive(folder: Path, *, people: dict[str, tuple[str, str]]) -> None:
    """Accounts, and the recordings with transcripts and translations, taken in by the reporter."""
    reporter = person_create(
        login=people["reporter"][0], password=people["reporter"][1], role="Reporter", name="Ilma Torvek"
    )
    person_create(login=people["editor"][0], password=people["editor"][1], role="Editor", name="Vera Kostrel")
    by_key: dict[str, Recording] = {}
    for row in build_recordings(folder, lambda what: None):
        with row.audio_path.open("rb") as stream:
            by_key[row.key] = recording_add(
                actor=reporter, stream=stream, filename=row.audio_path.name, publisher=row.publisher,
                published_at=datetime.fromisoformat(row.published), title=row.title, language=row.language, url=row.url,
                description=row.note,
            ).recording  # fmt: skip
        for path, language in ((row.transcript_path, row.language), (row.translation_path, "en")):
            if path is not None:
                transcript_import(
                    actor=reporter, recording=by_key[row.key], data=path.read_bytes(), filename=path.name,
                    language=language, made_by=TRANSLATOR if language != row.language else "",
                )  # fmt: skip


def file_repost() -> None:
    """Of the two reposts that the worker has recognised by itself one is filed; the other waits at the desk."""
    editor = User.objects.get(groups__name="Editor")
    repost = Recording.objects.get(copies__filename="call-ru-repost.mp3")
    for found in proposals(repost):
        recording_file(actor=editor, recording_id=repost.pk, under_id=found.other.pk)


def build_stories() -> None:
    """Series, topics, stories, a correction, comments, and the draft that the gate refuses."""
    editor = User.objects.get(groups__name="Editor")
    file_repost()
    home = HomePage.objects.get()
    home.standfirst = "Every quote plays its moment. Every claim names its source. Every correction shows."
    home.save_revision().publish()
    series = SeriesPage(title=invented.SERIES[0], description=invented.SERIES[1])
    SeriesIndexPage.objects.get().add_child(instance=series)
    series.save_revision().publish()
    topics = {}
    for title, description in invented.TOPICS.items():
        topics[title] = TopicPage(title=title, description=description)
        TopicIndexPage.objects.get().add_child(instance=topics[title])
        topics[title].save_revision().publish()
    authors = {}
    for name, (role, description) in invented.AUTHORS.items():
        authors[name] = AuthorPage(title=name, role=role, description=description)
        AuthorIndexPage.objects.get().add_child(instance=authors[name])
        authors[name].save_revision().publish()
    recordings = {
        recording.copies.order_by("pk")[0].filename.partition(".")[0]: recording
        for recording in Recording.objects.standing()
    }
    pages = {story.slug: _story_add(story, series, topics, authors, recordings, editor) for story in invented.STORIES}
    _correct(pages[invented.TURNED_BACK.slug], editor)
    _comment(pages[invented.TURNED_BACK.slug], editor)
    for story in invented.STORIES:
        if not story.is_draft:
            _date(pages[story.slug], story)


def _story_add(
    story: DemoStory,
    series: SeriesPage,
    topics: dict[str, TopicPage],
    authors: dict[str, AuthorPage],
    recordings: dict[str, Recording],
    editor: User,
) -> StoryPage:
    page = StoryPage(
        title=story.headline, slug=story.slug, standfirst=story.standfirst, byline=story.byline,
        dateline_place=story.place, dateline_date=story.published.date(), series=series if story.in_series else None,
        live=False, owner=editor,
    )  # fmt: skip
    page.body = StoryPage.body.field.to_python(
        [
            {
                "id": str(uuid5(NAMESPACE_URL, f"{story.slug}/{number}")),
                "type": kind,
                "value": _value(kind, value, recordings),
            }
            for number, (kind, value) in enumerate(story.body)
        ]
    )
    page.story_recordings = [
        StoryRecording(recording=recordings[key], sort_order=number) for number, key in enumerate(story.recordings)
    ]
    page.statements = [
        StoryStatement(
            kind=row.kind, source=row.source, source_is_unnamed=row.source_is_unnamed, text=row.text,
            received_on=date.fromisoformat(row.received_on), language="en", sort_order=number,
        )
        for number, row in enumerate(story.statements)
    ]  # fmt: skip
    StoryIndexPage.objects.get().add_child(instance=page)
    page.topics.set([topics[name] for name in story.topics])
    page.authors.set([author for name, author in authors.items() if name in story.byline])
    revision = page.save_revision(user=editor, log_action=True)
    if not story.is_draft:
        revision.publish(user=editor)
    return StoryPage.objects.get(pk=page.pk)


def _value(kind: str, value: Any, recordings: dict[str, Recording]) -> Any:
    match kind:
        case "exchange":
            key, lines = value
            rows = [
                {"id": str(uuid5(NAMESPACE_URL, text)), "type": "item", "value": {"speaker": speaker, "text": text}}
                for speaker, text in lines
            ]
            return {"recording": str(recordings[key].pk), "lines": rows}
        case "recording":
            return {"recording": str(recordings[value[0]].pk), "caption": value[1]}
        case "pull_quote":
            return {"text": value[0], "speaker": value[1]}
    return value


def _correct(page: StoryPage, editor: User) -> None:
    """One suggestion accepted and published with its note, one left open."""
    for words, suggestion in (
        (invented.CORRECTION.old_words, invented.CORRECTION.suggestion),
        invented.OPEN_SUGGESTION,
    ):
        passage = next(passage for passage in story_passages(page) if words in passage.text)
        start = passage.text.index(words)
        end = start + len(words)
        correction_report_add(
            story=page, suggestion=suggestion, kind=Kind.FACT, revision_read=page.live_revision_id,
            envelope=_envelope(),
            selected=Selected(
                passage.id, words, passage.text[max(0, start - 32) : start], passage.text[end : end + 32], start, end
            ),
        )  # fmt: skip
    correction_accept(
        actor=editor, case=CorrectionReport.objects.get(exact=invented.CORRECTION.old_words).case,
        weight=CorrectionCase.Weight.SUBSTANCE, old_words=invented.CORRECTION.old_words,
        new_words=invented.CORRECTION.new_words, reason=invented.CORRECTION.reason,
    )  # fmt: skip
    StoryPage.objects.get(pk=page.pk).get_latest_revision().publish(user=editor)
    CorrectionNote.objects.filter(story=page).update(published_at=invented.CORRECTION.published)


def _comment(page: StoryPage, editor: User) -> None:
    """Comments, one of them on words of the story, one answered by the newsroom, one that still waits."""
    on_name, words, on_text = invented.COMMENT_ON_WORDS
    written = [(name, text, "") for name, text in invented.COMMENTS]
    written += [(on_name, on_text, words), (*invented.HELD_COMMENT, "")]
    for number, (name, text, exact) in enumerate(written):
        selected = Selected(exact=exact)
        comment = comment_add(story=page, name=name, text=text, selected=selected, envelope=_envelope())
        sent = invented.CORRECTION.published.replace(hour=9 + number)
        Comment.objects.filter(pk=comment.pk).update(created_at=sent)
        if (name, text) != invented.HELD_COMMENT:
            comment_approve(actor=editor, comment=comment)
    answered = Comment.objects.get(name=invented.COMMENTS[-1][0])
    answer = comment_answer(actor=editor, comment=answered, text=invented.NEWSROOM_ANSWER)
    Comment.objects.filter(pk=answer.pk).update(created_at=invented.CORRECTION.published.replace(hour=14))


def _date(page: StoryPage, story: DemoStory) -> None:
    """Put the story at its place in the invented time."""
    corrected = CorrectionNote.objects.filter(story=page).exists()
    StoryPage.objects.filter(pk=page.pk).update(
        first_published_at=story.published,
        last_published_at=invented.CORRECTION.published if corrected else story.published,
    )
    for number, edition in enumerate(StoryEdition.objects.filter(page=page)):
        edition.published_at = invented.CORRECTION.published if number else story.published
        edition.save(update_fields=["published_at"])


def _envelope() -> Envelope:
    now = timezone.now()
    return Envelope(sender=Sender.of("192.0.2.1", now), received_at=now)
