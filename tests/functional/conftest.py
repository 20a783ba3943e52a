"""Somebody at the desk."""

from collections.abc import Callable

import pytest
from django.test import Client

from onrecord.core.models import User
from onrecord.stories.models import HomePage
from tests import factories

DeskOf = Callable[[str], Client]


@pytest.fixture
def newsroom(db: None) -> HomePage:
    """Page tree and roles."""
    return factories.newsroom()


@pytest.fixture
def desk_of(newsroom: HomePage) -> DeskOf:
    """A browser in which somebody with this role is at the desk; `client.person` is who."""

    def enter(role: str) -> Client:
        client = Client(headers={"user-agent": "test"})
        person: User = factories.person(role)
        client.force_login(person)
        client.person = person  # type: ignore[attr-defined]
        return client

    return enter


@pytest.fixture
def editor(desk_of: DeskOf) -> Client:
    return desk_of("Editor")


@pytest.fixture
def reporter(desk_of: DeskOf) -> Client:
    return desk_of("Reporter")
