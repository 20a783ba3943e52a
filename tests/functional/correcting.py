"""What the tests of corrections share: a story, a suggestion on it, and what an editor sends from the desk."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from onrecord.readers.models import CorrectionCase, CorrectionReport
from onrecord.stories.models import StoryPage

QUEUE = "/desk/corrections/"
TEXT = "The bus left on Monday, not before. On <b>Monday</b> the bridge fell."
OF_CASE = {"origin", "status", "kind", "assignee", "proposed", "gathered"}


def report(story: StoryPage | None, case: CorrectionCase | None = None, **fields: Any) -> CorrectionReport:
    """A suggestion that Monday was Tuesday, in a case of its own unless one is given."""
    now = timezone.now()
    if case is None:
        of_case = {name: fields.pop(name) for name in list(fields) if name in OF_CASE}
        case = CorrectionCase.objects.create(story=story, created_at=now, **of_case)
    values = {
        "exact": "Monday", "prefix": "The bus left on ", "suffix": ", not before.", "start": 16, "end": 22,
        "suggestion": "It was Tuesday.", "email": "reader@example.org", "created_at": now,
    }  # fmt: skip
    if story is not None:
        values |= {"block_id": story.body[0].id, "revision_read": story.live_revision_id}
    return CorrectionReport.objects.create(story=story, case=case, **{**values, **fields})


def correction(story: StoryPage | None, **fields: Any) -> CorrectionCase:
    """A case with one such suggestion."""
    return report(story, **fields).case


def letter(words: str = "Why no word of the ferry?", **fields: Any) -> CorrectionCase:
    """A letter to the newsroom."""
    empty = {"exact": "", "prefix": "", "suffix": "", "start": None, "end": None}
    return correction(None, **{"origin": "letter", "suggestion": words, **empty, **fields})


def case_url(case: CorrectionCase) -> str:
    return f"{QUEUE}{case.pk}/"


def act(client: Client, case: CorrectionCase, decision: str, **fields: Any) -> HttpResponse:
    return client.post(case_url(case), {"decision": decision, **fields})


def accept(client: Client, case: CorrectionCase, **fields: str) -> HttpResponse:
    values = {"weight": "substance", "old_words": "Monday", "new_words": "Tuesday", "reason": "The timetable says so."}
    return act(client, case, "accept", **{**values, **fields})


def decline(
    client: Client, case: CorrectionCase, reason: str = "The recording says Monday.", answer: str = ""
) -> HttpResponse:
    return act(client, case, "decline", decline_reason=reason, decline_answer=answer)


def draft_text(story: StoryPage) -> str:
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    return str(draft.body[0].value.source)


def publish(story: StoryPage) -> None:
    StoryPage.objects.get(pk=story.pk).get_latest_revision().publish()


def shown(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()
