"""Slack's limits on blocks and views, as a local Slack must know them."""

import copy
import json
from typing import Any

import pytest

from sandbox.block_kit import blocks_text_length, check_blocks, check_view


def plain(text: str = "Hello") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Hello*") -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a", **more: Any) -> dict[str, Any]:
    return {"text": plain(f"Option {value}"), "value": value, **more}


def button(action_id: str = "open", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Open"), **more}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "options": [option("a"), option("b")], **more}


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def an_input(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "label": plain("Label"), "element": element}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Ask"), "blocks": list(blocks), **more}


def home(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks), **more}


IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"}
CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No")}
CARD = {"type": "card", "title": mrkdwn(), "body": plain(), "icon": IMAGE, "actions": [button()]}
SAID = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "see ", "style": {"bold": True}},
                {"type": "link", "url": "https://example.com", "text": "this"},
                {"type": "user", "user_id": "U1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "team", "team_id": "T1"},
                {"type": "emoji", "name": "wave", "unicode": "1f44b"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#a0b1c2"},
                {"type": "date", "timestamp": 1720710212, "format": "{date_long}"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": []}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}], "border": 1},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
    ],
}
TASK = {
    "type": "task_card",
    "task_id": "t1",
    "title": "Search",
    "status": "complete",
    "details": SAID,
    "sources": [{"type": "url", "url": "https://example.com", "text": "Docs"}],
}
RAW_ROW = [{"type": "raw_text", "text": "a"}, {"type": "raw_number", "text": "1", "value": 1}]
SERIES = {"name": "Asked", "data": [{"label": "May", "value": 3}]}
CHART = {
    "type": "data_visualization",
    "title": "Kudos",
    "chart": {"type": "bar", "series": [SERIES], "axis_config": {"categories": ["May"]}},
}

EVERYWHERE = [
    {"type": "divider", "block_id": "line"},
    {"type": "header", "text": plain()},
    section(block_id="s", fields=[plain(), mrkdwn()], accessory=button(confirm=CONFIRM)),
    {"type": "context", "elements": [mrkdwn(), plain(), IMAGE]},
    {**IMAGE, "title": plain()},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A"},
    SAID,
    CARD,
    {
        "type": "video",
        "title": plain(),
        "video_url": "https://example.com/v",
        "thumbnail_url": "https://example.com/t.png",
        "alt_text": "V",
        "description": plain(),
    },
    actions(
        button(style="primary", value="1", url="https://example.com"),
        select(initial_option=option("b"), placeholder=plain("Choose")),
        {"type": "overflow", "options": [option(url="https://example.com")]},
        {"type": "checkboxes", "options": [{"text": mrkdwn(), "value": "a"}]},
        {"type": "radio_buttons", "options": [option()], "initial_option": option()},
        {"type": "datepicker", "initial_date": "2026-02-28"},
        {"type": "timepicker", "initial_time": "23:59", "timezone": "Africa/Cairo"},
        {"type": "datetimepicker", "initial_date_time": 1628633820},
        {"type": "users_select", "initial_user": "U1"},
        {"type": "conversations_select", "filter": {"include": ["public"]}},
        {"type": "channels_select"},
        {"type": "external_select", "min_query_length": 0},
        {
            "type": "multi_static_select",
            "option_groups": [{"label": plain(), "options": [option()]}],
            "initial_options": [option()],
        },
        {"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 1},
        {"type": "multi_conversations_select"},
        {"type": "multi_channels_select"},
        {"type": "multi_external_select"},
        {
            "type": "workflow_button",
            "text": plain(),
            "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}},
        },
    ),
]
MESSAGE_ONLY = [
    {"type": "markdown", "text": "# Hello"},
    {"type": "file", "external_id": "abc", "source": "remote"},
    {"type": "call", "call_id": "R1"},
    {"type": "table", "rows": [RAW_ROW, [SAID]], "column_settings": [None, {"align": "right"}]},
    {"type": "data_table", "caption": "Kudos", "rows": [RAW_ROW, RAW_ROW], "page_size": 5},
    CHART,
    TASK,
    {"type": "plan", "title": "Plan", "tasks": [TASK]},
    {"type": "container", "title": plain(), "child_blocks": [section()], "width": "wide"},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "positive_button": {"text": plain("+"), "value": "up"},
                "negative_button": {"text": plain("-"), "value": "down"},
            },
            {"type": "icon_button", "icon": "trash", "text": plain("Delete")},
        ],
    },
]
INPUTS = [
    an_input({"type": "plain_text_input", "min_length": 1, "max_length": 3000, "multiline": True}),
    an_input({"type": "email_text_input", "placeholder": plain()}),
    an_input({"type": "url_text_input", "initial_value": "https://example.com"}),
    an_input({"type": "number_input", "is_decimal_allowed": True, "min_value": "-1.5"}),
    an_input({"type": "rich_text_input", "initial_value": SAID}),
    an_input(
        {
            "type": "plain_text_input",
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        }
    ),
    an_input(select()),
]
FILE_INPUT = an_input({"type": "file_input", "filetypes": ["pdf"], "max_files": 10})
CAROUSEL = {"type": "carousel", "elements": [CARD, CARD]}
ALERT = {"type": "alert", "text": mrkdwn(), "level": "warning"}

