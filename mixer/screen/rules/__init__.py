"""What screens need inside: which texts of a record they look at, and the patterns they share."""
