"""What every process of a worker reads and none changes: read once, before they are forked, and so shared by all.

Vocabularies, dictionary and encoder take some seconds and 190 MB. Read by each process for itself, they are that much
once more for each, and whoever waits for the first match of a new process waits for them too.
"""

import gc
import logging

from django.db import DatabaseError, connections

from apps.engine.blend import Parameters
from apps.engine.documents import Document
from apps.engine.scoring import Scorer
from apps.matching.documents import engine_segmenter, engine_taxonomy
from apps.matching.encoders import current_encoder

logger = logging.getLogger(__name__)
ANY_DOCUMENT = Document("any", "表面耐磨涂层")


def preload() -> None:
    """Call before processes are forked. A database that is away now is read by each process when it is back."""
    try:
        scorer = Scorer(engine_taxonomy(), Parameters(), engine_segmenter())
    except DatabaseError as error:
        logger.warning("The vocabularies cannot be read yet: %s", error)
        return
    finally:
        connections.close_all()  # no process may write on another's connection
    scorer.query(ANY_DOCUMENT, of_need=True)  # dictionary and frequencies are read with the first text
    current_encoder()
    gc.collect()
    gc.freeze()  # the collector leaves what is shared alone: marking it would copy it
