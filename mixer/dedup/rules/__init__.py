"""What a text itself must be like, whatever else there is."""
