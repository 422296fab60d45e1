"""The sentence encoder of this installation, read once per process; where there is none, what to do about it."""

import logging
from collections.abc import Sequence
from functools import cache
from itertools import batched
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.engine.documents import Document
from apps.engine.encoder import Encoder, EncoderMissing, available_encoder, missing_piece, with_vectors

logger = logging.getLogger(__name__)
SWITCHED_OFF = "off"
AT_ONCE = 512


@cache
def current_encoder() -> Encoder | None:
    """The encoder, or None where it is switched off or missing: matching then does without the meaning of texts.

    Reads the model at the first call, which takes a second or more: for workers and commands, not for web requests.
    """
    if settings.MATCHING_ENCODER == SWITCHED_OFF:
        logger.info("The sentence encoder is switched off (MATCHING_ENCODER).")
        return None
    try:
        encoder = available_encoder(directory())
    except EncoderMissing as error:
        logger.warning("Matching goes on without comparing meanings: %s.", error)
        return None
    logger.info("Meanings are compared with %s (%s dimensions).", encoder.name, encoder.dimensions)
    return encoder


def directory() -> Path | None:
    """The folder of a sentence-transformers model, where one is named instead of the built-in encoder."""
    named = settings.MATCHING_ENCODER
    return Path(named) if named and named != SWITCHED_OFF else None


def encoder_problem() -> str:
    """Why meanings are not compared, for people, "" where nothing stands in the way. Cheap: the model is not read."""
    if settings.MATCHING_ENCODER == SWITCHED_OFF:
        return _("语义编码器已关闭（MATCHING_ENCODER=off）。")
    missing = missing_piece(directory())
    return "" if missing is None else in_words(missing)


def in_words(missing: EncoderMissing) -> str:
    """What is missing and what to do, in one sentence or two."""
    if missing.package:
        return _("缺少语义编码器，请安装：pip install %(package)s。") % {"package": missing.package}
    return _("MATCHING_ENCODER 指向的文件夹里没有可读取的模型：%(directory)s。") % {"directory": directory()}


def with_meaning(documents: Sequence[Document]) -> list[Document]:
    """The documents with vectors where there is an encoder, as they are where there is none. Shows its progress."""
    encoder = current_encoder()
    if encoder is None:
        return list(documents)
    with tqdm(total=len(documents), desc=_("语义编码"), unit=_("条"), disable=None) as bar:
        found: list[Document] = []
        for batch in batched(documents, AT_ONCE):
            found += with_vectors(batch, encoder)
            bar.update(len(batch))
    return found


def without_meaning() -> str:
    """A closing line for commands that ranked without the encoder, "" where it took part."""
    if current_encoder() is not None:
        return ""
    problem = encoder_problem() or _("语义编码器无法读取，原因见日志。")
    return _("本次排序未比较语义：%(problem)s") % {"problem": problem}
