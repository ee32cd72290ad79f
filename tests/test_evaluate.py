"""The evaluation: figures worked out by hand, the comparison with an earlier report, and the page."""

import json
import re

import pytest

from benchmarks.comparing import changed_questions, compare, summary
from benchmarks.evaluate import _parser, measure_inside
from benchmarks.figures import abstention, answers, auroc, correctness, doubt, retrieval, risk_coverage, stage
from benchmarks.judging import is_right
from benchmarks.pages import page
from benchmarks.report import newest, tables
from knowledge.library import Library
from tests.releasing import released


def turn_of(id, expect, status, confidence, facts_right=False, language="ko", kind="simple", question=""):
    """A judged turn as it stands in a report."""
    turn = {
        "id": id,
        "language": language,
        "kind": kind,
        "expect": expect,
        "question": question or f"질문 {id}?",
        "text": f"답 {id}",
        "sources": [],
        "outcome": {"status": status, "confidence": confidence, "took_ms": 40},
        "facts_right": facts_right,
        "source_right": facts_right,
        "document_right": facts_right,
        "never_told": [],
        "declined": status not in ("answered", "partial"),
        "language_right": True,
        "failed": False,
    }
    return turn | {"right": is_right(turn)}


# Answerable: a, b right; c wrong; d declined. To be declined: e told; f, g, h declined (h with the confidence of its refusal).
EIGHT = [
    turn_of("a", "answered", "answered", 0.9, True),
    turn_of("b", "answered", "answered", 0.8, True, "en"),
    turn_of("c", "answered", "partial", 0.6, False, kind="table"),
    turn_of("d", "answered", "no_answer", 0.4),
    turn_of("e", "no_answer", "answered", 0.8, kind="unanswerable"),
    turn_of("f", "no_answer", "no_answer", 0.3, language="en", kind="unanswerable"),
    turn_of("g", "out_of_scope", "no_answer", 0.1, kind="off-topic"),
    turn_of("h", "out_of_scope", "out_of_scope", 1.0, kind="off-topic"),
]


def test_hedges_are_counted_apart_on_right_and_on_wrong_answers():
    hedged = [turn | {"hedged": turn["id"] in ("a", "c")} for turn in EIGHT]

    # a, b are right; c, e are told and wrong; a report of before has no hedges.
    assert [correctness(hedged)[key] for key in ("hedged_right", "hedged_wrong")] == [0.5, 0.5]
    assert correctness(EIGHT)["hedged_wrong"] == 0.0


def test_declining_counts_what_should_be_declined_as_positive():
    found = abstention(EIGHT)

    # d, f, g, h are declined, e, f, g, h should be: three of four either way; a, b, c of four answerable are answered.
    assert (found["precision"], found["recall"], found["answerable_answered"]) == (0.75, 0.75, 0.75)


def test_precision_is_over_what_was_declined_and_recall_over_what_should_be():
    found = abstention([turn for turn in EIGHT if turn["id"] != "e"])

    assert (found["precision"], found["recall"]) == (0.75, 1.0)


def test_doubt_of_a_refusal_is_greatest_and_of_an_answer_what_lacks_in_confidence():
    assert [round(doubt(turn), 2) for turn in EIGHT] == [0.1, 0.2, 0.4, 0.6, 0.2, 0.7, 0.9, 1.0]


def test_area_under_the_roc_curve_counts_pairs_in_right_order():
    found = abstention(EIGHT)

    # Of 4 x 4 pairs: f, g, h stand above all four; e (0.2) above a, level with b: 13.5. By confidence as it is, h is below all: 9.5.
    assert (found["auroc"], found["auroc_of_confidence"]) == (round(13.5 / 16, 4), round(9.5 / 16, 4))


def test_area_under_the_roc_curve_of_one_class_is_none():
    assert auroc([True, True], [0.1, 0.9]) is None


def test_risk_is_the_share_of_wrong_answers_among_the_surest():
    # a; then b and e of the same confidence, of which e is wrong; then c, wrong too.
    assert risk_coverage(EIGHT) == [[0.125, 0.0, 0.9], [0.375, round(1 / 3, 4), 0.8], [0.5, 0.5, 0.6]]


def test_mean_risk_weighs_each_point_by_the_answers_it_adds():
    found = abstention(EIGHT)

    # (1 x 0 + 2 x 0.3333 + 1 x 0.5) / 4
    assert (found["aurc"], found["coverage"], found["risk"]) == (pytest.approx(0.2917, abs=1e-4), 0.5, 0.5)


def test_figures_of_no_turns_are_none():
    found = abstention([])

    assert (found["precision"], found["auroc"], found["aurc"], found["curve"]) == (None, None, None, [])


def test_answers_are_counted_by_language():
    figures = answers(EIGHT)["figures"]

    # a, b, f, g, h are right; of a, b, c, d two have their facts; of e, f one is declined.
    assert {key: figures["all"][key] for key in ("right", "facts_right", "unanswerable_declined", "off_topic_declined")} == {
        "right": 0.625, "facts_right": 0.5, "unanswerable_declined": 0.5, "off_topic_declined": 1.0,
    }  # fmt: skip
    assert [figures[language]["questions"] for language in ("all", "ko", "en")] == [8, 6, 2]


