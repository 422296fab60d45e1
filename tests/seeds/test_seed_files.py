"""What the loaders and the matcher rely on in seeds/: every line parses, is complete, and refers to what exists.

Each check collects every problem with its file and line, so that one run tells a writer all there is to mend.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
Row = dict[str, Any]
Placed = tuple[str, Row]


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIXED_CODES = {
    "need_type": "product_upgrade process_change line_change new_product testing talent other",
    "outcome_type": "product_upgrade process_change line_change new_product patent_standard joint_platform talent "
    "financing not_achieved",
    "decline_reason": "field_mismatch indicator_short maturity_low budget_mismatch time_mismatch region has_partner "
    "insufficient_info ip_concern no_capacity other",
    "ip_terms": "need_side supply_side shared to_agree",
    "cooperation_mode": "entrusted joint transfer licence equity consulting service try_first joint_platform "
    "talent_sharing testing_pilot other",
}
VOCABULARIES = (*FIXED_CODES, "district", "enterprise_tier", "contract_type", "industry_chain", "tech_field", "tag")
TERM_KEYS = words("code name name_en parent aliases description")
PAIN_POINT_KEYS = words("code chain title symptom need_title need_goal need_type tags")
ORGANISATION_KEYS = words("key kind name short_name uscc district description tiers")
ORGANISATION_KINDS = words("enterprise university institute broker finance government")
CENTRE_KEYS = words("organisation industry_chain products equipment research_staff directions")
NEED_KEYS = words(
    "key organisation title need_type background goal indicators industry_chain tags cooperation_modes "
    "budget_band expected_months trl_now trl_target tried unwanted partner_requirements ip_terms disclosure"
)
BUDGET_BANDS = words("negotiable under_10 10_50 50_100 100_500 over_500")
CAPABILITY_KEYS = words(
    "key organisation kind title value description industries tags cooperation_modes trl indicators details disclosure"
)
INDICATOR_KEYS = words("name comparison low high unit is_hard")
RESULT_DETAILS = (
    "ip_status innovation comparison_with_present patent_numbers transfer_modes price try_first cases needs_pilot"
)
DETAILS = {
    "result": RESULT_DETAILS,
    "expert": "person_name job_title directions solves companies_served available_time confirmed",
    "laboratory": "level host directions accreditation access_rules",
    "instrument": "model samples price technician bookable",
    "pilot_base": "field scale area equipment process_abilities safety price staff schedule",
    "service_team": "members services price",
}
IP_STATUS = words("granted pending software secret standard none")
# A mobile or landline number, or an address outside the domains reserved for examples (RFC 2606).
# Numbers that begin with 13000000 are the made-up ones of the demo accounts.
REAL_CONTACT = re.compile(
    r"(?<!\d)1(?!3000000)[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}|@(?![\w.-]*example\b)[\w-]+\.\w+"
)


def read(pattern: str) -> list[Placed]:
    """Rows of the matching files as (file:line, row); a line that is no JSON object ends the test with its place."""
    rows: list[Placed] = []
    for path in sorted(SEEDS.glob(pattern)):
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                place = f"{path.name}:{number}"
                try:
                    row = json.loads(line)
                except ValueError as error:
                    pytest.fail(f"{place}: {error}")
                assert isinstance(row, dict), f"{place}: not an object"
                rows.append((place, row))
    return rows


@cache
def terms(vocabulary: str) -> list[Placed]:
    """Terms of one vocabulary; tags may be spread over several files, one for each trade that adds some."""
    return read(f"taxonomy/{vocabulary}.jsonl") + (read("taxonomy/tag.*.jsonl") if vocabulary == "tag" else [])


@cache
def codes(vocabulary: str) -> frozenset[str]:
    return frozenset(row["code"] for _, row in terms(vocabulary))


@cache
def demo(kind: str) -> list[Placed]:
    return read(f"demo_city/*.{kind}.jsonl")


def repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def wrong_keys(rows: Iterable[Placed], expected: frozenset[str]) -> list[str]:
    return [f"{place}: keys {sorted(expected ^ row.keys())}" for place, row in rows if row.keys() != expected]


def length_between(text: Any, low: int, high: int) -> bool:
    return isinstance(text, str) and text == text.strip() and low <= len(text) <= high


def expect_none(faults: list[str]) -> None:
    assert not faults, "\n".join(faults)


def outside(values: Any, allowed: Iterable[str]) -> bool:
    """Whether this is anything but a list, without repetitions, of allowed codes."""
    return not isinstance(values, list) or len(set(values)) < len(values) or not set(values) <= set(allowed)


def bounds_fit(indicator: Row) -> bool:
    low, high = indicator["low"], indicator["high"]
    if any(isinstance(bound, bool) or not isinstance(bound, int | float | None) for bound in (low, high)):
        return False
    match indicator["comparison"]:
        case "ge":
            return low is not None and high is None
        case "le":
            return low is None and high is not None
        case "between":
            return low is not None and high is not None and low < high
        case "eq":
            return low is not None and high in (None, low)
    return False


def indicator_faults(row: Row, keys: frozenset[str]) -> Iterator[str]:
    for indicator in row["indicators"]:
        if indicator.keys() != keys:
            yield f"indicator keys {sorted(keys ^ indicator.keys())}"
        elif not (indicator["name"] and isinstance(indicator["is_hard"], bool) and bounds_fit(indicator)):
            yield f"indicator {indicator['name']}: comparison and bounds"


def need_faults(row: Row) -> Iterator[str]:
    checks = {
        "title": length_between(row["title"], 4, 60),
        "background": length_between(row["background"], 20, 1000),
        "goal": length_between(row["goal"], 20, 2000),
        "need_type": row["need_type"] in codes("need_type"),
        "industry_chain": row["industry_chain"] in codes("industry_chain"),
        f"tags {sorted(set(row['tags']) - codes('tag'))}": not outside(row["tags"], codes("tag")),
        "at most 8 tags": len(row["tags"]) <= 8,
        "cooperation_modes": row["cooperation_modes"]
        and not outside(row["cooperation_modes"], codes("cooperation_mode")),
        "budget_band": row["budget_band"] in BUDGET_BANDS,
        "expected_months": row["expected_months"] is None or 1 <= row["expected_months"] <= 36,
        "trl": all(row[key] is None or 1 <= row[key] <= 9 for key in ("trl_now", "trl_target")),
        "ip_terms": row["ip_terms"] in codes("ip_terms"),
        "disclosure": row["disclosure"] in {"public_anonymous", "public_named", "members", "brokers"},
    }
    yield from (name for name, fits in checks.items() if not fits)
    yield from indicator_faults(row, INDICATOR_KEYS | {"current"})


def details_faults(row: Row) -> Iterator[str]:
    details, kind = row["details"], row["kind"]
    unknown = details.keys() - words(DETAILS[kind])
    if unknown:
        yield f"details {sorted(unknown)}"
    if kind == "result":
        if details.get("ip_status") not in IP_STATUS:
            yield "details.ip_status"
        if not details.get("transfer_modes") or outside(details["transfer_modes"], codes("cooperation_mode")):
            yield "details.transfer_modes"
    if kind == "expert" and not (details.get("confirmed") is True and details.get("person_name")):
        yield "details: an expert has a name and has confirmed"
    special = {"transfer_modes": list, "try_first": bool, "needs_pilot": bool, "confirmed": bool}
    yield from (
        f"details.{key}: type" for key, value in details.items() if not isinstance(value, special.get(key, str))
    )


def capability_faults(row: Row) -> Iterator[str]:
    if row["kind"] not in DETAILS:
        yield "kind"
        return
    checks = {
        "title": length_between(row["title"], 2, 60),
        "value": length_between(row["value"], 4, 60),
        "description": length_between(row["description"], 80, 400),
        "industries": row["industries"] and not outside(row["industries"], codes("industry_chain")),
        f"tags {sorted(set(row['tags']) - codes('tag'))}": not outside(row["tags"], codes("tag")),
        "at most 8 tags": len(row["tags"]) <= 8,
        "cooperation_modes": row["cooperation_modes"]
        and not outside(row["cooperation_modes"], codes("cooperation_mode")),
        "trl": row["trl"] in range(1, 10) or (row["trl"] is None and row["kind"] != "result"),
        "disclosure": row["disclosure"] in {"public_named", "public_anonymous", "members"},
    }
    yield from (name for name, fits in checks.items() if not fits)
    yield from indicator_faults(row, INDICATOR_KEYS)
    yield from details_faults(row)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_vocabulary_is_complete_and_its_codes_are_unique(vocabulary: str) -> None:
    rows = terms(vocabulary)
    assert rows
    expect_none(wrong_keys(rows, TERM_KEYS))
    expect_none([place for place, row in rows if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", row["code"])])
    expect_none([place for place, row in rows if not (row["name"] and row["name_en"])])
    expect_none(repeated(row["code"] for _, row in rows))
    expect_none(repeated(row["name"] for _, row in rows))


@pytest.mark.parametrize("vocabulary", FIXED_CODES)
def test_the_codes_the_program_relies_on_are_there(vocabulary: str) -> None:
    assert codes(vocabulary) == words(FIXED_CODES[vocabulary])


def test_chains_fields_and_tags_never_share_a_code_and_every_parent_leads_to_a_root() -> None:
    rows = terms("industry_chain") + terms("tech_field") + terms("tag")
    expect_none(repeated(row["code"] for _, row in rows))
    parents = {row["code"]: row["parent"] for _, row in rows}
    for place, row in rows:
        seen = set()
        code = row["code"]
        while code is not None:
            assert code in parents, f"{place}: parent {code} does not exist"
            assert code not in seen, f"{place}: {code} is its own ancestor"
            seen.add(code)
            code = parents[code]


def test_a_word_means_one_term_of_the_hierarchy_only() -> None:
    rows = terms("industry_chain") + terms("tech_field") + terms("tag")
    expect_none(repeated(word.lower() for _, row in rows for word in {row["name"], *row["aliases"]}))


def test_the_ten_plus_one_system_has_its_24_chains() -> None:
    chains = [row for _, row in terms("industry_chain")]
    assert sum(row["parent"] is None for row in chains) == 11
    assert sum(row["parent"] not in (None, "chain_future") for row in chains) == 24


def test_pain_points_cover_eight_trades_and_lead_to_a_need() -> None:
    rows = read("taxonomy/pain_points.jsonl")
    expect_none(wrong_keys(rows, PAIN_POINT_KEYS))
    expect_none(repeated(row["code"] for _, row in rows))
    expect_none([place for place, row in rows if row["chain"] not in codes("industry_chain")])
    expect_none([place for place, row in rows if row["need_type"] not in codes("need_type")])
    expect_none([place for place, row in rows if not row["tags"] or outside(row["tags"], codes("tag"))])
    expect_none([place for place, row in rows if not length_between(row["need_title"], 4, 60)])
    expect_none([place for place, row in rows if not length_between(row["need_goal"], 20, 2000)])
    assert len(rows) >= 40
    assert len({row["chain"] for _, row in rows}) >= 8


def test_the_dictionary_adds_800_words_beyond_the_terms() -> None:
    lines = (SEEDS / "dictionary/domain_words.txt").read_text(encoding="utf-8").splitlines()
    expect_none(repeated(lines))
    expect_none([line for line in lines if not re.fullmatch(r"\S{2,12}", line)])
    rows = terms("industry_chain") + terms("tech_field") + terms("tag")
    known = {word for _, row in rows for word in (row["name"], *row["aliases"])}
    assert len(set(lines) - known) >= 800


def test_organisations_are_complete_and_invented_ones_hold_no_credit_code() -> None:
    rows = demo("organisations")
    expect_none(wrong_keys(rows, ORGANISATION_KEYS))
    expect_none(repeated(row["key"] for _, row in rows))
    expect_none(repeated(row["name"] for _, row in rows))
    expect_none([place for place, row in rows if row["kind"] not in ORGANISATION_KINDS])
    expect_none([place for place, row in rows if row["district"] not in codes("district")])
    expect_none([place for place, row in rows if outside(row["tiers"], codes("enterprise_tier"))])
    expect_none([place for place, row in rows if row["uscc"] is not None])


def test_centres_are_opened_by_enterprises_once_each_in_words_that_fit() -> None:
    rows = read("demo_city/centres.jsonl")
    enterprises = {row["key"] for _, row in demo("organisations") if row["kind"] == "enterprise"}
    expect_none(wrong_keys(rows, CENTRE_KEYS))
    expect_none(repeated(row["organisation"] for _, row in rows))
    expect_none([place for place, row in rows if row["organisation"] not in enterprises])
    expect_none([place for place, row in rows if row["industry_chain"] not in codes("industry_chain")])
    expect_none([place for place, row in rows if not length_between(row["products"], 2, 200)])


def test_needs_can_all_be_loaded() -> None:
    rows = demo("needs")
    expect_none(wrong_keys(rows, NEED_KEYS))
    expect_none(repeated(row["key"] for _, row in rows))
    expect_none(repeated(row["title"] for _, row in rows))
    expect_none([f"{place}: {fault}" for place, row in rows for fault in need_faults(row)])


def test_capabilities_can_all_be_loaded() -> None:
    rows = demo("capabilities")
    expect_none(wrong_keys(rows, CAPABILITY_KEYS))
    expect_none(repeated(row["key"] for _, row in rows))
    expect_none(repeated(row["title"] for _, row in rows))
    expect_none([f"{place}: {fault}" for place, row in rows for fault in capability_faults(row)])


def test_needs_come_from_enterprises_and_capabilities_from_known_organisations() -> None:
    kinds = {row["key"]: row["kind"] for _, row in demo("organisations")}
    expect_none([place for place, row in demo("needs") if kinds.get(row["organisation"]) != "enterprise"])
    expect_none([place for place, row in demo("capabilities") if row["organisation"] not in kinds])


def test_the_demo_city_is_large_enough_to_try_the_service() -> None:
    trades = [{place.split(".")[0] for place, _ in demo(kind)} for kind in ("needs", "capabilities")]
    assert len(set.intersection(*trades)) >= 8
    assert len(demo("needs")) >= 40
    assert len(demo("capabilities")) >= 300
    assert {row["kind"] for _, row in demo("capabilities")} == set(DETAILS)


@pytest.mark.parametrize("path", sorted(SEEDS.rglob("*.*")), ids=lambda path: path.name)
def test_no_seed_file_holds_a_telephone_number_or_a_real_address(path: Path) -> None:
    assert REAL_CONTACT.findall(path.read_text(encoding="utf-8")) == []
