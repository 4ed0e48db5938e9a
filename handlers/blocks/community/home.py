"""The App Home tab: its sections, in the order in which people read them."""

from collections.abc import Callable
from itertools import chain

from bot.community.home import Home, OpenQuestion
from handlers.blocks.buttons import claim_button
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

Section = Callable[[Home], list[Block]]


def home_view(home: Home) -> Block:
    sections = (section(home) for section in SECTIONS)
    return {"type": "home", "blocks": list(chain.from_iterable(sections))}


def home_note(text: str) -> Block:
    return {"type": "home", "blocks": [section(text)]}


def search(home: Home) -> list[Block]:
    return [actions(button("Find solved questions", SEARCH, style="primary"))]


def waiting(home: Home) -> list[Block]:
    return questions("Waiting for you", home.waiting, home)


def asked(home: Home) -> list[Block]:
    return questions("Your open questions", home.asked, home)


def questions(title: str, shown: tuple[OpenQuestion, ...], home: Home) -> list[Block]:
    if not shown:
        return []
    return [header(title), *(question(each, home.user_id, home.url) for each in shown)]


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


def helped(home: Home) -> list[Block]:
    return [header("Your help"), section(summary(home.effect, home.user_id))]


def how_it_works(home: Home) -> list[Block]:
    return [
        divider(),
        context(
            "Ask in a help channel or with `/ask`. `/find` searches what was solved, "
            "`/experts` shows who helps with what, `/kudos` thanks a colleague."
        ),
    ]


# Each says nothing to whom it does not concern.
SECTIONS: tuple[Section, ...] = (
    search,
    waiting,
    asked,
    helped,
    lambda home: availability_sections(home.choices),
    lambda home: sponsoring_sections(home.sponsoring),
    lambda home: proposed_blocks(home.proposed),
    lambda home: health_sections(home.health),
    lambda home: undelivered_sections(home.undelivered),
    lambda home: caught_up_line(home.caught_up),
    how_it_works,
)
