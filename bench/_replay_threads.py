"""A few threads of a made-up company, in the form that the benchmark `replay` reads."""

from typing import Any


def thread(number: int, *lines: str) -> dict[str, Any]:
    """Each line is `person: text`; threads are an hour apart, posts one minute."""
    posts = []
    for minute, line in enumerate(lines):
        person, _, text = line.partition(": ")
        posts.append({"u": person, "t": f"2025-03-03T{8 + number:02}:{minute:02}:00", "x": text})
    return {"id": number, "posts": posts}


THREADS = [
    thread(
        0,
        "ana: How do I correct the tariff code on a rejected customs form T1?",
        "ben: Open the form, press Amend and enter the new code, then resend it.",
        "ana: thanks <@ben>, that worked!",
    ),
    thread(
        1,
        "cho: The label printer on dock 4 prints blank labels, any idea why?",
        "dee: Is the ribbon in the right way round?",
        "cho: yes, I checked",
        "ben: Run the calibration from its menu, it loses that after a power cut.",
        "cho: Thank you, printing again",
    ),
    thread(
        2,
        "eli: Does anybody know where the holiday calendar for 2026 is?",
        "ana: On the HR page, under Downloads.",
    ),
    thread(3, "dee: FYI the cafeteria closes at two today."),
    thread(
        4,
        "ben: I get `E-4711 location locked` when I scan pallets in zone C. What can I do?",
        "eli: Somebody has to close the open stock count of that zone first.",
        "ben: still doesn't work after that",
        "fay: Then log off the scanner and on again, it keeps the old lock.",
        "ben: that did it, thanks",
    ),
    thread(
        5,
        "fay: Who can approve travel to the Oslo office?",
        "cho: Your team lead, in the travel tool.",
        "fay: perfect, thx",
    ),
    thread(
        6,
        "cho: How can I change the delivery address after an order has shipped?",
        "dee: You can't, the carrier has to; call them with the tracking number.",
        "ana: Or use the carrier's redirect page, that is faster.",
        "cho: The redirect page works, thanks <@ana>",
    ),
    thread(
        7,
        "ana: The VPN drops every ten minutes since the update. Is there a fix?",
        "fay: I have that too",
        "ana: Thanks in advance for any hint",
    ),
    thread(8, "eli: Good morning all :sunny:", "fay: Morning!"),
    thread(
        9,
        "dee: Is there a template for a customs declaration to Norway?",
        "ben: Yes, in the shared folder, ‘Norway-2025’.",
        "dee: got it, thank you!",
    ),
    thread(
        10,
        "eli: Can someone reset my password for the planning tool please?",
        "cho: Use the link “forgotten” on its front page, it takes a minute.",
        "eli: Cheers, works now",
    ),
    thread(
        11,
        "fay: How do I give somebody read access to the billing reports?",
        "dee: Add them to the group billing-readers; it needs an hour.",
    ),
]
