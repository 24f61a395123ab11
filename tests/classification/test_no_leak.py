"""Nothing leaks: every view and service that is registered, at every kind of address, looked at by those who may not know."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from tests.classification.conftest import BYSTANDER, OWNER, RECEIVER, Secret, SecretOffice
from tests.conftest import wait_until

LOOKERS = (
    ("registrar", OWNER), ("officer", OWNER), ("director", OWNER), ("registrar", RECEIVER), ("director", RECEIVER),
    ("secret", BYSTANDER), ("site-admin", ""), ("auditor", ""),
)  # fmt: skip
BOOK = "/agencies/district-dusit/@register-book?book=secret-send&b_size=1000"
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
    "/registers?book=send", "/registers?book=receive", "/circulars", "/circulars?issuer={agency}", "/notices",
    "/@notices?b_size=1000", "/@sent?b_size=1000", "/@dashboard",
    "/signing", "/signing?tab=pending", "/signing?tab=signed&secret=1", "/@waiting?b_size=1000",
    "/@waiting?list=pending&b_size=1000", "/@waiting?list=signed&b_size=1000",
    "/search?SearchableText={word}",
    "/@@search?SearchableText={word}",
    "/livesearch_reply?q={word}", "/@@ajax-search?SearchableText={word}", "/sitemap", "/sitemap.xml.gz", "/RSS", "/rss.xml",
    "/atom.xml", "/search_rss?SearchableText={word}", "/@@getVocabulary?name=plone.app.vocabularies.Catalog&query={word}",
    "/@vocabularies/plone.app.vocabularies.Catalog?title={word}", "/recently_modified", "/@@dashboard", "/full_review_list",
    "/portal_catalog/manage_catalogView", "/portal_catalog/manage_catalogIndexes", "/error_log/manage_main",
    "/@suggest?text={word}", "/@suggest?text=zqmark", "/secret-desk", "/secret-letters", "/secret-letters?tab=numbered",
    "/registers?book=secret-receive", "/registers?book=secret-send", "/registers?book=secret-control",
    "/register-export?book=secret-receive&format=csv", "/register-export?book=secret-send&unit={agency}",
    "/register-print?book=secret-control&unit={agency}", "/desk-print?secret=1", "/desk?show={key}", "/desk?made={key}",
    "/secret-desk?show={key}", "/desk-print?keys={key}", "/receive?made={key}", "/compose?kind=internal", "/front",
    "/not-there-{word}x", "/agencies/{agency}/@number-report?b_size=1000", "/agencies/{agency}/@number-report?series=secret",
    "/agencies/{agency}/@@numbers", "/agencies/{agency}/@register-book?book=deliveries&b_size=1000",
    "/agencies/{agency}/@reports?secret=1", "/reports?agency={agency}", "/@exports", "/@find?number={word}",
    "/@find?secrecy=confidential&facets=kind,secrecy", "/@find?unit={agency}&b_size=1000", "/agencies/{agency}/@secret-letters",
)  # fmt: skip


@pytest.fixture(scope="module")
def letters(office: SecretOffice) -> list[Secret]:
    """One of each level and state, and one that was normal until a moment ago."""
    made = [office.draft("confidential"), office.sent("confidential"), office.registered("secret")]
    receiver = office.user("secret", RECEIVER)
    data = {"users": [f"secret.{RECEIVER}"], "instruction": made[2].word}
    assert receiver.post(f"{made[2].delivery}/@assign", json=data).status_code == 200
    return [*made, raised(office, "Letter"), circular(office), raised(office, "Circular"), *in_signing(office)]


def in_signing(office: SecretOffice) -> list[Secret]:
    """One that waits for somebody who is cleared no more, and one that was raised while it waited for the director."""
    letter = office.draft("confidential")
    clearance = office.clear("chief", "confidential", OWNER)
    submitted = office.user("secret").post(f"{letter.url}/@submit", json={"signers": [f"chief.{OWNER}"]})
    assert submitted.status_code == 200, submitted.text
    office.end(clearance, OWNER)
    word, registrar = f"zqmark{secrets.token_hex(6)}", office.user("registrar")
    fields = {**office.fields(word), "secrecy": "normal", "secrecy_reason": ""}
    made = registrar.post(f"/agencies/{OWNER}/letters", json=fields).json()
    for note in (word, ""):  # sent back once
        people = {"signers": [f"director.{OWNER}"], "approvers": [f"officer.{OWNER}"]}
        assert registrar.post(f"{made['@id']}/@submit", json=people).status_code == 200
        assert office.user("officer").post(f"{made['@id']}/@sign", json={"method": "click"}).status_code == 200
        if note:
            assert office.user("director").post(f"{made['@id']}/@send-back", json={"note": note}).status_code == 200
    reason = {"secrecy": "confidential", "reason": word}
    assert registrar.post(f"{made['@id']}/@classify", json=reason).status_code == 200
    indexed = "SELECT 1 FROM search_letter WHERE uid = ?"
    wait_until(lambda: not office.ask(indexed, made["UID"]), 60, "for the index")
    return [letter, Secret(word, made["@id"], made["UID"], "", "")]


def circular(office: SecretOffice) -> Secret:
    """A circular above normal whose readers were reminded of it."""
    made = office.registered("confidential", circular=True)
    assert office.user("secret").post(f"{made.url}/@remind", json={"to": "persons"}).json()["reminded"] == 1
    return made


def raised(office: SecretOffice, kind: str) -> Secret:
    """A letter that went its ordinary way and was found, and is secret since a moment ago."""
    word, registrar = f"zqmark{secrets.token_hex(6)}", office.user("registrar")
    fields = {**office.fields(word), "@type": kind, "secrecy": "normal", "secrecy_reason": ""}
    if kind == "Circular":
        del fields["kind"]
    made = registrar.post(f"/agencies/{OWNER}/{kind.lower()}s", json=fields).json()
    letter = Secret(word, made["@id"], made["UID"], "", "")
    sent = registrar.post(f"{letter.url}/@dispatch", json={"recipients": [RECEIVER]}).json()["deliveries"]
    letter.deliveries = [one["@id"] for one in sent]
    assert office.user("registrar", RECEIVER).post(f"{letter.delivery}/@register", json={}).status_code == 200
    if kind == "Circular":  # all staff may read it, are reminded of it, and one has acknowledged it
        assert office.user("officer", RECEIVER).post(f"{letter.url}/@acknowledge", json={}).status_code == 204
        assert registrar.post(f"{letter.url}/@remind", json={"to": "persons"}).json()["reminded"] > 3
    indexed = "SELECT 1 FROM search_letter WHERE uid = ?"
    wait_until(lambda: office.ask(indexed, letter.uid), 60, "for the index")
    reason = {"secrecy": "confidential", "reason": word}
    assert registrar.post(f"{letter.url}/@classify", json=reason).status_code == 200
    wait_until(lambda: not office.ask(indexed, letter.uid), 60, "for the index")
    return letter


@pytest.fixture(scope="module")
def names(registry: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    """Views and services of Zope, Plone and us, by kind of object."""
    return registry["all"]


@pytest.fixture(scope="module")
def ours(registry: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    """Those of our rooms."""
    return registry["ours"]


def test_the_sweep_knows_every_kind_of_object(registry: dict[str, dict[str, list[str]]]) -> None:
    assert registry["uncovered"] == {"": []}
    assert not {kind for kind, found in registry["ours"].items() if not found} - {"folder"}


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
    for address in (letters[0].url, f"{letters[0].url}/@movement", BOOK):
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


AROUND = {
    "site": "",
    "agencies": "/agencies",
    "agency": f"/agencies/{OWNER}",
    "unit": f"/agencies/{OWNER}/general",
    "letters": f"/agencies/{OWNER}/letters",
    "circulars": f"/agencies/{OWNER}/circulars",
    "deliveries": f"/agencies/{RECEIVER}/deliveries",
}


LIKE_OTHERS = ("unit", "circulars")
"""Kinds that have Plone's views from where the others have them: of these a tenth is looked at."""


