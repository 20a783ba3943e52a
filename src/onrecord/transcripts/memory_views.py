"""What the transcript desk asks of the translation memory."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils.formats import date_format

from onrecord.text.masks import public_text
from onrecord.text.transcripts import Word
from onrecord.transcripts.api import BadRequest, DeskApi
from onrecord.transcripts.memory import Offer, memory_offers

MOST_WORDS = 2000


class MemoryView(DeskApi):
    """Translations from before, for one segment as it stands on somebody's screen."""

    def post(self, request: HttpRequest, recording_id: UUID) -> JsonResponse:
        body = self.body()
        words, language, segment = body.get("words"), body.get("language"), body.get("segment")
        if not isinstance(words, list) or len(words) > MOST_WORDS or not all(map(_is_word, words)):
            raise BadRequest(reason="words is not a list of words with their masks")
        if not isinstance(language, str) or not isinstance(segment, str):
            raise BadRequest(reason="language or segment is missing")
        source = public_text([Word("", text, None, None, mask=mask, reads=reads) for text, mask, reads in words])
        offers = memory_offers(
            source, from_language=self.recording.language, to_language=language, recording=self.recording,
            segment_id=segment,
        )  # fmt: skip
        return JsonResponse({"offers": [_shown(offer) for offer in offers]})


def _is_word(word: Any) -> bool:
    return (
        isinstance(word, list)
        and len(word) == 3
        and isinstance(word[0], str)
        and (word[1] is None or isinstance(word[1], str))
        and isinstance(word[2], str)
    )


def _shown(offer: Offer) -> dict[str, Any]:
    unit = offer.unit
    return {
        "words": unit.target,
        "percent": int(100 * offer.likeness),
        "reviewed": unit.is_reviewed,
        "by": unit.by,
        "date": date_format(unit.at, "j E Y"),
        "recording": unit.transcript.recording.title,
        "changes": [[piece.op, piece.text] for piece in offer.changes],
    }
