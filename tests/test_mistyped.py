"""Messages typed with the wrong keyboard layout, or as initial consonants."""

import csv
import json
import re
from itertools import chain

import pytest

from knowledge.config import DOCUMENTS
from knowledge.mistyped import Mended, Mender

# The keyboard as it is printed: rows of keys, and what lies on them; joined vowels and consonants are typed as two.
_ROWS = {
    "qwertyuiop": "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ",
    "asdfghjkl": "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ",
    "zxcvbnm": "ㅋㅌㅊㅍㅠㅜㅡ",
    "QWERTOP": "ㅃㅉㄸㄲㅆㅒㅖ",
}
_KEY = {jamo: key for keys, row in _ROWS.items() for key, jamo in zip(keys, row, strict=True)}
_JOINED = dict(
    pair.split("=")
    for pair in (
        "ㅘ=ㅗㅏ ㅙ=ㅗㅐ ㅚ=ㅗㅣ ㅝ=ㅜㅓ ㅞ=ㅜㅔ ㅟ=ㅜㅣ ㅢ=ㅡㅣ "
        "ㄳ=ㄱㅅ ㄵ=ㄴㅈ ㄶ=ㄴㅎ ㄺ=ㄹㄱ ㄻ=ㄹㅁ ㄼ=ㄹㅂ ㄽ=ㄹㅅ ㄾ=ㄹㅌ ㄿ=ㄹㅍ ㅀ=ㄹㅎ ㅄ=ㅂㅅ"
    ).split()
)
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"]


def on_english_layout(text):
    """What appears when Korean `text` is typed while the keyboard is set to English."""
    return re.sub("[가-힣]", lambda match: _pressed(match[0]), text)


