"""A dataset repository on the Hugging Face hub, as `mixer push` writes it."""
