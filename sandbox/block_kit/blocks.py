"""The blocks, and on which surface Slack takes them. Written like `elements`."""

from .elements import (
    ACTION,
    BLOCK,
    BUTTON,
    CONFIRMED,
    DATE_AND_TIME,
    DATES,
    FILE_INPUT,
    IMAGE,
    INPUTS,
    OVERFLOW,
    RICH_TEXT,
    RICH_TEXT_INPUT,
    SELECTS,
    TEXTS,
    TICKS,
    WORKFLOW_BUTTON,
    input_block,
    one_picture,
    picture,
    plain_text,
    rich_text,
    text,
    web,
)
from .rules import (
    any_of,
    at_most,
    inputs_need_submit,
    markdown_fits,
    not_both,
    one_element_has_focus,
    unique,
)
from .shapes import (
    by_type,
    choice,
    fields,
    flag,
    integer,
    items,
    more_than_zero,
    nullable,
    number,
    string,
    typed,
    url,
)

# --- Tables and charts -----------------------------------------------------------------------

cell = by_type(
    RICH_TEXT
    | {
        "raw_text": typed({"text": string(min=1)}),
        "raw_number": typed({"text": string(min=1), "value": number}),
    }
)
column = fields({"align?": choice("left", "center", "right"), "is_wrapped?": flag})
data_series = fields(
    {
        "name": string(20, min=1),
        "data": items(fields({"label": string(20, min=1), "value": number}), 1, 20),
    }
)
axes = fields(
    {
        "categories": items(string(20, min=1), 1, 20),
        "x_label?": string(50),
        "y_label?": string(50),
    }
)
plotted = typed(
    {"series": items(data_series, 1, 12), "axis_config": axes}, unique("name", "series")
)
slice_of_pie = fields({"label": string(20, min=1), "value": more_than_zero})
CHARTS = {
    "pie": typed({"segments": items(slice_of_pie, 1, 12)}),
    "bar": plotted,
    "area": plotted,
    "line": plotted,
}

# --- Cards and tasks -------------------------------------------------------------------------

ICONS = """
    archive book bookmark bot bug calendar call caret-left caret-right check clipboard code comment
    compass copy cube download edit email eye-closed eye-open file flag folder gear globe heart help
    image info key lightbulb link map mobile new-window pin plus refine refresh rocket save screen
    share sparkle star star-filled tag thumbs-down thumbs-up trash upload user warning
""".split()
CARD = {
    "card": typed(
        BLOCK
        | {
            "hero_image?": by_type(IMAGE),
            "icon?": by_type(IMAGE),
            "slack_icon?": by_type({"icon": typed({"name": choice(*ICONS)})}),
            "title?": text(150),
            "subtitle?": text(150),
            "body?": text(200),
            "subtext?": text(200),
            "actions?": items(by_type(BUTTON), 1, 3),
        },
        any_of("hero_image", "title", "actions", "body"),
        not_both("icon", "slack_icon"),
        unique("action_id", "actions"),
    )
}
source = by_type({"url": typed({"url": url(), "text": string(min=1)})})
TASK_CARD = {
    "task_card": typed(
        BLOCK
        | {
            "task_id": string(min=1),
            "title": string(min=1),
            "status": choice("pending", "in_progress", "complete", "error"),
            "details?": rich_text,
            "output?": rich_text,
            "sources?": items(source),
        }
    )
}
feedback_button = fields(
    {
        "text": plain_text(75),
        "value": string(2000, min=1),
        "accessibility_label?": string(75),
    }
)
FEEDBACK = {
    "feedback_buttons": typed(
        ACTION | {"positive_button": feedback_button, "negative_button": feedback_button}
    ),
    "icon_button": typed(
        CONFIRMED
        | {
            "icon": choice("trash"),
            "text": plain_text(75),
            "value?": string(2000),
            "visible_to_user_ids?": items(string(min=1), 0, 10),
            "accessibility_label?": string(75),
        }
    ),
}

# --- Blocks ----------------------------------------------------------------------------------

