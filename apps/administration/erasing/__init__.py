"""Forgetting a person: what is erased, what is kept under a pseudonym, and where their name still stands."""
