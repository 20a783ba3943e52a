"""What the worker does about readers' messages."""

from django_tasks import task

from onrecord.readers import services


@task()
def judge_comment(comment_id: int) -> None:
    """Ask the spam service about a comment."""
    services.comment_judge(comment_id)
