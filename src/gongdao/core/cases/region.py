"""Regions (地区): does an address text lie in a province, a city, a district.

Orders say where a parcel goes in words: `上海市浦东新区`, `四川省 成都市`, `广西-南宁`. Names are
compared without their administrative suffix, level by level from the front.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongdao.core.kernel.text import Text

_BETWEEN = re.compile(r"[\s,，、/·|>\-]+")
_SUFFIXES = (
    (
        "维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市",
    ),
    ("自治州", "地区", "盟", "市", "州"),
    ("自治县", "自治旗", "新区", "区", "县", "市", "旗"),
)  # fmt: skip
#: Cities that are provinces: the level of the city says nothing more.
_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
#: Between a municipality and its district some write a level that is none.
_EMPTY_LEVELS = ("市辖区", "县")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A province; within it a city, a district, when given."""

    province: str
    city: str = ""
    district: str = ""

    @property
    def stem(self) -> str:
        """The province's name without its suffix: what every address in it begins with."""
        return stem_of(self.province, 0)

    @property
    def title(self) -> Text:
        """The region's name, as one reads it in both languages."""
        name = "".join(dict.fromkeys(n for n in (self.province, self.city, self.district) if n))
        return Text(name, name)

    def holds(self, address: str | None) -> bool:
        """Tell whether an address text lies in the region; one without words does not."""
        if not address:
            return False
        rest = _BETWEEN.sub("", address).removeprefix("中国")
        for level, name in enumerate((self.province, self.city, self.district)):
            if not name or (level == 1 and self.stem in _MUNICIPALITIES):
                continue
            found = _after(rest, name, level)
            if found is None and level:
                # A municipality is its own city: 上海 上海市 浦东新区, or 上海市浦东新区.
                found = _after(_without_empty_level(rest, self.province), name, level)
            if found is None:
                return False
            rest = found
        return True


def stem_of(name: str, level: int) -> str:
    """Return a name without its suffix; one that would leave a single character keeps it."""
    plain = _BETWEEN.sub("", name)
    for suffix in _SUFFIXES[level]:
        if plain.endswith(suffix) and len(plain) > len(suffix) + 1:
            return plain.removesuffix(suffix)
    return plain


def _after(rest: str, name: str, level: int) -> str | None:
    """Return what follows `name` at the front of `rest`; None when it is not there."""
    stem = stem_of(name, level)
    if not rest.startswith(stem):
        return None
    left = rest.removeprefix(stem)
    for suffix in _SUFFIXES[level]:
        if left.startswith(suffix):
            return left.removeprefix(suffix)
    return left


def _without_empty_level(rest: str, province: str) -> str:
    again = _after(rest, province, 0)
    rest = rest if again is None else again
    for empty in _EMPTY_LEVELS:
        rest = rest.removeprefix(empty)
    return rest
