"""What the transcript desk's screen says: its script takes every sentence from here, by name."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

Said = str | Promise
Counted = Callable[[int], str]

# A number that stands for each plural category that Intl.PluralRules names.
CATEGORIES = {"one": 1, "few": 3, "many": 5, "other": 100}

TEXTS: dict[str, Said] = {
    "state.saved": _("Saved"),
    "state.typing": _("Saving…"),
    "state.saving": _("Saving…"),
    "state.offline": _("Not saved: no connection. Kept in this browser"),
    "state.conflict": _("Not saved: there are two texts, both are kept below"),
    "state.refused": _("Not saved"),
    "state.refusedBecause": _("Not saved: {reason}"),
    "state.replaced": _("Not saved: the text was replaced"),
    "state.signed-out": _("Not saved: you are signed out. Kept in this browser"),
    "people.also": _("Also editing: {names}"),
    "people.yourself": _("you, in another window"),
    "notice.close": _("Close"),
    "notice.loadNew": _("Load the new text"),
    "notice.masked": _("Masked in text and sound; a version was made for it."),
    "notice.replacedSince": _("Typed for a text that was replaced since, and not in it. Copy what you need:"),
    "notice.notLoaded": _("The words could not be loaded ({status}). Load the page again."),
    "publish.unsaved": _("No version was made: not everything is saved yet. See the state above."),
    "publish.made": _("Saved as version {versions}."),
    "publish.nothing": _("Nothing was changed, so there is no new version."),
    "publish.failed": _("No version was made: {reason}"),
    "publish.offline": _("there is no connection"),
    "sound.play": _("Play"),
    "sound.pause": _("Pause"),
    "sound.unplayable": _("There is nothing to hear: this browser cannot play the original."),
    "heads.time": _("Time and speaker"),
    "heads.transcript": _("Transcript ({language})"),
    "heads.translation": _("Translation ({language})"),
    "heads.chooser": _("Translation"),
    "heads.allReviewed": _("All reviewed"),
    "heads.reviewedBy": _("reviewed by {people}"),
    "heads.count": _("{reviewed} of {written} reviewed"),
    "heads.machine": _("{count} by machine"),
    "row.talksOver": _("talks over"),
    "row.playFrom": _("Play from {time}"),
    "row.speakerAt": _("Speaker at {time}"),
    "row.wordsAt": _("Words ({language}) at {time}, {speaker}"),
    "row.noSpeaker": _("no speaker"),
    "row.state.machine": _("machine"),
    "row.state.draft": _("draft"),
    "row.state.reviewed": _("reviewed"),
    "row.reviewedBy": _("✓ reviewed by {person}"),
    "row.reviewedByOn": _("✓ reviewed by {person}, {date}"),
    "row.masked": _("masked: {words}"),
    "row.twoTexts": _("Two texts"),
    "row.somebody": _("Somebody"),
    "row.changedMeanwhile": _("{person} changed this meanwhile:"),
    "row.takenOutMeanwhile": _("{person} took this out meanwhile."),
    "row.keepMine": _("Keep mine"),
    "row.takeTheirs": _("Take theirs"),
    "row.takeItOut": _("Take it out"),
    "row.noWords": _("(no words)"),
    "mask.profanity": _("profanity"),
    "mask.name": _("name"),
    "mask.number": _("number"),
    "mask.address": _("address"),
    "mask.other": _("other"),
    "speakers.none": _("(no speaker)"),
    "find.none": _("Not found"),
    "find.place": _("{place} of {count}"),
    "suggestions.looking": _("Looking…"),
    "suggestions.offline": _("They could not be loaded: there is no connection."),
    "suggestions.nothing": _("Nothing was found."),
    "suggestions.mask": _("Mask as {kind}"),
    "suggestions.masked": _("masked"),
    "suggestions.changed": _("the words have changed"),
    "suggestions.play": _("Play"),
    "suggestions.goThere": _("Go there"),
    "key.toggle": _("Play or pause"),
    "key.back": _("Back 3 seconds"),
    "key.forward": _("Forward 3 seconds"),
    "key.slower": _("Slower"),
    "key.faster": _("Faster"),
    "key.loop": _("Loop this segment, or stop looping"),
    "key.playWord": _("Play from the word at the cursor"),
    "key.bleeped": _("Play this segment as readers will hear it, masks bleeped"),
    "key.split": _("Split the segment at the cursor"),
    "key.join": _("Join with the segment below (also Delete at the end, Backspace at the start)"),
    "key.insert": _("New segment below"),
    "key.remove": _("Take the segment out"),
    "key.up": _("Segment above"),
    "key.down": _("Segment below"),
    "key.left": _("Left side"),
    "key.right": _("Right side"),
    "key.startHere": _("The segment starts where the sound is now"),
    "key.endHere": _("The segment ends where the sound is now"),
    "key.earlier": _("Start 50 ms earlier (with Shift: end)"),
    "key.later": _("Start 50 ms later (with Shift: end)"),
    "key.speaker": _("Speaker of this segment"),
    "key.mask": _("Mask the selected words, or change their mask"),
    "key.unclear": _("Write [unclear]"),
    "key.soundBracket": _("Put in brackets as a sound: [door]"),
    "key.clarification": _("Put in brackets as an editor’s clarification"),
    "key.review": _("Mark this side of the segment as reviewed, or not"),
    "key.find": _("Find"),
    "key.replace": _("Find and replace"),
    "key.findNext": _("Next place found (with Shift: the one before)"),
    "key.undo": _("Undo"),
    "key.redo": _("Redo (also Ctrl+Y)"),
    "key.publish": _("Save as the next version"),
    "key.help": _("This list (also ? where nothing is typed)"),
}  # fmt: skip

COUNTED: dict[str, Counted] = {
    "notice.found": lambda count: ngettext(
        "{count} segment that had not been saved was found in this browser.",
        "{count} segments that had not been saved were found in this browser.",
        count,
    ),
    "speakers.count": lambda count: ngettext("{speaker}, {count} segment", "{speaker}, {count} segments", count),
    "find.count": lambda count: ngettext("{count} found", "{count} found", count),
    "find.replaced": lambda count: ngettext("{count} replaced", "{count} replaced", count),
}


def screen_texts() -> Mapping[str, str | Mapping[str, str]]:
    """Every text by name, in the language of the desk; those that count by plural category."""
    counted = {
        name: {category: write(number) for category, number in CATEGORIES.items()} for name, write in COUNTED.items()
    }
    return {**{name: str(text) for name, text in TEXTS.items()}, **counted}
