"""The phases of a build, each with the task it hands to an engine."""
