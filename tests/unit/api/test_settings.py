"""Settings of the api alone."""

import pytest
from pydantic import ValidationError

from services.api.settings import Settings


def test_bands_rise_whatever_their_order(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NHIP_EVALUATION_BANDS", "90=Xuất sắc, 0=Chưa đạt,70.5=Khá")
    assert Settings().bands == [(0.0, "Chưa đạt"), (70.5, "Khá"), (90.0, "Xuất sắc")]


def test_no_law_sets_bands():
    assert Settings(evaluation_bands="").bands == []


@pytest.mark.parametrize("text", ["Tốt", "=Tốt", "80", "80=", "cao=Tốt", "nan=Tốt", "80=Tốt,z"])
def test_what_is_no_band_is_refused_at_the_start(text: str):
    with pytest.raises(ValidationError, match="write LEAST=NAME"):
        Settings(evaluation_bands=text)
