"""Choosing where one stays out."""

from bot.privacy.staying_out import Place
from handlers.blocks.privacy.staying_out import staying_out_modal

MANY = [Place(f"C{each}", "a" * 80, each % 2 == 0) for each in range(150)]
VIEWS = [
    lambda text: staying_out_modal(MANY, is_everywhere=True),
    lambda text: staying_out_modal([], is_everywhere=False),
]


def test_what_holds_is_chosen_already():
    view = staying_out_modal([Place("C1", "dock", True)], is_everywhere=False)

    assert "'initial_options': [{'text'" in str(view["blocks"][2])
    assert "initial_options" not in str(view["blocks"][1])
