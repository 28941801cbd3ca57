"""Small words by which `clauses` tells what speaks of the persona; written for that module."""

from __future__ import annotations

from typing import Final


def _set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


ARTICLES: Final = _set("a an the")
POSSESSIVES: Final = _set("her his their its my our your")
COPULAS: Final = _set("is was are were am")
WHO: Final = _set("who whose whom")
THAT: Final = _set("that which because although though unless whether than")
MODALS: Final = _set(
    "will would can could may might must should has had have does did do cannot never always",
    "often usually sometimes still now also just already once rarely",
)

#: Words after which a persona speaks of what is not so, or not here.
WISHES: Final = _set(
    "dreams dreaming dream hopes hoping hope wants wishes wishing plans planning aspires",
    "imagines imagining longs misses missing remembers remembering recalls left",
    "leaving fled sends sending send visits visiting exports exporting ships shipping travels",
    "travelling traveling returned returning migrated applying applied hoped wanted wish",
    "admires follows reads reading watches watching researches researching translates",
    "translating tracks tracking interested fascinated specialising specializing specialises",
    "specializes obsessed formerly originally born",
)

KIN: Final = _set(
    "daughter son wife husband widow widower mother father brother sister granddaughter",
    "grandson grandmother grandfather niece nephew child children parent parents sibling",
    "cousin grandchild law aunt uncle relative neighbour neighbor friend employee assistant",
    "colleague partner patient client customer fan follower disciple tenant",
)

#: Whom or what "her ..." may name that is not the persona.
OTHERS: Final = KIN | _set(
    "sons daughters brothers sisters wives husbands parents grandparents grandchildren",
    "in-laws uncles aunts cousins relatives neighbours neighbors friends colleagues partners",
    "family employer employers boss landlord landlady customers clients students pupils",
    "patients owner ancestors forefathers team crew staff supplier suppliers buyers",
    "contractor baby infant toddler kids kid girl boy girls boys fiance fiancee lover",
    "passengers readers",
)

#: What "whose ..." may name that is the persona's own: its place and work are the persona's.
OWN_THINGS: Final = _set(
    "shop stall workshop work job boat farm land field fields loom house home day days hands",
    "shift route cart beat clinic classroom school studio business hut garden orchard tea",
)

#: Verbs of daily work, in the forms that follow "who" or a name. Those that place the person.
LOCATING: Final = _set(
    "lives live living resides residing stays staying settled works work working runs running",
    "run sells selling sell teaches teaching teach drives driving drive studies studying",
    "study serves serving cooks cooking cook cleans cleaning sweeps sweeping farms farming",
    "grows growing grow cultivates cultivating weaves weaving fishes fishing stitches",
    "stitching repairs repairing mends mending practises practices practising practicing",
    "rents renting posted stationed employed manages managing operates operating owns owning",
    "tends tending guards guarding herds herding grazes grazing loads loading delivers",
    "delivering treats treating coaches coaching volunteers volunteering leads leading heads",
    "heading sits sitting sleeps sleeping shares sharing is plies plying hawks hawking vends",
    "picks picking plucks plucking rolls rolling makes making paints painting performs",
    "performing sings singing dances preaches preparing prepares guides guiding organises",
    "organizes organising organizing builds building digs digging breaks collects collecting",
    "sorts sorting raises raising rears rearing keeps keeping brews bakes fries pulls",
    "pulling carves carving irons ironing cuts cutting assembles washes washing lays pedals",
    "supervises supervising maintains administers attends attending pushes helps helping",
    "weighs weighing transplants harvests sows ploughs milks feeds distributes vaccinates",
    "counts cycles walks opens stocks welds lifts peels sews knits embroiders prints dyes",
    "shaves registers conducts draws hides stands joined enrolled apprenticed waits hosts",
    "carries patrols inspects caters tutors tutoring learns learning trains represents",
    "campaigns campaigning",
    "nurses advises documents based earns",
)

