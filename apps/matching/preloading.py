"""What processes read and never change: read before anybody waits for it, and then left alone by the collector.

Vocabularies, dictionary and encoder take some seconds and 190 MB. A worker reads them before it forks, so that its
processes share them. A web server's process looks nothing up in an index, and reads the dictionary for who types.
"""

import gc
import logging
from threading import Thread

from django.db import DatabaseError, connections
from django.urls import reverse

from apps.engine.blend import Parameters
from apps.engine.documents import Document
from apps.engine.scoring import Scorer
from apps.matching.documents import engine_segmenter, engine_taxonomy
from apps.matching.encoders import current_encoder
from apps.matching.suggestions import read_dictionary

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


def preload_web() -> Thread:
    """For a process of a web server, in the background: it answers meanwhile."""
    thread = Thread(target=settle, name="preload", daemon=True)
    thread.start()
    return thread


def settle() -> None:
    """Read what every page needs, and take it out of the collector's sight.

    To look through 300,000 objects that live as long as the process stops all of its threads for a fifth of a second,
    and long lists make it look every few dozen pages.
    """
    read_dictionary()
    reverse("home")  # imports every view
    gc.collect()
    gc.freeze()
