"""Whether a question says too little to be answered: that something is wrong, or that help is
wanted, but hardly of what.

A hint that is not needed annoys, so whatever could tell an expert more counts against it: a
number, code, a link, a quotation, a script we do not read; two words that say what it is
about; one, in a sentence that asks something definite ("Where is the canteen?")."""

import re

from bot.detection.prose import BROADCASTS, EMOJI, MENTION
from bot.detection.reading import Sentence, read
from bot.detection.words import fold, parted

LONGEST = 300  # characters; who writes more says something
ENOUGH_WORDS = 2
ENOUGH_CJK_CHARACTERS = 2  # a word

# Digits, code, quotations, links and channels, files, options; and what points at a message above.
TELLING = re.compile(
    r"[\d`“”„«»「『\"\\{}\[\]=|#^]|'\(|\(\)|<[#a-z]|&[lg]t;|https?:|\w[./_]\w|[a-z][A-Z]|"
    r"\(\w+ \w|(?:^|\s)-\w|(?i:\babove\b)"
)
NOT_LATIN = re.compile(r"[^\W\d_\u0041-\u024f\u1e00-\u1eff]")

# Words that say that something is wrong or wanted, and how, but not what it is about.
VAGUE = frozenset(
    part
    for word in (
        # English
        "a about advice after again all already also always am an and another any anybody "
        "anymore anyone anything anyways appreciated are around as asap ask asking assist "
        "assistance at be because been before being bit broken bug but by can can't cannot "
        "certain clue colleague could couldn't crash crashed crashes crashing dead did didn't "
        "do does doesn't doing don't down else error errors ever every everybody everyone "
        "everything experts fail failed failing fails fine fix fixed folks for from get gets "
        "getting give go goes good got guidance guys had happen happened happening happens has "
        "have haven't having he hello help helped helping helps her here hey hi hint hints his "
        "how i i'd i'll i'm i've idea ideas if in into is isn't issue issues it it's its just "
        "kind kindly know let like little load loads make maybe me mine more morning much my "
        "need needs no nobody not nothing now of off ok okay on one open opens or other our out "
        "over people please pls plz possible problem problems question questions quick quickly "
        "really regarding right same see seems she should since so some somebody someone "
        "something sometimes somewhere start starts stop stopped stops strange such suddenly "
        "suggestion suggestions sure team than thank thanks that that's the their them then "
        "there there's these they think this those though thoughts time tips to today together "
        "too tried trouble try trying two unable up urgent urgently us use using very want was "
        "wasn't way we we're weird well went were what what's when where which while who why "
        "will with without won't work worked working works would wrong yes yesterday yet you "
        "your "
        # German
        "aber alle alles auch auf aus bei beim bekomme bin bitte brauche bräuchte da danke das "
        "dass defekt dem den denn der des die dies diese dieser dieses doch dort dringend du "
        "ein eine einem einen einer eines er es etwas fehler fehlermeldung frage fragen "
        "funktioniert für gar geht gerade gestern ging habe haben hat helfen heute hier hilfe "
        "hilft ich idee ihr ihre ihren im immer irgendwas irgendwer ist ja jemand jemanden kann "
        "kaputt kein keine keinen klappt komme können könnt könnte könnten leider läuft mal man "
        "mehr mein meine meinem meinen meiner mich mir mit morgen muss nach nicht nichts noch "
        "nur oder probleme schon sehr seit sich sie sind soll um und uns unser unsere "
        "unterstützung vom von weiss weiß wenn wer wie wieder wir wird wo zu zum zur "
        # French
        "ai aide aider au aucun aujourd'hui aussi autre aux avec avez avoir besoin bonjour c "
        "c'est ce cela ces cette chose comment connaît d d'aide dans de depuis elle en encore "
        "erreur est et faire fait fonctionne fonctionnent il ils j j'ai je l la le les leur lui "
        "m ma mais marche marchent merci mes moi mon n n'arrive ne non nos notre nous ou où par "
        "pas peut peux plait plaît plus pour pourquoi pourrait pourriez pouvez problème qu "
        "quand que quelqu quelqu'un quelque qui quoi s sa sais sait se ses si son sont souci "
        "sur svp t ta te tous tout très tu un une va vos votre vous y ça être "
        # Spanish
        "al algo alguien alguna algún ayer ayuda ayudar ayudarme buenas como con cuando cómo "
        "del desde dónde el ella esta estas este esto estoy está favor funciona funcionan "
        "gracias ha hace hacer hay hola hoy las lo los mi mis muy más nada necesitamos necesito "
        "ni o otra para pero podría por porque problema problemas pueda puede pueden puedo "
        "quien quién qué roto sabe ser sin sirve sobre su sé tenemos tengo tiene todo una "
        "urgente ya yo él "
        # Italian
        "ad aiutare aiutarmi aiuto alcun anche bisogno buongiorno c'è che chi ci ciao cosa dal "
        "dei della di dove e errore fare favore funziona funzionano già gli grazie hanno ho io "
        "mia mio molto nel nella nessuno oggi ora per perché piacere più potete potrebbe può "
        "qualche qualcosa qualcuno quando questa questo riesce riesco serve sono succede uno vi "
        "è "
        # Portuguese
        "agora ajuda ajudar alguem algum alguma alguém ao aqui com consigo dos dúvida ela ele "
        "em erro essa esse estou fazer hoje isso isto já mas meu minha muito na nao não "
        "obrigada obrigado olá onde os pode podem poderia precisamos preciso pro quem sem só "
        "tem tenho tudo uma você "
        # Dutch
        "aan als ben bij dan dank dat deze dit doe doet door een fout foutmelding geen graag "
        "haar heb hebben heeft helpen het hij hoe hulp iemand iets ik jullie kan kapot kunnen "
        "lukt maar meer met mij mijn moet naar nee niet niets nodig nog nu om ook op probleem "
        "problemen tot uit van vandaag veel vraag waar waarom wat weer weet wel werken werkt "
        "wij wil zijn zo zou "
        # Polish
        "ale bardzo bo być błąd co cos coś czegoś cześć czy dla dobry dziala działa dzień "
        "dzisiaj dziękuję dziś jak jakiś jakoś jest już ktos ktoś który mam mnie mogę moje moze "
        "może można mój nic nie od pilne po pod pomoc pomocy pomoze pomoże pomóc potrzebna "
        "potrzebuje potrzebuję problemy prosze proszę się są tylko tym u w wiem wszystko z za "
        "ze że"
    ).split()
    for part in parted(fold(word))
)

