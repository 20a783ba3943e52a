"""The demo's stories. Everything in them is invented; the quotations stand in `scripts.py` word for word, but for the
draft, whose quotations are wrong on purpose."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class DemoStatement:
    """Evidence other than a recording, as the newsroom has it."""

    kind: str
    source: str
    text: str
    received_on: str
    source_is_unnamed: bool = False


@dataclass(frozen=True)
class DemoStory:
    """One story; `body` is pairs of block type and value, with recordings named by their key."""

    slug: str
    headline: str
    standfirst: str
    byline: str
    place: str
    published: datetime
    topics: tuple[str, ...]
    recordings: tuple[str, ...]
    body: tuple[tuple[str, object], ...]
    statements: tuple[DemoStatement, ...] = ()
    is_draft: bool = False
    in_series: bool = True


SERIES = (
    "The Velna flood",
    "What people on both banks said while the water rose, what the authorities answered, and what the record shows.",
)
AUTHORS = {
    "Ilma Torvek": ("Reporter, Velnohirsk", "Writes about the Lower Velna and the people who live on it."),
    "Danil Meresh": ("Reporter", "Compares what was said with what was recorded."),
}
TOPICS = {
    "Evacuation": "Who was offered a way out, who was turned back, and who decided.",
    "The river authority": "Gauges, gates and warnings on the Velna.",
}

RESCUE_SERVICE = DemoStatement(
    kind="statement",
    source="the Velna District Rescue Service",
    text=(
        "Our teams went to every address on the list and offered transport. Nobody who asked for a place on a bus was "
        "refused one. Some residents told us that they wanted to stay, and we cannot take people by force."
    ),
    received_on="2025-04-17",
)
RIVER_SOURCE = DemoStatement(
    kind="interview",
    source="an employee of the river authority who is not allowed to speak to the press",
    text=(
        "The left gate has been stuck since the autumn, and everyone on the shift knew it. When I heard on the radio "
        "that the sluice would be opened on Tuesday, I thought they meant some other sluice."
    ),
    received_on="2025-04-24",
    source_is_unnamed=True,
)

TURNED_BACK = DemoStory(
    slug="afraid-they-will-simply-forget-about-us",
    headline="“I’m afraid they’ll simply forget about us”: a call from flooded Osotnia",
    standfirst=(
        "A woman told a man who appears to be her husband that she was turned back at the bridge for want of a pass, "
        "and that in three days she had not seen one bus."
    ),
    byline="Ilma Torvek",
    place="Velnohirsk",
    published=datetime(2025, 4, 17, 11, 30, tzinfo=UTC),
    topics=("Evacuation",),
    recordings=("call-ru",),
    body=(
        (
            "paragraph",
            "<p>A telephone call from Osotnia, the lowest part of the Lower Velna district, was published on Thursday "
            "morning by the outlet Bereg. In it a woman tells a man who appears to be her husband that water has "
            "reached her yard and that she could not leave. The outlet says that it was made on the night of 16 April; "
            "the recording itself names no date.</p>",
        ),
        (
            "paragraph",
            "<p>The man had believed her to be on her way. “You said you left this morning,” he says. She answers: “We "
            "did leave. We got as far as the bridge, and they stand there and let no one out.” The people at the bridge "
            "were, in her words, “two men in vests, no badges”.</p>",
        ),
        (
            "paragraph",
            "<p>They asked for a pass: “A paper from the [district] administration. And the administration has been "
            "closed since Monday.” The man loses his temper. “What f*****g pass, when there’s water in the yard?” he "
            "asks, and she tells him not to shout, because the children are there.</p>",
        ),
        ("heading", "“Not one” bus"),
        (
            "paragraph",
            "<p>District radio had been reporting since Tuesday that buses were standing ready and that residents were "
            "not using them. The two speak of it:</p>",
        ),
        (
            "exchange",
            (
                "call-ru",
                (
                    (
                        "A man who appears to be her husband",
                        "But on the radio they say the buses are waiting and nobody is getting on.",
                    ),
                    ("A woman", "In three days I haven’t seen a single bus. Not one."),
                    (
                        "A man who appears to be her husband",
                        "Wait. Find Grach, he’s in charge of them on the bridge. Tell him I sent you.",
                    ),
                    ("A woman", "It was your Grach who turned me back yesterday."),
                ),
            ),
        ),
        (
            "paragraph",
            "<p>Grach appears to be a nickname. Who bears it, and for whom he stood at the bridge, we do not know, and "
            "the recording does not say.</p>",
        ),
        (
            "paragraph",
            "<p>On her street, the woman says, people are left in seven houses, among them a neighbour whose mother "
            "cannot get up: “You can’t very well carry her [to the bridge] in your arms.” She was also told that "
            "“starting Tuesday they won’t let anyone through on foot either”; the Tuesday after the call is 22 April.</p>",
        ),
        ("pull_quote", ("It’s not the water I’m afraid of. I’m afraid they’ll simply forget about us.", "A woman")),
        (
            "paragraph",
            "<p>The Velna District Rescue Service denied on Thursday that anybody had been refused. “Our teams went to "
            "every address on the list and offered transport,” it said in a statement. “Nobody who asked for a place on "
            "a bus was refused one.”</p>",
        ),
        ("recording", ("call-ru", "The call, in Russian, with an English translation.")),
        (
            "note",
            "<p>We translated the call from Russian. One curse is masked in the text and in the sound. A second outlet, "
            "Left Bank Channel, put out a shorter and slightly faster version of the same call on Thursday evening; we "
            "count it as a copy and not as another source.</p>",
        ),
    ),
    statements=(RESCUE_SERVICE,),
)

SAW_MYSELF = DemoStory(
    slug="only-telling-you-what-i-saw",
    headline="“I’m only telling you what I saw”: from a shelter, a woman urges her brother to leave",
    standfirst=(
        "In a call in Ukrainian, a woman who was taken to a school in Velnohirsk says that people were asked house by "
        "house, and that empty buses stood at the bridge."
    ),
    byline="Ilma Torvek and Danil Meresh",
    place="Velnohirsk",
    published=datetime(2025, 4, 17, 16, 10, tzinfo=UTC),
    topics=("Evacuation",),
    recordings=("call-uk",),
    body=(
        (
            "paragraph",
            "<p>A second call about the flood on the Velna was published on Thursday, by the agency Velna Wire. A woman "
            "who is staying at a school in Velnohirsk speaks with a man who appears to be her brother and who has stayed "
            "in his house on Mlynova Street.</p>",
        ),
        (
            "paragraph",
            "<p>She describes the shelter: “There are two hundred of us here, they give us hot food and blankets.” She "
            "went, she says, because it was put to her. “They came to every house, asked, wrote everyone down.” They "
            "came to him as well, he says, two people from the rescue service; he sent them away. “Where would I put "
            "the cow?”</p>",
        ),
        (
            "paragraph",
            "<p>Her impatience is plain. When he mentions that the bus is due on Saturday, she asks: “What f*****g "
            "Saturday, when the water is here today?” He does not believe in the danger: “It’s on Mlynova every "
            "spring.” She does: “Not like this. The engineer said at the meeting: a metre twenty in one night.”</p>",
        ),
        (
            "exchange",
            (
                "call-uk",
                (
                    (
                        "A woman",
                        "The buses have been standing at the bridge since morning. Empty, I saw them myself.",
                    ),
                    (
                        "A man who appears to be her brother",
                        "But Petro says they don’t let anyone across the bridge.",
                    ),
                    ("A woman", "They let us through without a single piece of paper."),
                    ("A man who appears to be her brother", "Maybe they let you through, and others not."),
                    ("A woman", "Maybe. I’m only telling you what I saw."),
                ),
            ),
        ),
        (
            "paragraph",
            "<p>In the original she says of the buses: «Порожні, я сама бачила». The call ends without a decision. “I’ll "
            "think about it,” he says. She answers: “Don’t think. I’ll be waiting at the bridge until it gets dark.”</p>",
        ),
        ("recording", ("call-uk", "The call, in Ukrainian, with an English translation.")),
    ),
)

TWO_CALLS = DemoStory(
    slug="offered-a-way-out-or-kept-from-leaving",
    headline="Offered a way out, or kept from leaving? What two calls from the Velna say",
    standfirst=(
        "Two recordings, published on one day by two outlets, contradict each other about the bridge at Osotnia. We set "
        "them side by side, with what the rescue service and an employee of the river authority say."
    ),
    byline="Danil Meresh",
    place="Velnohirsk",
    published=datetime(2025, 4, 24, 9, 0, tzinfo=UTC),
    topics=("Evacuation", "The river authority"),
    recordings=("call-ru", "call-uk"),
    body=(
        (
            "paragraph",
            "<p>Both calls were made, as far as their publishers know, within one night; both are about the same bridge. "
            "They do not agree on what happened there.</p>",
        ),
        (
            "paragraph",
            "<p>A woman in Osotnia says that those at the bridge “let no one out”. A woman who reached the shelter says "
            "the opposite of her own way: “They let us through without a single piece of paper.” Her brother offers "
            "what may be the explanation: “Maybe they let you through, and others not.”</p>",
        ),
        ("heading", "The buses"),
        (
            "paragraph",
            "<p>The first woman had not seen one in three days. The second saw them: “Empty, I saw them myself.” Both can "
            "be true. The bridge has two ends, and neither woman says at which of them she stood.</p>",
        ),
        (
            "paragraph",
            "<p>The Velna District Rescue Service says that it went from door to door, and adds: “Some residents told us "
            "that they wanted to stay, and we cannot take people by force.” It did not answer our question whether a "
            "pass was asked for, and by whom.</p>",
        ),
        ("heading", "The sluice"),
        (
            "paragraph",
            "<p>Both callers had been told of a Tuesday. In one call it is the day from which nobody would be let through "
            "on foot; in the other, “starting Tuesday they’ll open the sluice, and then nobody will be asked any more.” "
            "Tuesday was 22 April. The bridge was under water by then, and the sluice was shut.</p>",
        ),
        (
            "paragraph",
            "<p>An employee of the river authority, who is not allowed to speak to the press, told us on Thursday: “The "
            "left gate has been stuck since the autumn, and everyone on the shift knew it.” The employee heard of the "
            "opening on the radio. “I thought they meant some other sluice.”</p>",
        ),
        (
            "note",
            "<p>We know who the employee is and have checked where they work. The authority has not answered our "
            "questions.</p>",
        ),
    ),
    statements=(RESCUE_SERVICE, RIVER_SOURCE),
)

NOT_OPENED = DemoStory(
    slug="it-was-not-opened-at-all",
    headline="“It was not opened at all”: an engineer corrects the record on the Velna sluice",
    standfirst=(
        "At the flood committee’s third sitting, the district administration put thirty-two hours between the order to "
        "evacuate and the first bus. The river authority said that it had warned in writing of a broken gate."
    ),
    byline="Ilma Torvek",
    place="Velnohirsk",
    published=datetime(2025, 5, 14, 18, 20, tzinfo=UTC),
    topics=("The river authority", "Evacuation"),
    recordings=("hearing-en",),
    body=(
        (
            "paragraph",
            "<p>The order to evacuate Osotnia was given “on Monday, the fourteenth of April, at ten in the evening”, an "
            "official of the district administration told the committee on the Velna flood on Wednesday. The first bus "
            "left, by the administration’s own log, “on Wednesday, at six in the morning”.</p>",
        ),
        (
            "paragraph",
            "<p>“That is thirty-two hours,” said the chair of the committee. The official answered: “The road was under "
            "water, Madam Chair. We could not send people out into the dark.”</p>",
        ),
        ("heading", "“To count people, not to stop them”"),
        (
            "paragraph",
            "<p>Asked about two published calls, the official said: “Nobody was kept from leaving. There was a "
            "checkpoint, and its task was to count people, not to stop them.” Then came the question who had ordered it:</p>",
        ),
        (
            "exchange",
            (
                "hearing-en",
                (
                    ("The chair of the committee", "Who ordered the checkpoint?"),
                    ("An official of the district administration", "I would have to look that up."),
                    ("The chair of the committee", "Please do. Was a pass required?"),
                    ("An official of the district administration", "Not by us."),
                ),
            ),
        ),
        (
            "paragraph",
            "<p>An engineer of the river authority gave the gauge at the upper sluice: “Four metres ten at midnight, and "
            "five metres thirty at six.” In 31 years of records there had been no such rise. The authority telephoned "
            "the duty officer twice that night. “The second call was not answered,” the engineer said.</p>",
        ),
        (
            "paragraph",
            "<p>The engineer then corrected what residents had been told. “It was not opened on Tuesday. It was not "
            "opened at all.” One of the two gates, the committee heard, “has not moved since last autumn. We reported "
            "that in October, in writing.” To the administration? “To the administration.”</p>",
        ),
        ("recording", ("hearing-en", "The third sitting, as published by the committee.")),
        ("paragraph", "<p>The committee will ask for the letter. It meets again on 20 May.</p>"),
    ),
)

REFUSED_DRAFT = DemoStory(
    slug="nobody-was-told-say-callers",
    headline="Nobody was told, say callers",
    standfirst="A draft whose quotations are wrong: press Publish and see what happens.",
    byline="Danil Meresh",
    place="Velnohirsk",
    published=datetime(2025, 5, 15, 9, 0, tzinfo=UTC),
    topics=("Evacuation",),
    recordings=("call-ru", "call-uk", "hearing-en"),
    body=(
        (
            "paragraph",
            "<p>“In five days I haven’t seen a single bus,” a woman says in one of the calls. From the shelter another "
            "reports: “There are three hundred of us here, they give us hot food and blankets.”</p>",
        ),
        (
            "paragraph",
            "<p>An engineer told the committee: “It was opened on Tuesday.” The official was blunt: “We knew about the "
            "gate and we did nothing for half a year.”</p>",
        ),
        (
            "paragraph",
            "<p>One of the quotations in this draft is right: “I’ll come myself tomorrow, by boat if I have to.”</p>",
        ),
    ),
    is_draft=True,
)

NO_BIDDER = DemoStory(
    slug="no-bidder-for-the-left-gate",
    headline="A gate, a tender, and nobody who wanted to mend it",
    standfirst=(
        "The river authority asked for bids to repair the left gate of the upper sluice three times before the flood. "
        "Its own notice says how many came."
    ),
    byline="Danil Meresh",
    place="Velnohirsk",
    published=datetime(2025, 5, 8, 7, 45, tzinfo=UTC),
    topics=("The river authority",),
    recordings=(),
    body=(
        (
            "paragraph",
            "<p>The left gate of the upper sluice on the Velna was to be repaired in the autumn, in the winter, and in "
            "March. “No bid was received in any of the three rounds,” says a notice that the river authority published "
            "on Wednesday.</p>",
        ),
        (
            "paragraph",
            "<p>The notice names the sum, which did not rise from round to round, and a condition: the contractor was to "
            "work “without lowering the water behind the gate”. Two firms in the district told us that this cannot be "
            "done. The authority did not answer when we asked who had written the condition.</p>",
        ),
        (
            "paragraph",
            "<p>A fourth round is announced for June. The condition is in it.</p>",
        ),
    ),
    statements=(
        DemoStatement(
            kind="document",
            source="a notice of the river authority",
            text=(
                "Repair of the left gate, upper sluice. No bid was received in any of the three rounds. The work is to "
                "be done without lowering the water behind the gate. A fourth round will be announced in June."
            ),
            received_on="2025-05-07",
        ),
    ),
    in_series=False,
)

SHELTER_SCHOOL = DemoStory(
    slug="lessons-between-the-camp-beds",
    headline="Lessons between the camp beds: a school that is a shelter until noon",
    standfirst=(
        "Two hundred people who left their houses by the river sleep in the gymnasium in Velnohirsk. The pupils come back "
        "on Monday, and nobody has said where the others are to go."
    ),
    byline="Ilma Torvek",
    place="Velnohirsk",
    published=datetime(2025, 4, 28, 14, 0, tzinfo=UTC),
    topics=("Evacuation",),
    recordings=(),
    body=(
        (
            "paragraph",
            "<p>The school in Velnohirsk has taken in the people of three streets since the buses brought them over the "
            "bridge. They have hot food and blankets. On Monday the pupils return, and the gymnasium is to be a "
            "gymnasium again after lunch.</p>",
        ),
        (
            "paragraph",
            "<p>“Transport back to the left bank will be offered as soon as the road is dry,” the Velna District Rescue "
            "Service said in a statement. It gave no date. The road was under water on Monday morning.</p>",
        ),
        (
            "paragraph",
            "<p>Some will not wait for a bus. The gauge at the bridge has been falling for three days, and those who left "
            "animals behind ask each other every evening how deep it still is.</p>",
        ),
    ),
    statements=(
        DemoStatement(
            kind="statement",
            source="the Velna District Rescue Service",
            text="Transport back to the left bank will be offered as soon as the road is dry.",
            received_on="2025-04-28",
        ),
    ),
    in_series=False,
)

STORIES = (TURNED_BACK, SAW_MYSELF, TWO_CALLS, SHELTER_SCHOOL, NO_BIDDER, NOT_OPENED, REFUSED_DRAFT)


@dataclass(frozen=True)
class DemoCorrection:
    """A reader's suggestion on the first story, accepted."""

    old_words: str = "seven houses"
    new_words: str = "eight houses"
    suggestion: str = "In the recording she says eight houses, not seven."
    reason: str = "The woman says “eight houses” in the recording; we had miscounted."
    published: datetime = datetime(2025, 4, 18, 8, 15, tzinfo=UTC)


CORRECTION = DemoCorrection()
OPEN_SUGGESTION = ("a nickname", "In the region “grach” is also the word for a duty officer. Worth asking?")
COMMENTS = (
    ("Orest", "Thank you for putting the original beside the translation. I could follow both."),
    (
        "M. from the left bank",
        "The second outlet’s clip leaves out the part about the children. Good that you say it is a copy.",
    ),
)
NEWSROOM_ANSWER = "It does. Both clips stand on the recording’s page, one above the other."
COMMENT_ON_WORDS = (
    "Dovan",
    "the lowest part of the Lower Velna district",
    "The mill quarter lies lower still. My cellar knows.",
)
HELD_COMMENT = ("A reader", "Will you publish the letter from October when the committee has it?")
