"""Whose message counts as whose, without keeping who."""

from datetime import UTC, datetime, timedelta

import pytest

from onrecord.readers.senders import Sender, address_network, client_address

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:5123", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_address_network(address: str, network: str) -> None:
    assert address_network(address) == network


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        pytest.param("198.51.100.9", 0, "192.0.2.1", id="nobody is trusted"),
        pytest.param("198.51.100.9", 1, "198.51.100.9", id="one proxy"),
        pytest.param("10.9.9.9, 198.51.100.9", 1, "198.51.100.9", id="what the client claims is left out"),
        pytest.param("10.9.9.9, 198.51.100.9, 203.0.113.2", 2, "198.51.100.9", id="two proxies"),
        pytest.param("198.51.100.9", 2, "192.0.2.1", id="fewer than there should be"),
        pytest.param("", 1, "192.0.2.1", id="no header"),
    ],
)
def test_client_address(forwarded: str, proxies: int, address: str) -> None:
    environment = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(environment, proxies) == address


def test_the_hash_is_the_same_for_a_day_and_for_a_network() -> None:
    sender = Sender.of("2001:db8:1:2::9", NOON)
    assert sender == Sender.of("2001:db8:1:2::a", NOON + timedelta(hours=3))
    assert sender.today != Sender.of("2001:db8:1:3::9", NOON).today
    assert sender.today == Sender.of("2001:db8:1:2::9", NOON + timedelta(days=1)).yesterday
    assert "2001" not in sender.today
