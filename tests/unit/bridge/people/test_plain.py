"""What is read without the libraries is exactly what they would have read."""

import random

import pytest

from bridge.people import contacts
from bridge.people.plain import contact_of


def library(kind: str, text: str) -> str | None:
    return contacts.email_of(text) if kind == "email" else contacts.phone_of(text)


@pytest.mark.parametrize("tail", ["000000", "999999"])
def test_every_mobile_code_is_read_as_the_library_reads_it(tail: str) -> None:
    for code in range(1000):
        text = f"+79{code:03d}{tail}"
        found = contact_of("phone", text)
        assert (found.value if found else None) == library("phone", text), text


def test_addresses_are_read_as_the_library_reads_them() -> None:
    pick = random.Random(7)
    letters = "abcz09._+-@АяÅ '\"" + "".join(chr(pick.randrange(33, 127)) for _ in range(20))
    domains = (
        "shop.ru",
        "mail.example",
        "a.b",
        "x.test",
        "localhost",
        "пример.рф",
        "xn--e1afmkfd.xn--p1ai",
        "a..ru",
        "-a.ru",
    )
    longest = "a" * 64 + "@shop.ru"
    texts = ["anna@shop.ru", "Anna@Shop.RU", "a.b+c_d-e@shop.ru", "a..b@shop.ru", ".a@shop.ru", longest, f"a{longest}"]
    texts += [
        f"{''.join(pick.choices('abc019.+_-', k=pick.randrange(1, 9)))}@{pick.choice(domains)}" for _ in range(300)
    ]
    texts += ["".join(pick.choices(letters, k=pick.randrange(1, 20))) + "@" + pick.choice(domains) for _ in range(300)]
    read = [contact_of("email", text) for text in texts]
    assert [found.value if found else None for found in read] == [library("email", text) for text in texts]
    assert sum(found is not None for found in read) > 100
