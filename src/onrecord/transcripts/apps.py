from django.apps import AppConfig


class TranscriptsConfig(AppConfig):
    name = "onrecord.transcripts"
    label = "transcripts"

    def ready(self) -> None:
        from onrecord.archive.filing import register_filing_listener, register_filing_obstacle
        from onrecord.archive.services import register_mask_source
        from onrecord.core.chores import register_chore
        from onrecord.transcripts.doubts import sound_check_schedule
        from onrecord.transcripts.engines.jobs import jobs_take_up
        from onrecord.transcripts.filing import words_would_be_lost
        from onrecord.transcripts.memory import schedule_memory_update
        from onrecord.transcripts.services import masked_spans, register_version_listener
        from onrecord.transcripts.tasks import schedule_index_update
        from onrecord.transcripts.transcribing import register as register_speech_to_text
        from onrecord.transcripts.translating import register as register_translation

        register_mask_source(masked_spans)
        register_version_listener(schedule_index_update)
        register_version_listener(sound_check_schedule)
        register_version_listener(schedule_memory_update)
        register_filing_obstacle(words_would_be_lost)
        register_filing_listener(schedule_index_update)
        register_speech_to_text()
        register_translation()
        register_chore("engines-take-up", jobs_take_up, every_seconds=15)
