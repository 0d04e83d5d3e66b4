"""Allowed values of the attraction room's records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

VERDICTS = (Choice("attract", "招引", "Attract", ("招商", "引进")), Choice("grow", "培育", "Grow", ("本地培育", "扶强")), Choice("cooperate", "协作", "Cooperate", ("区域协作", "周边配套")),
            Choice("drop", "放弃", "Drop", ("不做",)), Choice("verify", "待核", "To verify", ("待核实",)))
POLLUTION = (Choice("low", "轻", "Low", ("低", "小")), Choice("medium", "中", "Medium", ("一般",)), Choice("high", "重", "High", ("高", "大")))
POOLS = (
    Choice("listed", "上市公司", "Listed firms", ("上市企业",)), Choice("qualified", "资质企业", "Firms with marks", ("专精特新", "小巨人", "资质名单")), Choice("registry", "工商登记", "Registry extract", ("登记名录",)),
    Choice("trade", "供应商和客户", "Suppliers and customers", ("供应商", "客户", "产业链")), Choice("elsewhere", "区外企业", "Firms elsewhere", ("外地企业", "区外布局")),
    Choice("referral", "推荐", "Referrals", ("以商招商", "企业推荐", "商会推荐")), Choice("research", "科研机构成果", "Research spin-offs", ("科研院所", "高校")),
    Choice("fund", "基金投资企业", "Held by funds", ("基金", "被投企业")), Choice("park", "园区企业", "Firms of parks", ("外地园区",)), Choice("other", "其他", "Other"))
LINKS = (
    Choice("supplies", "向本地供货", "Supplies a firm here", ("供货", "供应商")), Choice("buys", "向本地采购", "Buys from a firm here", ("采购", "客户")),
    Choice("capital", "股权投资", "Shareholding", ("股权", "投资关系")), Choice("referred", "以商招商推荐", "Referred by a firm here", ("推荐", "引荐", "企业推荐", "以商招商")),
    Choice("person", "乡贤校友", "Natives and alumni", ("乡贤", "校友")), Choice("research", "科研合作", "Joint research", ("技术合作", "产学研")),
    Choice("fund", "基金投资", "Held by a fund of ours", ("基金",)), Choice("park", "园区合作", "Ties between parks", ("园区",)))
SIGNS = (
    Choice("invests", "对外投资", "Invests elsewhere", ("新设子公司", "异地投资")), Choice("raises", "募投项目", "Raised capital for plants", ("募投", "融资", "定增", "IPO募投")),
    Choice("capacity", "扩产公告", "Announced capacity", ("产能公告", "扩产", "环评公示")), Choice("recruits", "扩招", "Recruits", ("招聘", "大量招聘")),
    Choice("land", "原地用地受限", "Short of land at home", ("用地到期", "拆迁", "土地受限")), Choice("environment", "原地环保能耗受限", "Limits of emission or energy at home", ("环保限产", "能耗受限")),
    Choice("cost", "成本上升外迁", "Leaves for cost", ("成本外迁", "租金到期")), Choice("transfer", "明示转移意向", "Says it will move capacity", ("产能转移", "转移意向")),
    Choice("dishonest", "失信", "Dishonest debtor", ("失信被执行", "严重违法失信")), Choice("lawsuit", "重大诉讼", "Large lawsuit", ("诉讼",)), Choice("debt", "高负债", "Heavy debt", ("负债", "资金链紧张")),
    Choice("abandoned", "弃约", "Broke an earlier contract", ("履约不良", "违约", "频繁弃约")), Choice("penalty", "环保安全处罚", "Fined for safety or environment", ("环保处罚", "安全事故")))
EXPANSION = ("invests", "raises", "capacity", "recruits")
RELOCATION = ("land", "environment", "cost", "transfer")
RISKS = ("dishonest", "lawsuit", "debt", "abandoned", "penalty")
LANDINGS = (Choice("subsidiary", "新设子公司", "New subsidiary", ("设立子公司", "注册")), Choice("land", "拿地", "Land deal", ("土地成交",)), Choice("signed", "签约", "Signed", ("签约项目",)),
            Choice("started", "开工", "Started", ("开工项目",)), Choice("moved", "整体迁入", "Moved in", ("迁入",)))
DECISIONS = (Choice("chosen", "列为目标", "Chosen", ("选定", "跟进")), Choice("watch", "暂列观察", "Watched", ("观察", "储备")), Choice("dropped", "不再跟进", "Dropped", ("放弃", "剔除")))
OUTCOMES = (Choice("open", "跟进中", "Open"), Choice("landed", "已落地", "Landed here", ("落地",)), Choice("signed", "已签约", "Signed here", ("签约",)), Choice("elsewhere", "落户别处", "Went elsewhere", ("落地外地",)),
            Choice("refused", "对方无意", "Not interested", ("拒绝",)), Choice("ended", "我方终止", "Ended by us", ("终止",)))
LEAD_SOURCES = (
    Choice("target", "目标企业清单", "Short list", ("靶向招商",)), Choice("referral", "以商招商", "Referred by a firm", ("企业推荐",)), Choice("post", "驻点招商", "Office elsewhere", ("驻外招商",)),
    Choice("fair", "展会活动", "Fair", ("展会", "推介会", "招商会")), Choice("chamber", "商协会", "Chamber", ("商会", "协会")), Choice("master", "链主推荐", "Chain master", ("链主",)),
    Choice("agent", "中介机构", "Agent", ("中介", "委托招商")), Choice("leader", "领导交办", "Passed on by a leader", ("上级交办",)), Choice("visit", "企业来访", "Came by itself", ("来访", "自荐")))
LEAD_STATES = (Choice("new", "待响应", "To be answered", ("新线索",)), Choice("answered", "已响应待研判", "Answered", ("已响应",)), Choice("assessed", "已研判", "Assessed", ("研判完成",)),
               Choice("talks", "已转在谈", "In talks", ("在谈", "转项目")), Choice("reserve", "储备", "Reserve", ("入库储备",)), Choice("dropped", "放弃", "Dropped", ("不跟进", "终止")))
LEAD_VERDICTS = (Choice("follow", "跟进", "Follow"), Choice("reserve", "储备", "Reserve"), Choice("drop", "放弃", "Drop", ("不跟进",)))
LEAD_CLASSES = (Choice("a", "A类 重点推动", "A: pushed", ("A", "A类", "重点推动")), Choice("b", "B类 一般跟进", "B: followed", ("B", "B类", "一般跟进")), Choice("c", "C类 储备对接", "C: reserve", ("C", "C类", "储备对接")))
VISIT_KINDS = (Choice("out", "上门拜访", "We visited", ("外出拜访", "外出考察", "走访")), Choice("hosted", "来访接待", "They came", ("接待", "来访考察")), Choice("talk", "洽谈会", "Talks", ("洽谈", "会谈", "座谈")),
               Choice("call", "电话视频", "Call", ("电话", "视频会议")))
ADMISSION_RESULTS = (Choice("passed", "同意准入", "Admitted", ("通过", "准入")), Choice("refused", "不予准入", "Refused", ("不通过", "否决")), Choice("more", "补充材料再审", "More is needed", ("补充", "待定")))
PROMISES = (
    Choice("invest", "总投资", "Investment", ("投资额",)), Choice("invest_per_mu", "亩均投资", "Investment per mu", ("投资强度",)), Choice("output", "年产值", "Yearly output", ("产值", "达产产值")),
    Choice("output_per_mu", "亩均产值", "Output per mu", ("产出强度",)), Choice("tax", "年税收", "Yearly tax", ("税收",)), Choice("tax_per_mu", "亩均税收", "Tax per mu", ("亩均税收强度",)),
    Choice("jobs", "就业", "Jobs", ("带动就业", "用工")), Choice("start", "开工", "Start", ("开工时间",)), Choice("complete", "竣工", "Completion", ("竣工时间",)), Choice("produce", "投产", "Production", ("投产时间",)))
PROMISE_UNITS = {"invest": "万元", "invest_per_mu": "万元/亩", "output": "万元", "output_per_mu": "万元/亩", "tax": "万元", "tax_per_mu": "万元/亩", "jobs": "人", "start": "", "complete": "", "produce": ""}
ACTUAL_SOURCES = (Choice("statistics", "统计", "Statistics", ("统计局",)), Choice("tax", "税务", "Tax office", ("税务局",)), Choice("insurance", "社保", "Social insurance", ("人社局",)),
                  Choice("permit", "许可证照", "Permit", ("施工许可", "验收")), Choice("audit", "审计核验", "Audit", ("核验报告", "验资")), Choice("reported", "企业自报", "Told by the firm", ("自报",)))
SAME = (Choice("same", "同一项目", "One project", ("重复",)), Choice("increase", "增资扩产，另计", "An increase, counted apart", ("增资",)), Choice("different", "不是同一项目", "Two projects", ("不重复",)))
