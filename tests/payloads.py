"""Seventy-five ways in which a text may try to become script, as visitors, documents, file names and staff could write it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from lxml import html as markup

_ACT = "window.__xss=1"
PAYLOADS = [
    f"<script>{_ACT}</script>", f"<ScRiPt>{_ACT}</sCrIpT>", f"<script src=data:,{_ACT}></script>", f"</title><script>{_ACT}</script>",
    f"</textarea><script>{_ACT}</script>", f"</script><script>{_ACT}</script>", f"--><script>{_ACT}</script>", f"]]><script>{_ACT}</script>",
    f"<img src=x onerror={_ACT}>", f"<img src=x onerror='{_ACT}'>", f'"><img src=x onerror={_ACT}>', f"'><img src=x onerror={_ACT}>",
    f"<img/src=x/onerror={_ACT}>", f"<svg onload={_ACT}>", f"<svg/onload={_ACT}>", f"<svg><script>{_ACT}</script></svg>",
    f"<svg><animate onbegin={_ACT} attributeName=x>", f"<svg><a xlink:href='javascript:{_ACT}'><text>x</text></a></svg>",
    f"<math><mtext><style><img src=x onerror={_ACT}></style></mtext></math>", f"<body onload={_ACT}>", f"<iframe srcdoc='<script>parent.{_ACT}</script>'>",
    f"<iframe src=javascript:parent.{_ACT}>", f"<object data=javascript:{_ACT}>", f"<embed src=javascript:{_ACT}>", f"<a href=javascript:{_ACT}>x</a>",
    f"<a href='jAvAsCrIpT:{_ACT}'>x</a>", f"<a href='java\tscript:{_ACT}'>x</a>", f"<form action=javascript:{_ACT}><button>x</button></form>",
    f"<button formaction=javascript:{_ACT}>x</button>", f"<input autofocus onfocus={_ACT}>", f"<select autofocus onfocus={_ACT}>",
    f"<details open ontoggle={_ACT}>", f"<video src=x onerror={_ACT}>", f"<audio src=x onerror={_ACT}>", f"<marquee onstart={_ACT}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{_ACT}'>", "<base href=//evil.example>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example)}</style>", f"<div style=\"background:url(javascript:{_ACT})\">x</div>", f"<x onclick={_ACT} tabindex=1 autofocus onfocus={_ACT}>",
    f"<template><script>{_ACT}</script></template>", f"<noscript><p title=\"</noscript><img src=x onerror={_ACT}>\">", f"<xmp><script>{_ACT}</script></xmp>",
    f"\" onmouseover=\"{_ACT}", f"' onfocus='{_ACT}' autofocus='", f"\" autofocus onfocus=\"{_ACT}", f"`-{_ACT}-`", f"${{{_ACT}}}", f"{{{{{_ACT}}}}}", f"{{% set x = {_ACT} %}}",
    "{{ ''.__class__.__mro__ }}", "{{ 7*7 }}", f"javascript:{_ACT}", f"&lt;script&gt;{_ACT}&lt;/script&gt;", f"&#60;script&#62;{_ACT}&#60;/script&#62;", f"\\u003cscript\\u003e{_ACT}\\u003c/script\\u003e",
    f"%3Cscript%3E{_ACT}%3C/script%3E", f"＜script＞{_ACT}＜/script＞", f"<script\x0c>{_ACT}</script>", f"<<script>{_ACT};//<</script>",
    f"[x](javascript:{_ACT})", f"![x](x\"onerror=\"{_ACT})", f"<javascript:{_ACT}>", f"[x]: javascript:{_ACT}", f"`</code><img src=x onerror={_ACT}>`",
    "<b hx-get=/staff hx-trigger=load>x</b>", f"<div data-hx-on:load={_ACT} hx-on::load={_ACT}>x</div>", f"<div hx-vals='js:{{x:{_ACT}}}' hx-get=/ hx-trigger=load>x</div>",
    f"<img src=x onerror\u2028={_ACT}>", f"<scr\u0131pt>{_ACT}</scr\u0131pt>", f"＜img src=x onerror={_ACT}＞", f"<script>{_ACT}", f"<img src=x onerror={_ACT}//", f"<!--><img src=x onerror={_ACT}>-->",
    f"\"}}]}}</script><script>{_ACT}</script>", f"%0d%0a<svg onload={_ACT}>",
]  # fmt: skip
_ADDRESSES = ("href", "src", "action", "formaction", "data", "hx-get", "hx-post", "xlink:href")
_OURS = ("/", "#", "data:,", "https://", "http://")  # beginnings of the addresses that our pages link to


def foreign(page: str, templates: Iterable[Path]) -> list[str]:
    """Elements, attributes and addresses of a page that none of its templates writes: what got out of its quotes."""
    source = " ".join(path.read_text(encoding="utf-8") for path in templates)
    tags = {"html", "body", "head", "p", *re.findall(r"<([a-z][a-z0-9]*)", source)}
    names = set(re.findall(r"[\s}]([a-z][a-z-]*)(?==|\s|>|{)", source))
    tree = markup.document_fromstring(page)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    found = [element.tag for element in elements if element.tag not in tags]
    found += [f"text in {e.tag}" for e in elements if e.tag in ("script", "style") and (e.text or "").strip()]
    for element in elements:
        found += [f"{element.tag} {name}" for name in element.attrib if name not in names]
        addresses = ((name, element.get(name, "/")) for name in _ADDRESSES)
        found += [f"{element.tag} {name}={at}" for name, at in addresses if at and not at.startswith(_OURS)]
    return found