ON = {
    "message": [*EVERYWHERE, *MESSAGE_ONLY, CAROUSEL],
    "modal": [*EVERYWHERE, *INPUTS, FILE_INPUT, ALERT],
    "home": [*EVERYWHERE, *INPUTS, CAROUSEL],
}


def name_of(block: Any) -> str:
    return str(block["type"]) if isinstance(block, dict) and "type" in block else ""


@pytest.mark.parametrize("surface", ON)
def test_every_block_slack_has_is_accepted_where_slack_takes_it(surface):
    assert check_blocks(ON[surface], surface=surface) == []


@pytest.mark.parametrize(
    ("surface", "block"),
    [
        *[("message", block) for block in (*INPUTS, ALERT)],
        *[("modal", block) for block in (*MESSAGE_ONLY, CAROUSEL)],
        *[("home", block) for block in (*MESSAGE_ONLY, ALERT)],
    ],
    ids=name_of,
)
def test_a_block_is_refused_on_a_surface_that_does_not_have_it(surface, block):
    assert check_blocks([block], surface=surface) == [
        f"unsupported type: {block['type']} [json-pointer:/blocks/0/type]"
    ]


def test_files_can_be_asked_for_in_modals_only():
    assert check_blocks([FILE_INPUT], surface="home") == [
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]"
    ]


@pytest.mark.parametrize("surface", ON)
def test_a_field_that_slack_does_not_know_is_refused_in_every_block(surface):
    for block in ON[surface]:
        assert check_blocks([{**block, "colour": "red"}], surface=surface) == [
            "invalid additional property: colour [json-pointer:/blocks/0]"
        ]


@pytest.mark.parametrize("surface", ON)
def test_null_in_place_of_any_value_is_refused(surface):
    for block in ON[surface]:
        for name in block:
            problems = check_blocks([{**block, name: None}], surface=surface)
            assert len(problems) == 1, (block["type"], name)
            assert problems[0].endswith(f"[json-pointer:/blocks/0/{name}]")


