"""What the engine is given in a fresh installation: vocabularies and dictionaries of the seeds, without a database."""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from apps.engine.counted import TermCounter
from apps.engine.encoder import Encoder, available_encoder
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter
from benchmarks.clauses import SEEDS
from benchmarks.figure import ROOT

WORDS = SEEDS / "dictionary" / "domain_words.txt"


def scratch() -> Path:
    """Where benchmarks keep what takes long to make: below the installation's own folder for such things.

    BENCHMARKS_SCRATCH names another folder: a process in an installation of its own shares what the others keep.
    """
    named = os.environ.get("BENCHMARKS_SCRATCH")
    folder = Path(named) if named else Path(os.environ.get("MATCHSVC_VAR") or ROOT / "var") / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


@cache
def taxonomy() -> Taxonomy:
    _with_settings()
    from apps.matching.file_documents import seed_taxonomy  # noqa: PLC0415 - the seeds' reader needs the settings

    return seed_taxonomy(SEEDS / "taxonomy")


@cache
def segmenter() -> Segmenter:
    """The service's own, with every name of the vocabularies."""
    _with_settings()
    from apps.matching.documents import make_segmenter  # noqa: PLC0415 - as above

    return make_segmenter(taxonomy(), WORDS, scratch() / "jieba")


@cache
def counter() -> TermCounter:
    return TermCounter(segmenter(), taxonomy())


@cache
def encoder() -> Encoder:
    return available_encoder()


def dictionary() -> Sequence[str]:
    """The words that the segmenter keeps whole, for peers that cut likewise."""
    return segmenter().dictionary


def _with_settings() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
    import django  # noqa: PLC0415 - only those who read the seeds need it

    django.setup()
