from django.urls import path, reverse

from onrecord.publishing import feeds, views

urlpatterns = [
    path("feeds/stories.rss", feeds.StoriesRss(), name="stories-rss"),
    path("feeds/stories.atom", feeds.StoriesAtom(), name="stories-atom"),
    path("feeds/corrections.rss", feeds.CorrectionsRss(), name="corrections-rss"),
    path("feeds/corrections.atom", feeds.CorrectionsAtom(), name="corrections-atom"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("news-sitemap.xml", views.news_sitemap, name="news-sitemap"),
    path("robots.txt", views.robots, name="robots"),
]


def machine_paths() -> list[str]:
    """Feeds, sitemaps, robots, and the log of corrections: files and pages that list others."""
    names = ["corrections-log", "stories-rss", "stories-atom", "corrections-rss", "corrections-atom", "sitemap",
             "news-sitemap", "robots"]  # fmt: skip
    return [reverse(name) for name in names]
