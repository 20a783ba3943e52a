"""The newsroom's index of everything said: found elsewhere, kept up to date, safe to lose."""

import pytest

from onrecord.text.verdicts import Verdict
from onrecord.transcripts.index import said_elsewhere
from tests import factories

pytestmark = pytest.mark.django_db

OTHER_VTT = """WEBVTT

00:00:00.000 --> 00:00:04.000
<v A clerk>The office will stay closed until the end of the month.

00:00:04.000 --> 00:00:09.000
<v A clerk>Nobody has told the ministry about the bridge and the mill.
"""


def test_words_are_found_in_a_recording_that_the_story_does_not_name() -> None:
    call = factories.recording(prepared=False)
    factories.transcript(call)
    other = factories.recording(title="At the office", seed=2, prepared=False)
    version = factories.transcript(other, OTHER_VTT)
    (place,) = said_elsewhere("The office will stay closed until the end of the month", exclude=[call.pk])
    assert (place.recording, place.version, place.verdict) == (other, version, Verdict.VERBATIM)
    assert (place.start_ms, place.speaker, place.first_segment) == (0, "A clerk", "s1")
    assert place.said == "The office will stay closed until the end of the month."
    assert said_elsewhere("The office will stay closed until the end of the month", exclude=[str(other.pk)]) == ()


def test_words_that_nobody_said_and_fragments_are_nowhere() -> None:
    factories.transcript(factories.recording(prepared=False))
    assert said_elsewhere("The harvest was sold before the rain came to the valley") == ()
    assert said_elsewhere("bridge") == ()
