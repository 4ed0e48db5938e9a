"""The App Home tab: search, what waits for me, what I asked, what my help did, when I am asked."""

from bot.community.home import Home, OpenQuestion
from handlers.blocks.buttons import claim_button
from handlers.blocks.community.gaps import gap_sections
from handlers.blocks.community.health import health_sections
from handlers.blocks.community.undelivered import undelivered_sections
from handlers.blocks.experts.availability import availability_sections
from handlers.blocks.experts.proposals import proposed_blocks
from handlers.blocks.finding.find import SEARCH
from handlers.blocks.questions.catch_up import caught_up_line
from handlers.blocks.recognition.kudos import summary
from handlers.blocks.recognition.sponsors import sponsoring_sections
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    date,
    divider,
    header,
    link,
    mention,
    permalink,
    section,
)


def home_view(home: Home, workspace_url: str) -> Block:
    blocks = [
        actions(button("Find solved questions", SEARCH, style="primary")),
        *questions("Waiting for you", home.waiting, home.user_id, workspace_url),
        *questions("Your open questions", home.asked, home.user_id, workspace_url),
        header("Your help"),
        section(summary(home.effect, home.user_id)),
        *availability_sections(home.choices),
        *sponsoring_sections(home.sponsoring),
        *proposed_blocks(home.proposed),
        *health_sections(home.health),
        *gap_sections(home.reads_gaps),
        *undelivered_sections(home.undelivered),
        *caught_up_line(home.caught_up),
        divider(),
        context(
            "Ask in a help channel or with `/ask`. `/find` searches what was solved, "
            "`/experts` shows who helps with what, `/kudos` thanks a colleague."
        ),
    ]
    return {"type": "home", "blocks": blocks}


def home_note(text: str) -> Block:
    return {"type": "home", "blocks": [section(text)]}


def questions(
    title: str, shown: tuple[OpenQuestion, ...], user_id: str, workspace_url: str
) -> list[Block]:
    if not shown:
        return []
    return [header(title), *(question(each, user_id, workspace_url) for each in shown)]


def question(open_question: OpenQuestion, user_id: str, workspace_url: str) -> Block:
    address = permalink(workspace_url, open_question.channel_id, open_question.message_ts)
    text = f"{link(address, open_question.text, 200)}\n_since {date(open_question.asked_at)}_"
    if open_question.is_first and open_question.asker_id != user_id:
        text += " · their first question"
    if open_question.claimed_by == user_id:
        return section(f"{text} · you are on it")
    if open_question.claimed_by:
        return section(f"{text} · {mention(open_question.claimed_by)} is on it")
    if open_question.asker_id == user_id:
        return section(text)
    return section(text, accessory=claim_button(open_question.question_id))
