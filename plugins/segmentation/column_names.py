"""What columns are called: for each canonical field its usual names, best first.

Compared in lower case without blanks, dots, hyphens and underscores.
"""

from __future__ import annotations

from itertools import product


def _numbered(*things: str) -> tuple[str, ...]:
    """The usual names of a column that numbers these things: customer id, customer no, customer key."""
    return tuple(f"{thing}{number}" for number, thing in product(_NUMBER, things))


_NUMBER = ("id", "no", "number", "nr", "num", "key", "code", "ref", "uid", "guid", "uniqueid")
_CUSTOMER_IDS = (
    *_numbered(
        "customer",
        "cust",
        "client",
        "shopper",
        "buyer",
        "member",
        "user",
        "account",
        "contact",
        "subscriber",
        "guest",
        "patron",
        "household",
        "visitor",
        "profile",
    ),
    "kundennummer",
    "kundenid",
    "kundennr",
    "idclient",
    "cid",
    "customer",
    "client",
    "user",
    "member",
    "kunde",
    "cliente",
    "account",
    "visitor",
    "shopper",
    "buyer",
)
_ORDER_IDS = (
    *_numbered(
        "order", "salesorder", "invoice", "transaction", "receipt", "basket", "purchase", "booking", "ticket", "bill"
    ),
    "order",
    "invoice",
    "receipt",
    "basket",
    "salesorder",
    "bestellnummer",
    "commande",
    "pedido",
)

COLUMN_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "transactions": {
        "order_id": _ORDER_IDS,
        "customer_id": _CUSTOMER_IDS,
        "ordered_at": (
            "orderedat", "orderts", "ordertimestamp", "orderdate", "orderdatetime", "invoicedate", "purchasedate",
            "transactiondate", "transactiondatetime", "timestamp", "datetime", "date", "ts", "createdat",
            "purchasedat", "orderedon", "day", "datum", "bestelldatum", "fecha", "transactiontime", "time",
            "orderpurchasetimestamp", "invoicedatetime", "saledate", "paymentdate", "dateofpurchase", "eventtime",
        ),
        "amount": (
            "amount", "totalamount", "orderamount", "ordertotal", "total", "totalprice", "revenue", "sales",
            "salesamount", "dollarvalue", "value", "ordervalue", "lineamount", "linetotal", "spend", "netamount",
            "grossamount", "paid", "payment", "betrag", "montant", "importe", "umsatz", "monetary", "orderrevenue",
            "saleamount", "transactionamount", "transactionvalue", "grosssales", "netsales",
        ),
        "unit_price": (
            "unitprice", "price", "itemprice", "priceperunit", "preis", "einzelpreis", "prix", "precio",
        ),
        "quantity": (
            "quantity", "qty", "units", "numberofcds", "items", "itemcount", "menge", "anzahl", "quantite",
            "cantidad",
        ),
        "currency": (
            "currency", "currencycode", "curr", "waehrung", "devise",
        ),
        "category": (
            "category", "productcategory", "department", "categoryname", "kategorie", "categorie", "categoria",
        ),
        "product": (
            "product", "productname", "description", "item", "itemname", "productdescription", "title", "sku",
            "stockcode", "productid", "produkt", "artikel", "produit",
        ),
        "is_return": (
            "isreturn", "returned", "return", "refund", "isrefund", "cancelled", "iscancelled", "canceled",
        ),
        "country": (
            "country", "countrycode", "land", "pays", "pais", "shippingcountry", "billingcountry",
        ),
    },
    "customers": {
        "customer_id": (*_CUSTOMER_IDS, "id"),
        "first_name": (
            "firstname", "givenname", "forename", "vorname", "prenom", "nombre", "fname",
        ),
        "last_name": (
            "lastname", "surname", "familyname", "nachname", "nom", "apellido", "lname",
        ),
        "email": (
            "email", "emailaddress", "mail", "eposta", "emailaddr",
        ),
        "phone": (
            "phone", "phonenumber", "mobile", "mobilephone", "telephone", "tel", "telefon", "cell",
        ),
        "country": (
            "country", "countrycode", "land", "pays", "pais",
        ),
        "city": (
            "city", "town", "ort", "ville", "ciudad",
        ),
        "language": (
            "language", "lang", "locale", "sprache",
        ),
        "birth_date": (
            "birthdate", "dateofbirth", "dob", "birthday", "geburtsdatum",
        ),
        "gender": (
            "gender", "sex", "geschlecht",
        ),
        "loyalty_tier": (
            "loyaltytier", "loyaltylevel", "loyalty", "tier", "memberlevel",
        ),
        "signup_date": (
            "signupdate", "signedupat", "signup", "registered", "registrationdate", "createdat", "joindate",
            "joined", "membersince", "customersince",
        ),
        "consent_email": (
            "consentemail", "emailconsent", "emailoptin", "optinemail", "acceptsmarketing", "acceptsemailmarketing",
            "newsletter", "subscribed", "emailsubscribed", "marketingconsent",
        ),
        "consent_sms": (
            "consentsms", "smsconsent", "smsoptin", "optinsms", "acceptssmsmarketing",
        ),
        "consent_push": (
            "consentpush", "pushconsent", "pushoptin", "optinpush",
        ),
        "suppressed": (
            "suppressed", "donotcontact", "blacklisted", "blocklisted", "bounced", "unsubscribed",
        ),
        "preferred_channel": (
            "preferredchannel", "channelpreference", "prefchannel",
        ),
        "last_open_at": (
            "lastopenat", "lastopen", "lastopened", "lastemailopen",
        ),
        "opens_90d": (
            "opens90d", "opens", "emailopens",
        ),
        "clicks_90d": (
            "clicks90d", "clicks", "emailclicks",
        ),
        "sends_90d": (
            "sends90d", "sends", "emailssent", "sent",
        ),
        "sends_7d": (
            "sends7d",
        ),
        "given_last_purchase_days": (
            "recencydays", "dayssincelastorder", "dayssincelastpurchase", "lastpurchasedays", "recency",
            "recencymonths", "monthssincelastpurchase", "r",
        ),
        "given_last_purchase_date": (
            "lastpurchasedate", "lastorderdate", "lasttransactiondate", "lastpurchaseat", "lastorderat", "lastpurchase",
            "lastorder",
        ),
        "given_orders_count": (
            "frequency", "orders", "norders", "numpurchases", "totalorders", "purchasefrequency", "orderscount",
            "ordercount", "numberoforders", "numorders", "purchases", "purchasecount",
            "transactions", "f",
        ),
        "given_total_spend": (
            "monetary", "totalspend", "totalspent", "monetaryvalue", "lifetimevalue", "ltv", "clv", "history",
            "spend", "revenue", "totalrevenue", "totalamount", "amount", "m",
        ),
    },
}  # fmt: skip
SUFFIXES = frozenset({
    "gbp", "usd", "eur", "utc", "key", "code", "nr", "num", "ref", "iso", "days", "months", "local", "total", "at",
})  # fmt: skip
"""What may follow a usual name without changing what it means: ``amount_gbp``."""
