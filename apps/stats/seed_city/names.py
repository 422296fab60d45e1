"""Names of invented companies, universities and people; nobody bears them."""

from collections.abc import Iterator

from stdnum.cn import uscc

from apps.accounts.models import OrganisationKind
from apps.stats.demo_city.people import CITY_CODE, CODE_HEADS, CODE_SIGNS, GIVEN_NAMES, SURNAMES
from apps.stats.seed_city.lots import Lots

# Three of these signs make a name that no register holds; two would meet real ones.
SIGNS = (
    "岚澄砺沧硕泓霁珩翊澜朔衡璟昶灏煜峤湛铎钧栩骞屿桓沅淞璨骁毓懋楷"
    "竣荃弈笙漪砚曦堃钰琰榕彧朗筠璞旻祺沛垚翎峥崧舸帆鲲鹭磐埠矶礁"
)
TOWNS = ("岚汐", "澄礁", "沧硕", "砚屿", "泓岬", "霁海", "珩川", "槿湾", "翊澜", "澔洲", "栩岛", "璟浦")
UNIVERSITIES = ("理工大学", "科技大学", "大学", "工业大学", "海洋大学", "农业大学", "工程学院", "职业技术学院")
INSTITUTES = (
    "先进制造研究院",
    "高分子材料研究所",
    "海洋装备研究院",
    "智能系统研究所",
    "绿色化工研究院",
    "食品与发酵研究所",
    "新能源技术研究院",
    "生物医药研究院",
)
COMPANY_ENDINGS = {"有限公司": 60, "科技有限公司": 26, "股份有限公司": 5, "（青岛）有限公司": 4, "制造有限公司": 5}
UNIVERSITY_SHARE = 0.55
CODE_BLOCK = "CTY"
FIRST_PHONE = 10_000


def credit_code(number: int, kind: str) -> str:
    """A 统一社会信用代码 with a right check character, from a block that no register gives out ("CTY…")."""
    body = "".join(CODE_SIGNS[number // len(CODE_SIGNS) ** place % len(CODE_SIGNS)] for place in range(5, -1, -1))
    front = f"{CODE_HEADS.get(OrganisationKind(kind), '12')}{CITY_CODE}{CODE_BLOCK}{body}"
    return front + str(uscc.calc_check_digit(front))


def stems(lots: Lots, count: int) -> Iterator[str]:
    """So many different names of three signs."""
    base = len(SIGNS)
    for number in lots.sample(range(base**3), count):
        yield SIGNS[number // base**2] + SIGNS[number // base % base] + SIGNS[number % base]


def company_name(stem: str, word: str, lots: Lots) -> str:
    return f"青岛{stem}{word}{lots.one_of(COMPANY_ENDINGS)}"


def supplier_names(count: int) -> Iterator[tuple[OrganisationKind, str]]:
    """Universities, then institutes. Every town has one of each before a word of order is needed."""
    universities = max(1, round(count * UNIVERSITY_SHARE))
    for number in range(universities):
        yield OrganisationKind.UNIVERSITY, _placed(number, UNIVERSITIES)
    for number in range(count - universities):
        yield OrganisationKind.INSTITUTE, _placed(number, INSTITUTES)


def _placed(number: int, endings: tuple[str, ...]) -> str:
    town, ending = TOWNS[number % len(TOWNS)], endings[(number + number // len(TOWNS)) % len(endings)]
    turn = number // (len(TOWNS) * len(endings))
    return f"{town}{ending}" if not turn else f"{town}第{'二三四五'[turn - 1]}{ending}"


def person_name(lots: Lots) -> str:
    start = 2 * lots.randrange(len(GIVEN_NAMES) // 2)
    return lots.choice(SURNAMES) + GIVEN_NAMES[start : start + 2]


def phone(number: int) -> str:
    """One of a row of numbers that begins at a thousandfold zero: nobody's."""
    return f"1300{FIRST_PHONE + number:07d}"
