"""Work that the worker does for transcripts."""

from django.db import transaction
from django_tasks import task

from onrecord.transcripts.index import index_update


@task()
def update_index() -> None:
    """Take new versions into the index of everything said."""
    index_update()


def schedule_index_update(_: object) -> None:
    """Have it done after commit."""
    transaction.on_commit(update_index.enqueue)
