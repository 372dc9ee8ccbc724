//! Names of countries, companies and people, each with the plain Latin spelling that addresses use.

/// A name and its plain Latin spelling.
pub(crate) type Spelt = (&'static str, String);

/// What companies and people of a country are called.
#[derive(Debug)]
pub(crate) struct Culture {
    pub(crate) country: &'static str,
    pub(crate) country_name: &'static str,
    pub(crate) language: &'static str,
    pub(crate) dialling: &'static str,
    /// Ten, separated by commas.
    pub(crate) brands: &'static str,
    /// Six, as the cities.
    pub(crate) trades: &'static str,
    pub(crate) cities: &'static str,
    pub(crate) legal_form: &'static str,
    /// Whether the legal form stands in front.
    pub(crate) form_leads: bool,
    /// Fourteen, as the family names.
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
}

/// A company's name in its parts.
#[derive(Debug, Clone)]
pub(crate) struct CompanyName {
    /// As registered.
    pub(crate) full: String,
    /// For domain names.
    pub(crate) slug: String,
    pub(crate) city: &'static str,
}

const BRANDS: usize = 10;
const CITIES: usize = 6;
const TRADES: usize = 6;

impl Culture {
    /// The company with this number within the country; numbers below 360 give different names.
    pub(crate) fn company(&self, number: usize) -> CompanyName {
        let brand = at(self.brands, number % BRANDS);
        let city = at(self.cities, (number / BRANDS) % CITIES);
        let trade = at(
            self.trades,
            (number % BRANDS + number / (BRANDS * CITIES)) % TRADES,
        );
        let mut plain = format!("{} {}", brand.0, trade.0);
        let mut slug = format!("{}-{}", brand.1, trade.1);
        if number >= BRANDS {
            plain = format!("{plain} {}", city.0);
            slug = format!("{slug}-{}", city.1);
        }
        let round = number / (BRANDS * CITIES * TRADES);
        if round > 0 {
            plain = format!("{plain} {}", round + 1);
            slug = format!("{slug}-{}", round + 1);
        }
        let full = if self.form_leads {
            format!("{} {plain}", self.legal_form)
        } else {
            format!("{plain} {}", self.legal_form)
        };
        CompanyName {
            full,
            slug,
            city: city.0,
        }
    }
}

/// The name at a position of a list.
pub(crate) fn at(list: &'static str, index: usize) -> Spelt {
    let entry = list.split(',').nth(index).unwrap_or_default();
    match entry.split_once('=') {
        Some((name, plain)) => (name, plain.to_owned()),
        None => (entry, entry.to_lowercase()),
    }
}

/// Departments, with titles of their people.
pub(crate) const DEPARTMENTS: [(&str, [&str; 4]); 8] = [
    (
        "Management",
        [
            "Chief Executive Officer",
            "Managing Director",
            "Executive Assistant",
            "Chief of Staff",
        ],
    ),
    (
        "Finance",
        ["Accountant", "Controller", "Payroll Clerk", "Head of Finance"],
    ),
    (
        "Human Resources",
        ["HR Manager", "Recruiter", "HR Business Partner", "Trainer"],
    ),
    (
        "Sales",
        [
            "Account Manager",
            "Sales Representative",
            "Inside Sales",
            "Head of Sales",
        ],
    ),
    (
        "Marketing",
        ["Brand Manager", "Designer", "Content Editor", "Marketing Lead"],
    ),
    (
        "Operations",
        ["Dispatcher", "Site Manager", "Technician", "Warehouse Clerk"],
    ),
    (
        "IT",
        [
            "System Administrator",
            "Service Desk Analyst",
            "Software Developer",
            "IT Manager",
        ],
    ),
    (
        "Customer Service",
        [
            "Service Agent",
            "Team Lead",
            "Support Engineer",
            "Quality Manager",
        ],
    ),
];
