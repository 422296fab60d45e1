"""One process publishes, another ranks: they know of each other only by the database and the files."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from apps.accounts.models import OrganisationKind
from apps.capabilities.models import Capability
from apps.matching.index import building, changes
from apps.matching.models import RowKind
from apps.needs.models import Need
from tests.factories import make_capability, make_need, make_organisation

pytestmark = pytest.mark.processes
FINDER = """
import sys, django
django.setup()
from apps.matching.documents import need_rows
from apps.matching.index.live import current_index, open_for_need
from apps.matching.vectors import document_now
from apps.needs.models import Need
need = need_rows(Need.objects.filter(pk=int(sys.argv[1]))).get()
document, wanted = document_now(need), open_for_need(need.organisation_id)
print("ready", flush=True)
for line in sys.stdin:
    index = current_index()
    print(index.number or 0, *sorted(hit.id for hit in index.rank(document, wanted)), flush=True)
"""
type Found = Callable[[], tuple[int, set[int]]]


@pytest.fixture
def need(site: None) -> Need:
    make_capability(organisation=make_organisation("测试大学", OrganisationKind.UNIVERSITY))
    return make_need()


@pytest.fixture
def found(need: Need, environment: dict[str, str]) -> Iterator[Found]:
    """What another process finds for the need at this moment: the number of its generation, and keys."""
    own = {"DJANGO_SETTINGS_MODULE": "matchsvc.settings"}
    finder = subprocess.Popen(
        [sys.executable, "-c", FINDER, str(need.pk)],
        env={**os.environ, **environment, **own},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    given, answers = finder.stdin, finder.stdout
    assert given is not None
    assert answers is not None
    assert answers.readline().strip() == "ready"

    def ask() -> tuple[int, set[int]]:
        given.write("\n")
        given.flush()
        number, *keys = map(int, answers.readline().split())
        return number, set(keys)

    try:
        yield ask
    finally:
        finder.kill()
        finder.wait()


def test_what_one_process_publishes_or_withdraws_the_other_finds_or_no_longer_finds(found: Found) -> None:
    university, known = make_organisation("测试大学"), {Capability.objects.get().pk}
    assert found() == (0, known)
    for number in range(2):
        late = make_capability(organisation=university, title=f"轧辊堆焊 {number}")
        assert found() == (0, known | {late.pk})
        Capability.objects.filter(pk=late.pk).update(state="archived")
        changes.record(RowKind.CAPABILITY, [late.pk])
        assert found() == (0, known)
    assert building.build(by_hand=True) is not None
    assert found() == (1, known)
    after = make_capability(organisation=university, title="轧辊涂层")
    assert found() == (1, known | {after.pk})
