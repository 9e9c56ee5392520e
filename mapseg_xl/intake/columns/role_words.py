"""The roles a customers column can have and the headers people give them. No guessing here, only the words.

Synonyms are written as people say them; `header_key` brings a header and a synonym to the same form.
Earlier synonyms are the more certain ones. English first, then German, French, Spanish.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


def word_set(text: str) -> frozenset[str]:
    """The blank-separated words of a text, as a set."""
    return frozenset(text.split())


_UNIT = re.compile(r"[(\[{].*?[)\]}]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CURRENCY = word_set("usd eur gbp chf cad aud sek dkk nok jpy us euro euros dollars")


@lru_cache(maxsize=4096)
def header_words(header: str) -> tuple[str, ...]:
    """Lower-case words of a header: camel case split, accents off, units in brackets and currencies left out.

    >>> header_words("MonthlyCharges (USD)")
    ('monthly', 'charges')
    """
    bare = _UNIT.sub(" ", header) if _UNIT.sub("", header).strip() else header
    folded = unicodedata.normalize("NFKD", _CAMEL.sub(" ", bare)).casefold()
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    words = tuple(re.findall(r"[^\W_]+", letters))
    return tuple(w for w in words if w not in _CURRENCY) or words


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """Header in the form synonyms are compared in.

    >>> header_key("Sign-up date") == header_key("signup_date")
    True
    """
    return "".join(header_words(header))


def key_set(headers: str) -> frozenset[str]:
    """Keys of headers separated by semicolons."""
    return frozenset(header_key(h) for h in headers.split(";"))


@dataclass(frozen=True, slots=True)
class Role:
    """What a column can be for; `synonyms` are whole headers, `within` words that suffice inside a longer one."""

    name: str
    kind: str  # id text email domain date flag number status outcome
    description: str
    synonyms: tuple[str, ...]
    within: tuple[tuple[str, ...], ...] = ()


def _role(name: str, kind: str, description: str, synonyms: str, within: str = "") -> Role:
    keys = dict.fromkeys(header_key(s) for s in [name, *synonyms.split(";")])
    inner = tuple(header_words(w) for w in within.split(";") if w.strip())
    return Role(name, kind, description, tuple(keys), inner)


CUSTOMER_ROLES: tuple[Role, ...] = (
    _role(
        "customer_id",
        "id",
        "one id a customer, lead or opportunity",
        "customer no; customer number; customer nr; customer key; customer code; customer ref; cust id; cust; acct;"
        "cust no; client id; client no; client number; account id; account no; account number; acct id;"
        "user id; member id; member no; subscriber id; lead id; contact id; prospect id; company id; org id;"
        "organization id; organisation id; workspace id; tenant id; opportunity id; opp id; deal id; crm id;"
        "external id; record id; id; uuid; guid; customer; kundennummer; kunden nr; kunden id; konto nr;"
        "kontonummer; id client; numero client; no client; n client; code client; identifiant client;"
        "identifiant; id cliente; codigo cliente; numero cliente; numero de cliente; no cliente; kunde; client;"
        "cliente; kd nr; kdnr; debitor; debitorennummer; debitoren nr; numero de client; reference client; ref client;"
        "opportunity no; opportunity number; deal no; deal number; quote no; quote number; vorgangsnummer; vorgangs nr;"
        "vorgang nr; angebotsnummer; angebots nr; numero de devis; n devis;"
        "klantnummer; klant id; klant nr; klantnr; klantcode; klant; relatienummer; debiteurnummer;"
        "debiteur; offertenummer; codice cliente; numero cliente; codigo do cliente; numero do cliente;"
        "kundennr; id opportunite; id oportunidad; no oferta; no opportunite; numero de oferta; id deal",
    ),
    _role(
        "email",
        "email",
        "e-mail address",
        "e mail; email address; e mail address; mail; contact email; work email; primary email; user email;"
        "customer email; courriel; adresse email; adresse e mail; adresse mail; correo; correo electronico;"
        "e mailadres; emailadres; mailadresse; e mail adresse; indirizzo email; indirizzo e mail;"
        "endereco de email; billing email; billing contact email",
        "email; mail",
    ),
    _role(
        "company",
        "text",
        "name of the company",
        "company name; account name; organization; organisation; organization name; organisation name;"
        "org name; business name; client name; customer name; firm; employer; workspace name; account;"
        "firma; firmenname; unternehmen; societe; entreprise; nom entreprise; raison sociale; empresa;"
        "nombre empresa; razon social; kundenname; name des kunden; nom client; nom du client; nom de la societe;"
        "nom societe; nom de l entreprise; nombre cliente; nombre del cliente; legal name;"
        "bedrijf; bedrijfsnaam; klantnaam; naam klant; organisatie; azienda; ragione sociale; nome azienda;"
        "nome cliente; nome da empresa; razao social; customer company; billing company; deal organization;"
        "organization; associated company; primary associated company; customer description;"
        "customer full name; parent customer; kundenfirma",
    ),
    _role(
        "domain",
        "domain",
        "web or e-mail domain of the company",
        "website; web site; url; company domain; company website; email domain; webseite; site web;"
        "site internet; sitio web; pagina web",
        "domain; website",
    ),
    _role(
        "status",
        "status",
        "words for lead, trial, customer, churned",
        "customer status; account status; subscription status; lifecycle stage; life cycle stage; lifecycle;"
        "lifecycle status; lead status; contact status; user status; member status; membership status;"
        "current status; state; churn status; churn label; customer type; account type; type; kundenstatus; statut;"
        "statut client; etat; estado; estado cliente; active; is active; aktiv; actif; activo;"
        "relationship; relationship stage; engagement; engagement status; client state; klantstatus; "
        "status klant; stato; stato cliente; situacao; situacao do cliente;"
        "relationship status; client status; actief; attivo; ativo; stand",
        "status; lifecycle; churn; statut; estado",
    ),
    _role(
        "stage",
        "text",
        "stage of the sale",
        "deal stage; sales stage; opportunity stage; pipeline stage; opp stage; funnel stage; pipeline;"
        "phase; vertriebsphase; verkaufsphase; etape; phase de vente; etapa; fase;"
        "dealfase; verkoopfase; etapa de venta; fase de venta; fase di vendita",
    ),
    _role(
        "outcome",
        "outcome",
        "won, lost, or still open",
        "deal outcome; opportunity outcome; result; deal result; won lost; won or lost; win loss; is won;"
        "closed won; won; deal status; opportunity status; opp status; deal stage; opportunity stage;"
        "sales stage; stage; pipeline stage; stage name; status; ergebnis; gewonnen; resultat; issue;"
        "resultado; ganado;"
        "phase; vertriebsphase; verkaufsphase; angebotsstatus; etape; etape de vente; phase de vente;"
        "statut de l affaire; etapa; etapa de venta; fase; dealfase; dealstatus; verkoopfase; uitkomst;"
        "resultaat; fase di vendita; esito",
        "stage; outcome; won",
    ),
    _role(
        "owner",
        "text",
        "who sells or looks after the account",
        "account owner; deal owner; lead owner; opportunity owner; sales rep; sales agent; sales person;"
        "salesperson; sales owner; rep; account executive; account manager; customer success manager; csm;"
        "ae; sdr; assigned to; agent; verkaufer; vertriebler; betreuer; kundenbetreuer; commercial; vendeur;"
        "charge de compte; vendedor; comercial; propietario; responsable;"
        "vertriebsmitarbeiter; vertriebsmitarbeiterin; verkaufer in; aussendienst; ansprechpartner vertrieb;"
        "accountmanager; verkoper; verantwoordelijke; eigenaar; klantmanager; company owner; contact owner;"
        "record owner; relationship manager; account lead; responsabile; venditore; responsavel",
    ),
    _role(
        "channel",
        "text",
        "where the customer came from",
        "acquisition channel; marketing channel; source; lead source; signup source; sign up source;"
        "acquisition source; traffic source; original source; referral source; utm source; utm medium;"
        "source channel; sales channel; first touch channel; how did you hear about us; kanal;"
        "akquisekanal; quelle; herkunft; canal; canal d acquisition; origine; provenance; canal de adquisicion;"
        "origen; fuente;"
        "kanaal; bron; herkomst; leadbron; leadquelle; lead quelle; canale; fonte; provenienza; origem;"
        "canal de origen; deal source channel; original traffic source; latest source; first touch source",
        "channel",
    ),
    _role(
        "created_on",
        "date",
        "when the lead or sign-up came in",
        "created; created at; created date; create date; date created; creation date; created time;"
        "signup date; sign up date; signup; sign up; signed up; signed up at; signed up on; signup at;"
        "registered; registered at; registered on; registration date; date registered; registration;"
        "join date; joined; joined on; joined at; date joined; joining date; lead date; lead created;"
        "lead created at; lead created date; inquiry date; enquiry date; first contact; first contact date;"
        "first touch; first touch date; first seen; first seen at; engage date; open date; opened;"
        "opened on; date opened; account created; account created at; account creation date; start date;"
        "started; started on; started at; start; member since; user since; date; erstellt am; erstellt;"
        "erstellungsdatum; anlagedatum; angelegt am; anmeldedatum; angemeldet am; registriert am;"
        "registrierungsdatum; eintrittsdatum; date de creation; date creation; cree le; inscrit le;"
        "date d inscription; date inscription; inscription; inscrit depuis; date de debut;"
        "fecha de creacion; fecha creacion; creado; fecha de alta; fecha alta; alta; fecha de registro;"
        "fecha registro; fecha de inicio; beginn; debut; inicio; quote date; quoted on; proposal date; proposal sent;"
        "anfragedatum; anfrage vom; angebotsdatum; angebot vom; angebot am; date du devis; date devis; fecha oferta;"
        "aangemaakt op; aangemaakt; aanmaakdatum; aanmelddatum; aangemeld op; registratiedatum;"
        "inschrijfdatum; offertedatum; startdatum; begindatum; begin; data creazione; creato il;"
        "data di registrazione; data iscrizione; data de criacao; criado em; data de cadastro;"
        "deal created; deal deal created; deal add time; add time; person created; organization created;"
        "lead created on; date added; added on; subscription created at; creado el; fecha de la oferta;"
        "fecha de oferta; anmeldung am; angemeldet; enquired; enquired on; inquired; inquired on; enquiry; inquiry;"
        "angefragt; angefragt am",
        "signup date; created at; created on; created date; registration date",
    ),
    _role(
        "trial_on",
        "date",
        "when the trial began",
        "trial start; trial started; trial start date; trial started at; trial started on; trial date;"
        "trial begin; trial began; trial; trial signup; free trial start; trial start at; teststart;"
        "testbeginn; beginn testphase; test ab; debut essai; debut de l essai; date essai; date d essai;"
        "inicio prueba; inicio de prueba; fecha prueba; fecha de prueba;"
        "start proefperiode; start proef; proef gestart; begin proefperiode; proefperiode gestart;"
        "inizio prova; data prova; inicio do teste; testphase ab; start testphase; testzugang seit;"
        "start of trial; trial from; trialing since; trial pass; trial day; trial visit; trial lesson; trial class;"
        "trial session; probetraining; probestunde; essai gratuit le; clase de prueba",
        "trial start; trial started; trial date",
    ),
    _role(
        "converted_on",
        "date",
        "when the customer first paid or signed",
        "converted at; converted; converted date; conversion date; date converted; conversion; paid since;"
        "paying since; paid on; paid at; first paid; first paid at; first paid on; first payment; first payment date;"
        "became customer; became customer on; became a customer; customer since; customer from;"
        "customer start; customer start date; first purchase; first purchase date; first order;"
        "first order date; subscription start; subscription start date; subscribed; subscribed on;"
        "subscribed at; contract start; contract start date; activated on; activated at; activation date;"
        "upgraded at; upgrade date; won on; won date; date won; closed won date; close date; closed on;"
        "closed at; closed date; date closed; kunde seit; vertragsbeginn; vertragsstart; abschlussdatum;"
        "abo beginn; abobeginn; abo start; abo seit; debut abonnement; debut d abonnement;"
        "client depuis; date de conversion; date conversion; debut contrat; cliente desde;"
        "fecha de conversion; fecha conversion; inicio contrato; decision date; decided on; entscheidung am;"
        "entscheidungsdatum; entschieden am; date de decision; date decision; fecha de decision;"
        "klant sinds; ingangsdatum; contractdatum; sluitdatum; besloten op; beslisdatum; gewonnen am;"
        "gewonnen op; unterschrieben am; signe le; date de signature; date de cloture; date cloture;"
        "cloture le; fecha de cierre; fecha cierre; cliente dal; cliente da; data conversione;"
        "data chiusura; cliente desde o; data de conversao; deal won time; won time; deal closed on;"
        "client since; signed on; date signed; signed; contract signed; contract date; go live;"
        "go live date; paying from; first invoice date; first charge; activated; subscription activated at",
        "conversion date; converted",
    ),
    _role(
        "churned_on",
        "date",
        "when the customer left",
        "churned at; churned; churn date; churned date; date churned; churn; cancelled on; cancelled at;"
        "canceled on; canceled at; cancelled; canceled; cancellation date; cancelation date; cancel date;"
        "cancelled date; canceled date; date cancelled; date canceled; cancellation; end date; ended;"
        "ended on; ended at; end; subscription end; subscription end date; subscription ended;"
        "terminated on; termination date; lost on; lost date; left on; left; leave date; left date;"
        "exit date; deactivated at; deactivated on; deactivation date; gekundigt am; gekuendigt am;"
        "kundigungsdatum; kuendigungsdatum; kundigung; vertragsende; austrittsdatum; resilie le;"
        "date de resiliation; date resiliation; resiliation; fin contrat; date de fin; fecha de baja;"
        "fecha baja; baja; fecha de cancelacion; fecha cancelacion; fecha de fin;"
        "ende; fin; opgezegd op; opzegdatum; opgezegd; einddatum; einde; einde contract; beeindigd op;"
        "uitgestroomd op; data disdetta; disdetto il; data cessazione; data fine; data de cancelamento;"
        "cancelado em; data fim; subscription cancelled at; subscription canceled at; cancelled date utc;"
        "date left; contract end; contract end date; lost customer on; left us on; ausgetreten am;"
        "vertrag beendet am; ende am; beendet am; parti le; client jusqu au; perdu le",
        "churn date; churned; churn; cancellation date; cancelled; canceled",
    ),
    _role(
        "converted",
        "flag",
        "yes or no: became a paying customer",
        "is converted; has converted; conversion; converted flag; converted to paid; is customer; is paying; paying;"
        "paying customer; paid; is paid; has paid; became customer; subscribed; is subscribed; purchased;"
        "has purchased; bought; upgraded; customer; konvertiert; gekauft; kunde; converti; achete; client;"
        "convertido; comprado; cliente",
        "converted; conversion",
    ),
    _role(
        "churned",
        "flag",
        "yes or no: has left",
        "churn; is churned; is churn; has churned; churn flag; churn label; churn value; churn status;"
        "customer churn; cancelled; canceled; is cancelled; is canceled;"
        "has cancelled; has canceled; lost; is lost; left; has left; exited; attrition; attrition flag;"
        "gekundigt; gekuendigt; abgewandert; resilie; perdu; cancelado; perdido; baja",
        "churn; churned; attrition; cancelled; canceled",
    ),
    _role(
        "tenure_months",
        "number",
        "months as a customer so far, or until leaving",
        "tenure; tenure in months; months; months active; active months; months as customer;"
        "months as a customer; customer months; number of months; months subscribed; subscription months;"
        "months since signup; months since sign up; months on book; lifetime months; lifetime in months;"
        "customer lifetime months; account age months; loyalty months; age months; monate; laufzeit;"
        "laufzeit monate; laufzeit in monaten; vertragsdauer; monate als kunde; anciennete; anciennete mois;"
        "mois; antiguedad; antiguedad meses; meses",
        "tenure; months as customer",
    ),
    _role(
        "revenue_monthly",
        "number",
        "money a month",
        "mrr; monthly recurring revenue; monthly revenue; monthly charges; monthly charge; monthly fee;"
        "monthly price; monthly spend; monthly amount; monthly payment; monthly bill; monthly billing;"
        "monthly value; monthly subscription; price per month; revenue per month; arpu; arpa;"
        "subscription price; subscription amount; plan price; umsatz monat; umsatz pro monat; monatsumsatz;"
        "monatlicher umsatz; monatspreis; monatsbeitrag; revenu mensuel; ca mensuel; prix mensuel;"
        "abonnement mensuel; ingreso mensual; ingresos mensuales; cuota mensual; precio mensual;"
        "retainer; monthly retainer; monthly rate; monthly contract value; subscription fee; current mrr;"
        "mrr amount; net mrr; contracted mrr; monatsgebuhr; monatliche gebuhr; monatshonorar; monatsrate;"
        "honoraires mensuels; montant mensuel; mensualite; importe mensual; mensualidad;"
        "ingreso recurrente mensual; maandomzet; omzet per maand; maandbedrag; maandprijs;"
        "maandelijkse omzet; maandtarief; canone mensile; ricavo mensile; fatturato mensile;"
        "receita mensal; mensalidade; revenu mensuel recurrent; monatlich wiederkehrender umsatz",
        "mrr; monthly revenue; monthly charges; monthly recurring revenue",
    ),
    _role(
        "revenue_total",
        "number",
        "all money so far, or the value of the deal",
        "total revenue; total charges; total charge; total spend; total spent; lifetime revenue; ltv to date;"
        "lifetime spend; lifetime value to date; revenue to date; spend to date; total paid; amount paid;"
        "total billed; total sales; total amount; total payments; close value; closed value; deal value;"
        "deal amount; deal size; opportunity amount; opportunity value; contract value;"
        "total contract value; tcv; order total; amount spent; monetary value; monetary; customer value;"
        "revenue; sales; sales amount; amount; value; spend; gesamtumsatz; umsatz gesamt; umsatz; ca total;"
        "chiffre d affaires; chiffre affaires; total depense; montant; ingresos totales; ventas; ingresos;"
        "importe total; importe; facturacion; gasto total; quote value; quote amount; proposal value; auftragswert;"
        "auftragsvolumen; auftragssumme; angebotswert; angebotssumme; angebotsvolumen; montant du devis; montant devis;"
        "deal deal value; opportunity revenue; contract amount; volumen; dealwert; opportunity volumen;"
        "valor; valor del negocio; valor de la oferta; importe de la oferta; omzet; totale omzet; bedrag;"
        "totaalbedrag; offertewaarde; dealwaarde; contractwaarde; importo; valore; fatturato;"
        "valore offerta; valor total; receita; receita total; valeur; valeur du contrat;"
        "gross merchandise value; gmv; total gmv; sales volume; bookings",
        "total charges; total revenue; total spend; lifetime revenue; ltv to date",
    ),
    _role(
        "order_count",
        "number",
        "number of orders so far",
        "orders; number of orders; num orders; no of orders; n orders; orders count; total orders;"
        "purchases; purchase count; number of purchases; num purchases; total purchases; transactions;"
        "transaction count; number of transactions; frequency; bestellungen; anzahl bestellungen; kaufe;"
        "commandes; nombre de commandes; nb commandes; achats; pedidos; numero de pedidos; compras;"
        "aantal bestellingen; aantal orders; ordini; numero ordini; numero de compras; payment count;"
        "bookings count",
    ),
    _role(
        "gross_margin",
        "number",
        "share of revenue left after the cost of serving",
        "margin; gross margin pct; gross margin percent; margin pct; margin percent; gm; gm pct;"
        "contribution margin pct; marge; bruttomarge; rohmarge; marge brute; taux de marge; margen;"
        "margen bruto",
    ),
    _role(
        "acquisition_cost",
        "number",
        "what winning this customer cost",
        "cac; customer acquisition cost; cost per acquisition; cpa; acquisition spend; cost of acquisition;"
        "cost to acquire; marketing cost; akquisekosten; akquisitionskosten; kundenakquisekosten;"
        "cout d acquisition; cout acquisition; coste de adquisicion; costo de adquisicion;"
        "coste adquisicion; costo adquisicion; sales cost; cost of sale; vertriebskosten; werbekosten; couts de vente",
        "cac; acquisition cost",
    ),
)

COUNTED_KINDS = frozenset({"id", "date", "flag", "number", "status", "outcome"})
"""Kinds of role that metrics are made of; the others only describe."""

ROLES: dict[str, Role] = {role.name: role for role in CUSTOMER_ROLES}

DECISION_DATES = key_set(
    "close date; closed on; closed at; closed date; date closed; abschlussdatum; decision date; decided on;"
    "entscheidung am; entscheidungsdatum; entschieden am; date de decision; date decision; fecha de decision;"
    "date de cloture; date cloture; cloture le; fecha de cierre; fecha cierre; sluitdatum; besloten op; beslisdatum;"
    "data chiusura; deal closed on"
)
"""Headers of a date on which a deal was decided, won or lost: a conversion only where it was won."""

# One word for each place in the life cycle. `inactive` is churned of somebody who was a customer;
# `closed lost` is a lead who stayed a lead.
_LEADS = (
    "lead; prospect; mql; sql; sal; new lead; opportunity; open; new; contacted; qualified; "
    "unqualified; suspect; free; freemium; free user; visitor; registered; signed up; marketing "
    "qualified lead; sales qualified lead; closed lost; lost lead; lost deal; disqualified; not "
    "converted; incomplete; incomplete expired; interessent; prospecto; posible cliente;"
    "working; nurture; nurturing; attempted to contact; connected; in progress; cold lead; warm lead; hot lead; "
    "open deal; unworked; recycled; raw lead; qualified lead; potential customer; sales accepted lead; target account; "
    "neukontakt; offen; neu; in bearbeitung; nieuw; potentieel; potentiele klant; nouveau; a contacter; nuevo; "
    "cliente potencial; potenziale; potenziale cliente; potencial; never bought; no purchase yet; waitlist; "
    "pitching; pitch; in pitch; pitched; proposal sent; evaluating"
)
_TRIALS = (
    "trial; trialing; trialling; trialer; trialist; trial user; in trial; on trial; free trial; "
    "evaluation; demo; pilot; test; testphase; probezeit; essai; en essai; prueba; en prueba; im test; "
    "trial active; active trial; trial expired; trial ended; expired trial; trial user expired; poc; proof of concept; "
    "testkunde; testet; periode d essai; version d essai; periodo de prueba; proef; proefperiode; in proef; "
    "prova; in prova; em teste; teste"
)
_CUSTOMERS = (
    "customer; active; active customer; paying; paid; paying customer; client; subscribed; "
    "converted; current; current customer; live; won; closed won; stayed; joined; existing; "
    "existing customer; existing client; retained; renewed; member; past due; evangelist; kunde; "
    "aktiv; aktiver kunde; bestandskunde; actif; client actif; cliente; activo; not churned; "
    "active client; current client; live customer; under contract; contracted; signed; onboarding; onboarded; at risk; "
    "paused; on hold; non renewing; unpaid; delinquent; dunning; overdue; in dunning; vip; key account; "
    "repeat customer; "
    "active subscriber; paying subscriber; premium; upgraded; neukunde; stammkunde; zahlend; "
    "zahlender kunde; pausiert; "
    "unter vertrag; laufend; client existant; abonne; abonne actif; sous contrat; en cours de contrat; cliente activo; "
    "en contrato; pausado; klant; actief; actieve klant; bestaande klant; betalend; attivo; cliente attivo; ativo; "
    "cliente ativo; client won; won customer; enabled"
)
_CHURNED = (
    "churned; churn; cancelled; canceled; cancelled customer; canceled customer; lost; lost "
    "customer; inactive; former; former customer; ex customer; past customer; left; ended; "
    "expired; terminated; deactivated; closed; lapsed; attrited; attrited customer; gekundigt; "
    "gekuendigt; inaktiv; ehemalig; ehemaliger kunde; abgewandert; resilie; perdu; inactif; "
    "ancien client; cancelado; baja; inactivo; perdido; former client; past client; lost client; ex client; "
    "inactive customer; inactive client; old customer; previous customer; churned customer; customer churned; "
    "cancelled subscription; canceled subscription; not renewed; did not renew; non renewed; gone; dormant; disabled; "
    "offboarded; account closed; closed account; out of business; win back; winback; quit; stopped; unsubscribed; "
    "ehemals; ehemalige; ex kunde; altkunde; gekundigter kunde; verloren; verlorener kunde; beendet; ausgetreten; "
    "stillgelegt; client perdu; parti; resiliee; annule; termine; ex cliente; dado de baja; cliente perdido; "
    "cliente inactivo; de baja; opgezegd; oud klant; ex klant; inactief; gestopt; beeindigd; verloren klant; disdetto; "
    "cessato; inattivo; perso; cliente perso; inativo; encerrado"
)

LIFE_WORDS: dict[str, int] = {
    key: code
    for code, words in enumerate((_LEADS, _TRIALS, _CUSTOMERS, _CHURNED))
    for key in key_set(words)
}
"""Status word in comparable form -> value of `Status`."""

_LEAD_PARTS = (
    "lead; leads; prospect; prospects; mql; sql; interessent; interessenten; pitching; pitch"
)
_CHURNED_PARTS = (
    "churned; cancelled; canceled; former; ex; terminated; ended; inactive; lapsed; expired; gekundigt;"
    " ehemaliger;"
    "ehemalige; inaktiv; resilie; ancien; inactif; cancelado; inactivo; opgezegd; inactief; disdetto; lost"
)
_TRIAL_PARTS = "trial; trialing; trials; pilot; testphase; essai; prueba; proef; prova"
_CUSTOMER_PARTS = (
    "active; customer; customers; client; clients; paying; kunde; kunden; aktiv; actif; activo; cliente;"
    " clientes; klant;"
    "klanten; actief; attivo; ativo"
)
_LIFE_PARTS = tuple(
    (code, key_set(words))
    for code, words in (
        (0, _LEAD_PARTS),
        (3, _CHURNED_PARTS),
        (1, _TRIAL_PARTS),
        (2, _CUSTOMER_PARTS),
    )
)
_DENIED = key_set("not; no; non; never; kein; keine; nicht; pas; jamais; sin; geen; niet; non")
_MOST_WORDS = 4


@lru_cache(maxsize=4096)
def life_code(text: str) -> int | None:
    """Where in the life cycle a short phrase places somebody; None where it does not say.

    >>> life_code("Active retainer"), life_code("Cancelled - price"), life_code("Not a customer")
    (2, 3, None)
    """
    if (code := LIFE_WORDS.get(header_key(text))) is not None:
        return code
    words = set(header_words(text))
    if not words or len(words) > _MOST_WORDS or words & _DENIED:
        return None
    return next((code for code, parts in _LIFE_PARTS if words & parts), None)


OUTCOME_WORDS: dict[str, str] = {
    header_key(word): outcome
    for outcome, words in {
        "won": "won; closed won; win; deal won; gewonnen; gagne; ganado; ganada; closed - won; gagnee; closed won deal;"
        "won deal; opportunity won; auftrag; auftrag erhalten; beauftragt; signe; vinto; ganho; fechado ganho; "
        "cerrada ganada; cerrado ganado; fermee gagnee; ferme gagne; geschlossen gewonnen; abgeschlossen gewonnen; "
        "gesloten gewonnen",
        "lost": "lost; closed lost; loss; deal lost; verloren; perdu; perdido; perdida; closed - lost; perdue;"
        "abandoned; disqualified; no decision; dead; lost deal; opportunity lost; abgesagt; abgelehnt; perso; "
        "fechado perdido; cerrada perdida; cerrado perdido; fermee perdue; ferme perdu; geschlossen verloren; "
        "abgeschlossen verloren; gesloten verloren; rejected; declined",
        "open": "open; new; prospecting; engaging; qualification; qualified; discovery; demo; proposal;"
        "negotiation; in progress; pending; contract sent; offen; en cours; abierto; angebot; verhandlung; "
        "in verhandlung;"
        "negociation; negociacion; propuesta; proposition; onderhandeling; offerte; aberto; trattativa; proposal sent;"
        "qualifiziert; qualifiee; cualificado; demo scheduled; appointment scheduled; decision maker bought in;"
        "presentation scheduled; qualified to buy; proposal price quote; needs analysis; value proposition; on hold",
    }.items()
    for word in words.split(";")
}
"""Outcome word in comparable form -> won, lost or open."""