def _pressed(syllable):
    number = ord(syllable) - ord("가")
    parts = (_LEADS[number // 588], _VOWELS[number % 588 // 28], _TAILS[number % 28])
    return "".join(_KEY[jamo] for part in parts for jamo in _JOINED.get(part, part))


with (DOCUMENTS / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
    GAZETTEER = list(csv.DictReader(file))
ALIASES = [alias.strip() for row in GAZETTEER for alias in (row["name_ko"], *row["aliases"].split(";"))]
REGIONS = sorted(
    {
        alias
        for row in GAZETTEER
        if row["kind"] == "region"
        for alias in row["aliases"].split(";")
        if re.fullmatch("[가-힣]{2,}", alias)
    }
)
ASKED = [
    question
    for path in sorted(DOCUMENTS.glob("*/*.md"))
    for comment in re.findall("<!-- asked: (.*?) -->", path.read_text(encoding="utf-8"))
    for question in comment.split(" | ")
]


@pytest.fixture(scope="module")
def mender():
    texts = [path.read_text(encoding="utf-8") for path in (DOCUMENTS / "en").glob("*.md")]
    names = [text for row in GAZETTEER for text in (row["name_en"], row["aliases"])]
    words = {word for text in chain(texts, names) for word in re.findall("[a-z]+", text.lower())}
    return Mender(ALIASES, words.__contains__)


def test_table_of_regions_is_large_enough():
    assert len(REGIONS) >= 60


@pytest.mark.parametrize("name", REGIONS)
def test_name_typed_on_an_english_layout_is_mended_with_its_particle(mender, name):
    meant = [name + particle for particle in ("", "에", "에서", "은")]

    assert [mender.mend(on_english_layout(text)).text for text in meant] == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vksry", "판교"),
        ("Vksry", "판교"),
        ("Qntks", "부산"),
        ("vksry?", "판교?"),
        ("(eorn)", "(대구)"),
        ("qntks/eorn", "부산/대구"),
        ("vksry2qoffl", "판교2밸리"),
        ("skwn, wlswn.", "나주, 진주."),
        ("gurtls ehtl", "혁신 도시"),
        ("dhkswnsms", "완주는"),
        ("wnddnjs rhdwkd", "중원 공장"),
        ("qntksdp tkdjqdmf dhfarlfuaus", "부산에 사업을 옮기려면"),
        ("qntksdptj gkf tn dlTskdy?", "부산에서 할 수 있나요?"),
        ("skwn djqtsms rjteh rhoscksgdkdy", "나주 없는 것도 괜찮아요"),
        ("skwn dlfrrh dksgdms Ekd", "나주 읽고 않은 땅"),
        ("LHdp skwn Ekddl dlTskdy", "LH에 나주 땅이 있나요"),
        ("skwn KAIST dusrntlf", "나주 KAIST 연구실"),
        ("판교 rhdwkd 이전", "판교 공장 이전"),
        ("vksry에서 본사까지", "판교에서 본사까지"),
        ("qntks dptj land price", "부산 dptj land price"),
        ("qntksdptj gkf tn dlTsms land", "부산에서 할 수 있는 land"),
        ("skwn SH rhdwkd", "나주 SH 공장"),
        ("skwn dlTSmsrk", "나주 있는가"),
        ("qntks\n rhdwkd", "부산\n 공장"),
    ],
)
def test_korean_typed_on_an_english_layout_is_mended(mender, typed, meant):
    assert mender.mend(typed).text == meant


@pytest.mark.parametrize(
    "meant",
    [
        "왜 부산 공장만 꼭 옮겨야 했습니까?",
        "광주는 닭값이 싼 편인가요, 삶이 좋은가요?",
        "본사를 원주로 옮기면 법인세를 깎아 줍니까",
        "센텀의 핥 앉 읊 넋 괜 뷁 쥐 희 웬 훼 쐐",
    ],
)
def test_whole_sentence_typed_on_an_english_layout_is_mended(mender, meant):
    assert mender.mend(on_english_layout(meant)).text == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " \n\t ",
        "How much land is left in the Naju cluster?",
        "Is there a tax break for a company that moves to Jinju?",
        "Busan Naju Jinju Gumi Wonju Daegu Ulsan",
        "jeju gumi asan iksan",
        "busan cluster price",
        "The work for the town goes on; who sets the duty and when?",
        "special duty on foreign firms",
        "thank you so much",
        "hello, can you help me?",
        "do they go to the city today",
        "We don't know; it isn't ours, and that's fine.",
        "If so, then what?",
        "What does 입주승인 mean?",
        "the 김천 cluster",
        "나주 혁신도시 cluster price는요?",
        "SME인데 head office 옮기면 tax 감면 되나요",
        "KAIST랑 협력하면 R&D 지원이 있나요?",
        "AI 기업 incentive 뭐 있어?",
        "LH 연락처 알려줘",
        "UAM, ICT, MICE 업종도 되나요",
        "MOU는 언제 맺었나요",
        "LH KAIST R&D SME MOLIT KRW ROI",
        "VKSRY SKADNJS",
        "KTX 5,000㎡ 3.3m2",
        "B2B A-1 rk-7 v2.1",
        "M4-rk2",
        "rk",
        "dkssud",
        "rkqt",
        "qwerty asdf zxcv",
        "https://www.law.go.kr/법령/qntks",
        "http://eorn/vksry",
        "www.qntks.kr",
        "qntks@vksry",
        "apply.lh.or.kr에서 봤어요",
        "mail qntks@lh.or.kr",
        "vksry.hwp 파일",
        "qntks_rhdwkd_2024",
        "C:\\vksry\\eorn",
        "e.g. i.e. U.S.A.",
        "본사를 나주로 옮기면 법인세는 몇 년 동안 감면되나요?",
        "ㅋㅋ 부산이요 ㅎㅎ",
        "감사합니닼ㅋㅋ 넵ㅎ",
        "ㄱ. 나주 ㄴ. 진주",
        "ㄷ자형 건물, ㄱㄴㄷ순",
        "12345 !!! ??? 🙂",
    ],
)
def test_text_that_is_right_stays_as_it_is(mender, typed):
    assert mender.mend(typed) == Mended(typed, (), ())


