"""Tokens for programs: the list, making one, and the one time that its secret is shown."""

from collections.abc import Mapping, Sequence

from bot.access.tokens import (
    ACT,
    DAYS,
    EXPERTS,
    FIND,
    HEALTH,
    KUDOS,
    MAX_NAME,
    USUAL_DAYS,
    NewToken,
    TokenView,
)
from handlers.blocks.experts.availability import checkboxes, field
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    date,
    described,
    header,
    inline,
    mention,
    option,
    plain_text,
    section,
)

OPEN, MAKE, END, ALL = "open_tokens", "make_token", "end_token", "all_tokens"
CALLBACK = "token"
MINE, EVERYBODYS = "mine", "everybodys"  # which list a button stands in
# What each scope lets a program do.
SCOPES: Mapping[str, tuple[str, str]] = {
    FIND: ("Find", "Search, and read questions, answers and topics"),
    EXPERTS: ("Experts", "See who helps on a topic and can be asked"),
    KUDOS: ("Kudos", "See what my help did"),
    HEALTH: ("Health", "See how the community does, if I may see that"),
    ACT: ("Act", "Say for me that an answer helped, or works no longer"),
}
USUAL_SCOPES = (FIND, EXPERTS)
HOW_LONG: Mapping[int, str] = {
    7: "A week",
    30: "30 days",
    90: "90 days",
    365: "A year",
}
assert tuple(HOW_LONG) == DAYS


def programs_section(api_url: str) -> list[Block]:
    """In App Home, where the API is open."""
    if not api_url:
        return []
    return [
        header("For programs"),
        section(
            "A token lets a program of yours search and read here: what you can see, and nothing "
            "else.",
            accessory=button("Tokens", OPEN, "home"),
        ),
    ]


def tokens_modal(tokens: Sequence[TokenView], api_url: str, *, is_admin: bool) -> Block:
    shown = [block for each in tokens for block in token_blocks(each, MINE)]
    everybodys = [button("Everybody's tokens", ALL, "list")] if is_admin else []
    return {
        "type": "modal",
        "title": plain_text("Tokens"),
        "close": plain_text("Close"),
        "blocks": [
            section(
                "A program that shows a token of yours sees what you can see at that moment, and "
                "does what you chose. End it here at any time."
            ),
            *(shown or [section("You have no tokens.")]),
            actions(button("Make a token", MAKE, "new", style="primary"), *everybodys),
            *([context(where(api_url))] if api_url else []),
        ],
    }


def where(api_url: str) -> str:
    return f"The API is at `{api_url}/v1`, and describes itself at `{api_url}/v1/openapi.json`."


def everybodys_modal(tokens: Sequence[TokenView]) -> Block:
    shown = [block for each in tokens for block in token_blocks(each, EVERYBODYS)]
    return {
        "type": "modal",
        "title": plain_text("Everybody's tokens"),
        "close": plain_text("Close"),
        "blocks": [
            section("The tokens that hold, those that were used last first."),
            *(shown or [section("Nobody has one.")]),
        ],
    }


def token_blocks(token: TokenView, which: str) -> list[Block]:
    name = f"*{inline(token.name, MAX_NAME)}* · `…{token.ending}`"
    whose = f"{mention(token.user_id)} · " if which == EVERYBODYS else ""
    lines = [f"{whose}{name}", scope_names(token.scopes), times_of(token)]
    if token.has_ended:
        return [section("\n".join(lines))]
    end = button("End it", END, f"{which}:{token.token_id}", style="danger")
    return [section("\n".join(lines), accessory=end)]


def scope_names(scopes: Sequence[str]) -> str:
    return ", ".join(SCOPES[each][0] if each in SCOPES else each for each in scopes)


def times_of(token: TokenView) -> str:
    until = date(token.ends_at)
    if token.has_ended:
        return f"_Ended {until}_"
    if token.used_at is None:
        return f"_Holds until {until}, not used yet_"
    return f"_Holds until {until}, last used {date(token.used_at)}_"


def make_modal() -> Block:
    scopes = {each: described(name, each, about) for each, (name, about) in SCOPES.items()}
    days = {number: option(text, number) for number, text in HOW_LONG.items()}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Make a token"),
        "submit": plain_text("Make it"),
        "close": plain_text("Cancel"),
        "blocks": [
            needed(
                "name",
                "What is it for?",
                {
                    "type": "plain_text_input",
                    "action_id": "value",
                    "max_length": MAX_NAME,
                    "placeholder": plain_text("Search in our intranet"),
                },
            ),
            needed(
                "scopes",
                "What may it do?",
                checkboxes([*scopes.values()], [scopes[each] for each in USUAL_SCOPES]),
            ),
            needed(
                "days",
                "How long does it hold?",
                {
                    "type": "static_select",
                    "action_id": "value",
                    "options": [*days.values()],
                    "initial_option": days[USUAL_DAYS],
                },
            ),
        ],
    }


def needed(block_id: str, label: str, element: Block) -> Block:
    return {**field(block_id, label, element), "optional": False}


def secret_modal(made: NewToken, api_url: str) -> Block:
    """A modal is no message: Slack keeps nothing of it."""
    return {
        "type": "modal",
        "title": plain_text("Your token"),
        "close": plain_text("I have copied it"),
        "blocks": [
            section(
                "Copy it now, because nobody is shown it again. Who has it sees what you see: "
                f"give it to programs, not to people.\n```{made.secret}```"
            ),
            *([context(where(api_url))] if api_url else []),
        ],
    }
