"""Which way a language is written."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=256)
def direction(tag: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute; `auto` for a tag that is not known."""
    try:
        return Locale.parse(tag, sep="-").text_direction
    except (UnknownLocaleError, ValueError, TypeError):
        return "auto"
