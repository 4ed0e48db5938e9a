"""The HTTP control API: acting, seeing and arranging without Python."""

import pytest


@pytest.fixture
def control(slack, http):
    async def request(path: str, body: dict | None = None, **headers: str) -> dict:
        url = f"{slack.address}/sandbox/{path}"
        verb = "GET" if body is None else "POST"
        async with http.request(verb, url, json=body, headers=headers) as response:
            return await response.json()

    return request


async def test_a_person_posts_and_another_sees_it(control, as_bob, logistics):
    posted = await control(
        "act", {"user": "maria", "act": "post", "channel": "logistics", "text": "hello"}
    )
    seen = await control("sees?user=bob&channel=logistics")

    assert [message["ts"] for message in seen["result"]] == [posted["result"]]


async def test_the_scene_is_set_over_http(control, slack):
    await control("users", {"name": "carla", "tz": "Asia/Tokyo"})
    await control("channels", {"name": "customs", "members": ["carla"], "is_private": True})
    await control("usergroups", {"handle": "experts", "members": ["carla"]})
    joining = {"change": "join", "user": "helper", "channel": "customs", "inviter": "carla"}
    await control("change", joining)

    state = (await control(""))["result"]

    assert {"users", "channels", "connections", "now"} <= state.keys()
    assert state["channels"][0]["members"] == [state["users"][1]["id"], slack.bot_user_id]


async def test_the_clock_can_be_moved(control):
    answer = await control("clock", {"set": "2030-01-07T09:00:00+01:00"})

    assert answer["result"].startswith("2030-01-07T08:00:00")


async def test_the_wire_can_be_watched_and_disturbed(control, client, as_maria, logistics):
    await control("faults", {"method": "auth.test", "kind": "rate_limited"})
    await control("faults/clear", {})
    await client.auth_test()
    await as_maria.post(logistics, "hello")

    [call] = (await control("calls?last=1"))["result"]
    [delivery] = (await control("deliveries?last=1"))["result"]

    assert (call["method"], call["status"]) == ("auth.test", 200)
    assert delivery["payload"]["event"]["text"] == "hello"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"act": "fly", "user": "maria"}, "invalid_arguments"),
        ({"act": "post", "user": "maria", "chanel": "logistics"}, "invalid_arguments"),
        ({"act": "post", "user": "nobody"}, "user_not_found"),
        (
            {"act": "post", "user": "maria", "channel": "nowhere", "text": "x"},
            "channel_not_found",
        ),
    ],
)
async def test_what_cannot_be_done_is_said(control, maria, body, error):
    assert (await control("act", body))["error"] == error


@pytest.mark.parametrize("header", [{"Origin": "http://example.com"}, {"Host": "example.com"}])
async def test_pages_of_other_sites_are_refused(control, header):
    assert (await control("", **header))["error"] == "forbidden_origin"


async def test_forms_are_refused_since_any_page_can_send_them(slack, http):
    async with http.post(f"{slack.address}/sandbox/act", data={"act": "post"}) as response:
        assert response.status == 415
