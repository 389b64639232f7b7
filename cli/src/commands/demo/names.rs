//! The people of the demo, and where they work. Nobody is meant.

pub(super) const FIRST: [&str; 32] = [
    "Ada", "Amina", "Bruno", "Chiara", "Dmitri", "Elif", "Emeka", "Freya", "Gael", "Hana", "Ines",
    "Ivo", "Jonas", "Kaya", "Leila", "Linh", "Mateo", "Mira", "Nadia", "Noor", "Oskar", "Paula",
    "Quentin", "Rosa", "Samir", "Sofia", "Tariq", "Ulla", "Viktor", "Wanda", "Yusuf", "Zofia",
];

pub(super) const LAST: [&str; 24] = [
    "Almeida",
    "Berg",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Greco",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quinn",
    "Rossi",
    "Silva",
    "Tanaka",
    "Ueda",
    "Vargas",
    "Weber",
    "Yilmaz",
];

/// Domains that are set aside for examples.
pub(super) const COMPANIES: [(&str, &str); 10] = [
    ("Nordlys Studio", "nordlys.example"),
    ("Bakery Sundown", "sundown.example"),
    ("Harbour Bikes", "harbour-bikes.example"),
    ("Petit Atelier", "atelier.example"),
    ("Green Valley Farm", "greenvalley.example"),
    ("Kite & Co", "kite.example"),
    ("Lumen Optics", "lumen.example"),
    ("Red Door Books", "reddoor.example"),
    ("Tidewater Clinic", "tidewater.example"),
    ("Waldkind Toys", "waldkind.example"),
];

/// What lies in carts: name and price.
pub(super) const GOODS: [(&str, u32); 6] = [
    ("Desk lamp", 49),
    ("Notebook, dotted", 12),
    ("Ceramic mug", 18),
    ("Wall planner", 29),
    ("Wool blanket", 89),
    ("Fountain pen", 64),
];
