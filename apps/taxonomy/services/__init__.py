"""Whatever changes the vocabularies."""

from apps.taxonomy.services.loading import LoadReport, taxonomy_load
from apps.taxonomy.services.terms import (
    alias_add,
    alias_remove,
    term_add,
    term_set_active,
    term_update,
)

__all__ = [
    "LoadReport",
    "alias_add",
    "alias_remove",
    "taxonomy_load",
    "term_add",
    "term_set_active",
    "term_update",
]
