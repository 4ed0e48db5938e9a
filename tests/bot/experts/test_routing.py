from bot.experts.routing import choose_experts


def test_the_first_two_experts_are_asked():
    assert choose_experts(["U1", "U2", "U3"], asker_id="U9") == ["U1", "U2"]


def test_askers_are_not_asked_their_own_question():
    assert choose_experts(["U1", "U2", "U3"], asker_id="U1") == ["U2", "U3"]


def test_the_unavailable_are_passed_over():
    assert choose_experts(["U1", "U2", "U3"], asker_id="U9", unavailable={"U1", "U3"}) == ["U2"]


def test_whoever_passes_is_followed_by_the_next():
    chosen = choose_experts(
        ["U1", "U2", "U3", "U4"], asker_id="U9", already_asked=["U1", "U2"], passed=["U1"]
    )

    assert chosen == ["U3"]


def test_nobody_more_is_asked_while_enough_are_asked():
    assert choose_experts(["U1", "U2", "U3"], asker_id="U9", already_asked=["U1", "U2"]) == []


def test_nobody_is_asked_again_after_passing():
    assert choose_experts(["U1"], asker_id="U9", already_asked=["U1"], passed=["U1"]) == []


def test_more_may_have_been_asked_than_are_now_asked_at_once():
    asked = ["U1", "U2", "U3"]

    assert choose_experts([*asked, "U4"], asker_id="U9", already_asked=asked, most=1) == []