# A definite question; "why" and "does anybody know" come with problems too.
DEFINITE = re.compile(
    r"(?:(?:from|to|at|in|for|on|by) )?(?:how|where|when|what(?!'s wrong| is wrong| happen)|"
    r"which|who|whose|"
    r"(?:is|are|was|were|do|does|did|has|have|will|may|can|could|should) "
    r"(?!(?:any|some|every)(?:body|one)|you (?:please )?(?:help|assist)|i (?:get|have) help)|"
    r"wie |wo(?:her|hin)?\b|wann|welche|wer (?!kann|weiss|weiss|kennt)|gibt es|"
    r"comment|ou|quand|quel|combien|(?:como|donde|cuando|cual|cuant|quien (?!sabe|puede))|"
    r"come |dove|quando|qual|quant|onde|quem (?!sabe|pode)|hoe|waar(?!om)|wanneer|welke?|"
    r"jak|gdzie|kiedy|ktory|ile)"
)

CJK_VAGUE = re.compile(
    r"誰か|どなたか|だれか|助けて|手伝って|教えて|困って|困り|お願い|ください|下さい|ヘルプ|問題|エラー|"
    r"トラブル|質問|動きません|動かない|動作しません|できません|できない|わかりません|分かりません|"
    r"うまく|いきません|いかない|します|しました|ました|います|です|ます|どう|すれば|いい|"
    r"请问|請問|大家|有人|有没有人|知道|求助|帮忙|幫忙|帮帮|帮|怎么办|怎麼辦|怎么|不行|不能|不了|用|"
    r"没用|坏了|問題|问题|出错|报错|错误|可以|能|谢谢|怎么回事|一下|"
    r"도와주세요|도와주|주세요|안돼요|안되요|안됩니다|문제|있어요|오류|누가|누구|좀|"
    r"[ぁ-ゖー吗嗎呢吧啊了我这這那它个個有在的是会會來来です私何]"
)


def is_thin(text: str) -> bool:
    """True if this question (mrkdwn) says hardly anything that it could be answered by."""
    if len(text) > LONGEST:
        return False
    bare = EMOJI.sub("", MENTION.sub("", BROADCASTS.sub("", text)))
    if TELLING.search(bare):
        return False
    sentences = read(bare).sentences
    if any(each.is_unspaced for each in sentences):
        return is_thin_in_cjk("".join(word for each in sentences for word in each.words))
    words = {word for each in sentences for word in each.words}
    if NOT_LATIN.search(" ".join(words)):
        return False
    about = words - VAGUE
    if len(about) >= ENOUGH_WORDS:
        return False
    return not about or not any(map(is_definite, sentences))


def is_definite(sentence: Sentence) -> bool:
    return DEFINITE.match(" ".join(sentence.words)) is not None


def is_thin_in_cjk(said: str) -> bool:
    left = CJK_VAGUE.sub("", said)
    return len(re.findall(r"\w", left)) < ENOUGH_CJK_CHARACTERS
