"""区划 园区: regions by GB/T 2260 code, and the townships and parks that carry the chains."""

from __future__ import annotations

from liantu.kernel import fields
from liantu.kernel.columns import Choice
from liantu.kernel.tables import Record
from liantu.places.choices import PARK_KINDS

DATUMS = (Choice("cgcs2000", "CGCS2000", "CGCS2000", ("国家2000", "2000国家大地坐标系", "大地2000")), Choice("wgs84", "WGS-84", "WGS-84", ("wgs84", "WGS84", "84坐标")),
          Choice("gcj02", "GCJ-02", "GCJ-02", ("gcj02", "GCJ02", "火星坐标", "高德坐标")), Choice("bd09", "BD-09", "BD-09", ("bd09", "BD09", "百度坐标")))


class Region(Record):
    """行政区划：六位区划代码及其变迁。"""

    code = fields.code("区划代码", "Region code", required=True, unique=True, length=12, aliases=("行政区划代码", "区划编码"), secrecy="public")
    name = fields.name("区划名称", "Region", required=True, aliases=("行政区划", "地区名称"), secrecy="public")
    parent = fields.reference("places.Region", "上级区划", "Parent region", secrecy="public")
    valid_until = fields.year("停用年份", "Valid until", help="区划撤并后不再使用的年份；现用为空", secrecy="public")
    successor = fields.reference("places.Region", "现用区划", "Successor", help="撤并、改名后的现用区划", secrecy="public")

    class Table:
        zh, en, key, caption = "行政区划", "Region", ("code",), "name"
        title_words = ("行政区划", "区划代码表")

    @classmethod
    def identify(cls, wanted: list[dict[str, str | None]]) -> list[int | None]:
        """Rows by name or code; a withdrawn region answers with its successor."""
        known: dict[str, int] = {}
        for pk, code, name, successor in cls.objects.values_list("id", "code", "name", "successor_id").order_by("-valid_until"):
            known[name] = known[code] = successor or pk
        return [known.get(w.get("name") or "") for w in wanted]


class Park(Record):
    """镇街园区：承载产业链的乡镇、街道和园区。"""

    code = fields.code("园区代码", "Park code", required=True, unique=True, length=32, aliases=("镇街代码", "园区编号", "编号"), secrecy="public")
    name = fields.name("园区名称", "Park or township", required=True, secrecy="public",
                       aliases=("镇街名称", "镇街", "园区", "乡镇", "乡镇街道", "镇街/园区", "镇街（园区）", "园区镇街", "镇街园区", "所属镇街", "所属乡镇", "所在园区", "属地"))
    kind = fields.choice("类别", "Kind", *PARK_KINDS, aliases=("园区类别", "性质"), secrecy="public")
    region = fields.reference("places.Region", "所在区划", "Region", aliases=("所属区划",), secrecy="public")
    level = fields.choice("级别", "Level", Choice("national", "国家级", "National"), Choice("provincial", "省级", "Provincial"), Choice("city", "市级", "City"),
                          Choice("district", "区级", "District", ("县级", "县区级")), aliases=("园区级别",), secrecy="public")
    leading = fields.words("主导产业", "Leading industries", secrecy="public")
    land_mu = fields.number("面积", "Area", unit="亩", aliases=("规划面积", "面积（亩）", "占地面积"), secrecy="public")
    boundary = fields.boundary("边界", "Boundary (GeoJSON)", help="GeoJSON 面，示意图用；需注明坐标系", secrecy="internal")
    datum = fields.choice("坐标系", "Datum of the boundary", *DATUMS, aliases=("边界坐标系", "坐标系统", "大地基准"), help="边界所用的坐标系；不注明就不换算", secrecy="public")
    approval = fields.text("审图号", "Map approval number", length=60, aliases=("边界审图号", "地图审核号"), help="边界来自经审核的地图时填写", secrecy="public")

    class Table:
        zh, en, key, caption = "镇街园区", "Parks and townships", ("code",), "name"
        title_words = ("园区名录", "镇街名录", "镇街园区")
