"""Errors as `application/problem+json` (RFC 9457), in Korean and English, with a request id."""

from __future__ import annotations

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

_PROBLEMS = {
    "not_found": (404, "대화를 찾을 수 없습니다", "Conversation not found", "새 대화를 시작해 주세요.", "Please start a new conversation."),
    "no_page": (404, "없는 주소입니다", "No such address", "주소를 확인해 주세요.", "Please check the address."),
    "no_passage": (404, "구절을 찾을 수 없습니다", "Passage not found", "이 판의 자료가 더 이상 보관되지 않습니다.", "This release of the documents is no longer kept."),
    "empty": (422, "내용이 비어 있습니다", "The message is empty", "질문을 한 글자 이상 적어 주세요.", "Please write at least one character."),
    "too_long": (422, "글이 너무 깁니다", "The message is too long", "1,000자까지 보낼 수 있습니다. 줄여서 다시 보내 주세요. 쓰신 글은 지워지지 않았습니다.", "Up to 1,000 characters can be sent. Please shorten it; what you wrote is not lost."),
    "unknown_button": (422, "알 수 없는 버튼입니다", "Unknown button", "이 대화에 나온 버튼이 아닙니다. 질문을 글로 적어 주세요.", "That button is not from this conversation. Please type your question."),
    "not_ours": (404, "메시지를 찾을 수 없습니다", "Message not found", "이 대화의 메시지가 아닙니다.", "That message is not of this conversation."),
    "malformed": (422, "요청을 읽을 수 없습니다", "The request cannot be read", "보낸 항목을 확인해 주세요.", "Please check the fields sent."),
    "too_large": (413, "요청이 너무 큽니다", "The request is too large", "16KB까지 보낼 수 있습니다.", "Up to 16 KB can be sent."),
    "too_many": (429, "요청이 너무 잦습니다", "Too many requests", "잠시 뒤 다시 시도해 주세요.", "Please try again shortly."),
    "method": (405, "허용되지 않는 방식입니다", "Method not allowed", "주소와 방식을 확인해 주세요.", "Please check address and method."),
    "unsaved": (503, "지금은 저장할 수 없습니다", "Nothing can be stored just now", "보내신 내용은 저장되지 않았습니다. 잠시 뒤 다시 보내 주세요.", "Your message was not stored. Please send it again shortly."),
    "unavailable": (503, "지금은 이용할 수 없습니다", "Unavailable just now", "잠시 뒤 다시 시도해 주세요.", "Please try again shortly."),
    "failed": (500, "문제가 생겼습니다", "Something went wrong", "잠시 뒤 다시 시도해 주세요.", "Please try again shortly."),
}  # fmt: skip
_BY_STATUS = {
    404: "no_page",
    405: "method",
    413: "too_large",
    422: "malformed",
    429: "too_many",
    503: "unavailable",
}


class Problem(HTTPException):
    """A refusal by its short name; `language` is the conversation's where it is known."""

    def __init__(self, kind: str, language: str = "", detail: str = "") -> None:
        """`detail` replaces the standard sentence."""
        super().__init__(status_code=_PROBLEMS[kind][0], detail=detail)
        self.kind = kind
        self.language = language


def respond(request: Request, kind: str, language: str = "", detail: str = "") -> JSONResponse:
    """The response of a problem: in one language where it is known, else in both."""
    status, title_ko, title_en, detail_ko, detail_en = _PROBLEMS[kind]
    language = (
        language or getattr(request.state, "language", "") or request.headers.get("accept-language", "")[:2]
    )
    if language == "ko":
        title, words = title_ko, detail or detail_ko
    elif language == "en":
        title, words = title_en, detail or detail_en
    else:
        title, words = f"{title_ko} / {title_en}", detail or f"{detail_ko} / {detail_en}"
    body = {
        "type": f"urn:problem:{kind}",
        "title": title,
        "status": status,
        "detail": words,
        "request_id": getattr(request.state, "request_id", ""),
    }
    headers = {"Retry-After": "5"} if status in (429, 503) else {}
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=headers)


async def on_problem(request: Request, error: Exception) -> JSONResponse:
    """Handler of Problem and of Starlette's own HTTP errors."""
    if isinstance(error, Problem):
        return respond(request, error.kind, error.language, str(error.detail))
    status = error.status_code if isinstance(error, StarletteHTTPException) else 500
    return respond(request, _BY_STATUS.get(status, "failed" if status >= 500 else "malformed"))


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """Handler of bodies and parameters that FastAPI refuses: names the field and the cause."""
    assert isinstance(error, RequestValidationError)
    fields = "; ".join(
        f"{'.'.join(str(part) for part in item['loc'][1:]) or 'body'}: {item['msg']}"
        for item in error.errors()[:5]
    )
    return respond(request, "malformed", detail=fields)
