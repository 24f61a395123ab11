"""Nothing leaks: every view and service that is registered, at every kind of address, looked at by those who may not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.classification.conftest import BYSTANDER, OWNER, RECEIVER, Secret, SecretOffice
from tests.conftest import run

HERE = Path(__file__).parent
LOOKERS = (
    ("registrar", OWNER), ("officer", OWNER), ("director", OWNER), ("registrar", RECEIVER), ("director", RECEIVER),
    ("secret", BYSTANDER), ("site-admin", ""), ("auditor", ""),
)  # fmt: skip
CHANGES = {"logout", "@@logout", "images-clear", "plone-upgrade", "install-intids.html"}
"""What a GET changes for the other tests."""
ZMI = (
    "manage_main", "manage_workspace", "manage", "manage_menu", "manage_access", "manage_listLocalRoles", "manage_interfaces",
    "manage_propertiesForm", "manage_propertyTypeForm", "manage_findForm", "manage_findAdv", "manage_UndoForm", "manage_owner",
    "manage_findResult?obj_metatypes:list=all&search_sub:int=1&btn_submit=Find",
    "manage_findResult?obj_metatypes:list=all&search_sub:int=1&obj_searchterm={word}&btn_submit=Find",
    "objectIds", "objectValues", "objectItems", "title_or_id", "title_and_id", "Title", "SearchableText", "contentValues",
    "listFolderContents", "getFolderContents", "document_src", "PrincipiaSearchSource", "get_size",
)  # fmt: skip
ASKED = (
    "/@search?SearchableText={word}", "/@search?fullobjects=1&b_size=1000", "/@search?Title={word}",
    "/@search?sort_on=modified",
    "/@find?text={word}", "/@find?facets=kind,urgency,secrecy,state,unit,year", "/@find?secrecy=secret",
    "/@inbox?b_size=1000", "/@querystring-search?query=%7B%7D", "/@navigation?expand.navigation.depth=5", "/@types", "/@users",
    "/agencies/{agency}/@deliveries?b_size=1000", "/agencies/{agency}/@register-book?book=send&b_size=1000",
    "/agencies/{agency}/@register-book?book=receive&b_size=1000", "/agencies/{agency}/@register-book?book=receive&format=csv",
    "/desk", "/desk?tab=waiting", "/desk?tab=tasks", "/desk?tab=overdue", "/letters", "/letters?tab=sent", "/find?text={word}",
    "/registers?book=send", "/registers?book=receive", "/circulars", "/search?SearchableText={word}",
    "/@@search?SearchableText={word}",
    "/livesearch_reply?q={word}", "/@@ajax-search?SearchableText={word}", "/sitemap", "/sitemap.xml.gz", "/RSS", "/rss.xml",
    "/atom.xml", "/search_rss?SearchableText={word}", "/@@getVocabulary?name=plone.app.vocabularies.Catalog&query={word}",
    "/@vocabularies/plone.app.vocabularies.Catalog?title={word}", "/recently_modified", "/@@dashboard", "/full_review_list",
    "/portal_catalog/manage_catalogView", "/portal_catalog/manage_catalogIndexes", "/error_log/manage_main",
    "/not-there-{word}x",
)  # fmt: skip


@pytest.fixture(scope="module")
def letters(office: SecretOffice) -> list[Secret]:
    """One of each level and state, and one that was normal until a moment ago."""
    made = [office.draft("confidential"), office.sent("confidential"), office.registered("secret")]
    receiver = office.user("secret", RECEIVER)
    data = {"users": [f"secret.{RECEIVER}"], "instruction": made[2].word}
    assert receiver.post(f"{made[2].delivery}/@assign", json=data).status_code == 200
    return made


@pytest.fixture(scope="module")
def names(office: SecretOffice) -> dict[str, list[str]]:
    """What is registered for each kind of object."""
    done = run(office.city, "py", str(HERE / "names.py"))
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def looked(office: SecretOffice, user: tuple[str, str], address: str, **how: Any) -> Any:
    """An answer, as a person's browser gets it."""
    headers = how.pop("headers", {"Accept": "text/html"})
    method = how.pop("method", "GET")
    return office.user(*user).request(method, address, headers=headers, allow_redirects=False, **how)


