"""What somebody's Slack status says: whether they are away. Slack offers "Vacationing" and "Out
sick" in its user's language; others write it as they like."""

import re
from datetime import UTC, datetime

NO_END = datetime(2100, 1, 1, tzinfo=UTC)  # until it says otherwise

EMOJI = (
    "palm_tree",
    "face_with_thermometer",
    "desert_island",
    "baby_bottle",
    "beach_with_umbrella",
)
WORDS = {
    "en": "ooo; out of office; out of the office; vacationing; on vacation; on holiday;"
    "on holidays; on leave; on annual leave; on sick leave; on parental leave; on maternity leave;"
    "on paternity leave; annual leave; parental leave; maternity leave; paternity leave;"
    "sabbatical; out sick; off sick; sick leave; sick day; on pto; pto; day off; off today;"
    "off work; off until; away until; out until; out today; not working; ooto",
    "de": "im urlaub; urlaub bis; auf urlaub; krank; krankgeschrieben; krankgemeldet; abwesend;"
    "nicht im büro; elternzeit; in elternzeit; mutterschutz; ausser haus; ferien bis;"
    "in den ferien",
    "fr": "en vacances; en congé; en congés; en arrêt maladie; arrêt maladie; absent; absente;"
    "hors du bureau; congé maternité; congé parental; malade",
    "es": "de vacaciones; de baja; fuera de la oficina; ausente; enfermo; enferma; de permiso;"
    "baja por enfermedad; baja médica",
    "pt": "de férias; em férias; de licença; fora do escritório; ausente; doente;"
    "licença maternidade; atestado médico; de baixa",
    "it": "in ferie; in vacanza; in malattia; fuori ufficio; assente; in permesso; in maternità;"
    "in congedo; malato; malata",
    "nl": "met vakantie; op vakantie; met verlof; ziek; ziekgemeld; afwezig; niet op kantoor",
    "pl": "na urlopie; urlop do; na zwolnieniu; chory; chora; poza biurem; nieobecny; nieobecna",
    "sv": "på semester; semester till; sjuk; sjukskriven; föräldraledig; ledig idag;ej på kontoret",
    "da": "på ferie; syg; sygemeldt; ikke på kontoret; på barsel",
    "no": "på ferie; syk; sykmeldt; ikke på kontoret; i permisjon",
    "fi": "lomalla; sairaslomalla; sairaana; poissa; vanhempainvapaalla",
    "cs": "na dovolené; dovolená do; nemocný; nemocná; mimo kancelář; na neschopence",
    "tr": "izinde; izinliyim; tatilde; raporlu; ofis dışında",
    "ru": "в отпуске; на больничном; болею; вне офиса; отпуск до; отсутствую",
    "uk": "у відпустці; на лікарняному; хворію; поза офісом",
    "ja": "休暇中; 休暇; 有給; 有休; 病欠; お休み; 不在; 夏休み中; 育休; 産休",
    "zh": "休假; 度假; 放假中; 请假; 請假; 病假; 年假; 不在办公室; 不在辦公室; 产假; 產假",
    "ko": "휴가; 휴가중; 휴가 중; 병가; 부재중; 연차; 육아휴직",
}
# "Back from vacation", "planning our holidays": what says the contrary, or of another time.
CONTRARY = re.compile(
    r"^(i.?m |i am |now )?back\b|\bback from (?!\w* ?\d)|\b(not (on|in|off)|no longer|planning"
    r"|before|days (until|till|to)|(?<!not )working|zurück (aus|vom)|de retour d|de vuelta de"
    r"|di ritorno d|de volta d|terug van)"
)
JOINED = ("ja", "zh", "ko")  # written without spaces


def spaced() -> re.Pattern[str]:
    told = [each for name, words in WORDS.items() if name not in JOINED for each in listed(words)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, told))})(?!\w)")


def listed(words: str) -> list[str]:
    return [" ".join(each.split()) for each in words.split(";")]


SPACED = spaced()
TOGETHER = tuple(each for name in JOINED for each in listed(WORDS[name]))


def is_away(text: str, emoji: str) -> bool:
    """`emoji`: its name, with or without colons."""
    said = " ".join(text.casefold().split())
    if CONTRARY.search(said):
        return False
    if SPACED.search(said) or any(each in said for each in TOGETHER):
        return True
    return emoji.strip(":").partition("::")[0] in EMOJI


def out_until(text: str, emoji: str, expires: int) -> datetime | None:
    """Until when the status says that they are away; None where it does not. `expires`: seconds
    since 1970, 0 for never."""
    if not is_away(text, emoji):
        return None
    ends = 0 < expires < NO_END.timestamp()
    return datetime.fromtimestamp(expires, UTC) if ends else NO_END
