"""What is done with stories: decisions on quotations, checking again when the record changed, going live on time."""

from onrecord.stories.services.decisions import (
    LEAST_REASON,
    NothingToWithdraw,
    NotListened,
    ReasonMissing,
    confirmation_withdraw,
    override_withdraw,
    place_choose,
    quotation_confirm,
    quotation_override,
)
from onrecord.stories.services.editions import (
    EditionIsLive,
    WithholdingReasonMissing,
    edition_explain,
    edition_record,
    edition_release,
    edition_withhold,
)
from onrecord.stories.services.likeness import stories_compare_all, story_compare
from onrecord.stories.services.listeners import register_story_listener
from onrecord.stories.services.recheck import Recheck, StaleQuotation, register_recheck_listener, stories_recheck
from onrecord.stories.services.schedule import Refused, stories_publish_due

__all__ = [
    "LEAST_REASON",
    "EditionIsLive",
    "NotListened",
    "NothingToWithdraw",
    "ReasonMissing",
    "Recheck",
    "Refused",
    "StaleQuotation",
    "WithholdingReasonMissing",
    "confirmation_withdraw",
    "edition_explain",
    "edition_record",
    "edition_release",
    "edition_withhold",
    "override_withdraw",
    "place_choose",
    "quotation_confirm",
    "quotation_override",
    "register_recheck_listener",
    "register_story_listener",
    "stories_compare_all",
    "stories_publish_due",
    "stories_recheck",
    "story_compare",
]
