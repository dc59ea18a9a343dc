"""Pages, by the noun that they show."""
