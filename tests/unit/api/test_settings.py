"""Settings of the api alone."""

import pytest

from services.api.settings import Settings
from services.common.settings import WrongSettingsError


def test_bands_rise_whatever_their_order(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NHIP_EVALUATION_BANDS", "90=Xuất sắc, 0=Chưa đạt,70.5=Khá")
    assert Settings().bands == [(0.0, "Chưa đạt"), (70.5, "Khá"), (90.0, "Xuất sắc")]


def test_no_law_sets_bands():
    assert Settings(evaluation_bands="").bands == []


@pytest.mark.parametrize("text", ["Tốt", "=Tốt", "80", "80=", "cao=Tốt", "nan=Tốt", "80=Tốt,z"])
def test_what_is_no_band_is_refused_at_the_start(text: str):
    with pytest.raises(WrongSettingsError, match="write LEAST=NAME"):
        Settings(evaluation_bands=text)


def test_origins_are_a_json_list(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NHIP_CORS_ORIGINS", '["https://a.example"]')
    assert Settings().cors_origins == ["https://a.example"]
    monkeypatch.setenv("NHIP_CORS_ORIGINS", "https://a.example")
    with pytest.raises(WrongSettingsError, match="a JSON list, such as"):
        Settings()


def test_a_secret_that_is_wrong_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NHIP_SESSION_SECRET", "too short")
    with pytest.raises(WrongSettingsError) as wrong:
        Settings()
    assert str(wrong.value) == "NHIP_SESSION_SECRET: String should have at least 16 characters"
