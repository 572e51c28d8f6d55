"""Everything that mixer raises on purpose.

MixerError              a sentence for the user, exit code 1
├── RecipeError         the recipe is wrong (names the line)
├── InputError          a file, folder or hub source cannot be read
├── OutputError         the output folder cannot be written
├── GoalMissed          the records cannot meet the goals: says why, exit code 3
└── BadRow              one upstream row cannot become a record: quarantine, or stop
"""


class MixerError(Exception):
    """One clear sentence: what is wrong, where, what to try."""


class RecipeError(MixerError):
    """The recipe cannot be used as written."""


class InputError(MixerError):
    """A source cannot be read."""


class OutputError(MixerError):
    """A result cannot be written where it was asked for."""


class GoalMissed(MixerError):  # noqa: N818 - what happened to the goal, not a fault
    """The mixture that was asked for does not exist; the text says why and what to try."""


class BadRow(MixerError):  # noqa: N818 - named after the thing that goes to quarantine
    """An upstream row that does not parse; the text is the reason that quarantine shows."""
