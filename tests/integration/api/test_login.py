"""People sign in with a read key: the session stands for the key, and for no more than it."""

from collections.abc import Iterator

import httpx
import pytest

from services.api.session import COOKIE
from tests.integration.api.archiving import Archived, archived_at
from tests.integration.api.pages import visible
from tests.integration.api.running import Api

SECRET = "sixteen letters and more"
DOSSIERS = "/v1/units/H01/dossiers"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    with archived_at(tmp_path_factory.mktemp("postgres")) as made:
        made.fill()
        yield made


@pytest.fixture(scope="module")
def api(filled: str, database: Archived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    own = {"NHIP_DATABASE_URL": database.url, "NHIP_SESSION_SECRET": SECRET}
    service = Api(tmp_path_factory.mktemp("api"), filled, **own).until_ready()
    yield service
    assert service.stop() == 0


@pytest.fixture
def browser(api: Api) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=api.url, timeout=30) as client:
        yield client


def sign_in(browser: httpx.Client, key: str, onward: str = "/units/H01") -> httpx.Response:
    return browser.post("/login", data={"key": key, "next": onward})


def test_a_read_key_opens_a_session_that_reads_as_the_key_does(api: Api, browser: httpx.Client, database: Archived):
    key = database.key("H01.187")
    assert browser.get(DOSSIERS).status_code == 401
    entered = sign_in(browser, key)
    assert (entered.status_code, entered.headers["location"]) == (303, "/units/H01")
    cookie = entered.headers["set-cookie"]
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    assert key not in cookie
    assert browser.get("/v1/units/H01.187/dossiers").json()["total"] == 0
    assert browser.get(DOSSIERS).status_code == 403  # not those of the unit above
    assert browser.get(DOSSIERS, headers={"Authorization": f"Bearer {database.key('H01')}"}).status_code == 200
    assert 'action="/logout"' in browser.get("/login").text
    assert browser.post("/logout").status_code == 303
    assert 'action="/logout"' not in browser.get("/login").text
    assert browser.get(DOSSIERS).status_code == 401
    assert key not in api.log.read_text()


def test_a_session_ends_with_its_key(api: Api, browser: httpx.Client, database: Archived):
    key = database.key("H01")
    sign_in(browser, key)
    assert browser.get(DOSSIERS).status_code == 200
    database.revoke(key)
    api.until(lambda: browser.get(DOSSIERS).status_code == 401)


def test_a_session_outlives_the_process_if_a_secret_signs_it(
    start, filled: str, browser: httpx.Client, database: Archived
):
    sign_in(browser, database.key("H01"))
    cookie = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    for secret, status in ((SECRET, 200), ("another one, long enough", 401)):
        other = start(filled, NHIP_DATABASE_URL=database.url, NHIP_SESSION_SECRET=secret).until_ready()
        assert other.http.get(DOSSIERS, headers=cookie).status_code == status


def test_a_cookie_that_was_made_up_is_none(browser: httpx.Client):
    for made_up in ("x", "x.y.z", "ImEi.aSdf.qwer"):
        assert browser.get(DOSSIERS, headers={"Cookie": f"{COOKIE}={made_up}"}).status_code == 401


@pytest.mark.parametrize(
    ("language", "unknown", "not_read"),
    [("vi", "Khóa không đúng", "không được đọc hồ sơ"), ("en", "unknown or revoked", "may not read dossiers")],
)
def test_the_page_asks_and_says_what_is_wrong(
    api: Api, browser: httpx.Client, database: Archived, language, unknown, not_read
):
    browser.get("/", params={"lang": language})
    asked = browser.get("/login", params={"next": "/units/H01?period=2026-Q1"})
    assert 'type="password"' in asked.text
    assert 'value="/units/H01?period=2026-Q1"' in asked.text
    assert "form-action 'self'" in asked.headers["content-security-policy"]
    wrong = sign_in(browser, "nhip_unknown")
    assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, 'Bearer realm="nhip"')
    assert unknown in visible(wrong.text)
    assert "nhip_unknown" not in wrong.text
    assert "nhip_unknown" not in api.log.read_text()
    denied = sign_in(browser, database.key("H01", read=False))
    assert denied.status_code == 403
    assert not_read in visible(denied.text)
    assert browser.post("/login", content=b"x" * 5_000).status_code == 413
    assert browser.post("/login", content=b"\xff").status_code == 400
    assert browser.post("/login").status_code == 401
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.vn/", "//elsewhere.vn", "/\\elsewhere.vn", "units", "", "/\r\nx: y"]
)
def test_nobody_is_led_to_another_site(browser: httpx.Client, database: Archived, onward: str):
    entered = sign_in(browser, database.key("H01"), onward)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")


def test_over_tls_the_cookie_goes_no_other_way(browser: httpx.Client, database: Archived):
    headers = {"X-Forwarded-Proto": "https"}  # as a proxy on this machine says it
    entered = browser.post("/login", data={"key": database.key("H01"), "next": "/"}, headers=headers)
    assert "; Secure" in entered.headers["set-cookie"]
