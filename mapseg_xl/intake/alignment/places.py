"""Countries and US states by the names and codes that systems write for them. Facts only."""

from __future__ import annotations

import re
import unicodedata

_COUNTRIES = """
AE ARE united arab emirates; uae; vereinigte arabische emirate
AL ALB albania; albanien
AM ARM armenia; armenien
AR ARG argentina; argentinien; argentine
AT AUT austria; osterreich; oesterreich; autriche; oostenrijk
AU AUS australia; australien; australie
AZ AZE azerbaijan; aserbaidschan
BA BIH bosnia and herzegovina; bosnia; bosnien und herzegowina
BD BGD bangladesh; bangladesch
BE BEL belgium; belgien; belgique; belgie; belgica; belgio
BG BGR bulgaria; bulgarien; bulgarie
BH BHR bahrain
BO BOL bolivia; bolivien
BR BRA brazil; brasil; brasilien; bresil; brasile; brazilie
BY BLR belarus; weissrussland
CA CAN canada; kanada
CH CHE switzerland; schweiz; suisse; svizzera; suiza; zwitserland
CL CHL chile; chili
CN CHN china; peoples republic of china; prc; chine; cina
CO COL colombia; kolumbien; colombie
CR CRI costa rica
CY CYP cyprus; zypern; chypre
CZ CZE czech republic; czechia; tschechien; tschechische republik; republique tcheque; cesko; ceska republika
DE DEU germany; deutschland; allemagne; alemania; germania; duitsland; niemcy; alemanha; brd; ger
DK DNK denmark; danemark; danmark; dinamarca; denemarken
DO DOM dominican republic; dominikanische republik
DZ DZA algeria; algerien; algerie
EC ECU ecuador
EE EST estonia; estland; eesti
EG EGY egypt; agypten; aegypten; egypte; egipto
ES ESP spain; spanien; espagne; espana; spagna; spanje; espanha
ET ETH ethiopia; athiopien
FI FIN finland; finnland; suomi; finlande
FR FRA france; frankreich; francia; frankrijk; franca
GB GBR united kingdom; uk; u k; great britain; britain; vereinigtes konigreich; royaume uni; reino unido; regno unito
GE GEO georgia; georgien
GH GHA ghana
GR GRC greece; griechenland; grece; grecia; hellas; griekenland
GT GTM guatemala
HK HKG hong kong; hongkong; hong kong sar
HN HND honduras
HR HRV croatia; kroatien; croatie; hrvatska
HU HUN hungary; ungarn; hongrie; magyarorszag; hungria
ID IDN indonesia; indonesien; indonesie
IE IRL ireland; irland; irlande; irlanda; eire; republic of ireland; ierland
IL ISR israel
IN IND india; indien; inde
IQ IRQ iraq; irak
IR IRN iran
IS ISL iceland; island; islande
IT ITA italy; italien; italie; italia
JM JAM jamaica; jamaika
JO JOR jordan; jordanien
JP JPN japan; japon; giappone
KE KEN kenya; kenia
KR KOR south korea; korea south; republic of korea; korea republic of; sudkorea; suedkorea; coree du sud; corea del sur
KW KWT kuwait
KZ KAZ kazakhstan; kasachstan
LB LBN lebanon; libanon; liban
LI LIE liechtenstein
LK LKA sri lanka
LT LTU lithuania; litauen; lituanie; lietuva
LU LUX luxembourg; luxemburg
LV LVA latvia; lettland; lettonie; latvija
MA MAR morocco; marokko; maroc; marruecos
MC MCO monaco
MD MDA moldova; moldawien
ME MNE montenegro
MK MKD north macedonia; macedonia; nordmazedonien
MT MLT malta; malte
MX MEX mexico; mexiko; mexique; messico
MY MYS malaysia
NE NER niger
NG NGA nigeria
NL NLD netherlands; the netherlands; holland; niederlande; pays bas; paises bajos; nederland; paesi bassi; holanda
NO NOR norway; norwegen; norvege; norge; noruega; noorwegen
NZ NZL new zealand; neuseeland; nouvelle zelande; nueva zelanda
OM OMN oman
PA PAN panama
PE PER peru; perou
PH PHL philippines; philippinen; the philippines; filipinas
PK PAK pakistan
PL POL poland; polen; pologne; polska; polonia
PR PRI puerto rico
PT PRT portugal; portogallo
PY PRY paraguay
QA QAT qatar; katar
RO ROU romania; rumanien; rumaenien; roumanie; rumania
RS SRB serbia; serbien; serbie; srbija
RU RUS russia; russland; russian federation; russie; rusia
SA SAU saudi arabia; saudi arabien; ksa; arabie saoudite
SE SWE sweden; schweden; suede; sverige; suecia; svezia; zweden
SG SGP singapore; singapur; singapour
SI SVN slovenia; slowenien; slovenie; slovenija
SK SVK slovakia; slowakei; slovaquie; slovensko; slovak republic
SV SLV el salvador
TH THA thailand; thailande
TN TUN tunisia; tunesien; tunisie
TR TUR turkey; turkei; tuerkei; turkiye; turquie; turquia; turkije
TW TWN taiwan
TZ TZA tanzania; tansania
UA UKR ukraine; ucrania
UG UGA uganda
US USA united states; united states of america; u s a; u s; america; vereinigte staaten; etats unis; estados unidos
UY URY uruguay
UZ UZB uzbekistan; usbekistan
VE VEN venezuela
VN VNM vietnam; viet nam
ZA ZAF south africa; sudafrika; suedafrika; afrique du sud; sudafrica; zuid afrika
"""
_STATES = """
AL alabama; AK alaska; AZ arizona; AR arkansas; CA california; CO colorado; CT connecticut; DE delaware; FL florida;
GA georgia; HI hawaii; ID idaho; IL illinois; IN indiana; IA iowa; KS kansas; KY kentucky; LA louisiana; ME maine;
MD maryland; MA massachusetts; MI michigan; MN minnesota; MS mississippi; MO missouri; MT montana; NE nebraska;
NV nevada; NH new hampshire; NJ new jersey; NM new mexico; NY new york; NC north carolina; ND north dakota; OH ohio;
OK oklahoma; OR oregon; PA pennsylvania; RI rhode island; SC south carolina; SD south dakota; TN tennessee; TX texas;
UT utah; VT vermont; VA virginia; WA washington; WV west virginia; WI wisconsin; WY wyoming; DC district of columbia
"""


