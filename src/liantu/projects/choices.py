"""Allowed values of the projects' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

STAGES = (
    Choice("lead", "线索", "Lead"), Choice("assessed", "研判", "Assessed"), Choice("talks", "在谈", "In talks", ("洽谈", "在谈项目")),
    Choice("admitted", "评审", "Admitted", ("评审(准入)", "评审准入", "准入", "已评审")), Choice("signed", "签约", "Signed", ("已签约", "签约项目")),
    Choice("registered", "注册", "Registered", ("已注册", "注册落户")), Choice("approved", "备案审批", "Approvals", ("审批", "手续办理", "前期", "备案", "报建")),
    Choice("started", "开工", "Started", ("已开工", "在建", "建设中", "开工建设")), Choice("in_statistics", "入统", "In statistics", ("已入统", "入库", "纳统")),
    Choice("completed", "竣工", "Completed", ("已竣工", "完工")), Choice("producing", "投产", "Producing", ("已投产", "试生产")),
    Choice("above_scale", "入规", "Above scale", ("已入规", "升规")), Choice("full_capacity", "达产", "Full capacity", ("已达产",)),
)
SIDE_STATES = (Choice("normal", "正常", "Normal", ("正常推进", "推进")), Choice("paused", "暂停", "Paused", ("停工", "停滞")), Choice("restarted", "重启", "Restarted", ("复工",)),
               Choice("ended", "终止", "Ended", ("出库", "取消", "退出")))
CATEGORIES = (Choice("new", "新建", "New", ("新建项目",)), Choice("reform", "技改", "Technical reform", ("技术改造", "改建和技术改造")), Choice("attracted", "招商", "Attracted", ("招商引资", "招商项目")),
              Choice("expansion", "扩建", "Expansion", ("增资扩产", "扩产")))
CHAIN_MOVES = (Choice("fill", "补链", "Fill a gap"), Choice("strengthen", "强链", "Strengthen"), Choice("extend", "延链", "Extend"), Choice("build", "建链", "Build"))
FACTORS = (
    Choice("land", "用地", "Land", ("土地",)), Choice("plant", "厂房", "Plant", ("标准厂房",)), Choice("energy", "用能", "Energy", ("能耗", "能耗指标")), Choice("emission", "排污", "Emission", ("排污指标", "环境容量")),
    Choice("power", "用电", "Power", ("电力", "变压器")), Choice("labour", "用工", "Labour", ("招工", "劳动力")), Choice("loan", "融资", "Loan", ("贷款", "资金")), Choice("talent", "人才", "Talent"))
VERIFIED = (Choice("verified", "已核", "Verified", ("已核实", "已核验", "是")), Choice("to_verify", "待核", "To verify", ("未核", "未核实", "待核实", "否")))
OF_CONTRACT = "项目数据：对外提供前须经责任单位同意"
