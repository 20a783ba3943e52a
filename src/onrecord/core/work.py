"""Background work: who does it, and what becomes of it when they die."""

import os
import secrets
import socket

from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult


def worker_id() -> str:
    """A name for this process that says on which machine and under which number it runs; at most 64 characters."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def tasks_release_abandoned() -> int:
    """Put back in the queue what a worker of this machine was doing when it was killed; gives the number of tasks."""
    released = 0
    with transaction.atomic():
        for result in DBTaskResult.objects.select_for_update().filter(status=TaskResultStatus.RUNNING):
            workers = result.worker_ids or []
            if workers and worker_is_gone(str(workers[-1])):
                result.status = TaskResultStatus.READY
                result.started_at = None
                result.save(update_fields=["status", "started_at"])
                released += 1
    return released


def tasks_failed() -> list[tuple[str, str]]:
    """Tasks that ended in an error: their name and the error's class."""
    rows = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("enqueued_at")
    return [(row.task_path, row.exception_class_path) for row in rows]


def worker_is_gone(worker: str) -> bool:
    """Whether the process of a worker id is dead, as far as this machine can say; False for one of another machine."""
    host, _, rest = worker.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:40] or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True  # an earlier process had our number
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
