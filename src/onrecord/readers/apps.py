from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "onrecord.readers"
    label = "readers"
    verbose_name = "Readers"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from onrecord.core.chores import register_chore
        from onrecord.readers.chores import discussions_close, proofs_drop, senders_drop
        from onrecord.readers.reading import page_context
        from onrecord.readers.services import addresses_expire, cases_gather, corrections_follow, mails_try_again
        from onrecord.readers.signals import comments_carried, notes_follow
        from onrecord.stories.models import SitePage
        from onrecord.stories.services import register_recheck_listener

        SitePage.context_sources.append(page_context)
        register_recheck_listener(corrections_follow)
        page_published.connect(notes_follow, dispatch_uid="readers-notes-follow")
        page_published.connect(comments_carried, dispatch_uid="readers-comments-carried")
        register_chore("readers.proofs", proofs_drop, every_seconds=300)
        register_chore("readers.senders", senders_drop, every_seconds=3600)
        register_chore("readers.discussions", discussions_close, every_seconds=3600)
        register_chore("readers.addresses", addresses_expire, every_seconds=6 * 60 * 60)
        register_chore("readers.cases", cases_gather, every_seconds=60)
        register_chore("readers.mail", mails_try_again, every_seconds=60)
