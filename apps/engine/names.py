"""What a sentence calls a capability, by its kind."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """`this` to the enterprise, `yours` to its owner, `short` where it comes up again; `does` leads to its subject."""

    this: str
    yours: str
    short: str
    does: str


RESOURCE = Name("这项资源", "您的资源", "对方", "做的")
"""What a kind that is not listed is called."""

NAMES = {
    "result": Name("这项成果", "您的成果", "成果", "做的"),
    "expert": Name("这位专家", "您的专长", "对方", "研究的"),
    "laboratory": Name("这个实验室", "您的实验室", "实验室", "做的"),
    "instrument": Name("这套设备", "您的设备", "设备", "针对的"),
    "pilot_base": Name("这个中试基地", "您的中试基地", "基地", "做的"),
    "service_team": Name("这支团队", "您的团队", "团队", "做的"),
}


def name_of(kind: str) -> Name:
    return NAMES.get(kind, RESOURCE)
