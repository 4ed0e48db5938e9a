"""Topics and channels by pages."""

from bot.community.lists import CHANNELS, JOIN, TOPICS, Item, Page
from handlers.blocks.community.lists import list_modal


def page(which: str, text: str = "x", number: int = 0, count: int = 25) -> Page:
    items = [Item(str(each), text[:80], each, each == 1, each == 2) for each in range(10)]
    return Page(which, tuple(items), number, count, text[:80])


VIEWS = [
    *(
        lambda text, which=which: list_modal(page(which, text))
        for which in (TOPICS, CHANNELS, JOIN)
    ),
    lambda text: list_modal(Page(TOPICS, (), 0, 0, text[:80])),
]


def test_pages_are_turned_where_there_are_more():
    first, last, only = (
        str(list_modal(page(TOPICS, number=number, count=count)))
        for number, count in ((0, 25), (2, 25), (0, 10))
    )

    assert "1 to 10 of 25" in first and "page_on" in first and "page_back" not in first
    assert "21 to 25 of 25" in last and "page_on" not in last and "page_back" in last
    assert "page_on" not in only and "page_back" not in only


def test_a_topic_without_experts_says_that_nobody_is_asked():
    assert "0 experts: nobody will be asked" in str(list_modal(page(TOPICS)))
