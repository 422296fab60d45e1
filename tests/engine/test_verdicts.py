import pytest

from apps.engine.documents import Indicator
from apps.engine.indicator_names import names_agree
from apps.engine.verdicts import compare, unanswered


def asked(low: float | None, high: float | None, unit: str = "℃") -> Indicator:
    return Indicator("耐温", low, high, unit)


@pytest.mark.parametrize(
    ("need", "offer", "status"),
    [
        (asked(300, None), asked(350, 350), "met"),
        (asked(300, None), asked(300, None), "met"),
        (asked(300, None), asked(250, 250), "missed"),
        (asked(300, None), asked(-40, 350), "met"),
        (asked(300, None), asked(-40, 200), "missed"),
        (asked(300, None), asked(None, 400), "unknown"),
        (asked(300, None), asked(None, 200), "missed"),
        (asked(None, 70), asked(None, 65), "met"),
        (asked(None, 70), asked(75, 75), "missed"),
        (asked(None, 70), asked(60, None), "unknown"),
        (asked(5, 8), asked(6, 7), "met"),
        (asked(5, 8), asked(4, 9), "met"),
        (asked(5, 8), asked(9, 12), "missed"),
        (asked(5, 8), asked(7, 12), "unknown"),
        (asked(50, 50), asked(50, 50), "met"),
        (asked(0.3, None, "MPa"), asked(300, 300, "kPa"), "met"),
        (asked(300, None), asked(300, 300, "mm"), "unknown"),
        (asked(None, None), asked(300, 300), "unknown"),
    ],
)
def test_an_offer_is_judged_by_its_bounds(need: Indicator, offer: Indicator, status: str) -> None:
    assert compare(need, offer).status == status


def test_verdicts_read_as_people_say_them() -> None:
    assert compare(asked(300, None), asked(350, 350)).text == "耐温要求 ≥ 300 ℃，对方为 350 ℃，满足"
    assert compare(asked(300, None), asked(250, 250)).text == "耐温要求 ≥ 300 ℃，对方为 250 ℃，差 50 ℃"
    assert compare(asked(None, 3, "%"), asked(None, 5, "%")).text == "耐温要求 ≤ 3%，对方为 ≤ 5%，超出 2 个百分点"
    assert unanswered(asked(5, 8, "mm")).text == "耐温要求 5~8 mm，对方未写明"


@pytest.mark.parametrize(
    ("need", "offer", "status"),
    [
        ((-0.05, 0.05), (-0.02, 0.02), "met"),
        ((-0.05, 0.05), (-0.1, 0.1), "missed"),
        ((-0.05, 0.05), (0.02, 0.02), "met"),
        ((-0.05, 0.05), (None, 0.06), "missed"),
        ((None, 0.05), (-0.1, 0.1), "missed"),
        ((0.05, 0.05), (-0.03, 0.03), "met"),
    ],
)
def test_of_a_permitted_deviation_only_the_size_counts(
    need: tuple[float | None, float | None], offer: tuple[float | None, float | None], status: str
) -> None:
    assert compare(Indicator("尺寸精度", *need, "mm"), Indicator("尺寸精度", *offer, "mm")).status == status


def test_a_range_around_zero_is_no_deviation() -> None:
    need, wider = Indicator("转角", -30, 30, "°"), Indicator("转角", -90, 90, "°")
    assert compare(need, wider).status == "met"
    assert compare(wider, need).text == "转角要求 ±90 °，对方为 ±30 °，差 60 °"


def test_a_range_of_service_must_be_covered_and_a_size_must_lie_within() -> None:
    hot = Indicator("工作温度", -40, 60, "℃")
    assert compare(hot, Indicator("工作温度", -10, 40, "℃")).text == "工作温度要求 -40~60 ℃，对方为 -10~40 ℃，差 30 ℃"
    assert compare(hot, Indicator("工作温度", -40, 85, "℃")).status == "met"
    assert compare(Indicator("厚度", 5, 8, "mm"), Indicator("厚度", 6, 7, "mm")).status == "met"


def test_a_gap_between_two_shares_is_told_in_points_and_both_sides_as_they_wrote_it() -> None:
    short = compare(Indicator("回收率", 97, None, "%"), Indicator("回收率", 95, 95, "%"))
    assert short.text == "回收率要求 ≥ 97%，对方为 95%，差 2 个百分点"
    wide = compare(Indicator("误差", -0.05, 0.05, "mm"), Indicator("误差", -100, 100, "μm"))
    assert wide.text == "误差要求 ±0.05 mm，对方为 ±100 μm，超出 0.05 mm"
    fine = compare(Indicator("误差", None, 1, "%"), Indicator("误差", 5, 5, "‰"))
    assert fine.text == "误差要求 ≤ 1%，对方为 5 ‰，满足"


def test_a_narrow_miss_earns_part_and_a_wide_one_nothing() -> None:
    need = asked(300, None)
    degrees = [compare(need, asked(value, value)).degree for value in (300, 290, 270, 200)]
    assert degrees[0] == 1.0
    assert 1.0 > degrees[1] > degrees[2] > degrees[3] == 0.0


@pytest.mark.parametrize(
    ("a", "b"),
    [("耐温", "长期使用温度"), ("涂层厚度", "厚度"), ("抗拉强度", "拉伸强度"), ("重复定位精度", "定位重复精度")],
)
def test_names_of_one_property_agree(a: str, b: str) -> None:
    assert names_agree(a, b)
    assert names_agree(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [("抗拉强度", "抗弯强度"), ("漏检率", "误检率"), ("涂层厚度", "钢板厚度"), ("温度", "温度控制精度"), ("", "厚度")],
)
def test_names_of_different_properties_do_not(a: str, b: str) -> None:
    assert not names_agree(a, b)


@pytest.mark.parametrize(
    ("indicator", "comparison", "text"),
    [
        (Indicator("耐温", 300, None, "℃"), "ge", "耐温 ≥ 300 ℃"),
        (Indicator("漏率", None, 1e-9, ""), "le", "漏率 ≤ 0.000000001"),
        (Indicator("粒径", 5, 8, "μm"), "between", "粒径 5~8 μm"),
        (Indicator("电压", 24, 24, "V"), "eq", "电压 24 V"),
    ],
)
def test_an_indicator_knows_its_comparison_and_its_wording(indicator: Indicator, comparison: str, text: str) -> None:
    assert (indicator.comparison, indicator.text) == (comparison, text)
