"""Words that tell what a part of a sentence is: a material, a process, an object, or nothing in particular.

A word belongs to a kind when it stands in the kind's list or ends in one of its suffixes; the lists go first.
"""

import re
from functools import cache, lru_cache
from typing import Literal

from apps.engine.word_classes import word_classes

type Sense = Literal["process", "technique", "material", "object", "trouble", "plain", "adjective", "latin", "stop"]
"""What a word does in a noun phrase. "technique" is what software and inspection do (检测, 识别); "stop" ends it."""

_PROCESS_SUFFIXES = """
焊接 钎焊 堆焊 焊 喷涂 涂布 涂覆 涂装 浸涂 刷涂 压铸 铸造 浇铸 连铸 浇注 锻造 模锻 轧制 冷轧 热轧 挤压 挤出 注塑 注射 吹塑 吸塑 成型 成形
冲压 冲裁 拉拔 拉深 折弯 旋压 切削 铣削 车削 磨削 珩磨 研磨 抛光 打磨 钻削 镗削 攻丝 切割 裁剪 分切 模切 电镀 镀膜 镀锌 镀铬 化学镀 镀镍 镀金
热处理 淬火 回火 退火 正火 渗碳 渗氮 时效 调质 烧结 焙烧 煅烧 熔炼 冶炼 精炼 熔覆 熔铸 混炼 密炼 塑炼 硫化 压延 造粒 发酵 酶解 水解 萃取 提取 浸出
蒸馏 精馏 蒸发 浓缩 结晶 过滤 超滤 纳滤 反渗透 吸附 脱附 离心 干燥 冻干 烘干 喷雾 粉碎 破碎 球磨 筛分 分选 浮选 混合 搅拌 乳化 聚合 缩合 酯化
硝化 氧化 加氢 重氮化 偶合 磺化 氯化 钝化 磷化 固化 交联 接枝 改性 表面处理 清洗 除锈 除尘 脱硫 脱硝 脱盐 脱水 脱色 除杂 纯化 提纯 灭菌 杀菌 消毒
速冻 冷冻 解冻 腌制 烘焙 油炸 膨化 蒸煮 染色 印花 织造 针织 纺丝 纺纱 整理 缝制 排料 封装 贴片 键合 蚀刻 光刻 沉积 溅射 植球 装配 组装 涂胶
热解 裂解 厌氧 曝气 生化 混凝 沉淀 芬顿 增材制造 3d打印 打印 包覆 掺杂 配料 卷绕 化成 分容 拉晶 切片 铆接 胶接 粘接 抽提 渗透 冷却 加热 保温
捞取 采摘 播种 育种 育苗 养殖 栽培 嫁接 钻进 掘进 开采 支护 抽采 压裂 注浆 爆破 打孔 钻孔 焦化 气化 液化 沼气化 堆肥 固氮 炒制 萎凋 揉捻
"""
_TECHNIQUE_SUFFIXES = """
检测 监测 检验 识别 定位 导航 仿真 建模 预测 预警 诊断 追溯 调度 排产 排程 测量 计量 标定 测试 跟踪 采集 传感 通信 监控 控制 估计 估算 检索 推荐
算法 神经网络 深度学习 机器学习 机器视觉 大数据 物联网 数字孪生 图像处理 信号处理 点云 三维重建 路径规划 数据融合 边缘计算 有限元 拓扑优化
回收 净化 处理 修复 治理 分离 转化 资源化 轻量化 提质 降解
"""
_MATERIAL_SUFFIXES = """
钢 合金 铸铁 生铁 不锈钢 铝 铜 钛 镁 锌 镍 钴 锂 铅 树脂 塑料 橡胶 胶料 面胶 纤维 陶瓷 玻璃 玻璃钢 石墨 石墨烯 碳纳米管 炭黑 白炭黑 活性炭 硅胶 尼龙
聚酯 聚氨酯 聚丙烯 聚乙烯 聚酰胺 聚酰亚胺 环氧 丙烯酸 涂料 油漆 底漆 面漆 粉末 粉体 浆料 乳液 溶剂 助剂 添加剂 催化剂 粘结剂 胶粘剂 粘合剂 固化剂
阻燃剂 分散剂 表面活性剂 酶 菌 菌株 菌种 蛋白 多糖 淀粉 纤维素 木质素 壳聚糖 胶原 油脂 精油 提取物 水泥 混凝土 沥青 骨料 砂浆 粉煤灰 矿渣 冶炼渣 钢渣
尾矿 煤矸石 秸秆 建筑垃圾 污泥 废水 污水 废渣 废气 废液 烟气 浓盐水 生丝 蚕丝 棉 麻 羊毛 涤纶 氨纶 面料 织物 无纺布 非织造布 薄膜 隔膜 板材 管材
型材 线材 棒材 带材 箔 铜箔 铝箔 复合材料 预浸料 晶硅 硅料 硅片 单晶 多晶硅 正极材料 负极材料 电解液 电解质 原料药 中药材 药材 饲料 肥料 磷酸盐
碳酸钙 二氧化钛 氧化铝 氧化锆 碳化硅 氮化硅 氮化铝 金刚石 膜材 薄板 泡沫 海绵 纸浆 木材 竹材 皮革 矿石 煤 焦炭 天然气 氢气 甲醇 乙醇 尿素 染料 颜料
材料 耐材 原料 坯料 毛坯 铸坯 废料 衬料 生胶 母胶 石蜡 石膏 石灰 硅油 润滑油 切削液 脱模剂 油墨 焊料 焊丝 焊条 焊膏 银浆 靶材 磁材 磁体 硬质合金
"""
_OBJECT_SUFFIXES = """
机 机器人 机床 机械 机组 整机 电机 风机 水泵 泵 阀 阀门 轴 轴承 齿轮 减速机 减速器 联轴器 主轴 轧辊 辊 辊道 模具 夹具 工装 刀具 砂轮 钻头 钻机 钻车 锚杆 台车
壳体 箱体 缸体 缸套 活塞 叶片 叶轮 转子 定子 法兰 螺栓 紧固件 弹簧 密封件 密封圈 密封条 垫片 垫圈 接头 管道 管件 管线 软管 胶管 钢管 管 罐 储罐 釜 反应釜 塔 炉 窑
锅炉 换热器 蒸发器 冷凝器 压缩机 过滤器 传感器 变送器 仪表 仪器 仪 电表 控制器 驱动器 变频器 断路器 互感器 变压器 避雷器 电阻片 电缆 线束 线缆 连接器 端子 插座
开关 继电器 电容器 芯片 电路板 线路板 基板 模组 模块 显示屏 面板 屏 镜头 相机 激光器 光源 灯 天线 雷达 电池 电芯 电池包 极片 储能柜 光伏板 组件 充电桩 逆变器
汽车 客车 卡车 车辆 车 车身 车架 副车架 底盘 轮毂 轮胎 胎面 胎侧 车轮 胶囊 制动器 闸片 座椅 内饰 船 船舶 螺旋桨 推进器 浮标 飞机 无人机 航空器 桥梁 隧道 管廊
钢轨 道岔 转向架 起重机 吊钩 电梯 叉车 输送带 输送机 皮带 传送带 生产线 产线 流水线 设备 装置 装备 系统 平台 终端 软件 冰箱 空调 洗衣机 洗碗机 干衣机 油烟机 热水器
家电 滤芯 膜组件 反渗透膜 膜 涂层 镀层 焊缝 铸件 锻件 压铸件 冲压件 注塑件 塑件 零件 零部件 部件 构件 结构件 预制件 工件 制品 产品 包装 包装袋 瓶 瓶盖 容器 集装箱
服装 校服 内衣 鞋 布料 布匹 坯布 地毯 家具 门窗 幕墙 墙板 板换 玻璃瓶 药品 制剂 注射剂 片剂 胶囊剂 疫苗 试剂 试剂盒 敷料 导管 支架 植入物 假体 食品 饮料 果汁
啤酒 白酒 酱油 食醋 调味品 面条 面粉 面制品 肉制品 鱼片 鱼糜 海参 虾仁 虾 扇贝 牡蛎 海带 裙带菜 蔬菜 水果 果蔬 蜂王浆 蜂蜜 牛奶 乳制品 豆制品 花生 大豆 玉米
小麦 水稻 西瓜 苹果 茶叶 烟叶 种子 苗木 家禽 蛋鸡 生猪 奶牛 水产品 大棚 温室 仓库 冷库 库房 矿井 煤层 巷道 工作面 边坡 基坑 路面 电站 电网 线圈 绕组 铁芯 磁环
机身 导轨 丝杠 滑块 凸轮 链条 钢丝绳 吊具 抓手 末端执行器 喷嘴 喷头 热流道 浇口 冒口 型腔 型芯 坩埚 结晶器 电极 阳极 阴极 探头 耳机 手机 电视 电器 玩具 工艺品
监控站 工作站 站 车间 数据库 模型 接口 网关 手套 口罩 面罩 头盔 绳网 渔网 网箱 网衣 导管架 钢管桩 桩 平台桩
"""
_NOT_OBJECTS = """
有机 随机 时机 动机 危机 司机 契机 商机 生机 待机 停机 开机 关机 专家 国家 厂家 无线 在线 离线 一线 主线 曲线 直线 光线 视线 路线 热线 车速 品牌 火车站 网站 管
质量 数量 产量 流量 能量 投产 生产 水产 财产 房产 资产 量产 国产 条件 事件 文件 邮件 零线 体系 关系 联系 全系 平台期 交期 保险 面 层面 方面 表面 界面 地面 页面 局面 全面 里面 对面 侧面 路
工业 行业 产业 作业 专业 就业 商业 主机厂 上车 停车 装车 开车 发电站 灌装机会 机会 拐点 阶段 手段 一车 用车
"""
_NOT_MATERIALS = """材料学 菌落 杀菌 无菌 除菌 灭菌 细菌 抗菌 含菌 带菌 真菌 降酶 原材料 光纤通信 采煤 燃煤 瓦斯 洗煤 泡沫经济 新材料 试料 资料 史料 塑料件 备料 给料 上料 下料 送料 卸料 来料 加料 投料 堵料 卡料 布料 去料 排料 喂料 出料 供料 落料 耗料 物料 配料 不料
预料 意料 照料 燃料 废旧 含铅 无铅 自燃 水煤 充填材料"""
_PLAIN = """
低温 高温 常温 高压 低压 真空 高速 高强 高强度 超高 超细 纳米 微米 微米级 纳米级 连续 智能 自动 远程 在线 多层 双层 薄壁 厚壁 大型 小型 微型 精密 复合 复杂 柔性 水性 油性 环保 阻燃 耐磨 耐热
耐高温 防腐 防水 抗菌 抗静电 导电 导热 绝缘 轻质 轻型 高分子 有机 无机 工业 农业 化工 食品 医用 医疗 车用 船用 矿用 民用 家用 商用 军用 建筑 电力 电子 电气 机电 光学 红外 紫外 激光 等离子 等离子体 超声
超声波 微波 射频 离子 化学 物理 生物 磁力 液压 气动 电动 手动 全自动 半自动 双面 单面 三维 二维 五轴 多轴 无线 物联网 视觉 图像 表面 内壁 内孔 外圆 深孔 微孔 铜基 铁基 镍基 铝基 碳纤维 石墨烯基 深冷
仿真 干燥 喷涂 表层 车载 机载 定向 组合 快速 动态 静态 超临界 亚临界 高密度 高能量密度 高电压 高盐 高浓度 难降解 含油 含盐 含氟 低品位 再生 废旧 退役 生活 餐厨 城市 农田 果园 设施 海洋 水下 深海 空气 动压 静压
全钢 半钢 载重 三元乙丙 丁基 丁腈 天然 合成 硅 氟 双组分 单组分 热塑性 热固性 多孔 微 超 高纯 电子级 食品级 医用级 药用级 高光 免喷涂 免烧 无铬 无氰 无磷 无醛 低温连续 对开门
"""
_STOPS = """
技术 研究 研发 开发 应用 方法 关键 核心 主要 重要 相关 有关 目前 现有 传统 新型 先进 高效 自主 国内 国外 国内外 我国 中国 全国 国际 世界 需求 要求 问题 难题 解决 方案 目标 预期 指标
标准 规范 水平 能力 性能 质量 效率 效果 成本 价格 市场 用户 客户 实现 提高 提升 降低 减少 增加 增强 改善 改进 优化 完善 推动 促进 加强 达到 满足 保证 确保 具有 具备 拥有 形成 进行 采用 使用 利用 通过 根据
结合 针对 基于 围绕 开展 建立 建设 构建 设计 提供 提出 需要 能够 可以 可能 希望 工艺 系列 项目 企业 公司 我司 本公司 我厂 我们 工厂 车间里 厂里 厂家 单位 行业 领域 产业 产业化 及 和 与 或 等 的 之 其 该 各 每 本 类 种 一种
生产 制造 制备 加工 研制 攻关 集成 示范 推广 合作 共同 联合 委托 转让 成果 专利 发明 创新 工作 服务 管理 团队 人员 人才 专家 专业 经验 内容 范围 阶段 时间 情况 条件 环境 结构 功能 特点 优势 作用 影响
原因 基础 因素 过程 方面 以上 以下 以内 之间 左右 新 旧 老 好 大 小 多 少 现 拟 欲 求 做 用 把 被 让 给 在 对 从 向 为 以 由 按 于 里 中 上 下 内 外 前 后 时 将 会 要 想 能 可 已 未 不 没 没有 无 有 是 还 也 都 就 才 又 再 很
太 最 更 越 比 才能 目的 意义 社会 经济 市民 农民 政府 院士 博士 大学 学院 研究所 资源 综合 升级 改造 工程 信息 平台期 年产 年 月 日 天 万元 元 台 套 个 件 只 支 吨 公斤 米 种类 品种 规格 型号 数量 参数
希望能 想要 求购 寻求 寻找 急需 亟需 替代 国产化 智能化 自动化 数字化 规模化 工业化 一体化 绿色化 信息化 关键技术 新技术 新工艺 新产品 新材料 产品 原材料 设备商 甲方 乙方 合作方 校企 课题 样品 样机 试验 实验 经费
"""
_TROUBLES = """
缺陷 疵点 裂纹 裂缝 裂口 变形 翘曲 磨损 腐蚀 锈蚀 老化 泄漏 渗漏 堵塞 结垢 结焦 结块 团聚 粘连 气孔 缩孔 夹渣 砂眼 毛刺 飞边 熔接痕 流痕 色差 噪声 噪音 异响 振动 抖动 颤振 污染 污堵 异味 气味 故障 失效 断裂 开裂
脱落 剥落 起泡 漂移 衰减 波动 偏差 误差 超标 报废 返工 漏检 误判 误报 短路 击穿 放电 涡流 温升 残余应力 应力集中 损耗 浪费 延误 隐患 事故 风险 危害 瓶颈 滞后 失稳 跳动 氧化皮 夹杂 偏析 疏松 过烧 烧伤 崩边 断刀 漏气
漏油 漏水 回弹 蠕变 疲劳 空化 汽蚀 气蚀 冲蚀 结露 结霜 发热 热斑 粘模 拉伤 划伤 划痕 碰伤 缩水 气泡 针孔 橘皮 掉粉 掉渣
"""
_HEAVY_LATIN = """
PP PE PVC PET PA PA6 PA66 PC ABS PBT POM PEEK PPS PI PMMA TPU TPE EVA EPDM NBR SBR PTFE PVDF PEBAX PVP PLA PBAT PVA PAN PU PCB SMC GFRP CFRP UHMWPE SiC GaN InP GaAs
304 316L 316 2205 6061 7075 6063 Q235 Q345 Q355 Q690 H13 45钢 40Cr 42CrMo 20CrMnTi GCr15 TC4 ADC12 A356 DH36 HT250 QT450 Cr12MoV
"""

