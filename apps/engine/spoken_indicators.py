"""Indicators in a sentence: what is met, what is missed and by how much, what nobody has written down."""

from apps.engine.evidence import Evidence
from apps.engine.names import Name
from apps.engine.speech import Draft, Quote
from apps.engine.verdicts import IndicatorVerdict

MOST_UNSAID = 3


def say_to_enterprise(draft: Draft, evidence: Evidence, name: Name) -> None:
    """Met, missed and unknown, one clause each, in the words the enterprise is addressed with."""
    if met := evidence.told("met"):
        draft.say(
            "；{indicator}您要求 {asked}，{short}为 {offered}，满足",
            "；{indicator}要求 {asked}，{short}达到 {offered}，满足",
            short=name.short,
            **_figures(met[0]),
        )
        _say_further(draft, len(met) - 1, "，另有 {count} 项指标也满足")
    if missed := evidence.told("missed"):
        draft.say("；不过" if met else "；")
        draft.say(
            "{indicator}要求 {asked}，{short}为 {offered}，{gap}",
            "{indicator}您要求 {asked}，{short}写的是 {offered}，{gap}",
            short=name.short,
            gap=gap_of(missed[0]),
            **_figures(missed[0]),
        )
        _say_further(draft, len(missed) - 1, "，另有 {count} 项也达不到")
    _say_open(draft, evidence, "；{indicator}要求 {asked}，{short}写的是 {offered}，需当面确认", name.short)
    _say_unsaid(draft, evidence, "；未写明{indicators}{more}，需当面确认", "；{indicators}{more}没有写明，要当面问清")


def say_to_supplier(draft: Draft, evidence: Evidence) -> None:
    """The same, told to whoever offers."""
    if met := evidence.told("met"):
        draft.say(
            "；对方要求{indicator} {asked}，您为 {offered}，满足",
            "；{indicator}要求 {asked}，您写的 {offered} 满足",
            **_figures(met[0]),
        )
        _say_further(draft, len(met) - 1, "，另有 {count} 项指标也满足")
    if missed := evidence.told("missed"):
        draft.say("；不过" if met else "；")
        draft.say(
            "{indicator}对方要求 {asked}，您为 {offered}，{gap}，可先估计能否改进",
            "{indicator}要求 {asked}，您写的是 {offered}，{gap}，请先想想能否补上",
            gap=gap_of(missed[0]),
            **_figures(missed[0]),
        )
        _say_further(draft, len(missed) - 1, "，另有 {count} 项也有差距")
    _say_open(draft, evidence, "；{indicator}要求 {asked}，您写的是 {offered}，请与对方确认", "")
    _say_unsaid(
        draft,
        evidence,
        "；对方看重的{indicators}{more}您没有写明，补上更容易谈成",
        "；{indicators}{more}您未写明，请当面说明",
    )


def gap_of(verdict: IndicatorVerdict) -> Quote:
    """How the verdict ends: "差 50 ℃"."""
    return Quote("verdict", verdict.text.rpartition("，")[2])


def _say_further(draft: Draft, count: int, wording: str) -> None:
    if count > 0:
        draft.say(wording, count=count)


def _say_open(draft: Draft, evidence: Evidence, wording: str, short: str) -> None:
    """One indicator that the offer leaves open: a range that only overlaps, a unit that does not convert."""
    for verdict in [v for v in evidence.told("unknown") if v.offer][:1]:
        draft.say(wording, short=short, **_figures(verdict))


def _say_unsaid(draft: Draft, evidence: Evidence, *wordings: str) -> None:
    silent = list(dict.fromkeys(v.need.name for v in evidence.told("unknown") if v.offer is None))
    if silent:
        more = f"等 {len(silent)} 项" if len(silent) > MOST_UNSAID else ""
        draft.say(*wordings, indicators=[Quote("need", name) for name in silent[:MOST_UNSAID]], more=more)


def _figures(verdict: IndicatorVerdict) -> dict[str, Quote]:
    offered = verdict.offer.amount if verdict.offer else ""
    return {
        "indicator": Quote("need", verdict.need.name),
        "asked": Quote("need", verdict.need.amount),
        "offered": Quote("capability", offered),
    }
