"""How the desk writes times."""

from django import template

from onrecord.archive.desk import clock as as_clock

register = template.Library()


@register.filter
def clock(ms: int | None) -> str:
    """Milliseconds as 1:02 or 1:02:03."""
    return as_clock(ms)


@register.filter
def precise_clock(ms: int | None) -> str:
    """Milliseconds as 1:02.345."""
    return as_clock(ms, precise=True)


@register.filter
def seconds(ms: int | None) -> str:
    """Milliseconds as seconds for a media fragment."""
    return f"{(ms or 0) / 1000:.3f}"
