"""The table of rules that tell task types apart by the words of the ask.

The first rule that holds wins, so the order is the precedence: rare, telling words (programs,
languages) come before common verbs, and nouns that name a task ("a summary of") before the verbs
that go with everything ("write"). Verbs and nouns are looked up in sets, and a pattern runs only
after them: that keeps a row at some tens of microseconds.
"""

import re
from typing import NamedTuple

from mixer.annotate.rules.request import Request, word_set


class Rule(NamedTuple):
    """Holds when all of its conditions hold; a condition left out is not asked."""

    name: str
    task_type: str
    lead: frozenset[str]
    words: frozenset[str]
    asks: re.Pattern[str] | None
    needs_input: bool

    def holds(self, request: Request) -> bool:
        return (
            (not self.lead or request.lead in self.lead)
            and (not self.words or not self.words.isdisjoint(request.words))
            and (not self.needs_input or request.has_input)
            and (self.asks is None or self.asks.search(request.ask) is not None)
        )


def rule(  # noqa: PLR0913 - one keyword a column of the table
    name: str,
    task_type: str,
    *,
    lead: str = "",
    words: str = "",
    asks: str = "",
    needs_input: bool = False,
) -> Rule:
    """A rule from plain text: words are split at spaces, `asks` is a regular expression."""
    pattern = re.compile(asks) if asks else None
    return Rule(name, task_type, word_set(lead), word_set(words), pattern, needs_input)


# Not formatted: a formatter would spread each rule over ten lines, and this reads as a table.
# fmt: off
COMPOSE = (
    "write generate create compose make produce construct craft design develop draft build "
    "formulate devise prepare form give provide tell output come identify return add"
)

FIND = "find identify list recognize name pick indicate output underline select locate"

JUDGE = "determine detect decide predict judge tell check identify evaluate assess choose indicate"

EDIT = (
    "edit correct revise improve simplify modify alter reformulate transform shorten reorganize "
    "change convert replace turn fix remove reformat express expand update combine merge insert "
    "capitalize punctuate"
)

LANGUAGES = (
    "python java javascript typescript c++ c# php sql mysql html css bash perl ruby rust golang "
    "kotlin matlab node django numpy pandas regex jquery react linux git"
)

PROGRAMS = "code function script program sql algorithm regex snippet webpage loop method query"

# Programs first: their words are so rare elsewhere that they outrank every verb.
CODE_RULES = (
    rule("language named", "code",
         lead=f"{COMPOSE} implement debug fix explain convert translate modify optimize rewrite "
              "correct find how what in can is use show examine describe", words=LANGUAGES,
         asks=r"^(?!what is (?:python|java)\b)(?!is )"),
    rule("program asked for", "code", lead=f"{COMPOSE} implement code", words=PROGRAMS,
         asks=r"^\w+ (?:\S+ ){0,5}?(?:code|function|script|program|sql|algorithm|regex|"
              r"snippet)s?\b"),
    rule("program verbs", "code", lead="debug refactor implement code"),
    rule("given program", "code",
         lead=f"{EDIT} find explain identify describe what how debug rewrite",
         words="code script program", needs_input=True),
)

# The noun names the task ("write a summary"), so it goes before the verb does.
SUMMARY_RULES = (
    rule("translate", "translation", words="translate translating translation"),
    rule("say it in a language", "translation",
         asks=r"\bhow (?:do|would|to|can) (?:i|you|we)? ?say\b.*\bin \w+\b"),
    rule("summarize", "summarization", words="summarize summarise condense summarization tldr"),
    rule("summary of", "summarization", lead=f"{COMPOSE} summary what sum",
         words="summary gist headline tl;dr",
         needs_input=True),
    rule("title of", "summarization", lead=f"{COMPOSE} title suggest", words="title headline",
         asks=r"\b(?:title|headline)s? for (?:\w+ ){1,2}(?:article|review|text|passage|paper|"
              r"post|news|sentence|abstract)", needs_input=True),
    rule("sum up", "summarization", words="sum brief summary tl dr",
         asks=r"^(?:to )?sum up\b|in a brief manner|\bsummary ?[:?]?$|\btl;dr\b"),
)

