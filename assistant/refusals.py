"""Refusals of the staff's routes, by short name, in Korean and English; same shape as `assistant.problems`."""

from __future__ import annotations

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse

# kind: status, title in both languages, what to do in both languages
_REFUSALS = {
    "signed_out": (401, "로그인이 필요합니다", "Please sign in", "로그인한 뒤 다시 시도해 주세요.", "Sign in, then try again."),
    "credentials": (401, "로그인하지 못했습니다", "Signing in failed", "이름이나 비밀번호가 맞지 않습니다.", "The name or the password is wrong."),
    "attempts": (429, "시도가 너무 많습니다", "Too many attempts", "{wait}초 뒤에 다시 시도해 주세요.", "Please try again in {wait} seconds."),
    "permission": (403, "권한이 없습니다", "Not permitted", "이 일을 할 수 있는 역할이 필요합니다. 관리자에게 문의해 주세요.", "Your role does not allow this. Please ask an administrator."),
    "cross_site": (403, "다른 사이트에서 온 요청입니다", "Request from another site", "이 서비스의 화면에서 다시 시도해 주세요.", "Please try again from a page of this service."),
    "form_token": (403, "화면이 오래되었습니다", "The page is out of date", "화면을 새로 고친 뒤 다시 보내 주세요.", "Reload the page and send it again."),
    "media_type": (415, "읽을 수 없는 형식입니다", "Unsupported media type", "application/json 또는 HTML 양식으로 보내 주세요.", "Send application/json or an HTML form."),
    "link": (410, "쓸 수 없는 링크입니다", "This link can no longer be used", "이미 사용했거나 기한이 지났습니다. 새 링크를 받아 주세요.", "It was used or has expired. Please ask for a new one."),
    "no_account": (404, "계정이 없습니다", "No such account", "계정 목록을 확인해 주세요.", "Please check the list of accounts."),
    "name_taken": (409, "이미 있는 이름입니다", "The name is taken", "다른 이름을 적어 주세요.", "Please choose another name."),
    "name": (422, "쓸 수 없는 이름입니다", "The name cannot be used", "2~64자의 글자, 숫자, 빈칸과 . _ @ + - 만 쓸 수 있습니다.", "Use 2 to 64 letters, digits, spaces and . _ @ + - only."),
    "last_admin": (409, "마지막 관리자입니다", "This is the last administrator", "다른 관리자를 먼저 만들어 주세요.", "Make another administrator first."),
    "short": (422, "비밀번호가 짧습니다", "The password is too short", "12자 이상으로 정해 주세요. 문장도 좋습니다.", "Use at least 12 characters; a sentence is fine."),
    "long": (422, "비밀번호가 너무 깁니다", "The password is too long", "256자까지 쓸 수 있습니다.", "Up to 256 characters can be used."),
    "guessable": (422, "짐작하기 쉬운 비밀번호입니다", "The password is easy to guess", "흔한 말, 이름, 이 서비스의 이름, 자판 순서가 아닌 말을 더해 주세요.", "Add words that are not common, not a name, not of this service and not a row of keys."),
}  # fmt: skip


class Refusal(HTTPException):
    """A refusal by its short name; `wait` is in seconds and becomes Retry-After."""

    def __init__(self, kind: str, wait: int = 0) -> None:
        """Raises KeyError for a kind that has no words."""
        super().__init__(_REFUSALS[kind][0], words(kind, "en", wait))
        self.kind = kind
        self.wait = wait


def title(kind: str, language: str) -> str:
    """What was refused, in one language or (`language` neither ko nor en) in both."""
    korean, english = _REFUSALS[kind][1:3]
    return {"ko": korean, "en": english}.get(language, f"{korean} / {english}")


def words(kind: str, language: str, wait: int = 0) -> str:
    """What to do about a refusal, in one language or (`language` neither ko nor en) in both."""
    korean, english = (text.format(wait=wait) for text in _REFUSALS[kind][3:])
    return {"ko": korean, "en": english}.get(language, f"{korean} / {english}")


async def on_refusal(request: Request, error: Exception) -> JSONResponse:
    """Handler of Refusal: `application/problem+json` in the browser's language, else in both."""
    assert isinstance(error, Refusal)
    language = request.headers.get("accept-language", "")[:2]
    body = {
        "type": f"urn:problem:{error.kind}",
        "title": title(error.kind, language),
        "status": error.status_code,
        "detail": words(error.kind, language, error.wait),
        "request_id": getattr(request.state, "request_id", ""),
    }
    headers = {"Retry-After": str(error.wait)} if error.wait else {}
    return JSONResponse(body, error.status_code, headers, media_type="application/problem+json")
