"""`manage.py encode_texts`: give every open need and capability its vectors of meaning at once."""

from argparse import ArgumentParser
from itertools import batched
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from apps.capabilities.models import Capability
from apps.matching.encoders import current_encoder, encoder_problem
from apps.matching.fingerprints import Model
from apps.matching.models import TextVector
from apps.matching.vectors import AT_ONCE, ensure, forget_other_encoders, missing
from apps.needs.models import Need

NAMES: dict[Model, Any] = {Need: gettext_lazy("需求"), Capability: gettext_lazy("资源")}


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
        needs, capabilities = (self._encode(model, str(name)) for model, name in NAMES.items())
        self.stdout.write(
            _("%(encoder)s：新编码需求 %(needs)d 条，资源 %(capabilities)d 条；删除其他编码器的向量 %(forgotten)d 条。")
            % {
                "encoder": encoder.name,
                "needs": needs,
                "capabilities": capabilities,
                "forgotten": forget_other_encoders(),
            }
        )

    def _encode(self, model: Model, name: str) -> int:
        due = list(missing(model).values_list("pk", flat=True))
        with tqdm(total=len(due), desc=name, unit=_("条"), disable=None, file=self.stderr) as bar:
            for batch in batched(due, AT_ONCE):
                ensure(model, batch)
                bar.update(len(batch))
        return len(due)
