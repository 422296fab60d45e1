"""The units the engine knows, as engineers write them. Data only: `units.py` reads it."""

# dimension: [(spellings, factor to the base unit)]; spellings of one line mean the same, the first is the one shown
TABLE: dict[str, list[tuple[str, float]]] = {
    "pressure": [
        ("Pa 帕 ㎩", 1), ("hPa 百帕", 100), ("kPa 千帕 ㎪", 1e3), ("MPa 兆帕 N/mm² ㎫", 1e6), ("GPa 吉帕", 1e9), ("bar 巴", 1e5),
        ("mbar 毫巴", 100), ("atm 大气压", 101325), ("psi", 6894.757), ("kgf/cm² 公斤力/平方厘米", 98066.5), ("mmHg", 133.322),
        ("Torr", 133.322), ("mmH₂O mmH2O", 9.80665),
    ],
    "length": [
        ("nm 纳米 ㎚", 1e-9), ("μm 微米 um ㎛", 1e-6), ("mm 毫米 ㎜", 1e-3), ("cm 厘米 公分 ㎝", 1e-2), ("dm 分米", 0.1), ("m 米", 1),
        ("km 公里 千米 ㎞", 1e3), ("丝", 1e-5), ("英寸 寸", 0.0254), ("Å", 1e-10), ("海里", 1852), ("pm 皮米", 1e-12),
    ],
    "area": [
        ("mm² 平方毫米 ㎟", 1e-6), ("cm² 平方厘米 ㎠", 1e-4), ("dm² 平方分米", 1e-2), ("m² 平方米 ㎡ 平米 平方", 1),
        ("亩", 666.667), ("公顷 hm²", 1e4), ("km² 平方公里 平方千米", 1e6), ("μm² 平方微米", 1e-12),
    ],
    "volume": [
        ("mL 毫升 ml ㎖", 1e-6), ("L 升", 1e-3), ("m³ 立方米 立方 方 ㎥", 1), ("cm³ 立方厘米 cc ㎤", 1e-6), ("μL 微升 uL", 1e-9),
        ("mm³ 立方毫米", 1e-9), ("dm³ 立方分米", 1e-3), ("nL 纳升", 1e-12),
    ],
    "gas volume": [("Nm³ 标方 标准立方米 标立方", 1)],
    "mass": [
        ("ng 纳克", 1e-12), ("μg 微克 ug", 1e-9), ("mg 毫克 ㎎", 1e-6), ("g 克", 1e-3), ("kg 千克 公斤 Kg ㎏", 1), ("t 吨", 1e3),
        ("斤", 0.5), ("两", 0.05), ("pg 皮克", 1e-15),
    ],
    "time": [
        ("μs 微秒 us", 1e-6), ("ms 毫秒", 1e-3), ("s 秒 秒钟 sec", 1), ("min 分钟", 60), ("h 小时 hr 个小时", 3600),
        ("d 天 日", 86400), ("周", 604800), ("月 个月", 2629800), ("年 a", 31557600), ("ns 纳秒", 1e-9), ("ps 皮秒", 1e-12),
    ],
    "age": [("日龄", 1), ("周龄", 7), ("月龄", 30.4375)],
    "power": [
        ("mW 毫瓦", 1e-3), ("W 瓦", 1), ("kW 千瓦 ㎾", 1e3), ("MW 兆瓦", 1e6), ("GW 吉瓦", 1e9), ("马力", 735.5), ("μW 微瓦", 1e-6),
        ("Wp", 1), ("kVA 千伏安", 1e3), ("VA 伏安", 1), ("MVA 兆伏安", 1e6),
    ],
    "power level": [("dBm", 1)], "antenna gain": [("dBi", 1)],
    "energy": [
        ("J 焦耳 焦", 1), ("mJ 毫焦", 1e-3), ("kJ 千焦", 1e3), ("MJ 兆焦", 1e6), ("Wh 瓦时 W·h", 3600), ("GJ 吉焦", 1e9),
        ("kWh 千瓦时 度电 kW·h kw.h", 3.6e6), ("MWh 兆瓦时 MW·h", 3.6e9), ("GWh 吉瓦时", 3.6e12), ("cal 卡", 4.1868),
        ("kcal 千卡 大卡", 4186.8), ("eV 电子伏", 1.602e-19), ("keV", 1.602e-16), ("MeV", 1.602e-13),
    ],
    "voltage": [("μV 微伏", 1e-6), ("mV 毫伏 ㎷", 1e-3), ("V 伏 伏特", 1), ("kV 千伏", 1e3), ("Vpp", 1)],
    "current": [
        ("nA 纳安", 1e-9), ("μA 微安", 1e-6), ("mA 毫安 ㎃", 1e-3), ("A 安 安培", 1), ("kA 千安", 1e3), ("pA 皮安", 1e-12),
    ],
    "charge": [("mAh 毫安时 mA·h", 3.6), ("Ah 安时 A·h", 3600), ("pC 皮库", 1e-12), ("C 库仑", 1)],
    "resistance": [
        ("μΩ 微欧", 1e-6), ("mΩ 毫欧", 1e-3), ("Ω 欧姆 欧", 1), ("kΩ 千欧", 1e3), ("MΩ 兆欧", 1e6), ("GΩ 吉欧", 1e9),
    ],
    "conductance": [("S 西门子", 1), ("mS 毫西", 1e-3), ("μS 微西", 1e-6)],
    "capacitance": [("pF", 1e-12), ("nF", 1e-9), ("μF 微法", 1e-6), ("mF", 1e-3), ("F 法拉", 1)],
    "inductance": [("nH", 1e-9), ("μH", 1e-6), ("mH", 1e-3)],
    "magnetic flux density": [("mT 毫特", 1e-3), ("T 特斯拉", 1), ("Gs 高斯", 1e-4), ("kGs", 0.1)],
    "frequency": [("Hz 赫兹 ㎐", 1), ("kHz 千赫 ㎑", 1e3), ("MHz 兆赫 ㎒", 1e6), ("GHz", 1e9), ("THz", 1e12)],
    "force": [
        ("mN 毫牛", 1e-3), ("N 牛 牛顿", 1), ("kN 千牛", 1e3), ("MN 兆牛", 1e6), ("cN 厘牛", 1e-2), ("kgf 公斤力", 9.80665),
        ("gf 克力", 9.80665e-3),
    ],
    "torque": [("N·m N.m Nm 牛米 牛·米", 1), ("kN·m kN.m", 1e3), ("mN·m", 1e-3)],
    "viscosity": [("mPa·s mPa.s mPas cP 厘泊", 1e-3), ("Pa·s Pa.s", 1)],
    "kinematic viscosity": [("cSt 厘斯", 1e-6)],
    "loudness": [("dB 分贝 dB(A) dBA ㏈", 1)],
    "ratio": [
        ("% 百分之", 1e-2), ("‰ 千分之", 1e-3), ("‱ 万分之", 1e-4), ("ppm", 1e-6), ("ppb", 1e-9), ("ppt", 1e-12), ("wt%", 1e-2),
        ("vol%", 1e-2), ("%RH", 1e-2), ("%vol %(v/v)", 1e-2), ("%FS %F.S %F·S", 1e-2),
    ],
    "percentage points": [("个百分点 百分点", 1)],
    "angle": [("°", 1), ("度", 1), ("′ 角分", 1 / 60), ("″ 角秒", 1 / 3600), ("rad", 57.29578), ("mrad", 0.05729578)],
    "rotation": [("rpm r/min 转/分 转/分钟 转每分钟 转每分", 1)],
    "speed at sea": [("节 kn", 1)],
    "conductivity of heat": [("W/(m·K) W/m·K W/mK W/(m·℃) W/(mK) W/m·℃ W/(m.K) W/m.K", 1)],
    "money": [("元 元人民币", 1), ("万元", 1e4), ("亿元", 1e8), ("千元", 1e3), ("百万元", 1e6), ("角", 0.1)],
    "data rate": [("kbps", 1e3), ("Mbps", 1e6), ("Gbps", 1e9)], "data": [("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)],
    "coal": [("kgce 千克标煤 公斤标煤 kg标煤", 1), ("gce", 1e-3), ("tce 吨标煤 吨标准煤", 1e3)],
    "fineness": [("dtex 分特", 1e-7), ("tex 特克斯", 1e-6), ("D 旦 旦尼尔", 1.111111e-7), ("den", 1.111111e-7)],
    "yarn count": [("英支", 1), ("支纱", 1)],
    "mesh": [("目 mesh", 1)], "grade": [("级", 1)], "times": [("次", 1)], "cycles": [("周次 循环", 1)], "fold": [("倍", 1)],
    "HRC": [("HRC", 1)], "HRA": [("HRA", 1)], "HRB": [("HRB", 1)], "HV": [("HV", 1)], "HB": [("HB HBW", 1)], "HL": [("HL", 1)],
    "HS": [("邵A 邵氏A ShoreA", 1)], "HSD": [("邵D 邵氏D ShoreD", 1)], "pencil": [("H", 1)], "CT": [("CT", 1)],
    "pH": [("pH", 1)], "IP": [("IP", 1)], "IT": [("IT", 1)], "points": [("分", 1)], "number": [("万", 1e4)],
    "pixel": [("像素", 1)], "frame": [("帧 fps", 1)],
    "amount": [("mol 摩尔", 1), ("mmol 毫摩尔", 1e-3), ("μmol 微摩尔", 1e-6), ("nmol", 1e-9)],
    "molar concentration": [("mM", 1e-3), ("μM uM", 1e-6), ("nM", 1e-9)], "molar mass": [("Da", 1), ("kDa", 1e3)],
    "illuminance": [("lx 勒克斯 lux", 1)], "flux": [("lm 流明", 1)], "luminance": [("cd 坎德拉", 1), ("nit 尼特", 1)],
    "radioactivity": [("Bq", 1), ("kBq", 1e3)], "absorbed dose": [("Gy", 1), ("kGy", 1e3)],
    "colony": [("CFU", 1)], "most probable number": [("MPN", 1)], "turbidity": [("NTU", 1)], "plaque": [("PFU", 1)],
    "activity": [("IU 国际单位", 1), ("U 单位", 1), ("EU", 1)], "acid value": [("mgKOH/g mgKOH/克", 1)],
    "infectious dose": [("TCID50", 1), ("EID50", 1)], "copies": [("copies 拷贝", 1)], "cells": [("cells 细胞 个细胞", 1)],
    "particles": [("ions 离子", 1)], "acceleration": [("gal", 0.01)],
    "per area": [("cm⁻² cm-2", 1e4)], "optical density": [("OD", 1)], "gloss": [("GU", 1)], "permeability": [("mD", 1e-3)],
}  # fmt: skip

PIECES = (
    "件 片 只 个 条 张 块 包 支 瓶 根 台 套 辆 箱 袋 盒 人 转 串 枚 株 头 羽 头份 羽份 粒 颗 尾 匹 批 批次 组 户 家 层 道 桶 "
    "车 班 炉 锅 项 名 位 处 座 栋 条线 模 孔 点 盘 卷 对 副 双 把 门 吨位 人次 穴 针 篇 部 种 步 款 期 所 场 口 只鸡 件套 罐"
)
"""What is counted by the piece. Alone such a figure is no technical one; per time, area or thing it is (件/h, 株/亩)."""

ALSO_WORDS = "方 开 牛 安 寸 周 欧 巴 日 人 a 两 卡 焦 角 单位 细胞 离子 H C T F S IT CT OD 循环 平方 特 法拉 U D"
"""More often another word, or a letter of something else, than a unit: never looked for by themselves."""

NOT_BEFORE = {
    "分": "之别布散类析离子解层段级支为成公",
    "度": "过假",
    "天": "然",
    "次": "品级序要",
    "倍": "率频增",
    "米": "粉饭糠",
    "升": "级高温到至降压华",
    "目": "标前录",
    "克": "服隆重拉",
    "节": "能点拍约水电省课",
    "转": "化动速移型让换向变运产载炉鼓筒子轮台矩",
    "级": "联配",
    "瓦": "楞斯",
    "月": "产均份",
    "年": "产均龄代度初底份",
    "丝": "杠网",
    "帕": "金",
    "秒": "表",
    "万": "元",
    "亩": "产均",
    "吨": "位级",
    "千": "瓦克米伏焦分斤",
    "℃": "",
}
"""Characters that make another word of what stands before them: 升级, 目标, 节能."""
