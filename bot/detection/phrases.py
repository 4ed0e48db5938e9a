"""What asking, and not asking, sounds like: patterns for one lower-case sentence.

Every repetition in them is bounded, so that matching takes linear time.
"""

import re

Pattern = re.Pattern[str]


def _phrases(*phrases: str) -> Pattern:
    """Any of these, as whole words, anywhere in a sentence."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)")


def _openings(*phrases: str) -> Pattern:
    """Any of these, as whole words, at the start of a sentence."""
    return re.compile(rf"(?:{'|'.join(phrases)})(?![\w-])")


# --- Asking outright: a question wherever it stands

_SOMEBODY = r"(?:anyone|anybody|someone|somebody|any of you|people|folks|everyone)"

REQUESTS = _phrases(
    # English: to the whole room
    rf"(?:does|do|did|has|have|is|are|can|could|would|will|might) {_SOMEBODY}",
    r"(?<!if )(?<!in case )(?:anyone|anybody) (?:know|knows|here|else|have|has|had|got|seen|"
    r"ever|tried|using|used|able|familiar|experienced?|run into|around who|who (?:knows|can|"
    r"could))",
    rf"(?:wondering|hoping|wonder|see) if {_SOMEBODY}",
    r"any (?:ideas?|suggestions?|recommendations?|pointers?|hints?|tips|advice|thoughts on|"
    r"help|guidance|insights?|workarounds?|(?:\w+ )?(?:experts?|wizards?|users?) (?:here|in|"
    r"around))",
    r"(?:can|could|would|will) you (?:please|kindly|possibly)",
    r"(?:please|pls|plz) (?:help|advise|assist|explain|tell me|let me know how)",
    r"(?:can|could|would) you (?:help|assist|advise)|(?:may|can|could) i ask",
    r"(?:help|assist) (?:me|us),? (?:please|out|with|to|understand|find|fix|solve|figure)",
    r"(?:dumb|stupid|silly|newbie|noob|beginner|naive|basic|quick|trivial|simple|small|"
    r"short) (?:\w+ ){0,2}questions?(?: |$)(?!is |was )",
    r"^help(?: please| needed| wanted)?$",
    # English: for oneself
    r"how (?:do|can|could|should|would|might|am|are|did|does) (?:i|we|one)",
    r"(?:what|where|when|why|which \w+) (?:do|can|could|should|would|am|can't|don't|"
    r"must) (?:i|we)",
    r"(?:is|are) there (?:already )?(?:a|an|any|some|other)(?: \w+){0,3} (?:way|ways|tool|"
    r"docs?|documentation|guide|example|examples|alternative|chance|place|plan)",
    r"(?:is|would) it (?:be )?possible",
    r"what(?:'s| is| are| would be) the (?:\w+ )?(?:best|right|proper|correct|easiest|"
    r"simplest|preferred|recommended|canonical|idiomatic|usual|current) ",
    r"i(?:'m| am|'ve been|'d| was| would)? (?:just |also )?(?:wondering|curious|"
    r"wonder) (?:if|how|whether|what|why|about|where|which|who)",
    r"(?:^|was |just |been )wondering (?:if|how|whether|what|why|about|where|which)",
    r"(?:i|we)(?:'m| am|'ll| will| would| could| do| really)* need (?:some |your |"
    r"a bit of )?(?:help|advice|assistance|guidance|support)",
    r"^(?:need|needing) (?:some |your |a bit of |a )?(?:help|advice|assistance|hand|"
    r"guidance)",
    r"(?:could|can) use (?:some |a )?(?:help|advice|hand|guidance)",
    r"help (?:would be |is |much |greatly )*(?:appreciated|needed|welcome)",
    r"(?:i|we)(?:'ve| have|'ve got| got| had| do have)* (?:a|another|some|one|two|"
    r"a couple(?: of)?|a few) (?:more )?(?:\w+ ){0,2}(?:questions?|request)",
    r"^(?:a |one |another )?(?:\w+ ){0,2}questions? (?:about|on|regarding|concerning|for|re)",
    r"(?:expected|actual) (?:behaviou?r|results?) ?:",  # the template of a bug report
    r"what am i (?:missing|doing|not|misunderstanding|overlooking)",
    r"am i (?:missing|doing|misunderstanding|overlooking|right to|allowed|supposed)",
    r"(?:point|direct) (?:me|us) (?:to|in|at|towards?)",
    r"(?:tell|explain to|show) me (?:how|why|what|where|who|whether|if)(?! you)",
    r"(?:i'm|i am|we're|we are) (?:currently |still )?(?:looking|searching|hoping) for",
    r"^looking for",
    # German
    r"(?:weiß|weiss|kennt|kann|hat|könnte|ist) (?:hier )?(?:jemand|wer|irgendwer)",
    r"(?:brauche|bräuchte|brauchen|suche) (?:\w+ ){0,2}(?:hilfe|rat|unterstützung)",
    r"wie (?:kann|muss|soll|komme|mache|bekomme|kriege) (?:ich|man|wir)",
    r"(?:hat|habt) (?:\w+ ){0,2}(?:eine idee|einen tipp)",
    r"ich (?:frage mich|suche|habe (?:eine|mal eine|noch eine|da eine) frage)",
    # French
    r"(?:est-ce que )?quelqu'un (?:sait|saurait|connaît|connait|peut|pourrait|a|aurait|ici)",
    r"(?:besoin d'aide|besoin d'un coup de main|une idée \?|je me demande|je cherche|"
    r"j'ai une question|j'aurais une question)",
    r"comment (?:faire|puis-je|peut-on|on fait|je (?:peux|fais|dois))",
    r"(?:pouvez-vous|pourriez-vous|peux-tu|pourrais-tu) (?:m'|nous |me )",
    # Spanish
    r"(?:alguien|alguno) (?:sabe|puede|podría|conoce|tiene|ha|me|nos)",
    r"(?:necesito|necesitamos|busco) (?:\w+ )?(?:ayuda|una mano|información)",
    r"(?:cómo|como) (?:puedo|podemos|se puede|hago|se hace|debo)",
    r"(?:tengo una (?:pregunta|duda|consulta)|me pregunto|alguna (?:idea|sugerencia))",
    # Italian
    r"(?:qualcuno|nessuno) (?:sa|può|puo|potrebbe|conosce|ha|mi|riesce)",
    r"(?:ho bisogno di|mi serve|cerco) (?:\w+ )?(?:aiuto|una mano|supporto)",
    r"come (?:posso|possiamo|si (?:può|fa|puo)|faccio|devo)",
    r"(?:ho una domanda|mi chiedo|qualche (?:idea|suggerimento))",
    # Portuguese
    r"(?:alguém|alguem) (?:sabe|pode|poderia|conhece|tem|já|me)",
    r"(?:preciso|precisamos) de (?:\w+ )?(?:ajuda|uma mão|apoio)",
    r"como (?:posso|podemos|faço|faco|se faz|devo|eu)",
    r"(?:tenho uma (?:pergunta|dúvida|duvida)|alguma (?:ideia|sugestão))",
    # Dutch
    r"(?:weet|kan|heeft|kent|is er) (?:hier )?iemand",
    r"(?:heb|hebben) (?:\w+ )?hulp nodig|hulp gevraagd|ik heb een vraag|ik vraag me af",
    r"hoe (?:kan|moet|krijg|kom|doe) (?:ik|je|we)",
    # Polish
    r"(?:czy )?(?:ktoś|ktos) (?:wie|może|moze|zna|ma|miał|mógłby|umie)",
    r"(?:potrzebuję|potrzebuje|proszę o|prosze o|szukam) (?:\w+ )?(?:pomocy|pomoc|rady)",
    r"(?:jak (?:mogę|moge|można|mozna|zrobić)|mam (?:\w+ )?pytanie|zastanawiam się)",
)

CLOSING_APPEALS = re.compile(
    r"(?:but |and )?(?:why|how|(?:any )?(?:thoughts|ideas|suggestions|advice|tips|hints|"
    r"clues?|help)|what now|is (?:this|that|it) (?:a bug|expected|normal|true|right|correct|"
    r"possible)|warum|wieso|ideen|pourquoi|une idée|por qué|ideas|perché|idee|por quê|"
    r"ideias|waarom|ideeën|dlaczego|pomysły) ?\?"
)

# --- Being stuck: a question unless the message answers somebody

TROUBLE = _phrases(
    # English
    r"(?:i|we) (?:\w+ )?(?:can't|cannot|can not|couldn't|could not|am unable|are unable)",
    r"^(?:can't|cannot|unable to|couldn't) (?:\w+ )?(?:get|find|log|login|access|connect|"
    r"open|see|start|install|run|figure|reach|build|load|import|print|sign|join|send|use|"
    r"edit|save|update)",
    r"(?:i|we)(?:'m| am|'re| are|'ve been)(?: \w+)? (?:stuck|struggling|confused|puzzled|"
    r"lost|baffled|stumped|blocked|unable|not able|torn|at a loss|unsure|unclear)",
    r"^(?:\w+ )?(?:stuck|struggling|confused) (?:on|with|by|at|about|trying)",
    r"(?:hav(?:e|ing)|run(?:ning)? into|ran into|encounter(?:ed|ing)?|fac(?:e|ing)|"
    r"experiencing|seeing|hitting|got|getting|get|gets|receiv(?:e|ed|ing)|throws?|throwing|"
    r"raises?|shows?) (?:an? |some |the |this |these |many |a lot of |following |same |"
    r"really |very |weird |strange |odd |\w+ ){0,4}(?:error|errors|trouble|troubles|"
    r"problems?|issues?|difficulty|difficulties|exception|warning|failure|timeout)",
    r"(?:i|we)(?:'m| am| are)? (?:just |really |still )?(?:don't|do not|"
    r"not) (?:\w+ )?(?:know|understand|sure|see|get|clear) (?:how|why|where|what|which|"
    r"who)(?!,? but)",
    r"^not (?:\w+ )?(?:sure|clear) (?:how|why|where|which)",
    r"no (?:idea|clue) (?:how|why|what|where|which)",
    r"(?:fails?|failed|failing|crash(?:es|ed|ing)?|hangs?|freezes?) (?:with|when|whenever|"
    r"on|at|to|every|for me|after|if|because|again)",
    r"(?:doesn't|does not|don't|isn't|is not|won't|will not|stopped|didn't|aren't|"
    r"never) (?:seem to |seems to |to |be |appear to |even )?(?:work|working|load|loading|"
    r"start|starting|respond|responding|open|opening|compile|connect|syncing|sync|"
    r"recognized|show up|turn on)",
    r"(?:it|that|which|system|compiler|app|page|tool|server) (?:then |now |always |"
    r"just )?complains",
    r"(?:is|are|to be) (?:still )?(?:not working|broken|down|stuck|unreachable|"
    r"not responding|missing)",
    r"(?:i|we) (?:\w+ )?(?:keep|keeps) (?:getting|seeing|running|being)",
    r"(?:i'm|i am|we're|we are|been)(?: \w+)? trying to",
    r"^(?:\w+ ){0,2}trying to",
    r"(?:i|we)(?:'d| would| want| need)(?: like| love)? to (?:know|understand|ask|learn|"
    r"find|figure)",
    r"(?:doesn't|does not|won't|will not|didn't|not) (?:allow|let) (?:me|us)",
    r"(?:my|our) (?:\w+ ){1,4}(?:is|was|were|are|has been|have been|got|gets|"
    r"keeps getting) (?:declined|rejected|denied|blocked|locked|cancelled|canceled|lost|"
    r"stolen|gone|missing|broken|corrupted|disabled|expired|delayed|wrong|empty)",
    r"(?:my|our|i|we) (?:\w+ ){0,4}(?:still (?:not|waiting|no|have not|haven't|missing|"
    r"pending)|(?:hasn't|has not|haven't|have not) (?:\w+ )?(?:arrived|appeared|received|"
    r"shown|gotten|got|come))",
    r"something (?:is|went|goes|has gone|must be) wrong",
    r"(?:strange|weird|odd|unexpected|mysterious) (?:error|problem|behaviou?r|issue|bug)",
    r"(?:i|we)(?:'ve| have| had)? (?:forgot|forgotten|lost) (?:my|our|the) (?:\w+ )?password",
    # German
    r"(?:funktioniert|geht|klappt|startet|lädt) (?:\w+ ){0,3}nicht(?: mehr)?",
    r"(?:ich|wir) (?:komme|kommen|kann|können|verstehe|weiß|weiss|bekomme|kriege|"
    r"finde) (?:\w+ ){0,5}(?:nicht|keine?n?|fehler|fehlermeldung)",
    r"(?:fehlermeldung|hänge fest|problem mit)",
    # French
    r"ne (?:fonctionne|marche|démarre|répond|s'ouvre) (?:pas|plus)",
    r"(?:je n'arrive pas|je ne (?:comprends|sais|trouve|peux) pas|j'ai une erreur|"
    r"j'ai un problème|nous n'arrivons pas|on n'arrive pas|message d'erreur)",
    # Spanish
    r"no (?:me )?(?:funciona|puedo|podemos|sé|entiendo|consigo|encuentro|logro|carga|abre)",
    r"(?:me (?:da|sale|aparece) (?:un|este|el) error|tengo un (?:problema|error)|"
    r"mensaje de error)",
    # Italian
    r"non (?:funziona|riesco|riusciamo|capisco|so|trovo|parte|posso|si (?:apre|avvia))",
    r"(?:mi dà (?:un )?errore|ho un (?:problema|errore)|messaggio di errore)",
    # Portuguese
    r"não (?:funciona|consigo|conseguimos|sei|entendo|encontro|posso|abre|carrega|está)",
    r"(?:dá (?:um )?erro|estou com (?:um )?(?:problema|erro)|mensagem de erro)",
    # Dutch
    r"(?:werkt|start|laadt|lukt) (?:\w+ ){0,3}niet(?: meer)?",
    r"(?:foutmelding|loop vast|ik (?:kan|krijg|snap|begrijp|weet) (?:\w+ ){0,4}(?:niet|"
    r"geen))",
    # Polish
    r"nie (?:działa|dziala|mogę|moge|wiem|rozumiem|umiem|otwiera|uruchamia)",
    r"(?:mam problem|komunikat błędu|wyskakuje błąd|pojawia się błąd|dostaję błąd)",
)

# --- Opening like a question, with or without the question mark

INTERROGATIVES = _openings(
    # English
    r"(?:how|why|where|when)(?: \w+)? (?:do|does|did|is|are|was|were|can|can't|could|should|"
    r"would|"
    r"will|won't|has|have|doesn't|don't|isn't|aren't|am) \w+",
    r"(?:how|where) (?:to|many|much|long|often|far|come)",
    r"(?:how|why|where|what) (?:i|we) (?:can|could|must|should|may|need)",  # learners' word order
    r"(?:what|what's|which|who|who's|whom|whose)(?: \w+){0,2} (?:is|are|was|were|do|does|"
    r"did|can|could|should|would|will|has|have) (?:the|a|an|i|we|you|my|our|your|there|this|"
    r"responsible)",
    r"what's (?:the|a|your|up with|wrong)",
    r"(?:does|do|did|is|are|was|were|can|could|should|would|will|has|have|am|may) (?:i|we|"
    r"you|there|the|a|an|my|our|your|any|this|these|it|all)",
    r"(?:can|could|would|will) (?:you|someone|anyone|anybody|somebody)",
    r"anyone|anybody",
    # German, French, Spanish, Italian, Portuguese, Dutch, Polish
    r"(?:wie|warum|wieso|weshalb|wo|woher|wann|welche[rsnm]?|wer|was|kann|könnt|könnte|gibt|"
    r"darf|muss|hat|ist|sind) (?:ich|man|wir|ihr|jemand|es|der|die|das|ist|sind|kann|hier|"
    r"bei)",
    r"(?:comment|pourquoi|où|quand|combien|quel(?:le)?s?|qui|est-ce|y a-t-il|peut-on)",
    r"¿?(?:cómo|dónde|cuándo|cuál(?:es)?|quién(?:es)?|por qué|qué|hay alguna?|cuánt[oa]s?)",
    r"(?:perché|dove|quando|quale|quali|chi|quanto|c'è (?:un modo|qualcuno)|cosa (?:devo|"
    r"posso))",
    r"(?:por que|onde|qual|quais|quem|quanto|há (?:alguma?|como)|existe alguma?)",
    r"(?:hoe|waarom|waar|wanneer|welke?|wie|kan|kunnen|is er|zijn er) (?:ik|je|we|kan|is|"
    r"een|moet)",
    r"(?:jak|dlaczego|gdzie|kiedy|który|która|które|kto|czy|ile) \w+",
)

# --- Question marks that open nothing

TAGS = re.compile(
    r"(?:(?:^|\s)(?:right|huh|eh|innit|oder|né)|(?:^|[,;(–—-] ?)(?:correct|no|yes|ok|okay|"
    r"really|true|agreed|deal|(?:is|are|was|does|do|did|has|have|can|would|will|"
    r"should)(?:n't)? (?:it|they|he|she|you|we|i)|nicht wahr|gell|non|n'est-ce pas|hein|"
    r"verdad|cierto|vero|giusto|certo|toch|hè|prawda|nie)) ?\?$"
)

# Suggesting, checking, or asking back: what people who answer do.
COUNTER_QUESTIONS = _openings(
    r"did you|are you(?! (?:all|guys|folks|aware))|would you (?:like|prefer|mind if)",
    r"(?:have|do|could|can) you(?: (?:just|already|also|by chance))? (?:mean|want|need|mind|"
    r"try|tried|check|checked|look|looked|consider|considered|see|seen|restart|restarted|"
    r"read|share|post|paste|show|send|give|elaborate|clarify|expand|confirm|be more|"
    r"explain (?:more|further|what you|why you))",
    r"(?:you|u) (?:mean|sure|tried|want|could|can|mind|know what)",
    r"(?:what|which|how|where|why)(?: \w+){0,3} (?:are|were) you(?! (?:all|guys|folks))",
    r"what (?:do|did) you (?:mean|want|need|see|get|try|expect)|what (?:version|exactly|"
    r"does that)",
    r"what if",
    r"(?:what|how|why)(?:'s| is)? (?:about|not|so|that|don't you)",
    r"(?:isn't|aren't|wasn't|wouldn't|couldn't|shouldn't|doesn't|don't|didn't|can't|won't|"
    r"hasn't) (?:that|it|you|this|there|he|she|they)",
    r"(?:maybe|perhaps|possibly|probably|like|as in|or|and|but|because|since|then|even|just|"
    r"still)",
    r"(?:meinst|hast|habt|bist) (?:du|ihr)",
    r"(?:as-tu|avez-vous|tu as|vous avez) (?:essayé|vérifié|regardé|redémarré)",
    r"(?:has|habéis|han) (?:probado|intentado|mirado|reiniciado)",
    r"hai (?:provato|controllato|riavviato)",
    r"(?:você )?já (?:tentou|verificou|reiniciou)",
    r"heb je (?:al )?(?:geprobeerd|gekeken|\w+ geprobeerd)",
    r"(?:próbowałeś|próbowałaś|sprawdzałeś)",
)

# "Does that work?" points at what was said before; "is it possible to" does not.
POINTING_BACK = _openings(
    r"(?:(?:and|but|why|how|when|where|what) )?(?:is|are|was|were|does|do|did|has|have|will|"
    r"would|could|can|should|might)(?:n't)? (?:that|it|they|those|he|she|this\?|this \w+\?|"
    r"these \w+\?)(?! (?:possible|just me|(?:\w+ ){1,5}(?:to|for|if|that)))",
    r"(?:what|who|why|where|which|how|when)(?:'s| is| are| was)? (?:that|this|it|one|they|"
    r"so)\?$",
)

# "You changed it yesterday?" makes sure; "if I change it, does it" asks.
STATEMENTS = _openings(
    r"(?:i|i'm|i've|i'd|you|you're|you've|it|it's|that|that's|the|this|these|those|we|we're|"
    r"they|they're|he|she|into|then|each|every|not|something like|should be|sounds|seems|"
    r"looks)"
)
ASKING_INSIDE = re.compile(
    r"(?:[,;:–—-] ?|\b(?:and|but|so|or|then|also|if|because|know|understand|wonder|idea|"
    r"sure|me|is) )(?:how|what|where|why|who|when|which|whether|is|are|am|was|do|does|did|"
    r"can|could|should|would|will|has|have|any|anyone|something|anything|isn't|doesn't|"
    r"shouldn't) |\b(?:how|why|where|what|who|possible) "
)

# Invitations, small talk, and questions the author answers in the next sentence.
SOCIAL = _phrases(
    r"how (?:are|r|is|was|were) (?:you|u|everyone|everybody|things|it going|your|"
    r"the weekend|y'all)",
    r"how's (?:it|everyone|everybody|your|things|life)|what's up|sup|how do you do|"
    r"how have you been",
    r"(?:anyone|anybody|who|who's|everyone|somebody|someone|you)(?: \w+){0,4} (?:up for|"
    r"down for|in for|wants?|fancy|fancies|joining|coming|care for|game for)(?: (?:a|an|"
    r"some|to|the|in|quick|grab|get|have|go|join|for|us|me|play|\w+)){0,4}(?: (?:lunch|"
    r"coffee|drinks?|dinner|beers?|breakfast|pizza|walk|run|party|games?|tea|football|out|"
    r"tonight|later|along))?\??$",
    r"(?:anyone|anybody|who|who's)(?: \w+)? (?:interested in|up for|wants to)",
    r"(?:anyone|anybody|who)(?: \w+){0,4} (?:lunch|coffee|dinner|beers?|drinks|pizza)",
    r"(?:wie geht(?:'s| es)|ça va|comment (?:ça va|allez-vous|vas-tu)|(?:qué|que) tal|"
    r"cómo est[aá]s?|come (?:va|stai)|tudo bem|como vai|hoe gaat het|jak się masz|"
    r"co słychać|alles klar)",
    r"(?:kommt|geht|hat) (?:jemand|wer) (?:\w+ ){0,4}(?:mittag|mittagessen|essen|kaffee|"
    r"lust)",
)

ADVERTS = _openings(
    r"did you (?:know|ever)|guess what|remember (?:when|that)",
    r"(?:want|wanna|ready|interested|tired|looking|curious|missed)(?: \w+){0,6}\?$",
    r"(?:(?:any|got|have|do you have|still have|more)(?: \w+)? )?questions\?$",
)

# --- Messages that read like an answer, a greeting, or news

REPLIES = _openings(
    r"(?:yes|yeah|yep|yup|ya|no(?=[,.!]|$)|nope|nah|sure|right|correct|exactly|agreed|"
    r"indeed|true|absolutely|definitely|certainly|of course|ah+|oh+|o+h|aha|hm+|huh|wow|"
    r"whoa|woah|ugh|argh|lol|haha\w*|heh|cool|nice|great|awesome|perfect|neat|sweet|"
    r"interesting|fair|sorry(?! (?:for|if|to|about|in advance))|i see|got it|gotcha|done|"
    r"fixed|solved|never ?mind|nm|nvm|makes sense|good (?:point|question|idea|luck|catch|"
    r"to)|\+1)",
    r"(?:kudos|congrats|congratulations|welcome)",
    r"(?:i think|i guess|(?:i'd|i would) (?:say|guess|suggest|recommend|use|go|try)|"
    r"i (?:agree|believe|mean|suppose|suspect|assume|added|fixed|pushed|replied)|imo|imho|"
    r"afaik|iirc|fwiw)",
    r"(?:you (?:can|could|should|need|have|might|may|don't|want|probably|just|'d|are)|"
    r"you're|you'll|try|check|see|use|look|looks like|seems like|sounds like|here's|here is|"
    r"here are|that's|that|those|they|he|she|same)",
    r"(?:maybe|perhaps|probably|actually|well|and|or|but|because|also|then|although|though|"
    r"yet|apparently|basically|otherwise|in that case|for example|depends|not really|"
    r"like this)",
    r"(?:fyi|psa|reminder|announcement|announcing|heads[ -]up|please note|note that|update:|"
    r"release|released|(?:we're|we are|i'm|i am) (?:happy|excited|pleased|proud|glad)|"
    r"just (?:released|published|pushed|shipped)|i (?:just )?(?:released|published|wrote|"
    r"made)|join us)",
    r"(?:ja|nein|genau|stimmt|doch|achtung|hinweis|oui|non|exactement|sí|exacto|claro|sì|"
    r"esatto|sim|exato|nee|precies|tak|dokładnie)",
)

THANKS = _openings(
    r"(?:many |ok |okay |great |cool |ah |oh |yes |perfect )?,? ?(?:thanks|thank you|"
    r"thankyou|thx|cheers|danke|vielen dank|merci|gracias|grazie|obrigad[oa]|bedankt|"
    r"dank je|dziękuję|dzięki)(?! (?:in advance|for (?:your|any) (?:help|time)|im voraus|"
    r"d'avance|de antemano))"
)
WORKED = _phrases(
    r"(?:it|that|this|everything|all|your \w+)(?:'s| is| has)? (?:now )?(?:works|worked|working|"
    r"fixed|solved|helped)",
    r"works (?:now|again|fine|great|perfectly|like a charm)|(?:solved|fixed) (?:it|my \w+)",
    r"that (?:was it|did (?:it|the trick))|(?:problem|issue) (?:is )?(?:solved|fixed|gone)",
    r"funktioniert (?:jetzt|wieder)|hat (?:geklappt|funktioniert|geholfen)|geht (?:jetzt|wieder)",
    r"ça (?:marche|fonctionne)|c'est (?:bon|réglé)|funciona|funcionó|resuelto|funziona|"
    r"ha funzionato|risolto|funcionou|resolvido|werkt (?:nu|weer)|opgelost|działa|rozwiązane",
)
NOT_YET = _phrases(
    r"but|still|not|\w+n't|cannot|unfortunately|however|except|although|never|in advance",
    r"aber|nicht|leider|mais|pas|pero|no|ma|non|mas|não|maar|niet|ale|nie|im voraus",
)
NEWS = _phrases(r"fyi|psa|heads[ -]up")

LEAD_INS = re.compile(
    r"(?:(?:hi|hello|hey|heya|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|"
    r"day)|morning|hallo|moin|servus|guten (?:morgen|tag|abend)|bonjour|salut|bonsoir|hola|"
    r"buen[oa]s(?: \w+)?|ciao|buongiorno|salve|ol[aá]|oi|bom dia|boa tarde|goedemorgen|hoi|"
    r"cześć|hej|dzień dobry)(?: (?:there|all|everyone|everybody|folks|team|guys|people|"
    r"friends|again|zusammen|alle|leute|à tous|tout le monde|a todos|todos|a tutti|tutti|"
    r"pessoal|allemaal|wszystkim))*|so|ok|okay|btw|by the way|also|now|anyway|anyways|well|"
    r"(?:\w+ ){0,2}question(?=[:,.-])|sorry to bother(?: you)?|excuse me|"
    r"out of curiosity)(?![\w'])[\s,.!:;–—-]*"
)

# --- Scripts without spaces

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
CJK_QUESTIONS = re.compile(
    r"(?:か|かな|でしょう)[?。\s]*$|[吗嗎呢][?。\s]*$|(?:나요|까요|까|니까|는지요)[?.\s]*$"
    r"|教えて|困って|助けて|わかりません|分かりません|できません|わからない|エラーが"
    r"|怎么|怎麼|如何|为什么|為什麼|请问|請問|有没有人|有沒有人|谁知道|誰知道|求助|报错"
    r"|어떻게|왜 |도와주|모르겠"
)
CJK_SOCIAL = re.compile(
    r"元気です|お疲れ|你好吗|你好嗎|吃了吗|吃飯了|そうです|本当です|ですかね|안녕하"
)
