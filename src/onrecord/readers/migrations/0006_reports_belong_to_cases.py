"""What a case says is not said by its reports any more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("readers", "0005_a_case_a_report")]

    operations = [
        migrations.RemoveField(
            model_name="correctionnote",
            name="report",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="decline_reason",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="handled_at",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="handled_by",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="kind",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="origin",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="proposed",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="quotation_key",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="record_version",
        ),
        migrations.RemoveField(
            model_name="correctionreport",
            name="status",
        ),
        migrations.AlterField(
            model_name="correctionreport",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="readers.correctioncase"
            ),
        ),
    ]
