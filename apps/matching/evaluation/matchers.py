"""Matchers for a judged set: the same vocabularies, reader and dictionary as `rank_files`."""

from collections.abc import Sequence

from django.conf import settings

from apps.engine.blend import Parameters
from apps.engine.counted import TermCounter
from apps.engine.documents import Document
from apps.engine.matcher import Matcher
from apps.engine.taxonomy import Taxonomy
from apps.matching.evaluation.contenders import MakeMatcher
from apps.matching.file_documents import FileDocuments, seed_segmenter, seed_taxonomy


def file_reader() -> FileDocuments:
    """Reads needs and capabilities as `rank_files` does."""
    return FileDocuments(_taxonomy(), ids_without_space=False)


def matcher_maker(capabilities: Sequence[Document]) -> MakeMatcher:
    """Fits matchers to the same capabilities with parameters of one's choice; texts are cut once for all of them."""
    words = settings.SEEDS_DIR / "dictionary" / "domain_words.txt"
    segmenter = seed_segmenter(_taxonomy(), words, settings.VAR_DIR / "jieba")
    counted = TermCounter(segmenter, _taxonomy()).count(capabilities)

    def make(parameters: Parameters) -> Matcher:
        matcher = Matcher(taxonomy=_taxonomy(), segmenter=segmenter, parameters=parameters)
        return matcher.fit(capabilities, counted)

    return make


def _taxonomy() -> Taxonomy:
    return seed_taxonomy(settings.SEEDS_DIR / "taxonomy")
