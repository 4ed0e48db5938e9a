"""The pages on which somebody adds Askaround to their workspace: plain data in, HTML out."""

from html import escape

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  body {{ font: 1.1rem/1.6 system-ui, sans-serif; color: #1d1c1d; background: #f6f8f7;
    display: grid; place-items: center; min-height: 100vh; margin: 0 }}
  main {{ max-width: 32rem; padding: 2.5rem; background: #fff; border-radius: 1rem;
    box-shadow: 0 1px 12px #0001 }}
  h1 {{ margin: 0 0 1rem; font-size: 1.7rem; color: #1f4d3a }}
  a.button {{ display: inline-block; margin-top: 1rem; padding: .7rem 1.4rem; color: #fff;
    background: #1f4d3a; border-radius: .5rem; text-decoration: none; font-weight: 600 }}
  a.button:focus-visible {{ outline: 3px solid #7fb79e; outline-offset: 2px }}
  @media (prefers-color-scheme: dark) {{
    body {{ color: #e8e8e8; background: #12181a }} main {{ background: #1c2426 }}
    h1 {{ color: #8fd0b4 }} a.button {{ background: #2f7358 }}
  }}
</style>
<main>
<h1>{title}</h1>
{paragraphs}
{button}
</main>
</html>
"""

REFUSED = "Nothing was added to your workspace, because you or an admin said no to it."
OTHER_BROWSER = (
    "This did not begin in this browser, or your cookies are off. Start again from here."
)
TOO_LATE = "This took longer than ten minutes, or was done already. Start again from here."
NOT_TAKEN = "Slack did not confirm that Askaround was added. Start again from here."
NOT_REACHED = "Slack cannot be reached right now. Try again in a minute."
FAILED = {
    "access_denied": REFUSED,
    "invalid_browser": OTHER_BROWSER,
    "invalid_state": TOO_LATE,
    "missing_code": NOT_TAKEN,
    "invalid_code": NOT_TAKEN,
    "not_reached": NOT_REACHED,
}


def install_page(address: str) -> str:
    return page(
        "Add Askaround to Slack",
        [
            "Somebody asks in a channel, and Askaround asks around: the few who are likely to "
            "know, awake, and not asked too much. What solved it is kept, and found again.",
            "Slack shows you next what Askaround may read and do. It hears only the channels that "
            "it is invited to.",
        ],
        address,
        "Add to Slack",
    )


def done_page(workspace: str, address: str) -> str:
    return page(
        "Askaround is there",
        [
            f"It is in {workspace} now, and wrote you a message about what comes next.",
            "Invite it into the channel in which people ask: /invite @Askaround.",
        ],
        address,
        "Open Slack",
    )


def failed_page(reason: str, address: str) -> str:
    """`reason`: Slack's word, or Bolt's; what is not known is said as what it comes to."""
    return page("That did not work", [FAILED.get(reason, NOT_TAKEN)], address, "Start again")


def page(title: str, paragraphs: list[str], address: str, button: str) -> str:
    return PAGE.format(
        title=escape(title),
        paragraphs="\n".join(f"<p>{escape(each)}</p>" for each in paragraphs),
        button=f'<a class="button" href="{escape(address)}">{escape(button)}</a>',
    )
