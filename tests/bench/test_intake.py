from types import SimpleNamespace

import pytest

from bench import intake
from bench._bot_process import BotProcess, cards_in
from bot.detection import asks_something


def test_what_is_built_in_asks_or_does_not_ask_as_it_says():
    assert all(asks_something(text) for text in intake.ASKING)
    assert not any(asks_something(text) for text in intake.TALKING)


def test_nobody_asks_twice_in_a_channel_or_talks_there_as_well():
    rounds = intake.MESSAGES // intake.ONE_IN
    places = {(turn // intake.CHANNELS, turn % intake.CHANNELS) for turn in range(rounds)}

    assert len(places) == rounds


def test_a_file_needs_both_kinds_of_texts(tmp_path):
    data = tmp_path / "texts.txt"
    data.write_text("How do I reset my password?\n\nGood morning\n")
    assert intake.read(data).talking == ["Good morning"]

    data.write_text("Good morning\n")
    with pytest.raises(ValueError, match="at least one text"):
        intake.read(data)


async def test_a_process_was_up_only_between_connecting_and_its_end(tmp_path):
    slack = SimpleNamespace(bot_token="xoxb-", app_token="xapp-", api_url="http://127.0.0.1/")
    bot = BotProcess(slack, tmp_path)
    bot.up = [(1.0, 2.0), (4.0, 5.0)]

    assert bot.was_up(1.1, 1.9)
    assert not bot.was_up(1.9, 4.1)  # it was killed in between
    assert not bot.was_up(2.5, 3.0)


def test_every_message_of_the_bot_in_a_thread_counts_as_a_card():
    said = [SimpleNamespace(user=user) for user in ("U_ASKER", "U_BOT", "U_BEN", "U_BOT")]
    channel = SimpleNamespace(thread=lambda ts: said)

    assert cards_in(SimpleNamespace(bot_user_id="U_BOT"), channel, "1.1") == 2
