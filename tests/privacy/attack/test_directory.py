from __future__ import annotations

import ipaddress

from custody.privacy.attack import directory


def test_rfc_1918_is_there_as_a_whole_and_nothing_else() -> None:
    networks = [ipaddress.IPv4Network(f"{first}.{second}.0.0/16") for first, second in directory.NETWORKS]
    private = [ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    assert [*ipaddress.collapse_addresses(networks)] == private
    assert sum(network.num_addresses for network in networks) == 17_891_328


def test_a_network_gives_each_of_its_addresses_once() -> None:
    found = directory.addresses((172, 31))
    assert len({*found}) == len(found) == 65_536
    assert {ipaddress.ip_network("172.31.0.0/16")} == {
        ipaddress.ip_interface(f"{one}/16").network for one in found[::997] + found[-1:]
    }


def test_names_and_mailboxes_stand_in_the_usual_forms() -> None:
    names = directory.names()
    assert len({*names}) == len(names) > 8_000
    assert {"anna.smith", "asmith", "smith.anna", "root", "annas"} <= {*names}
    boxes = [box for boxes in directory.mailboxes(["corp.example"]) for box in boxes]
    assert {"anna.smith@corp.example", "wei.zhang@gmail.com"} <= {*boxes}
    assert len(boxes) == len(names) * (len(directory.DOMAINS) + 1)
