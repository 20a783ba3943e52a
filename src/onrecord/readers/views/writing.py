"""Where readers write in. Public pages are files without cookies: no session, no token; the origin counts."""

from abc import abstractmethod
from hashlib import sha256
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from onrecord.errors import OnrecordError
from onrecord.readers.forms import Honeypot
from onrecord.readers.origins import is_same_origin
from onrecord.readers.proofs import ProofRefused, challenge_create, proof_read
from onrecord.readers.reading import story_readable
from onrecord.readers.senders import WINDOW, Sender, TooManyMessages, client_address
from onrecord.readers.services.intake import Envelope
from onrecord.stories.models import StoryPage

MAX_BODY_BYTES = 256 * 1024


@require_safe
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """A new proof-of-work challenge."""
    return JsonResponse(challenge_create(timezone.now()))


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class WriteIn(View):
    """A form for readers: filled in on its own page, or sent by the site's script and answered in JSON."""

    form_class: ClassVar[type[Honeypot]]
    template: ClassVar[str]
    thanks: ClassVar[Any]
    refusals: ClassVar[tuple[type[OnrecordError], ...]] = ()
    about_story: ClassVar[bool] = True

    def get(self, request: HttpRequest) -> HttpResponse:
        story = self._story(request.GET.get("story"))
        given = {n: request.GET[n] for n in self.form_class.base_fields if n in request.GET and n != "website"}
        ours = {"story": story.pk if story else "", "key": uuid4().hex}  # pressed twice, it is still one message
        return self._page(story, self.form_class(initial={**given, **ours}, label_suffix=""))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not is_same_origin(request):
            return self._refused(403, _("This came from another site. Open the story and send it from there."))
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
            return self._refused(413, _("This is too long to send."))
        story = self._story(request.POST.get("story") or request.GET.get("story"))
        form = self.form_class({**request.POST.dict(), "story": str(story.pk) if story else ""}, label_suffix="")
        if form.is_machine:
            return self._thanks(story)
        if not form.is_valid():
            unseen = form.errors.get("exact", [_("Please look at the marked fields.")])  # no field in the dialog
            return self._failed(400, str(unseen[0]), story, form)
        try:
            more = self.store(story, form, self._envelope(form))
        except ProofRefused as error:
            return self._failed(400, str(error), story, form, field="altcha")
        except TooManyMessages as error:
            response = self._failed(429, str(error), story, form)
            response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
            return response
        except self.refusals as error:
            return self._failed(409, str(error), story, form)
        return self._thanks(story, more)

    @abstractmethod
    def store(self, story: Any, form: Any, envelope: Envelope) -> dict[str, str] | None:
        """Call the service; its errors are answered here. Gives what the answer has besides, or instead of, thanks.

        `story` is None where the message is not about one.
        """

    @property
    def _wants_json(self) -> bool:
        return "application/json" in self.request.headers.get("Accept", "")

    def _story(self, pk: str | None) -> StoryPage | None:
        if not self.about_story:
            return None
        story = story_readable(pk)
        if story is None:
            raise Http404(_("There is no such story."))
        return story

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404 as error:
            if not self._wants_json:
                raise
            return self._refused(404, str(error))

    def _envelope(self, form: Honeypot) -> Envelope:
        now = timezone.now()
        sender = Sender.of(client_address(self.request.META, settings.TRUSTED_PROXIES), now)
        payload = self.request.POST.get("altcha", "")
        if not payload and self._wants_json:
            raise ProofRefused(reason="it is missing")
        return Envelope(sender, now, proof_read(payload, now) if payload else None, self._key(form))

    def _key(self, form: Honeypot) -> str | None:
        """What two sendings of the same message share: its key and all of its words. None without a key."""
        key = form.cleaned_data.get("key")
        if not key:
            return None
        words = [f"{name}={value}" for name, value in sorted(form.cleaned_data.items())]
        return sha256("\x00".join([self.request.path, *words]).encode()).hexdigest()

    def _thanks(self, story: StoryPage | None, more: dict[str, str] | None = None) -> HttpResponse:
        answer = {"message": str(self.thanks), **(more or {})}
        if self._wants_json:
            return JsonResponse({"ok": True, **answer}, status=201)
        context = {**answer, "story": story}
        return render(self.request, "readers/thanks.html", context, status=201)

    def _failed(
        self, status: int, message: str, story: StoryPage | None, form: Honeypot, field: str | None = None
    ) -> HttpResponse:
        if self._wants_json:
            errors = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
            if field:
                errors[field] = [message]
            return JsonResponse({"ok": False, "message": message, "errors": errors}, status=status)
        return self._page(story, form, status=status, message=message)

    def _refused(self, status: int, message: str) -> HttpResponse:
        if self._wants_json:
            return JsonResponse({"ok": False, "message": message, "errors": {}}, status=status)
        return render(self.request, "readers/refused.html", {"message": message}, status=status)

    def _page(self, story: StoryPage | None, form: Honeypot, status: int = 200, message: str = "") -> HttpResponse:
        context = {"form": form, "story": story, "message": message}
        return render(self.request, self.template, context, status=status)
