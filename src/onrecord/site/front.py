"""What the front page lets a reader hear at once."""

from dataclasses import dataclass

from onrecord.archive.models import Recording
from onrecord.stories.gate import BORNE_OUT, bound_quotations
from onrecord.stories.reading import Card, QuotationView, cleared_stories, quotations_view

FITTING = range(40, 161)


@dataclass(frozen=True)
class LeadMoment:
    """A quotation to be set large, the recording it is from, and what else the story quotes from there."""

    quotation: QuotationView
    recording: Recording
    quotations: list[QuotationView]


def lead_moment(lead: Card) -> LeadMoment | None:
    """A quotation of the lead story that can be played: one that is fit to be set large, else the first."""
    story = cleared_stories().first()
    check = story.live_check if story and story.url == lead.url else None
    if story is None or check is None:
        return None
    borne_out = [quotation for quotation in bound_quotations(check) if quotation.verdict in BORNE_OUT]
    heard = [quotation for quotation in quotations_view(story, borne_out) if quotation.play_url]
    if not heard:
        return None
    fitting = (quotation for quotation in heard if len(quotation.text) in FITTING and quotation.passage != "headline")
    chosen = next(fitting, heard[0])
    return LeadMoment(
        quotation=chosen,
        recording=Recording.objects.get(pk=chosen.recording_id),
        quotations=[quotation for quotation in heard if quotation.recording_id == chosen.recording_id],
    )
