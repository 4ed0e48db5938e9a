"""The App Home tab: its sections, in the order in which people read them."""

from collections.abc import Callable
from itertools import chain

from bot.community.home import Home, OpenQuestion, ToReview
from bot.community.settings import MY_DIGEST, NOTES, SPONSOR_DIGEST
from bot.experts import steps
from handlers.blocks.access.tokens import programs_section
from handlers.blocks.access.webhooks import webhooks_section
from handlers.blocks.archive.imports import import_sections
from handlers.blocks.buttons import claim_button
from handlers.blocks.community.gaps import gap_sections
from handlers.blocks.community.health import bars, health_sections, listed_numbers
from handlers.blocks.community.set_up import set_up_sections
from handlers.blocks.community.settings import CHANGE, OPEN_JOIN, settings_sections
from handlers.blocks.community.undelivered import undelivered_sections
from handlers.blocks.experts.assistants import assistant_sections
from handlers.blocks.experts.availability import availability_sections
from handlers.blocks.experts.cards import STUCK
from handlers.blocks.experts.proposals import proposed_blocks
from handlers.blocks.finding.faq_posts import faq_sections
from handlers.blocks.finding.find import ASK, SEARCH
from handlers.blocks.finding.misses import not_found_sections
from handlers.blocks.privacy.my_data import data_sections
from handlers.blocks.questions.catch_up import caught_up_line
from handlers.blocks.questions.closing import CLOSE_IT
from handlers.blocks.recognition.kudos import summary
from handlers.blocks.recognition.personal import TELL
from handlers.blocks.recognition.sponsors import sponsoring_sections
from handlers.blocks.recognition.tellers import teller_sections
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    date,
    divider,
    header,
    link,
    mention,
    permalink,
    plain_text,
    section,
)

SHOW_QUESTIONS = "show_questions"
Section = Callable[[Home], list[Block]]
SHOWN = 3  # questions of a kind, before the fold
ONCE_A_WEEK = "Once a week you alone read what it did."
MOMENT = "{date_short_pretty} at {time}"


def home_view(home: Home) -> Block:
    sections = (section(home) for section in SECTIONS)
    return {"type": "home", "blocks": list(chain.from_iterable(sections))}


def home_note(text: str) -> Block:
    return {"type": "home", "blocks": [section(text)]}


def first_presses(home: Home) -> list[Block]:
    """One of them stands out, unless there is something to set up."""
    is_first = home.set_up is None or home.set_up.is_done
    return [
        actions(
            button("Find solved questions", SEARCH, style="primary" if is_first else None),
            button("Ask a question", ASK),
        )
    ]


def waiting(home: Home) -> list[Block]:
    if not home.waiting and not home.reviews:
        return []
    shown = [waiting_question(each, home) for each in home.waiting[:SHOWN]]
    return [
        header("Waiting for you"),
        *shown,
        *fold("waiting", len(home.waiting) - len(shown)),
        *reviews(home),
    ]


def waiting_question(question: OpenQuestion, home: Home) -> Block:
    text = told(question, home)
    if question.claimed_by != home.user_id:
        return section(text, accessory=claim_button(question.question_id))
    if question.next_step == steps.RELEASE and question.next_at:
        until = date(question.next_at, MOMENT)
        return section(f"{text} · you are on it; without a reply, others are asked {until}")
    return section(f"{text} · you are on it")


def told(question: OpenQuestion, home: Home) -> str:
    address = permalink(home.url, question.channel_id, question.message_ts)
    text = f"{link(address, question.text, 200)}\n_since {date(question.asked_at)}_"
    if question.is_first and question.asker_id != home.user_id:
        text += " · their first question"
    return text


def reviews(home: Home) -> list[Block]:
    """What somebody asks of their answers."""
    if not home.reviews:
        return []
    shown = home.reviews[:SHOWN]
    lines = [review(each, home.url) for each in shown]
    more = len(home.reviews) - len(shown)
    if more:
        lines.append(f"And {count(more, 'other one', 'other ones')}.")
    title = "Are these still true? My message to you asks, with a button for each."
    return [section("\n".join([title, *lines]))]


def review(asked: ToReview, url: str) -> str:
    address = permalink(url, asked.channel_id, asked.message_ts)
    doubt = " · somebody says that it no longer works" if asked.is_doubted else ""
    return f"• {link(address, asked.text, 90)}{doubt}"


