"""Where bytes come from: files, compressed or in archives, and the Hugging Face hub."""
