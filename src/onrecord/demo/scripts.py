"""What is said in the demo's recordings, with English translations.

Everything is invented: the Velna and its lower district, Osotnia, Velnohirsk, the organisations, the people
and the flood. A masked word is written as in the desk: `{profanity|word}`. Clarifications by the translator
stand in [brackets]. The texts contradict each other on purpose, as accounts of one night do: people are
offered a way out, people are kept from leaving; the sluice will be opened on Tuesday, it was never opened.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn; `pause_ms` is the silence before it, and `english` is None where English is spoken."""

    speaker: str
    text: str
    english: str | None = None
    pause_ms: int = 320


WOMAN = "A woman"
HUSBAND = "A man who appears to be her husband"
BROTHER = "A man who appears to be her brother"
CHAIR = "The chair of the committee"
OFFICIAL = "An official of the district administration"
ENGINEER = "An engineer of the river authority"

CALL_RU = (
    Turn(WOMAN, "Алло. Алло, ты меня слышишь?", "Hello. Hello, can you hear me?", 700),
    Turn(
        HUSBAND,
        "Слышу. Плохо, но слышу. Ты где, ещё в Осотне?",
        "I can hear you. Badly, but I can. Where are you, still in Osotnia?",
    ),
    Turn(
        WOMAN,
        "Дома. Вода уже во дворе, у сарая по щиколотку.",
        "At home. The water’s in the yard already, ankle-deep by the shed.",
    ),
    Turn(
        HUSBAND,
        "Как дома? Ты же сказала, что вы утром выехали.",
        "What do you mean, at home? You said you left this morning.",
    ),
    Turn(
        WOMAN,
        "Выехали. Доехали до моста, а там стоят и никого не выпускают.",
        "We did leave. We got as far as the bridge, and they stand there and let no one out.",
    ),
    Turn(HUSBAND, "Кто стоит?", "Who does?", 200),
    Turn(
        WOMAN,
        "Я не знаю. Двое в жилетах, без нашивок. Говорят: разворачивайтесь, проезд по пропускам.",
        "I don’t know. Two men in vests, no badges. They say: turn around, you need a pass to get through.",
        420,
    ),
    Turn(HUSBAND, "По каким ещё пропускам?", "What pass?"),
    Turn(
        WOMAN,
        "По бумаге из администрации. А администрация с понедельника закрыта.",
        "A paper from the [district] administration. And the administration has been closed since Monday.",
    ),
    Turn(
        HUSBAND,
        "Какой, {profanity|блядь}, пропуск, если вода во дворе?",
        "What {profanity|fucking} pass, when there’s water in the yard?",
        260,
    ),
    Turn(WOMAN, "Не кричи. Тут дети.", "Don’t shout. The children are here.", 650),
    Turn(
        HUSBAND,
        "Прости. Много вас там осталось?",
        "I’m sorry. Are there many of you left there?",
        900,
    ),
    Turn(
        WOMAN,
        "На нашей улице восемь домов. Тамара с матерью, а мать не встаёт. На руках ведь не понесёшь.",
        "Eight houses on our street. Tamara and her mother, and her mother can’t get up. You can’t very"
        " well carry her [to the bridge] in your arms.",
    ),
    Turn(
        HUSBAND,
        "А по радио говорят, автобусы стоят и никто не едет.",
        "But on the radio they say the buses are waiting and nobody is getting on.",
    ),
    Turn(
        WOMAN,
        "Я за три дня ни одного автобуса не видела. Ни одного.",
        "In three days I haven’t seen a single bus. Not one.",
    ),
    Turn(
        HUSBAND,
        "Подожди. Найди Грача, он у них на мосту старший. Скажи, что ты от меня.",
        "Wait. Find Grach, he’s in charge of them on the bridge. Tell him I sent you.",
        500,
    ),
    Turn(
        WOMAN,
        "Твой Грач меня вчера и развернул.",
        "It was your Grach who turned me back yesterday.",
        700,
    ),
    Turn(HUSBAND, "Понятно.", "I see.", 1100),
    Turn(
        WOMAN,
        "Сказали, со вторника и пешком никого не пустят.",
        "They said that starting Tuesday they won’t let anyone through on foot either.",
    ),
    Turn(HUSBAND, "Кто сказал?", "Who said?", 200),
    Turn(
        WOMAN,
        "Он и сказал. И ещё сказал, чтобы никому не звонили.",
        "He did. And he said not to call anyone.",
    ),
    Turn(
        HUSBAND,
        "Слушай меня. Документы, воду, лекарства на чердак. И телефон зря не включай.",
        "Listen to me. Papers, water, medicine, up to the attic. And don’t turn the phone on for nothing.",
        480,
    ),
    Turn(
        WOMAN,
        "Я не воды боюсь. Я боюсь, что про нас просто забудут.",
        "It’s not the water I’m afraid of. I’m afraid they’ll simply forget about us.",
        800,
    ),
    Turn(
        HUSBAND,
        "Не забудут. Завтра сам приеду, хоть на лодке.",
        "They won’t. I’ll come myself tomorrow, by boat if I have to.",
        520,
    ),
)

