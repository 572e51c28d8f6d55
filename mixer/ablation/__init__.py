"""Mixtures that differ in one component with all else equal, and what results on them say."""