def test_questions_that_a_release_must_answer_stay_as_they_are(mender):
    lines = (DOCUMENTS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines] + ASKED

    mended = [mender.mend(question) for question in questions]

    assert len(questions) > 1000
    assert [m for m in mended if m.changes or m.choices] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ㅣ뭉", "land"),
        ("ㅣ뭉?", "land?"),
        ("ㅅㅁㅌ", "tax"),
        ("ㅆㅁㅌ", "Tax"),
        ("ㅔ걏ㄷ", "price"),
        ("ㅐㄹ럋ㄷ", "office"),
        ("채ㅡㅔ무ㅛ", "company"),
        ("ㅑㅜㅊ두샾ㄷㄴ", "incentives"),
        ("채게ㅐㄱㅁㅅㄷ ㅅㅁㅌ", "corporate tax"),
        ("ㅁㄱㄷㅁ", "area"),
        ("치ㅕㄴㅅㄷㄱ", "cluster"),
        ("ㄱ디ㅑㄷㄹ", "relief"),
        ("ㅠㅕㄴ무 ㅣ뭉", "busan land"),
        ("ㅜ머ㅕ", "naju"),
        ("나주 ㅣ뭉 가격", "나주 land 가격"),
        ("나주 ㅣ뭉 솓 가격", "나주 land 솓 가격"),
        ("ㅗㅐㅈ ㅡㅕ초 ㅑㄴ 솓 ㅣ뭉 ㅑㅜ ㅠㅕㄴ무?", "how much is the land in busan?"),
    ],
)
def test_english_typed_on_a_korean_layout_is_mended(mender, typed, meant):
    assert mender.mend(typed).text == meant


@pytest.mark.parametrize(
    "typed", ["ㅑㄴ", "ㅎㅐ", "ㅁㄴ", "솓", "ㅁㄴㅇㄹ", "ㅣ뭉뭉", "땅ㅇㅣ 있나요", "ㅗㅗ"]
)
def test_jamo_that_spell_no_word_stay_as_they_are(mender, typed):
    assert mender.mend(typed).text == typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ㅍㄱ", "판교"),
        ("ㅍㄱ?", "판교?"),
        ("ㄷㄱ 클러스터", "대구 클러스터"),
        ("ㅅㄱㅍ에서", "서귀포에서"),
        ("ㄴㅈ로는", "나주로는"),
        ("ㄵ", "나주"),
        ("ㅎㅅㄷㅅ", "혁신도시"),
        ("ㅎㅅㄷㅅ는 ㅅㅈ에", "혁신도시는 세종에"),
        ("ㄷㅅㅇㅎㅌㄱ의", "도심융합특구의"),
    ],
)
def test_initials_of_one_name_are_mended(mender, typed, meant):
    assert mender.mend(typed).text == meant


@pytest.mark.parametrize(
    ("typed", "initials", "names"),
    [
        ("ㅈㅈ 본사", "ㅈㅈ", ("전주", "진주", "제주", "지점")),
        ("ㅈㅈ로", "ㅈㅈ", ("전주", "진주", "제주", "지점")),
        ("ㅊㅈ와", "ㅊㅈ", ("청주", "충주")),
        ("ㄱㅈㅅ", "ㄱㅈㅅ", ("광주시", "경주시", "거제시", "공주시", "김제시")),
    ],
)
def test_initials_of_several_names_are_left_to_choose(mender, typed, initials, names):
    assert mender.mend(typed) == Mended(typed, (), ((initials, names),))


@pytest.mark.parametrize("typed", ["ㅍㅋ", "ㅊㅎㅍ", "ㅍ", "ㅍ에", "ㅍㄱㅍㄱㅍㄱㅍㄱㅍㄱ", "ㅍㄱ테크노밸리"])
def test_initials_of_no_name_stay_as_they_are(mender, typed):
    assert mender.mend(typed) == Mended(typed, (), ())


def test_initials_of_more_than_six_names_stay_as_they_are():
    names = ["구미", "가마", "고모", "개미", "거미", "가문", "그만"]

    assert Mender(names, lambda word: False).mend("ㄱㅁ").choices == ()
    assert Mender(names[1:], lambda word: False).mend("ㄱㅁ").choices == (("ㄱㅁ", tuple(names[1:])),)


