"""The sample community: its data keeps its own rules, and every question is heard."""

from itertools import pairwise

import pytest

from bot.detection import asks_something
from sandbox import Sandbox
from sandbox.community import Community, load_tour, span

MANIFEST = {"display_information": {"name": "Nobody"}}


@pytest.fixture(scope="module")
def community() -> Community:
    return Community(Sandbox(MANIFEST))


def test_every_question_asks_something_and_no_chatter_does(community: Community):
    told = community.told
    asked = [each["text"] for each in [*told["threads"], *told["open"]]]

    assert [text for text in asked if not asks_something(text)] == []
    assert [line["text"] for line in told["chatter"] if asks_something(line["text"])] == []


def test_whoever_acts_in_a_channel_is_in_it(community: Community):
    for thread in [*community.told["threads"], *community.told["open"]]:
        members = community.channels[thread["channel"]].members
        replies = thread.get("replies", [])
        helped = [name for reply in replies for name in reply.get("helped", [])]
        names = {thread["by"], *(reply["by"] for reply in replies), *helped}
        assert {community.people[name].id for name in names} <= members.keys(), thread["text"]


def test_replies_are_told_in_their_order_and_nobody_solves_their_own(community: Community):
    for thread in community.told["threads"]:
        replies = thread.get("replies", [])
        assert all(span(a["after"]) < span(b["after"]) for a, b in pairwise(replies))
        for reply in replies:
            if reply.get("solution"):
                assert reply["by"] not in (thread["by"], *reply.get("helped", []))


def test_the_private_channel_keeps_out_who_shows_the_privacy(community: Community):
    private = community.channels["customs-brokers"]

    assert private.is_private
    assert (
        not {community.people[name].id for name in ("bob", "ana", "zoe")} & private.members.keys()
    )


def test_the_tour_names_people_and_places_that_are_there(community: Community):
    for step in load_tour():
        person = community.people[step["as"]]
        if step["channel"] != "direct":  # the conversation with the app
            assert person.id in community.channels[step["channel"]].members
