"""Where an index stands, and how a new one takes the place of another.

On one node that is a core, and two cores are swapped. In a cluster it is a collection with an alias before it, and the alias
is moved: the name by which everybody asks is the same in both.
"""

from __future__ import annotations

import io
import os
import secrets
import time
import zipfile
from pathlib import Path

from saraban.search.client import Solr

CONFIG_SET = "saraban"
SHARDS, REPLICAS = 2, 2
"""Of a cluster's collection; SARABAN_SOLR_SHARDS and SARABAN_SOLR_REPLICAS say otherwise."""


def is_cluster(engine: Solr) -> bool:
    """Whether it is a SolrCloud."""
    return engine.request("GET", "admin/info/system", params={"wt": "json"}).get("mode") == "solrcloud"


def stands(engine: Solr) -> bool:
    """Whether there is an index of this name."""
    if is_cluster(engine):
        return engine.core in _aliases(engine)
    return bool(engine.cores("STATUS", core=engine.core)["status"].get(engine.core))


def make(engine: Solr) -> None:
    """An empty index of this name."""
    if not is_cluster(engine):
        # A folder of its own: the name's may be that of the index that took this one's place at the last rebuild, and Solr,
        # asked for a core where one lies, refuses and takes the other's description away: gone at the next start.
        engine.cores("CREATE", name=engine.core, configSet=CONFIG_SET, instanceDir=f"{engine.core}_{secrets.token_hex(6)}")
        return
    _teach(engine)
    collection = f"{engine.core}_{time.strftime('%Y%m%d%H%M%S')}"
    engine.administer(
        "collections",
        "CREATE",
        name=collection,
        numShards=os.environ.get("SARABAN_SOLR_SHARDS") or str(SHARDS),
        replicationFactor=os.environ.get("SARABAN_SOLR_REPLICAS") or str(REPLICAS),
        **{"collection.configName": CONFIG_SET},
    )
    engine.administer("collections", "CREATEALIAS", name=engine.core, collections=collection)


def take_the_place(new: Solr, old: Solr) -> None:
    """The new index is asked under the old one's name from now on; the old one is gone, if there was one."""
    if not is_cluster(old):
        old.cores("SWAP", core=old.core, other=new.core)
        new.cores("UNLOAD", core=new.core, deleteInstanceDir="true")
        return
    aliases = _aliases(old)
    old.administer("collections", "CREATEALIAS", name=old.core, collections=aliases[new.core])
    new.administer("collections", "DELETEALIAS", name=new.core)
    if old.core in aliases:
        old.administer("collections", "DELETE", name=aliases[old.core])


def _aliases(engine: Solr) -> dict[str, str]:
    found: dict[str, str] = engine.administer("collections", "LISTALIASES").get("aliases", {})
    return found


def _teach(engine: Solr) -> None:
    """Brings our config set to the cluster, in the state of this checkout."""
    home = Path(os.environ["SARABAN_HOME"], "instance", "solr", "home", "configsets", CONFIG_SET, "conf")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(home.iterdir()):
            archive.write(file, file.name)
    engine.request(
        "POST",
        "admin/configs",
        params={"action": "UPLOAD", "name": CONFIG_SET, "overwrite": "true", "cleanup": "true", "wt": "json"},
        data=packed.getvalue(),
        headers={"Content-Type": "application/octet-stream"},
        timeout=60.0,
    )
