"""Each suggestion of before becomes a case of its own, under its old number; open ones are gathered by the worker."""

from typing import Any

from django.core.management.color import no_style
from django.db import migrations

_SAME = (
    "story_id", "origin", "status", "created_at", "quotation_key", "record_version_id", "proposed", "decline_reason",
    "handled_at", "handled_by_id",
)  # fmt: skip


def fill(apps: Any, schema_editor: Any) -> None:
    """Make the cases; addresses in the desk that name a suggestion lead to its case."""
    case_model, report_model, note_model = (
        apps.get_model("readers", name) for name in ("CorrectionCase", "CorrectionReport", "CorrectionNote")
    )
    notes = {note.report_id: note for note in note_model.objects.exclude(report=None)}
    for report in report_model.objects.filter(case=None).order_by("pk").iterator():
        note = notes.get(report.pk)
        case_model.objects.create(
            pk=report.pk,
            **{name: getattr(report, name) for name in _SAME},
            weight=report.kind,
            kind="quotation" if report.origin == "record" else "typo" if report.kind == "typo" else "",
            old_words=note.old_words if note else "",
            new_words=note.new_words if note else "",
            gathered=not (report.status == "open" and report.origin == "reader" and report.exact),
        )
        report_model.objects.filter(pk=report.pk).update(case_id=report.pk)
        if note:
            note_model.objects.filter(pk=note.pk).update(case_id=report.pk)
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [case_model]):
            cursor.execute(statement)


def empty(apps: Any, schema_editor: Any) -> None:
    """Give the reports back what their case says. Letters have no story and cannot go back."""
    report_model = apps.get_model("readers", "CorrectionReport")
    report_model.objects.filter(story=None).delete()
    for report in report_model.objects.select_related("case").exclude(case=None).iterator():
        values = {name: getattr(report.case, name) for name in _SAME if name not in ("story_id", "created_at")}
        if values["status"] in ("answered", "withdrawn"):
            values["status"] = "declined"
        report_model.objects.filter(pk=report.pk).update(**values, kind=report.case.weight, case=None)
    note_model = apps.get_model("readers", "CorrectionNote")
    for note in note_model.objects.exclude(case=None):
        first = report_model.objects.filter(pk=note.case_id).first()
        note_model.objects.filter(pk=note.pk).update(report=first, case=None)
    apps.get_model("readers", "CorrectionCase").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("readers", "0004_cases")]
    operations = [migrations.RunPython(fill, empty)]
