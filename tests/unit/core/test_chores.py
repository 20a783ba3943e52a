"""Work that comes round by itself."""

import pytest

from onrecord.core import chores


@pytest.fixture(autouse=True)
def none_but_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "_rounds", {})
    monkeypatch.setattr(chores, "close_old_connections", lambda: None)


def test_a_chore_runs_at_once_and_then_every_so_often() -> None:
    ran: list[str] = []
    chores.register_chore("sweep", lambda: ran.append("sweep"), every_seconds=60)
    assert chores.chores_run_due(now=100.0) == ["sweep"]
    assert chores.chores_run_due(now=159.9) == []
    assert chores.chores_run_due(now=160.0) == ["sweep"]
    assert ran == ["sweep", "sweep"]


def test_one_that_fails_is_told_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    ran: list[str] = []
    chores.register_chore("fail", fail, every_seconds=60)
    chores.register_chore("sweep", lambda: ran.append("sweep"), every_seconds=60)
    assert chores.chores_run_due(now=0.0) == ["fail", "sweep"]
    assert "chore-failed fail" in caplog.text
    assert ran == ["sweep"]
    assert chores.chores_run_due(now=60.0) == ["fail", "sweep"]