_STEEL = re.compile(r"\d{0,3}(?:(?:cr|mn|mo|ni|ti|si|nb|v|w|al|cu|mg|zn)\d{0,2}){2,}[a-z]?", re.IGNORECASE)
_LATIN = re.compile(r"[a-z][a-z0-9+.\-]*|\d+[a-z][a-z0-9+.\-]*", re.IGNORECASE)
_WORD = re.compile(r"[㐀-鿿]+")
_LONGEST_SUFFIX = 5


def _set(words: str) -> frozenset[str]:
    return frozenset(word.lower() for word in words.split())


@cache
def _suffixes() -> dict[str, Sense]:
    """Later kinds do not displace earlier ones."""
    found: dict[str, Sense] = {}
    lists: tuple[tuple[Sense, str], ...] = (
        ("trouble", _TROUBLES),
        ("process", _PROCESS_SUFFIXES),
        ("technique", _TECHNIQUE_SUFFIXES),
        ("material", _MATERIAL_SUFFIXES),
        ("object", _OBJECT_SUFFIXES),
    )
    for sense, words in lists:
        for word in _set(words):
            found.setdefault(word, sense)
    return found


_STOP_WORDS = _set(_STOPS)
_PLAIN_WORDS = _set(_PLAIN)
_NO_HEADS = _set(_NOT_OBJECTS) | _set(_NOT_MATERIALS)
_LATIN_MATERIALS = _set(_HEAVY_LATIN)


@lru_cache(maxsize=50_000)
def sense_of(word: str) -> Sense:
    """The sense of one folded word (half width, lower case, simplified)."""
    if word in _STOP_WORDS:
        return "stop"
    if word in _LATIN_MATERIALS or _STEEL.fullmatch(word):
        return "material"
    if _LATIN.fullmatch(word):
        return "latin"
    if not _WORD.search(word):
        return "stop"
    if word in _suffixes():
        return _suffixes()[word]
    if word in _PLAIN_WORDS or word in _NO_HEADS:
        return "plain"
    return _by_ending(word)


def _by_ending(word: str) -> Sense:
    sense = word_classes().get(word, "")
    if sense in {"d", "p", "c", "u", "r", "t", "y", "e", "v", "q", "m", "f"}:
        return "stop"
    for length in range(min(_LONGEST_SUFFIX, len(word) - 1), 0, -1):
        found = _suffixes().get(word[-length:])
        if found:
            return found
    return "adjective" if sense in {"a", "z"} else "plain"
