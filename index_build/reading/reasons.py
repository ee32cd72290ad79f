"""Why a file is refused, and what to know of one that was read: every text in Korean and English."""

from __future__ import annotations

from collections.abc import Mapping

Texts = dict[str, dict[str, str]]

# {file} is the file's name. Each text names the cause and the remedy.
REASONS: Texts = {
    "empty": {
        "en": "{file}: holds no bytes. Upload the file again.",
        "ko": "{file}: 내용이 없는 빈 파일입니다. 파일을 다시 올려 주세요.",
    },
    "no_text": {
        "en": "{file}: holds no text to index. Check that it is the right file; a scanned file needs text recognition first.",
        "ko": "{file}: 색인할 글이 없습니다. 맞는 파일인지 확인해 주세요. 스캔한 문서는 먼저 문자 인식을 해야 합니다.",
    },
    "unknown_kind": {
        "en": "{file}: its content is not of a kind that can be read. Use PDF, HWP, HWPX, DOCX, XLSX, CSV, HTML, Markdown or plain text.",
        "ko": "{file}: 읽을 수 있는 형식이 아닙니다. PDF, HWP, HWPX, DOCX, XLSX, CSV, HTML, 마크다운, 텍스트 파일로 올려 주세요.",
    },
    "wrong_extension": {
        "en": "{file}: its name says {named}, its content is {found}. Give it the right extension, or export it again.",
        "ko": "{file}: 확장자는 {named}인데 내용은 {found}입니다. 확장자를 바로잡거나 다시 저장해 주세요.",
    },
    "encrypted": {
        "en": "{file}: is encrypted. Save it without a password and upload it again.",
        "ko": "{file}: 암호화된 문서입니다. 암호를 풀고 저장해 다시 올려 주세요.",
    },
    "macro": {
        "en": "{file}: holds macros ({where}). Save it without macros and upload it again.",
        "ko": "{file}: 매크로가 들어 있습니다({where}). 매크로 없이 저장해 다시 올려 주세요.",
    },
    "entities": {
        "en": "{file}: declares XML entities or a document type in {where}, which no office program writes. Export the file again.",
        "ko": "{file}: {where}에 XML 엔티티나 문서 형식 선언이 있습니다. 문서 작성기로 다시 저장해 주세요.",
    },
    "bomb": {
        "en": "{file}: unpacks to more than is allowed ({detail}). Export it again, or split it.",
        "ko": "{file}: 압축을 풀면 허용된 크기를 넘습니다({detail}). 다시 저장하거나 나누어 올려 주세요.",
    },
    "unsafe_name": {
        "en": "{file}: holds an entry whose name leaves its folder ({entry}). Export it again.",
        "ko": "{file}: 안에 든 파일 이름이 폴더를 벗어납니다({entry}). 다시 저장해 주세요.",
    },
    "too_large": {
        "en": "{file}: {detail}; allowed are {allowed}. Split it into several files.",
        "ko": "{file}: {detail}. 허용 한도는 {allowed}입니다. 여러 파일로 나누어 주세요.",
    },
    "damaged": {
        "en": "{file}: is damaged or cut off ({detail}). Export or download it again.",
        "ko": "{file}: 손상되었거나 중간에 잘린 파일입니다({detail}). 다시 저장하거나 내려받아 주세요.",
    },
    "undecodable": {
        "en": "{file}: its characters are in no encoding that can be told ({detail}). Save it as UTF-8.",
        "ko": "{file}: 글자 인코딩을 알 수 없습니다({detail}). UTF-8로 저장해 주세요.",
    },
    "over_limits": {
        "en": "{file}: reading it took more than is allowed ({detail}). Split it, or export it again.",
        "ko": "{file}: 읽는 데 허용된 자원을 넘었습니다({detail}). 나누거나 다시 저장해 주세요.",
    },
    "reader_failed": {
        "en": "{file}: the reader ended without a result ({detail}). Export the file again; if it happens again, send it to the maintainers.",
        "ko": "{file}: 판독기가 결과 없이 멈췄습니다({detail}). 다시 저장해 올려 주시고, 되풀이되면 관리자에게 보내 주세요.",
    },
    "front_matter": {
        "en": "{file}: {detail}. See knowledge/documents/README.md.",
        "ko": "{file}: 머리 정보가 잘못되었습니다({detail}). knowledge/documents/README.md를 보세요.",
    },
    "same_name": {
        "en": "{file}: {other} has the same name and language. Rename one of them.",
        "ko": "{file}: {other}와 이름과 언어가 같습니다. 하나의 이름을 바꿔 주세요.",
    },
}

NOTICES: Texts = {
    "hidden_text": {
        "en": "Hidden text was left out ({count} characters): {sample}",
        "ko": "숨은 글을 빼고 읽었습니다({count}자): {sample}",
    },
    "instruction": {
        "en": "A passage reads like an instruction to a program: {sample}",
        "ko": "프로그램에 내리는 지시처럼 읽히는 글이 있습니다: {sample}",
    },
    "page_without_text": {
        "en": "{count} of {total} pages hold no text (scans?): {pages}",
        "ko": "{total}쪽 가운데 {count}쪽에 글이 없습니다(스캔?): {pages}",
    },
    "recognised_text": {
        "en": "{count} of {total} pages are scans; their text was read by text recognition and may hold errors.",
        "ko": "{total}쪽 가운데 {count}쪽은 스캔한 것으로, 문자 인식으로 읽은 글이라 틀릴 수 있습니다.",
    },
    "cut_off": {
        "en": "Only the first {kept} of {total} {what} were read.",
        "ko": "{what} {total} 가운데 앞의 {kept}까지만 읽었습니다.",
    },
    "dropped": {
        "en": "Not read: {what} ({count}).",
        "ko": "읽지 못한 것: {what} ({count}).",
    },
    "readers_disagree": {
        "en": "Two readers disagree on {percent} % of the words. Compare the passages with the file.",
        "ko": "두 판독기의 결과가 낱말 {percent} %에서 다릅니다. 파일과 대조해 주세요.",
    },
    "supplementary_cut": {
        "en": "Supplementary provisions (부칙) were left out ({count} characters).",
        "ko": "부칙을 빼고 읽었습니다({count}자).",
    },
}  # fmt: skip


def say(texts: Texts, code: str, language: str, file: str, values: Mapping[str, object]) -> str:
    """A text with its gaps filled, on one line."""
    return " ".join(texts[code][language].format(file=file, **values).split())