SENTENCES = [
    # texts
    (section(text=mrkdwn("")), "must be more than 0 characters", "/text/text"),
    (section(text=mrkdwn("x" * 3001)), "must be less than 3001 characters", "/text/text"),
    (section(text="Hello"), "must provide an object", "/text"),
    (section(text={"type": "mrkdwn", "text": 5}), "must provide a string", "/text/text"),
    (section(text={"text": "Hello"}), "missing required field: type", "/text"),
    (section(text={"type": "markdown", "text": "x"}), "unsupported type: markdown", "/text/type"),
    (
        section(text={**mrkdwn(), "emoji": True}),
        "invalid additional property: emoji",
        "/text",
    ),
    ({"type": "header", "text": mrkdwn()}, "unsupported type: mrkdwn", "/text/type"),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters",
        "/text/text",
    ),
    # blocks
    ({"type": "poem"}, "unsupported type: poem", "/type"),
    ({"type": []}, "must provide a string", "/type"),
    ({"text": plain()}, "missing required field: type", ""),
    ("divider", "must provide an object", ""),
    ({"type": "divider", "block_id": "x" * 256}, "must be less than 256 characters", "/block_id"),
    ({"type": "section"}, "must define either `text` or `fields`", "/type"),
    (section(fields=[]), "must provide at least 1 items", "/fields"),
    (section(fields=[plain()] * 11), "no more than 10 items allowed", "/fields"),
    (section(fields=[plain("x" * 2001)]), "must be less than 2001 characters", "/fields/0/text"),
    (section(fields={}), "must provide an array", "/fields"),
    (section(expand="yes"), "must be a boolean", "/expand"),
    (
        {"type": "context", "elements": [plain()] * 11},
        "no more than 10 items allowed",
        "/elements",
    ),
    (
        {"type": "context", "elements": [button()]},
        "unsupported type: button",
        "/elements/0/type",
    ),
    (
        {"type": "image", "image_url": "ftp://example.com/a.png", "alt_text": "A"},
        "invalid url",
        "/image_url",
    ),
    (
        {"type": "image", "alt_text": "A"},
        "must define either `image_url` or `slack_file`",
        "/type",
    ),
    (
        {**IMAGE, "slack_file": {"id": "F1"}},
        "cannot define both `image_url` and `slack_file`",
        "",
    ),
    ({"type": "image", "image_url": "https://e.com/a"}, "missing required field: alt_text", ""),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters", "/text"),
    ({"type": "card", "subtitle": plain()}, None, "/type"),
    ({**CARD, "actions": [button(i) for i in "abcd"]}, "no more than 3 items allowed", "/actions"),
    ({**CARD, "slack_icon": {"type": "icon", "name": "map"}}, None, ""),
    ({**TASK, "status": "done"}, "must be a valid enum value", "/status"),
    ({**TASK, "title": plain()}, "must provide a string", "/title"),
    ({"type": "table", "rows": [RAW_ROW] * 101}, "no more than 100 items allowed", "/rows"),
    # elements
    (actions(), "must provide at least 1 items", "/elements"),
    (actions(*[button(str(i)) for i in range(26)]), "no more than 25 items allowed", "/elements"),
    (
        actions({"type": "plain_text_input"}),
        "unsupported type: plain_text_input",
        "/elements/0/type",
    ),
    (actions(button(style="default")), "must be a valid enum value", "/elements/0/style"),
    (actions(button(url="example.com")), "invalid url", "/elements/0/url"),
    (
        actions(button(value="x" * 2001)),
        "must be less than 2001 characters",
        "/elements/0/value",
    ),
    (
        actions(button(action_id="x" * 256)),
        "must be less than 256 characters",
        "/elements/0/action_id",
    ),
    (
        actions(button(text=plain("x" * 76))),
        "must be less than 76 characters",
        "/elements/0/text/text",
    ),
    (
        actions(button(block_id="b")),
        "invalid additional property: block_id",
        "/elements/0",
    ),
    (
        section(accessory=button(confirm={**CONFIRM, "deny": plain("x" * 31)})),
        "must be less than 31 characters",
        "/accessory/confirm/deny/text",
    ),
    (
        section(accessory=button(confirm={"text": mrkdwn(), "title": plain(), "deny": plain()})),
        "missing required field: confirm",
        "/accessory/confirm",
    ),
    (
        actions(button("same"), button("same")),
        '`action_id` "same" already exists',
        "/elements/1/action_id",
    ),
    # options
    (section(accessory=select(options=[])), "must provide at least 1 items", "/accessory/options"),
    (
        section(accessory=select(options=[option(str(i)) for i in range(101)])),
        "no more than 100 items allowed",
        "/accessory/options",
    ),
    (
        section(accessory=select(options=[option("a"), option("a")])),
        '`value` "a" already exists',
        "/accessory/options/1/value",
    ),
    (
        section(accessory=select(options=[option("x" * 151, text=plain())])),
        "must be less than 151 characters",
        "/accessory/options/0/value",
    ),
    (
        section(accessory=select(options=[option(text=mrkdwn())])),
        "unsupported type: mrkdwn",
        "/accessory/options/0/text/type",
    ),
    (
        section(accessory=select(options=[option(url="https://e.com")])),
        "invalid additional property: url",
        "/accessory/options/0",
    ),
    (
        section(accessory=select(initial_option=option("c"))),
        "must be among the provided options",
        "/accessory/initial_option",
    ),
    (
        section(accessory=select(initial_option=option("a", text=plain("Other")))),
        "must be among the provided options",
        "/accessory/initial_option",
    ),
    (
        section(accessory={"type": "static_select"}),
        "must define either `options` or `option_groups`",
        "/accessory/type",
    ),
    (
        section(accessory={"type": "datepicker", "initial_date": "28.2.2026"}),
        None,
        "/accessory/initial_date",
    ),
    # rich text
    (
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
        },
        "must be more than 0 characters",
        "/elements/0/elements/0/text",
    ),
    # charts
    (
        {**CHART, "chart": {**CHART["chart"], "series": [SERIES, SERIES]}},  # type: ignore[dict-item]
        '`name` "Asked" already exists',
        "/chart/series/1/name",
    ),
    (
        {**CHART, "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}},
        "must be greater than 0",
        "/chart/segments/0/value",
    ),
]


