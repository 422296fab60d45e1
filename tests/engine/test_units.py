import pytest

from apps.engine.units import canonical, convert, unit_of


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1, "MPa", "kPa", 1000),
        (10, "bar", "MPa", 1),
        (300, "K", "℃", 26.85),
        (212, "℉", "℃", 100),
        (50, "μm", "mm", 0.05),
        (3, "nm", "m", 3e-9),
        (1.5, "吨", "公斤", 1500),
        (90, "分钟", "小时", 1.5),
        (2, "天", "h", 48),
        (2, "年", "天", 730.5),
        (1, "万吨/年", "吨/年", 10_000),
        (24, "t/d", "t/h", 1),
        (2, "MW", "kW", 2000),
        (0.5, "%", "ppm", 5000),
        (3, "万元", "元", 30_000),
        (60, "m/min", "m/s", 1),
        (1, "g/cm3", "kg/m³", 1000),
        (5, "目", "mm", None),
        (5, "某单位", "某单位", 5),
    ],
)
def test_units_convert_where_they_measure_the_same(
    value: float, source: str, target: str, expected: float | None
) -> None:
    got = convert(value, source, target)
    assert got is None if expected is None else got == pytest.approx(expected)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("wh/kg", "Wh/kg"),
        ("KW", "kW"),
        ("mpa", "MPa"),
        ("mW", "mW"),
        ("m2", "m²"),
        ("分贝", "dB"),
        ("帧/秒", "帧/s"),
        ("", ""),
    ],
)
def test_a_unit_has_one_spelling(written: str, shown: str) -> None:
    assert canonical(written) == shown


def test_an_unknown_unit_is_a_dimension_of_its_own() -> None:
    assert unit_of("某单位") == unit_of("某单位")
    assert unit_of("某单位").dimension != unit_of("另一单位").dimension