@pytest.mark.parametrize("kind", AROUND)
def test_every_view_around_the_letters(
    office: SecretOffice, letters: list[Secret], names: dict[str, list[str]], kind: str
) -> None:
    chosen = names[kind][::10] if kind in LIKE_OTHERS else names[kind]
    statuses = sweep(office, letters, AROUND[kind], chosen, ("site-admin", ""))
    assert len(statuses) > (10 if kind in LIKE_OTHERS else 50)


@pytest.mark.parametrize("user", [("registrar", OWNER), ("director", RECEIVER), ("secret", BYSTANDER), ("site-admin", "")])
def test_every_view_of_ours_around_the_letters(
    office: SecretOffice, letters: list[Secret], ours: dict[str, list[str]], user: tuple[str, str]
) -> None:
    for kind, base in AROUND.items():
        sweep(office, letters, base, ours[kind], user)


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
    letter, circular = letters[2], letters[4]
    for kind, base in (
        ("letter", letter.url),
        ("attachment", letter.attachment),
        ("delivery", letter.delivery),
        ("circular", circular.url),
    ):
        chosen = names[kind] if all_of_it else names[kind][::15]
        assert set(sweep(office, [letter, circular], base, chosen, user)) == {404}, (user, kind)
        for name in ZMI if all_of_it else ZMI[:3]:
            answer = looked(office, user, f"{base}/{name.format(word=letter.word)}")
            assert answer.status_code == 404, (user, kind, name)


