"""Names of places and things in Korean and English text."""

import time
from itertools import pairwise

import pytest

from knowledge.config import DOCUMENTS
from knowledge.gazetteer import Gazetteer

# Every si, gun and gu, with the ones that Incheon gained in 2026.
DISTRICTS = {
    "서울특별시": "종로구 중구 용산구 성동구 광진구 동대문구 중랑구 성북구 강북구 도봉구 노원구 은평구 서대문구 마포구 양천구 강서구 구로구 금천구 영등포구 동작구 관악구 서초구 강남구 송파구 강동구",
    "부산광역시": "중구 서구 동구 영도구 부산진구 동래구 남구 북구 해운대구 사하구 금정구 강서구 연제구 수영구 사상구 기장군",
    "대구광역시": "중구 동구 서구 남구 북구 수성구 달서구 달성군 군위군",
    "인천광역시": "중구 동구 미추홀구 연수구 남동구 부평구 계양구 서구 강화군 옹진군 제물포구 영종구 검단구 서해구",
    "광주광역시": "동구 서구 남구 북구 광산구",
    "대전광역시": "동구 중구 서구 유성구 대덕구",
    "울산광역시": "중구 남구 동구 북구 울주군",
    "경기도": "수원시 성남시 의정부시 안양시 부천시 광명시 평택시 동두천시 안산시 고양시 과천시 구리시 남양주시 오산시 시흥시 군포시 의왕시 하남시 용인시 파주시 이천시 안성시 김포시 화성시 광주시 양주시 포천시 여주시 연천군 가평군 양평군",
    "강원특별자치도": "춘천시 원주시 강릉시 동해시 태백시 속초시 삼척시 홍천군 횡성군 영월군 평창군 정선군 철원군 화천군 양구군 인제군 고성군 양양군",
    "충청북도": "청주시 충주시 제천시 보은군 옥천군 영동군 증평군 진천군 괴산군 음성군 단양군",
    "충청남도": "천안시 공주시 보령시 아산시 서산시 논산시 계룡시 당진시 금산군 부여군 서천군 청양군 홍성군 예산군 태안군",
    "전북특별자치도": "전주시 군산시 익산시 정읍시 남원시 김제시 완주군 진안군 무주군 장수군 임실군 순창군 고창군 부안군",
    "전라남도": "목포시 여수시 순천시 나주시 광양시 담양군 곡성군 구례군 고흥군 보성군 화순군 장흥군 강진군 해남군 영암군 무안군 함평군 영광군 장성군 완도군 진도군 신안군",
    "경상북도": "포항시 경주시 김천시 안동시 구미시 영주시 영천시 상주시 문경시 경산시 의성군 청송군 영양군 영덕군 청도군 고령군 성주군 칠곡군 예천군 봉화군 울진군 울릉군",
    "경상남도": "창원시 진주시 통영시 사천시 김해시 밀양시 거제시 양산시 의령군 함안군 창녕군 고성군 남해군 하동군 산청군 함양군 거창군 합천군",
    "제주특별자치도": "제주시 서귀포시",
}  # fmt: skip
# Where a zone or cluster lies, the city itself is meant: its documents name no other place in it.
HOSTS = {
    "대구광역시": "동구 북구", "광주광역시": "서구", "대전광역시": "동구 중구 대덕구", "울산광역시": "중구 울주군", "제주특별자치도": "제주시",
}  # fmt: skip
PARTICLES = "은 는 이 가 을 를 에 에서 으로 로 까지 부터 의 와 과 도 만 보다 엔 에선 에는 으로는".split()
# What people say, and the place that is meant: romanisations, old names, abbreviations, towns and quarters.
SAID = {
    "Pusan": "busan", "Taegu": "daegu", "Kwangju": "gwangju", "Inchon": "incheon", "Taejon": "daejeon",
    "Kangwon-do": "gangwon", "Cheju": "jeju", "North Chungchong": "chungbuk", "South Cholla": "jeonnam",
    "Kyongsangnam-do": "gyeongnam", "Kimchon": "gimcheon", "Chonju": "jeonju", "Chongju": "cheongju",
    "Kunsan": "gunsan", "Chinju": "jinju", "Yosu": "yeosu", "Yeosu-si": "yeosu", "Yeosu City": "yeosu",
    "Puchon": "bucheon", "Gyeonggi Gwangju": "gwangju_gyeonggi", "Teheran-ro": "gangnam",
    "Masan": "changwon", "Bundang": "seongnam", "마산": "changwon", "진해구": "changwon", "청원군": "cheongju",
    "연기군": "sejong", "조치원": "sejong", "삼천포": "sacheon", "경남": "gyeongnam", "전남광주통합특별시": "naju",
    "경기 광주": "gwangju_gyeonggi", "경기도 광주시": "gwangju_gyeonggi", "동탄": "hwaseong", "광교": "suwon",
    "송도국제도시": "songdo", "마곡지구": "magok", "구로디지털단지": "guro", "가산디지털단지": "geumcheon", "G밸리": "guro",
    "테헤란로": "gangnam", "강남역": "gangnam", "문정동": "songpa", "상암동": "mapo", "여의도": "yeongdeungpo",
    "성수동": "seongdong", "일산": "goyang", "분당": "seongnam", "평촌": "anyang", "시화공단": "siheung",
    "판교테크노밸리": "pangyo", "센텀시티": "centum", "문현금융단지": "munhyeon", "동삼동": "yeongdo", "녹산공단": "busan_gangseo",
    "신서동": "daegu", "빛가람동": "naju", "맹동면": "eumseong", "맹동": "eumseong", "충북 덕산": "jincheon", "반곡동": "wonju",
    "우정동": "ulsan", "충무공동": "jinju", "서호동": "seogwipo", "율곡동": "gimcheon", "오송": "cheongju",
    "대덕연구단지": "yuseong", "부산 강서구": "busan_gangseo", "서울 강서구": "seoul_gangseo", "강원도 고성군": "goseong_gangwon",
    "경남 고성": "goseong_gyeongnam", "고성군": "goseong", "대전 서구": "daejeon_seo", "인천 중구": "incheon_jung",
    "이천시": "icheon", "경북 고령": "goryeong", "진도군": "jindo", "하남산단": "gwangsan", "김포공항": "seoul_gangseo",
}  # fmt: skip
# Nothing in these is a place.
NO_PLACE = """
    사업추진주체가 누구인가요
    국민 참여수준을 알고 싶습니다
    우리 업종 급여수준이 어느 정도인가요
    직원 연수원을 지을 수 있나요
    상수원 보호구역이면 안 되나요
    과수원을 공장용지로 바꿀 수 있나요
    비과세종합저축도 되나요
    종전주택을 팔아야 하나요
    임대전용산업단지가 무엇인가요
    세대전원이 이사해야 하나요
    환경기초시설을 설치해야 하나요
    인허가 변경기간이 궁금합니다
    요즘 경기가 안 좋아서 망설입니다
    경기침체 때문에 미뤘어요
    운동경기부를 두면 감면되나요
    경제주체별 역할은 무엇인가요
    원주민 보상은 어떻게 하나요
    사원주택 지원이 있나요
    산업부산물 처리는 어떻게 하나요
    일부산업만 지원하나요
    사업을 확대구상 중입니다
    디지털 대전환 지원사업이 있나요
    친환경주택에 들어갈 수 있나요
    통신서비스 업종도 되나요
    음성인식 기술 회사입니다
    음성으로 질문해도 되나요
    고양이를 키워도 되나요
    도로 운영도 지원하나요
    부문현황을 알려 주세요
    사업 진도가 궁금합니다
    담당 직원이 상주해야 하나요
    장수 기업 혜택이 있나요
    성장성 평가를 하나요
    업무안내 부탁드립니다
    공개포털은 어디에 있나요
    보안산업 회사입니다
    수익산정 방식이 궁금합니다
    고용인원 기준은 몇 명인가요
    1분당 요금이 얼마인가요
    교통영향평가를 받아야 하나요
    자금이 이천만 원이면 되나요
    자료를 보여주시면 좋겠습니다
    가산세를 내야 하나요
    관광교통 계획이 있나요
    꼭 추진해야 할 일이 무엇인가요
    양산 설비를 늘리려 합니다
    전문경영인이 필요한가요
    고령 인력을 채용하면 혜택이 있나요
    신고창구가 어디인가요
    사무실 이전주체가 법인인가요
    쉽게 생각하면 오산이죠
    선거제도가 바뀌나요
    전국 평균 말고 최대전력을 알려 주세요
    분양재산 목록을 주세요
    이의신청주체는 누구인가요
    화성탐사 로봇을 만듭니다
""".strip().splitlines()


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.read(DOCUMENTS / "gazetteer.csv")


