"""Indicators in a sentence: what is met, what is missed and by how much, what nobody has written down."""

from collections.abc import Sequence

from apps.engine.evidence import Evidence
from apps.engine.names import Name
from apps.engine.speech import Draft, Quote, Words
from apps.engine.verdicts import IndicatorVerdict

MOST_NAMED = 2


def say_to_enterprise(draft: Draft, evidence: Evidence, name: Name) -> None:
    """Met, missed and unknown, one clause each, in the words the enterprise is addressed with."""
    if met := evidence.told("met"):
        draft.say(
            "；{indicator}您{asks} {asked}，{short}{says} {offered}，满足",
            "；您{asks}{indicator} {asked}，{short}{says} {offered}，满足",
            short=name.short,
            **_figures(met[0]),
        )
        _say_further(draft, len(met) - 1, "，另有 {count} 项指标也满足")
    if missed := evidence.told("missed"):
        draft.say("；不过" if met else "；")
        draft.say(
            "{indicator}{asks} {asked}，{short}{says} {offered}，{gap}",
            "{indicator}您{asks} {asked}，{short}{writes} {offered}，{gap}",
            short=name.short,
            **_figures(missed[0]),
        )
        _say_further(draft, len(missed) - 1, "，另有 {count} 项也达不到")
    _say_open(draft, evidence, "；{indicator}{asks} {asked}，{short}{writes} {offered}，需当面确认", name.short)
    _say_unsaid(
        draft,
        evidence,
        short=name.short,
        each=("；{short}未写明{indicators}{more}，需当面确认", "；{indicators}{more}{short}没有写明，要当面问清"),
        whole=("；您的 {count} 项指标{short}都未写明，需当面确认", "；{count} 项指标{short}都没有写明，要当面问清"),
    )


def say_to_supplier(draft: Draft, evidence: Evidence) -> None:
    """The same, told to whoever offers."""
    if met := evidence.told("met"):
        draft.say(
            "；对方{asks}{indicator} {asked}，您{says} {offered}，满足",
            "；{indicator}对方{asks} {asked}，您{writes} {offered}，满足",
            **_figures(met[0]),
        )
        _say_further(draft, len(met) - 1, "，另有 {count} 项指标也满足")
    if missed := evidence.told("missed"):
        draft.say("；不过" if met else "；")
        draft.say(
            "{indicator}对方{asks} {asked}，您{says} {offered}，{gap}，可先估计能否改进",
            "{indicator}{asks} {asked}，您{writes} {offered}，{gap}，请先想想能否补上",
            **_figures(missed[0]),
        )
        _say_further(draft, len(missed) - 1, "，另有 {count} 项也有差距")
    _say_open(draft, evidence, "；{indicator}{asks} {asked}，您{writes} {offered}，请与对方确认", "")
    _say_unsaid(
        draft,
        evidence,
        each=("；对方看重的{indicators}{more}您没有写明，补上更容易谈成", "；{indicators}{more}您未写明，请当面说明"),
        whole=("；对方的 {count} 项指标您都没有写明，补上更容易谈成", "；{count} 项指标您都未写明，请当面说明"),
    )


def _say_further(draft: Draft, count: int, wording: str) -> None:
    if count > 0:
        draft.say(wording, count=count)


def _say_open(draft: Draft, evidence: Evidence, wording: str, short: str) -> None:
    """One indicator that the offer leaves open: a range that only overlaps, a unit that does not convert."""
    for verdict in [v for v in evidence.told("unknown") if v.offer][:1]:
        draft.say(wording, short=short, **_figures(verdict))


def _say_unsaid(
    draft: Draft, evidence: Evidence, *, each: Sequence[str], whole: Sequence[str], short: str = ""
) -> None:
    """By name where they are few, by their number where they are many and the capability says nothing at all."""
    silent = list(dict.fromkeys(v.need.name for v in evidence.told("unknown") if v.offer is None))
    if len(silent) == len(evidence.verdicts) > MOST_NAMED:
        draft.say(*whole, count=len(silent), short=short)
    elif silent:
        more = f"等 {len(silent)} 项" if len(silent) > MOST_NAMED else ""
        draft.say(*each, indicators=[Quote("need", name) for name in silent[:MOST_NAMED]], more=more, short=short)


def _figures(verdict: IndicatorVerdict) -> dict[str, Words]:
    return {
        "indicator": Quote("need", verdict.need.name),
        "asks": "要求" if verdict.need.is_hard else "希望",
        "asked": Quote("need", verdict.need.amount),
        "offered": Quote("capability", verdict.offer.amount if verdict.offer else ""),
        "gap": Quote("verdict", verdict.text.rpartition("，")[2]),
        **_verbs(verdict),
    }


def _verbs(verdict: IndicatorVerdict) -> dict[str, Words]:
    """A figure of the form is so; one that was read of the description is written there."""
    if verdict.offer and verdict.offer.was_read:
        return {"says": "介绍里写的是", "writes": "介绍里写的是"}
    return {"says": "为", "writes": "写的是"}
