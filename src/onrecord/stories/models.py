"""The pages that readers visit: stories, series, topics, and the pages around them."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import prefetch_related_objects
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel, TitleFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet, Revision
from wagtail.search import index

from onrecord.archive.choosers import recording_chooser_viewset
from onrecord.archive.models import Recording
from onrecord.core.reads import shared
from onrecord.stories.authors import AuthorIndexPage, AuthorPage
from onrecord.stories.base import SitePage
from onrecord.stories.bindings import QuotationBinding, StoryCheck
from onrecord.stories.blocks import BodyBlock
from onrecord.stories.decisions import QuotationConfirmation, QuotationOverride, QuotationPlace
from onrecord.stories.editions import StoryEdition
from onrecord.stories.gate import WordsNotInRevision, gate_hold, gate_pass, passing
from onrecord.stories.likeness import StoryProfile, StorySimilar

__all__ = [
    "AuthorIndexPage",
    "AuthorPage",
    "HomePage",
    "QuotationBinding",
    "QuotationConfirmation",
    "QuotationOverride",
    "QuotationPlace",
    "SeriesIndexPage",
    "SeriesPage",
    "SitePage",
    "StandardPage",
    "StoryCheck",
    "StoryEdition",
    "StoryIndexPage",
    "StoryPage",
    "StoryProfile",
    "StoryRecording",
    "StoryRelated",
    "StorySimilar",
    "StoryStatement",
    "TopicIndexPage",
    "TopicPage",
]


class HomePage(SitePage):
    """The front page."""

    standfirst = models.CharField(max_length=250, blank=True, help_text=_("One line under the newsroom's name."))

    template = "site/home.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "stories.StoryIndexPage",
        "stories.SeriesIndexPage",
        "stories.TopicIndexPage",
        "stories.AuthorIndexPage",
        "stories.StandardPage",
    ]
    content_panels = [*Page.content_panels, FieldPanel("standfirst")]


class StoryIndexPage(SitePage):
    """All stories, newest first."""

    template = "site/story_index.html"
    max_count = 1
    parent_page_types = ["stories.HomePage"]
    subpage_types = ["stories.StoryPage"]


class SeriesIndexPage(SitePage):
    """All series."""

    template = "site/series_index.html"
    max_count = 1
    parent_page_types = ["stories.HomePage"]
    subpage_types = ["stories.SeriesPage"]


class TopicIndexPage(SitePage):
    """All topics."""

    template = "site/topic_index.html"
    max_count = 1
    parent_page_types = ["stories.HomePage"]
    subpage_types = ["stories.TopicPage"]


class SeriesPage(SitePage):
    """Stories that continue one another."""

    description = models.TextField(blank=True)

    template = "site/series.html"
    parent_page_types = ["stories.SeriesIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("description")]


class TopicPage(SitePage):
    """Stories about one thing."""

    description = models.TextField(blank=True)

    template = "site/topic.html"
    parent_page_types = ["stories.TopicIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("description")]


class StandardPage(SitePage):
    """A page about the newsroom: who we are, how we correct."""

    body = RichTextField(features=["h2", "h3", "bold", "italic", "link", "ol", "ul"])

    template = "site/standard.html"
    parent_page_types = ["stories.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("body")]


class StoryCopyForm(CopyForm):
    """Copying a story: the copy is a draft, for the gate has not seen it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("publish_copies", None)
        self.fields.pop("alias", None)


WORDS = frozenset({"title", "standfirst", "body"})


class StoryQuerySet(PageQuerySet):
    def cleared(self) -> "StoryQuerySet":
        """Live stories whose live revision passed the gate: all that readers may see."""
        return self.live().filter(checks__revision=models.F("live_revision"))

    def update(self, **kwargs: Any) -> int:
        """Django's update, but for the words of live stories: those are published as a revision, past the gate."""
        if not WORDS.isdisjoint(kwargs) and (story := self.filter(live=True).first()):
            raise WordsNotInRevision(title=story.title)
        return super().update(**kwargs)

    def newest_first(self) -> "StoryQuerySet":
        return self.order_by("-first_published_at", "-pk")


