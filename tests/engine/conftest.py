"""A small corpus that a person can rank by eye; no Django, no database."""

import pytest

from apps.engine.documents import Document, Indicator
from apps.engine.encoder import Encoder, available_encoder
from apps.engine.matcher import Matcher
from apps.engine.taxonomy import Taxonomy, Term
from apps.engine.tokens import Segmenter


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy(
        [
            Term("chain_equipment", "智能装备", vocabulary="industry_chain"),
            Term("chain_chemistry", "高端化工与新材料", vocabulary="industry_chain"),
            Term("field_surface", "表面工程", vocabulary="tech_field"),
            Term("cladding", "激光熔覆", "field_surface", ("激光堆焊", "laser cladding")),
            Term("coating", "耐磨涂层", "field_surface"),
            Term("field_water", "水处理", vocabulary="tech_field"),
            Term("membrane", "膜分离", "field_water", ("反渗透", "RO")),
            Term("vision", "机器视觉", None, ("视觉检测", "AOI")),
        ]
    )


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return Segmenter(["激光熔覆", "耐磨涂层", "机器视觉"])


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return available_encoder()


@pytest.fixture(scope="session")
def capabilities() -> tuple[Document, ...]:
    return (
        Document(
            "cladding",
            "高速激光熔覆制备耐磨涂层",
            "在轴类零件表面熔覆铁基合金粉末,修复磨损的辊面,结合强度高。",
            ("cladding", "coating", "chain_equipment"),
            (Indicator("涂层硬度", 58, None, "HRC"), Indicator("涂层厚度", 0.3, 2.0, "mm")),
        ),
        Document(
            "spraying", "等离子喷涂陶瓷涂层", "用于叶片隔热。", ("field_surface",), (Indicator("硬度", 52, 52, "HRC"),)
        ),
        Document("welding", "厚板窄间隙焊接工艺", "压力容器焊接接头。", ("chain_equipment",)),
        Document("membrane", "反渗透膜分离处理电镀废水", "废水回用率高,浓水减量。", ("membrane",)),
        Document("vision", "机器视觉检测布匹疵点", "线阵相机与深度学习。", ("vision",)),
        Document("ferment", "益生菌高密度发酵", "冻干菌粉。"),
        Document("battery", "锂电池正极材料包覆改性", "提高循环寿命。"),
        Document("rubber", "胶料低温连续混炼", "降低能耗。"),
        Document("paint", "水性工业防腐涂料", "盐雾时间长。"),
        Document("empty", "技术研究"),
    )


@pytest.fixture(scope="session")
def need() -> Document:
    return Document(
        "need-roll",
        "轧辊表面耐磨涂层修复",
        "辊面磨损快,想用激光熔覆或者别的办法修复,要求硬度不低于55HRC,涂层厚度1mm左右。",
        ("cladding", "chain_equipment"),
        (Indicator("硬度", 55, None, "HRC"), Indicator("涂层厚度", 1, 1, "mm", is_hard=False)),
    )


@pytest.fixture(scope="session")
def needs(need: Document) -> tuple[Document, ...]:
    return (
        need,
        Document("need-water", "电镀废水深度处理回用", "浓水太多,想减量。", ("membrane",)),
        Document("need-cloth", "布匹疵点自动检验", "人工看布漏检多。"),
        Document("need-odd", "!!!"),
    )


@pytest.fixture(scope="session")
def matcher(taxonomy: Taxonomy, segmenter: Segmenter, capabilities: tuple[Document, ...]) -> Matcher:
    return Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(capabilities)
