"""Reference pages (参考文档) that the code writes: permissions, standard facts, OpenAPI."""

from __future__ import annotations

import json

from gongdao.app.permissions import OF_A_CASE, PERMISSIONS, POST_LABELS, Post
from gongdao.core.cases.facts import STANDARD
from gongdao.web.api.v1.site import api

_MADE = "<!-- 由 gongdao docs 生成 · written by `gongdao docs` -->\n\n"


def pages() -> dict[str, str]:
    """Return path under docs/ -> content of every page that the code writes."""
    return {
        "reference/permissions.md": _permissions(),
        "reference/standard-facts.md": _standard_facts(),
        "reference/openapi.json": _openapi(),
    }


def _permissions() -> str:
    heads = [f"{POST_LABELS[post].zh}<br>{POST_LABELS[post].en}" for post in Post]
    lines = [
        "# 权限 · Permissions",
        "",
        "谁可以做什么。每个动词限所列岗位；程序所用的密钥以其主人的岗位行事，还须有所列范围。",
        "不属于调用者的市场、店铺、案件与订单一律视为不存在（404）。",
        "",
        "Who may do what. A verb is for the posts ticked; a program's key acts in its owner's",
        "post and also needs the scope. Marketplaces, shops, cases and orders that are not the",
        "caller's do not exist for him (404). Which actions of a case a role may do at each moment",
        "is said by the process in the rulebook.",
        "",
        "密钥可以只限指定的案件（如交给外聘专家）：其余案件与订单视为不存在，可用的动词只有下列几个。",
        "A key may be for named cases only (for an outside expert): other cases and orders do not",
        "exist for it, and these verbs alone are open to it:",
        ", ".join(f"`{verb.value}`" for verb in PERMISSIONS if verb in OF_A_CASE) + ".",
        "",
        f"| 动词 verb | 范围 scope | {' | '.join(heads)} |",
        f"|---|---|{':-:|' * len(Post)}",
    ]
    for verb, permission in PERMISSIONS.items():
        ticks = ["✓" if permission.covers(post) else "" for post in Post]
        lines.append(f"| `{verb.value}` | `{permission.scope}` | {' | '.join(ticks)} |")
    return _MADE + "\n".join(lines) + "\n"


def _standard_facts() -> str:
    lines = [
        "# 标准事实 · Standard facts",
        "",
        "每个案件都能从自身记录回答的事实。规则书使用这些名字时，不必向任何人询问。",
        "",
        "Facts that every case answers from its own record: a rulebook that uses them asks nobody.",
        "",
        "| name | from |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {source.replace('|', 'or')} |" for name, source in STANDARD.items()]
    return _MADE + "\n".join(lines) + "\n"


def _openapi() -> str:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
