"""Reports on a passage are found in the order of their cases, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("readers", "0006_reports_belong_to_cases")]

    operations = [
        migrations.AddIndex(
            model_name="correctionreport",
            index=models.Index(fields=["story", "block_id", "revision_read", "case"], name="report_of_passage"),
        ),
        migrations.RemoveIndex(model_name="correctionreport", name="report_passage"),
    ]
