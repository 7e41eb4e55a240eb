"""The invented world of the sample shop: products, places and names. Every person, address and number is made up.

E-mail domains are the reserved example domains; telephone numbers lie in ranges set aside for fiction.
"""

from __future__ import annotations

SHOP_NAME = "Harbor & Pine"

PRODUCTS: dict[str, tuple[tuple[str, float], ...]] = {
    "towels": (
        ("Stonewashed bath towel", 28.0), ("Quick-dry beach towel", 34.0), ("Waffle hand towel set", 24.0),
        ("Striped pool towel", 32.0), ("Linen guest towels", 38.0),
    ),
    "coolers": (
        ("Tidewater 24 litre cooler", 119.0), ("Picnic cooler bag", 46.0), ("Insulated bottle carrier", 29.0),
        ("Harbor 45 litre wheeled cooler", 189.0), ("Ice pack pair", 12.0),
    ),
    "kitchen": (
        ("Oak chopping board", 42.0), ("Enamel stew pot", 88.0), ("Cake stand with dome", 54.0),
        ("Stoneware mixing bowls", 48.0), ("Cast iron skillet", 64.0), ("Herb scissors", 16.0),
    ),
    "garden": (
        ("Copper watering can", 52.0), ("Bulb planter", 26.0), ("Terracotta pot trio", 39.0),
        ("Folding garden bench", 219.0), ("Bird feeder", 31.0), ("Kneeling pad", 18.0),
    ),
    "candles": (
        ("Pine resin candle", 26.0), ("Sea salt candle", 26.0), ("Beeswax taper set", 19.0),
        ("Citronella bucket", 22.0),
    ),
    "skincare": (
        ("Kelp hand balm", 18.0), ("Oat milk soap", 9.5), ("Juniper bath salts", 21.0), ("Rosehip face oil", 36.0),
        ("Gardener's hand scrub", 17.0),
    ),
    "shoes": (
        ("Deck shoes", 98.0), ("Waxed walking boots", 169.0), ("Cork sandals", 72.0), ("Wool slippers", 49.0),
        ("Trail sneakers", 118.0),
    ),
    "jewellery": (
        ("Sea glass pendant", 58.0), ("Silver anchor studs", 44.0), ("Rope bracelet", 32.0), ("Hammered ring", 76.0),
    ),
    "toys": (
        ("Wooden sailing boat", 29.0), ("Knitted fox", 24.0), ("Tide pool puzzle", 21.0), ("Kite with tail", 27.0),
    ),
    "homeware": (
        ("Driftwood mirror", 129.0), ("Rattan basket", 45.0), ("Stoneware mug", 14.0), ("Wall clock", 62.0),
        ("Heart wall hook", 12.5), ("Doormat", 28.0),
    ),
    "stationery": (
        ("Linen notebook", 17.0), ("Wrapping paper roll", 7.5), ("Fountain pen", 39.0), ("Greeting card set", 14.0),
    ),
    "lighting": (("Storm lantern", 48.0), ("Ship's table lamp", 115.0), ("String lights", 32.0)),
    "bedding": (("Linen duvet set", 179.0), ("Wool throw", 92.0), ("Cotton pillowcases", 36.0)),
    "camping": (
        ("Two-person tent", 249.0), ("Enamel camp mug", 13.0), ("Wool camp blanket", 84.0), ("Fire starter kit", 22.0),
        ("Folding stool", 41.0),
    ),
    "outerwear": (("Waxed jacket", 198.0), ("Rain poncho", 59.0), ("Merino beanie", 32.0), ("Quilted vest", 98.0)),
    "luggage": (("Canvas weekender", 149.0), ("Wash bag", 34.0), ("Leather luggage tag", 19.0)),
}  # fmt: skip