# A closed set of answers makes it a choice, whatever is judged.
JUDGEMENT_RULES = (
    rule("classify", "classification", words="classify categorize categorise classifying"),
    rule("rate", "classification", lead="rate verify label"),
    rule("sentiment", "classification",
         words="sentiment toxic toxicity polarity spam ethical stars rating contradicts entails",
         asks=r"^(?!write|generate|create|explain|how (?:do|can))"),
    rule("judge", "classification", lead=JUDGE,
         asks=r"^\w+ (?:me |out )?(?:if|whether|which (?:of|category|class|type|part))\b|"
              r"^\w+ (?:\S+ ){0,3}?(?:sentiment|category|categories|tone|genre|emotion|intent|"
              r"label|relationship|part of speech|pos tag|class|type|programming language)\b"),
    rule("closed set spelt out", "classification",
         asks=r"\b(?:answer|output|respond|reply|return|write|indicate|"
              r"print)\b[^.]{0,40}?\b(?:yes|true|positive|1)\b[^.]{0,60}?\b(?:no|false|"
              r"negative|0)\b", needs_input=True),
    rule("true or not", "classification",
         words="or true factual fact claim sense meaning paraphrase label rate viewer reviewer",
         asks=r"\btrue or false\b|\byes or no\b|\bor not[.?:]?$|\bfactual statement|"
              r"\bverifiable fact|\bclaim (?:above )?(?:is )?(?:true|correct|false)|^claim:|"
              r"sentence make sense\?$|same meaning\?$|\bparaphrase\b.{0,60}\?$|what label\b|"
              r"how would you rate|\b(?:viewer|reviewer) (?:feel|enjoy)"),
)

# Before the verbs that change texts, which also convert and simplify numbers.
MATH_RULES = (
    rule("calculate", "math",
         lead="calculate compute solve solving multiply divide subtract integrate differentiate "
              "factor"),
    rule("numbers to find", "math",
         lead="find evaluate simplify convert given what apply",
         words="equation arithmetic numbers integers fraction triangle subsets measurement "
               "probability average median perimeter expression derivative integral"),
    rule("units", "math", lead="convert",
         asks=r"\d.*\b(?:feet|ft|inches|meters|metres|miles|km|pounds|kg|grams|degrees|celsius|"
              r"binary|decimal|hours|minutes|seconds|dollars|euros|liters|gallons|cm|percent|"
              r"fraction)\b|measurement"),
    rule("equation", "math", words="equation equations arithmetic", asks=r"\d"),
)

# Copying out of a given text, changing it, putting it in order.
TEXT_RULES = (
    rule("extract", "extraction", lead="extract highlight locate",
         asks=r"^\w+ (?!the answer)"),
    rule("keywords", "extraction", lead=f"{FIND} {COMPOSE} extract what",
         words="keyword keywords entity entities", needs_input=True),
    rule("spans", "extraction", lead=f"{FIND} determine",
         asks=r"^\w+ (?:\S+ ){0,4}?(?:phrases?|names? of|words?|characters|person|people|places|"
              r"nouns?|verbs?|adjectives?|adverbs?|dates?|doses?|subject|topic|participants?|"
              r"pronouns?)\b", needs_input=True),
    rule("rewrite", "rewrite",
         words="paraphrase rewrite rephrase reword paraphrased proofread rewriting"),
    rule("edit", "rewrite", lead=EDIT,
         words="sentence sentences text paragraph passage question statement phrase email essay "
               "message word words tone grammar following this story letter article review list "
               "response it title script",
         asks=r"^(?!turn (?:down|on|off|up)\b)"),
    rule("make it so", "rewrite", lead="make",
         asks=r"^make (?:the|this|it|these|my|that)\b.*\b(?:more|less|sound|into|better|shorter|"
              r"longer|simpler)\b"),
    rule("spelling and grammar", "rewrite", lead=f"{FIND} {EDIT} check tell",
         words="grammatical misspelling grammar spelling typos punctuation", needs_input=True),
    rule("say it otherwise", "rewrite", lead=COMPOSE,
         asks=r"paraphrased sentence|simplified sentence|(?:same|original) meaning"),
    rule("order of things", "other",
         lead="sort count reverse unscramble arrange rearrange reorder order alphabetize rank"),
)

# Before composing: "write ten ideas for" is a choice offered, not a text.
IDEA_RULES = (
    rule("answer wanted", "open_qa", lead=COMPOSE,
         asks=r"^(?:provide|formulate|give|generate|find) (?:an?|the|"
              r"your) (?:\w+ )?answer to (?:that|this|the following) question"),
    rule("ideas", "brainstorming",
         words="brainstorm ideas idea suggest suggestion suggestions recommend recommendations "
               "recommendation slogans nicknames",
         asks=r"^(?!i think|do you think|that's|those|write a|why|how do i)(?!.*(?:explain|"
              r"summary))"),
    rule("names to choose", "brainstorming", lead=f"{COMPOSE} list suggest think propose",
         words="names slogans titles nicknames resolutions hashtags",
         asks=r"^(?!identify|return|output)"),
    rule("some of many", "brainstorming",
         words="some few what which places things activities books movies websites think what's",
         asks=r"what are (?:some|a few) (?!.*\b(?:common|famous|tips|benefits|signs|symptoms|"
              r"reasons|causes|effects|examples|differences|facts|features|characteristics|"
              r"developments|advantages|disadvantages|species|(?:i|we|you) should|factors|steps|"
              r"can't)\b)|(?:what|which) (?:\w+ )?(?:movies?|books?|films?|shows?|songs?|"
              r"games?|gifts?|recipes?) (?:should|do you|would you|can you|could|are similar)|"
              r"\b(?:places|things|activities|books|movies|websites) (?:to (?:do|visit|see|watch|"
              r"read)|similar)\b|\bthink of (?:\w+ )?(?:activities|ways|topics|things|names)\b|"
              r"what(?:'s| is) a good (?:\S+ ){0,3}?(?:snack|gift|book|movie|name|present|game)\b"),
    rule("possible ways", "brainstorming", lead="think come list propose make brainstorm invent",
         asks=r"^(?:list|think of|come up with|propose) (?:\w+ ){0,2}?(?:possible|potential|"
              r"creative|new|ways)\b|^(?:invent|make up|come up with) (?:a|some) new\b"),
)

