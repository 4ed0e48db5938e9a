"""What a manager sees of those who told them of their help: a line in App Home, a card for each,
and one suggested a month."""

from bot.recognition.tellers import Suggestion, Teller, TellerCard, TellersPage
from handlers.blocks.recognition.managers import evidence_and_thanks, word_for_word
from handlers.blocks.recognition.personal import QUESTION_LIMIT, linked
from handlers.blocks.recognition.thanking import THANK_TELLER
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    date,
    divider,
    header,
    inline,
    listed,
    mention,
    message,
    plain_text,
    section,
)

OPEN, MONTHLY = "your_people", "suggest_monthly"
ON, OFF = "on", "off"
NAMED = 3  # in App Home
SUGGESTED = "On the first Monday of a month I suggest whom to thank, if somebody told you."
SUGGESTED_NO_MORE = "I suggest nobody any more. *Your people* in App Home is always there."
NOBODY_YET = (
    "Nobody told you of their help in the last half year. Whoever helps finds *Tell my manager* "
    "in their digest and in App Home, and chooses what you read."
)
ONLY_THAT = "You see what they chose to show you, as they saw it, and nothing that came after."
HELPED = (
    "{who} showed you how they helped {people}, most of all with “{question}”. "
    "A word of yours in your next talk would reach them."
)
TOLD = "{who} told you what their help did. A word of yours in your next talk would reach them."
ONE_A_MONTH = "Each month: one of them to thank in your next talk."


def teller_sections(tellers: tuple[Teller, ...]) -> list[Block]:
    """The part of App Home, for who was told of somebody's help."""
    if not tellers:
        return []
    named = [f"{mention(each.user_id)} ({date(each.told_at)})" for each in tellers[:NAMED]]
    left = len(tellers) - len(named)
    who = listed([*named, *([count(left, "other colleague")] if left else [])])
    return [
        header("Your people"),
        section(f"Told you what their help did: {who}.", accessory=button("Look at it", OPEN)),
    ]


def tellers_modal(page: TellersPage, workspace_url: str) -> Block:
    cards = [block for each in page.cards for block in teller_card(each, workspace_url)]
    more = count(page.more, "other colleague")
    return {
        "type": "modal",
        "title": plain_text("Your people"),
        "close": plain_text("Close"),
        "blocks": [
            *(cards or [section(NOBODY_YET)]),
            *([context(f"{more} told you something before that.")] if page.more else []),
            context(ONLY_THAT),
            section(ONE_A_MONTH, accessory=monthly_button(page.is_monthly)),
        ],
    }


def monthly_button(is_monthly: bool) -> Block:
    if is_monthly:
        return button("No suggestions", MONTHLY, OFF)
    return button("Suggest one", MONTHLY, ON)


def teller_card(card: TellerCard, workspace_url: str) -> list[Block]:
    """Who, in their words, with what, and a press for thanks."""
    note = card.note
    thanks = button("Say thanks", THANK_TELLER, note.note_id)
    if card.thanked_at is not None:
        thanked = f"You thanked them {date(card.thanked_at)}."
        said = section(f"*{mention(note.user_id)}*, {date(card.told_at)} · {thanked}")
    else:
        said = section(f"*{mention(note.user_id)}*, {date(card.told_at)}", accessory=thanks)
    return [said, word_for_word(note.text), *evidence_and_thanks(note, workspace_url), divider()]


def suggestion_message(suggestion: Suggestion, workspace_url: str) -> Block:
    about = suggestion.told[0] if suggestion.told else None
    said = suggested(suggestion, inline(about.text, QUESTION_LIMIT) if about else "")
    linked_to = suggested(suggestion, linked(about, workspace_url) if about else "")
    return message(
        said,
        [
            section(linked_to),
            actions(
                button("Say thanks", THANK_TELLER, suggestion.note_id, style="primary"),
                button("Your people", OPEN),
                button("No suggestions", MONTHLY, OFF),
            ),
            context("From what they chose to show you. I suggest one of your people a month."),
        ],
    )


def suggested(suggestion: Suggestion, question: str) -> str:
    who, helped = mention(suggestion.user_id or ""), count(suggestion.people, "person", "people")
    if not question:
        return TOLD.format(who=who)
    return HELPED.format(who=who, people=helped, question=question)
