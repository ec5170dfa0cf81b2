"""The public demo key, and the only sources it is given out for.

It protects nothing: it lets a fresh clone rebuild exactly the dvc.lock that the repository records.
"""

from custody.records.zone import Zone

ZONE = Zone("demo", b"public demo key protects nothing")
SOURCES = frozenset(
    {
        "3b2278bf58b86c46422ca2cc9104ac5e0f67e49cf66408116e9c432a5ea66143",  # access.csv
        "df099b794ba7a904e7ae13e580c3f9809331bb9bc67478a743d15ad32ff8447e",  # alerts.jsonl
        "49c917abb742fa099133f092a3b0c12e8162742254ef71a2a318bfa425036ead",  # auth.log
        "723e1f084d2b23583ef9f612f53c4739ca081c83a4e8548727c95b01c64e5575",  # partner.tsv
    }
)
"""SHA-256 of every source file that the demo ships."""
