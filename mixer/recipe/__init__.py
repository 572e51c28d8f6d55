"""The recipe: YAML 1.2 → frozen, typed objects."""
