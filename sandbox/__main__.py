"""`python -m sandbox`: a local Slack on its own, for a bot and for curl."""

import argparse
import asyncio
import contextlib

from sandbox.server import Sandbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--manifest", default="manifest.yml", help="the app to install")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.manifest, options.port))


async def serve(manifest: str, port: int) -> None:
    async with Sandbox(manifest, port) as slack:
        maria = slack.add_user("maria", "Maria Rossi", tz="Europe/Rome", locale="it-IT")
        slack.add_channel("general", [maria, slack.bot])
        print(greeting(slack), flush=True)
        await asyncio.Event().wait()


def greeting(slack: Sandbox) -> str:
    act = '{"user": "maria", "act": "post", "channel": "general", "text": "How do I …?"}'
    return f"""\
A local Slack is up. A bot joins it with:

  SLACK_API_URL={slack.api_url}
  SLACK_BOT_TOKEN={slack.bot_token}
  SLACK_APP_TOKEN={slack.app_token}
  SLACK_SIGNING_SECRET={slack.signing_secret}

Be anybody in it, in a browser: {slack.address}

Or say something as Maria:

  curl {slack.address}/sandbox/act -H 'Content-Type: application/json' -d '{act}'

See what she sees:

  curl '{slack.address}/sandbox/sees?user=maria&channel=general'

Ctrl-C ends it."""


if __name__ == "__main__":
    main()
