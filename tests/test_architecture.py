"""The shape of the house, and that each of its rules can be broken.

The rules read the sources (`tests/architecture/`). Each is shown to be red for a house that
breaks it: this one with one change."""

import re
from collections.abc import Callable

import pytest

from tests.architecture import rules
from tests.architecture.house import House, read_house

Change = Callable[[House], House]


@pytest.fixture(scope="module")
def house() -> House:
    return read_house()


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule_that(house: House, rule: rules.Rule):
    assert rule(house) == set()


def plus(path: str, text: str) -> Change:
    """With that at the end of this file, which may be a new one."""

    def change(house: House) -> House:
        before = [each.text for each in house.modules.values() if each.path == path]
        return house.with_file(path, "".join(before) + text)

    return change


def minus(path: str, pattern: str) -> Change:
    """With nothing in the one place of this file that looks like that."""

    def change(house: House) -> House:
        (before,) = [each.text for each in house.modules.values() if each.path == path]
        after, places = re.subn(pattern, "...", before, flags=re.MULTILINE)
        assert places == 1
        return house.with_file(path, after)

    return change


def without(path: str) -> Change:
    return lambda house: house.without_file(path)


BROKEN: tuple[tuple[rules.Rule, Change, str], ...] = (
    (
        rules.every_modal_is_listened_to,
        minus("handlers/questions/ask.py", r"app\.view\(.*"),
        "nothing listens to the modal ask",
    ),
    (
        rules.every_modal_is_listened_to,
        minus("handlers/finding/find.py", r"app\.view\(.*"),
        "nothing listens to the modal search",
    ),
    (
        rules.every_modal_is_listened_to,
        minus("handlers/experts/topic_window.py", r"app\.view\(.*"),
        "nothing listens to the modal topic",
    ),
    (
        rules.every_modal_is_listened_to,
        minus("handlers/experts/availability.py", r"app\.view\(.*"),
        "nothing listens to the modal availability",
    ),
    (
        rules.every_modal_is_listened_to,
        plus("handlers/blocks/questions/ask.py", 'OLD = {"callback_id": "ask_" + CALLBACK}\n'),
        "handlers/blocks/questions/ask.py shows 'ask_' + CALLBACK, which is unknown",
    ),
    (
        rules.every_button_is_listened_to,
        minus("handlers/finding/find.py", r"app\.action\(MORE\).*"),
        "nothing listens to the action find_more",
    ),
    (
        rules.every_button_is_listened_to,
        minus("handlers/blocks/questions/suggestions.py", r"button\(none, NONE, [^)]*\)"),
        "nothing says the action suggestions_wrong that is listened to",
    ),
    (
        rules.every_listener_can_be_told,
        plus(
            "handlers/questions/ask.py", 'def more(app):\n    app.action("ask" + MORE)(on_asked)\n'
        ),
        "handlers/questions/ask.py listens to 'ask' + MORE: name it by a constant",
    ),
    (
        rules.the_manifest_and_the_listeners_agree,
        minus("handlers/finding/find.py", r"app\.command\(.*"),
        "nothing listens to the command /find",
    ),
    (
        rules.the_manifest_and_the_listeners_agree,
        plus("handlers/people.py", 'def more(app):\n    app.event("team_join")(on_user_changed)\n'),
        "nothing says the event team_join that is listened to",
    ),
    (
        rules.what_is_owed_is_delivered,
        minus("handlers/recognition/personal.py", r"^KINDS.*"),
        "nobody delivers personal_digest, which is owed",
    ),
    (
        rules.every_feature_is_joined,
        plus("handlers/finding/forgotten.py", "def register(app):\n    pass\n"),
        "handlers/finding/forgotten.py has register, and is none of the FEATURES",
    ),
    (
        rules.only_the_store_knows_sql,
        plus("bot/finding/find.py", "from sqlalchemy import select\n"),
        "bot/finding/find.py imports sqlalchemy.select",
    ),
    (
        rules.imports_go_inwards,
        plus("bot/finding/find.py", "from handlers import slack\n"),
        "bot/finding/find.py imports handlers.slack",
    ),
    (
        rules.imports_go_down_the_wings,
        plus("bot/recognition/kudos.py", "from bot.experts.topics import find_topic\n"),
        "bot/recognition/kudos.py imports bot.experts.topics",
    ),
    (
        rules.imports_go_down_the_wings,
        plus("handlers/people.py", "from bot.community.home import get_home\n"),
        "handlers/people.py imports bot.community.home",
    ),
    (
        rules.imports_go_down_the_wings,
        plus("storage/outbox.py", "from storage.questions import answers\n"),
        "storage/outbox.py imports storage.questions.answers",
    ),
    (
        rules.blocks_are_pure,
        plus("handlers/blocks/questions/ask.py", "from handlers.slack import Slack\n"),
        "handlers/blocks/questions/ask.py imports handlers.slack",
    ),
    (
        rules.nothing_imports_itself_in_a_circle,
        plus("storage/types.py", "import storage.tables.base\n"),
        "storage.tables.base imports storage.types imports storage.tables.base",
    ),
    (
        rules.every_layer_has_the_same_wings,
        without("storage/community/__init__.py"),
        "storage has no wing community",
    ),
    (
        rules.tests_carry_the_name_of_what_they_test,
        plus("tests/bot/experts/test_ask.py", ""),
        "tests/bot/experts/test_ask.py is named after no room of the house",
    ),
    (
        rules.a_feature_has_one_word,
        plus("handlers/finding/lookup.py", ""),
        "handlers/finding/lookup.py has no bot/finding/lookup.py",
    ),
    (
        rules.only_the_entry_point_reads_the_environment,
        plus("handlers/slack.py", "import os\n"),
        "handlers/slack.py imports os",
    ),
    (
        rules.what_reports_to_its_maker_is_silenced_first,
        plus("storage/search/meaning.py", "import onnxruntime\n"),
        "storage/search/meaning.py imports onnxruntime",
    ),
    (
        rules.only_the_edges_read_the_clock,
        plus("bot/hours.py", "STARTED_AT = datetime.now(UTC)\n"),
        "bot/hours.py reads the clock",
    ),
    (
        rules.no_use_case_ends_its_transaction,
        plus("bot/hours.py", "async def save(session):\n    await session.commit()\n"),
        "bot/hours.py says commit()",
    ),
    (
        rules.nothing_but_the_session_is_awaited_in_a_transaction,
        plus(
            "handlers/slack.py",
            "async def post(sessions, slack):\n"
            "    async with sessions.begin() as session:\n"
            "        await slack.post(await get_card(session))\n",
        ),
        "handlers/slack.py awaits slack.post in a transaction",
    ),
)


@pytest.mark.parametrize(
    ("rule", "change", "said"), [pytest.param(*each, id=each[2]) for each in BROKEN]
)
def test_a_house_that_breaks_a_rule_is_told_so(
    house: House, rule: rules.Rule, change: Change, said: str
):
    told = {re.sub(r":\d+", "", line) for line in rule(change(house))}

    assert told == {said}


def test_there_is_no_rule_that_cannot_be_broken():
    assert {rule for rule, _, _ in BROKEN} == set(rules.RULES)
