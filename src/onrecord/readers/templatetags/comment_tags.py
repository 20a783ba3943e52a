"""Comments on passages, where the passages stand."""

from collections.abc import Sequence

from django import template

from onrecord.readers.reading.comments import PassageMark

register = template.Library()


@register.filter
def of_block(marks: Sequence[PassageMark] | None, block_id: str) -> list[PassageMark]:
    """The marks whose words a block of the story has."""
    return [mark for mark in marks or () if mark.belongs_to == block_id]
