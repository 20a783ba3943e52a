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
from onrecord.stories.services.listeners import register_story_listener
from onrecord.stories.services.recheck import Recheck, StaleQuotation, register_recheck_listener, stories_recheck
from onrecord.stories.services.schedule import Refused, stories_publish_due

__all__ = [
    "LEAST_REASON",
    "NotListened",
    "NothingToWithdraw",
    "ReasonMissing",
    "Recheck",
    "Refused",
    "StaleQuotation",
    "confirmation_withdraw",
    "override_withdraw",
    "place_choose",
    "quotation_confirm",
    "quotation_override",
    "register_recheck_listener",
    "register_story_listener",
    "stories_publish_due",
    "stories_recheck",
]