@pytest.mark.parametrize(("block", "sentence", "pointer"), SENTENCES)
def test_slack_says_what_is_wrong_and_where(block, sentence, pointer):
    problems = check_blocks([block], surface="message")

    assert len(problems) == 1
    said, where = problems[0].split(" [json-pointer:")
    assert where == f"/blocks/0{pointer}]"
    assert sentence is None or said == sentence


def test_all_problems_are_told_at_once():
    blocks = [section(text=mrkdwn("")), {"type": "divider"}, {"type": "header"}]

    assert check_blocks(blocks, surface="message") == [
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        "missing required field: text [json-pointer:/blocks/2]",
    ]


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_holds_so_many_blocks_and_no_more(surface, most):
    assert check_blocks([section()] * most, surface=surface) == []
    assert check_blocks([section()] * (most + 1), surface=surface) == [
        f"no more than {most} items allowed [json-pointer:/blocks]"
    ]


def test_block_ids_are_unique_on_a_surface():
    assert check_blocks([section(block_id="a"), section(block_id="a")], surface="message") == [
        '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]'
    ]


def test_the_same_action_id_may_be_used_in_two_blocks():
    assert check_blocks([actions(button("a")), actions(button("a"))], surface="message") == []


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        ([MESSAGE_ONLY[3], MESSAGE_ONLY[3]], "/blocks/1"),
        ([CHART, CHART, CHART], "/blocks/2"),
        ([{"type": "markdown", "text": "x" * 6_001}] * 2, "/blocks"),
    ],
    ids=["one table", "two charts", "12,000 characters of markdown"],
)
def test_a_message_has_limits_over_all_its_blocks(blocks, pointer):
    assert check_blocks(blocks[:-1], surface="message") == []
    (problem,) = check_blocks(blocks, surface="message")
    assert problem.endswith(f"[json-pointer:{pointer}]")


