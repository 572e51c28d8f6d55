"""The taxonomy and the readable rules that apply it."""