COMPOSED = (
    "story poem haiku song lyrics essay email letter speech advert advertisement ad slogan tweet "
    "blog post dialogue conversation script paragraph recipe joke article sentence sentences "
    "review caption itinerary plan schedule outline budget checklist report resume pitch "
    "metaphor bio profile template compliment invitation announcement narrative monologue "
    "biography proposal headline pun puns limerick rap fable plot character campaign reply "
    "response agenda jokes riddle statement quiz"
)

# Last, because "write" and "generate" go with everything above.
COMPOSE_RULES = (
    rule("question written", "generation", lead=f"{COMPOSE} craft ask",
         words="question questions questionnaire query quiz question-answer",
         asks=r"^\w+ (?:\S+ ){0,7}?(?:questions?|questionnaire|query|quiz|question-answer)\b"),
    rule("answer written", "closed_qa", lead="write generate",
         asks=r"^\w+ (?:the|your|an) answer\b", needs_input=True),
    rule("write", "generation", lead="write compose draft craft"),
    rule("text named", "generation", lead=f"{COMPOSE} complete continue describe imagine",
         words=COMPOSED),
    rule("complete", "generation", lead="complete continue", needs_input=True),
    rule("fill or predict text", "generation",
         asks=r"\bto complete the\b|^(?:predict|write|finish) the rest\b|<mask>"),
    rule("reply", "generation", lead="reply respond", needs_input=True),
    rule("persona", "generation",
         lead="act imagine pretend role roleplay role-play assume embody portray channel speak",
         asks=r"^(?!.*\?$)|^(?:act|pretend|role\S*|imagine (?:that )?(?:you're|you are|being))\b"),
    rule("persona given", "generation", lead="you you're",
         asks=r"^\S+ (?:are )?an? (?!lot\b|great\b|good\b)(?!.*\bexplain\b)"
              r"(?:(?!.*\?$)|.*\byour?\b.*\?$)"),
    rule("persona taken", "generation", lead="as",
         asks=r"^as an? [^,]{3,60}, (?!what|how|why|which|who|when|where|is|are|explain)"),
    rule("persona asked for", "generation",
         words="act pretend roleplay role-play style role persona perspective character",
         asks=r"\bact as an?\b|\bpretend (?:to be|you|that)\b|\brole-?play\b|\b(?:style|role|"
              r"persona|perspective|character) of\b"),
    rule("create", "generation", lead="generate create design compose produce",
         asks=r"^(?!.*\b(?:list|antonym|synonyms?|table)\b)"),
    rule("request for a text", "generation",
         asks=r"\b(?:recipe for|tell me a (?:joke|story)|(?:good|any) (?:puns?|jokes?)|"
              r"write (?:me )?an?|a creative ad|write a user story)\b"),
)

# No spaces between words: one character found lets the pattern run.
CHINESE_RULES = (
    rule("translate (zh)", "translation", words="翻 译", asks="翻译|译成|译为"),
    rule("summarize (zh)", "summarization", words="总 概 摘", asks="总结|概括|摘要"),
    rule("classify (zh)", "classification", words="分 判", asks="分类|判断"),
    rule("calculate (zh)", "math", words="计 解", asks="计算|解方程"),
    rule("extract (zh)", "extraction", words="提 抽", asks="提取|抽取"),
    rule("rewrite (zh)", "rewrite", words="改 润", asks="改写|润色|改成|修改"),
    rule("program (zh)", "code", words="代 编", asks="代码|编写.{0,12}(?:程序|函数)|编程"),
    rule("ideas (zh)", "brainstorming", words="推 建 点", asks="推荐|点子|提供.{0,8}建议"),
    rule("write (zh)", "generation", words="写 作 编", asks="写[一个首篇封段份]|写作|创作|编一"),
)
# fmt: on


RULES: tuple[Rule, ...] = (
    *CODE_RULES,
    *SUMMARY_RULES,
    *JUDGEMENT_RULES,
    *MATH_RULES,
    *TEXT_RULES,
    *IDEA_RULES,
    *COMPOSE_RULES,
    *CHINESE_RULES,
)
