"""The small objects and the elements that blocks are made of.

Laid out like Slack's reference, https://docs.slack.dev/reference/block-kit. A name that ends in `?`
may be left out; numbers are the most characters, or the fewest and the most items.
"""

from collections.abc import Callable

from .rules import any_of, initial_is_offered, not_both, ordered, unique
from .shapes import (
    Check,
    by_type,
    choice,
    fields,
    flag,
    integer,
    items,
    string,
    typed,
    url,
)

# --- Composition objects ---------------------------------------------------------------------


def plain_text(max: int) -> Check:
    return by_type({"plain_text": typed({"text": string(max, min=1), "emoji?": flag})})


def text(max: int) -> Check:
    return by_type(
        {
            "plain_text": typed({"text": string(max, min=1), "emoji?": flag}),
            "mrkdwn": typed({"text": string(max, min=1), "verbatim?": flag}),
        }
    )


def option(label: Callable[[int], Check], **more: Check) -> Check:
    return fields(
        {"text": label(75), "value": string(150, min=1), "description?": label(75), **more}
    )


style = choice("primary", "danger")
confirm = fields(
    {
        "title": plain_text(100),
        "text": text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
        "style?": style,
    }
)
dispatch = fields(
    {"trigger_actions_on?": items(choice("on_enter_pressed", "on_character_entered"), 1, 2)}
)
conversation_filter = fields(
    {
        "include?": items(choice("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels?": flag,
        "exclude_bot_users?": flag,
    },
    any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
slack_file = fields(
    {"id?": string(min=1), "url?": url(3000)}, any_of("id", "url"), not_both("id", "url")
)
web = url(3000, scheme="https?")
picture = {"image_url?": web, "slack_file?": slack_file, "alt_text": string(2000)}
one_picture = (any_of("image_url", "slack_file"), not_both("image_url", "slack_file"))

# --- Elements --------------------------------------------------------------------------------

ACTION = {"action_id?": string(255)}
CONFIRMED = ACTION | {"confirm?": confirm}
CHOSEN = CONFIRMED | {"focus_on_load?": flag}
SELECTED = CHOSEN | {"placeholder?": plain_text(150)}
SELECTED_MANY = SELECTED | {"max_selected_items?": integer(1)}
TYPED_IN = ACTION | {
    "focus_on_load?": flag,
    "placeholder?": plain_text(150),
    "dispatch_action_config?": dispatch,
}
STATIC = {
    "options?": items(option(plain_text), 1, 100),
    "option_groups?": items(
        fields(
            {"label": plain_text(75), "options": items(option(plain_text), 1, 100)},
            unique("value", "options"),
        ),
        1,
        100,
    ),
}
static_rules = (
    any_of("options", "option_groups"),
    not_both("options", "option_groups"),
    unique("value", "options"),
)
CONVERSATIONS = {"default_to_current_conversation?": flag, "filter?": conversation_filter}
ids = items(string(min=1))
ticks = {"options": items(option(text), 1, 10)}

BUTTON = {
    "button": typed(
        CONFIRMED
        | {
            "text": plain_text(75),
            "url?": url(3000),
            "value?": string(2000),
            "style?": style,
            "accessibility_label?": string(75),
            "agent_prompt?": string(4000),
        }
    )
}
IMAGE = {"image": typed(picture, *one_picture)}
TEXTS = {
    "plain_text": typed({"text": string(3000, min=1), "emoji?": flag}),
    "mrkdwn": typed({"text": string(3000, min=1), "verbatim?": flag}),
}
WORKFLOW_BUTTON = {
    "workflow_button": typed(
        CONFIRMED
        | {
            "text": plain_text(75),
            "workflow": fields(
                {
                    "trigger": fields(
                        {
                            "url": url(3000),
                            "customizable_input_parameters?": items(
                                fields({"name": string(min=1), "value": string()})
                            ),
                        }
                    )
                }
            ),
            "style?": style,
            "accessibility_label?": string(75),
        }
    )
}
OVERFLOW = {
    "overflow": typed(
        CONFIRMED | {"options": items(option(plain_text, **{"url?": url(3000)}), 1, 5)},
        unique("value", "options"),
    )
}
SELECTS = {
    "static_select": typed(
        SELECTED | STATIC | {"initial_option?": option(plain_text)},
        *static_rules,
        initial_is_offered("initial_option"),
    ),
    "external_select": typed(
        SELECTED | {"initial_option?": option(plain_text), "min_query_length?": integer(0)}
    ),
    "users_select": typed(SELECTED | {"initial_user?": string(min=1)}),
    "conversations_select": typed(
        SELECTED
        | CONVERSATIONS
        | {"initial_conversation?": string(min=1), "response_url_enabled?": flag}
    ),
    "channels_select": typed(
        SELECTED | {"initial_channel?": string(min=1), "response_url_enabled?": flag}
    ),
    "multi_static_select": typed(
        SELECTED_MANY | STATIC | {"initial_options?": items(option(plain_text), 1, 100)},
        *static_rules,
        initial_is_offered("initial_options"),
    ),
    "multi_external_select": typed(
        SELECTED_MANY
        | {"initial_options?": items(option(plain_text), 1, 100), "min_query_length?": integer(0)}
    ),
    "multi_users_select": typed(SELECTED_MANY | {"initial_users?": ids}),
    "multi_conversations_select": typed(
        SELECTED_MANY | CONVERSATIONS | {"initial_conversations?": ids}
    ),
    "multi_channels_select": typed(SELECTED_MANY | {"initial_channels?": ids}),
}
TICKS = {
    "checkboxes": typed(
        CHOSEN | ticks | {"initial_options?": items(option(text), 1, 10)},
        unique("value", "options"),
        initial_is_offered("initial_options"),
    ),
    "radio_buttons": typed(
        CHOSEN | ticks | {"initial_option?": option(text)},
        unique("value", "options"),
        initial_is_offered("initial_option"),
    ),
}
DATES = {
    "datepicker": typed(
        SELECTED | {"initial_date?": string(pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")}
    ),
    "timepicker": typed(
        SELECTED
        | {
            "initial_time?": string(pattern=r"([01]\d|2[0-3]):[0-5]\d"),
            "timezone?": string(min=1),
        }
    ),
}
DATE_AND_TIME = {
    "datetimepicker": typed(CHOSEN | {"initial_date_time?": integer(1_000_000_000, 9_999_999_999)})
}

# --- Rich text -------------------------------------------------------------------------------

font = {"bold?": flag, "italic?": flag, "strike?": flag, "code?": flag, "underline?": flag}
STYLED = {"style?": fields(font)}
MENTIONED = {
    "style?": fields(font | {"highlight?": flag, "client_highlight?": flag, "unlink?": flag})
}
WORDS = {"text": typed(STYLED | {"text": string(min=1)})}
LINK = {
    "link": typed(STYLED | {"url": url(), "text?": string(), "unsafe?": flag}),
}
INLINE = (
    WORDS
    | LINK
    | {
        "broadcast": typed(STYLED | {"range": choice("here", "channel", "everyone")}),
        "channel": typed(MENTIONED | {"channel_id": string(min=1)}),
        "color": typed(STYLED | {"value": string(pattern="#[0-9a-fA-F]{6}")}),
        "date": typed(
            STYLED
            | {
                "timestamp": integer(0),
                "format": string(min=1),
                "url?": url(),
                "fallback?": string(),
            }
        ),
        "emoji": typed(
            STYLED
            | {
                "name": string(min=1),
                "unicode?": string(),
                "url?": url(),
                "skin_tone?": integer(1, 6),
            }
        ),
        "team": typed(STYLED | {"team_id": string(min=1)}),
        "user": typed(MENTIONED | {"user_id": string(min=1)}),
        "usergroup": typed(MENTIONED | {"usergroup_id": string(min=1)}),
    }
)
inline = items(by_type(INLINE))
border = {"border?": choice(0, 1)}
RICH_TEXT_PARTS = {
    "rich_text_section": typed({"elements": inline}),
    "rich_text_quote": typed(border | {"elements": inline}),
    "rich_text_preformatted": typed(border | {"elements": items(by_type(WORDS | LINK))}),
    "rich_text_list": typed(
        border
        | {
            "elements": items(by_type({"rich_text_section": typed({"elements": inline})})),
            "style": choice("bullet", "ordered"),
            "indent?": integer(0, 8),
            "offset?": integer(0),
        }
    ),
}
BLOCK = {"block_id?": string(255)}
RICH_TEXT = {"rich_text": typed(BLOCK | {"elements": items(by_type(RICH_TEXT_PARTS))})}
rich_text = by_type(RICH_TEXT)

# --- Inputs ----------------------------------------------------------------------------------

RICH_TEXT_INPUT = {
    "rich_text_input": typed(
        TYPED_IN
        | {
            "initial_value?": rich_text,
            "min_lines?": integer(1, 100),
            "max_lines?": integer(1, 100),
        },
        ordered("min_lines", "max_lines"),
    )
}
INPUTS = (
    SELECTS
    | TICKS
    | DATES
    | DATE_AND_TIME
    | RICH_TEXT_INPUT
    | {
        "plain_text_input": typed(
            TYPED_IN
            | {
                "initial_value?": string(3000),
                "multiline?": flag,
                "min_length?": integer(0, 3000),
                "max_length?": integer(1, 3000),
            },
            ordered("min_length", "max_length"),
        ),
        "email_text_input": typed(TYPED_IN | {"initial_value?": string()}),
        "url_text_input": typed(TYPED_IN | {"initial_value?": string()}),
        "number_input": typed(
            TYPED_IN
            | {
                "is_decimal_allowed": flag,
                "initial_value?": string(pattern=r"-?\d+(\.\d+)?"),
                "min_value?": string(pattern=r"-?\d+(\.\d+)?"),
                "max_value?": string(pattern=r"-?\d+(\.\d+)?"),
            },
            ordered("min_value", "max_value"),
        ),
    }
)
FILE_INPUT = {
    "file_input": typed(
        ACTION | {"filetypes?": items(string(min=1), 1), "max_files?": integer(1, 10)}
    )
}


def input_block(elements: dict[str, Check]) -> Check:
    return typed(
        BLOCK
        | {
            "label": plain_text(2000),
            "element": by_type(elements),
            "dispatch_action?": flag,
            "hint?": plain_text(2000),
            "optional?": flag,
        }
    )