def row(kind="region", id="naju", aliases="나주;naju"):
    return {"kind": kind, "id": id, "name_ko": "나주", "name_en": "Naju", "parent": "", "aliases": aliases}


@pytest.mark.parametrize("particle", ["는", "에", "에서", "로", "의", "랑", "까지", "시에서", "혁신도시에는"])
def test_place_is_found_before_korean_particles(gazetteer, particle):
    assert gazetteer.ids(f"나주{particle} 땅이 있나요", "region") == ["naju"]


@pytest.mark.parametrize("particle", PARTICLES)
@pytest.mark.parametrize(
    ("name", "region"), [("여수", "yeosu"), ("수원", "suwon"), ("음성", "eumseong"), ("구로구", "guro")]
)
def test_place_is_found_before_every_particle(gazetteer, name, region, particle):
    mentions = gazetteer.find(f"우리는 {name}{particle} 옮겨요")

    assert [(m.entry.id, m.start, m.end) for m in mentions] == [(region, 4, 4 + len(name))]


@pytest.mark.parametrize(("said", "region"), SAID.items())
@pytest.mark.parametrize("sentence", ["{}에 있는 회사입니다", "({})", "moved to {} in May"])
def test_place_is_found_by_what_people_call_it(gazetteer, said, region, sentence):
    assert gazetteer.ids(sentence.format(said), "region") == [region]


