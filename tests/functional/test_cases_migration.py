"""Suggestions of before become cases: the data migration, run on rows of the older version."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from onrecord.readers.models import CorrectionCase, CorrectionNote, CorrectionReport
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = [("readers", "0004_cases")], [("readers", "0006_reports_belong_to_cases")]


def migrate(target: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return executor.loader.project_state(target).apps


@pytest.fixture
def newest() -> Any:
    """Whatever a test did, the tables are the newest again."""
    yield
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes("readers"))


def test_each_suggestion_becomes_a_case_under_its_number_and_goes_back(newest: None) -> None:
    story = factories.story("The bus left on Monday.", publish=True)
    editor = factories.person("Editor")
    old = migrate(BEFORE)
    reports, notes = old.get_model("readers", "CorrectionReport"), old.get_model("readers", "CorrectionNote")
    now = timezone.now()
    same = {"story_id": story.pk, "created_at": now, "suggestion": "It was Tuesday.", "exact": "Monday"}
    waiting = reports.objects.create(pk=7, email="reader@example.org", **same)
    accepted = reports.objects.create(
        pk=9, status="accepted", kind="substance", handled_at=now, handled_by_id=editor.pk, **same
    )
    record = reports.objects.create(pk=11, origin="record", quotation_key="k", proposed="Tuesday", **same)
    declined = reports.objects.create(pk=12, status="declined", kind="", decline_reason="No.", handled_at=now, **same)
    notes.objects.create(
        story_id=story.pk, report_id=9, old_words="Monday", new_words="Tuesday", reason="So.", created_at=now
    )

    migrate(AFTER)
    cases = {case.pk: case for case in CorrectionCase.objects.all()}
    assert set(cases) == {waiting.pk, accepted.pk, record.pk, declined.pk}
    assert {pk: case.status for pk, case in cases.items()} == {7: "open", 9: "accepted", 11: "open", 12: "declined"}
    assert (cases[7].gathered, cases[7].reports.get().email) == (False, "reader@example.org")
    assert (cases[9].weight, cases[9].handled_by, cases[9].old_words) == ("substance", editor, "Monday")
    assert CorrectionNote.objects.get().case_id == 9
    assert (cases[11].origin, cases[11].kind, cases[11].proposed) == ("record", "quotation", "Tuesday")
    assert cases[12].decline_reason == "No."
    assert CorrectionCase.objects.create(story=story, created_at=now).pk > 12

    CorrectionCase.objects.filter(pk__gt=12).delete()
    older = migrate(BEFORE)
    back = older.get_model("readers", "CorrectionReport").objects.order_by("pk")
    assert [(row.pk, row.status, row.kind) for row in back] == [
        (7, "open", ""), (9, "accepted", "substance"), (11, "open", ""), (12, "declined", ""),
    ]  # fmt: skip
    assert older.get_model("readers", "CorrectionNote").objects.get().report_id == 9
    migrate(AFTER)
    assert CorrectionReport.objects.count() == CorrectionCase.objects.count() == 4
    assert apps.get_model("readers", "CorrectionNote").objects.get().case_id == 9
