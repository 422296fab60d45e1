"""`manage.py train_ranker`: learn the weights of the score from what people answered."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.matching.learning.training import MINIMUM_NEEDS, Training, Verdict, ranker_train
from apps.matching.score_parts import MEANINGS

STAGES = {
    "collecting": gettext_lazy("正在读取答复……"),
    "fitting": gettext_lazy("正在拟合权重……"),
    "comparing": gettext_lazy("正在用没有参与学习的需求检验……"),
    "saving": gettext_lazy("正在保存……"),
}
LEVELS = {
    "declined": gettext_lazy("因内容不合而婉拒"),
    "passed_over": gettext_lazy("看过未答"),
    "interested": gettext_lazy("一方接受"),
    "accepted": gettext_lazy("双方接受"),
    "contracted": gettext_lazy("已签约"),
    "confirmed": gettext_lazy("成效已确认"),
}


class Command(BaseCommand):
    help = (
        "从查看、接受、婉拒、签约和成效中学习各项得分的权重；只有明显更好时才启用。/ "
        "Learn the weights of the score from views, answers, contracts and outcomes; promote only what is better."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只计算，不保存。/ Compute, write nothing.")
        parser.add_argument(
            "--minimum-needs",
            type=int,
            default=MINIMUM_NEEDS,
            metavar="N",
            help=f"有可学答复的需求少于 N 条时不学，缺省 {MINIMUM_NEEDS}。/ Learn from no fewer needs than N.",
        )
        parser.add_argument("--json", action="store_true", help="结果写成 JSON。/ Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["minimum_needs"] < 2:
            raise CommandError(_("--minimum-needs 至少为 2。"))
        try:
            training = ranker_train(
                minimum_needs=options["minimum_needs"],
                dry_run=options["dry_run"],
                say=lambda stage: self.stderr.write(str(STAGES[stage])),
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(_as_json(training) if options["json"] else _as_text(training))


def _as_json(training: Training) -> str:
    told = {
        "ranker": str(training.ranker) if training.ranker else None,
        "is_promoted": training.ranker is not None and training.ranker.is_current,
        "weights": training.weights,
        "labels": training.labels,
        "left_out": training.left_out,
        **training.evaluation(),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_text(training: Training) -> str:
    counts = _("，").join(f"{label} {training.labels.get(name, 0)}" for name, label in LEVELS.items())
    return "\n".join(
        [
            _("训练标签：%(counts)s；与内容无关的婉拒 %(left_out)d（不计）。")
            % {"counts": counts, "left_out": training.left_out},
            _("可学的需求 %(needs)d 条，偏好 %(preferences)d 对；名次的影响 %(decay).2f。")
            % {"needs": training.needs, "preferences": training.preferences, "decay": training.decay},
            *_comparison(training),
            _verdict(training),
        ]
    )


def _comparison(training: Training) -> list[str]:
    if training.comparison is None:
        return []
    figures, weights = training.comparison, training.present.weights
    rows = [
        f"{MEANINGS[name][0]} {weights.get(name, 0):.3f} → {learned:.3f}" for name, learned in training.weights.items()
    ]
    return [
        _("权重：%(weights)s") % {"weights": _("，").join(rows)},
        _("前十名的收益（最好为 1）：现用 %(present).3f，学得 %(learned).3f。")
        % {"present": figures.present.mean, "learned": figures.learned.mean},
        _("相差 %(mean)+.3f，95 %% 区间 %(low)+.3f 至 %(high)+.3f（需求 %(count)d 条）。") % asdict(figures.difference),
    ]


def _verdict(training: Training) -> str:
    said = {"present": training.present, "learned": training.ranker, "minimum": training.minimum_needs}
    if training.verdict == Verdict.TOO_FEW:
        return _("可学的需求不足 %(minimum)d 条，继续使用 %(present)s。") % said
    if training.verdict == Verdict.NOT_BETTER and training.ranker is None:
        return _("没有超出偶然波动的改进，继续使用 %(present)s。") % said
    if training.verdict == Verdict.NOT_BETTER:
        return _("没有超出偶然波动的改进，继续使用 %(present)s，已存为 %(learned)s 备查。") % said
    if training.ranker is None:
        return _("比 %(present)s 好，且超出偶然波动。这是试算，没有保存。") % said
    return _("比 %(present)s 好，且超出偶然波动：已启用 %(learned)s，在榜需求将重新匹配。") % said
