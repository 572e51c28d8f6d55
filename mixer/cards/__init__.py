"""What is known of data sets (source cards) and what happened to them (the mixture's card)."""
