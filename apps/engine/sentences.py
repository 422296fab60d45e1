"""The two sentences of a proposal: why it suits the need, and why it suits whoever offers the capability.

They say what carried the score (terms both have written, meaning, tags), then the figures: met, missed by how much,
not written down. What fits and what does not is said in the same plain tone. Several wordings say the same thing, so
that a list of twenty does not read like a form; the pair decides which, so it never changes.
"""

from collections.abc import Sequence

from apps.engine.evidence import Evidence
from apps.engine.names import Name, name_of
from apps.engine.speech import Draft, Owner, Quote, Sentence, Words, quoted
from apps.engine.spoken_indicators import say_to_enterprise, say_to_supplier

MOST_TERMS = 3
MOST_TAGS = 2
MOST_FACTS = 2
SHORTEST_SUBJECT = 3
"""Characters of shared terms it takes to say that two titles speak of the same thing."""


def for_need(evidence: Evidence) -> Sentence:
    """Said to the enterprise: what the capability is about, how its figures compare, what to do when it is faint."""
    draft, name = _draft(evidence), name_of(evidence.capability.kind)
    _open_to_enterprise(draft, evidence, name)
    _add_tags(draft, evidence)
    say_to_enterprise(draft, evidence, name)
    if evidence.is_faint:
        _warn(draft, evidence, "建议先看简介再定")
    else:
        _add_facts(draft, "capability", evidence.capability.facts, "；{fact}")
    return draft.sentence()


def for_capability(evidence: Evidence) -> Sentence:
    """Said to the supplier: who wants what of theirs, how their figures compare, what the enterprise brings."""
    draft, name = _draft(evidence), name_of(evidence.capability.kind)
    _open_to_supplier(draft, evidence, name)
    _add_tags(draft, evidence)
    say_to_supplier(draft, evidence)
    if evidence.is_faint:
        _warn(draft, evidence, "建议先看需求原文再定")
    else:
        _add_facts(draft, "need", evidence.need.facts, "；对方{fact}")
    return draft.sentence()


def _draft(evidence: Evidence) -> Draft:
    return Draft(f"{evidence.need.title}\n{evidence.capability.title}\n")


def _open_to_enterprise(draft: Draft, evidence: Evidence, name: Name) -> None:
    headline = evidence.headline[:MOST_TERMS]
    named = {"this": name.this, "does": name.does}
    if headline and not evidence.is_faint:
        draft.say(*_subject_wordings(evidence), **named, terms=_both(headline))
        _add_terms(draft, evidence, headline)
    elif evidence.terms and evidence.rests_on_meaning:
        draft.say(
            "{this}与您的需求整段意思相近，都写到{terms}",
            "您的需求和{this}说的意思相近，都提到{terms}",
            **named,
            terms=_both(evidence.terms[:MOST_TERMS]),
        )
    elif evidence.terms:
        draft.say(
            "您写到{terms}，{this}的介绍里也有",
            "{this}的介绍里写到{terms}，您的需求也涉及",
            "您的需求和{this}都写到{terms}",
            **named,
            terms=_both(evidence.terms[:MOST_TERMS]),
        )
    else:
        draft.say(_UNLIKE_WORDS[evidence.rests_on_meaning and not evidence.is_faint], **named, other="您的需求")
    _add_renamed(draft, evidence, "，您说的{ours}就是{this}里的{theirs}", this=name.this)


def _subject_wordings(evidence: Evidence) -> tuple[str, ...]:
    """How plainly the subject may be said to agree; one short word in both titles (边缘) need not mean the same."""
    if len("".join(evidence.headline)) < SHORTEST_SUBJECT:
        return ("您的需求和{this}的名称里都有{terms}",)
    return _PLAINLY if evidence.is_clear else _CAREFULLY


_PLAINLY = (
    "{this}{does}就是{terms}，与您的需求对口",
    "您要解决的{terms}，正是{this}{does}",
    "{this}{does}正是您要的{terms}",
)
_CAREFULLY = (
    "{this}{does}是{terms}，您的需求里也写到了",
    "您写到{terms}，{this}{does}与此有关",
    "{this}以{terms}为题，您的需求也涉及",
)


