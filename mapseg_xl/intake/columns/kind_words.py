"""The headers people give the columns of tables that are no list of customers. Only words, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mapseg_xl.intake.columns.role_words import ROLES, header_key, key_set, word_set
from mapseg_xl.intake.tables import RawTable

Words = Mapping[str, frozenset[str]]

SPEND: Words = {
    "channel": frozenset(ROLES["channel"].synonyms) | key_set("campaign channel; medium; platform"),
    "period": key_set(
        "period; month; date; quarter; year; week; monat; periode; mois; mes; zeitraum; datum; quartal; jahr;"
        "trimestre; annee; ano; maand; kwartaal; jaar; mese; fecha; day; tag"
    ),
    "spend": key_set(
        "spend; cost; costs; ad spend; marketing spend; media spend; amount spent; total spend; total cost; budget;"
        "expense; expenses; amount; kosten; ausgaben; depense; depenses; cout; gasto; gastos; coste; inversion;"
        "werbekosten; mediakosten; betrag; couts; budget depense; uitgaven; besteding; mediabudget;"
        " costi; spesa; gasto"
        " total; investimento; custo; media cost; total ad spend; channel spend; marketing cost"
    ),
    "new_customers": key_set(
        "new customers; customers; customers won; new clients; customers acquired; acquisitions; neukunden;"
        "nouveaux clients; nuevos clientes; gewonnene kunden; neue kunden; clientes nuevos; clients gagnes;"
        "nieuwe klanten; nuovi clienti; novos clientes; won customers; conversions"
    ),
}
MARKET: Words = {
    "segment": key_set("segment; segment name; market segment; market; name; segmento; candidate"),
    "accounts": key_set(
        "accounts; companies; firms; businesses; number of accounts; number of companies; accounts in market;"
        "total accounts; target accounts; market accounts; tam accounts; accounts in all; firmen; entreprises; empresas"
    ),
    "reachable": key_set(
        "reachable; share reachable; reachable share; reachable pct; percent reachable; reach; sam share; can reach;"
        "share we can reach; we can reach"
    ),
    "winnable": key_set(
        "winnable; share winnable; winnable share; winnable pct; percent winnable; obtainable; som share; can win;"
        "share we can win; we can win"
    ),
    "average_contract_value": key_set(
        "average contract value; contract value; acv; annual contract value; avg contract value; deal size;"
        "average deal size; average revenue; contract value a year; yearly contract value; contract value per year"
    ),
    "growth": key_set(
        "growth; growth rate; market growth; annual growth; yearly growth; growth a year; growth per year; cagr;"
        "wachstum; croissance; crecimiento"
    ),
    "competition": key_set(
        "competition; competitors; competition 0 3; competitive intensity; competition score; rivalry;"
        "wettbewerb; concurrence;"
        "competencia"
    ),
    "roadmap_fit": key_set(
        "roadmap fit; fit; product fit; fit with roadmap; fit with the roadmap; roadmap;"
        "roadmap fit 0 3"
    ),
    "scalable_channel": key_set(
        "scalable channel; channel; channel scalability; channel can scale; scalable; scalability; channel fit;"
        "channel scales; channel scales 0 3; scales; the channel scales"
    ),
    "said_by": key_set("source; said by; by; owner; who; quelle; fuente"),
}
FEEDBACK: Words = {
    "date": key_set(
        "date; said on; day; when; date said; call date; interview date; logged on; datum; fecha"
    ),
    "team": key_set(
        "team; department; from; source; logged by; heard by; said to; channel; function"
    ),
    "segment": key_set("segment; segment name; customer segment; candidate"),
    "quote": key_set(
        "quote; verbatim; what they said; they said; customer said; feedback; said; statement; comment; comments;"
        "note; in their words; zitat; citation; cita; customer quote; citaat; quotes; what customers said; verbatims;"
        "kundenstimme; o ton; rueckmeldung; ruckmeldung; kommentar; commentaire client; comentario cliente;"
        "opmerking klant; citazione; retour client; interview quote; said by customer"
    ),
    "theme": key_set("theme; topic; category; tag; subject; thema; tema; sujet; onderwerp; tags"),
}
SEGMENTS: Words = {
    "name": key_set("name; segment; segment name; my segment; our segment"),
    "rule": key_set("rule; definition; conditions; filter; criteria; who"),
    "suggested_by": key_set(
        "suggested by; proposed by; by; who suggested it; suggested; owner; team; source; person; idea of"
    ),
}
CONDITION: Words = {
    "condition": key_set(
        "condition; criterion; rule; first condition; second condition; third condition; and"
    ),
    "column": key_set("column; field; attribute; where; trait; property; spalte"),
    "operator": key_set("operator; is; op; comparison; test; sign; compares; how"),
    "value": key_set("value; values; wert; amount"),
}
ORDER_DATES = key_set(
    "date; order date; ordered on; ordered at; order on; purchase date; purchased on; purchased at; invoice date;"
    "invoiced on; billing date; payment date; paid on; paid at; transaction date; charge date; bill date; month;"
    "period; billing month; billing period; invoice month; usage month; week; day; timestamp; created; created at;"
    "bestelldatum; rechnungsdatum; datum; monat; date de commande; date facture; mois; fecha; mes; issue date;"
    "belegdatum; auftragsdatum; zahlungsdatum; buchungsdatum; leistungsmonat; date commande; date de facture;"
    "date de facturation; date de paiement; fecha factura; fecha de factura; fecha pedido; fecha de pedido; fecha de"
    " pago; factuurdatum; besteldatum; orderdatum; betaaldatum; maand; data; data ordine; data fattura; mese; data do"
    " pedido; invoice issued; posting date; booking date; created utc; date created; order created; date paid;"
    "issued on; charged on; charged at"
)
AMOUNTS = key_set(
    "amount; order value; value; total; total amount; order total; price; net; net amount; gross amount; revenue;"
    "sales; invoice amount; invoice total; amount paid; paid; payment; charge; dollar value; order amount; sum;"
    "basket value; betrag; umsatz; summe; montant; prix; importe; precio; mrr; fee; monthly amount; billed;"
    "nettobetrag; betrag netto; bruttobetrag; rechnungsbetrag; bestellwert; auftragswert; montant ht; montant net;"
    "montant commande; montant facture; importe neto; importe total; bedrag; nettobedrag; factuurbedrag; orderwaarde;"
    "totaal; importo; importo netto; totale; valor; total ht; total net; subtotal; gross sales; net sales; payout;"
    "line total; invoiced amount; commission; gmv; transaction amount; order total amount; total price; total sales"
)
AMOUNT_WORDS = word_set(
    "amount value total revenue sales paid payment charge charged billed invoiced price mrr fee betrag umsatz montant"
    " importe"
)
ORDER_IDS = key_set(
    "order id; order no; order number; order; invoice; invoice id; invoice no; invoice number; transaction id;"
    "transaction; receipt; receipt no; payment id; charge id; bestellnummer; rechnungsnummer; rechnung nr; numero de"
    " commande; numero facture; pedido; factura; num; invoice nr; order nr; rechnungs nr; rechnungsnr; beleg nr;"
    "belegnummer; beleg; bestell nr; bestellnr; auftragsnummer; auftrags nr; auftragsnr; auftrag; n facture;"
    "no facture; facture; numero de facture; n commande; no commande; commande; numero commande; numero de factura;"
    "numero factura; numero de pedido; numero pedido; no pedido; factuurnummer; factuurnr; factuur;"
    " bestelnummer; bestelnr;"
    "ordernummer; ordernr; bestelling; numero ordine; numero fattura; ordine; fattura; numero do pedido; document no;"
    "document number; doc no; reference number; order reference; booking id; payout id;"
    " balance transaction id; credit note number"
)
STARTS = key_set(
    "start; start date; started; started on; started at; start on; begin; began; billing start; from; since;"
    "active since; first invoice; beginn; debut; date de debut; inicio; fecha de inicio;"
    " startdatum; begindatum; begin;"
    "inizio; data inizio; data de inicio; vertragsbeginn; created; created utc; start utc;"
    " subscribed on; current start"
)
PIVOT_HEADERS = re.compile(
    r"(sum|count|average|max|min|distinct count) of .+|row labels|column labels|grand total|zeilenbeschriftungen"
    r"|spaltenbeschriftungen|gesamtergebnis|(summe|anzahl|mittelwert) von .+|[ée]tiquettes de (lignes|colonnes)"
    r"|total g[ée]n[ée]ral|somme de .+|etiquetas de (fila|columna)|total general"
    r"|suma de .+|rijlabels|kolomlabels|eindtotaal|som van .+"
    r"|etichette di (riga|colonna)|totale complessivo|somma di .+|r[óo]tulos de (linha|coluna)"
    r"|total geral|soma de .+",
    re.IGNORECASE,
)
COHORT_AGE = re.compile(r"(?:m|month|monat|mois|mes|week|w)?\s*[+]?\s*(\d{1,2})", re.IGNORECASE)

_COPY = re.compile(r"\s*\(?\d+\)?\s*$")


def fields_of(table: RawTable, words: Words) -> dict[str, int]:
    """The first column whose header is one of each field's words; a column has one field."""
    found: dict[str, int] = {}
    for field, keys in words.items():
        for i, header in enumerate(table.headers):
            if header_key(header) in keys and i not in found.values():
                found[field] = i
                break
    return found


def numbered(header: str) -> str:
    """The header without the number that tells it from its like: `Column 2`, `Value (3)`.

    >>> numbered("Column 2"), numbered("Value (3)"), numbered("Rule")
    ('Column', 'Value', 'Rule')
    """
    return _COPY.sub("", header) or header
