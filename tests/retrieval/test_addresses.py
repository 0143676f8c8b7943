"""Which addresses may be connected to."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.addresses import Allowed, is_public, reached

PRIVATE = """
0.0.0.0 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.192 192.0.2.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255
168.63.129.16 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1
64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1
fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2a00:1450::200:5efe:7f00:1 2a00:1450::5efe:a00:1
""".split()
PUBLIC = "8.8.8.8 1.1.1.1 93.184.216.34 172.32.0.1 192.1.0.1 100.128.0.1 2a00:1450:4001::1 64:ff9b::808:808".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str) -> None:
    """Private, local, shared, reserved, metadata and tunnelled addresses are refused, however they are written."""
    assert not Allowed().permits("host.example", address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_that_are_public(address: str) -> None:
    """Everybody's addresses are not."""
    assert Allowed().permits("host.example", address)


@pytest.mark.parametrize(
    ("entry", "host", "address"),
    [
        ("127.0.0.1", "a.example", "127.0.0.1"),
        ("127.0.0.0/8", "a.example", "::ffff:127.9.9.9"),
        ("fd00::/8", "a.example", "fd12::1"),
        ("10.1.0.0/16", "a.example", "64:ff9b::a01:1"),
        ("Intranet.Example", "intranet.example", "10.9.9.9"),
    ],
)
def test_what_the_configuration_allows(entry: str, host: str, address: str) -> None:
    """By address, by network, by name; for no other host or address."""
    assert Allowed.of([entry]).permits(host, address)
    assert not Allowed.of([entry]).permits("other.example", "192.168.7.7")


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "10.0.0.1/8", "1.2.3.4.5", "::g"])
def test_entries_that_are_no_networks(entry: str) -> None:
    """What looks like a network must be one."""
    with pytest.raises(ValueError, match=r"IPv|host bits"):
        Allowed.of([entry])


@given(st.ip_addresses(v=4))
def test_an_address_is_public_in_every_form_or_in_none(address: object) -> None:
    """Mapping and translating an IPv4 address changes nothing."""
    plain = ip_address(str(address))
    for form in (f"::ffff:{plain}", f"64:ff9b::{plain}"):
        assert is_public(reached(ip_address(form))) == is_public(plain)
