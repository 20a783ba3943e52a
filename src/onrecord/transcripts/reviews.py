"""Who stands for the words of a segment: `{segment id: [state, by whom, when]}`, kept with each version.

States are `machine` (nobody has looked), `draft` (a person typed, nobody reviewed) and `reviewed`. A segment that is
not named is a draft. `by` and `when` (ISO 8601, UTC) are of the review and empty without one.
"""

from collections.abc import Sequence
from typing import Any

STATES = ("machine", "draft", "reviewed")
Review = list[str]
Reviews = dict[str, Review]
DRAFT: Review = ["draft", "", ""]


def machine_reviews(segments: Sequence[dict[str, Any]]) -> Reviews:
    """Every segment with words marked as a machine's."""
    return {segment["id"]: ["machine", "", ""] for segment in segments if segment["words"]}


def reviews_carried(before: Sequence[dict[str, Any]], reviews: Reviews, after: Sequence[dict[str, Any]]) -> Reviews:
    """The reviews that still hold: those of segments that read as they did."""
    if not reviews:
        return {}
    read = {segment["id"]: _reading(segment) for segment in before}
    return {
        segment["id"]: reviews[segment["id"]]
        for segment in after
        if segment["id"] in reviews and read.get(segment["id"]) == _reading(segment)
    }


def _reading(segment: dict[str, Any]) -> list[str]:
    return [word[1] for word in segment["words"]]
