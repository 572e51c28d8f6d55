"""Task type and form by a linear model over what is asked and how."""
