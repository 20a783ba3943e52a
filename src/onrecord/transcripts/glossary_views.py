"""The glossary in the desk: the list, a term, files in and out; and what the transcript desk asks of it."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.transcripts.api import BadRequest, DeskApi
from onrecord.transcripts.glossary import glossaries, lines_of, sides_look
from onrecord.transcripts.glossary_file import glossary_export, glossary_import
from onrecord.transcripts.models import GlossaryTerm

MOST_ROWS = 200
LONGEST_TEXT = 20_000


class GlossaryTermForm(WagtailAdminModelForm):
    """A term; its language and those of its translations are different ones."""

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        inline = self.formsets.get("translations")
        for form in inline.forms if inline is not None else ():
            language = str(form["language"].value() or "").strip().lower()
            if language and language == cleaned.get("language"):
                raise ValidationError(_("A translation is in another language than the term."))
        return cleaned


class GlossaryIndexView(IndexView):
    """All terms, with the way to take a table of them in and out."""

    add_item_label = gettext_lazy("Add a term")
    page_title = gettext_lazy("Glossary")

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = [Button(_("Download as CSV"), url=reverse("glossary:export"), icon_name="download", priority=10)]
        if self.request.user.has_perm("transcripts.add_glossaryterm"):
            buttons.append(Button(_("Import CSV"), url=reverse("glossary:import"), icon_name="upload", priority=20))
        return buttons


def _translations(term: GlossaryTerm) -> str:
    return ", ".join(f"{row.words} ({row.language})" for row in term.translations.all())


class GlossaryViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "openquote"
    menu_label = gettext_lazy("Glossary")
    menu_name = "glossary"
    menu_order = 128
    add_to_admin_menu = True
    list_per_page = 50
    index_view_class = GlossaryIndexView
    search_fields = ["term", "variants", "note", "translations__words"]
    list_filter = ["language"]
    list_display = [
        "term",
        "language",
        Column("translations", label=gettext_lazy("Translations"), accessor=_translations),
        Column("variants", label=gettext_lazy("Variants"), accessor=lambda term: ", ".join(lines_of(term.variants))),
        Column("note", label=gettext_lazy("Note"), accessor="note"),
    ]
    edit_handler = ObjectList([
        FieldRowPanel([FieldPanel("term"), FieldPanel("language")]),
        FieldPanel("variants", widget=forms.Textarea(attrs={"rows": 3})),
        InlinePanel(
            "translations",
            heading=gettext_lazy("Translations"),
            label=gettext_lazy("Translation"),
            panels=[
                MultiFieldPanel([
                    FieldRowPanel([FieldPanel("language"), FieldPanel("words")]),
                    FieldPanel("variants", widget=forms.Textarea(attrs={"rows": 2})),
                ])
            ],
        ),
        FieldPanel("note"),
    ], base_form_class=GlossaryTermForm)  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return GlossaryTerm.objects.prefetch_related("translations")


class GlossaryFileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("CSV file"))


class GlossaryImportView(WagtailAdminTemplateMixin, TemplateView):
    """A table becomes terms."""

    template_name = "transcripts/desk/glossary_import.html"
    page_title = gettext_lazy("Import CSV")
    header_icon = "openquote"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("transcripts.add_glossaryterm"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": glossary_viewset_url(), "label": _("Glossary")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or GlossaryFileForm()
        return {**super().get_context_data(**kwargs), "form": form, "back": glossary_viewset_url()}

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = GlossaryFileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                done = glossary_import(actor=cast(User, request.user), data=file.read(), filename=file.name)
            except OnrecordError as error:
                form.add_error("file", str(error))
            else:
                told = ngettext("%(n)s new term", "%(n)s new terms", done.added) % {"n": done.added}
                known = ngettext("%(n)s brought up to date", "%(n)s brought up to date", done.changed)
                messages.success(request, f"{told}, {known % {'n': done.changed}}.")
                return redirect(glossary_viewset_url())
        messages.error(request, _("Nothing was imported."))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class GlossaryExportView(View):
    """All terms as a table."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not any(request.user.has_perm(f"transcripts.{may}_glossaryterm") for may in ("view", "change")):
            raise PermissionDenied
        headers = {"Content-Disposition": 'attachment; filename="glossary.csv"'}
        return HttpResponse(f"\ufeff{glossary_export()}", content_type="text/csv; charset=utf-8", headers=headers)


class GlossaryLookView(DeskApi):
    """What the glossary has to say on segments, as they stand on somebody's screen."""

    def post(self, request: HttpRequest, recording_id: UUID) -> JsonResponse:
        rows = self.body().get("rows")
        if not isinstance(rows, list) or len(rows) > MOST_ROWS:
            raise BadRequest(reason=f"rows is not a list of at most {MOST_ROWS}")
        known = glossaries()
        found: dict[str, Any] = {}
        for row in rows:
            sides = row.get("sides") if isinstance(row, dict) else None
            if not isinstance(sides, dict) or not all(
                isinstance(text, str) and len(text) <= LONGEST_TEXT for text in sides.values()
            ):
                raise BadRequest(reason="a row has no sides, or a text is too long")
            looked = sides_look(sides, original=self.recording.language, known=known)
            found[str(row.get("id"))] = {
                language: {"variants": one.variants, "missing": one.missing} for language, one in looked.items()
            }
        return JsonResponse({"rows": found, "terms": sum(len(glossary.entries) for glossary in known.values())})


def glossary_viewset_url() -> str:
    """Where the list of terms is."""
    return reverse(GlossaryTerm.snippet_viewset.get_url_name("list"))


urlpatterns = [
    path("export/", GlossaryExportView.as_view(), name="export"),
    path("import/", GlossaryImportView.as_view(), name="import"),
]
