"""Text in every encoding that Korean offices save comes back exactly; what cannot be told is refused."""

import pytest

from index_build.reading.document import UnreadableDocument
from index_build.reading.encoding import decode

TEXTS = {
    "short": "혁신도시 입주 안내",
    "rare": "똠방각하 펲시 햏 찾아가는 뷁 똠얌꿍",
    "mixed": "혁신도시 Innovation City 입주기업 R&D 지원 2026",
    "english": "Companies that move to an innovation city.",
    "signs": "□ 면적 858천㎡ (25.9㏊) ① 대구 ○ 나주 ㅇ 제주 ▣ 9％ ～ “인용” · 비고",
    "table": "구분\t면적(㎡)\t㏊\r\n대구\t858\t85.8\r\n나주\t1,415\t141.5\r\n",
    "ten": "산학연 클러스터 공급",
    "hanja": "大學 漢字 혼용 문서의 예시입니다",
    "syllable": "AI 특화",
    "long": "① 용지의 가격은 조성원가로 한다. ② 제1항에도 불구하고 감정가격으로 한다.\n" * 200,
}
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949", "euc-kr"]
CASES = [(name, encoding) for name in TEXTS for encoding in ENCODINGS]


@pytest.mark.parametrize(("name", "encoding"), CASES)
def test_decode_returns_the_exact_text(name, encoding):
    assert decode(TEXTS[name].encode(encoding), "a.txt") == TEXTS[name]


def test_decode_reads_utf_16_big_endian_with_its_mark():
    assert decode(b"\xfe\xff" + "분양 공고".encode("utf-16-be"), "a.txt") == "분양 공고"


REFUSED = {
    "chinese": "中华人民共和国成立于一九四九年，首都北京。创新城市产业园区的用地供应情况如下。".encode("gbk"),
    "short chinese": "创新城市".encode("gbk"),
    "taiwanese": "創新城市產業園區的用地供應情況如下".encode("big5"),
    "japanese": "都市の産学研クラスター用地の供給状況".encode("shift_jis"),
    "japanese unix": "都市の産学研クラスター用地の供給状況".encode("euc_jp"),
    "western": "Die Förderung für Unternehmen beträgt 20 %.".encode("latin-1"),
    "western apostrophe": "It’s the plan, and we don’t know.".encode("cp1252"),
    "russian": "Инновационный город".encode("cp1251"),
    "johab": "혁신도시 산학연 클러스터".encode("johab"),
    "iso 2022": "혁신도시 산학연 클러스터".encode("iso2022_kr"),
    "utf-32": "혁신도시 산학연".encode("utf-32"),
    "ebcdic": b"\xc8\x85\x93\x93\x96@\xa6\x96\x99\x93\x84" * 9,
    "utf-8 cut": "혁신도시 산학연 클러스터".encode()[:-1],
    "cp949 cut": "혁신도시 산학연 클러스터".encode("cp949")[:-1],
    "utf-16 cut": "혁신도시 산학연".encode("utf-16")[:-1],
    "one wrong byte": "혁신도시 ".encode() * 50 + b"\xff" + "산학연".encode() * 50,
    "two encodings": "혁신도시 산학연 클러스터\n".encode("cp949") * 9
    + "혁신도시 산학연 클러스터 용지\n".encode(),
    "euc-kr read as western": "혁신도시 산학연".encode("euc-kr").decode("latin-1").encode(),
    "utf-8 read as western": "혁신도시 산학연".encode().decode("latin-1").encode(),
    "replacement sign": "혁신\ufffd도시".encode(),
    "bytes of a picture": bytes(range(128, 256)) * 4,
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_decode_refuses_what_cannot_be_told(data):
    with pytest.raises(UnreadableDocument) as refused:
        decode(data, "a.txt")
    assert refused.value.code == "undecodable"


@pytest.mark.parametrize(
    "text",
    [
        "The café in the résumé of Zoë",
        "Straße und Größe",
        "“Hello” – don’t",
        "Grüße: naïve ÀÉ",
        "10 µm ± 5 × 2 · 3°",
    ],
)
def test_decode_leaves_western_words_in_utf_8(text):
    assert decode(text.encode(), "a.txt") == text


@pytest.mark.parametrize(
    "hint", ["euc-kr", "EUC-KR", "ks_c_5601-1987", "cp949", "windows-949", "x-windows-949", "ms949"]
)
def test_decode_believes_a_declared_korean_encoding(hint):
    text = "펲햏뷁 쀍쀎쀏 똠방각하 펲시"
    assert decode(text.encode("cp949"), "a.html", hint) == text


@pytest.mark.parametrize("hint", ["utf-8", "iso-8859-1", "windows-1252", "nonsense", ""])
def test_decode_believes_the_bytes_where_the_declaration_is_wrong(hint):
    assert decode("혁신도시 입주 안내".encode("cp949"), "a.html", hint) == "혁신도시 입주 안내"


def test_decode_says_where_an_encoding_failed():
    with pytest.raises(UnreadableDocument, match="UTF-8: byte 12, CP949: byte 0"):
        decode("혁신도시".encode() + b"\xff\xff", "a.txt")


def test_decode_of_nothing_is_nothing():
    assert decode(b"", "a.txt") == ""