def test_initials_that_spell_a_word_too_are_left_to_choose():
    mender = Mender(["스마트"], {"tax"}.__contains__)

    assert mender.mend("ㅅㅁㅌ").choices == (("ㅅㅁㅌ", ("스마트", "tax")),)


def test_initials_that_spell_a_word_of_two_letters_mean_the_name():
    assert Mender(["문산"], {"at"}.__contains__).mend("ㅁㅅ").text == "문산"


def test_initials_in_an_english_sentence_are_english():
    mender = Mender(["전동", "제대"], {"we", "have", "land"}.__contains__)

    assert mender.mend("ㅈㄷ ㅗㅁㅍㄷ ㅣ뭉") == Mended(
        "we have land", (("ㅈㄷ", "we"), ("ㅗㅁㅍㄷ", "have"), ("ㅣ뭉", "land")), ()
    )


@pytest.mark.parametrize(
    "typed",
    "ㅋㅋ ㅋㅋㅋㅋ ㅎㅎ ㅋㅎㅋㅎ ㅠㅠ ㅜㅜ ㅠㅜ ㅡㅡ ㄱㅅ ㄳ ㅇㅇ ㅇㅇㅇ ㄴㄴ ㅇㅋ ㄷㄷ ㄷㄷㄷ ㅈㅅ ㅊㅊ ㄱㄱ ㄱㄴ ㄱㅊ ㅈㄴ ㅂㅅ ㅄ ㅇㅈ ㄱㅅ요".split(),
)
def test_chat_signs_stay_as_they_are_even_where_names_have_these_initials(typed):
    names = [
        "군산",
        "완주",
        "강남",
        "김천",
        "전남",
        "부산",
        "경기",
        "춘천",
        "오크",
        "카카오",
        "대덕",
        "하회",
        "진산",
    ]

    assert Mender(names, lambda word: False).mend(typed) == Mended(typed, (), ())


def test_changes_name_each_pair_once_and_in_order(mender):
    mended = mender.mend("ㅍㄱ vksrydp ㅣ뭉, ㅍㄱ ㅈㅈ ㅈㅈ")

    assert mended.changes == (("ㅍㄱ", "판교"), ("vksrydp", "판교에"), ("ㅣ뭉", "land"))
    assert mended.choices == (("ㅈㅈ", ("전주", "진주", "제주", "지점")),)


def test_names_that_are_not_two_syllables_of_hangul_are_passed_over():
    mender = Mender(["땅", "R&D센터", "AI 지구", ""], lambda word: False)

    assert [mender.mend(text).changes for text in ("Ekddl", "tpsxj", "ㄸ", "ㅈㄱ")] == [(), (), (), ()]


def test_name_is_found_without_the_spaces_and_dots_of_its_written_form():
    mender = Mender(["광주·전남", "혁신 도시", "혁신도시", "도시"], lambda word: False)

    assert mender.mend("rhkdwnwjsskadp").text == "광주전남에"
    assert mender.mend("ㅎㅅㄷㅅ ㄷㅅ").text == "혁신 도시 도시"


@pytest.mark.parametrize("known", [set(), {"vksry"}])
def test_known_word_is_never_taken_for_korean(known):
    mended = Mender(["판교"], known.__contains__).mend("vksry")

    assert mended.text == ("vksry" if known else "판교")


def test_korean_without_any_name_is_not_guessed(mender):
    assert mender.mend("dkssudgktpdy qksrkqtmqslek").changes == ()


@pytest.mark.parametrize("part", ["How much land is left? ", "나주에 땅이 있나요? ", "rkqt1", "ㅍ에 ", "ㅋ"])
def test_long_text_that_is_right_stays_as_it_is(mender, part):
    text = (part * 10_000)[:10_000]

    assert mender.mend(text) == Mended(text, (), ())


def test_long_text_typed_on_an_english_layout_is_mended_throughout(mender):
    meant = "부산 공장에 땅이 있나요? " * 700

    assert mender.mend(on_english_layout(meant)).text == meant
