"""What companies of many countries put behind their name: GmbH, Inc., S.A. Words only; nothing is compared here."""

from __future__ import annotations

_CALLED = """
inc: inc incorporated
corp: corp corporation
ltd: ltd limited coltd ptyltd
llc: llc
llp: llp
lllp: lllp
lp: lp
plc: plc
pllc: pllc
gmbh: gmbh gesmbh mbh ggmbh
ag: ag aktiengesellschaft
kg: kg kommanditgesellschaft
kgaa: kgaa
ohg: ohg
gbr: gbr
ug: ug
ek: ek
ev: ev
se: se
sa: sa
sas: sas sasu
sarl: sarl eurl
snc: snc
spa: spa
srl: srl srls
bv: bv besloten
nv: nv
vof: vof
oy: oy
oyj: oyj
ab: ab
as: as
asa: asa
aps: aps
sro: sro
doo: doo
spzoo: spzoo
kft: kft
zrt: zrt
nyrt: nyrt
ood: ood eood
sl: sl slu
ltda: ltda
eireli: eireli
sadecv: sadecv
pty: pty proprietary
pte: pte
pvt: pvt
bhd: bhd
sdn: sdn
kk: kk
jsc: jsc ojsc
ooo: ooo
zao: zao
pao: pao oao
tbk: tbk
pt: pt
fze: fze fzco fzllc
wll: wll
"""
FORMS = {
    word: form
    for form, words in (line.split(":") for line in _CALLED.strip().splitlines())
    for word in words.split()
}
"""A word behind a name -> the legal form it stands for."""

SPELLED = {**FORMS, "company": "co"}
"""The same, with the word that is part of many names: it only goes beside another form (`Co. Ltd`, `& Co. KG`)."""

BESIDE = frozenset({"co", "private", "haftungsbeschrankt", "beschrankt"})
"""Words that belong to a legal form where one stands beside them, and to the name elsewhere."""

LEADING = frozenset({"sarl", "sas", "eurl", "pt", "ooo", "zao", "oao", "pao", "gbr", "firma", "fa"})
"""Legal forms, and words for a firm, that stand before the name in some countries."""

ADDS_NOTHING = {
    "pty": frozenset({"ltd"}),
    "pte": frozenset({"ltd"}),
    "pvt": frozenset({"ltd"}),
    "sdn": frozenset({"bhd"}),
    "pt": frozenset({"tbk"}),
}
"""Forms that are written with another one or without: `Pty Ltd`, `Pty`."""


def form_of(words: list[str]) -> str:
    """The legal form that the words behind a name say, "" for none.

    >>> form_of(["pty", "ltd"]), form_of(["gmbh", "and", "co", "kg"]), form_of([])
    ('pty', 'co gmbh kg', '')
    """
    forms = {SPELLED[w] for w in words if w in SPELLED}
    if "co" in words and "kg" in forms:
        forms.add("co")
    else:
        forms.discard("co")
    for form, others in ADDS_NOTHING.items():
        if form in forms:
            forms -= others
    return " ".join(sorted(forms))
