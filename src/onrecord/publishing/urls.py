from django.urls import path, re_path, reverse

from onrecord.publishing import annotations, comment_feeds, feeds, podcast, sitemaps, views
from onrecord.publishing.api import api

FORM = r"\.(?P<form>rss|atom|json)$"
SLUG = r"(?P<slug>[-\w]+)"

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(rf"^feeds/stories{FORM}", feeds.stories_feed, name="stories-feed"),
    re_path(rf"^feeds/corrections{FORM}", feeds.corrections_feed, name="corrections-feed"),
    re_path(rf"^series/{SLUG}/feed{FORM}", feeds.series_feed, name="series-feed"),
    re_path(rf"^topics/{SLUG}/feed{FORM}", feeds.topic_feed, name="topic-feed"),
    re_path(rf"^authors/{SLUG}/feed{FORM}", feeds.author_feed, name="author-feed"),
    # The names that templates use.
    path("feeds/stories.rss", feeds.stories_feed, {"form": "rss"}, name="stories-rss"),
    path("feeds/stories.atom", feeds.stories_feed, {"form": "atom"}, name="stories-atom"),
    path("feeds/corrections.atom", feeds.corrections_feed, {"form": "atom"}, name="corrections-atom"),
    path("feeds/recordings.rss", podcast.podcast, name="podcast"),
    re_path(
        r"^recordings/(?P<recording_id>[0-9a-f-]{36})/transcript\.(?P<language>[A-Za-z0-9-]{2,12})\.(?P<form>vtt|json)$",
        podcast.transcript_file,
        name="transcript-file",
    ),
    path("feeds/comments.rss", comment_feeds.all_comments, name="comments-rss"),
    path("stories/<slug:slug>/comments/feed.rss", comment_feeds.story_comments, name="story-comments-rss"),
    path("stories/<str:slug>/annotations.json", annotations.story_annotations, name="story-annotations"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.sitemap_pages, name="sitemap-pages"),
    path("sitemaps/stories-<int:part>.xml", sitemaps.sitemap_stories, name="sitemap-stories"),
    path("sitemaps/recordings-<int:part>.xml", sitemaps.sitemap_recordings, name="sitemap-recordings"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news-sitemap"),
    path("robots.txt", views.robots, name="robots"),
]


def machine_paths() -> list[str]:
    """Feeds, sitemaps, robots, and the log of corrections: files and pages that list others."""
    names = ["corrections-log", "comments-rss", "podcast", "robots"]
    return [
        *(reverse(name) for name in names),
        *(reverse(name, args=[form]) for name in ("stories-feed", "corrections-feed") for form in feeds.WRITERS),
        *feeds.gathered_paths(),
        *sitemaps.sitemap_paths(),
    ]
