"""What the build and the life of releases say to the command line, in English, as the console says it in Korean."""

from __future__ import annotations

import re

_COMMAND = re.compile(r" (?:Run|See|Build one|See what would change): python -m .*", re.DOTALL)
# What a cell of a list may hold (index_build.catalogue_files).
_FORMS = [
    (r"empty or one of (.*)", r"빈칸이거나 \1 가운데 하나"),
    (r"one of (.*)", r"\1 가운데 하나"),
    (r"empty or an id of (\S+)", r"빈칸이거나 \1의 번호"),
    (r"an id of kind region in gazetteer\.csv", r"gazetteer.csv에서 kind가 region인 번호"),
    (r"ids of kind region in gazetteer\.csv, joined by ;", r"gazetteer.csv에서 kind가 region인 번호, 여럿이면 ;으로 나눔"),
    (r"an id of (\S+)", r"\1의 번호"),
    (r"true or false", r"true 또는 false"),
    (r"the term in (Korean|English)", r"용어(\1)"),
    (r"a question in (Korean|English)", r"질문(\1)"),
    (r"at least one name, several joined by ;", r"이름 하나 이상, 여럿이면 ;으로 나눔"),
    (r"empty, (\S+), (\S+) or (\S+)", r"빈칸, \1, \2, \3 가운데 하나"),
    (r"empty or a plain number(?:, without separators)?", r"빈칸이거나 쉼표 없는 수"),
]  # fmt: skip
_SENTENCES = [
    # lists
    (r"(\S+) row (\d+) \((.*)\), column (\S+): (.*) is not allowed\. Allowed: (.*)\.", r"\1 \2행(\3) \4 열: \5 값은 쓸 수 없습니다. 쓸 수 있는 값: \6"),
    (r"(\S+) row (\d+): it has not (\d+) cells\. .*", r"\1 \2행: 칸이 \3개가 아닙니다. 쉼표가 든 칸은 따옴표로 감싸십시오."),
    (r"(\S+): its columns are (.*); they must be (.*)\.", r"\1: 열이 \2입니다. 열은 \3이어야 합니다."),
    (r"(\S+): id (.*) stands twice\. .*", r"\1: 번호 \2이(가) 두 번 나옵니다. 행마다 다른 번호를 쓰십시오."),
    (r"(\S+): not UTF-8 \((.*)\)\. .*", r"\1: UTF-8이 아닙니다(\2). ‘CSV UTF-8’로 저장해 다시 올리십시오."),
    (r"(\S+): (\d+) MB; allowed are (\d+) MB\.", r"\1: \2MB입니다. \3MB까지 올릴 수 있습니다."),
    # the gate
    (r"(\d+) of (\d+) questions are answered rightly; the gate asks for (\S+)\.", r"시험 질문 \2개 가운데 \1개만 바르게 답합니다. 기준은 \3입니다."),
    (r"Answered rightly today and no longer: (.+)\.", r"지금은 바르게 답하지만 이 후보에서는 틀리는 질문: \1"),
    (r"Tells what must never be told: (.+)\.", r"말해서는 안 되는 내용을 말하는 질문: \1"),
    (r"Served today, refused in this build: (.+)\.", r"지금 쓰고 있지만 이번에 읽지 못한 파일: \1"),
    # releases and builds
    (r"No whole release was published before (.*)\.", r"\1보다 앞서 게시한 온전한 버전이 없습니다."),
    (r"Release (\S+) was published and is cited\. .*", r"\1은(는) 게시했던 버전이라 지울 수 없습니다. 답변이 인용하고 있습니다."),
    (r"Release (\S+): (\S+) (?:was altered|cannot be read|is missing).*", r"버전 \1의 \2 파일이 손상되었습니다. 다시 만들어 주십시오."),
    (r"No release '(.*)'\.", r"\1 버전이 없습니다."),
    (r"Another publication or rollback is under way\. .*", r"다른 게시나 되돌리기가 진행 중입니다. 끝난 뒤 다시 해 주십시오."),
    (r"Another build is running here\. .*", r"다른 만들기가 진행 중입니다. 끝난 뒤 다시 해 주십시오."),
    (r"No readable document in (.*)\. Put documents .*", r"읽을 수 있는 문서가 없습니다(\1). 문서를 올린 뒤 다시 해 주십시오."),
    (r"The process ended with (-?\d+)\.", r"작업이 갑자기 끝났습니다(상태 \1). 다시 해 주십시오."),
]  # fmt: skip


def told(text: str, language: str) -> str:
    """A refusal in the reader's language, without advice for the command line; one that is not known stays as it is."""
    plain = _COMMAND.sub("", text)
    if language != "ko":
        return plain
    head, allowed, form = plain.partition(" Allowed: ")
    return _expanded(
        f"{head}{allowed}{_expanded(form.removesuffix('.'), _FORMS)}{'.' if form else ''}", _SENTENCES
    )


def _expanded(text: str, known: list[tuple[str, str]]) -> str:
    for pattern, korean in known:
        if match := re.fullmatch(pattern, text, re.DOTALL):
            return match.expand(korean)
    return text
