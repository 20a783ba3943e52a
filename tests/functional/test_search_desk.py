"""The desk's search over everything on record."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_worker_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.search.keeping.on_commit", lambda work: work())


def test_an_unpublished_transcript_is_found_and_played(editor: Client) -> None:
    call = factories.recording()
    factories.transcript(call)
    found = BeautifulSoup(editor.get("/desk/record-search/?q=bridges").content, "html.parser")
    (moment,) = found.select(".or-found__moment")
    play = moment.select_one("[data-controller='or-moment']")
    assert play is not None
    assert play["href"] == f"{call.audio_url}#t=0.000,4.000"
    assert moment.select_one("mark").text == "bridge"  # type: ignore[union-attr]
    assert moment.select_one(f"a[href^='/desk/transcripts/{call.pk}/#s-']") is not None


def test_the_menu_leads_there_and_the_empty_page_helps(editor: Client) -> None:
    assert b"record-search" in editor.get("/desk/").content
    assert "published or not" in editor.get("/desk/record-search/").content.decode()
    assert "Nothing was found" in editor.get("/desk/record-search/?q=zeppelin").content.decode()


def test_who_may_not_see_recordings_may_not_search_them(desk_of: Callable[[str], Client]) -> None:
    stranger = desk_of("Editor")
    stranger.person.groups.clear()  # type: ignore[attr-defined]
    stranger.person.user_permissions.add(Permission.objects.get(codename="access_admin"))  # type: ignore[attr-defined]
    response = stranger.get("/desk/record-search/?q=bridge")
    assert response.status_code in (302, 403)
    assert b"or-found" not in response.content