def asked(home: Home) -> list[Block]:
    if not home.asked:
        return []
    shown = home.asked[:SHOWN]
    blocks = [block for each in shown for block in own_question(each, home)]
    return [header("Your open questions"), *blocks, *fold("asked", len(home.asked) - len(shown))]


def own_question(question: OpenQuestion, home: Home) -> list[Block]:
    presses = [button("I need no answer any more", CLOSE_IT, question.question_id)]
    if question.answers and not question.claimed_by:
        presses.insert(0, button("Still stuck: ask others", STUCK, question.question_id))
    return [section(f"{told(question, home)}\n{coming(question)}"), actions(*presses)]


def coming(question: OpenQuestion) -> str:
    """How it stands with an open question of theirs, and what comes next."""
    at = date(question.next_at, MOMENT) if question.next_at else ""
    if question.answers:
        replies = count(question.answers, "reply", "replies")
        return f"{replies} so far. Put :white_check_mark: on the one that worked."
    if question.claimed_by:
        return f"{mention(question.claimed_by)} is on it."
    match question.next_step:
        case steps.ASK:
            return f"If nobody takes it, I ask others {at}."
        case steps.OPENS:
            return f"Nobody who knows is at work; I ask them {at}."
        case steps.HAND_OFF:
            return f"If nobody takes it, it goes to the helpdesk {at}."
        case steps.REST:
            return f"If nobody takes it by {at}, the weekly digest brings it up again."
    return "Nobody could take it so far. The weekly digest brings it up again."


def fold(which: str, more: int) -> list[Block]:
    return [actions(button(f"Show {more} more", SHOW_QUESTIONS, which))] if more > 0 else []


def questions_modal(which: str, home: Home) -> Block:
    """All of them, each with its place; what to do about it is there."""
    shown = home.waiting if which == "waiting" else home.asked
    return {
        "type": "modal",
        "title": plain_text("Waiting for you" if which == "waiting" else "Your questions"),
        "close": plain_text("Close"),
        "blocks": [section(told(each, home)) for each in shown] or [section("Nothing is left.")],
    }


def helped(home: Home) -> list[Block]:
    """A sentence, a small chart, and a way to tell it on."""
    said = summary(home.effect, home.user_id)
    mine = section(ONCE_A_WEEK, accessory=button("My digest", CHANGE, MY_DIGEST))
    if not sum(home.weeks):
        return [header("Your help"), section(said), mine]
    chart = f"`{bars(home.weeks)}` the last {len(home.weeks)} weeks: {listed_numbers(home.weeks)}"
    return [
        header("Your help"),
        section(f"{said}\n{chart}", accessory=button("Tell my manager", TELL, "year")),
        mine,
    ]


def what_i_get(home: Home) -> list[Block]:
    return [
        *availability_sections(home.choices),
        actions(
            button("Topics to help on", OPEN_JOIN, "all"),
            button("What I get", CHANGE, NOTES),
        ),
    ]


def how_it_works(home: Home) -> list[Block]:
    return [
        divider(),
        context(
            "Ask in a help channel or with `/ask`. `/find` searches what was solved, "
            "`/experts` shows who helps with what, `/kudos` thanks a colleague."
        ),
    ]


# In the order in which people read them. Each says nothing to whom it does not concern.
SECTIONS: tuple[Section, ...] = (
    lambda home: set_up_sections(home.set_up),
    first_presses,
    waiting,
    asked,
    helped,
    what_i_get,
    lambda home: sponsoring_sections(home.sponsoring, button("Change", CHANGE, SPONSOR_DIGEST)),
    lambda home: teller_sections(home.tellers),
    lambda home: proposed_blocks(home.proposed),
    lambda home: settings_sections(home.is_admin),
    lambda home: health_sections(home.health),
    lambda home: gap_sections(home.reads_gaps),
    lambda home: not_found_sections(home.not_found),
    lambda home: faq_sections(home.is_admin),
    lambda home: import_sections(home.is_admin, home.imports),
    lambda home: undelivered_sections(home.undelivered),
    lambda home: caught_up_line(home.caught_up),
    lambda home: programs_section(home.api_url),
    lambda home: webhooks_section(is_admin=home.is_admin),
    lambda home: assistant_sections(),
    lambda home: data_sections(home.is_admin),
    how_it_works,
)
