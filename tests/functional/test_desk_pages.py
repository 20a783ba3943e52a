"""Every page of the desk opens, for those who may see it."""

import pytest
from django.test import Client
from django.urls import reverse

from onrecord.stories.models import StoryIndexPage
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_empty_newsroom_says_what_to_do_first(editor: Client) -> None:
    assert "Nothing is on record yet" in editor.get(reverse("recording_desk:index")).text
    assert "Nothing is on record yet" in editor.get(reverse("wagtailadmin_home")).text


def test_every_page_opens(editor: Client) -> None:
    row = factories.recording()
    version = factories.transcript(row)
    factories.transcript(row, factories.CALL_UK_VTT, language="uk")
    story = factories.story("She said: “We are not leaving without the animals.”", recordings=[row])
    index = StoryIndexPage.objects.get()
    for url, words in {
        reverse("wagtailadmin_home"): "Recordings",
        reverse("recording_desk:index"): "Velna Wire",
        reverse("recording_desk:index_results") + "?q=lower+town": "A call from the lower town",
        reverse("recording_desk:add"): "Drop audio or video files",
        reverse("recording_desk:inspect", args=[row.pk]): "SHA-256",
        reverse("recording_desk:edit", args=[row.pk]): "A call from the lower town",
        reverse("transcript_desk:read", args=[row.pk]): "Вода перейшла міст",
        reverse("transcript_desk:edit", args=[row.pk]): "Save as a version",
        reverse("transcript_desk:versions", args=[row.pk]): "Imported from call.vtt",
        reverse("transcript_desk:version", args=[version.pk]): "Transcript (en), version 1",
        reverse("transcript_desk:import", args=[row.pk]): "WebVTT",
        reverse("stories:index"): "Nobody told us",
        reverse("wagtailadmin_pages:edit", args=[story.pk]): "data-or-quotations-blocking-value",
        reverse("wagtailadmin_pages:add", args=["stories", "storypage", index.pk]): "from the first save on",
        reverse("story_desk:quotations", args=[story.pk]): "Word for word",
        reverse("recording_chooser:choose") + "?q=lower": "A call from the lower town",
    }.items():
        response = editor.get(url)
        assert response.status_code == 200, url
        assert words in response.text, url
