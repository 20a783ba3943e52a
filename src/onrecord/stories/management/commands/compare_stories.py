"""`onrecord manage compare_stories`."""

from typing import Any

from django.core.management.base import BaseCommand

from onrecord.stories.services import stories_compare_all


class Command(BaseCommand):
    help = "Compare all published stories anew, for “Other topics of interest”."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Stories whose list changed: {stories_compare_all()}.")
