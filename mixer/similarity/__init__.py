"""How alike texts are: shingles, and the families of texts that are near-duplicates."""