def test_answers_are_counted_by_kind_known_kinds_first():
    kinds = answers([turn_of("s", "answered", "answered", 0.9, kind="another"), *EIGHT])["kinds"]

    assert list(kinds) == ["simple", "table", "unanswerable", "off-topic", "another"]
    assert kinds["simple"]["ko"]["facts_right"] == 0.5


def test_recall_and_reciprocal_rank_are_those_of_the_first_right_hit():
    ranks = [1, 2, 5, None]
    found = retrieval([{"language": "ko", "kind": "simple", "rank": rank} for rank in ranks])["figures"]["ko"]

    assert found == {
        "questions": 4,
        "recall@1": 0.25,
        "recall@3": 0.5,
        "recall@5": 0.75,
        "mrr": round((1 + 1 / 2 + 1 / 5) / 4, 4),
    }


def test_time_of_a_stage_is_median_and_95th_percentile():
    assert stage([*range(1, 101), 101]) == {"runs": 101, "median_ms": 51, "p95_ms": 96}


SHEET = "---\ntitle: {place} 용지\nprogramme: general\nlanguage: ko\n---\n\n## {place} 용지\n{place}에는 용지가 남았습니다.\n"


@pytest.fixture(scope="module")
def inside(tmp_path_factory, embedder, config):
    """Five questions asked of a release of two documents, without the service."""
    docs, home = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("home")
    for name, place in {"naju": "나주", "wonju": "원주"}.items():
        (docs / f"{name}.md").write_text(SHEET.format(place=place), encoding="utf-8")
    released(home, [docs], embedder)
    asked = {"language": "ko", "kind": "simple", "expect": "answered", "question": "나주에 용지가 남았나요?"}
    gold = {"first": "naju", "second": "wonju", "none": "busan"}
    questions = [asked | {"id": id, "documents": [document]} for id, document in gold.items()]
    questions.append(questions[0] | {"id": "declined", "expect": "no_answer"})
    questions.append(questions[0] | {"id": "card", "documents": []})
    return measure_inside(Library(home, embedder, config), {"dev": questions})


def test_rank_is_that_of_the_first_hit_in_a_right_document_where_there_is_an_answer(inside):
    assert inside["retrieval"]["dev"]["ranks"] == {"first": 1, "second": 2, "none": None}
    assert inside["retrieval"]["dev"]["figures"]["ko"]["mrr"] == 0.5


def test_stages_are_timed_on_every_question(inside):
    assert {name: own["runs"] for name, own in inside["timing"].items()} == {
        "query_embedding": 5, "search": 5, "compose": 5,
    }  # fmt: skip


def results_of(turns, against=None):
    """A whole report on some turns as the questions of `dev`, and on the last as that of `test`."""
    hits = [{"language": "ko", "kind": "simple", "rank": 1}]
    understood = {"n": 2, "accuracy": 0.5, "off_topic_rejected": 1.0, "wrongly_rejected": 0.0}
    understood["confused"] = {"greet": {"greet": 1, "thank": 1}}
    results = {
        "about": {"release": "r1"},
        "answers": {
            "dev": answers(turns) | {"turns": turns},
            "test": answers(turns[-1:]) | {"turns": [turns[-1] | {"question": "숨긴 질문?"}]},
        },
        "retrieval": {"dev": retrieval(hits) | {"ranks": {"a": len(turns)}}},
        "timing": {"turn": stage([10.0, 20.0]), "search": stage([1.0, 2.0])},
        "understanding": {"ours": {"ko": understood, "en": understood, "entities": {"region": 0.9}}},
    }
    return results | {"compared": compare(results, against, "evaluate-1.json") if against else None}


@pytest.fixture(scope="module")
def compared():
    """Eight turns against a report in which b was wrong, c was right, f was worded otherwise and g was not asked."""
    before = [
        EIGHT[0],
        turn_of("b", "answered", "answered", 0.8, False, "en"),
        turn_of("c", "answered", "partial", 0.6, True, kind="table"),
        *EIGHT[3:5],
        turn_of("f", "no_answer", "answered", 0.3, language="en", question="다른 말로?"),
        EIGHT[7],
    ]
    return results_of(EIGHT, results_of(before))


def test_comparison_names_questions_that_became_wrong_or_right(compared):
    change = compared["compared"]["questions"]["dev"]

    assert (change["became_wrong"], change["became_right"]) == (["c"], ["b"])


def test_comparison_counts_only_questions_of_the_same_words(compared):
    change = compared["compared"]["questions"]["dev"]

    assert {key: change[key] for key in ("asked_in_both", "new", "gone", "right_before", "right_now")} == {
        "asked_in_both": 6, "new": 2, "gone": 1, "right_before": 3, "right_now": 3,
    }  # fmt: skip


