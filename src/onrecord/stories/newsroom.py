"""The page tree of a newsroom."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import Page, Site

from onrecord.core.roles import roles_ensure
from onrecord.stories.models import (
    AuthorIndexPage,
    HomePage,
    SeriesIndexPage,
    StandardPage,
    StoryIndexPage,
    TopicIndexPage,
)

ABOUT = gettext_noop(
    "<p>{name} publishes stories built on published recordings. Every quotation plays its moment. Every claim names "
    "its source. Every correction shows.</p>"
    "<h2>How we work</h2><p>We keep each recording as it was published, with its fingerprint, and say who put it out "
    "and when. Quotations are compared with the transcript word for word before a story can be published.</p>"
)
CORRECTIONS_POLICY = gettext_noop(
    "<p>When we get something wrong, we say so. Select the words, press Ctrl+Enter and tell us; or use the link under "
    "each story. An editor reads every suggestion.</p>"
    "<h2>What you will see</h2><p>A slip of the pen is mended. A change of substance is noted on the story and in "
    'the <a href="/corrections/">corrections log</a>: the old words, the new words, the reason and the date.</p>'
)


def newsroom_create() -> HomePage:
    """Make the page tree, the site and the roles where they are missing; gives the front page. May run twice.

    Pages get titles and words in the newsroom's language.
    """
    with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
        return _created()


def _created() -> HomePage:
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        for page in root.get_children():  # Wagtail's own welcome page
            page.delete()
        root.refresh_from_db()
        home = root.add_child(instance=HomePage(title=settings.NEWSROOM_NAME, slug="home"))
        for page in (
            StoryIndexPage(title=_("Stories"), slug="stories"),
            SeriesIndexPage(title=_("Series"), slug="series"),
            TopicIndexPage(title=_("Topics"), slug="topics"),
            StandardPage(title=_("About us"), slug="about", body=_(ABOUT).format(name=settings.NEWSROOM_NAME)),
            StandardPage(title=_("Corrections policy"), slug="corrections-policy", body=_(CORRECTIONS_POLICY)),
        ):
            home.add_child(instance=page)
            page.save_revision().publish()
    if not AuthorIndexPage.objects.exists():
        authors = AuthorIndexPage(title=_("Authors"), slug="authors")
        home.add_child(instance=authors)
        authors.save_revision().publish()
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname or "localhost",
            "port": port,
            "root_page": home,
            "site_name": settings.NEWSROOM_NAME,
        },
    )
    roles_ensure()
    return home
