"""Short transcripts in three languages: public domain (Lincoln 1863, Tolstoy 1878) and invented."""

from onrecord.text.transcripts import Segment, Transcript, Word

GETTYSBURG = [
    (
        "Lincoln",
        "Four score and seven years ago our fathers brought forth on this continent a new nation, "
        "conceived in Liberty, and dedicated to the proposition that all men are created equal.",
    ),
    (
        "Lincoln",
        "Now we are engaged in a great civil war, testing whether that nation, or any nation so "
        "conceived and so dedicated, can long endure.",
    ),
    (
        "Lincoln",
        "We are met on a great battle-field of that war.",
    ),
    (
        "Lincoln",
        "But, in a larger sense, we can not dedicate, we can not consecrate, we can not hallow this ground.",
    ),
    (
        "Lincoln",
        "The brave men, living and dead, who struggled here, have consecrated it, far above our "
        "poor power to add or detract.",
    ),
    (
        "Lincoln",
        "The world will little note, nor long remember what we say here, but it can never forget what they did here.",
    ),
    (
        "Lincoln",
        "It is for us the living, rather, to be dedicated here to the unfinished work which they "
        "who fought here have thus far so nobly advanced.",
    ),
]
CALL = [
    (
        "A woman",
        "Hello? Yes, uh, I can hear you. The water came over the dam at nineteen fifty, no, twenty oh five.",
    ),
    ("A man", "How many people are in the school, forty or fifty?"),
    ("A woman", "About, about two hundred and sixty people, and th-, there's no bread since Tuesday."),
    ("A man", "Nobody told us to leave. They don't answer the telephone."),
    ("A woman", "It's terrible. The commander may send boats tomorrow, he said, but I don't believe him."),
    ("A man", "Uh-huh."),
    ("A woman", "We must get the children out before the bridge falls into the river."),
    ("A man", "The mayor has twenty-two thousand dollars for the whole district."),
    ("A woman", "That's what, that's what they promised in the spring, you know, and nothing happened."),
    ("A man", "I was told that the fucking pump broke. (Laughs.) Petrenko saw it."),
    ("A woman", "I don't know who told whom, and I, I do not care."),
]
UKRAINIAN = [
    ("Жінка", "Вода прийшла вночі, і ми не встигли забрати худобу з подвір'я."),
    ("Чоловік", "У школі зараз двадцять п'ять дітей, а хліба немає з вівторка."),
    ("Жінка", "Нам сказали, що автобуси приїдуть завтра зранку, але міст уже під водою."),
    ("Чоловік", "Я більше не вірю жодному слову, яке говорить голова району."),
    ("Жінка", "Кожна родина повинна отримати допомогу до кінця місяця."),
]
RUSSIAN = [
    (
        "Женщина",
        "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.",
    ),
    ("Мужчина", "Все смешалось в доме Облонских."),
    ("Женщина", "Мы уехали из посёлка ночью, потому что вода поднялась на два метра."),
    ("Мужчина", "Никто не предупредил нас, и лодок не было до четверга."),
    ("Женщина", "Я должна забрать мать, она осталась одна на том берегу реки."),
]


def transcript(id, language, lines, masked=()):
    """A transcript with 300 ms a word; words in `masked` (bare) are profanity."""
    segments, at = [], 0
    for n, (speaker, text) in enumerate(lines, start=1):
        words = []
        for k, word in enumerate(text.split(), start=1):
            mask = "profanity" if word.strip(".,") in masked else None
            words.append(Word(f"{id}.s{n}w{k}", word, at, at + 300, mask=mask))
            at += 300
        segments.append(Segment(f"{id}.s{n}", words[0].start_ms, at, speaker, tuple(words)))
        at += 200
    return Transcript(id, language, tuple(segments))


RECORD = (
    transcript("address", "en", GETTYSBURG),
    transcript("call", "en", CALL, masked=["fucking"]),
    transcript("uk", "uk", UKRAINIAN),
    transcript("ru", "ru", RUSSIAN),
)