#: Verbs that end the opening: third person and past, and words that only stand before a verb.
VERBS: Final = _set(
    "lives resides stays runs sells teaches drives serves cooks cleans sweeps grows",
    "cultivates weaves stitches repairs mends practises rents manages operates owns tends",
    "herds delivers treats leads sits sleeps hawks vends plucks rolls makes paints performs",
    "sings preaches prepares organises organizes builds digs collects sorts raises rears",
    "keeps brews bakes pulls carves assembles washes supervises maintains attends pushes",
    "joined carries patrols inspects tutors represents earns helps walks wakes uses struggles",
    "worries wants hopes dreams tries spends gives takes goes comes writes reads watches",
    "listens speaks knows believes loves likes dislikes fears faces saves buys pays cares",
    "looks seeks supports navigates balances juggles fights depends relies learns lost loses",
    "recently lived worked became becomes finds reminds explains tells asks waits argues",
    "insists wonders moved migrated shares works plies commutes inherited started began has",
    "travels sends left gets feels says thinks enjoys values",
)

#: Past participles and the like that follow the noun they describe.
PARTICIPLES: Final = _set(
    "posted based employed married settled named called known born displaced stationed",
    "assigned deployed engaged tasked turned raised trained educated affected forced involved",
    "aged enrolled interested fascinated devoted dedicated committed specialised specialized",
)

STOPS: Final = (
    WHO
    | THAT
    | MODALS
    | _set(
        "in from of at with for near on to by into onto over under between among across through",
        "around about after before during since until against without within outside inside along",
        "behind beside towards toward like as and or but where when while if so via per despite",
        "amid amidst beyond upon off up down out",
    )
)

#: Words that may stand between an article and a noun without naming anything.
MODIFIERS: Final = _set(
    "young old elderly middle aged former retired small poor single first second third new",
    "full part time daily local senior junior hard long self non own unemployed self-taught",
    "widowed divorced married unmarried aspiring struggling humble skilled dedicated",
    "passionate experienced year years and",
)

#: After these a word in -s or -ing is no verb.
NO_NOUNS: Final = ARTICLES | POSSESSIVES | MODIFIERS

#: Words in -ing that are nouns or parts of titles.
ING_NOUNS: Final = _set(
    "training coaching building clothing housing nursing engineering fishing farming wedding",
    "weaving evening morning spring string king thing being painting printing manufacturing",
    "banking accounting marketing dyeing quilting knitting darjeeling darzeeling sing boring",
    "catering shipping plumbing mining tailoring dumping recycling parking sewing spinning",
    "breeding wing swing sling counselling counseling filmmaking stitching cleaning cutting",
    "carving drawing writing driving processing packing casting voting holding dwelling",
)

#: What follows a verb: it tells "mends the nets" from a plural noun.
AFTER_VERB: Final = (
    ARTICLES
    | POSSESSIVES
    | _set(
        "to in on at from for with into up out through around after before every each and one two",
        "three four five all both some many any by as over her him them himself herself",
    )
)

#: "works as", "a job as".
WORKS: Final = _set(
    "works working worked work employed serves serving served job career hired trained",
    "volunteers moonlights doubles living earns income role",
)

#: Words with a capital that name no person.
NO_PERSONS: Final = _set(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays",
    "thursdays",
    "fridays saturdays sundays january february march april may june july august september october",
    "november december diwali holi eid ramzan ramadan pongal onam bihu navratri dussehra christmas",
    "puja durga ganesh chhath english hindi tamil telugu bengali marathi gujarati kannada",
    "malayalam",
    "odia punjabi assamese urdu konkani nepali maithili santali kashmiri sanskrit bhojpuri indian",
    "muslim hindu christian sikh dalit adivasi bodo mizo naga khasi whatsapp facebook youtube",
    "aadhaar i",
)

HINDI_AGE: Final = _set("उम्र आयु")
HINDI_ONLY: Final = _set("में के की का है हैं से को और जो एक ने पर था थी वर्षीय कि जिसका जिसकी उम्र")
HINDI_WHO: Final = _set("जो जिसने जिसे जिन्होंने जिन्हें जिसमें और है हैं")
HINDI_WHOSE: Final = _set("जिसका जिसकी जिसके जिनका जिनकी जिनके उसका उसकी उसके उनका उनकी उनके")
HINDI_THAT: Final = _set("कि क्योंकि ताकि")
HINDI_POSSESSIVES: Final = _set("अपने अपनी अपना")
HINDI_OTHERS: Final = _set(
    "बेटे बेटी बेटा बेटियों बेटों पति पत्नी भाई बहन मां पिता परिवार बच्चों बच्चे मालिक दोस्त",
    "ग्राहकों पोते पोती मरीजों छात्रों",
)
