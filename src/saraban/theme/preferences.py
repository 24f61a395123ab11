"""What a person chose for their pages: language, digits, and the unit in which they act.

Cookies carry the choice, so that reading it costs nothing; language and digits are kept with the account as well and
come back at the next login, on whatever machine.
"""

from __future__ import annotations

from typing import Any

from saraban.organisation.acting import UNIT_COOKIE, best_post, current_person
from saraban.organisation.posts import Post, posts_of

LANGUAGES = {"th": "ไทย", "en": "English"}
"""Each in its own words: whoever looks for their language reads no other."""
LANGUAGE_COOKIE = "I18N_LANGUAGE"
DIGITS = ("arabic", "thai")
DIGITS_COOKIE = "saraban_digits"
YEAR = 365 * 24 * 3600


def language(request: Any) -> str:
    """The language of this answer."""
    chosen = request.get("LANGUAGE") or request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else "th"


def thai_digits(request: Any) -> bool:
    """Whether figures are shown in Thai digits: only in Thai pages, and only where the person asked for it."""
    return request.cookies.get(DIGITS_COOKIE) == "thai" and language(request) == "th"


def posts() -> tuple[Post, ...]:
    """The posts of the person who is logged in, one for each unit."""
    found: dict[str, Post] = {}
    for post in posts_of(current_person()):
        found.setdefault(post.unit, post)
    return tuple(found.values())


def acting_post(request: Any) -> Post | None:
    """The post in which the person acts now: the unit chosen, else the first."""
    return best_post(posts(), request.cookies.get(UNIT_COOKIE, ""))


def acting_unit(request: Any) -> str:
    """The id of the unit in which the person acts now; empty where they hold no post."""
    post = acting_post(request)
    return post.unit if post else ""


def set_cookie(request: Any, name: str, value: str) -> None:
    """Keeps a choice in the browser for a year."""
    secure = str(request.get("SERVER_URL", "")).startswith("https:")
    request.response.setCookie(
        name, value, path="/", max_age=YEAR, same_site="Lax", http_only=name != LANGUAGE_COOKIE, secure=secure
    )


def remember(request: Any, member: Any, *, chosen_language: str = "", digits: str = "", unit: str = "") -> None:
    """Keeps what is valid of a person's choice; what is not is passed over."""
    kept: dict[str, str] = {}
    if chosen_language in LANGUAGES:
        set_cookie(request, LANGUAGE_COOKIE, chosen_language)
        kept["language"] = chosen_language
    if digits in DIGITS:
        set_cookie(request, DIGITS_COOKIE, digits)
        kept["digits"] = digits
    if unit and any(post.unit == unit for post in posts()):
        set_cookie(request, UNIT_COOKIE, unit)
    if kept and member is not None and any(member.getProperty(name, "") != value for name, value in kept.items()):
        member.setMemberProperties(kept)


def bring_back(request: Any, member: Any) -> None:
    """After a login: the choices kept with the account, where this browser has made none."""
    for name, cookie, known in (("language", LANGUAGE_COOKIE, LANGUAGES), ("digits", DIGITS_COOKIE, DIGITS)):
        value = member.getProperty(name, "")
        if value in known and not request.cookies.get(cookie):
            set_cookie(request, cookie, value)