def _open_to_supplier(draft: Draft, evidence: Evidence, name: Name) -> None:
    headline = evidence.headline[:MOST_TERMS]
    asked: dict[str, Words] = {
        "title": quoted("need", evidence.need.title),
        "chain": [Quote("need", evidence.chain)] if evidence.chain else [],
        "link": "产业链" if evidence.chain else "",
        "yours": name.yours,
    }
    if headline and not evidence.is_faint:
        draft.say(
            "{chain}{link}有企业提出{title}，其中的{terms}正好对上{yours}",
            "{chain}{link}有企业写到{terms}，与{yours}对口，需求是{title}",
            "{title}用得上{yours}：{chain}{link}的这家企业写到{terms}"
            if evidence.chain
            else "{title}用得上{yours}，双方都写到{terms}",
            **asked,
            terms=_both(headline),
        )
    elif evidence.terms:
        draft.say(
            "{chain}{link}有企业提出{title}，其中的{terms}您也写到过",
            "{chain}{link}有企业的需求{title}写到{terms}，{yours}也涉及",
            **asked,
            terms=_both(evidence.terms[:MOST_TERMS]),
        )
    else:
        draft.say("{chain}{link}有企业提出{title}，", **asked)
        unlike = _UNLIKE_WORDS[evidence.rests_on_meaning and not evidence.is_faint]
        draft.say(unlike, this="需求", other=name.yours)
    _add_renamed(draft, evidence, "，对方说的{ours}就是您写的{theirs}")


_UNLIKE_WORDS = {
    True: "{this}与{other}用词不同，整段意思相近",
    False: "{this}与{other}没有共同的关键词",
}
"""Where no word is shared: whether the meaning carries the score."""


def _add_renamed(draft: Draft, evidence: Evidence, wording: str, **words: Words) -> None:
    """One thing that the two call by different names."""
    for ours, theirs in evidence.renamed[:1]:
        draft.say(wording, ours=Quote("need", ours), theirs=Quote("capability", theirs), **words)


def _add_terms(draft: Draft, evidence: Evidence, said: Sequence[str]) -> None:
    """Further terms that both sides use, where the title holds too few; indicators are told of in their own clause."""
    figures = [verdict.need.name for verdict in evidence.verdicts]
    further = [term for term in evidence.terms if term not in (*said, *figures)][: MOST_TERMS - len(said)]
    if further:
        draft.say("，{terms}也对得上", "，还都写到{terms}", terms=_both(further))


def _add_tags(draft: Draft, evidence: Evidence) -> None:
    """One thing the tags have in common that has not been said yet."""
    for ground in evidence.tags:
        fresh = [quote for quote in ground.names if not _is_said(quote.text, draft)]
        if ground.kind == "near" and len(fresh) == len(ground.names):
            draft.say("，{narrow}属于{broad}，方向相近", narrow=fresh[0], broad=fresh[1])
            return
        if ground.kind != "near" and fresh:
            draft.say(*_TAG_WORDINGS[ground.kind], names=fresh[:MOST_TAGS])
            return


_TAG_WORDINGS = {
    "tag": ("，双方都标了{names}", "，标签里都有{names}"),
    "tech_field": ("，技术领域同为{names}", "，同在{names}领域"),
    "industry_chain": ("，同属{names}产业链",),
}


def _is_said(name: str, draft: Draft) -> bool:
    return any(name in quote.text or quote.text in name for quote in draft.quotes)


def _warn(draft: Draft, evidence: Evidence, advice: str) -> None:
    """How faint the likeness is: nothing at all, what the sentence opened with, or the one thing there is."""
    if evidence.is_nothing:
        draft.say("；几乎看不出关联，{advice}", advice=advice)
        return
    if evidence.rests_on_meaning and evidence.terms:
        draft.say("；此外相近之处不多，{advice}", advice=advice)
        return
    draft.say(
        "；主要是{likeness}相近，{advice}", "；只是{likeness}相近，{advice}", likeness=evidence.likeness, advice=advice
    )


def _add_facts(draft: Draft, owner: Owner, facts: Sequence[str], wording: str) -> None:
    for number, fact in enumerate(facts[:MOST_FACTS]):
        draft.say("，{fact}" if number else wording, fact=Quote(owner, fact))


def _both(terms: Sequence[str]) -> list[Quote]:
    return [Quote("both", term) for term in terms]
