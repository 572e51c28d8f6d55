"""What a record asks for: 13 task types, 3 forms of answer, 3 components of alignment.

Each name comes with the one line that decides it. A `task_type` says what the prompt asks for,
a `form` what kind of answer it calls for, and a `component` which part of alignment it feeds.
The last turn of the user decides, read in its context. How upstream's names for tasks map to these
is in annotate/upstream, one file a catalogue; `task_type_by` says whose label a record has.
"""

TASK_TYPES: dict[str, str] = {
    "generation": "compose a text that was not there before: a story, letter, advert, question",
    "brainstorming": "offer ideas, names or suggestions for the reader to choose from",
    "open_qa": "answer from knowledge or reasoning: facts, how-to, advice, opinions",
    "closed_qa": "answer a question from a passage, table or dialogue in the prompt",
    "summarization": "say a given text in fewer words, down to a headline",
    "rewrite": "change a given text: paraphrase, correct, simplify, restyle, reformat",
    "extraction": "copy names, fields, keywords or spans out of a given text",
    "classification": "choose a label from a closed set for a given input",
    "chat": "talk for its own sake: greetings, thanks, remarks, questions about the assistant",
    "code": "write, explain, repair or convert program code, queries or commands",
    "math": "compute or solve a problem whose answer is worked out with numbers or symbols",
    "translation": "carry a text from one natural language into another",
    "other": "none of these: sorting, counting, tool calls, games, unclear or empty prompts",
}

FORMS: dict[str, str] = {
    "short_answer": "a label, number, name, span or one plain sentence is a full answer",
    "long_form": "an informative answer of several sentences, items or lines",
    "creative": "something invented: fiction, verse, a persona, an advert, ideas",
}

COMPONENTS: dict[str, str] = {
    "instruction": "short-answer tasks of the academic kind",
    "open_ended": "prompts that call for a creative or long-form answer",
    "feedback": "records that carry a preference, a ranking or a score",
}

TASK_TYPE_BY: dict[str, str] = {
    "upstream": "the source states the task: a category, a template, a field",
    "model": "judged from the text, for want of such a statement",
}

# The ten use cases of InstructGPT's Table 1 have no place of their own for three of ours.
INSTRUCTGPT_USE_CASES: dict[str, str] = {
    **{task_type: task_type for task_type in TASK_TYPES},
    "code": "other",
    "math": "other",
    "translation": "rewrite",
}
