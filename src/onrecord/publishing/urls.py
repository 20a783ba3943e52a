from django.urls import path, reverse

from onrecord.publishing import comment_feeds, feeds, views

urlpatterns = [
    path("feeds/stories.rss", feeds.StoriesRss(), name="stories-rss"),
    path("feeds/stories.atom", feeds.StoriesAtom(), name="stories-atom"),
    path("feeds/corrections.rss", feeds.CorrectionsRss(), name="corrections-rss"),
    path("feeds/corrections.atom", feeds.CorrectionsAtom(), name="corrections-atom"),
    path("feeds/comments.rss", comment_feeds.all_comments, name="comments-rss"),
    path("stories/<slug:slug>/comments/feed.rss", comment_feeds.story_comments, name="story-comments-rss"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("news-sitemap.xml", views.news_sitemap, name="news-sitemap"),
    path("robots.txt", views.robots, name="robots"),
]


def machine_paths() -> list[str]:
    """Feeds, sitemaps, robots, and the log of corrections: files and pages that list others."""
    names = ["corrections-log", "stories-rss", "stories-atom", "corrections-rss", "corrections-atom", "comments-rss",
             "sitemap", "news-sitemap", "robots"]  # fmt: skip
    return [reverse(name) for name in names]
