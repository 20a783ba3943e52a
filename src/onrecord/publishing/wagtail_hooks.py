"""Registers publishing with the desk."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from onrecord.publishing.webhooks.desk import webhook_viewset


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [webhook_viewset]


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("publishing.webhook.resend", _("Send webhook again"), _("Sent again"))
