"""P3, the prompts of T0 (Sanh et al. 2021): the data set a template reads, and what it turns round.

A template is named after its data set and what it asks: `quoref_Guess_Title_For_Context`. Most of a
data set's templates ask for its own task; those that do not are listed by their patterns. A data
set whose templates differ too much (PIQA, SQuAD 2, MultiRC), or whose task lies between two of the
taxonomy (QuaRel's stories of one line, endings to choose, topics of questions), decides nothing.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from mixer.annotate.upstream.stated import Names, Stated, by_name

_CLASSIFICATION = Stated("classification", "short_answer")
_CLOSED_QA = Stated("closed_qa", "short_answer")
_OPEN_QA = Stated("open_qa", "short_answer")
_SHORT_SUMMARY = Stated("summarization", "short_answer")
_REWRITE = Stated("rewrite", "short_answer")
_EXTRACTION = Stated("extraction", "short_answer")
_QUESTION = Stated("generation", "short_answer")
_INVENTED = Stated("generation", "creative")
_ARTICLE = Stated("generation", "long_form")

# The name of a data set, as templates begin with it.
DATA_SETS: Names = by_name(
    [
        (
            _CLASSIFICATION,
            (
                *("ag_news", "amazon_polarity", "anli", "app_reviews", "dbpedia_14", "glue_cola"),
                *("glue_mnli", "glue_mrpc", "glue_qnli", "glue_qqp", "glue_rte", "glue_sst2"),
                *("glue_wnli", "imdb", "paws", "rotten_tomatoes", "super_glue_axb"),
                *("super_glue_axg", "super_glue_cb", "super_glue_rte", "super_glue_wic"),
                *("trec", "yelp_polarity", "yelp_review_full"),
            ),
        ),
        (
            _CLOSED_QA,
            (
                *("adversarial_qa", "cosmos_qa", "dream", "duorc", "qasc", "quail", "quartz"),
                *("quoref", "race", "ropes", "sciq", "social_i_qa", "super_glue_boolq"),
                *("super_glue_record", "wiki_hop", "wiqa"),
            ),
        ),
        (
            _OPEN_QA,
            (
                *("ai2_arc", "commonsense_qa", "cos_e", "kilt_tasks_hotpotqa", "openbookqa"),
                *("trivia_qa", "web_questions"),
            ),
        ),
        (Stated("summarization", "long_form"), ("cnn_dailymail", "multi_news")),
        (_SHORT_SUMMARY, ("gigaword", "xsum")),
        (Stated("summarization"), ("samsum",)),
        (_QUESTION, ("common_gen",)),
        (
            None,
            (
                *("hellaswag", "piqa", "quarel", "squad_v2", "story_cloze", "super_glue_copa"),
                *("super_glue_multirc", "super_glue_wsc.fixed", "wiki_bio", "wiki_qa"),
                *("winogrande",),
            ),
        ),
    ]
)

# The first pattern that the whole name of a template matches wins over its data set.
TURNED: tuple[tuple[str, Stated | None], ...] = (
    ("adversarial_qa_*_generate_question", _QUESTION),
    ("ai2_arc_*_pick_false_options", None),
    ("app_reviews_generate_review", _INVENTED),
    ("cnn_dailymail_*_spice_up_story", _ARTICLE),
    ("cnn_dailymail_*_generate_story", _ARTICLE),
    ("common_gen_sentence_to_concepts", _EXTRACTION),
    ("common_gen_topics_from_the_sentence", _EXTRACTION),
    ("commonsense_qa_answer_to_question", _QUESTION),
    ("cosmos_qa_context_answer_to_question", _QUESTION),
    ("cosmos_qa_only_question_answer", _OPEN_QA),
    ("dream_answer_to_dialogue", _INVENTED),
    ("dream_generate_*_utterance", _INVENTED),
    ("duorc_*_build_story_around_qa", _INVENTED),
    ("duorc_*_generate_question*", _QUESTION),
    ("duorc_*_title_generation", _SHORT_SUMMARY),
    ("gigaword_reverse_writing", _ARTICLE),
    ("gigaword_write_an_article", _ARTICLE),
    ("glue_mrpc_generate_*", _REWRITE),
    ("multi_news_expand_reverse_task_", _ARTICLE),
    ("paws_*_paraphrase_task", _REWRITE),
    ("qasc_is_correct_*", _CLASSIFICATION),
    ("quoref_Guess_Title_For_Context", _SHORT_SUMMARY),
    ("race_*_Is_this_the_right_answer", _CLASSIFICATION),
    ("race_*_Write_a_multi_choice_question_*", Stated("generation")),
    ("samsum_Write_a_dialogue_that_match_this_summary", _INVENTED),
    ("sciq_*_Closed_Book_", _OPEN_QA),
    ("social_i_qa_Check_if_a_random_answer_is_valid_or_not", _CLASSIFICATION),
    ("social_i_qa_Generate_the_question_from_the_answer", _QUESTION),
    ("trivia_qa_*_guess_question", _QUESTION),
    ("wiki_bio_guess_person", _CLOSED_QA),
    ("wiki_bio_who", _ARTICLE),
    ("wiki_hop_*_generate_subject_and_object", _EXTRACTION),
    ("wiki_qa_Decide_good_answer", _CLASSIFICATION),
    ("wiki_qa_Direct_Answer_to_Question", _OPEN_QA),
    ("wiki_qa_Generate_Question_from_Topic", _QUESTION),
    ("wiki_qa_Is_This_True_", _CLASSIFICATION),
    ("wiki_qa_Jeopardy_style", _QUESTION),
    ("wiki_qa_automatic_system", _CLASSIFICATION),
    ("wiki_qa_exercise", _CLASSIFICATION),
    ("wiki_qa_found_on_google", _CLASSIFICATION),
    ("wiqa_*supposed_perturbation*", _CLASSIFICATION),
)


def of_template(name: str) -> Stated | None:
    """The label of a template by its name; None too where the data set is not known."""
    for pattern, label in TURNED:
        if fnmatchcase(name, pattern):
            return label
    known = [each for each in DATA_SETS if name.startswith(f"{each}_")]
    return DATA_SETS[max(known, key=len)] if known else None
