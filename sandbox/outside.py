"""What is outside Slack, for an app that calls it: a calendar, and a helpdesk's system.

Their addresses can be given to the app in the demo; what the helpdesk is told stands in the
page's traffic."""

from datetime import datetime, timedelta

from aiohttp import web

from sandbox.slack import Call, Slack

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Acme//Calendar//EN
BEGIN:VEVENT
UID:workshop@acme.example
DTSTAMP:{starts}
DTSTART:{starts}
DTEND:{ends}
SUMMARY:Workshop
END:VEVENT
END:VCALENDAR
"""
BUSY_FROM, BUSY_FOR = timedelta(minutes=-30), timedelta(hours=2)


def outside_app(slack: Slack) -> web.Application:
    async def calendar(_request: web.Request) -> web.Response:
        """Somebody who is in a workshop now."""
        starts = slack.clock.now() + BUSY_FROM
        text = CALENDAR.format(starts=as_ical(starts), ends=as_ical(starts + BUSY_FOR))
        return web.Response(text=text.replace("\n", "\r\n"), content_type="text/calendar")

    async def helpdesk(request: web.Request) -> web.Response:
        """Takes whatever it is told."""
        told = await request.json()
        slack.calls_made += 1
        about = (slack.calls_made, slack.clock.now(), f"helpdesk: {told.get('type')}")
        slack.calls.append(Call(*about, told, "none", 200, {}, 0.0))
        slack.bell.ring()
        return web.json_response({"reference": f"HD-{slack.calls_made}"})

    app = web.Application()
    app.router.add_get("/calendar.ics", calendar)
    app.router.add_post("/helpdesk", helpdesk)
    return app


def as_ical(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"
