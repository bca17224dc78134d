"""The report's own words in both languages. Quotes are never translated."""

from typing import Literal

Language = Literal["en", "zh"]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Case codings and their evidence", "案例编码及其证据"),
    "lead": (
        "Every value below rests on the sentences listed under it. Nothing is coded without evidence; "
        "what was not found, not read or not yet reviewed is said in so many words.",
        "下列每一个编码值都以其下所列的句子为依据。没有证据不作编码；凡未发现、未读取或尚未审阅者，均如实标明。",
    ),
    "contents": ("Contents", "目录"),
    "cases": ("The cases at a glance", "案例总览"),
    "indicator": ("Indicator", "指标"),
    "two_by_two": ("Expectation and outcome", "理论预期与实际结果"),
    "two_by_two_note": (
        "Each field shows the intensity that the theory expects; each case stands where its conditions "
        "put it, with the intensity that was coded.",
        "每格标明理论预期的合作强度；各案例按其条件编码落格，并附实际编码的合作强度。",
    ),
    "dependence_axis": ("Resource dependence", "资源依赖程度"),
    "compatibility_axis": ("Compatibility of cultures", "组织文化相容度"),
    "expected": ("expected", "预期"),
    "coded": ("coded", "编码"),
    "no_case": ("no case observed", "未观察到案例"),
    "timeline": ("Agreements and actions over time", "协议与行动的时间线"),
    "timeline_note": (
        "By the date of the instrument or of the document that reports the action.",
        "按文书日期或报告该行动的文件日期排列。",
    ),
    "profile": ("Norms and goals of each organisation", "各组织的规范与目标"),
    "profile_note": (
        "Pieces of evidence in which the organisation affirms (or rejects) the norm or goal.",
        "该组织肯定（或否定）相关规范或目标的证据条数。",
    ),
    "coverage": ("What was read", "读取范围"),
    "documents": ("Documents", "文件"),
    "pages": ("Pages", "页数"),
    "languages": ("Languages", "语言"),
    "evidence": ("Evidence", "证据"),
    "reviewed": ("reviewed", "已审阅"),
    "unread_pages": ("Pages without text", "无文本页"),
    "document": ("Document", "文件"),
    "kind": ("Kind", "种类"),
    "date": ("Date", "日期"),
    "language": ("Language", "语言"),
    "status": ("Status", "状态"),
    "value": ("Value", "编码值"),
    "basis": ("Basis", "依据"),
    "missing": ("For the next higher value", "升至更高一级尚缺"),
    "combined_from": ("Combined from", "由下列指标合成"),
    "no_evidence": ("No evidence was found.", "未发现证据。"),
    "more": (
        "and {n} more pieces of evidence, listed in codings/evidence.csv",
        "另有 {n} 条证据，见 codings/evidence.csv",
    ),
    "page": ("p.", "页"),
    "found_by": ("found by", "发现规则"),
    "not_reviewed_yet": ("not reviewed yet", "尚未审阅"),
    "accept": ("confirmed by", "确认者："),
    "amend": ("amended by", "修正者："),
    "add": ("added by", "补充者："),
    "unsure": ("doubted by", "存疑者："),
    "reject": ("rejected by", "否定者："),
    "robustness": ("How firm the codings are", "编码的稳健性"),
    "settings": ("Settings", "设定"),
    "versions": ("Versions", "版本"),
    "setting": ("Setting", "设定"),
    "organisation": ("Organisation", "组织"),
    "agreement": ("agreement", "协议"),
    "hypothesis": ("hypothesis", "假说"),
    "scope": ("Scope", "范围"),
    "share_kept": ("Settings that keep the value", "保持该值的设定组合"),
    "caption_machine": (
        "Values marked ○ rest on machine evidence only; ● on evidence that people confirmed.",
        "标 ○ 者仅以机器证据为依据；标 ● 者有经人工确认的证据。",
    ),
}

VALUES: dict[str, tuple[str, str]] = {
    "low": ("low", "低"),
    "medium": ("medium", "中"),
    "high": ("high", "高"),
    "none": ("none", "无"),
    "weak": ("weak", "弱"),
    "strong": ("strong", "强"),
    "information_sharing": ("information sharing", "信息共享"),
    "policy_coordination": ("policy coordination", "政策协调"),
    "joint_decision": ("joint decision", "联合决策"),
    "joint_implementation": ("joint implementation", "联合实施"),
    "supported": ("supported", "得到支持"),
    "not_supported": ("not supported", "未获支持"),
    "coded": ("coded", "已编码"),
    "absent": ("no evidence found", "未发现证据"),
    "not_reviewed": ("not reviewed", "尚未审阅"),
    "no_documents": ("no documents", "缺少文件"),
    "not_observed": ("not observed", "未观察到"),
    "performed": ("performed", "已实施"),
    "committed": ("committed", "已承诺"),
    "called_for": ("called for", "被要求"),
    "need": ("need", "需求"),
    "provision": ("provision", "提供"),
    "substitution": ("substitution", "替代"),
    "affirmed": ("affirmed", "肯定"),
    "rejected": ("rejected", "否定"),
}


def word(table: dict[str, tuple[str, str]], key: str, language: Language) -> str:
    """Return a wording; what has none is shown as it is, with blanks for underscores."""
    pair = table.get(key)
    return pair[language == "zh"] if pair else key.replace("_", " ")
