//! Organizations as two sides name them: tenants of Microsoft 365, and what the provider typed into a tool.
//!
//! The hard set has what people do to names: other legal forms and spellings, typos, words left out or put elsewhere,
//! accents written out; numbers that are all the difference; branches and strangers with one name; domains of mail
//! providers and of other companies' people; organizations that one side alone knows.

use std::collections::HashMap;

use msp365_match::organizations::{Ours, Theirs};

use super::noise::{respelled, transcribed, typo};
use super::words::{COUNTRIES, Country, ENDINGS, INVENTED, VOWELS};
use crate::chance::Dice;

/// Records of both sides, and which company each of them truly is.
#[derive(Debug, Default)]
pub struct Companies {
    /// Tenants.
    pub ours: Vec<Ours>,
    /// Organizations of the tool.
    pub theirs: Vec<Theirs>,
    /// The company of each tenant, by its id.
    pub our_companies: HashMap<String, usize>,
    /// The company of each organization, by its id.
    pub their_companies: HashMap<String, usize>,
    /// Companies that both sides have, and whether the records say which is which.
    pub both: Vec<(usize, bool)>,
}

/// A company as it is.
struct Company {
    core: String,
    form: &'static [&'static str],
    domain: String,
}

/// What was done to a name, from nothing that matters to much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Spelling,
    Form,
    Slight,
    Strong,
}

/// So many tenants against so many organizations, half of which are the tenants' where that many fit.
pub fn companies(seed: u64, tenants: usize, organizations: usize) -> Companies {
    let mut dice = Dice::new(seed, "companies");
    let mut made = Companies::default();
    let mut cores: HashMap<String, usize> = HashMap::new();
    let mut facts = Vec::new();
    let shared = tenants * 9 / 10;
    let count = tenants + organizations.saturating_sub(shared);
    let mut before: Option<String> = None;
    for number in 0..count {
        let mut company = company(&mut dice, number, before.as_deref());
        // Strangers share a name because the set wants it, not because words are few.
        let is_wanted = before.as_ref() == Some(&company.core);
        while !is_wanted && cores.contains_key(&company.core.to_lowercase()) {
            company.core = format!("{} {}{}", company.core, dice.word(INVENTED), dice.word(ENDINGS));
        }
        *cores.entry(company.core.to_lowercase()).or_default() += 1;
        before = Some(company.core.clone());
        let is_ours = number < tenants;
        let is_theirs = number < shared || number >= tenants;
        let kinds = write(&mut dice, number, &company, (is_ours, is_theirs), &mut made);
        facts.push((company, kinds, is_ours && is_theirs));
    }
    for (number, (company, (by_record, changes), is_shared)) in facts.iter().enumerate() {
        if *is_shared {
            let is_alone = cores.get(&company.core.to_lowercase()) == Some(&1);
            let is_same = changes.iter().all(|change| *change == Change::Spelling);
            made.both.push((number, *by_record || (is_alone && is_same)));
        }
    }
    made
}

/// A new company; now and then a neighbour of the one before: another branch, the next number, the same name.
fn company(dice: &mut Dice, number: usize, before: Option<&str>) -> Company {
    let country = &COUNTRIES[dice.below(COUNTRIES.len())];
    let form = country.forms[dice.below(country.forms.len())];
    let core = match (dice.below(100), before) {
        (0, Some(before)) => before.to_owned(),
        (1, Some(before)) => format!("{before} {}", dice.word(country.places)),
        (2, Some(before)) => match before
            .rsplit_once(' ')
            .and_then(|(name, end)| Some((name, end.parse::<u32>().ok()?)))
        {
            Some((name, last)) => format!("{name} {}", last + 1),
            None => format!("{before} {}", 2 + dice.below(8)),
        },
        _ => core(dice, country),
    };
    let label: String = core.chars().filter(char::is_ascii_alphanumeric).collect();
    Company {
        form,
        domain: format!("{}{number}.{}", label.to_lowercase(), country.code),
        core,
    }
}

