"""Our types write the outbox, not the catalog; the indexer brings the catalog to what the objects are (issue: part 4)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import ZODB
from OFS.Application import Application
from OFS.Folder import Folder
from OFS.SimpleItem import SimpleItem
from plone.indexer.interfaces import IIndexableObject
from Products.PluginIndexes.FieldIndex.FieldIndex import FieldIndex
from Products.ZCatalog.ZCatalog import ZCatalog
from sqlalchemy import delete, select
from ZODB.Connection import Connection
from ZODB.POSException import ConflictError
from zope.interface import implementedBy

from saraban.admin.worker import BURST, BURST_PAUSE_SECONDS, PAUSE_SECONDS, Worker
from saraban.ledger import indexer, outbox
from saraban.ledger.connection import alone, reader
from saraban.ledger.deferred import DeferredIndexing, IDeferred, NotIndexed, QuietContainer, RandomName
from saraban.ledger.indexable import NOT_OURS, Indexable, Places
from saraban.ledger.indexer import index_all, index_once
from saraban.ledger.tables import OutboxRow


class Modified:
    """What Dexterity does behind the mixins."""

    modified = 0

    def notifyModified(self) -> None:  # noqa: N802
        self.modified += 1


class Letter(DeferredIndexing, Modified, SimpleItem):
    """A letter, as far as the catalog is concerned."""

    catalog_indexes = ("title",)
    broken = False

    def __init__(self, name: str, title: str) -> None:
        self.id, self._title = name, title

    def title(self) -> str:
        if self.broken:
            raise ValueError("a field that cannot be read")
        return self._title


class Attachment(NotIndexed, Modified, SimpleItem):
    """Never in the catalog."""

    def __init__(self, name: str) -> None:
        self.id = name


class Year(QuietContainer, DeferredIndexing, Modified, Folder):
    """A folder of letters."""

    def __init__(self, name: str) -> None:
        self.id = name

    def _setObject(self, name: str, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N802
        return super()._setObject(name, obj, *args, **kwargs)


@pytest.fixture
def site(database: ZODB.DB, open_jar: Callable[[], Connection]) -> Iterator[Any]:
    """A site with a catalog of one index; no Plone."""
    jar = open_jar()
    app = jar.root()["Application"] = Application()
    app._setObject("site", Folder("site"))
    app.site._setObject("portal_catalog", ZCatalog("portal_catalog"))
    app.site.portal_catalog.addIndex("title", FieldIndex("title"))
    app.site.portal_catalog.addIndex("other", FieldIndex("other"))
    for name in ("one", "two", "three"):
        app.site._setObject(name, Letter(name, f"เรื่อง {name}"))
    jar.transaction_manager.commit()
    with alone(jar) as session:
        session.execute(delete(OutboxRow))
    yield app.site
    jar.transaction_manager.abort()
    with alone(jar) as session:
        session.execute(delete(OutboxRow))


def rows(site: Any) -> list[tuple[str, str]]:
    with reader(site) as session:
        query = select(OutboxRow.operation, OutboxRow.subject).order_by(OutboxRow.id)
        return [(operation, subject) for operation, subject in session.execute(query)]


def catalog(site: Any) -> set[str]:
    site._p_jar.transaction_manager.begin()
    return set(site.portal_catalog._catalog.uids)


def commit(site: Any) -> None:
    site._p_jar.transaction_manager.commit()


def test_object_is_indexed_after_the_commit(site: Any) -> None:
    site.one.indexObject()
    commit(site)
    assert catalog(site) == set()
    assert index_once(site) == 1
    assert catalog(site) == {"/site/one"}
    assert [brain.getPath() for brain in site.portal_catalog(title="เรื่อง one")] == ["/site/one"]
    assert rows(site) == []
    assert index_once(site) == 0


def test_the_worker_waits_longer_within_a_burst(site: Any) -> None:
    worker = Worker(site, threading.Event())
    worker.indexing = True
    for number in range(BURST):
        site._setObject(f"burst-{number}", Letter(f"burst-{number}", f"เรื่อง {number}"))
        site[f"burst-{number}"].indexObject()
    commit(site)
    assert (worker.index(), worker.pause) == (BURST, BURST_PAUSE_SECONDS)
    site.one.indexObject()
    commit(site)
    assert (worker.index(), worker.pause) == (1, PAUSE_SECONDS)
    worker.behind = True
    assert worker.pause == 0


def test_the_database_is_free_until_the_commit(site: Any) -> None:
    site.one.indexObject()
    with alone(site) as session:  # refused while this thread's own write is open
        outbox.put(session, outbox.INDEX, "index", "/site/another")
    commit(site)
    assert rows(site) == [("index", "/site/another"), ("index", "/site/one")]


def test_rolled_back_object_leaves_no_row(site: Any) -> None:
    site.one.indexObject()
    site._p_jar.transaction_manager.abort()
    assert rows(site) == []


def test_one_row_for_each_transaction_and_object(site: Any) -> None:
    for _ in range(3):
        site.one.reindexObject()
        site.one.reindexObjectSecurity()
    site.two.reindexObject(idxs=["title"])
    commit(site)
    assert rows(site) == [("index", "/site/one"), ("index", "/site/two")]
    assert (site.one.modified, site.two.modified) == (3, 0)


def test_savepoint_s_rollback_forgets_what_was_queued(site: Any) -> None:
    site.two.reindexObject()
    savepoint = site._p_jar.transaction_manager.savepoint()
    site.one.reindexObject()
    savepoint.rollback()
    site.one.reindexObject()
    commit(site)
    assert rows(site) == [("index", "/site/two"), ("index", "/site/one")]


def test_catalog_follows_what_the_object_is_now(site: Any) -> None:
    site.one.indexObject()
    site.two.indexObject()
    commit(site)
    index_all(site)
    site.one._title = "ใหม่"
    site.one.reindexObject()
    site.two.unindexObject()
    site._delObject("two")
    commit(site)
    assert index_all(site) == 2
    assert catalog(site) == {"/site/one"}
    assert len(site.portal_catalog(title="ใหม่")) == 1


def test_row_of_an_object_that_is_gone_or_acquired_is_harmless(site: Any) -> None:
    site._setObject("year", Folder("year"))
    commit(site)
    with alone(site) as session:
        outbox.put(session, outbox.INDEX, "index", "/site/gone")
        outbox.put(session, outbox.INDEX, "index", "/site/year/one")  # traversal would acquire site/one
    assert index_all(site) == 2
    assert catalog(site) == set()


def test_attachments_are_never_indexed(site: Any) -> None:
    site._setObject("file", Attachment("file"))
    for call in (site.file.indexObject, site.file.reindexObject, site.file.reindexObjectSecurity, site.file.unindexObject):
        call()
    commit(site)
    assert rows(site) == []
    assert site.file.modified == 1


def test_only_the_object_s_own_indexes_are_written(site: Any) -> None:
    site.one.other = "x"
    site.one.indexObject()
    commit(site)
    index_all(site)
    assert len(site.portal_catalog._catalog.indexes["title"]) == 1
    assert len(site.portal_catalog._catalog.indexes["other"]) == 0


def test_broken_object_holds_up_nobody_and_is_shown_in_the_end(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(places: Places, path: str) -> None:
        if path == "/site/two":
            raise ValueError("a field that cannot be read")
        real(places, path)

    real = indexer._write_catalog
    monkeypatch.setattr(indexer, "_write_catalog", explode)
    monkeypatch.setattr(outbox, "FIRST_WAIT", outbox.FIRST_WAIT * 0)
    for name in ("one", "two", "three"):
        site[name].indexObject()
    commit(site)
    assert index_all(site) >= 3
    assert catalog(site) == {"/site/one", "/site/three"}
    with reader(site) as session:
        (failure,) = outbox.failures(session)
    assert (failure.subject, failure.attempts) == ("/site/two", outbox.ATTEMPTS)
    assert "cannot be read" in failure.error


def test_conflict_is_tried_again(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[str] = []

    def conflict_once(site: Any, path: str) -> None:
        attempts.append(path)
        if len(attempts) == 1:
            raise ConflictError
        real(site, path)

    real = indexer._write_catalog
    monkeypatch.setattr(indexer, "_write_catalog", conflict_once)
    site.one.indexObject()
    commit(site)
    assert index_all(site) == 1
    assert (attempts, catalog(site)) == (["/site/one"] * 2, {"/site/one"})


def test_folder_is_not_touched_by_its_children(site: Any) -> None:
    site._setObject("2569", Year("2569"))
    commit(site)
    site["2569"]._quietly(site["2569"].reindexObject)
    assert site["2569"].modified == 0
    site["2569"].reindexObject()
    assert site["2569"].modified == 1
    commit(site)
    assert rows(site) == [("index", "/site/2569")]


def test_names_are_random_and_say_nothing() -> None:
    chooser = RandomName(None)
    names = {chooser.chooseName("เรื่อง", None) for _ in range(100)}
    assert len(names) == 100
    assert all(name.isalnum() and len(name) == 20 for name in names)
    assert chooser.checkName("anything", None)


def test_marker_keeps_our_types_out_of_the_id_trees() -> None:
    import zope.component
    from five.intid.unreferenceable import KeyReferenceNever
    from zope.configuration import xmlconfig
    from zope.keyreference.interfaces import IKeyReference

    import saraban.ledger

    assert implementedBy(Letter).isOrExtends(IDeferred)
    assert implementedBy(Attachment).isOrExtends(IDeferred)
    xmlconfig.file("configure.zcml", saraban.ledger, context=xmlconfig.file("meta.zcml", zope.component))
    assert zope.component.getGlobalSiteManager().adapters.lookup1(implementedBy(Letter), IKeyReference) is KeyReferenceNever


def test_catalog_is_not_told_what_a_place_above_says(site: Any) -> None:
    site.location, site["one"].language = "in the folder above", "th"
    told = Indexable(site["one"], site.portal_catalog, Places(site))
    assert IIndexableObject.providedBy(told)
    assert IDeferred.providedBy(told)
    assert told.language == "th"
    assert not [name for name in NOT_OURS if hasattr(told, name)]


def test_object_is_found_only_where_it_is(site: Any) -> None:
    places = Places(site)
    assert places.object_at("/site/one").getId() == "one"
    assert places.object_at("/site/nothing") is None
    assert places.object_at("/site/one/two") is None  # traversal would acquire it
    assert places.object_at("/site/nothing/two") is None
