"""An evaluation as one HTML page that needs no other file: tables, plots, and the answers given.

The questions of `test` are not shown, so that nobody works towards them: their ids are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.comparing import changed_questions, summary
from benchmarks.report import Rows, tables

Results = dict[str, Any]
HIDDEN, ACCEPTANCE = ("test", "blind"), ("musts", "systems")
_COLOURS = {"ko": "#0072b2", "en": "#d55e00"}  # told apart by colour-blind readers too
_LANGUAGES = {"ko": "Korean", "en": "English"}
_STYLES = ("-", "--", ":", "-.")
_CSS = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}"
    "th,td{border-bottom:1px solid #ccc;padding:.2rem .6rem;text-align:left;white-space:nowrap}"
    "figure{margin:1rem 0}svg{max-width:100%;height:auto}article{border-left:3px solid #ccc;padding-left:1rem;"
    "margin:1rem 0}article p{white-space:pre-line}.sources{color:#555}"
)


def page(results: Results, name: str) -> str:
    """The whole page of the report of this file name."""
    parts = [f"<h1>Evaluation</h1><p>{escape(name)}, release {escape(results['about']['release'])}</p>"]
    parts += [_section(title, _table(rows)) for title, rows in tables(results)]
    parts.append(_section("Plots", "".join(_figure(title, svg) for title, svg in plots(results))))
    parts.append(_section("Compared with the report before", _comparison(results["compared"])))
    parts += [
        _section(f"Answers given: {name}", _given(name, own["turns"]))
        for name, own in results["answers"].items()
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Evaluation</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_CSS}</style><body>{''.join(parts)}</body></html>\n"
    )


def plots(results: Results) -> Iterator[tuple[str, str]]:
    """Titles and SVG elements: right answers by kind, recall, risk against coverage, time."""
    for name, measured in results["answers"].items():
        if len(measured["kinds"]) > 1:
            yield f"Right by kind: {name}", _drawn(partial(_draw_kinds, measured["kinds"]))
    yield "Recall", _drawn(partial(_draw_recall, results["retrieval"]))
    for language, said in _LANGUAGES.items():
        title = f"Risk against coverage: questions in {said}"
        yield title, _drawn(partial(_draw_risk, results["answers"], language))
    for language, said in _LANGUAGES.items():
        confused = results["understanding"]["ours"][language]["confused"]
        yield f"Intents meant and read: {said}", _drawn(partial(_draw_confused, confused), (10, 9))
    yield "Time, median and 95th percentile", _drawn(partial(_draw_time, results["timing"]))


def _drawn(draw: Callable[[Axes], None], size: tuple[float, float] = (8, 4)) -> str:
    """What is drawn on one pair of axes, `size` inches wide and high, as an SVG element, its texts left as text."""
    with mpl.rc_context({"svg.fonttype": "none", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        file = io.StringIO()
        figure.savefig(file, format="svg")
    svg = file.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return re.sub(
        r'<g id="[^"]*"', "<g", svg
    )  # every plot numbers its groups from 1: ids stand once in a page


def _draw_kinds(kinds: dict[str, Any], axes: Axes) -> None:
    _draw_pairs(
        axes,
        list(kinds),
        {language: [_of(kinds[k][language], "right") for k in kinds] for language in _COLOURS},
    )
    axes.set_ylabel("share right")


def _draw_recall(retrieval: dict[str, Any], axes: Axes) -> None:
    places = [(name, f"recall@{k}") for name in retrieval for k in (1, 3, 5)]
    heights = {
        language: [_of(retrieval[name]["figures"][language], key) for name, key in places]
        for language in _COLOURS
    }
    _draw_pairs(axes, [f"{name} @{key[-1]}" for name, key in places], heights)
    axes.set_ylabel("share found")


def _draw_pairs(axes: Axes, labels: list[str], heights: dict[str, list[float]]) -> None:
    for shift, (language, own) in zip((-0.2, 0.2), heights.items(), strict=True):
        places = [number + shift for number in range(len(labels))]
        axes.bar(places, own, 0.4, color=_COLOURS[language], label=_LANGUAGES[language])
    axes.set_xticks(range(len(labels)), labels, rotation=30, ha="right")
    axes.set_ylim(0, 1)
    axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=2)  # above the bars


def _draw_risk(answers: dict[str, Any], language: str, axes: Axes) -> None:
    for style, (name, measured) in zip(_STYLES, answers.items(), strict=False):
        curve = measured["abstention"][language]["curve"]
        axes.plot(
            [point[0] for point in curve], [point[1] for point in curve], style, drawstyle="steps-pre",
            color=_COLOURS[language], label=name,
        )  # fmt: skip
    axes.set(xlabel="coverage: share of all questions that get an answer", ylabel="share of answers wrong")
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)


def _draw_confused(confused: dict[str, dict[str, int]], axes: Axes) -> None:
    """The confusion matrix: intents meant down, intents read across; the diagonal is faint, so that what is wrong stands out."""
    names = sorted({*confused, *(read for reads in confused.values() for read in reads)})
    shares = [[_share(confused, meant, read) for read in names] for meant in names]
    axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=0.5)
    axes.invert_yaxis()
    for row, meant in enumerate(names):
        for column, read in enumerate(names):
            if count := confused.get(meant, {}).get(read, 0):
                axes.text(column + 0.5, row + 0.5, str(count), ha="center", va="center", fontsize=7)
    centres = [place + 0.5 for place in range(len(names))]
    axes.set_xticks(centres, names, rotation=90, fontsize=8)
    axes.set_yticks(centres, names, fontsize=8)
    axes.set(xlabel="read", ylabel="meant")


def _share(confused: dict[str, dict[str, int]], meant: str, read: str) -> float:
    reads = confused.get(meant, {})
    share = reads.get(read, 0) / max(sum(reads.values()), 1)
    return share * 0.2 if meant == read else share


def _draw_time(timing: dict[str, Any], axes: Axes) -> None:
    names = list(timing)
    medians = [timing[name]["median_ms"] for name in names]
    above = [timing[name]["p95_ms"] - median for name, median in zip(names, medians, strict=True)]
    axes.barh(names, medians, color=_COLOURS["ko"], xerr=[[0] * len(names), above], capsize=3)
    axes.invert_yaxis()
    axes.set_xlabel("ms")


def _of(figures: dict[str, Any], key: str) -> float:
    return float(figures[key] or 0.0)


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _figure(title: str, svg: str) -> str:
    named = svg.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1)
    return f"<figure><figcaption>{escape(title)}</figcaption>{named}</figure>"


def _table(rows: Rows) -> str:
    head, *body = rows
    lines = [f"<tr>{''.join(f'<th scope=col>{escape(cell)}' for cell in head)}"]
    lines += [f"<tr>{''.join(f'<td>{escape(cell)}' for cell in row)}" for row in body]
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _comparison(compared: Results | None) -> str:
    if compared is None:
        return "<p>There is none.</p>"
    changed = "<br>".join(escape(line) for line in changed_questions(compared))
    return f"<p>{escape(compared['against'])}</p><p>{changed}</p>{_table(summary(compared))}"


def _given(name: str, turns: list[Results]) -> str:
    """The wrong answers of a set; of an acceptance list the right ones after them."""
    wrong = [turn for turn in turns if not turn["right"]]
    if name in HIDDEN:
        return f"<p>{len(wrong)} wrong: {escape(', '.join(turn['id'] for turn in wrong))}</p>"
    right = [turn for turn in turns if turn["right"]] if name in ACCEPTANCE else []
    shown = "".join(map(_article, wrong + right))
    return f"<details><summary>{len(wrong)} of {len(turns)} wrong</summary>{shown}</details>"


def _article(turn: Results) -> str:
    sources = "; ".join(
        f"{s['publisher']}: {s['title']} ({s['as_of']}) “{s['quote']}”" for s in turn["sources"]
    )
    wanted = ("facts_right", "source_right", "document_right") if turn["expect"] == "answered" else ()
    lacking = [name for name in wanted if not turn[name]]
    marks = [
        "right" if turn["right"] else "wrong",
        turn["kind"],
        turn["outcome"]["status"],
        *(f"not {name}" for name in lacking),
    ]
    marks += [f"told: {', '.join(turn['never_told'])}"] if turn["never_told"] else []
    return (
        f"<article><h3>{escape(turn['id'])}</h3><p>{escape('; '.join(marks))}</p><p><b>{escape(turn['question'])}</b></p>"
        f'<p>{escape(turn["text"])}</p><p class="sources">{escape(sources)}</p></article>'
    )
