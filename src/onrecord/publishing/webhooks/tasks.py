"""Sending that the worker does."""

from django_tasks import task

from onrecord.publishing.webhooks.delivering import deliveries_due, delivery_try


@task()
def deliver_webhook(delivery_id: str) -> None:
    """Send one message."""
    delivery_try(delivery_id)


def deliveries_retry() -> None:
    """Send what is due again."""
    for delivery_id in deliveries_due():
        delivery_try(delivery_id)
