"""What a person sees: progress, statistics and tables."""
