"""With whose rights an import is carried out: those of who asked for it, wherever the rows lie."""

from typing import Any

import pytest
from stdnum.cn import uscc

from apps.accounts.models import Membership, Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core.models import AuditEntry
from apps.imports.models import Import, ImportKind, ImportState, RemarkKind
from apps.imports.services import import_run, import_undo
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.imports.web.steps import brought, checked, counts, imported, mapped, rows_of, worked, xlsx

pytestmark = pytest.mark.django_db

HEAD = ["企业名称", "统一社会信用代码", "区市", "简介"]
CODE = "91370200MA3C00001" + uscc.calc_check_digit("91370200MA3C00001")


def district(name: str) -> Term:
    return Term.objects.get(vocabulary="district", name=name)


@pytest.fixture
def of_laoshan(reviewer: User) -> User:
    """A reviewer who works in one district only."""
    User.objects.filter(pk=reviewer.pk).update(covers_city=False)
    reviewer.districts.set([district("崂山区")])
    return User.objects.get(pk=reviewer.pk)


@pytest.fixture
def colleague_of_professor(university: Organisation, colleague: User) -> User:
    Membership.objects.filter(user=colleague).update(organisation=university)
    return User.objects.get(pk=colleague.pk)


def directory(by: User, *rows: list[Any]) -> Import:
    return mapped(brought(by, xlsx([HEAD, *rows]), kind=ImportKind.ORGANISATIONS), by)


def leave(person: User) -> None:
    Membership.objects.filter(user=person).delete()


@pytest.mark.parametrize("elsewhere", ["市南区", None])
def test_a_reviewer_changes_no_organisation_of_another_district(
    of_laoshan: User, enterprise: Organisation, elsewhere: str | None
) -> None:
    there = district(elsewhere) if elsewhere else None
    Organisation.objects.filter(pk=enterprise.pk).update(district=there, credit_code=CODE)
    job = directory(of_laoshan, [enterprise.name, "", "崂山区", "是我的了"])
    assert (counts(job), "不在您负责的区市，不能修改" in job.remarks.get().message) == ((0, 0, 0, 1), True)
    by_code = directory(of_laoshan, ["另一个名字", CODE, "崂山区", "是我的了"])
    assert counts(by_code) == (0, 0, 0, 1)
    enterprise.refresh_from_db()
    assert (enterprise.district, enterprise.description) == (there, "")


def test_a_reviewer_changes_the_organisations_of_their_own_district(of_laoshan: User, enterprise: Organisation) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(district=district("崂山区"))
    assert counts(directory(of_laoshan, [enterprise.name, "", "崂山区", "做轧辊"])) == (0, 1, 0, 0)


def test_of_two_lines_for_one_organisation_the_second_stays_out(reviewer: User, enterprise: Organisation) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(credit_code=CODE)
    job = directory(reviewer, [enterprise.name, CODE, "崂山区", ""], [enterprise.name, "", "崂山区", "做轧辊"])
    assert counts(job) == (0, 1, 0, 1)
    import_run(job=job, by=reviewer)
    assert (worked(job).state, counts(job)) == (ImportState.DONE, (0, 1, 0, 1))
    assert job.remarks.get().message == "文件里前面已有同一机构。"


def test_a_colleague_takes_back_what_somebody_who_left_brought(professor: User, colleague_of_professor: User) -> None:
    job = imported(professor, rows_of(2))
    leave(professor)
    job = Import.objects.get(pk=job.pk)
    import_undo(job=job, by=colleague_of_professor)
    assert (worked(job).state, job.left_count) == (ImportState.UNDONE, 0)
    assert set(Capability.objects.values_list("state", flat=True)) == {CapabilityState.ARCHIVED}
    undone = AuditEntry.objects.filter(action="capability.import_undone")
    assert set(undone.values_list("actor", flat=True)) == {colleague_of_professor.pk}
    told = Notification.objects.filter(kind="imports.undone").values_list("recipient", flat=True)
    assert set(told) == {professor.pk, colleague_of_professor.pk}


def test_an_administrator_takes_back_what_a_reviewer_without_the_role_brought(
    reviewer: User, administrator: User
) -> None:
    job = directory(reviewer, ["青岛新厂有限公司", CODE, "崂山区", ""])
    import_run(job=job, by=reviewer)
    worked(job)
    User.objects.filter(pk=reviewer.pk).update(platform_role="")
    job = Import.objects.get(pk=job.pk)
    import_undo(job=job, by=administrator)
    assert worked(job).state == ImportState.UNDONE
    assert not Organisation.objects.filter(credit_code=CODE).exists()


def test_a_colleague_starts_what_somebody_who_left_had_checked(professor: User, colleague_of_professor: User) -> None:
    job = checked(professor, rows_of(1))
    leave(professor)
    import_run(job=Import.objects.get(pk=job.pk), by=colleague_of_professor)
    assert (worked(job).state, Capability.objects.count()) == (ImportState.DONE, 1)


def test_a_checked_import_of_somebody_who_left_has_its_page(
    professor: User, colleague_of_professor: User, client: Any
) -> None:
    job = checked(professor, rows_of(1))
    leave(professor)
    client.force_login(colleague_of_professor)
    assert client.get(f"/imports/{job.public_id}/").status_code == 200


def test_undoing_again_tells_only_what_it_left_itself(professor: User) -> None:
    job = imported(professor, rows_of(2))
    Capability.objects.filter(external_id="R-1").update(title="改好了", version=2)
    import_undo(job=job, by=professor)
    worked(job)
    Import.objects.filter(pk=job.pk).update(state=ImportState.FAILED)
    job.refresh_from_db()
    import_undo(job=job, by=professor)
    worked(job)
    assert job.remarks.filter(kind=RemarkKind.LEFT, line=3).count() == 1