VERBS = ("POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")


@pytest.mark.parametrize("user", LOOKERS)
def test_every_verb_of_the_letters_themselves(
    office: SecretOffice, letters: list[Secret], ours: dict[str, list[str]], user: Any
) -> None:
    letter, circular, tried = letters[2], letters[4], 0
    for kind, base in (
        ("letter", letter.url),
        ("attachment", letter.attachment),
        ("delivery", letter.delivery),
        ("circular", circular.url),
    ):
        for name in ours[kind]:
            method, _type, service = name.partition("_application_json_")
            if method in VERBS:
                answer = looked(
                    office, user, f"{base}/{service}", method=method, headers={"Accept": "application/json"}, json={}
                )
                assert answer.status_code == 404, (user, kind, name)
                tried += 1
            elif "_application_" not in name:
                answer = looked(office, user, f"{base}/@@{name}", method="POST", data={"verb": "register", "reason": "x"})
                assert answer.status_code == 404, (user, kind, name)
    assert tried > 20


@pytest.mark.parametrize("user", LOOKERS)
def test_lists_searches_feeds_and_errors(office: SecretOffice, letters: list[Secret], user: Any) -> None:
    for address in ASKED:
        for letter in letters:
            key = letter.deliveries[0].rpartition("/")[2] if letter.deliveries else ""
            asked = address.format(word=letter.word, agency=user[1] or OWNER, key=key)
            headers = {"Accept": "application/json"} if "/@" in address and "/@@" not in address else {"Accept": "text/html"}
            answer = looked(office, user, asked, headers=headers)
            assert_silent(answer, letters, (user, asked), asked=asked)
            if "{word}" not in address and "{key}" not in address:
                break


def test_the_management_interface_lists_nothing(office: SecretOffice, letters: list[Secret]) -> None:
    parts = [one.url.rpartition("/")[0] for one in (letters[0], letters[4])]
    years = [part.rpartition("/")[0] for part in parts]
    agency = f"/agencies/{OWNER}"
    for base in ("", "/agencies", agency, f"{agency}/letters", f"{agency}/circulars", *years, *parts):
        for name in ZMI:
            asked = f"{base}/{name.format(word=letters[0].word)}"
            answer = looked(office, ("site-admin", ""), asked)
            assert_silent(answer, letters, asked, asked=asked)


@pytest.mark.parametrize("depth", ["0", "1", "infinity"])
@pytest.mark.parametrize("user", [("site-admin", ""), ("registrar", OWNER)])
def test_webdav(office: SecretOffice, letters: list[Secret], user: tuple[str, str], depth: str) -> None:
    parts = [one.url.rpartition("/")[0] for one in (letters[0], letters[4])]
    years = [part.rpartition("/")[0] for part in parts]
    agency, themselves = f"/agencies/{OWNER}", (*letters[2].addresses, letters[4].url)
    for address in ("", "/agencies", agency, f"{agency}/letters", f"{agency}/circulars", *years, *parts, *themselves):
        answer = looked(office, user, address or "/", method="PROPFIND", headers={"Depth": depth})
        assert_silent(answer, letters, (user, address, depth), asked=address)
        if address in (*parts, *themselves):
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
