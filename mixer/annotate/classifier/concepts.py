"""Words that say what is asked, by concept: the same request in rarer words looks the same.

What a person would list for each; a word may stand for several concepts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mixer.annotate.classifier.tokens import tokenize

CONCEPTS = {
    "write": (
        "write compose draft author pen craft produce create generate make come prepare develop "
        "invent"
    ),
    "design": "design build plan outline devise construct",
    "tell": "tell narrate recount describe",
    "imagine": "imagine pretend suppose act roleplay play persona assume",
    "list": "list enumerate name give provide offer",
    "suggest": "suggest recommend propose brainstorm ideate",
    "explain": "explain clarify elaborate discuss teach illustrate define",
    "compare": "compare contrast differentiate distinguish",
    "answer": "answer respond reply",
    "summarize": "summarize summarise condense shorten abridge recap tldr boil",
    "summary": "summary summaries synopsis abstract gist overview recap takeaway highlights",
    "rewrite": (
        "rewrite rephrase paraphrase reword restate revise edit polish proofread fix correct "
        "improve simplify modify change convert transform turn reformulate adapt shorten expand "
        "rearrange replace reformat tidy clean formalize lengthen"
    ),
    "tone": (
        "formal informal polite casual professional friendly tone style grammar grammatical "
        "spelling punctuation typos voice tense passive active fluent concise concisely"
    ),
    "extract": (
        "extract identify find locate highlight pull pick spot detect retrieve underline mark "
        "tag collect gather"
    ),
    "classify": (
        "classify categorize categorise label determine decide judge rate predict tell check "
        "verify assess evaluate choose select indicate assign rank grade"
    ),
    "label": (
        "category categories label labels class classes sentiment positive negative neutral "
        "entailment contradiction toxic spam offensive sarcastic sarcasm true false polarity "
        "stance topic genre emotion intent relevant irrelevant correct incorrect acceptable "
        "plausible valid invalid duplicate objective subjective"
    ),
    "yes_no": "yes no",
    "translate": "translate translation translated translating",
    "language": (
        "english french spanish german italian chinese mandarin japanese korean russian arabic "
        "portuguese hindi latin dutch turkish polish swedish greek hebrew"
    ),
    "compute": (
        "calculate compute solve add subtract multiply divide sum evaluate simplify factor "
        "integrate derive"
    ),
    "number": (
        "equation equations sum product average mean median percent percentage probability "
        "fraction fractions area perimeter volume radius triangle angle number numbers digits "
        "digit integer integers remainder cost price distance speed total solution polynomial "
        "derivative integral matrix"
    ),
    "how_many": "many much",
    "coding": "implement code program debug refactor compile deploy parse sort iterate",
    "code": (
        "code function script program algorithm class method loop array string regex query sql "
        "html css javascript java python bash shell c++ c# php ruby rust golang typescript "
        "react api json xml yaml database table dataframe pandas numpy list dictionary variable "
        "command terminal linux git docker excel formula spreadsheet bug error exception syntax "
        "endpoint webpage website app component unit test snippet"
    ),
    "story": (
        "story stories tale poem poems haiku limerick sonnet lyrics song verse rhyme rap ballad "
        "fairy fable joke jokes pun puns riddle riddles fiction novel scene dialogue screenplay "
        "script monologue character plot fanfiction parody ode"
    ),
    "document": (
        "email e-mail letter essay article blog post report speech resume cv cover proposal "
        "memo announcement press release newsletter description bio biography review plan "
        "outline guide tutorial recipe itinerary agenda template presentation statement paper "
        "contract invitation toast paragraph"
    ),
    "advert": (
        "slogan slogans tagline taglines ad advert advertisement caption captions tweet tweets "
        "hashtag hashtags headline headlines title titles jingle motto copy pitch"
    ),
    "idea": (
        "idea ideas suggestion suggestions options option ways names tips tip activities "
        "activity gift gifts topics examples example recommendations recommendation themes "
        "theme alternatives possibilities"
    ),
    "given_text": (
        "text passage paragraph article sentence sentences document excerpt story review "
        "reviews email conversation dialogue dialog transcript tweet snippet context abstract "
        "note notes message letter report table list following above below given this these"
    ),
    "question": "question questions answer answers",
    "entity": (
        "entities entity names dates date places locations organizations people persons "
        "keywords keyword phrases phrase phone numbers address addresses email emails span "
        "spans nouns verbs adjectives mentioned mentions"
    ),
    "according": "according based mentioned passage paragraph text article context",
    "who_what": "what who whom whose which where when",
    "why": "why",
    "how": "how",
    "aux": "is are was were do does did can could should would will has have am",
    "greet": (
        "hi hello hey thanks thank bye goodbye welcome sorry ok okay sure great nice cool "
        "awesome wow haha lol please"
    ),
    "feel": "feel feeling love like hate miss sad happy tired bored lonely excited worried glad",
    "you": "you your yourself",
    "i": "i i'm i've my me mine we our us",
    "want": "want need help would like looking trying",
    "reorder": (
        "reverse concatenate count unscramble reorder arrange order sort remove replace shuffle "
        "rotate spell capitalize uppercase lowercase"
    ),
    "string": (
        "letters letter vowels vowel consonants words word characters character string strings "
        "alphabetical alphabet list lists toolformer tool tools apis function_call arguments"
    ),
    "format": (
        "bullet bullets points steps step table json csv markdown numbered words sentences "
        "paragraphs lines"
    ),
    "length": "short long brief detailed detail concise one two three four five ten",
    "option": "option options choices choice a b c d",
    "premise": "premise hypothesis entails imply implies inference statement claim evidence",
    "from_facts": "generate question given fact",
    "event": "happened happens happen next likely cause effect because reason result",
    "opinion": (
        "think thoughts opinion opinions believe prefer favorite favourite agree disagree "
        "recommend better best worst"
    ),
    "fill_in": (
        "blank blanks missing fill gap complete completion continue continuation finish ending"
    ),
    "media": (
        "movie movies show shows book books song songs album game games film films series "
        "podcast restaurant restaurants"
    ),
    "role": (
        "astronaut detective teacher chef wizard pirate king queen scientist alien robot knight "
        "expert assistant customer manager narrator hero villain"
    ),
    "doubt": "sure maybe know idea guess interesting agree understand wonder",
}


def concept_table() -> tuple[np.ndarray, np.ndarray]:
    """Hashes of words, uint64, ascending, and the concepts of each, uint64, a bit a concept."""
    found: dict[int, int] = {}
    for bit, words in enumerate(CONCEPTS.values()):
        for word in words.split():
            for form in _forms(word):
                found[_hash(form)] = found.get(_hash(form), 0) | 1 << bit
    hashes = sorted(found)
    return np.array(hashes, np.uint64), np.array([found[each] for each in hashes], np.uint64)


def _forms(word: str) -> Iterator[str]:
    """The word as it is and, where it may be a noun or a verb, with the usual endings."""
    yield word
    if not word.isalpha() or len(word) < 4:
        return
    yield f"{word}s"
    stem = word[:-1] if word[-1] in "ey" else word
    yield f"{stem}ing" if word[-1] != "y" else f"{word}ing"
    yield f"{stem}ied" if word[-1] == "y" else f"{stem}ed"
    if word[-1] == "y":
        yield f"{stem}ies"


def _hash(word: str) -> int:
    data = np.frombuffer(word.encode(), np.uint8)
    hashes, kinds = np.zeros(8, np.uint64), np.zeros(8, np.uint8)
    tokenize(data, 0, len(data), hashes, kinds)
    return int(hashes[0])
