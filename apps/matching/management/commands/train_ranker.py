"""`manage.py train_ranker`: learn the weights of the score from what people answered."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import DomainError
from apps.matching.learning.training import MINIMUM_NEEDS, Training, Verdict, ranker_train

STAGES = {
    "collecting": "正在读取答复……",
    "fitting": "正在拟合权重……",
    "comparing": "正在用没有参与学习的需求检验……",
    "saving": "正在保存……",
}
NAMES = {"words": "词语", "bigrams": "字串", "semantics": "语义", "tags": "标签", "indicators": "指标"}
LEVELS = {
    "declined": "因内容不合而婉拒",
    "passed_over": "看过未答",
    "interested": "一方接受",
    "accepted": "双方接受",
    "contracted": "已签约",
    "confirmed": "成效已确认",
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
            raise CommandError("--minimum-needs 至少为 2。/ --minimum-needs must be at least 2.")
        try:
            training = ranker_train(
                minimum_needs=options["minimum_needs"],
                dry_run=options["dry_run"],
                say=lambda stage: self.stderr.write(STAGES[stage]),
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
    counts = "，".join(f"{LEVELS[name]} {training.labels.get(name, 0)}" for name in LEVELS)
    return "\n".join(
        [
            f"训练标签：{counts}；与内容无关的婉拒 {training.left_out}（不计）。",
            f"可学的需求 {training.needs} 条，偏好 {training.preferences} 对；名次的影响 {training.decay:.2f}。",
            *_comparison(training),
            _verdict(training),
        ]
    )


def _comparison(training: Training) -> list[str]:
    if training.comparison is None:
        return []
    figures, weights = training.comparison, training.present.weights
    rows = [f"{NAMES[name]} {weights.get(name, 0):.3f} → {learned:.3f}" for name, learned in training.weights.items()]
    gap = figures.difference
    return [
        f"权重：{'，'.join(rows)}",
        f"前十名的收益（最好为 1）：现用 {figures.present.mean:.3f}，学得 {figures.learned.mean:.3f}。",
        f"相差 {gap.mean:+.3f}，95 % 区间 {gap.low:+.3f} 至 {gap.high:+.3f}（需求 {gap.count} 条）。",
    ]


def _verdict(training: Training) -> str:
    present = training.present
    if training.verdict == Verdict.TOO_FEW:
        return f"可学的需求不足 {training.minimum_needs} 条，继续使用 {present}。"
    kept = f"，已存为 {training.ranker} 备查" if training.ranker else ""
    if training.verdict == Verdict.NOT_BETTER:
        return f"没有超出偶然波动的改进，继续使用 {present}{kept}。"
    if training.ranker is None:
        return f"比 {present} 好，且超出偶然波动。这是试算，没有保存。"
    return f"比 {present} 好，且超出偶然波动：已启用 {training.ranker}，在榜需求将重新匹配。"
