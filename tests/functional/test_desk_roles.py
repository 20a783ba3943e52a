"""Who may do what at the desk."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupApprovalTask, GroupPagePermission, Workflow

from onrecord.core.roles import ROLES, roles_ensure
from onrecord.stories.models import HomePage, StoryIndexPage
from tests import factories
from tests.functional.conftest import DeskOf

pytestmark = pytest.mark.django_db


def test_roles_can_be_made_again_and_again(newsroom: HomePage) -> None:
    before = GroupPagePermission.objects.count()
    groups = roles_ensure()
    assert set(groups) == set(ROLES)
    assert GroupPagePermission.objects.count() == before
    assert Group.objects.filter(name__in=["Editors", "Moderators"]).count() == 0
    assert Workflow.objects.get().name == "Editor’s check"
    assert [group.name for group in GroupApprovalTask.objects.get().groups.order_by("name")] == [
        "Administrator",
        "Editor",
    ]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Reporter", {"recordings", "add", "transcript", "edit-transcript", "new-story"}),
        ("Editor", {"recordings", "add", "transcript", "edit-transcript", "new-story", "users-no"}),
        ("Moderator", {"recordings", "transcript"}),
        ("Administrator", {"recordings", "add", "transcript", "edit-transcript", "new-story", "users"}),
    ],
)
def test_pages_that_a_role_may_open(desk_of: DeskOf, role: str, allowed: set[str]) -> None:
    row = factories.recording(prepared=False)
    factories.transcript(row)
    client = desk_of(role)
    index = StoryIndexPage.objects.get()
    pages = {
        "recordings": reverse("recording_desk:index"),
        "add": reverse("recording_desk:add"),
        "transcript": reverse("transcript_desk:read", args=[row.pk]),
        "edit-transcript": reverse("transcript_desk:edit", args=[row.pk]),
        "new-story": reverse("wagtailadmin_pages:add", args=["stories", "storypage", index.pk]),
        "users": reverse("wagtailusers_users:index"),
    }
    opened = {name for name, url in pages.items() if client.get(url).status_code == 200}
    assert opened == allowed - {"users-no"}


def test_a_reporter_edits_own_drafts_only_and_never_publishes(desk_of: DeskOf) -> None:
    reporter, editor = desk_of("Reporter"), desk_of("Editor")
    own, other = factories.story("Text.", title="Own"), factories.story("Text.", title="Other")
    own.owner = reporter.person  # type: ignore[attr-defined]
    own.save()
    assert reporter.get(reverse("wagtailadmin_pages:edit", args=[own.pk])).status_code == 200
    assert reporter.get(reverse("wagtailadmin_pages:edit", args=[other.pk])).status_code == 302
    assert not own.permissions_for_user(reporter.person).can_publish()  # type: ignore[attr-defined]
    assert own.permissions_for_user(reporter.person).can_submit_for_moderation()  # type: ignore[attr-defined]
    assert own.permissions_for_user(editor.person).can_publish()  # type: ignore[attr-defined]


def test_nobody_without_a_role_gets_in(client: object, newsroom: HomePage) -> None:
    response = client.get(reverse("recording_desk:index"))  # type: ignore[attr-defined]
    assert response.status_code == 302
    assert "login" in response["Location"]