def assert_silent(answer: Any, letters: list[Secret], about: object, *, asked: str = "") -> None:
    """The answer says no word of the letters, nor where they are (what the question said itself aside)."""
    text = (answer.text + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())).lower()
    for letter in letters:
        for secret in (
            letter.word,
            letter.url.rpartition("/")[2],
            letter.uid,
            *(one.rpartition("/")[2] for one in letter.deliveries),
        ):
            if secret not in asked:
                assert secret not in text, (about, secret)


def test_the_sweep_would_see_it(office: SecretOffice, letters: list[Secret]) -> None:
    secret = ("secret", OWNER)
    for address in (letters[0].url, f"{letters[0].url}/@movement", "/agencies/district-dusit/@register-book?book=secret-send"):
        answer = looked(office, secret, address, headers={"Accept": "application/json"})
        with pytest.raises(AssertionError):
            assert_silent(answer, letters, address)


def paths(name: str) -> tuple[str, dict[str, str]] | None:
    """Address and headers for a registered name; None for what is no GET."""
    if "_application_" in name or "_json_" in name:
        method, _type, service = name.partition("_application_json_")
        return (service, {"Accept": "application/json"}) if method == "GET" else None
    return f"@@{name}", {"Accept": "text/html"}


def sweep(office: SecretOffice, letters: list[Secret], base: str, names: list[str], user: tuple[str, str]) -> list[int]:
    """Looks at every name below an address."""
    statuses = []
    for name in names:
        wanted = paths(name)
        if wanted is None or name in CHANGES:
            continue
        answer = looked(office, user, f"{base}/{wanted[0]}", headers=wanted[1])
        assert_silent(answer, letters, (user, base, name), asked=base)
        statuses.append(answer.status_code)
    return statuses


@pytest.mark.parametrize("kind", ["site", "agencies", "agency", "letters", "deliveries"])
def test_every_view_around_the_letters(
    office: SecretOffice, letters: list[Secret], names: dict[str, list[str]], kind: str
) -> None:
    base = {"site": "", "agencies": "/agencies", "agency": f"/agencies/{OWNER}", "letters": f"/agencies/{OWNER}/letters"}
    statuses = sweep(office, letters, base.get(kind, f"/agencies/{RECEIVER}/deliveries"), names[kind], ("site-admin", ""))
    assert len(statuses) > 50


@pytest.mark.parametrize("user", LOOKERS)
def test_folders_of_letters_are_nobodys(
    office: SecretOffice, letters: list[Secret], names: dict[str, list[str]], user: Any
) -> None:
    part = letters[0].url.rpartition("/")[0]
    chosen = names["folder"] if user[0] == "site-admin" else names["folder"][::10]
    assert set(sweep(office, letters, part, chosen, user)) == {404}


@pytest.mark.parametrize("user", LOOKERS)
def test_every_view_of_the_letters_themselves(
    office: SecretOffice, letters: list[Secret], names: dict[str, list[str]], user: Any
) -> None:
    all_of_it = user[0] == "site-admin"
    letter = letters[2]
    for kind, base in (("letter", letter.url), ("attachment", letter.attachment), ("delivery", letter.delivery)):
        chosen = names[kind] if all_of_it else names[kind][::15]
        assert set(sweep(office, [letter], base, chosen, user)) == {404}, (user, kind)
        for name in ZMI if all_of_it else ZMI[:3]:
            answer = looked(office, user, f"{base}/{name.format(word=letter.word)}")
            assert answer.status_code == 404, (user, kind, name)