ACTIONS = BUTTON | WORKFLOW_BUTTON | OVERFLOW | SELECTS | TICKS | DATES
EVERYWHERE = (
    CARD
    | RICH_TEXT
    | {
        "actions": typed(
            BLOCK | {"elements": items(by_type(ACTIONS | DATE_AND_TIME | RICH_TEXT_INPUT), 1, 25)},
            unique("action_id", "elements"),
        ),
        "context": typed(BLOCK | {"elements": items(by_type(TEXTS | IMAGE), 1, 10)}),
        "divider": typed(BLOCK),
        "header": typed(BLOCK | {"text": plain_text(150)}),
        "image": typed(BLOCK | picture | {"title?": plain_text(2000)}, *one_picture),
        "section": typed(
            BLOCK
            | {
                "text?": text(3000),
                "fields?": items(text(2000), 1, 10),
                "accessory?": by_type(ACTIONS | IMAGE),
                "expand?": flag,
            },
            any_of("text", "fields"),
        ),
        "video": typed(
            BLOCK
            | {
                "title": plain_text(200),
                "video_url": url(3000, scheme="https"),
                "thumbnail_url": web,
                "alt_text": string(2000),
                "title_url?": url(2000, scheme="https"),
                "author_name?": string(50),
                "description?": plain_text(200),
                "provider_name?": string(50),
                "provider_icon_url?": url(2000, scheme="https?"),
            }
        ),
    }
)
CAROUSEL = {
    "carousel": typed(
        BLOCK | {"elements": items(by_type(CARD), 1, 10)}, unique("block_id", "elements")
    )
}
ALERT = {
    "alert": typed(
        BLOCK
        | {"text": text(200), "level?": choice("default", "info", "warning", "error", "success")}
    )
}
FILE = {
    "file": typed(BLOCK | {"external_id": string(min=1), "source": choice("remote")}),
    "call": typed(BLOCK | {"call_id": string(min=1)}),
}
TABLE = {
    "table": typed(
        BLOCK
        | {
            "rows": items(items(cell, 1, 20), 1, 100),
            "column_settings?": items(nullable(column), 0, 20),  # null leaves a column as it is
        }
    )
}
IN_CONTAINERS = EVERYWHERE | FILE | TABLE | {"input": input_block(INPUTS)}
for not_nested in ("card", "call"):
    del IN_CONTAINERS[not_nested]
CONTAINER = {
    "container": typed(
        BLOCK
        | {
            "title?": plain_text(150),
            "rich_text_title?": rich_text,
            "subtitle?": text(150),
            "icon?": by_type(IMAGE),
            "child_blocks": items(by_type(IN_CONTAINERS), 1, 10),
            "width?": choice("narrow", "standard", "wide", "full"),
            "is_collapsible?": flag,
            "default_collapsed?": flag,
            "has_header_divider?": flag,
        },
        any_of("title", "rich_text_title"),
        unique("block_id", "child_blocks"),
    )
}
IN_MESSAGES = (
    CAROUSEL
    | CONTAINER
    | FILE
    | TABLE
    | TASK_CARD
    | {
        "context_actions": typed(
            BLOCK | {"elements": items(by_type(FEEDBACK), 1, 5)}, unique("action_id", "elements")
        ),
        "data_table": typed(
            BLOCK
            | {
                "caption": string(min=1),
                "rows": items(items(cell, 1, 20), 2, 201),
                "page_size?": integer(1, 100),
                "row_header_column_index?": integer(0),
            }
        ),
        "data_visualization": typed(BLOCK | {"title": string(50, min=1), "chart": by_type(CHARTS)}),
        "markdown": typed(BLOCK | {"text": string(12_000, min=1)}),
        "plan": typed(BLOCK | {"title": string(min=1), "tasks?": items(by_type(TASK_CARD), 0, 50)}),
    }
)

# --- Messages and views ----------------------------------------------------------------------

unique_blocks = unique("block_id", "blocks")
HOME_BLOCKS = EVERYWHERE | CAROUSEL | {"input": input_block(INPUTS)}
MODAL_BLOCKS = EVERYWHERE | ALERT | {"input": input_block(INPUTS | FILE_INPUT)}
# Slack's reference lists `input` for messages; chat.postMessage answers "unsupported type: input".
MESSAGE_BLOCKS = EVERYWHERE | IN_MESSAGES

BLOCKS_OF = {
    "message": fields(
        {"blocks": items(by_type(MESSAGE_BLOCKS), 0, 50)},
        unique_blocks,
        at_most(1, "table"),
        at_most(2, "data_visualization"),
        markdown_fits,
    ),
    "modal": fields({"blocks": items(by_type(MODAL_BLOCKS), 0, 100)}, unique_blocks),
    "home": fields({"blocks": items(by_type(HOME_BLOCKS), 0, 100)}, unique_blocks),
}
VIEW_FIELDS = {
    "callback_id?": string(255),
    "external_id?": string(255),
    "private_metadata?": string(3000),
}
VIEW = by_type(
    {
        "modal": typed(
            VIEW_FIELDS
            | {
                "title": plain_text(24),
                "blocks": items(by_type(MODAL_BLOCKS), 0, 100),
                "submit?": plain_text(24),
                "close?": plain_text(24),
                "clear_on_close?": flag,
                "notify_on_close?": flag,
            },
            unique_blocks,
            inputs_need_submit,
            one_element_has_focus,
        ),
        "home": typed(
            VIEW_FIELDS | {"blocks": items(by_type(HOME_BLOCKS), 0, 100)},
            unique_blocks,
            one_element_has_focus,
        ),
    }
)
