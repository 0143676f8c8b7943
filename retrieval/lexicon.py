"""General English words that names are told by: offices, bodies, honorifics, and words that are no names.

Knows nothing of texts.
"""

from typing import Literal

Gender = Literal["he", "she"]

HONORIFICS: dict[str, Gender | None] = {
    "mr": "he", "mister": "he", "sir": "he", "lord": "he", "king": "he", "prince": "he", "pope": "he", "mrs": "she",
    "ms": "she", "miss": "she", "lady": "she", "dame": "she", "queen": "she", "princess": "she", "dr": None,
    "prof": None,
}  # fmt: skip
OFFICES = frozenset(
    """president vice-president chancellor premier minister secretary senator sen senators sens congressman
    congresswoman representative rep reps congressmen governor gov govs mayor chairman chairwoman chair chairperson
    chief director judge justice general gen colonel col major maj captain capt lieutenant lt sergeant sgt admiral
    adm commander cmdr officer detective det inspector constable superintendent supt sheriff deputy marshal
    ambassador envoy spokesman spokeswoman spokesperson leader speaker whip coach manager captain striker bishop
    archbishop cardinal rabbi imam father reverend rev pastor sister brother professor doctor attorney lawyer
    barrister solicitor prosecutor commissioner councillor councilman councilwoman cllr alderman delegate
    assemblyman assemblywoman lawmaker nominee candidate president-elect treasurer comptroller controller auditor
    administrator adviser advisor strategist aide analyst economist scientist researcher author writer journalist
    reporter columnist editor correspondent historian philosopher actor actress singer musician director-general ceo
    cfo coo founder co-founder entrepreneur billionaire businessman businesswoman executive trustee warden ranger
    engineer architect surgeon nurse physician pathologist coroner magistrate sheikh ayatollah emperor empress duke
    duchess earl baron baroness count countess minister-president taoiseach tánaiste mp msp mep pm headteacher
    headmaster principal dean provost rector vicar chaplain farmer fisherman teacher student activist campaigner
    organizer organiser volunteer witness resident pilot sailor skipper chairlady first-minister archaeologist
    biologist geologist ecologist astronomer physicist chemist curator conservator librarian archivist zoologist
    botanist meteorologist oceanographer hydrologist epidemiologist virologist midwife paramedic firefighter
    ombudsman regulator mediator organist composer conductor painter sculptor poet novelist playwright filmmaker
    photographer""".split()
)
# Offices that are given names as well, as in "Chief Justice Earl Warren"
ALSO_GIVEN = frozenset("earl duke dean baron king prince marshal count bishop".split())
# What members of parties are called: "the Massachusetts Democrat" describes somebody and is no name
MEMBERS = frozenset("democrat republican conservative liberal socialist communist tory".split())
FEMALE = frozenset(
    """spokeswoman chairwoman congresswoman councilwoman assemblywoman businesswoman actress queen princess lady dame
    duchess countess baroness empress sister mother wife daughter widow girl woman aunt niece grandmother mum mom
    heiress hostess waitress stewardess saleswoman policewoman fisherwoman horsewoman sportswoman girlfriend
    headmistress mrs ms miss nun""".split()
)
MALE = frozenset(
    """spokesman chairman congressman councilman assemblyman businessman actor king prince lord sir duke earl baron
    emperor brother father husband son widower boy man uncle nephew grandfather dad fisherman salesman policeman
    horseman sportsman boyfriend headmaster mr pope alderman fireman priest monk""".split()
)
# Words before a title that belong to it though no office: "former President", "Vice President", "Prime Minister"
QUALIFIERS = frozenset(
    """former vice prime deputy assistant associate senior junior acting interim foreign interior defence defense
    finance home health national security attorney managing executive first chief lead head press communications
    campaign general state local federal veteran retired late lord district city county police fire party house
    senate shadow permanent republican democratic labour conservative then co-""".split()
)
BODIES = frozenset(
    """department ministry committee commission council university college school institute institution agency bureau
    office bank group association union federation league society foundation trust fund company corporation corp inc
    ltd llc plc co authority administration government parliament congress senate assembly court tribunal party
    coalition alliance campaign times post news journal herald tribune gazette guardian telegraph press agency
    network radio television tv broadcasting police army navy guard forces force service services board house center
    centre hospital church museum library theatre airlines airways motors energy pharmaceuticals technologies
    systems industries holdings partners capital international organization organisation nations kremlin pentagon
    treasury embassy cabinet exchange chamber laboratory observatory project network club team united fc city county
    borough district state republic kingdom act bill treaty agreement report review street road avenue square bridge
    river lake mountain mount island islands bay sea ocean park airport station harbour harbor port valley hill
    hills coast point quay wharf dam war olympics cup championship festival prize award""".split()
)
PARTICLES = frozenset(
    "de da do dos das del della di du des van von der den ter ten la le el al bin ibn ben abu y e o' af zu st".split()
)
SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())
ABBREVIATED = frozenset(
    """mr mrs ms dr prof sen sens rep reps gov govs gen col lt sgt capt maj adm cmdr rev hon st jr sr inc corp co ltd
    det supt insp cllr""".split()
)
# Capitalised at the start of a sentence or in dates, and no names
ORDINARY = frozenset(
    """a about above according across after again against all almost along already also although always amid among an
    and another any anyone are around as asked at away back be because been before behind being below beneath beside
    besides between beyond both but by can could critics currently despite did do does down during each earlier
    either even eventually every everyone everything except few finally first for former fortunately four five six
    seven eight nine ten from further generally given had half has have having he her here hers him his historically
    how however i if in inside instead into is it its itself just last lastly later less let like likewise little
    many may maybe meanwhile might more moreover most much must my near nearly neither never nevertheless next no
    nobody none nor not nothing now of off officials often on once one ones only opponents or other others otherwise
    our out outside over overall own people perhaps police rather recent recently residents residents' same second
    see several shall she should similarly since so some somebody someone something sometimes soon still such
    supporters than thanks that the their them then there therefore these they third this those three through
    throughout thus to today together tomorrow too toward towards traders two ultimately under unlike until unless
    up upon us very was we well were what whatever when whenever where whether which while who whoever whom whose
    why will with within without would yes yesterday yet you your january february march april may june july august
    september october november december jan feb aug sept oct nov dec monday tuesday wednesday thursday friday
    saturday sunday spring summer autumn fall winter christmas easter""".split()
)
GEOGRAPHY = frozenset(
    """africa america asia europe britain england scotland wales ireland france germany spain italy portugal greece
    turkey russia ukraine poland china japan india pakistan iran iraq israel syria egypt canada mexico brazil
    argentina chile australia london paris berlin moscow beijing tokyo washington brussels geneva rome madrid texas
    california florida ohio""".split()
)
