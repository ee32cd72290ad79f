"""Numbers and dates read as a spreadsheet shows them."""

import datetime

import pytest

from index_build.reading.spreadsheet.number_formats import shown

NUMBERS = [
    (858.0, "General", "858"), (96.7, "General", "96.7"), (0.1 + 0.2, "General", "0.3"), (-5.0, "General", "-5"),
    (1e15, "General", "1000000000000000"), (12.5, "@", "12.5"), (0.0, "General", "0"),
    (77.0, "0.0", "77.0"), (0.09, "0%", "9%"), (0.967, "0.0%", "96.7%"), (0.29, "0.00%", "29.00%"),
    (1500.0, "#,##0", "1,500"), (1234567.891, "#,##0.00", "1,234,567.89"), (0.5, "#,##0", "1"), (2.5, "0", "3"),
    (7.0, "000", "007"), (0.5, "#.0", ".5"), (3.1, "0.0##", "3.1"), (3.0, "0.##", "3"), (1005.0, "0000-0", "1005"),
    (3000.0, "#,##0_);(#,##0)", "3,000"), (-3000.0, "#,##0_);(#,##0)", "(3,000)"), (-4.0, "0.0", "-4.0"), (-0.01, "0", "0"),
    (2000.0, "_-* #,##0_-;-* #,##0_-;_-* \"-\"_-;_-@_-", "2,000"), (0.0, "_-* #,##0_-;-* #,##0_-;_-* \"-\"_-;_-@_-", "-"),
    (858.0, '#,##0"천㎡"', "858천㎡"), (3.0, '0"년 이내"', "3년 이내"), (5e8, '#,##0,,"백만원"', "500백만원"), (70000.0, "#,##0,", "70"),
    (1000.0, "[$₩-412]#,##0", "₩1,000"), (-1000.0, "#,##0;[Red]-#,##0", "-1,000"), (12.0, 'General"개"', "12개"), (12.0, "0\\명", "12명"),
    (5.0, ";;;", ""), (5.0, "[>=1]0.0;0", "5"), (1.5, "# ?/?", "1.5"), (120.0, "0.00E+00", "120"), (12.0, '"제"0"조;항"', "제12조;항"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "form", "text"), NUMBERS, ids=[f"{form} {value}" for value, form, _ in NUMBERS]
)
def test_shown_number(value, form, text):
    assert shown(value, form) == text


DATES = [
    (datetime.date(2026, 6, 2), "yyyy-mm-dd", "2026-06-02"),
    (datetime.date(2026, 6, 2), 'yyyy"년" m"월" d"일"', "2026-06-02"),
    (datetime.date(2026, 6, 1), 'yyyy"년" m"월"', "2026-06"),
    (datetime.date(2026, 1, 1), "yyyy", "2026"),
    (datetime.datetime(2026, 6, 2, 9, 30), "yyyy-mm-dd hh:mm", "2026-06-02 09:30"),
    (datetime.datetime(2026, 6, 2), "m/d/yy h:mm", "2026-06-02"),
    (datetime.time(9, 30), "h:mm", "09:30"),
    (datetime.timedelta(hours=30), "[h]:mm", "30:00"),
]


@pytest.mark.parametrize(("value", "form", "text"), DATES, ids=[f"{form}" for _, form, _ in DATES])
def test_shown_date(value, form, text):
    assert shown(value, form) == text


@pytest.mark.parametrize(
    ("form", "text"), [("General", "대구"), ("@", "대구"), ("0;0;0;@", "대구"), (";;;", "")]
)
def test_shown_text_is_hidden_only_by_an_empty_fourth_section(form, text):
    assert shown("대구", form) == text


def test_shown_truth_is_in_capitals():
    assert shown(True) == "TRUE"
