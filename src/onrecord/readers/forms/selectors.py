"""The passage that a message is about, as the script found it in the page."""

import re

from django import forms

from onrecord.readers.forms.fields import QuotedField, ScriptField
from onrecord.readers.models import MAX_BLOCK_ID, MAX_CONTEXT
from onrecord.readers.passages import Selected

MAX_OFFSET = 10_000_000
_BLOCK_ID = re.compile(rf"[\w/-]{{1,{MAX_BLOCK_ID}}}", re.ASCII)


class SelectorFields(forms.Form):
    """W3C selectors beside `exact`, which the form that inherits this has: people may see and write it."""

    revision = ScriptField()
    block_id = ScriptField()
    prefix = QuotedField(widget=forms.HiddenInput)  # type: ignore[assignment]  # not a form's prefix
    suffix = QuotedField(widget=forms.HiddenInput)
    start = ScriptField()
    end = ScriptField()

    def clean_prefix(self) -> str:
        return str(self.cleaned_data["prefix"])[-MAX_CONTEXT:]

    def clean_suffix(self) -> str:
        return str(self.cleaned_data["suffix"])[:MAX_CONTEXT]

    def clean_revision(self) -> int | None:
        return number(self.cleaned_data["revision"], 2**62)

    def clean_block_id(self) -> str:
        given: str = self.cleaned_data["block_id"].removeprefix("block-")
        return given if _BLOCK_ID.fullmatch(given) else ""

    def clean_start(self) -> int | None:
        return number(self.cleaned_data["start"], MAX_OFFSET)

    def clean_end(self) -> int | None:
        return number(self.cleaned_data["end"], MAX_OFFSET)

    def selected(self) -> Selected:
        data = self.cleaned_data
        start, end = data["start"], data["end"]
        if start is None or end is None or end <= start:
            start = end = None
        return Selected(data["block_id"], data["exact"], data["prefix"], data["suffix"], start, end)


def number(text: str, limit: int) -> int | None:
    """A number that a script wrote, up to a limit; None for anything else."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= limit:
        return int(text)
    return None