@pytest.mark.parametrize("province", DISTRICTS)
def test_every_district_is_known_and_lies_in_its_province(gazetteer, province):
    (whole,) = gazetteer.ids(province, "region")
    unknown, elsewhere = [], []
    for district in DISTRICTS[province].split():
        region = gazetteer.ids(f"{province} {district}에 있는 회사", "region")[-1]
        above = {region}
        while (entry := gazetteer.get("region", region)) is not None:
            above.add(region := entry.parent)
        if whole not in above:
            elsewhere.append(district)
        if len(above & {whole}) == len(above - {"", "nation", "capital_region"}):
            unknown.append(district)

    assert elsewhere == []
    assert unknown == HOSTS.get(province, "").split()


@pytest.mark.parametrize("sentence", NO_PLACE)
def test_word_that_looks_like_a_place_is_none(gazetteer, sentence):
    assert [id for id in gazetteer.ids(sentence, "region") if id != "nation"] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("시·도지사와 협의합니다", "facility_type"),
        ("오피스텔에 살아요", "facility_type"),
        ("기본사항을 알려 주세요", "facility_type"),
        ("공공장소입니다", "facility_type"),
        ("중소벤처기업부에 신청합니다", "company_type"),
        ("임대기업이 됩니다", "company_type"),
        ("장기계획을 세웁니다", "industry"),
        ("마이스터고를 나왔어요", "industry"),
        ("건설사업을 관리합니다", "industry"),
        ("필수소득을 봅니다", "industry"),
    ],
)
def test_word_that_looks_like_a_thing_is_none(gazetteer, text, kind):
    assert gazetteer.ids(text, kind) == []


