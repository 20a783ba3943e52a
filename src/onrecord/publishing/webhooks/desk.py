"""Webhooks in the desk: their list, one of them with its deliveries, sending again."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from onrecord.core.models import User
from onrecord.publishing.models import WebhookDelivery, WebhookEndpoint
from onrecord.publishing.webhooks.delivering import delivery_resend
from onrecord.publishing.webhooks.messages import send_after_commit
from onrecord.publishing.webhooks.sending import WebhookRefused, WebhookUnanswered, target_of
from onrecord.publishing.webhooks.signing import secret_bytes

SHOWN = 50


class AddressField(forms.URLField):
    """An address that is typed without a scheme is one of https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class WebhookForm(WagtailAdminModelForm):
    """An endpoint; an address inside the newsroom's own network is refused here already."""

    url = forms.URLField(
        label=_("Address"), max_length=500, assume_scheme="https", help_text=_("Where it is sent to, by POST.")
    )
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=WebhookEndpoint.Event.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["url", "note", "events", "secret", "is_on"]
        field_classes = {"url": AddressField}

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            target_of(url, allow_private=settings.WEBHOOKS_ALLOW_PRIVATE)
        except WebhookRefused as error:
            raise forms.ValidationError(str(error)) from error
        except WebhookUnanswered:
            pass  # it may be there tomorrow; each delivery looks again
        return url

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"].strip()
        try:
            secret_bytes(secret)
        except ValueError as error:
            raise forms.ValidationError(gettext("Not a secret: %(reason)s.") % {"reason": error}) from error
        return secret


class WebhookIndexView(generic.IndexView):
    page_title = _("Webhooks")


class WebhookEditView(generic.EditView):
    """The endpoint, and under it what was sent."""

    template_name = "publishing/desk/webhook.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "deliveries": list(self.object.deliveries.all()[:SHOWN]),
            "resend_url": reverse("webhooks:resend", args=[self.object.pk]),
        }


class WebhookViewSet(ModelViewSet):
    model = WebhookEndpoint
    name = "webhooks"
    url_prefix = "webhooks"
    icon = "link"
    menu_label = _("Webhooks")
    menu_order = 900
    add_to_settings_menu = True
    copy_view_enabled = False
    index_view_class = WebhookIndexView
    edit_view_class = WebhookEditView
    edit_template_name = "publishing/desk/webhook.html"
    list_display = [TitleColumn("__str__", label=_("Webhook"), url_name="webhooks:edit"), "url",
                    BooleanColumn("is_on", label=_("On"))]  # fmt: skip

    def get_form_class(self, for_update: bool = False) -> type[WebhookForm]:
        return WebhookForm

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("resend/<int:pk>/", resend, name="resend")]


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one delivery of an endpoint again."""
    if not request.user.has_perm("publishing.change_webhookendpoint"):
        raise PermissionDenied
    delivery = get_object_or_404(WebhookDelivery, pk=request.POST.get("delivery"), endpoint_id=pk)
    send_after_commit([delivery_resend(actor=cast("User", request.user), delivery=delivery)])
    messages.success(request, gettext("It is being sent again."))
    return redirect("webhooks:edit", pk)


webhook_viewset = WebhookViewSet()