@pytest.mark.parametrize("user", LOOKERS)
def test_lists_searches_feeds_and_errors(office: SecretOffice, letters: list[Secret], user: Any) -> None:
    for address in ASKED:
        for letter in letters:
            asked = address.format(word=letter.word, agency=user[1] or OWNER)
            headers = {"Accept": "application/json"} if "/@" in address and "/@@" not in address else {"Accept": "text/html"}
            answer = looked(office, user, asked, headers=headers)
            assert_silent(answer, letters, (user, asked), asked=asked)
            if "{word}" not in address:
                break


def test_the_management_interface_lists_nothing(office: SecretOffice, letters: list[Secret]) -> None:
    year = letters[0].url.rpartition("/")[0].rpartition("/")[0]
    for base in ("", "/agencies", f"/agencies/{OWNER}", f"/agencies/{OWNER}/letters", year, letters[0].url.rpartition("/")[0]):
        for name in ZMI:
            asked = f"{base}/{name.format(word=letters[0].word)}"
            answer = looked(office, ("site-admin", ""), asked)
            assert_silent(answer, letters, asked, asked=asked)


@pytest.mark.parametrize("depth", ["0", "1", "infinity"])
@pytest.mark.parametrize("user", [("site-admin", ""), ("registrar", OWNER)])
def test_webdav(office: SecretOffice, letters: list[Secret], user: tuple[str, str], depth: str) -> None:
    part = letters[0].url.rpartition("/")[0]
    year = part.rpartition("/")[0]
    for address in ("", "/agencies", f"/agencies/{OWNER}", f"/agencies/{OWNER}/letters", year, part, *letters[2].addresses):
        answer = looked(office, user, address or "/", method="PROPFIND", headers={"Depth": depth})
        assert_silent(answer, letters, (user, address, depth), asked=address)
        if address in (part, *letters[2].addresses):
            assert answer.status_code == 404, (user, address)


def test_anonymous_people_learn_nothing(office: SecretOffice, letters: list[Secret], names: dict[str, list[str]]) -> None:
    nobody = office.city.client(None)
    for letter in letters:
        for address in letter.addresses:
            json_answer = nobody.get(address, headers={"Accept": "application/json"}, allow_redirects=False)
            page = nobody.get(address, headers={"Accept": "text/html"}, allow_redirects=False)
            assert (json_answer.status_code, page.status_code) == (401, 302)
            there = nobody.get(f"{address}x", headers={"Accept": "application/json"}, allow_redirects=False)
            assert there.text == json_answer.text


def test_there_and_not_there_look_alike(office: SecretOffice, letters: list[Secret]) -> None:
    for user in LOOKERS:
        for letter in letters:
            for address in letter.addresses:
                gone = address[:-4] + ("0000" if not address.endswith("0000") else "1111")
                for headers in ({"Accept": "application/json"}, {"Accept": "text/html"}):
                    hidden, missing = (looked(office, user, one, headers=headers) for one in (address, gone))
                    assert hidden.status_code == missing.status_code == 404
                    if headers["Accept"] == "application/json":
                        assert hidden.text == missing.text


def test_every_attempt_is_in_the_audit_trail(office: SecretOffice) -> None:
    letter = office.sent("secret")
    for user in LOOKERS:
        looked(office, user, letter.url)
        looked(office, user, letter.delivery, headers={"Accept": "application/json"})
    rows = office.ask("SELECT person, outcome FROM audit WHERE uid = ? AND outcome = 'NotFound'", letter.uid)
    assert {person for person, _outcome in rows} == {f"{name}.{agency}" if agency else name for name, agency in LOOKERS}
    told = " ".join(str(row) for row in office.ask("SELECT * FROM audit"))
    assert letter.word not in told


def test_logs_and_messages_say_nothing(office: SecretOffice, letters: list[Secret]) -> None:
    for log in (office.city.var / "log").rglob("*"):
        if log.is_file() and "access" not in log.name:
            text = log.read_text(errors="replace")
            for letter in letters:
                assert f"เรื่อง {letter.word}" not in text, log
    for letter in letters:
        assert not office.ask(
            "SELECT 1 FROM outbox WHERE payload LIKE ? OR subject LIKE ?", f"%{letter.word}%", f"%{letter.word}%"
        )
