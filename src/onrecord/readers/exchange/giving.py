"""Comments given out: JSON for programs, WXR for other systems. Networks, reports and reasons stay here."""

import json
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any, TextIO
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import QuerySet

from onrecord.readers.cleaning import comment_html
from onrecord.readers.models import Comment

Status = Comment.Status
WXR = "http://wordpress.org/export/1.2/"
_APPROVED = {Status.APPROVED: "1", Status.HELD: "0", Status.SPAM: "spam"}


def comments_export(path: Path, format: str) -> int:
    """Write every comment that has words to a file, `json` or `wxr`; gives their number. Raises OSError."""
    rows = Comment.objects.exclude(status=Status.WITHDRAWN).select_related("story")
    rows = rows.order_by("story_id", "created_at", "pk")
    with path.open("w", encoding="utf-8") as target:
        return (_json if format == "json" else _wxr)(target, rows)


def _json(target: TextIO, rows: "QuerySet[Comment]") -> int:
    count = 0
    target.write("[")
    for row in rows.iterator(chunk_size=1000):
        target.write(",\n" if count else "\n")
        json.dump(_fields(row), target, ensure_ascii=False)
        count += 1
    target.write("\n]\n")
    return count


def _fields(row: Comment) -> dict[str, Any]:
    return {
        "id": row.pk, "story": f"{settings.SITE_URL}{row.story.url}", "parent": row.parent_id, "name": row.name,
        "text": row.text, "created_at": row.created_at.isoformat(), "status": row.status,
        "from_newsroom": row.from_newsroom, "passage": row.exact or None,
        "source": [row.source, row.source_id] if row.source else None,
    }  # fmt: skip


def _wxr(target: TextIO, rows: "QuerySet[Comment]") -> int:
    target.write(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:wp="{WXR}"><channel>\n'
        f"<title>{escape(settings.NEWSROOM_NAME)}</title><link>{escape(settings.SITE_URL)}</link>\n"
        f"<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>{escape(settings.SITE_URL)}</wp:base_site_url>\n"
    )
    count, story_id = 0, None
    for row in rows.iterator(chunk_size=1000):
        if row.status not in _APPROVED:
            continue
        if row.story_id != story_id:
            target.write("</item>\n" if story_id else "")
            target.write("".join(_item(row)))
            story_id = row.story_id
        target.write("".join(_comment(row)))
        count += 1
    target.write("</item>\n" if story_id else "")
    target.write("</channel></rss>\n")
    return count


def _item(row: Comment) -> Iterator[str]:
    story = row.story
    yield f"<item><title>{escape(story.title)}</title><link>{escape(f'{settings.SITE_URL}{story.url}')}</link>\n"
    yield f"<wp:post_id>{story.pk}</wp:post_id><wp:post_name>{escape(story.slug)}</wp:post_name>\n"
    yield "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\n"


def _comment(row: Comment) -> Iterator[str]:
    when = row.created_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    approved = _APPROVED[Status(row.status)]
    yield f"<wp:comment><wp:comment_id>{row.pk}</wp:comment_id>"
    yield f"<wp:comment_author>{escape(row.name)}</wp:comment_author><wp:comment_date_gmt>{when}</wp:comment_date_gmt>"
    yield f"<wp:comment_content>{escape(comment_html(row.text))}</wp:comment_content>"
    yield f"<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>comment</wp:comment_type>"
    yield f"<wp:comment_parent>{row.parent_id or 0}</wp:comment_parent></wp:comment>\n"
