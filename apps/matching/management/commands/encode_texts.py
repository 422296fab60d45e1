"""`manage.py encode_texts`: give every open need and capability its vectors of meaning at once."""

from argparse import ArgumentParser
from itertools import batched
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.capabilities.models import Capability
from apps.matching.encoders import current_encoder, encoder_problem
from apps.matching.fingerprints import Model
from apps.matching.models import TextVector
from apps.matching.vectors import AT_ONCE, ensure, forget_other_encoders, missing
from apps.needs.models import Need

NAMES: dict[Model, str] = {Need: "需求", Capability: "资源"}


class Command(BaseCommand):
    help = (
        "为已发布的需求和资源计算语义向量（平台平时在后台逐条计算；大批导入或更换编码器之后可以一次补齐）。/ "
        "Encode open needs and capabilities; workers do so row by row, this does all at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="全部重新计算。/ Encode all anew.")

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        encoder = current_encoder()
        if encoder is None:
            raise CommandError(encoder_problem() or _("语义编码器无法读取，原因见日志。"))
        if again:
            TextVector.objects.all().delete()
        counts = {name: self._encode(model, name) for model, name in NAMES.items()}
        forgotten = forget_other_encoders()
        told = "，".join(f"{name} {count} 条" for name, count in counts.items())
        self.stdout.write(f"{encoder.name}：新编码{told}；删除其他编码器的向量 {forgotten} 条。")

    def _encode(self, model: Model, name: str) -> int:
        due = list(missing(model).values_list("pk", flat=True))
        with tqdm(total=len(due), desc=name, unit="条", disable=None, file=self.stderr) as bar:
            for batch in batched(due, AT_ONCE):
                ensure(model, batch)
                bar.update(len(batch))
        return len(due)