def test_comparison_tells_the_difference_of_each_figure(compared):
    figures = compared["compared"]["figures"]

    assert figures["answers.dev.figures.all.right"] == {"before": 0.4286, "now": 0.625, "difference": 0.1964}
    assert not [name for name in figures if "turns" in name or "ranks" in name]


def test_figures_that_are_the_same_are_no_difference(compared):
    assert compare(compared, compared, "itself.json")["figures"] == {}


def test_brief_summary_is_over_both_languages(compared):
    brief, whole = (summary(compared["compared"], brief) for brief in (True, False))

    assert ("answers.dev.figures.all.right", "0.4286", "0.625", "+0.1964") in brief
    assert [any(".ko." in row[0] for row in rows) for rows in (brief, whole)] == [False, True]


def test_changed_questions_are_named_by_set(compared):
    lines = list(changed_questions(compared["compared"]))

    assert lines[0] == "dev: 3 of 6 questions of both were right, 3 are; 2 new, 1 gone"
    assert lines[1:3] == ["  became wrong (1): c", "  became right (1): b"]


def test_many_changed_questions_are_cut_off():
    ids = [f"q{number}" for number in range(25)]
    before, now = ([turn_of(id, "answered", "answered", 0.9, right) for id in ids] for right in (True, False))
    lines = list(changed_questions(compare(results_of(now), results_of(before), "evaluate-1.json")))

    assert lines[1].endswith("q18, q19 and 5 more")


def test_set_that_the_earlier_report_lacks_is_not_compared():
    earlier = results_of(EIGHT)
    del earlier["answers"]["test"]

    assert list(compare(results_of(EIGHT), earlier, "evaluate-1.json")["questions"]) == ["dev"]


def test_tables_have_rows_of_one_length(compared):
    lengths = {title: {len(row) for row in rows} for title, rows in tables(compared)}

    assert all(len(found) == 1 for found in lengths.values())
    assert list(lengths)[:3] == ["Answers", "Answers by kind (ko / en)", "Declining what should be declined"]


@pytest.fixture(scope="module")
def shown(compared):
    """The page, with an answer that holds markup."""
    wrong = turn_of("x", "answered", "answered", 0.7) | {"text": "<script>alert(1)</script>"}
    return page(results_of([*EIGHT, wrong], compared), "evaluate-2")


def test_page_holds_every_table_and_plot(shown):
    titles = [
        "Answers by kind",
        "Retrieval by kind",
        "Right by kind: dev",
        "Risk against coverage",
        "Time, median",
    ]

    assert [title for title in titles if title not in shown] == []
    assert shown.count("<svg role=") == 7


def test_page_needs_no_other_file(shown):
    assert re.findall(r'<(?:script|link|img|iframe)\b|\bsrc=|href="(?!#)|url\((?!#)', shown) == []


def test_ids_of_plots_stand_for_one_thing_each(shown):
    shapes = re.findall(r'<(?!svg|g\b)\w+ id="([^"]*)"([^>]*)>', shown)

    assert len({id for id, _ in shapes}) == len(set(shapes))
    assert "<g id=" not in shown


def test_page_shows_wrong_answers_as_text(shown):
    assert "&lt;script&gt;alert(1)" in shown
    assert "질문 e?" in shown


def test_page_shows_every_answer_of_an_acceptance_list_the_wrong_ones_first():
    results = results_of(EIGHT)
    results["answers"]["musts"] = results["answers"].pop("dev")

    assert re.findall(r"<h3>(\w)</h3>", page(results, "evaluate-1")) == list("cdeabfgh")


def test_page_hides_the_questions_of_the_test_set(shown):
    assert "숨긴 질문?" not in shown


def test_page_of_a_first_report_compares_nothing():
    assert "There is none." in page(results_of(EIGHT), "evaluate-1")


@pytest.fixture
def reports(tmp_path, monkeypatch):
    """A folder of reports: the newest of another kind, the second newest on one set only."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    (tmp_path / "reports").mkdir()
    for name, sets in {
        "evaluate-1": "dev test",
        "evaluate-2": "dev test",
        "evaluate-3": "dev",
        "evaluate-x-4": "dev",
    }.items():
        report = {"answers": {one: {} for one in sets.split()}}
        (tmp_path / "reports" / f"{name}.json").write_text(json.dumps(report), encoding="utf-8")


@pytest.mark.parametrize(
    ("sets", "name"), [(["dev", "test"], "evaluate-2.json"), (["dev"], "evaluate-3.json"), (["musts"], None)]
)
def test_newest_report_with_the_sets_is_found(reports, sets, name):
    found = newest("evaluate", sets)

    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--sets", "dev,none"], "no set none; there are dev, test"),
        (["--against", "gone.json"], "gone.json is no report"),
    ],
)
def test_wrong_option_is_named(arguments, said, capsys):
    with pytest.raises(SystemExit):
        _parser().parse_args(arguments)

    assert said in capsys.readouterr().err
