"""Which records a mixture takes: goals (what is wanted), solve (how many), draw (which)."""
