"""Which addresses may be connected to: public ones, and what the configuration allows.

Knows nothing of HTTP. What is checked is the address that a name resolved to, whatever way the name was written.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]

# IANA's special-purpose registries (RFC 6890 and what amended it), and 168.63.129.16, the inside of Azure's machines.
NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 168.63.129.16/32"
    ).split()
)
# Global unicast is 2000::/3 alone, less protocol assignments with Teredo, documentation, and 6to4, which leads through
# tunnels to whatever IPv4 address it holds.
GLOBAL_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(map(IPv6Network, "2001::/23 2001:db8::/32 2002::/16 3fff::/20".split()))
# NAT64's well-known prefix (RFC 6052): the last 32 bits are the IPv4 address that is reached.
NAT64 = IPv6Network("64:ff9b::/96")
# ISATAP (RFC 5214) holds an IPv4 address behind these 32 bits, under any prefix.
ISATAP = (0x00005EFE, 0x02005EFE)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be connected to though it is not public: host names, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Allowed":
        """From the entries of a configuration: addresses, networks like 10.0.0.0/8, and host names.

        Raises:
            ValueError: An entry looks like a network and is none.
        """
        hosts, networks = set(), []
        for entry in entries:
            if "/" in entry or ":" in entry or entry.replace(".", "").isdecimal():
                networks.append(ip_network(entry))
            else:
                hosts.add(entry.lower())
        return cls(frozenset(hosts), tuple(networks))

    def permits(self, host: str, address: str) -> bool:
        """Whether `address`, which `host` resolved to, may be connected to."""
        found = reached(ip_address(address))
        return host.lower() in self.hosts or is_public(found) or any(found in network for network in self.networks)


def reached(address: Address) -> Address:
    """The IPv4 address where an IPv6 address is only its mapping or translation, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address


def is_public(address: Address) -> bool:
    """Whether anybody's machine on the internet may have this address."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    if address not in GLOBAL_6 or (int(address) >> 32) & 0xFFFFFFFF in ISATAP:
        return False
    return not any(address in network for network in NOT_PUBLIC_6)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, each once.

    Raises:
        OSError: It has none.
        UnicodeError: It is no host name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
