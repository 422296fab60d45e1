"""What can be brought in: needs, resources, rows of many organisations, and a directory of organisations."""

from io import BytesIO

import pytest
from django.utils.translation import override
from openpyxl import load_workbook
from stdnum.cn import uscc

from apps.accounts.models import Organisation, OrganisationState, User
from apps.capabilities.models import Capability, CapabilityState
from apps.imports.doors import fields_of
from apps.imports.models import ImportKind
from apps.imports.services import import_run, import_undo
from apps.imports.staging import EXAMPLE
from apps.imports.template_files import write_template
from apps.needs.models import Need, NeedState
from tests.imports.web.steps import HEAD, brought, checked, counts, mapped, rows_of, worked, xlsx

pytestmark = pytest.mark.django_db


def test_needs_come_in_and_go_out(sme_owner: User) -> None:
    rows = [["编号", "需求名称", "描述", "需求类型"], ["N-1", "轧辊磨损快", "希望硬度达到 60 HRC 以上。", "工艺改造"]]
    job = mapped(brought(sme_owner, xlsx(rows), kind=ImportKind.NEEDS), sme_owner)
    import_run(job=job, by=sme_owner)
    assert counts(worked(job)) == (1, 0, 0, 0)
    assert Need.objects.get().state == NeedState.PUBLISHED
    import_undo(job=job, by=sme_owner)
    worked(job)
    need = Need.objects.get()
    assert (need.state, need.external_id) == (NeedState.CLOSED, "")


def test_drafts_stay_drafts(professor: User) -> None:
    job = checked(professor, rows_of(1), publish=False)
    import_run(job=job, by=professor)
    worked(job)
    assert Capability.objects.get().state == CapabilityState.DRAFT


def test_a_reviewer_brings_rows_of_many_organisations(
    reviewer: User, university: Organisation, enterprise: Organisation
) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.PENDING, verified_at=None)
    rows = [["单位", *row] for row in rows_of(4)]
    for row, name in zip(rows, (university.name, enterprise.name, "查无此单位", ""), strict=True):
        row[0] = name
    job = mapped(brought(reviewer, xlsx([["单位", *HEAD], *rows])), reviewer)
    assert counts(job) == (1, 0, 0, 3)
    told = " ".join(job.remarks.values_list("message", flat=True))
    assert "尚未通过核验" in told
    assert "没有名称" in told
    assert "请填写单位" in told


def test_a_reviewer_of_a_district_brings_only_its_rows(reviewer: User, university: Organisation) -> None:
    User.objects.filter(pk=reviewer.pk).update(covers_city=False)
    reviewer = User.objects.get(pk=reviewer.pk)
    rows = [["单位", *HEAD], [university.name, *rows_of(1)[0]]]
    job = mapped(brought(reviewer, xlsx(rows)), reviewer)
    assert counts(job) == (0, 0, 0, 1)
    assert "不在您负责的区市" in job.remarks.get().message


def test_a_directory_of_organisations_comes_in_verified_and_goes_out(
    reviewer: User, enterprise: Organisation, sme_owner: User
) -> None:
    rows = [
        ["企业名称", "统一社会信用代码", "区市", "企业梯度", "简介"],
        ["青岛新厂有限公司", "91370200MA3C000015", "崂山区", "高新技术企业", "做轧辊"],
        [enterprise.name, "", "崂山区", "", "想改别人的简介"],
        ["没有代码有限公司", "", "", "", ""],
    ]
    rows[1][1] = rows[1][1][:17] + uscc.calc_check_digit(rows[1][1][:17])
    Organisation.objects.filter(pk=enterprise.pk).update(description="自己写的")
    job = mapped(brought(reviewer, xlsx(rows), kind=ImportKind.ORGANISATIONS), reviewer)
    import_run(job=job, by=reviewer)
    assert counts(worked(job)) == (1, 1, 0, 1)
    new = Organisation.objects.get(name="青岛新厂有限公司")
    assert (new.state, str(new.district), new.tiers.count()) == (OrganisationState.VERIFIED, "崂山区", 1)
    enterprise.refresh_from_db()
    assert (str(enterprise.district), enterprise.description) == ("崂山区", "自己写的")
    import_undo(job=job, by=reviewer)
    assert (worked(job).left_count, Organisation.objects.filter(name="青岛新厂有限公司").exists()) == (0, False)
    enterprise.refresh_from_db()
    assert enterprise.district is None


@pytest.mark.parametrize("kind", ImportKind)
def test_a_template_is_recognised_and_its_example_is_passed_over(reviewer: User, kind: ImportKind) -> None:
    target = BytesIO()
    fields = fields_of(kind, names_organisation=kind != ImportKind.ORGANISATIONS)
    write_template(target, kind, fields)
    job = brought(reviewer, target.getvalue(), kind=kind)
    assert sorted(job.mapping.values()) == sorted(fields.spellings)
    assert job.top["hidden_sheets"] == ["options"]
    assert mapped(job, reviewer).error == "表头下面没有数据行。"
    assert EXAMPLE in str(job.top)


@pytest.mark.parametrize("kind", [ImportKind.RESULT, ImportKind.INSTRUMENT])
def test_a_template_of_the_english_pages_can_be_imported(professor: User, kind: ImportKind) -> None:
    target = BytesIO()
    fields_of.cache_clear()
    with override("en"):
        write_template(target, kind, fields_of(kind, names_organisation=False))
    book = load_workbook(target)
    sheet = book.worksheets[0]
    for cell in sheet[2]:
        cell.value = "R-1" if cell.value == EXAMPLE else cell.value
    assert "Public" in str([cell.value for cell in sheet[2]])
    target = BytesIO()
    book.save(target)
    job = mapped(brought(professor, target.getvalue(), kind=kind), professor)
    assert (counts(job), list(job.remarks.values_list("message", flat=True))) == ((1, 0, 0, 0), [])


def test_columns_are_known_by_their_chinese_names_whoever_asks_first() -> None:
    fields_of.cache_clear()
    with override("en"):
        spellings = fields_of(ImportKind.RESULT, names_organisation=False).spellings["details.ip_status"]
    assert spellings[0] == "知识产权状态"
    fields_of.cache_clear()
