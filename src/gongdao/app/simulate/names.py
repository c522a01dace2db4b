"""Names (名称): shops, products and buyers of the generated marketplace; all invented."""

from __future__ import annotations

from dataclasses import dataclass

from gongdao.core.remedies.parcel import ReturnAddress

SHOPS = (
    "青禾家居旗舰店",
    "小满母婴专营店",
    "云杉数码专卖店",
    "南塘女装店",
    "拾光文具铺",
    "北坡户外旗舰店",
    "橘里生鲜",
    "墨白茶具工坊",
    "星河玩具屋",
    "半夏美妆店",
)

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = (
    "晓雯", "子涵", "一鸣", "思远", "雨桐", "浩然", "静怡", "嘉豪", "欣妍", "俊杰",
    "梦洁", "志强", "佳宁", "文博", "雪莹", "天佑", "若曦", "建国", "诗涵", "宇航",
)  # fmt: skip

REGIONS = (
    "上海",
    "北京",
    "广东省",
    "浙江省",
    "江苏省",
    "四川省",
    "山东省",
    "湖南省",
    "云南省",
    "福建省",
)


@dataclass(frozen=True, slots=True)
class Product:
    """A thing that is sold, at a price in fen, and its category at settlement."""

    title: str
    price_fen: int
    category: str


PRODUCTS = (
    Product("纯棉四件套 1.8 米", 25900, "home"),
    Product("不锈钢保温杯 500ml", 8900, "home"),
    Product("蓝牙耳机 降噪版", 39900, "electronics"),
    Product("儿童绘本 十册装", 12800, "other"),
    Product("法式碎花连衣裙", 18900, "apparel"),
    Product("登山鞋 防水款", 45900, "apparel"),
    Product("紫砂壶 手工 220ml", 68800, "jewellery"),
    Product("积木 消防车 486 粒", 15900, "other"),
    Product("保湿面霜 50g", 21900, "beauty"),
    Product("中性笔 黑 12 支", 1990, "other"),
    Product("机械键盘 87 键", 32900, "electronics"),
    Product("婴儿推车 轻便折叠", 89900, "other"),
    Product("赣南脐橙 5 斤", 3990, "fresh"),
    Product("护眼台灯", 16900, "electronics"),
    Product("羽绒服 中长款", 69900, "apparel"),
)


def buyer_name(number: int) -> str:
    """Return the name of the buyer with this number; numbers below 620 give different names."""
    return _FAMILY[number % len(_FAMILY)] + _GIVEN[number // len(_FAMILY) % len(_GIVEN)]


def return_address_of(shop: str) -> ReturnAddress:
    """Return where the shop of that title takes goods back."""
    return ReturnAddress(
        return_name=f"{shop}售后",
        return_phone="021-60000000",
        return_region="上海",
        return_address="浦东新区示例路 88 号 3 号库",
    )
