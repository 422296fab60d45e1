"""What each kind has beside the common columns."""

import pytest
from django.core.exceptions import ValidationError

from apps.capabilities.kinds import DETAILS, clean_details, labelled_details
from apps.capabilities.models import CapabilityKind

pytestmark = pytest.mark.django_db


def test_every_kind_has_fields_of_its_own() -> None:
    assert set(DETAILS) == set(CapabilityKind)
    for details in DETAILS.values():
        assert len({detail.key for detail in details}) == len(details)


def test_details_are_kept_without_the_empty_ones() -> None:
    raw = {"ip_status": "granted", "transfer_modes": ["transfer"], "price": "", "try_first": False, "cases": " 三家 "}
    assert clean_details("result", raw) == {"ip_status": "granted", "transfer_modes": ["transfer"], "cases": "三家"}


@pytest.mark.parametrize(
    ("kind", "raw", "wrong"),
    [
        ("result", {"ip_status": "patented"}, "ip_status"),
        ("result", {"transfer_modes": ["gift"]}, "transfer_modes"),
        ("result", {"transfer_modes": "transfer"}, "transfer_modes"),
        ("result", {"model": "X-1"}, "model"),
        ("expert", {"job_title": "教授" * 100}, "job_title"),
        ("expert", {"directions": "a\x00b"}, "directions"),
        ("laboratory", {"level": "world"}, "level"),
        ("instrument", {"price": {"a": 1}, "unknown": 1}, "unknown"),
    ],
)
def test_wrong_details_are_named_by_their_key(kind: str, raw: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValidationError) as caught:
        clean_details(kind, raw)
    assert wrong in caught.value.message_dict


def test_details_are_told_in_words_and_in_the_order_of_the_kind() -> None:
    details = {"try_first": True, "ip_status": "granted", "transfer_modes": ["transfer", "licence"]}
    told = [(str(label), value) for label, value in labelled_details("result", details, with_owner=True)]
    assert [label for label, _ in told] == ["知识产权状态", "转化方式", "支持先用后转"]
    assert dict(told)["知识产权状态"] == "已授权"
    assert dict(told)["支持先用后转"] == "是"


def test_details_that_name_the_owner_are_left_out_where_the_owner_is() -> None:
    details = {"person_name": "金丝雀", "job_title": "教授"}
    assert [value for _, value in labelled_details("expert", details, with_owner=False)] == ["教授"]
    assert [value for _, value in labelled_details("expert", details, with_owner=True)] == ["金丝雀", "教授"]
