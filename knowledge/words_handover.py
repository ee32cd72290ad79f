"""What is said when a person takes over, Korean and English. Nothing here promises more than has happened."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "days": {"ko": "월 화 수 목 금 토 일", "en": "Mon Tue Wed Thu Fri Sat Sun"},
    "days.working": {"ko": "평일", "en": "on weekdays"},
    "hours": {
        "ko": "{days} {opens}~{closes}(공휴일 제외)",
        "en": "{days} {opens}–{closes} Korean time, except public holidays",
    },
    "offer.open": {
        "ko": "원하시는 답이 아니라면 ‘사람과 상담’을 눌러 주세요. 상담원이 이 대화를 이어받을 수 있도록 접수합니다.",
        "en": "If this is not what you need, press “Talk to a person”: the conversation is put in the queue of the staff.",
    },
    "offer.closed": {
        "ko": "원하시는 답이 아니라면 ‘사람과 상담’을 눌러 주세요. 담당 기관 연락처와 전화 상담 신청을 안내해 드립니다.",
        "en": "If this is not what you need, press “Talk to a person” for the office to contact and a form for a call back.",
    },
    "queued": {
        "ko": (
            "상담을 접수했습니다. 접수 번호는 {ticket}입니다. 상담원이 지금까지의 대화를 읽고 이 창에서 순서대로 답합니다. "
            "기다리시는 동안 제가 계속 답해 드리며, 급하시면 아래 담당 기관에 연락하셔도 됩니다."
        ),
        "en": (
            "Your request is in the queue. Its reference number is {ticket}. A member of staff will read this conversation "
            "and answer here in turn. I go on answering meanwhile, and you may also contact the office below."
        ),
    },
    "waiting": {
        "ko": "이미 접수되어 있습니다. 접수 번호는 {ticket}입니다. 급하시면 아래 담당 기관에 연락해 주세요.",
        "en": "Your request is already on record. Its reference number is {ticket}. If it is urgent, please contact the office below.",
    },
    "closed": {
        "ko": (
            "지금은 상담원이 없는 시간입니다. 상담 시간은 {hours}입니다. 아래 담당 기관에 연락하시거나 전화 상담을 신청해 주세요. "
            "신청은 접수 번호를 붙여 담당자에게 남기며, 통화를 약속드리지는 않습니다."
        ),
        "en": (
            "No one is at the desk now. It is open {hours}. Please contact the office below, or ask for a call back: "
            "it is kept for the staff under a reference number, and a call is not promised."
        ),
    },
    "unstaffed": {
        "ko": (
            "사람과 상담하시려면 아래 담당 기관에 연락해 주세요. 이 창에는 상담원이 들어오지 않습니다. "
            "전화 상담을 신청하시면 접수 번호를 붙여 담당자에게 남기며, 통화를 약속드리지는 않습니다."
        ),
        "en": (
            "To talk to a person, please contact the office below. No staff member joins this window. If you ask for a call "
            "back, it is kept for the staff under a reference number, and a call is not promised."
        ),
    },
    "callback.kept": {
        "ko": (
            "전화 상담 신청을 접수했습니다. 접수 번호는 {ticket}입니다. 담당자가 이 대화와 남기신 연락처를 볼 수 있습니다. "
            "통화를 약속드리지는 않습니다. 이름과 전화번호는 상담이 끝나면, 늦어도 {days}일 뒤에는 지웁니다."
        ),
        "en": (
            "Your request for a call back is on record. Its reference number is {ticket}. The staff can see this conversation "
            "and your number. A call is not promised. Name and number are deleted when the matter is closed, after {days} days at the latest."
        ),
    },
    "taken": {
        "ko": "상담원이 대화에 참여했습니다(접수 번호 {ticket}). 상담원이 있는 동안 AI는 답하지 않습니다.",
        "en": "A staff member has joined (reference {ticket}). The AI does not answer while they are here.",
    },
    "given_back": {
        "ko": "상담원이 대화를 마쳤습니다(접수 번호 {ticket}). 이제 AI가 다시 답합니다.",
        "en": "The staff member has left (reference {ticket}). The AI answers again.",
    },
    "left": {
        "ko": "사람과의 상담을 마치고 AI가 다시 답합니다(접수 번호 {ticket}). 남기신 이름과 전화번호가 있었다면 지웠습니다.",
        "en": "The request to talk to a person is over and the AI answers (reference {ticket}). A name and number left with it are deleted.",
    },
    "ended": {
        "ko": "접수하신 상담을 마쳤습니다(접수 번호 {ticket}). 이제 AI가 다시 답합니다. 더 필요하시면 ‘사람과 상담’을 다시 눌러 주세요.",
        "en": "Your request is closed (reference {ticket}). The AI answers again. If you need more, press “Talk to a person” again.",
    },
    "called_back": {
        "ko": "전화 상담을 마쳤습니다(접수 번호 {ticket}). 남기신 이름과 전화번호는 지웠습니다.",
        "en": "The call back is done (reference {ticket}). Your name and number are deleted.",
    },
    "form.consent": {
        "ko": "이름과 전화번호를 저장하려면 동의가 필요합니다. 동의 칸을 선택해 주세요.",
        "en": "Name and number are stored only with consent. Please tick the box.",
    },
    "form.name": {
        "ko": "이름이 비어 있습니다. 부를 이름을 적어 주세요.",
        "en": "The name is empty. Please write how to address you.",
    },
    "form.phone": {
        "ko": "전화번호로 읽을 수 없습니다. 02-123-4567이나 010-1234-5678처럼 적어 주세요.",
        "en": "This is no telephone number. Write it like 02-123-4567 or +82 10 1234 5678.",
    },
}


def tell(key: str, language: str, **values: object) -> str:
    """The words of `key` in `ko` or `en`, with `{names}` filled in. Raises KeyError for an unknown key."""
    return WORDS[key][language].format(**values)
