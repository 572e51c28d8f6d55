"""Which records hold text of evaluation sets: the rules, the index of items, the search."""
