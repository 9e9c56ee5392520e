"""Names, addresses and domains as two systems agree on them; what differs stays different."""

import pytest

from mapseg_xl.intake.pairing.addresses import company_domain_of, domain_of, email_of, host_of
from mapseg_xl.intake.pairing.names import name_of

SAME_CORE = [
    ("ACME  Robotics, Inc.", "Acme Robotics Incorporated"),
    ("Müller & Söhne GmbH", "MULLER UND SOHNE G.m.b.H."),
    ("Société Générale S.A.", "societe generale"),
    ("Novo Nordisk A/S", "Novo Nordisk"),
    ("The Body Shop Ltd.", "Body Shop, The"),
    ("Żabka Polska Sp. z o.o.", "zabka polska"),
    ("Grupo Bimbo S.A. de C.V.", "Grupo Bimbo"),
    ("Atlas Pty. Ltd.", "ATLAS PTY LIMITED"),
    ("Kone Oyj", "KONE"),
    ("Samsung Co., Ltd.", "Samsung Ltd"),
    ("Foo Besloten B.V.", "Foo BV"),
    ("SARL Dupont", "Dupont S.A.R.L."),
    ("L'Oréal", "Loreal"),
    ("AT&T Inc.", "AT and T"),
    ("Adler Werke Aktiengesellschaft", "Adler Werke AG"),
]
OTHER_CORE = [
    ("Ford Motor Company", "Ford Motor"),
    ("Smith & Co", "Smith"),
    ("Acme North GmbH", "Acme GmbH"),
    ("Delta 1 Ltd", "Delta 2 Ltd"),
    ("Acme Holding AG", "Acme AG"),
]


@pytest.mark.parametrize(("one", "other"), SAME_CORE)
def test_a_name_is_the_same_without_what_systems_write_differently(one, other):
    assert name_of(one).core == name_of(other).core


@pytest.mark.parametrize(("one", "other"), OTHER_CORE)
def test_a_word_of_the_name_itself_is_never_taken_for_a_legal_form(one, other):
    assert name_of(one).core != name_of(other).core


def test_umlauts_written_out_are_the_same_in_the_form_for_them():
    assert name_of("Müller", written_out=True).core == name_of("Mueller", written_out=True).core
    assert name_of("Müller").core == name_of("Muller").core


@pytest.mark.parametrize("text", ["", "   ", "GmbH", "& Co. KG", "---", "株式会社"])
def test_a_name_of_nothing_but_forms_and_signs_breaks_nothing(text):
    name = name_of(text)
    assert name.core == "" or name.core in name.spelled


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("MAILTO:Ann@Acme.com", "ann@acme.com"),
        ("ann+invoices@acme.com.", "ann@acme.com"),
        ("Ann Lee <ann@acme.com>;", "ann@acme.com"),
        ("a.n.n@gmail.com", "ann@gmail.com"),
        ("a.n.n@acme.com", "a.n.n@acme.com"),
        ("ann at acme.com", ""),
        ("@acme.com", ""),
    ],
)
def test_an_address_loses_only_what_reaches_the_same_person(text, address):
    assert email_of(text) == address


def test_domains_of_strangers_below_one_host_stay_two():
    assert domain_of("acme.myshopify.com") != domain_of("bolt.myshopify.com")
    assert domain_of("acme.co.uk") != domain_of("bolt.co.uk")
    assert domain_of("https://www.acme.co.uk/en") == domain_of("mail.acme.co.uk") == "acme.co.uk"
    assert host_of("WWW2.Acme.de:8080/x") == "acme.de"


@pytest.mark.parametrize(
    "host", ["gmail.com", "web.de", "gmx.net", "qq.com", "hotmail.fr", "o2.pl"]
)
def test_free_mail_is_nobodys_company(host):
    assert company_domain_of(f"ann@{host}") == ""
