"""Lists of domains: of free mail, of sites that host other people's pages, and endings of two parts."""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


FREE_MAIL_NAMES = _listed(
    """
    yahoo hotmail outlook live msn gmx ymail rocketmail yandex googlemail laposte
    """
)
"""Providers with a domain in many countries: yahoo.fr, yahoo.co.jp, gmx.net."""

FREE_MAIL = _listed(
    """
    gmail.com icloud.com me.com mac.com aol.com aol.de aim.com mail.com email.com usa.com proton.me protonmail.com
    protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com zoho.com hey.com fastmail.com fastmail.fm hushmail.com
    inbox.com
    mail.ru bk.ru list.ru inbox.ru internet.ru rambler.ru ya.ru ukr.net i.ua bigmir.net
    web.de freenet.de t-online.de arcor.de posteo.de mailbox.org online.de email.de vodafonemail.de
    magenta.de kabelmail.de bluewin.ch hispeed.ch sunrise.ch aon.at chello.at
    orange.fr wanadoo.fr free.fr sfr.fr neuf.fr bbox.fr club-internet.fr numericable.fr voila.fr
    libero.it virgilio.it alice.it tin.it tiscali.it email.it fastwebnet.it
    telefonica.net terra.es ono.com
    sapo.pt iol.pt
    ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl hetnet.nl casema.nl telenet.be skynet.be proximus.be scarlet.be
    wp.pl o2.pl onet.pl op.pl interia.pl gazeta.pl poczta.fm vp.pl tlen.pl
    seznam.cz centrum.cz atlas.cz email.cz volny.cz azet.sk zoznam.sk freemail.hu citromail.hu abv.bg mail.bg
    telia.com spray.se bredband.net comhem.se online.no broadpark.no jubii.dk mail.dk ofir.dk
    luukku.com suomi24.fi kolumbus.fi
    btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk tiscali.co.uk eircom.net
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com
    optonline.net roadrunner.com windstream.net frontier.com netzero.net rogers.com shaw.ca sympatico.ca bell.net
    telus.net videotron.ca bigpond.com optusnet.com.au iinet.net.au xtra.co.nz
    uol.com.br bol.com.br terra.com.br ig.com.br globo.com oi.com.br prodigy.net.mx
    qq.com 163.com 126.com yeah.net sina.com sina.cn sohu.com foxmail.com 139.com 189.cn aliyun.com tom.com
    naver.com hanmail.net daum.net nate.com kakao.com rediffmail.com indiatimes.com
    docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp
    mailinator.com guerrillamail.com yopmail.com 10minutemail.com trashmail.com tempmail.com
    """
)
"""Domains at which anybody can have an address, throw-away ones among them."""

OTHERS_SITES = _listed(
    """
    linkedin.com facebook.com twitter.com x.com instagram.com youtube.com xing.com tiktok.com pinterest.com github.com
    google.com bit.ly linktr.ee crunchbase.com medium.com yelp.com etsy.com amazonaws.com
    """
)
"""Sites on which a company has a page; the domain is not its own."""

HOSTS = _listed(
    """
    myshopify.com wordpress.com blogspot.com github.io gitlab.io wixsite.com weebly.com squarespace.com webflow.io
    herokuapp.com netlify.app vercel.app azurewebsites.net cloudfront.net appspot.com web.app firebaseapp.com
    jimdofree.com jimdosite.com substack.com tumblr.com business.site onmicrosoft.com zendesk.com atlassian.net
    salesforce.com force.com hubspotpagebuilder.com
    uk.com us.com eu.com de.com gb.net co.com
    """
)
"""Domains below which strangers have theirs: acme.myshopify.com and other.myshopify.com are two companies."""

SECOND_LEVEL = _listed(
    """
    co com org net ac gov edu ne or gob gouv gv ltd plc me nom in firm id
    """
)
"""Before a country's two letters these are part of the ending: co.uk, com.br, or.at."""

SHORT_COUNTRY = 2
"""Letters of a country's ending."""
