"""Units of measure as engineers write them, and what converts into what."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Unit:
    """`value * factor + offset` is the value in the base unit of the dimension."""

    dimension: str
    factor: float = 1.0
    offset: float = 0.0


# dimension: {spelling: factor}; spellings of one line mean the same, the first is the one shown
_TABLE: dict[str, list[tuple[str, float]]] = {
    "pressure": [
        ("Pa 帕", 1), ("kPa 千帕", 1e3), ("MPa 兆帕 N/mm²", 1e6), ("GPa 吉帕", 1e9), ("bar 巴", 1e5),
        ("mbar 毫巴", 100), ("atm 大气压", 101325), ("psi", 6894.757), ("kgf/cm²", 98066.5),
    ],
    "length": [
        ("nm 纳米", 1e-9), ("μm 微米 um", 1e-6), ("mm 毫米", 1e-3), ("cm 厘米", 1e-2), ("dm 分米", 0.1), ("m 米", 1),
        ("km 公里 千米", 1e3), ("丝", 1e-5), ("英寸 寸", 0.0254),
    ],
    "area": [
        ("mm² 平方毫米", 1e-6), ("cm² 平方厘米", 1e-4), ("dm² 平方分米", 1e-2), ("m² 平方米 ㎡ 平米", 1),
        ("亩", 666.667), ("公顷", 1e4),
    ],
    "volume": [("mL 毫升", 1e-6), ("L 升", 1e-3), ("m³ 立方米 立方 方", 1), ("cm³ 立方厘米", 1e-6)],
    "mass": [
        ("ng 纳克", 1e-12), ("μg 微克 ug", 1e-9), ("mg 毫克", 1e-6), ("g 克", 1e-3), ("kg 千克 公斤", 1), ("t 吨", 1e3),
    ],
    "time": [
        ("μs 微秒 us", 1e-6), ("ms 毫秒", 1e-3), ("s 秒 秒钟 sec", 1), ("min 分钟", 60), ("h 小时 hr", 3600),
        ("d 天 日", 86400), ("周", 604800), ("月 个月", 2629800), ("年 a", 31557600),
    ],
    "power": [("mW 毫瓦", 1e-3), ("W 瓦", 1), ("kW 千瓦", 1e3), ("MW 兆瓦", 1e6), ("GW 吉瓦", 1e9), ("马力", 735.5)],
    "energy": [
        ("J 焦耳", 1), ("kJ 千焦", 1e3), ("MJ 兆焦", 1e6), ("Wh 瓦时", 3600), ("kWh 千瓦时 度电", 3.6e6),
        ("MWh", 3.6e9),
    ],
    "voltage": [("mV 毫伏", 1e-3), ("V 伏 伏特", 1), ("kV 千伏", 1e3)],
    "current": [("μA 微安", 1e-6), ("mA 毫安", 1e-3), ("A 安 安培", 1), ("kA 千安", 1e3)],
    "charge": [("mAh 毫安时", 3.6), ("Ah 安时", 3600)],
    "resistance": [("mΩ 毫欧", 1e-3), ("Ω 欧姆 欧", 1), ("kΩ 千欧", 1e3), ("MΩ 兆欧", 1e6)],
    "frequency": [("Hz 赫兹", 1), ("kHz 千赫", 1e3), ("MHz 兆赫", 1e6), ("GHz", 1e9), ("THz", 1e12)],
    "force": [("mN 毫牛", 1e-3), ("N 牛 牛顿", 1), ("kN 千牛", 1e3)],
    "torque": [("N·m N.m 牛米", 1), ("kN·m", 1e3)],
    "viscosity": [("mPa·s mPa.s cP 厘泊", 1e-3), ("Pa·s Pa.s", 1)],
    "loudness": [("dB 分贝 dB(A) dBA", 1)],
    "ratio": [("% 百分之", 1e-2), ("‰", 1e-3), ("ppm", 1e-6), ("ppb", 1e-9)],
    "percentage points": [("个百分点", 1)],
    "angle": [("° 度", 1), ("′", 1 / 60), ("″", 1 / 3600)],
    "rotation": [("rpm r/min 转/分 转/分钟 转每分钟", 1)],
    "conductivity of heat": [("W/(m·K) W/m·K W/mK W/(m·℃) W/(mK)", 1)],
    "money": [("元", 1), ("万元", 1e4), ("亿元", 1e8)],
    "data rate": [("kbps", 1e3), ("Mbps", 1e6), ("Gbps", 1e9)],
    "coal": [("kgce", 1)],
    "mesh": [("目", 1)], "grade": [("级", 1)], "times": [("次", 1)], "fold": [("倍", 1)], "HRC": [("HRC", 1)],
    "HRA": [("HRA", 1)], "HV": [("HV", 1)], "HB": [("HB HBW", 1)], "HS": [("邵A 邵氏A ShoreA", 1)], "pH": [("pH", 1)],
    "IP": [("IP", 1)], "pixel": [("像素", 1)], "frame": [("帧 fps", 1)], "amount": [("mol 摩尔", 1), ("mmol", 1e-3)],
    "illuminance": [("lx 勒克斯", 1)], "flux": [("lm 流明", 1)], "colony": [("CFU", 1)], "turbidity": [("NTU", 1)],
    "per area": [("cm⁻² cm-2", 1e4)],
}  # fmt: skip
_PIECES = "件 片 只 个 条 张 块 包 支 瓶 根 台 套 辆 箱 袋 盒 人 转 串 枚"

_UNITS = {
    spelling: Unit(dimension, factor)
    for dimension, lines in _TABLE.items()
    for spellings, factor in lines
    for spelling in spellings.split()
}
_UNITS |= {piece: Unit(piece) for piece in _PIECES.split()}
_UNITS |= {name: Unit("temperature") for name in ("℃", "°C", "摄氏度", "度C")} | {
    "K": Unit("temperature", 1, -273.15),
    "开": Unit("temperature", 1, -273.15),
    "℉": Unit("temperature", 5 / 9, -160 / 9),
}
_SHOWN = {
    spelling: spellings.split()[0]
    for lines in _TABLE.values()
    for spellings, _ in lines
    for spelling in spellings.split()
} | dict.fromkeys(("°C", "摄氏度", "度C"), "℃")
_ANY_CASE = {spelling.lower(): spelling for spelling in reversed(_UNITS)} | {"mpa": "MPa", "mw": "MW"}
_NOT_ALONE = frozenset(_PIECES.split())
_ALSO_WORDS = "方 开 牛 安 寸 周 欧 巴 日 人 a"  # more often another word than a unit
_POWERS = str.maketrans("23", "²³")


def spellings() -> tuple[str, ...]:
    """Every spelling of a single unit that is safe to look for in running text, the longest first."""
    return tuple(sorted(_UNITS.keys() - set(_ALSO_WORDS.split()), key=lambda word: (-len(word), word)))


def stands_alone(unit: str) -> bool:
    """Whether a quantity in this unit can be a technical figure; pieces can only per time ("件/h")."""
    return unit not in _NOT_ALONE


@cache
def canonical(unit: str) -> str:
    """The unit as it is shown: "公斤" is kg, "wh/KG" is Wh/kg, an unknown one stays as it is."""
    compact = unit.replace(" ", "").replace("每", "/")
    if not compact or _find(compact):
        return _SHOWN.get(_spelling(compact), _spelling(compact))
    return "/".join(_SHOWN.get(_spelling(part), _spelling(part)) for part in compact.split("/"))


@cache
def unit_of(unit: str) -> Unit:
    """What a unit measures. "kg/h" is mass/time; an unknown unit is a dimension of its own."""
    compact = canonical(unit)
    known = _find(compact)
    if known is not None or "/" not in compact:
        return known or Unit(f"“{compact.lower()}”")
    parts = [_find(part) or Unit(f"“{part.lower()}”") for part in compact.split("/")]
    factor = parts[0].factor
    for part in parts[1:]:
        factor /= part.factor
    return Unit("/".join(part.dimension for part in parts), factor)


def convert(value: float, source: str, target: str) -> float | None:
    """The value in the target unit, or None when the two do not measure the same thing."""
    old, new = unit_of(source), unit_of(target)
    if old.dimension != new.dimension:
        return None
    if old == new:
        return value
    return (value * old.factor + old.offset - new.offset) / new.factor


def _spelling(word: str) -> str:
    for attempt in (word, word.translate(_POWERS)):
        if attempt in _UNITS:
            return attempt
        if attempt.lower() in _ANY_CASE:
            return _ANY_CASE[attempt.lower()]
    multiple = next((size for size in ("万", "亿") if word.startswith(size) and len(word) > 1), "")
    return multiple + _spelling(word[1:]) if multiple else word


def _find(word: str) -> Unit | None:
    spelling = _spelling(word)
    if spelling in _UNITS:
        return _UNITS[spelling]
    size = {"万": 1e4, "亿": 1e8}.get(spelling[:1])
    inner = _UNITS.get(_spelling(spelling[1:])) if size else None
    return Unit(inner.dimension, inner.factor * size) if inner and size else None


def is_known(word: str) -> bool:
    """Whether the word is itself the spelling of a unit."""
    return _find(word) is not None