# country: share of customers, language, cities
PLACES: dict[str, tuple[float, str, tuple[str, ...]]] = {
    "US": (0.355, "en", ("Portland", "Boston", "Austin", "Denver", "Seattle", "Savannah")),
    "GB": (0.20, "en", ("London", "Bristol", "Leeds", "Edinburgh", "Cardiff")),
    "DE": (0.09, "de", ("Hamburg", "München", "Köln", "Kiel")),
    "FR": (0.07, "fr", ("Lyon", "Nantes", "Brest", "Paris")),
    "CA": (0.05, "en", ("Halifax", "Montréal", "Vancouver")),
    "ES": (0.035, "es", ("Cádiz", "Bilbao", "Málaga")),
    "IT": (0.035, "it", ("Genova", "Bari", "Torino")),
    "NL": (0.03, "nl", ("Rotterdam", "Utrecht", "'s-Hertogenbosch")),
    "IE": (0.025, "en", ("Galway", "Cork", "Dublin")),
    "SE": (0.02, "sv", ("Malmö", "Göteborg")),
    "PL": (0.015, "pl", ("Gdańsk", "Łódź")),
    "JP": (0.015, "ja", ("東京", "Osaka")),
    "AE": (0.01, "ar", ("Dubai", "أبوظبي")),
    "IL": (0.008, "he", ("Haifa", "תל אביב")),
    "GR": (0.007, "el", ("Πειραιάς", "Athens")),
    "IN": (0.01, "en", ("Mumbai", "Kochi")),
    "BR": (0.01, "pt", ("Recife", "São Paulo")),
}

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "en": (
        "Olivia", "Noah", "Emma", "Liam", "Ava", "Grace", "Mia", "Jack", "Ruth", "Henry", "Zoe", "Owen", "Hazel",
        "Felix", "Ivy", "Amir", "Priya", "Kofi", "Mei", "Diego", "Anne-Marie", "Bo", "Sinéad", "DeShawn",
    ),
    "de": ("Jürgen", "Anna", "Lukas", "Käthe", "Björn", "Sabine", "Emil", "Frieda"),
    "fr": ("Renée", "Léo", "Chloé", "Jean-Luc", "Zoë", "Amélie", "Hugo"),
    "es": ("Lucía", "José", "Íñigo", "Carmen", "Núria"),
    "it": ("Giulia", "Niccolò", "Marco", "Elisa"),
    "nl": ("Sanne", "Daan", "Fleur", "Joost"),
    "sv": ("Åsa", "Björn", "Elsa", "Örjan"),
    "pl": ("Łukasz", "Zofia", "Michał", "Małgorzata"),
    "ja": ("花子", "太郎", "Yuki", "さくら"),
    "ar": ("فاطمة", "محمد", "Layla", "يوسف"),
    "he": ("נועה", "דוד", "Tamar"),
    "el": ("Ελένη", "Γιώργος", "Sofia"),
    "pt": ("João", "Conceição", "Ana"),
}  # fmt: skip

LAST_NAMES: dict[str, tuple[str, ...]] = {
    "en": (
        "Smith", "O'Brien", "Nguyen", "Patel", "Jones", "Ng", "MacDonald", "Van Buren", "Okafor", "Fitzgerald-Hughes",
        "Li", "Null", "Young", "Ward", "St. John", "Rivera", "Kim", "Brown", "Walker", "Hall",
    ),
    "de": ("Müller", "Groß", "von der Heide", "Schäfer", "Vogel"),
    "fr": ("Lefèvre", "d'Arcy", "Moreau", "Beauséjour"),
    "es": ("García Márquez", "Muñoz", "Ibáñez"),
    "it": ("Dell'Acqua", "Rossi", "Lo Presti"),
    "nl": ("van 't Hof", "de Vries", "Jansen"),
    "sv": ("Sjöström", "Åkesson", "Lindqvist"),
    "pl": ("Wójcik", "Brzęczyszczykiewicz", "Żak"),
    "ja": ("山田", "Suzuki", "佐藤"),
    "ar": ("الهاشمي", "Haddad", "منصور"),
    "he": ("כהן", "Levi"),
    "el": ("Παπαδόπουλος", "Nikolaou"),
    "pt": ("da Silva", "Gonçalves", "Araújo"),
}  # fmt: skip

ODD_FIRST_NAMES = (
    "Sunny 🌻", "🦊 Fox", "MARIA", "  maria", "X Æ", "Wolfeschlegelsteinhausenbergerdorff", "Test", "j", "José", "N/A",
    "Dr. Ada", "👩‍👩‍👧 Family", "Ýr", "Nguyễn Thị Minh Khai", "{{first_name}}",
)  # fmt: skip

LOYALTY_TIERS = ("none", "bronze", "silver", "gold", "platinum")
EMAIL_DOMAINS = ("example.com", "example.org", "example.net")
GB_AREAS = ("113", "114", "115", "116", "117", "118", "121", "131", "141", "151", "161")
