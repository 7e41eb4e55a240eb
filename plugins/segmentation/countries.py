"""Countries: ISO 3166 alpha-2 codes, English names, and what people call them."""

from __future__ import annotations

_NAMES = (
    "AD Andorra|AE United Arab Emirates|AF Afghanistan|AL Albania|AM Armenia|AO Angola|AR Argentina|AT Austria|"
    "AU Australia|AZ Azerbaijan|BA Bosnia and Herzegovina|BB Barbados|BD Bangladesh|BE Belgium|BG Bulgaria|BH Bahrain|"
    "BN Brunei|BO Bolivia|BR Brazil|BS Bahamas|BW Botswana|BY Belarus|BZ Belize|CA Canada|CD Congo|CH Switzerland|"
    "CI Ivory Coast|CL Chile|CM Cameroon|CN China|CO Colombia|CR Costa Rica|CU Cuba|CY Cyprus|CZ Czech Republic|"
    "DE Germany|DK Denmark|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|ES Spain|ET Ethiopia|"
    "FI Finland|FJ Fiji|FR France|GB United Kingdom|GE Georgia|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|"
    "GR Greece|GT Guatemala|HK Hong Kong|HN Honduras|HR Croatia|HU Hungary|ID Indonesia|IE Ireland|IL Israel|"
    "IM Isle of Man|IN India|IQ Iraq|IR Iran|IS Iceland|IT Italy|JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya|"
    "KH Cambodia|KR South Korea|KW Kuwait|KZ Kazakhstan|LA Laos|LB Lebanon|LI Liechtenstein|LK Sri Lanka|"
    "LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova|ME Montenegro|MG Madagascar|"
    "MK North Macedonia|MM Myanmar|MN Mongolia|MO Macao|MT Malta|MU Mauritius|MX Mexico|MY Malaysia|MZ Mozambique|"
    "NA Namibia|NG Nigeria|NI Nicaragua|NL Netherlands|NO Norway|NP Nepal|NZ New Zealand|OM Oman|PA Panama|PE Peru|"
    "PH Philippines|PK Pakistan|PL Poland|PR Puerto Rico|PT Portugal|PY Paraguay|QA Qatar|RO Romania|RS Serbia|"
    "RU Russia|RW Rwanda|SA Saudi Arabia|SE Sweden|SG Singapore|SI Slovenia|SK Slovakia|SN Senegal|SV El Salvador|"
    "TH Thailand|TN Tunisia|TR Turkey|TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|US United States|UY Uruguay|"
    "UZ Uzbekistan|VE Venezuela|VN Vietnam|ZA South Africa|ZM Zambia|ZW Zimbabwe"
)
COUNTRY_NAMES = {entry[:2]: entry[3:] for entry in _NAMES.split("|")}
_ALIASES = {
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "usa": "US", "u.s.": "US", "u.s.a.": "US", "america": "US",
    "united states of america": "US", "the netherlands": "NL", "holland": "NL", "eire": "IE",
    "republic of ireland": "IE", "rsa": "ZA", "korea": "KR", "uae": "AE", "czechia": "CZ", "turkiye": "TR",
    "türkiye": "TR", "deutschland": "DE", "allemagne": "DE", "españa": "ES", "italia": "IT", "österreich": "AT",
    "schweiz": "CH", "suisse": "CH", "brasil": "BR", "polska": "PL", "sverige": "SE", "danmark": "DK", "norge": "NO",
    "suomi": "FI", "belgique": "BE", "belgië": "BE",
}  # fmt: skip
_ALPHA3 = {
    "USA": "US", "GBR": "GB", "DEU": "DE", "FRA": "FR", "ESP": "ES", "ITA": "IT", "NLD": "NL", "IRL": "IE",
    "CAN": "CA", "AUS": "AU", "JPN": "JP", "CHN": "CN", "IND": "IN", "BRA": "BR", "MEX": "MX", "SWE": "SE",
    "NOR": "NO", "DNK": "DK", "FIN": "FI", "POL": "PL", "PRT": "PT", "CHE": "CH", "AUT": "AT", "BEL": "BE",
    "GRC": "GR", "ISR": "IL", "ARE": "AE", "ZAF": "ZA", "NZL": "NZ", "KOR": "KR", "TUR": "TR", "CZE": "CZ",
}  # fmt: skip
COUNTRY_CODES: dict[str, str] = {
    **{name.lower(): code for code, name in COUNTRY_NAMES.items()},
    **{code.lower(): code for code in COUNTRY_NAMES},
    **{code.lower(): two for code, two in _ALPHA3.items()},
    **_ALIASES,
}
"""Every lower-case spelling we know, to its alpha-2 code."""


def country_code(text: str) -> str | None:
    """Return the alpha-2 code that a spelling means, or None."""
    return COUNTRY_CODES.get(text.strip().lower())
