"""What licences are called, what they allow, and what holds where several meet."""
