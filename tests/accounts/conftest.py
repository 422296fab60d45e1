"""What signing up takes."""

import pytest

from apps.taxonomy.models import Term


@pytest.fixture
def sign_up_data(taxonomy: None) -> dict[str, str]:
    """A complete form: every test changes what it is about."""
    return {
        "email": "new@pump.example",
        "name": "孙浩",
        "phone": "13900000009",
        "password": "blue-valve-2026",
        "organisation-kind": "enterprise",
        "organisation-name": "青岛临港泵业有限公司",
        "organisation-credit_code": "91370200MA3C1XXW0E",
        "organisation-district": str(Term.objects.get(vocabulary="district", code="shinan").pk),
    }
