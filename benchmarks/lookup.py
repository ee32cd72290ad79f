"""Type-ahead of the console over 30,000 rows: how long one keystroke takes, as p50, p95 and the longest.

Every prefix of what people type is asked, as Hangul, as initial consonants, with the wrong keyboard and with a particle.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Sequence

from assistant.lookup import KINDS, Entry, TypeAhead
from benchmarks.report import table, write
from knowledge.mistyped import initials

ROWS = 30_000
_NAMES = 2_000
_WORDS = (
    "혁신 도시 본사 이전 법인 세액 감면 보조금 클러스터 입주 승인 용지 분양 임차료 지원 공장 연구소 산업 단지 조세 특례 제한법 지방 투자 "
    "촉진 고용 채용 인력 교육 주택 특별 공급 기반 시설 개발 계획 지구 지정 변경 고시 조례 규칙 시행령 심사 위원회"
).split()  # fmt: skip


def main() -> None:
    """Run the benchmark, print it and write its report."""
    figures = measure(ROWS)
    table([tuple(figures), tuple(map(str, figures.values()))])
    write("lookup", figures)


def measure(rows: int, seed: int = 7) -> dict[str, float]:
    """Figures over so many made rows; times in milliseconds, `made` in seconds."""
    chance = random.Random(seed)
    names = [made_name(chance) for _ in range(rows)]
    started = time.perf_counter()
    ahead = TypeAhead(_entries(names, chance))
    made = time.perf_counter() - started
    times = []
    for typed in keystrokes(names, chance):
        before = time.perf_counter()
        ahead.find(typed)
        times.append((time.perf_counter() - before) * 1000)
    cuts = statistics.quantiles(times, n=20)
    return {
        "rows": rows,
        "keystrokes": len(times),
        "p50": round(cuts[9], 2),
        "p95": round(cuts[18], 2),
        "longest": round(max(times), 2),
        "made": round(made, 2),
    }


def made_name(chance: random.Random) -> str:
    """A title as provisions and notices have them."""
    words = " ".join(chance.choices(_WORDS, k=chance.randint(2, 6)))
    return f"{words} 제{chance.randint(1, 140)}조의{chance.randint(2, 9)}" if chance.random() < 0.3 else words


def _entries(names: list[str], chance: random.Random) -> Iterator[Entry]:
    for number, name in enumerate(names):
        english = f"row {number} {chance.choice(['tax relief', 'land', 'subsidy', 'approval'])}"
        law = f"조세특례제한법 제{chance.randint(1, 140)}조"
        yield Entry(chance.choice(KINDS), str(number), (name, english), (law, law), (name, english), (law,))


def keystrokes(names: Sequence[str], chance: random.Random) -> Iterator[str]:
    """What the box holds after each key, for some of the names, typed in several ways."""
    for name in chance.sample(names, _NAMES):
        yield from (name[:end] for end in range(1, min(len(name), 9)))
        yield _leads(name)[:4]
        yield initials(name)[:4]
        yield f"{name.split()[0]}에서 {name.split()[-1]}은"
        yield f"{name}하나도없는"


def _leads(name: str) -> str:
    leads = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
    return "".join(leads[(ord(one) - 0xAC00) // 588] for one in name if "가" <= one <= "힣")


if __name__ == "__main__":
    main()
