"""Vietnamese names: found without diacritics, sorted as a dictionary sorts them."""

import random

import pytest

from services.api.page.words import order_key, plain


@pytest.mark.parametrize(
    ("text", "letters"), [("Đặc khu Phú Quốc", "dac khu phu quoc"), ("Ô LÂM", "o lam"), ("Xã Óc Eo", "xa oc eo")]
)
def test_search_looks_past_case_and_diacritics(text: str, letters: str):
    assert plain(text) == letters


@pytest.mark.parametrize(
    "names",
    [
        ["An", "Ăn", "Ân", "Ba", "Dư", "Đa", "Đê", "Em"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mã hoá"],
        ["Quận 2", "Quận 10", "Quận Ba"],
        ["Xã Bá", "Xã Ba Chúc", "Xã Bạc", "Xã Cô Tô"],
        ["Óc Eo", "Ô Lâm"],
        ["To", "Tô", "Tơ", "Tu", "Tư"],
    ],
)
def test_names_are_in_the_order_of_a_vietnamese_dictionary(names: list[str]):
    mixed = random.Random(1).sample(names, len(names))
    assert sorted(mixed, key=order_key) == names


def test_letters_written_in_two_ways_are_the_same():
    assert order_key("Bạc Liêu")[:2] == order_key("Bạc Liêu")[:2]