CALL_UK = (
    Turn(
        BROTHER,
        "Алло, це ти? Нарешті. Я третій день тебе набираю.",
        "Hello, is that you? At last. I’ve been ringing you for three days.",
        600,
    ),
    Turn(
        WOMAN,
        "Тут зв’язок тільки на другому поверсі. Ви ще вдома?",
        "There’s a signal only on the second floor here. Are you still at home?",
    ),
    Turn(
        BROTHER,
        "Вдома. Світла нема, телефон у машині заряджаю. А ти де?",
        "At home. There’s no power, I charge the phone in the car. And where are you?",
    ),
    Turn(
        WOMAN,
        "У Вельногірську, у школі. Нас тут двісті людей, дають гарячу їжу й ковдри.",
        "In Velnohirsk, at the school. There are two hundred of us here, they give us hot food and blankets.",
    ),
    Turn(BROTHER, "То ви таки виїхали.", "So you did leave.", 520),
    Turn(
        WOMAN,
        "Виїхали, бо нам запропонували. Прийшли в кожну хату, питали, записали.",
        "We left because it was offered to us. They came to every house, asked, wrote everyone down.",
    ),
    Turn(
        BROTHER,
        "До нас теж приходили. Двоє, з рятувальної служби.",
        "They came to us, too. Two of them, from the rescue service.",
    ),
    Turn(WOMAN, "І що ти їм сказав?", "And what did you tell them?", 240),
    Turn(
        BROTHER,
        "Що нікуди не поїду. Корову я куди подіну?",
        "That I’m not going anywhere. Where would I put the cow?",
        480,
    ),
    Turn(
        WOMAN,
        "Яку корову? Вода вже на Млиновій.",
        "What cow? The water’s on Mlynova [Street] already.",
        240,
    ),
    Turn(BROTHER, "На Млиновій вона щовесни.", "It’s on Mlynova every spring."),
    Turn(
        WOMAN,
        "Не така. Інженер казав на зборах: метр двадцять за ніч.",
        "Not like this. The engineer said at the meeting: a metre twenty in one night.",
    ),
    Turn(
        BROTHER,
        "А автобус коли? Мені сказали, аж у суботу.",
        "And when is the bus? They told me not before Saturday.",
    ),
    Turn(
        WOMAN,
        "Яка, в {profanity|сраку}, субота, коли вода сьогодні?",
        "What {profanity|fucking} Saturday, when the water is here today?",
        220,
    ),
    Turn(BROTHER, "Не лайся. Що сказали, те й кажу.", "Don’t swear. I’m telling you what I was told.", 700),
    Turn(
        WOMAN,
        "Автобуси зранку стоять біля мосту. Порожні, я сама бачила.",
        "The buses have been standing at the bridge since morning. Empty, I saw them myself.",
        420,
    ),
    Turn(
        BROTHER,
        "А Петро каже, що через міст нікого не пускають.",
        "But Petro says they don’t let anyone across the bridge.",
    ),
    Turn(
        WOMAN,
        "Нас пропустили без жодного папірця.",
        "They let us through without a single piece of paper.",
    ),
    Turn(BROTHER, "Може, вас пропустили, а інших ні.", "Maybe they let you through, and others not.", 620),
    Turn(
        WOMAN,
        "Може. Я кажу тільки те, що бачила.",
        "Maybe. I’m only telling you what I saw.",
        760,
    ),
    Turn(
        BROTHER,
        "А хату на кого лишу? Винесуть усе.",
        "And who do I leave the house to? They’ll carry everything off.",
    ),
    Turn(
        WOMAN,
        "Вода винесе. Кажуть, з вівторка відкриють шлюз, і тоді вже нікого не питатимуть.",
        "The water will. They say that starting Tuesday they’ll open the sluice, and then nobody will be"
        " asked any more.",
    ),
    Turn(
        WOMAN,
        "Бери собаку, документи й виходь на дорогу.",
        "Take the dog and your papers and come out to the road.",
        520,
    ),
    Turn(BROTHER, "Я подумаю.", "I’ll think about it.", 1000),
    Turn(
        WOMAN,
        "Не думай. Я чекатиму біля мосту, доки не стемніє.",
        "Don’t think. I’ll be waiting at the bridge until it gets dark.",
        400,
    ),
)

