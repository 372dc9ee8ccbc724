//! Words that names of companies and people of several countries are made of, with bars between.

/// How companies of a country are called.
#[derive(Debug)]
pub struct Country {
    /// Two letters, as in a domain.
    pub code: &'static str,
    /// Family names, which many companies are called after.
    pub families: &'static str,
    /// Places.
    pub places: &'static str,
    /// What companies do.
    pub trades: &'static str,
    /// Legal forms, each with the spellings in use.
    pub forms: &'static [&'static [&'static str]],
}

/// The countries.
pub const COUNTRIES: &[Country] = &[
    Country {
        code: "uk",
        families: "Smith|Jones|Taylor|Brown|Williams|Wilson|Davies|Robinson|Wright|Thompson|Evans|Walker|White|\
            Roberts|Green|Hall|Wood|Clarke|Harris|Lewis|Turner|Hughes|Edwards|Hill|Moore|Cooper|Ward|\
            O'Brien|MacDonald|Fitzgerald",
        places: "Bristol|Leeds|Camden|York|Kent|Devon|Thames|Northgate|Riverside|Highland|Ashford|Stratford|\
            Pennine|Mersey|Cotswold|Severn",
        trades: "Plumbing|Accountants|Solicitors|Logistics|Dental Care|Architects|Printing|Motors|Joinery|\
            Catering|Estates|Insurance Brokers|Roofing|Engineering|Consulting|Foods|Electrical Services|\
            Care Homes|Property Management|Design Studio",
        forms: &[
            &["Ltd", "Limited", "Ltd.", "LTD"],
            &["PLC", "plc"],
            &["LLP", "L.L.P."],
        ],
    },
    Country {
        code: "us",
        families: "Miller|Johnson|Anderson|Martinez|Garcia|Peterson|Nguyen|Patel|Kowalski|Rossi|Baker|Sullivan|\
            Murphy|Bennett|Foster|Hayes|Coleman|Jenkins|Perry|Long",
        places: "Lakeside|Blue Ridge|Cascade|Pacific|Midwest|Lone Star|Bay Area|Summit|Pioneer|Cedar|\
            Evergreen|Granite|Prairie|Harbor|Liberty|Sunrise",
        trades: "Dental Group|Law Group|Construction|Manufacturing|Realty|Medical Center|Auto Body|\
            Veterinary Clinic|Landscaping|Trucking|Advisors|Partners|Orthopedics|Title Company|\
            Heating and Cooling|Family Practice|Wealth Management|Machine Works",
        forms: &[
            &["Inc", "Inc.", "Incorporated", ", Inc."],
            &["LLC", "L.L.C.", ", LLC"],
            &["Corp", "Corp.", "Corporation"],
        ],
    },
    Country {
        code: "de",
        families: "Müller|Schmidt|Schneider|Fischer|Weber|Meyer|Wagner|Becker|Schulz|Hoffmann|Schäfer|Koch|\
            Bauer|Richter|Klein|Wolf|Schröder|Neumann|Schwarz|Zimmermann|Braun|Krüger|Hofmann|Hartmann|\
            Lange|Krause|Böhm|Weiß|Jäger|Größer",
        places: "Nord|Süd|Rhein|Main|Isar|Elbe|Hanse|Allgäu|Schwarzwald|Bergisch|Münster|Köln|Taunus|Harz|\
            Eifel|Ostsee",
        trades: "Maschinenbau|Steuerberatung|Elektrotechnik|Bäckerei|Logistik|Metallbau|Zahnarztpraxis|\
            Immobilien|Spedition|Gartenbau|Ingenieurbüro|Hausverwaltung|Sanitär|Autohaus|Software|\
            Werkzeugbau|Apotheke|Druckerei",
        forms: &[
            &["GmbH", "G.m.b.H.", "Gesellschaft mbH"],
            &["AG", "Aktiengesellschaft"],
            &["GmbH & Co. KG", "GmbH und Co. KG", "GmbH & Co KG"],
            &["e.K.", "e. K."],
        ],
    },
    Country {
        code: "fr",
        families: "Martin|Bernard|Dubois|Thomas|Robert|Richard|Petit|Durand|Leroy|Moreau|Lefèvre|Garnier|Faure|\
            Rousseau|Blanc|Guérin|Müller|Lemaître|Gauthier|Bérard",
        places: "Lyon|Provence|Bretagne|Alsace|Loire|Garonne|Savoie|Île-de-France|Côte d'Azur|Nord|Champagne|\
            Anjou",
        trades: "Boulangerie|Menuiserie|Cabinet Comptable|Transports|Plomberie|Imprimerie|Électricité|\
            Immobilier|Architectes|Conseil|Pharmacie|Traiteur",
        forms: &[
            &["SARL", "S.A.R.L."],
            &["SAS", "S.A.S."],
            &["SA", "S.A."],
            &["EURL"],
        ],
    },
    Country {
        code: "nl",
        families: "de Jong|Jansen|de Vries|van den Berg|Bakker|Visser|Smit|Meijer|de Boer|Mulder|Bos|Vos|\
            Peters|Hendriks|van Leeuwen|Dekker",
        places: "Amstel|Randstad|Veluwe|Zeeland|Maas|Noord|Utrecht|Delta|Polder|Twente",
        trades: "Bouw|Installatietechniek|Accountants|Transport|Makelaardij|Tandartsen|Groenvoorziening|\
            Metaal|Advies|Advocaten|Schilderwerken|Automatisering",
        forms: &[&["B.V.", "BV", "b.v."], &["N.V.", "NV"], &["VOF", "V.O.F."]],
    },
    Country {
        code: "se",
        families: "Andersson|Johansson|Karlsson|Nilsson|Eriksson|Larsson|Olsson|Persson|Svensson|Gustafsson|\
            Lindberg|Sjöberg|Bergström|Åkesson|Öberg|Lundqvist",
        places: "Norrland|Skåne|Göteborg|Mälaren|Öresund|Dalarna|Malmö|Uppsala|Småland",
        trades: "Bygg|Redovisning|Åkeri|Tandvård|Fastigheter|Måleri|El|Rör|Konsult|Snickeri|Verkstad|Trädgård",
        forms: &[&["AB", "Aktiebolag"], &["HB"], &["Ek. för.", "ek för"]],
    },
    Country {
        code: "pl",
        families: "Nowak|Kowalski|Wiśniewski|Wójcik|Kowalczyk|Kamiński|Lewandowski|Zieliński|Szymański|Woźniak|\
            Dąbrowski|Kozłowski|Jankowski|Mazur",
        places: "Mazowsze|Śląsk|Kraków|Pomorze|Gdynia|Łódź|Wisła|Tatry|Bałtyk",
        trades: "Transport|Budownictwo|Kancelaria|Księgowość|Meble|Stomatologia|Logistyka|Serwis|Elektronika|\
            Nieruchomości",
        forms: &[
            &["Sp. z o.o.", "sp. z o. o.", "Spółka z o.o."],
            &["S.A.", "SA"],
            &["Sp. k.", "sp.k."],
        ],
    },
    Country {
        code: "es",
        families: "García|Fernández|González|Rodríguez|López|Martínez|Sánchez|Pérez|Gómez|Muñoz|Ibáñez|Núñez|\
            Castaño|Vázquez",
        places: "Sevilla|Levante|Cantábrico|Ebro|Canarias|Galicia|Andalucía|Málaga",
        trades: "Asesoría|Construcciones|Talleres|Clínica Dental|Transportes|Instalaciones|Abogados|\
            Inmobiliaria|Panadería|Ingeniería",
        forms: &[
            &["S.L.", "SL", "Sociedad Limitada"],
            &["S.A.", "SA"],
            &["S.L.U.", "SLU"],
        ],
    },
    Country {
        code: "it",
        families: "Rossi|Russo|Ferrari|Esposito|Bianchi|Romano|Colombo|Ricci|Marino|Greco|Bruno|Gallo|Conti|\
            De Luca",
        places: "Lombarda|Veneta|Toscana|Adriatica|Tirrenica|Alpina|Milano|Torino",
        trades: "Impianti|Costruzioni|Studio Legale|Trasporti|Officina|Farmacia|Arredamenti|Consulenza|\
            Meccanica|Alimentari",
        forms: &[&["S.r.l.", "Srl", "SRL"], &["S.p.A.", "SpA"], &["S.n.c.", "snc"]],
    },
    Country {
        code: "au",
        families: "Nguyen|Campbell|Kelly|Ryan|Stewart|Morgan|Singh|Chen|Walsh|Reid",
        places: "Outback|Coral Coast|Yarra|Swan River|Gold Coast|Harbour|Tasman|Darling",
        trades: "Mining Services|Physiotherapy|Earthmoving|Conveyancing|Wines|Freight|Electrical",
        forms: &[&["Pty Ltd", "Pty. Ltd.", "Pty Limited", "Proprietary Limited"]],
    },
];

/// Syllables of words that owners invent.
pub const INVENTED: &str = "Ac|Bel|Cor|Dyn|Ev|For|Gal|Hel|In|Jun|Kin|Lum|Mon|Nov|Om|Pol|Quan|Reg|Sol|Tri|Un|Ver|Wav|Xen|\
    Yar|Zet|Bran|Cres|Dral|Fen|Grav|Lor|Mir|Nex|Pryx|Ster|Tam|Vel|Zor|Kry";

/// Vowels between them.
pub const VOWELS: &str = "a|e|i|o|u|y|io|ea";

/// How invented words end.
pub const ENDINGS: &str = "tec|soft|media|trade|plan|care|works|line|net|data|print|log|chem|pharm|tron|dyne|form|\
    craft|cell|mark";

/// First names.
pub const FIRST: &str = "Ada|Bo|Cleo|Dora|Emil|Frida|Gus|Hana|Ivo|Jana|Kai|Lena|Milo|Nora|Olaf|Pia|Quin|Rosa|Sven|\
    Tara|Uma|Vito|Wanda|Yves|Zoe|Björn|Søren|Zoë|José|Łukasz";
