"""Who stands for the words of a segment: `{segment id: [state, by whom, when]}`, kept with each version.

States are `machine` (nobody has looked), `draft` (a person typed, nobody reviewed) and `reviewed`. A segment that is
not named is a draft. `by` and `when` (ISO 8601, UTC) are of the review; of a machine's text they are the engine and
when it was made, where that is known; else empty.

A word of a machine's translation has an id that begins with `mt-`, so that words which nobody retyped are known as the
machine's after a person changed others in the segment, split it or joined it.
"""

from collections.abc import Sequence
from typing import Any

STATES = ("machine", "draft", "reviewed")
Review = list[str]
Reviews = dict[str, Review]
DRAFT: Review = ["draft", "", ""]
MACHINE_WORD = "mt-"


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


def is_unreviewed_machine(segment: dict[str, Any], reviews: Reviews) -> bool:
    """True if the segment has words of a machine that no person has reviewed."""
    state = reviews.get(segment["id"], DRAFT)[0]
    if state == "machine":
        return bool(segment["words"])
    return state != "reviewed" and any(word[0].startswith(MACHINE_WORD) for word in segment["words"])


def unreviewed_between(segments: Sequence[dict[str, Any]], reviews: Reviews, first: str, last: str) -> bool:
    """True if one of the segments from `first` to `last` has words of a machine that no person has reviewed."""
    ids = [segment["id"] for segment in segments]
    if first not in ids or last not in ids:
        return False
    return any(is_unreviewed_machine(one, reviews) for one in segments[ids.index(first) : ids.index(last) + 1])


def _reading(segment: dict[str, Any]) -> list[str]:
    return [word[1] for word in segment["words"]]
