"""People of the platform work in the whole city or in some districts; without either, nowhere."""

from apps.accounts.models import Organisation, User
from apps.accounts.regions import covers, in_region_of
from apps.taxonomy.models import Term


def test_a_region_is_the_city_some_districts_or_nothing(broker: User, enterprise: Organisation) -> None:
    district, other = Term.objects.filter(vocabulary="district")[:2]
    elsewhere = Organisation.objects.create(name="外地研究所", kind="institute", district=other)
    enterprise.district = district
    enterprise.save()
    rows = Organisation.objects.order_by("pk")

    assert set(rows.filter(in_region_of(broker, "district"))) >= {enterprise, elsewhere}
    assert covers(broker, district.pk)
    broker.covers_city = False
    broker.save()
    assert not rows.filter(in_region_of(broker, "district")).exists()
    assert not covers(broker, district.pk)
    broker.districts.add(district)
    assert list(rows.filter(in_region_of(broker, "district"))) == [enterprise]
    assert covers(broker, None, district.pk)
    assert not covers(broker, other.pk, None)


def test_a_row_without_a_district_is_the_citys_business(broker: User, enterprise: Organisation) -> None:
    broker.covers_city = False
    broker.save()
    broker.districts.set(Term.objects.filter(vocabulary="district"))
    assert not Organisation.objects.filter(in_region_of(broker, "district"), pk=enterprise.pk).exists()
    broker.is_active = False
    broker.covers_city = True
    assert not Organisation.objects.filter(in_region_of(broker, "district")).exists()
