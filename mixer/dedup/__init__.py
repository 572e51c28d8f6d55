"""Steps that find records said before: one module a step."""
