"""How fast the whole site is baked, how much memory it takes, and how few pages a change touches.

Run: python benchmarks/baking.py [STORIES …]   (default: 1000 10000)

For each number of stories a newsroom is made by copying rows (8 quotations a story, a recording for ten stories, 20
series, 40 topics), and everything that readers may visit is baked, compressed variants included. Beside it the limit:
a plain Django template that prints the same bytes, loaded by primary key, one query a page, and written uncompressed.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

QUOTATIONS, STORIES_A_RECORDING, SERIES, TOPICS, TEMPLATE_PAGES = 8, 10, 20, 40, 300
LINES = [f"We carried {n} lamps over the lower bridge before anyone came to the school" for n in range(60)]


def main() -> int:
    sizes = [int(argument) for argument in sys.argv[1:]] or [1000, 10_000]
    if len(sizes) > 1:  # a process each: memory is that of the process
        for size in sizes:
            subprocess.run([sys.executable, __file__, str(size)], check=True)
        return 0
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        os.environ |= {
            "ONRECORD_DIR": folder,
            "SECRET_KEY": "benchmark",
            "DJANGO_SETTINGS_MODULE": "onrecord.config.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        newsroom_fill(sizes[0])
        _measure(sizes[0], Path(folder))
    return 0


def newsroom_fill(stories: int) -> None:
    """A newsroom with so many published stories, made of one that went through the gate."""
    import io
    import wave
    from datetime import UTC, datetime

    from onrecord.archive.services import recording_add, web_copy_make
    from onrecord.stories.models import (
        SeriesIndexPage,
        SeriesPage,
        StoryIndexPage,
        StoryPage,
        StoryRecording,
        TopicIndexPage,
        TopicPage,
    )
    from onrecord.stories.newsroom import newsroom_create
    from onrecord.transcripts.services import transcript_import

    newsroom_create()
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * 60))
    sound.seek(0)
    recording = recording_add(
        actor=None, stream=sound, filename="call.wav", publisher="Wire", published_at=datetime(2024, 5, 4, tzinfo=UTC),
        title="A call", language="en",
    ).recording  # fmt: skip
    web_copy_make(str(recording.pk))
    cues = "\n\n".join(f"00:{n:02}.000 --> 00:{n:02}.900\n<v A woman>{line}" for n, line in enumerate(LINES))
    transcript_import(actor=None, recording=recording, data=f"WEBVTT\n\n{cues}\n".encode(), filename="call.vtt")
    series = [SeriesIndexPage.objects.get().add_child(instance=SeriesPage(title=f"Series {n}")) for n in range(SERIES)]
    topics = [TopicIndexPage.objects.get().add_child(instance=TopicPage(title=f"Topic {n}")) for n in range(TOPICS)]
    page = StoryPage(title="Lamps over the bridge", standfirst="What a caller said of the night.", live=False)
    page.body = StoryPage.body.field.to_python(
        [
            {
                "type": "paragraph",
                "value": f"<p>{'It rained for three days in the valley. ' * 6}She said: “{line}.”</p>",
            }
            for line in LINES[::7][:QUOTATIONS]
        ]
    )
    page.story_recordings = [StoryRecording(recording=recording, sort_order=0)]
    StoryIndexPage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    _copy(StoryPage.objects.get(pk=page.pk), recording, stories, series, topics)


def _copy(page: Any, recording: Any, stories: int, series: list[Any], topics: list[Any]) -> None:
    """Copies of the story's rows, and of its recording's for every tenth."""
    import uuid
    from datetime import timedelta

    from django.db import connection, transaction
    from wagtail.models import Page

    from onrecord.archive.models import Recording
    from onrecord.stories.models import StoryIndexPage, StoryPage

    def columns(table: str) -> list[str]:
        with connection.cursor() as cursor:
            return [column.name for column in connection.introspection.get_table_description(cursor, table)]

    def again(table: str, where: str, changed: dict[str, Any]) -> int:
        names = [name for name in columns(table) if name != "id" or "id" in changed]
        values = [changed[name] for name in names if name in changed]
        chosen = ", ".join("%s" if name in changed else f'"{name}"' for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({quoted}) SELECT {chosen} FROM {table} WHERE {where}", values)
            return int(cursor.lastrowid or 0)

    index = StoryIndexPage.objects.get()
    now = page.first_published_at
    recordings: list[Any] = []
    with transaction.atomic():
        for number in range(stories):
            if number % STORIES_A_RECORDING == 0:
                row = Recording.objects.get(pk=recording.pk)
                row.pk, row.title = uuid.uuid4(), f"Call {number}"
                row._state.adding = True
                row.save()
                key, old = row.pk.hex, recording.pk.hex
                again("archive_copy", f"recording_id = '{old}'", {"recording_id": key, "sha256": key * 2})
                again("transcripts_transcript", f"recording_id = '{old}'", {"recording_id": key})
                transcript = row.transcripts.get()
                first = recording.transcripts.get()
                version = again(
                    "transcripts_transcriptversion", f"transcript_id = {first.pk}", {"transcript_id": transcript.pk}
                )
                recordings.append((key, version))
            key, version = recordings[-1]
            moment = now - timedelta(minutes=number + 1)
            base = Page.objects.get(pk=page.pk)
            copied = Page(
                path=index.path + Page._int2str(number + 2).rjust(Page.steplen, "0"), depth=page.depth, numchild=0,
                title=f"{page.title} {number}", draft_title=page.title, slug=f"story-{number}",
                url_path=f"{index.url_path}story-{number}/", content_type_id=base.content_type_id, live=True,
                locale_id=base.locale_id, translation_key=uuid.uuid4(), first_published_at=moment,
                last_published_at=moment, has_unpublished_changes=False,
            )  # fmt: skip
            Page.objects.bulk_create([copied])
            pk = Page.objects.values_list("pk", flat=True).get(slug=f"story-{number}", depth=page.depth)
            revision = again("wagtailcore_revision", f"id = {page.live_revision_id}", {"object_id": str(pk)})
            Page.objects.filter(pk=pk).update(live_revision=revision, latest_revision=revision)
            again(
                "stories_storypage", f"page_ptr_id = {page.pk}",
                {"page_ptr_id": pk, "series_id": series[number % SERIES].pk if number % 3 == 0 else None},
            )  # fmt: skip
            again("stories_storyrecording", f"page_id = {page.pk}", {"page_id": pk, "recording_id": key})
            check = again("stories_storycheck", f"page_id = {page.pk}", {"page_id": pk, "revision_id": revision})
            again(
                "stories_quotationbinding", f"check_run_id = {page.live_check.pk}",
                {"check_run_id": check, "recording_id": key, "transcript_version_id": version},
            )  # fmt: skip
            story = StoryPage.topics.through
            story.objects.bulk_create(
                story(storypage_id=pk, topicpage_id=topics[(number + step) % TOPICS].pk) for step in (0, 7)
            )
        index.numchild = stories + 1
        index.save(update_fields=["numchild"])


def _measure(stories: int, folder: Path) -> None:
    from django.db import connection
    from django.template import engines

    from onrecord.publishing.bake import bake_all, bake_due
    from onrecord.publishing.changes import story_touch
    from onrecord.publishing.models import BakedPage
    from onrecord.stories.models import StoryPage

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(islice(sorted(os.sched_getaffinity(0)), 2)))
    before = _memory()
    started, cpu = time.perf_counter(), _cpu()
    done = bake_all()
    seconds, spent = time.perf_counter() - started, _cpu() - cpu
    pages = BakedPage.objects.count()
    print(f"{stories:,} stories, {pages:,} addresses, {done.written:,} files with their variants, two cores")
    print(f"  baked             {pages / seconds:8,.0f} pages/s   {seconds:.1f} s, {spent:.1f} s of processor time")
    print(f"  memory            {_memory():8,.0f} MB at most, {before:.0f} MB before, each process")

    started = time.perf_counter()
    again = bake_all()
    print(f"  once more         {pages / (time.perf_counter() - started):8,.0f} pages/s   {again.written} written")

    story = StoryPage.objects.cleared().get(slug=f"story-{stories // 2}")
    StoryPage.objects.filter(pk=story.pk).update(byline="Another byline")
    connection.queries_log.clear()
    started = time.perf_counter()
    touched = story_touch(story.pk)
    bake_due()
    print(f"  another byline    {len(touched):8,} addresses touched, baked in {time.perf_counter() - started:.2f} s")

    text = (folder / "public" / "stories" / story.slug / "index.html").read_text()
    plain = engines["django"].from_string(re.sub(r"[{][{%#]", "", text) + "{{ page.title }}")
    target = folder / "limit.html"
    keys = list(StoryPage.objects.cleared().values_list("pk", flat=True)[:TEMPLATE_PAGES])
    started = time.perf_counter()
    for pk in keys:
        target.write_text(plain.render({"page": StoryPage.objects.get(pk=pk)}))
    rate = len(keys) / (time.perf_counter() - started)
    print(f"  limit, one core   {rate:8,.0f} pages/s   the same bytes from a plain template")


def _memory() -> float:
    """Most memory of this process or one that it started, in MB."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))


if __name__ == "__main__":
    sys.exit(main())
