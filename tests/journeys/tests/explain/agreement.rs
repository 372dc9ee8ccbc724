//! Random cases: explain, do it all the same, compare.

use std::collections::BTreeMap;

use msp365::{
    actions::explain::{Action, Actor, Explanation, Verdict},
    client::TenantClient,
};

use crate::{
    case,
    dice::Dice,
    perform::{Outcome, perform},
    world::{By, Estate},
};

/// Cases of one world: as many for each customer.
const EACH: usize = 30;
/// Cases where nothing else is asked for; `MSP365_EXPLAIN_CASES=10000` asks for more.
const USUAL: usize = 900;

/// What came of all cases.
#[derive(Debug, Default)]
struct Tally {
    compared: usize,
    unread: usize,
    by_verdict: BTreeMap<&'static str, usize>,
    by_link: BTreeMap<&'static str, usize>,
    by_action: BTreeMap<&'static str, [usize; 2]>,
    wrong: Vec<String>,
}

impl Tally {
    fn take(&mut self, said: &Explanation, outcome: &Outcome, about: &str) {
        let is_right = match (said.verdict, outcome) {
            (_, Outcome::Unread | Outcome::Nothing) => {
                self.unread += 1;
                return;
            }
            (Verdict::WillWork, outcome) => matches!(outcome, Outcome::Done),
            (Verdict::WillNot, outcome) => matches!(outcome, Outcome::Refused(words) if !words.is_empty()),
            // Asked all the same, the service refuses to do it twice, or does nothing more.
            _ => true,
        };
        self.compared += 1;
        *self.by_verdict.entry(said.verdict.as_str()).or_default() += 1;
        if let Some(link) = said.first_broken() {
            *self.by_link.entry(link.id.as_str()).or_default() += 1;
        }
        let done = usize::from(matches!(outcome, Outcome::Done));
        self.by_action.entry(said.action.as_str()).or_default()[done] += 1;
        if !is_right {
            self.wrong.push(format!(
                "{about}\n  {outcome:?}\n  {:?} {:?}",
                said.verdict, said.links
            ));
        }
    }
}

fn cases() -> usize {
    let asked = std::env::var("MSP365_EXPLAIN_CASES").ok();
    asked.map_or(USUAL, |text| text.parse().unwrap())
}

async fn one_world(by: By, seed: u64, tally: &mut Tally) {
    let mut estate = Estate::reached_by(by, seed).await;
    let mut dice = Dice::new(seed ^ 0xe9_19_a1);
    for number in 0..EACH {
        for at in 0..estate.customers.len() {
            let roles = case::acting(&mut dice);
            let customer = &estate.customers[at];
            let id = customer.id;
            estate.give(id, &roles, &case::acting_over(customer, &mut dice));
            let (action, user) = case::draw(customer, &mut dice, number * 100 + at);

            let said = estate
                .msp
                .explain(&Actor::host(), &id, &action, &user)
                .await
                .unwrap();
            let client = estate.msp.tenant(&id).deadline(TenantClient::INTERACTIVE);
            let outcome = perform(&client, estate.msp.endpoints(), &action, &user).await;

            let about = format!("{by:?}, seed {seed}, customer {at}, case {number}: {action:?} of {user}");
            tally.take(&said, &outcome, &about);
            if matches!(outcome, Outcome::Done) && matches!(action, Action::Delete | Action::Offboard(_)) {
                estate.customers[at].deleted.push(user);
            }
        }
    }
}

/// Compares as many cases as are asked for: none foretold wrongly, and of each verdict some.
async fn compare(by: By, links: &[&str]) {
    let (mut tally, mut seed) = (Tally::default(), 100);

    while tally.compared < cases() {
        seed += 1;
        one_world(by, seed, &mut tally).await;
    }

    let of = |verdict: Verdict| {
        tally
            .by_verdict
            .get(verdict.as_str())
            .copied()
            .unwrap_or_default()
    };
    let figures = format!(
        "{by:?}: {} compared, {} unread\n{:?}\nbroken: {:?}\nrefused, done: {:?}",
        tally.compared, tally.unread, tally.by_verdict, tally.by_link, tally.by_action
    );
    let shown: Vec<_> = tally.wrong.iter().take(20).map(String::as_str).collect();
    assert!(
        tally.wrong.is_empty(),
        "{} wrong; {figures}\n{}",
        tally.wrong.len(),
        shown.join("\n")
    );
    assert!(of(Verdict::WillWork) * 6 > tally.compared, "{figures}");
    assert!(of(Verdict::WillNot) * 4 > tally.compared, "{figures}");
    assert!(of(Verdict::Unknown) * 5 < tally.compared, "{figures}");
    for link in links {
        assert!(
            tally.by_link.contains_key(link),
            "{link} was never the first that broke: {figures}"
        );
    }
    if let Ok(file) = std::env::var("MSP365_EXPLAIN_FIGURES") {
        std::fs::write(format!("{file}.{by:?}"), figures).unwrap();
    }
}

#[tokio::test]
async fn what_is_foretold_is_what_the_service_does() {
    let links = [
        "sign_in",
        "consent",
        "relationship",
        "group",
        "role",
        "target",
        "protection",
        "license",
        "policy",
        "on_premises",
        "membership",
    ];

    compare(By::Account, &links).await;
}

#[tokio::test]
async fn what_is_foretold_of_an_application_is_what_the_service_does() {
    let links = [
        "consent",
        "target",
        "protection",
        "license",
        "policy",
        "on_premises",
        "membership",
    ];

    compare(By::App, &links).await;
}
