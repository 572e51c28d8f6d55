"""Which records a mixture takes.

goals, share, presets      what is wanted, in the recipe's words
cells, supply, rank,       the combinations of values that occur, and the queue of records of
diverse, draw              each, by a seeded hash or by what it holds
targets, problem           goals as linear bounds on what cells give
solve, project             the draw closest to natural proportion that meets them,
round_rows, margins        in whole rows
feasible, short            why goals cannot be met, and what each remedy costs
split, order               which side a row is on, and where it stands
"""