@pytest.mark.parametrize(
    ("text", "kind", "id"),
    [
        ("기발특구", "programme", "opportunity_zone"),
        ("opportunity zones", "programme", "opportunity_zone"),
        ("인구소멸지역", "programme", "population_decline_area"),
        ("리쇼어링", "company_type", "reshoring"),
        ("large companies", "company_type", "large"),
        ("start-ups", "company_type", "startup"),
        ("주사무소", "facility_type", "headquarters"),
        ("R&D 센터", "facility_type", "research_institute"),
        ("manufacturing plants", "facility_type", "factory"),
        ("전기차", "industry", "mobility"),
        ("life sciences", "industry", "bio"),
    ],
)
def test_thing_is_found_by_what_people_call_it(gazetteer, text, kind, id):
    assert gazetteer.ids(f"저희는 {text} 쪽입니다", kind) == [id]


def test_places_are_found_in_milliseconds(gazetteer):
    text = "서울 구로디지털단지에 있는 중소기업인데 나주 혁신도시로 본사를 옮기면 법인세 감면을 몇 년 받을 수 있나요"

    def seconds():
        start = time.perf_counter()
        gazetteer.find(text)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(20)) < 0.01


@pytest.mark.parametrize("text", ["land in NAJU?", "Naju's cluster", "(naju)"])
def test_place_is_found_in_english_whatever_its_case(gazetteer, text):
    assert gazetteer.ids(text, "region") == ["naju"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("a basantic word", "region"), ("our officers", "facility_type"), ("the biome", "industry")],
)
def test_english_alias_is_not_found_inside_a_word(gazetteer, text, kind):
    assert gazetteer.ids(text, kind) == []


@pytest.mark.parametrize(
    ("text", "kind", "ids"),
    [
        ("광주·전남 혁신도시", "region", ["naju"]),
        ("move our head office", "facility_type", ["headquarters"]),
        ("지식산업센터 임대", "facility_type", ["knowledge_industry_centre"]),
        ("이전공공기관", "company_type", ["public_institution"]),
        ("2차 공공기관 이전", "programme", ["second_relocation"]),
        ("도시첨단산업단지", "programme", ["industrial_complex"]),
        ("양재 AI 혁신지구", "region", ["yangjae"]),
    ],
)
def test_longest_alias_wins(gazetteer, text, kind, ids):
    assert gazetteer.ids(text, kind) == ids


def test_mentions_say_where_they_stand_and_do_not_overlap(gazetteer):
    text = "부산 센텀2지구에서 제2판교 같은 특구로"

    mentions = gazetteer.find(text)

    assert [text[m.start : m.end] for m in mentions] == ["부산", "센텀2지구", "제2판교"]
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_ids_stand_once_in_the_order_of_the_text(gazetteer):
    text = "포항, 구미 중에 고민인데 포항시가 나을까요? or Andong"

    assert gazetteer.ids(text, "region") == ["pohang", "gumi", "andong"]


def test_ids_of_another_kind_are_left_out(gazetteer):
    assert gazetteer.ids("나주에 본사", "facility_type") == ["headquarters"]
    assert gazetteer.ids("나주에 본사", "industry") == []


@pytest.mark.parametrize(
    ("region", "covered"),
    [
        ("naju", {"naju"}),
        ("yeongdo", {"yeongdo", "busan"}),
        ("seogwipo", {"seogwipo"}),
        ("nowhere", {"nowhere"}),
    ],
)
def test_covers_names_the_city_but_not_the_province(gazetteer, region, covered):
    assert gazetteer.covers(region) == covered


@pytest.mark.parametrize(
    ("region", "within", "without"),
    [
        ("busan", {"busan", "yeongdo", "munhyeon", "centum", "gijang"}, {"ulsan", "gimhae"}),
        (
            "jeonbuk",
            {"jeonbuk", "jeonju", "wanju", "iksan", "gunsan", "namwon", "jeongeup"},
            {"naju", "nation"},
        ),
    ],
)
def test_covers_of_a_city_or_province_names_what_lies_in_it(gazetteer, region, within, without):
    covered = gazetteer.covers(region)

    assert within <= covered
    assert not without & covered
    assert {gazetteer.get("region", id).parent for id in covered - {region}} == {region}


