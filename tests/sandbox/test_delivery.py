"""Socket Mode and HTTP as Slack does them: one receiver, acknowledgements, further tries."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier


async def open_socket(call, slack, http):
    url = (await call("apps.connections.open", token=slack.app_token))["url"]
    socket = await http.ws_connect(url)
    hello = await socket.receive_json(timeout=2)
    return socket, hello


async def test_hello_counts_the_connections(slack, call, http):
    first, _ = await open_socket(call, slack, http)
    second, hello = await open_socket(call, slack, http)

    assert (hello["type"], hello["num_connections"]) == ("hello", 2)
    assert hello["connection_info"]["app_id"] == slack.app_id
    await first.close()
    await second.close()
    await slack.until(lambda: slack.connections == 0)


async def test_a_socket_needs_a_ticket(slack, http):
    async with http.get(slack.address + "/link/?ticket=guessed") as response:
        assert response.status == 403


async def test_an_envelope_goes_to_exactly_one_socket(slack, call, http, as_maria, logistics):
    sockets = [(await open_socket(call, slack, http))[0] for _ in range(2)]
    slack.time_scale = 1
    for number in range(4):
        await as_maria.post(logistics, str(number))

    texts = []
    for socket in sockets:
        for _ in range(2):
            frame = await socket.receive_json(timeout=2)
            texts.append(frame["payload"]["event"]["text"])
            await socket.send_json({"envelope_id": frame["envelope_id"]})

    await slack.delivered()
    assert sorted(texts) == ["0", "1", "2", "3"]


async def test_an_envelope_without_acknowledgement_comes_again(
    slack, call, http, as_maria, logistics
):
    socket, _ = await open_socket(call, slack, http)
    await as_maria.post(logistics, "hello?")

    first, second = await socket.receive_json(timeout=2), await socket.receive_json(timeout=2)
    await socket.send_json({"envelope_id": second["envelope_id"]})
    await slack.delivered()

    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert [first["retry_attempt"], second["retry_attempt"]] == [0, 1]
    assert second["retry_reason"] == "timeout"


async def test_an_event_nobody_takes_is_given_up(slack, as_maria, logistics):
    await as_maria.post(logistics, "is this on?")
    await slack.delivered()

    assert [delivery.status for delivery in slack.deliveries] == ["gave_up"]


async def test_an_event_waits_for_the_next_socket(slack, call, http, as_maria, logistics):
    slack.time_scale = 1
    await as_maria.post(logistics, "anybody?")
    socket, _ = await open_socket(call, slack, http)

    assert (await socket.receive_json(timeout=2))["payload"]["event"]["text"] == "anybody?"


@pytest.mark.parametrize("reason", ["refresh_requested", "drop"])
async def test_a_bolt_app_comes_back_after_a_disconnect(slack, joined, reason):
    before = len(slack.calls_to("apps.connections.open"))
    await slack.disconnect(reason)
    await slack.until(lambda: len(slack.calls_to("apps.connections.open")) > before)
    await slack.until(lambda: slack.connections == 1)


async def test_waiting_in_vain_says_what_happened_instead(slack, call):
    await call("api.test")

    with pytest.raises(TimeoutError, match=r"(?s)Last calls.*api\.test"):
        await slack.until(lambda: False, timeout=0.01)


@pytest.fixture
async def receiver(slack) -> AsyncIterator[list[web.Request]]:
    """An address of an app's own that fails twice before it accepts."""
    received = []

    async def receive(request: web.Request) -> web.Response:
        await request.read()
        received.append(request)
        return web.Response(status=500 if len(received) < 3 else 200)

    app = web.Application()
    app.router.add_post("/events", receive)
    async for address in served(app):
        slack.request_url = f"{address}/events"
        yield received


async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_http_deliveries_are_signed_and_tried_again(slack, receiver, as_maria, logistics):
    await as_maria.post(logistics, "hello")
    await slack.delivered()

    verifier = SignatureVerifier(slack.signing_secret)
    bodies = [(await request.read()).decode() for request in receiver]
    assert all(
        verifier.is_valid_request(body, dict(request.headers))
        for body, request in zip(bodies, receiver, strict=True)
    )
    assert [request.headers.get("X-Slack-Retry-Num") for request in receiver] == [None, "1", "2"]
    assert receiver[1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len(set(bodies)) == 1


@pytest.fixture
async def bolt_by_http(slack, bolt) -> AsyncIterator[None]:
    async for address in served(bolt.web_app("/slack/events")):
        slack.request_url = f"{address}/slack/events"
        yield


async def test_a_bolt_app_works_by_http(slack, bolt, bolt_by_http, as_maria, logistics):
    @bolt.event("message")
    async def on_message(event, client):
        await client.reactions_add(channel=event["channel"], timestamp=event["ts"], name="eyes")

    @bolt.command("/find")
    async def on_find(ack, command):
        await ack(f"Looking for {command['text']}")

    await as_maria.post(logistics, "hello")
    await slack.delivered()
    answer = await as_maria.command("/find", "customs", logistics)

    assert as_maria.sees(logistics)[0]["reactions"][0]["name"] == "eyes"
    assert answer["text"] == "Looking for customs"
    assert as_maria.sees(logistics)[1]["is_ephemeral"]


async def test_interactions_come_by_http_too(slack, bolt, bolt_by_http, as_maria, logistics):
    kept = []

    @bolt.shortcut("keep_it")
    async def on_keep(ack, shortcut):
        await ack()
        kept.append(shortcut["message"]["text"])

    ts = await as_maria.post(logistics, "worth keeping")
    await as_maria.shortcut("keep_it", logistics, ts)

    assert kept == ["worth keeping"]


async def test_a_bolt_app_answers_the_challenge(slack, bolt_by_http):
    assert await slack.verify_request_url()
