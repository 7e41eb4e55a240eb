"""Who may come in: passwords, the users file, a proxy's word, tokens, and how often one may try."""

from __future__ import annotations

import base64
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from app.domain.errors import UserFixable
from app.domain.people import NotAllowed, Person, Right, Role, local_person
from app.identity.attempts import TooMany
from app.identity.passwords import hashed, is_hash, matches
from app.identity.people import TRIES, LoginRefused, People, Proxy
from app.identity.tokens import Tokens
from app.identity.users import UsersFile

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
KEY = b"k" * 64
PASSWORD = "correct horse battery"


class Clock:
    """A clock that a test sets."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> UsersFile:
    """A users file with a marketer, an approver, and somebody without a password."""
    users = UsersFile(tmp_path / "users.yaml")
    users.add("Ann", frozenset({Role.MARKETER}), PASSWORD)
    users.add("bea", frozenset({Role.MARKETER, Role.APPROVER}), PASSWORD)
    users.add("cy@example.com", frozenset({Role.AUDITOR}), None)
    return users


@pytest.fixture
def clock() -> Clock:
    """A clock at noon."""
    return Clock()


@pytest.fixture
def people(file: UsersFile, clock: Clock) -> People:
    """The users of the file, by password."""
    return People(users=file, proxy=None, tokens=Tokens(KEY, 30, clock))


def test_a_hash_tells_right_from_wrong_and_never_repeats() -> None:
    first, second = hashed(PASSWORD), hashed(PASSWORD)
    assert first != second and PASSWORD not in first
    assert matches(PASSWORD, first) and not matches(PASSWORD + "x", first)
    assert is_hash(first) and not is_hash(PASSWORD) and not is_hash(first.replace("$8$", "$80$", 1))
    with pytest.raises(UserFixable, match="characters"):
        hashed("short")


def test_the_users_file_is_for_its_owner_only_and_read_again(file: UsersFile, people: People, tmp_path: Path) -> None:
    path = tmp_path / "users.yaml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text()
    token = people.token_for(people.log_in("ann", PASSWORD, "a"))
    UsersFile(path).remove("Ann")
    with pytest.raises(LoginRefused):
        people.from_token(token)
    with pytest.raises(LoginRefused):
        people.log_in("Ann", PASSWORD, "a")


@pytest.mark.parametrize(
    "text",
    ["users: [ann]", "users:\n  ann: {roles: [boss]}", "users:\n  ann: {roles: []}", "{", "people: {}",
     "users:\n  ann: {roles: [admin], password: plain}", "users:\n  ann: {roles: [admin]}\n  ANN: {roles: [admin]}",
     "users:\n  'a b': {roles: [admin]}"],
)  # fmt: skip
def test_a_wrong_users_file_lets_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / "users.yaml").write_text(text)
    with pytest.raises(UserFixable):
        UsersFile(tmp_path / "users.yaml").find("ann")


@pytest.mark.parametrize("name,password", [("ann", "wrong"), ("nobody", PASSWORD), ("cy@example.com", ""), ("", "")])
def test_a_wrong_login_does_not_say_what_was_wrong(people: People, name: str, password: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        people.log_in(name, password, "a")
    assert name not in str(refused.value) or not name


def test_names_are_known_whatever_their_case(people: People) -> None:
    assert people.log_in("ANN", PASSWORD, "a").name == "Ann"


def test_tries_are_counted_by_name_and_address_and_a_right_one_starts_again(people: People) -> None:
    for _ in range(TRIES - 1):
        with pytest.raises(LoginRefused):
            people.log_in("ann", "wrong", "a")
    people.log_in("ann", PASSWORD, "a")
    for _ in range(TRIES):
        with pytest.raises(LoginRefused):
            people.log_in("ann", "wrong", "a")
    with pytest.raises(TooMany) as many:
        people.log_in("ann", PASSWORD, "a")
    assert 0 < many.value.retry_after <= 15 * 60
    assert people.log_in("ann", PASSWORD, "b").name == "Ann"  # somebody else cannot lock Ann out


def test_an_address_that_tries_many_names_is_stopped(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.identity.people.matches", lambda *_: False)
    for number in range(30):
        with pytest.raises(LoginRefused):
            people.log_in(f"name{number}", "wrong", "a")
    with pytest.raises(TooMany):
        people.log_in("ann", PASSWORD, "a")


def forged(claims: dict[str, Any], *, key: bytes = KEY, algorithm: str = "HS256", **changed: Any) -> str:
    """A token with our claims and these changes, signed as the test says."""
    return jwt.encode(claims | changed, key, algorithm=algorithm)


def unsigned(claims: dict[str, Any]) -> str:
    """A token of the algorithm ``none``."""
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts) + "."


def test_a_token_names_the_person_for_a_while(people: People, clock: Clock) -> None:
    token = people.token_for(people.log_in("bea", PASSWORD, "a"))
    assert people.from_token(token) == Person("bea", frozenset({Role.MARKETER, Role.APPROVER}))
    clock.now += timedelta(minutes=29)
    people.from_token(token)
    clock.now += timedelta(minutes=2)
    with pytest.raises(LoginRefused):
        people.from_token(token)


def test_forged_tokens_are_refused(people: People) -> None:
    token = people.token_for(people.log_in("ann", PASSWORD, "a"))
    claims = jwt.decode(token, options={"verify_signature": False})
    good = forged(claims)
    assert people.from_token(good).name == "Ann"  # so the refusals below are for the reason given
    later = NOW.timestamp() + 1e6
    wrong = [
        "", "x", "a.b.c", good[:-2], good + "x", unsigned(claims), forged(claims, key=b"z" * 64),
        forged(claims, algorithm="HS384"), forged(claims, aud="other"), forged(claims, iss="o"),
        forged(claims, exp=NOW.timestamp() - 1), forged(claims, sub="nobody"),
        forged({k: v for k, v in claims.items() if k != "exp"}), forged(claims, roles="admin"),
        forged({"identifier": "Ann", "metadata": {}, "exp": later}),
    ]  # fmt: skip
    for one in wrong:
        with pytest.raises(LoginRefused):
            people.from_token(one)


def test_a_token_gives_no_role_that_the_file_does_not(people: People) -> None:
    claims = jwt.decode(people.token_for(local_person("Ann")), options={"verify_signature": False})
    assert people.from_token(forged(claims)).roles == {Role.MARKETER}


def test_a_proxy_is_believed_at_its_own_address_only(file: UsersFile, clock: Clock) -> None:
    proxy = Proxy("X-Forwarded-User", None, frozenset({"10.0.0.1"}))
    people = People(users=file, proxy=proxy, tokens=Tokens(KEY, 30, clock))
    assert people.from_proxy({"x-forwarded-user": "ann"}, "10.0.0.1").name == "Ann"
    for headers, peer in (
        ({"x-forwarded-user": "ann"}, "10.0.0.2"), ({}, "10.0.0.1"), ({"x-forwarded-user": "nobody"}, "10.0.0.1"),
        ({"x-forwarded-user": "a b\n"}, "10.0.0.1"),
    ):  # fmt: skip
        with pytest.raises(LoginRefused):
            people.from_proxy(headers, peer)


def test_a_proxy_may_name_the_roles(clock: Clock) -> None:
    proxy = Proxy("X-User", "X-Roles", frozenset({"::1"}))
    people = People(users=None, proxy=proxy, tokens=Tokens(KEY, 30, clock))
    said = people.from_proxy({"x-user": "dee", "x-roles": "auditor, emperor"}, "::1")
    assert said == Person("dee", frozenset({Role.AUDITOR}))


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.MARKETER, {Right.WORK, Right.SEE_APPROVALS}),
        (Role.APPROVER, {Right.SEE_APPROVALS, Right.DECIDE, Right.PUBLISH}),
        (Role.AUDITOR, {Right.AUDIT}),
        (Role.ADMIN, set(Right)),
    ],
)
def test_each_role_may_do_its_own(role: Role, rights: set[Right]) -> None:
    person = Person("somebody", frozenset({role}))
    assert {right for right in Right if person.may(right)} == rights
    for right in set(Right) - rights:
        with pytest.raises(NotAllowed, match=right.value):
            person.require(right)