def test_covers_of_the_capital_region_reaches_districts_of_its_cities(gazetteer):
    assert {"seoul", "yangjae", "suwon", "songdo"} <= gazetteer.covers("capital_region")
    assert "naju" not in gazetteer.covers("capital_region")


@pytest.mark.parametrize(
    "region",
    [
        "capital_region",
        "seoul",
        "yangjae",
        "gyeonggi",
        "suwon",
        "pangyo",
        "songdo",
        "guro",
        "gwangju_gyeonggi",
        "ganghwa",
    ],
)
def test_capital_region_holds_seoul_incheon_and_gyeonggi(gazetteer, region):
    assert gazetteer.in_capital_region(region)


@pytest.mark.parametrize(
    "region",
    [
        "nation",
        "naju",
        "cheonan",
        "wonju",
        "sejong",
        "jeju",
        "gwangju",
        "goseong",
        "busan_gangseo",
        "nowhere",
        "",
    ],
)
def test_capital_region_holds_no_other_place(gazetteer, region):
    assert not gazetteer.in_capital_region(region)


def test_entry_is_named_in_both_languages(gazetteer):
    entry = gazetteer.get("region", "yeongdo")

    assert (entry.name("ko"), entry.name("en")) == ("부산 영도구", "Yeongdo-gu, Busan")
    assert gazetteer.get("programme", "yeongdo") is None


def test_every_parent_is_a_region_and_no_alias_names_two_entries(gazetteer):
    rows = [line.split(",") for line in (DOCUMENTS / "gazetteer.csv").read_text().splitlines()[1:]]
    aliases = [alias.strip().lower() for row in rows for alias in row[-1].strip('"').split(";")]

    assert [r for r in rows if r[0] == "region" and r[-2] and gazetteer.get("region", r[-2]) is None] == []
    assert {a for a in aliases if aliases.count(a) > 1} == set()


@pytest.mark.parametrize(
    "bad", [row(kind="city"), row(aliases=""), row(aliases=" ; "), row(aliases="!나주머니")]
)
def test_bad_row_is_refused_with_its_number_and_the_allowed_kinds(bad):
    with pytest.raises(ValueError, match=r"gazetteer.csv row 3: .*must be one of region, programme"):
        Gazetteer.from_rows([row(), bad])


@pytest.mark.parametrize("look", ["!서울", "!하+나주", "!(하|만나)나주", "!나주(?:", "!나주.*"])
def test_look_alike_that_cannot_be_used_is_refused(look):
    with pytest.raises(ValueError, match="row 2: what follows a ! cannot be read"):
        Gazetteer.from_rows([row(aliases=f"나주;{look}")])


def test_look_alike_hides_the_name_in_it_and_nothing_else():
    gazetteer = Gazetteer.from_rows([row(aliases="나주;나주시;![하만]나주;!나주(?:머니|막)")])

    assert gazetteer.ids("하나주 만나주시면 나주머니 나주막", "region") == []
    assert [(m.start, m.end) for m in gazetteer.find("만나주고 나주시에, 경남나주")] == [(5, 8), (13, 15)]


@pytest.mark.parametrize("text", ["ſeoul", "ıncheon", "\u212aimcheon", ""])
def test_letters_that_only_fold_to_latin_ones_are_no_name_and_no_error(gazetteer, text):
    assert gazetteer.find(text) == []


def test_gazetteer_file_with_a_bad_row_is_refused(tmp_path):
    path = tmp_path / "gazetteer.csv"
    path.write_text("kind,id,name_ko,name_en,parent,aliases\nplanet,mars,화성,Mars,,화성\n", encoding="utf-8")

    with pytest.raises(ValueError, match="row 2: kind 'planet'"):
        Gazetteer.read(path)