def test_blocks_may_be_json_text():
    assert check_blocks(json.dumps([section()]), surface="message") == []
    assert check_blocks(json.dumps([{"type": "header"}]), surface="message") == [
        "missing required field: text [json-pointer:/blocks/0]"
    ]


@pytest.mark.parametrize("blocks", [None, {}, 5, "", "[", "{}", "null", "[" * 100_000, '"[]"'])
def test_what_is_no_list_of_blocks_is_refused(blocks):
    assert check_blocks(blocks, surface="message") == [
        "must provide an array [json-pointer:/blocks]"
    ]


# Views


@pytest.mark.parametrize(
    "view",
    [
        modal(*ON["modal"], submit=plain(), close=plain(), callback_id="ask", notify_on_close=True),
        modal(section(), private_metadata="x" * 3000),
        home(*ON["home"], external_id="home-U1"),
        json.dumps(home(section())),
    ],
    ids=["modal", "modal without inputs", "home", "JSON text"],
)
def test_a_view_that_slack_takes_has_no_problems(view):
    assert check_view(view) == []


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        ({"type": "home"}, "missing required field: blocks [json-pointer:/view]"),
        ({"type": "page"}, "unsupported type: page [json-pointer:/view/type]"),
        ({"blocks": []}, "missing required field: type [json-pointer:/view]"),
        ([], "must provide an object [json-pointer:/view]"),
        ("{", "must provide an object [json-pointer:/view]"),
        (
            modal(title=plain("x" * 25)),
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        (modal(title=mrkdwn()), "unsupported type: mrkdwn [json-pointer:/view/title/type]"),
        (
            modal(submit=plain("x" * 25)),
            "must be less than 25 characters [json-pointer:/view/submit/text]",
        ),
        (modal(close="No"), "must provide an object [json-pointer:/view/close]"),
        (
            modal(private_metadata="x" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (
            modal(callback_id="x" * 256),
            "must be less than 256 characters [json-pointer:/view/callback_id]",
        ),
        (
            modal(submit_disabled=True),
            "invalid additional property: submit_disabled [json-pointer:/view]",
        ),
        (home(title=plain()), "invalid additional property: title [json-pointer:/view]"),
        (home(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (
            modal(section(), INPUTS[0]),
            "must define `submit` to use an `input` block in modals "
            "[json-pointer:/view/blocks/1/input]",
        ),
        (
            home(section(block_id="a"), section(block_id="a")),
            '`block_id` "a" already exists [json-pointer:/view/blocks/1/block_id]',
        ),
        (
            modal(an_input({"type": "plain_text_input", "min_length": 9, "max_length": 3})),
            "must be greater than `min_length` [json-pointer:/view/blocks/0/element/max_length]",
        ),
    ],
)
def test_slack_says_what_is_wrong_with_a_view(view, problem):
    if isinstance(view, dict) and "`submit`" not in problem and view.get("type") == "modal":
        view = {"submit": plain(), **view}

    assert check_view(view) == [problem]


def test_one_element_of_a_view_has_the_focus():
    focused = select(focus_on_load=True)

    assert check_view(home(an_input(focused), section(accessory=select()))) == []
    assert check_view(home(an_input(focused), actions(select(), focused))) == [
        "only one element can set `focus_on_load` "
        "[json-pointer:/view/blocks/1/elements/1/focus_on_load]"
    ]


# The length of a message


def test_the_text_length_counts_what_people_read_and_no_identifiers():
    blocks = [
        section(text=mrkdwn("12345"), block_id="not counted"),
        actions(button("not counted", text=plain("678"), value="not counted")),
        {**IMAGE, "alt_text": "90"},
    ]

    assert blocks_text_length(blocks) == 10
    assert blocks_text_length(json.dumps(blocks)) == 10


def test_checking_leaves_the_blocks_as_they_were():
    blocks = copy.deepcopy(ON["message"])

    check_blocks(blocks, surface="message")

    assert blocks == ON["message"]