fn core(dice: &mut Dice, country: &Country) -> String {
    let family = dice.word(country.families);
    let second = dice.word(country.families);
    let place = dice.word(country.places);
    let trade = dice.word(country.trades);
    let (first, second_part) = (dice.word(INVENTED), dice.word(INVENTED).to_lowercase());
    let (vowel, end) = (dice.word(VOWELS), dice.word(ENDINGS));
    let invented = format!("{first}{vowel}{second_part}{}{end}", dice.word(VOWELS));
    match dice.below(12) {
        0 | 1 => format!("{family} & {second} {trade}"),
        2 => format!("{place} {family} {trade}"),
        3 | 4 => format!("{invented} {trade}"),
        5 | 6 => invented,
        7 => format!("{place} {invented}"),
        8 => format!("{family}, {second} and {}", dice.word(country.families)),
        9 => format!("{trade} {family} {place}"),
        10 => format!("{invented} {}", 2 + dice.below(98)),
        _ => format!("{family} {second} {trade} {place}"),
    }
}

/// Writes the records. Answers whether something beside the name tells the pair, and what was done to the names.
fn write(
    dice: &mut Dice,
    number: usize,
    company: &Company,
    (is_ours, is_theirs): (bool, bool),
    made: &mut Companies,
) -> (bool, Vec<Change>) {
    let mut changes = Vec::new();
    let (mut ours_has, mut theirs_has) = (false, false);
    let mut by_tenant = false;
    let id = format!("{:08x}-0000-4000-8000-{number:012}", dice.number() & 0xffff_ffff);
    if is_ours {
        let (name, change) = named(dice, company, 60);
        changes.push(change);
        let mut tenant = Ours::new(&id, name).domain(format!("x{number}.onmicrosoft.example"));
        if dice.per_mille(800) {
            ours_has = true;
            tenant = tenant.domain(&company.domain);
        }
        made.our_companies.insert(id.clone(), number);
        made.ours.push(tenant);
    }
    if is_theirs {
        let (name, change) = named(dice, company, 350);
        changes.push(change);
        let their_id = format!("o-{:08x}-{number}", dice.number() & 0xffff_ffff);
        let mut organization = Theirs::new(&their_id, name);
        if dice.per_mille(450) {
            theirs_has = true;
            organization = organization.domain(format!("https://www.{}/", company.domain));
        }
        if dice.per_mille(200) {
            organization = organization.domain("someone@gmail.com");
        }
        if dice.per_mille(100) {
            by_tenant = is_ours;
            organization = organization.tenant(id.to_uppercase());
        }
        made.their_companies.insert(their_id, number);
        made.theirs.push(organization);
    }
    // A domain says who it is only where the name does not say otherwise.
    let is_borne_out = changes.iter().all(|change| *change != Change::Strong);
    (by_tenant || (ours_has && theirs_has && is_borne_out), changes)
}

/// The name as a side has it; so many in a thousand are changed in a way that counts.
fn named(dice: &mut Dice, company: &Company, changed: usize) -> (String, Change) {
    let form = company.form[dice.below(company.form.len())];
    let whole = |core: &str| match form.strip_prefix(',') {
        Some(form) => format!("{core},{form}"),
        None => format!("{core} {form}"),
    };
    let core = &company.core;
    if dice.per_mille(1_000 - changed) {
        let name = if dice.per_mille(700) {
            whole(core)
        } else {
            core.clone()
        };
        return (respelled(dice, &name), Change::Spelling);
    }
    let words: Vec<&str> = core.split(' ').collect();
    match dice.below(12) {
        0..=3 => (whole(&typo(dice, core)), Change::Slight),
        4 => (transcribed(core), Change::Slight),
        5 if words.len() > 2 => (words[..words.len() - 1].join(" "), Change::Strong),
        6 if words.len() > 1 => {
            let mut turned = words.clone();
            turned.rotate_left(1);
            (turned.join(" "), Change::Strong)
        }
        7 => (format!("{core} Group"), Change::Slight),
        8 => (format!("The {core}"), Change::Slight),
        9 => {
            let country = &COUNTRIES[dice.below(COUNTRIES.len())];
            (format!("{core} {}", country.forms[0][0]), Change::Form)
        }
        10 => {
            let once = typo(dice, core);
            (typo(dice, &once), Change::Slight)
        }
        _ => (
            format!("{core} ({})", dice.pick(&["HQ", "Main", "old", "customer"])),
            Change::Slight,
        ),
    }
}