class StoryPage(SitePage):
    """A story. Its title is the headline."""

    standfirst = models.TextField(blank=True, help_text=_("One or two sentences that say what happened."))
    byline = models.CharField(
        max_length=200, blank=True, help_text=_("As it stands in print. Empty: the names of the authors.")
    )
    authors = ParentalManyToManyField(AuthorPage, blank=True, related_name="stories")
    language = models.CharField(
        max_length=12,
        blank=True,
        help_text=_("A tag such as ar or uk, where it is not the newsroom's."),
    )
    dateline_place = models.CharField(_("place"), max_length=120, blank=True)
    dateline_date = models.DateField(_("date"), default=date.today)
    body = StreamField(BodyBlock(), blank=True)
    series = models.ForeignKey(
        "stories.SeriesPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="stories"
    )
    topics = ParentalManyToManyField("stories.TopicPage", blank=True, related_name="stories")
    change_note = models.CharField(
        _("what changed"), max_length=250, blank=True,
        help_text=_("What you changed since the last publication, and why. Readers see it in the history of versions."),
    )  # fmt: skip

    objects = PageManager.from_queryset(StoryQuerySet)()

    copy_form_class = StoryCopyForm
    template = "site/story.html"
    parent_page_types = ["stories.StoryIndexPage"]
    subpage_types: list[str] = []

    content_panels = [
        TitleFieldPanel("title", heading=_("Headline"), placeholder=_("Headline")),
        FieldPanel("standfirst"),
        MultiFieldPanel(
            [
                FieldPanel("byline"),
                FieldPanel("authors"),
                FieldPanel("dateline_place"),
                FieldPanel("dateline_date"),
                FieldPanel("language"),
            ],
            heading=_("Byline, place and date"),
        ),
        InlinePanel(
            "story_recordings",
            heading=_("Recordings that this story quotes"),
            label=_("Recording"),
            help_text=_("Quotations are looked for in these recordings and in no others."),
        ),
        InlinePanel(
            "statements",
            heading=_("Other evidence"),
            label=_("Statement"),
            help_text=_("What somebody sent, wrote or told the newsroom, word for word, for quotations from it."),
        ),
        FieldPanel("body"),
        FieldPanel("change_note"),
    ]
    promote_panels = [
        PageChooserPanel("series"),
        FieldPanel("topics"),
        InlinePanel("related", heading=_("Other topics of interest"), label=_("Story")),
        *Page.promote_panels,
    ]
    search_fields = [*Page.search_fields, index.SearchField("standfirst"), index.SearchField("body")]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def named_recordings(self) -> list[Recording]:
        """Recordings that the story names, in its list or in a block, each once, in order."""
        rows = [row for row in self.story_recordings.all() if row.recording_id]
        prefetch_related_objects(rows, "recording")  # asks only where nobody has asked before
        found = {row.recording_id: row.recording for row in rows}
        for block in self.body:
            if block.block_type in ("exchange", "recording") and (recording := block.value["recording"]):
                found.setdefault(recording.pk, recording)
        return list(found.values())

    def publish(
        self,
        revision: Revision,
        user: Any = None,
        changed: bool = True,
        log_action: Any = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> None:
        """Publish (or schedule) the revision if the gate lets it through; raises GateRefused."""
        with transaction.atomic(), passing(revision):
            gate_pass(revision.as_object(), revision, user)
            super().publish(revision, user, changed, log_action, previous_revision, skip_permission_checks)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the page; a revision that becomes live passes the gate now, and no other words than its go live.

        The last door, and the reason for a rule in `save`: Wagtail's editor, its API and its copying make a revision
        live without calling `publish`. Raises GateRefused, WordsNotInRevision, and saves nothing.
        """
        with transaction.atomic():
            written = kwargs.get("update_fields")
            touches = written is None or not (WORDS | {"live", "live_revision"}).isdisjoint(written)
            if touches and self.live and self.live_revision_id and self.alias_of_id is None:
                gate_hold(self)
            super().save(*args, **kwargs)

    @property
    def live_check(self) -> StoryCheck | None:
        """The check that the live revision passed; None when it did not pass one."""
        found = StoryCheck.objects.filter(page_id=self.pk, revision_id=self.live_revision_id or 0)
        return shared(f"check:{self.pk}:{self.live_revision_id}", found.first, f"story:{self.pk}")

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not getattr(request, "is_preview", False) and self.live_check is None:
            raise Http404
        return super().serve(request, *args, **kwargs)


@receiver(pre_save, sender=Page)
def refuse_other_headline(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A story saved as a plain page: its headline may quote, so it is the published revision's or is refused."""
    if not instance.live or kwargs.get("raw"):
        return
    story = StoryPage.objects.filter(pk=instance.pk, live=True, live_revision__isnull=False).first()
    if story is not None and story.title != instance.title:
        raise WordsNotInRevision(title=story.title)


class StoryRecording(Orderable):
    """A recording that the story quotes."""

    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="story_recordings")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="+")

    panels = [FieldPanel("recording", widget=recording_chooser_viewset.widget_class)]

    def __str__(self) -> str:
        return str(self.recording)


class StoryStatement(Orderable):
    """Evidence other than a recording: its words are what quotations from it are checked against."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("Statement to the press")
        DOCUMENT = "document", _("Document")
        INTERVIEW = "interview", _("Interview note")
        OUTLET = "outlet", _("Another outlet's report")

    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="statements")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.STATEMENT)
    source = models.CharField(
        max_length=250,
        help_text=_("As readers see it: a name, or the description agreed with a source who is not named."),
    )
    source_is_unnamed = models.BooleanField(
        _("the source is not named"), default=False, help_text=_("Never type the identity of such a source here.")
    )
    language = models.CharField(max_length=12, default=settings.NEWSROOM_LANGUAGE)
    received_on = models.DateField(null=True, blank=True)
    url = models.URLField(blank=True)
    text = models.TextField(_("words"), help_text=_("Word for word, as received. Readers do not see it whole."))

    panels = [
        FieldPanel("kind"),
        FieldPanel("source"),
        FieldPanel("source_is_unnamed"),
        FieldPanel("language"),
        FieldPanel("received_on"),
        FieldPanel("url"),
        FieldPanel("text"),
    ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source}"

    def clean(self) -> None:
        if self.source_is_unnamed and self.url:
            raise ValidationError({"url": _("A link could lead to the source who is not named.")})
        if self.source_is_unnamed and self.kind == self.Kind.OUTLET:
            raise ValidationError({"source_is_unnamed": _("Another outlet is always named: it said it in public.")})


class StoryRelated(Orderable):
    """A story chosen by hand for "Other topics of interest"."""

    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="related")
    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("story", "stories.StoryPage")]

    def __str__(self) -> str:
        return str(self.story)
