"""What is particular to the address of a MongoDB store: what it may say, and that its password stands nowhere."""

import logging

import pytest

from configs.masking import mask_address
from storage.connect import documents_of, files_of
from storage.documents import Unavailable
from storage.mongo import MongoDocuments
from storage.mongo.connection import DEFAULTS, Connection, _client
from storage.schema import META

SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"mongodb://u:{SECRET}/x@h/db", "%40"),
        (f"mongodb://u:{SECRET}@x@h/db", "%40"),
        (f"mongodb+srv://u:{SECRET}@x@h/db?tls=true", "%40"),
        (f"mongodb://u:{SECRET}@h:99999/db", "port"),
        (f"mongodb://u:{SECRET}@h:port/db", "port"),
        (f"mongodb://u:{SECRET}@/db", "host"),
        (f"mongodb://u:{SECRET}@h/a.b", "no dot"),
        (f"mongodb://u:{SECRET}@h/db?passwort={SECRET}", "passwort"),
        (f"mongodb://u:{SECRET}@h/db?tls={SECRET}", "option"),
    ],
)
def test_a_bad_address_is_refused_in_words_without_its_password(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"store\.url") as caught:
        documents_of(url)
    assert words in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    "url", ["mongodb://h", "mongodb://h/db", "mongodb://a:1,b:2/?replicaSet=r", "mongodb+srv://h/db"]
)
def test_an_address_names_a_store_without_a_server_being_asked(url: str) -> None:
    assert isinstance(documents_of(url), MongoDocuments)


def test_where_it_is_stands_in_errors_and_who_may_does_not() -> None:
    where = Connection(f"mongodb://user:{SECRET}@one:1,two:2/shop?authSource=admin").where
    assert where == "mongodb://one:1,two:2/shop"


async def test_durability_is_not_the_address_s_to_choose_but_patience_is() -> None:
    client = _client("mongodb://h/?w=0&journal=false&readPreference=secondary&timeoutMS=700&maxPoolSize=7")
    assert client.write_concern.document == {"w": "majority", "j": True}
    assert client.read_preference.name == "Primary"
    assert client.options.timeout == 0.7
    assert client.options.pool_options.max_pool_size == 7
    assert client.options.server_selection_timeout == DEFAULTS["serverSelectionTimeoutMS"] / 1000
    await client.close()


@pytest.mark.usefixtures("absent_server")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_a_server_that_is_not_there_is_unavailable_and_no_password_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"mongodb://user:{SECRET}@127.0.0.1:1/shop?serverSelectionTimeoutMS=200"
    store = documents_of(url)
    with pytest.raises(Unavailable, match=r"mongodb://127\.0\.0\.1:1/shop: the server does not answer") as caught:
        await store.open([META])
    assert "Topology" not in str(caught.value)
    for text in (str(caught.value), caplog.text, repr(store), mask_address(url)):
        assert SECRET not in text
    with pytest.raises(Unavailable, match="closed"):
        await store.get(META, "x")


def test_its_files_stand_in_the_database_unless_a_folder_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    store = documents_of("mongodb://h/db")
    assert type(files_of("mongodb://h/db", 1, None, store)).__name__ == "GridFiles"
    assert type(files_of("mongodb://h/db", 1, tmp_path, store)).__name__ == "DiskFiles"
    with pytest.raises(ValueError, match="folder"):
        files_of("mongodb://h/db", 1)
