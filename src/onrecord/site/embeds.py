"""Pages that other sites show in a frame: one quotation or one recording with its sound, no script on either side."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from onrecord.core.reads import covered
from onrecord.publishing.lookup import story_at
from onrecord.publishing.structured_data import absolute
from onrecord.stories.models import StoryPage
from onrecord.stories.reading import QuotationView, published, recording_view, recordings_public

WIDTH, HEIGHT = 640, 260


@xframe_options_exempt
def quotation_embed(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One quotation of a published story, heard where it was said."""
    story = story_at(slug)
    with covered(f"story:{story.pk}"):
        quotation = next((one for one in published(story).quotations if one.key == key and one.play_url), None)
    if quotation is None:
        raise Http404
    context = {"story": story, "quotation": quotation, "story_url": f"{story.url}#q-{key}"}
    return render(request, "site/embed_quotation.html", context)


@xframe_options_exempt
def recording_embed(request: HttpRequest, recording_id: UUID) -> HttpResponse:
    """A whole recording that a published story names."""
    with covered(f"moments:{recording_id}", f"recording:{recording_id}"):
        row = get_object_or_404(recordings_public(), pk=recording_id)
    if not row.audio_url:
        raise Http404
    return render(request, "site/embed_recording.html", {"view": recording_view(row)})


def embed_path(story: StoryPage, quotation: QuotationView) -> str:
    """Where the quotation's frame is; empty where it can't be heard, or the story has no address yet."""
    if not quotation.play_url or not story.slug:
        return ""
    return reverse("quotation-embed", args=[story.slug, quotation.key])


def embed_code(path: str, title: str) -> str:
    """What other sites paste; nothing without a path."""
    if not path:
        return ""
    safe = title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return (
        f'<iframe src="{absolute(path)}" title="{safe}" width="100%" height="{HEIGHT}" '
        f'style="border:0;max-width:{WIDTH}px" loading="lazy"></iframe>'
    )
