"""What the front page lets a reader hear at once."""

from dataclasses import dataclass

from onrecord.archive.models import Recording
from onrecord.stories.checked import BORNE_OUT
from onrecord.stories.gate import bound_quotations
from onrecord.stories.reading import Card, QuotationView, cleared_stories, quotations_view

FITTING = range(30, 141)
OTHERS = 3


@dataclass(frozen=True)
class LeadMoment:
    """A quotation to be set large, a few more, their recording, and all that the story quotes from it."""

    quotation: QuotationView
    others: list[QuotationView]
    recording: Recording
    quotations: list[QuotationView]


def lead_moment(lead: Card) -> LeadMoment | None:
    """A quotation of the lead story to be played: a whole sentence of a fitting length, else the first."""
    story = cleared_stories().first()
    check = story.live_check if story and story.url == lead.url else None
    if story is None or check is None:
        return None
    borne_out = [quotation for quotation in bound_quotations(check) if quotation.verdict in BORNE_OUT]
    heard = [quotation for quotation in quotations_view(story, borne_out) if quotation.play_url]
    if not heard:
        return None
    fitting = [quotation for quotation in heard if _is_fit(quotation)]
    chosen = fitting[0] if fitting else heard[0]
    return LeadMoment(
        quotation=chosen,
        others=[q for q in fitting[1:] if q.recording_id == chosen.recording_id and q.text != chosen.text][:OTHERS],
        recording=Recording.objects.get(pk=chosen.recording_id),
        quotations=[quotation for quotation in heard if quotation.recording_id == chosen.recording_id],
    )


def _is_fit(quotation: QuotationView) -> bool:
    """A sentence that stands on its own, and is not the headline again."""
    text = quotation.text
    is_sentence = text[:1].isupper() and text.rstrip()[-1:] in ".?!…"
    return quotation.passage != "headline" and len(text) in FITTING and is_sentence
