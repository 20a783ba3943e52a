"""Where a comment's passage stands in the published story: found when it is shown, carried along when it changes."""

from collections.abc import Sequence

from onrecord.readers.following import report_place
from onrecord.readers.models import Comment
from onrecord.stories.models import StoryPage


def comment_place_set(comment: Comment) -> None:
    """Find the passage in the published revision; where it is gone, that is kept too. Does not save."""
    if not comment.exact or comment.place_revision == comment.story.live_revision_id:
        return
    story = comment.story
    found = report_place(comment, story, story.live_revision_id)
    comment.place_revision = story.live_revision_id
    comment.place_block = found.passage.id if found else ""
    comment.place_start = found.start if found else None
    comment.place_end = found.end if found else None


def comments_follow(story: StoryPage) -> Sequence[Comment]:
    """Carry the passages of a story's shown comments to the revision that is published now; gives the comments."""
    shown = Comment.objects.filter(story_id=story.pk, status=Comment.Status.APPROVED).exclude(exact="")
    rows = [row for row in shown if row.place_revision != story.live_revision_id]
    for row in rows:
        row.story = story
        comment_place_set(row)
    Comment.objects.bulk_update(rows, ["place_revision", "place_block", "place_start", "place_end"])
    return rows
