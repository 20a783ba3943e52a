"""Whose message counts as whose, without keeping who."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onrecord.readers import sender_keys as sender_keys_module
from onrecord.readers.models import Comment, SenderBan, SenderKey
from onrecord.readers.sender_keys import sender_keys_drop
from onrecord.readers.senders import Sender, SenderBanned, address_network, ban_check, client_address
from tests import factories

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.7:5123", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
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


@pytest.fixture
def no_keys(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_keys_module, "_kept", None)


@pytest.mark.usefixtures("no_keys")
def test_the_hash_is_the_same_for_a_day_and_for_a_network() -> None:
    sender = Sender.of("2001:db8:1:2::9", NOON)
    assert sender == Sender.of("2001:db8:1:3::a", NOON + timedelta(hours=3))
    assert sender.today != Sender.of("2001:db8:2:3::9", NOON).today
    tomorrow = Sender.of("2001:db8:1:2::9", NOON + timedelta(days=1))
    assert sender.today == tomorrow.yesterday
    assert sender.today != tomorrow.today
    assert tomorrow.recent == [tomorrow.today, sender.today]
    assert "2001" not in sender.today
    assert (sender.yesterday, sender.recent) == ("", [sender.today])


@pytest.mark.usefixtures("no_keys")
def test_a_hash_is_known_again_as_long_as_its_key_is_kept(settings: Any) -> None:
    settings.SENDER_KEYS_DAYS = 3
    first = Sender.of("192.0.2.7", NOON).today

    def known(days: int) -> bool:
        return first in [one for _, one in Sender.of("192.0.2.8", NOON + timedelta(days=days)).hashes]

    assert [known(days) for days in (0, 1, 2, 3)] == [True, True, True, False]


@pytest.mark.usefixtures("no_keys")
def test_keys_are_dropped_with_the_hashes_and_bans_that_rest_on_them(settings: Any) -> None:
    settings.SENDER_KEYS_DAYS = 2
    story = factories.story("The bus left.", publish=True)
    sender = Sender.of("192.0.2.7", NOON)
    Comment.objects.create(story=story, name="Ann", text="Hm.", created_at=NOON, sender=sender.today)
    SenderBan.objects.create(sender=sender.today, day=NOON.date(), created_at=NOON)
    later = Sender.of("192.0.2.7", NOON + timedelta(days=1))
    assert sender_keys_drop(NOON + timedelta(days=1)) == 0
    with pytest.raises(SenderBanned):
        ban_check(later)
    assert sender_keys_drop(NOON + timedelta(days=2)) == 1
    assert Comment.objects.get().sender == ""
    assert not SenderBan.objects.exists()
    ban_check(Sender.of("192.0.2.7", NOON + timedelta(days=2)))
    assert [key.day.day for key in SenderKey.objects.order_by("day")] == [5, 6]


@pytest.mark.usefixtures("no_keys")
def test_at_least_two_days_of_keys_are_kept(settings: Any) -> None:
    settings.SENDER_KEYS_DAYS = 0
    Sender.of("192.0.2.7", NOON)
    assert Sender.of("192.0.2.7", NOON + timedelta(days=1)).yesterday
