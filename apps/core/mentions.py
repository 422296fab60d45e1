"""Looking for a word in several texts of a row."""

from django.db.models import Q


def mentioning(word: str, *texts: str) -> Q:
    """Rows in one of whose `texts` the word stands, in upper or lower case.

    A word of Chinese has neither: it is looked for as it is written, or PostgreSQL would fold every text of every row
    first, which takes twice as long as looking.
    """
    lookup = "contains" if word.lower() == word.upper() else "icontains"
    return Q(*[(f"{text}__{lookup}", word) for text in texts], _connector=Q.OR)
