"""One engagement between the enterprise and the university of the cast, and outcomes on it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.engagements.models import Contract, Engagement, Outcome
from apps.engagements.services import contract_record, outcome_report
from apps.needs.models import NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Uploads of a test end with it."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def engagement(enterprise: Organisation, sme_owner: User, university: Organisation, professor: User) -> Engagement:
    need = make_need(organisation=enterprise, contact=sme_owner, created_by=sme_owner, state=NeedState.ENGAGED)
    capability = make_capability(organisation=university, contact=professor, created_by=professor)
    proposal = make_proposal(
        need=need,
        capability=capability,
        reasons=[{"kind": "shared_terms", "text": "双方都涉及：激光熔覆耐磨", "terms": ["激光熔覆耐磨"]}],
    )
    return make_engagement(proposal=proposal, opened_at=clock.now() - timedelta(days=40))


def outcome_type(code: str) -> Term:
    return Term.objects.get(vocabulary="outcome_type", code=code)


@pytest.fixture
def columns() -> Callable[..., dict[str, Any]]:
    def make(**fields: Any) -> dict[str, Any]:
        defaults = {
            "outcome_type": outcome_type("process_change"),
            "description": "换用激光熔覆后，轧辊寿命由三个月提高到八个月。",
            "occurred_on": clock.today() - timedelta(days=3),
        }
        return defaults | fields

    return make


@pytest.fixture
def reported(engagement: Engagement, sme_owner: User, columns: Callable[..., dict[str, Any]]) -> Outcome:
    """By the need's side: the university has to confirm it."""
    return outcome_report(engagement=engagement, by=sme_owner, **columns())


@pytest.fixture
def terms() -> Callable[..., dict[str, Any]]:
    def make(**fields: Any) -> dict[str, Any]:
        defaults = {
            "contract_type": Term.objects.get_or_create(
                vocabulary="contract_type", code="contract_development", defaults={"name": "技术开发合同"}
            )[0],
            "title": "轧辊激光熔覆工艺开发",
            "client_name": "青岛海岚精工有限公司",
            "provider_name": "胶州湾理工大学",
            "signed_on": clock.today() - timedelta(days=30),
            "amount_yuan": Decimal(320000),
            "technology_amount_yuan": Decimal(280000),
        }
        return defaults | fields

    return make


@pytest.fixture
def contract(engagement: Engagement, sme_owner: User, terms: Callable[..., dict[str, Any]]) -> Contract:
    """Worth 32 万元, signed thirty days ago."""
    return contract_record(engagement=engagement, by=sme_owner, **terms())


@pytest.fixture
def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("验收照片.png", PNG, content_type="image/png")
