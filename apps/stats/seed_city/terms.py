"""The vocabularies by code, read once: the city writes hundreds of thousands of links to them."""

from apps.taxonomy.models import Term, Vocabulary


class Terms:
    """KeyError names a code that is in no vocabulary."""

    def __init__(self) -> None:
        rows = Term.objects.values_list("vocabulary", "code", "pk", "name")
        self._found = {(vocabulary, code): (pk, name) for vocabulary, code, pk, name in rows}

    def pk(self, vocabulary: Vocabulary, code: str) -> int:
        return self._found[vocabulary.value, code][0]

    def name(self, vocabulary: Vocabulary, code: str) -> str:
        return self._found[vocabulary.value, code][1]

    def codes(self, vocabulary: Vocabulary) -> list[str]:
        return [code for found, code in self._found if found == vocabulary.value]
