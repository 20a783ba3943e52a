from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "onrecord.search"
    label = "search"

    def ready(self) -> None:
        from onrecord.search.keeping import watch

        watch()