HEARING_EN = (
    Turn(
        CHAIR,
        "Good morning. This is the third sitting of the committee on the Velna flood. Today we hear the"
        " district administration and the river authority.",
        None,
        900,
    ),
    Turn(CHAIR, "Let me begin with a simple question. When was the order to evacuate given?", None, 700),
    Turn(OFFICIAL, "On Monday, the fourteenth of April, at ten in the evening.", None, 600),
    Turn(CHAIR, "And when did the first bus leave Osotnia?"),
    Turn(OFFICIAL, "According to our log, on Wednesday, at six in the morning.", None, 700),
    Turn(CHAIR, "That is thirty-two hours.", None, 800),
    Turn(
        OFFICIAL,
        "The road was under water, Madam Chair. We could not send people out into the dark.",
        None,
        500,
    ),
    Turn(
        CHAIR,
        "Two recordings have been published in which residents speak of the bridge. One of them says that"
        " she was turned back. Were people turned back?",
        None,
        600,
    ),
    Turn(
        OFFICIAL,
        "Nobody was kept from leaving. There was a checkpoint, and its task was to count people, not to stop them.",
        None,
        700,
    ),
    Turn(CHAIR, "Who ordered the checkpoint?", None, 400),
    Turn(OFFICIAL, "I would have to look that up.", None, 1100),
    Turn(CHAIR, "Please do. Was a pass required?", None, 500),
    Turn(OFFICIAL, "Not by us.", None, 600),
    Turn(
        CHAIR,
        "Thank you. I turn to the engineer. What did the gauge at the upper sluice show that night?",
        None,
        900,
    ),
    Turn(
        ENGINEER,
        "Four metres ten at midnight, and five metres thirty at six. That is a rise of one metre twenty in six hours.",
        None,
        600,
    ),
    Turn(CHAIR, "Had you seen such a rise before?", None, 400),
    Turn(ENGINEER, "Not in the thirty-one years for which we have records."),
    Turn(CHAIR, "Whom did you warn?"),
    Turn(
        ENGINEER,
        "We telephoned the duty officer at twenty past midnight, and again at two. The second call was not answered.",
        None,
        500,
    ),
    Turn(CHAIR, "Do you have the log with you?", None, 600),
    Turn(
        ENGINEER,
        "I do. And I want to correct something. People were told that the sluice would be opened on"
        " Tuesday. It was not opened on Tuesday. It was not opened at all.",
    ),
    Turn(CHAIR, "Why not?", None, 700),
    Turn(
        ENGINEER,
        "Because one of the two gates has not moved since last autumn. We reported that in October, in writing.",
        None,
        600,
    ),
    Turn(CHAIR, "To whom?", None, 240),
    Turn(ENGINEER, "To the administration.", None, 500),
    Turn(
        CHAIR,
        "Then the committee will ask for that letter. We meet again on the twentieth of May.",
        None,
        1000,
    ),
)