def bare(text: str) -> str:
    """Lower case, no accents, words with single spaces.

    >>> bare(" Österreich "), bare("U.S.A.")
    ('osterreich', 'u s a')
    """
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return " ".join(
        re.sub(r"[^\w]+|_", " ", "".join(c for c in folded if not unicodedata.combining(c))).split()
    )


def _countries() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in _COUNTRIES.strip().splitlines():
        two, three, names = line.split(" ", 2)
        for name in (two.lower(), three.lower(), *names.split(";")):
            known[name.strip()] = two
    return known


def _states() -> dict[str, str]:
    known: dict[str, str] = {}
    for part in _STATES.replace("\n", " ").split(";"):
        code, name = part.strip().split(" ", 1)
        known |= {code.lower(): code, name: code}
    return known


COUNTRIES = _countries()
STATES = _states()


def country_of(text: str) -> str:
    """The ISO code of two letters of a country's name or code; "" for none.

    >>> country_of("Deutschland"), country_of("U.S."), country_of("Niger"), country_of("Nigeria"), country_of("Bavaria")
    ('DE', 'US', 'NE', 'NG', '')
    """
    return COUNTRIES.get(bare(text), "")


def state_of(text: str) -> str:
    """The code of a state of the USA; "" for none.

    >>> state_of("calif"), state_of("California"), state_of("tx")
    ('', 'CA', 'TX')
    """
    return STATES.get(bare(text), "")
