from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "onrecord.search"
    label = "search"

    def ready(self) -> None:
        from onrecord.core.chores import register_chore
        from onrecord.search.elsewhere import send_due
        from onrecord.search.keeping import watch

        watch()
        register_chore("search.server", send_due, every_seconds=60)
