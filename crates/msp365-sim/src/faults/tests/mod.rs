mod alone;
mod requests;
mod shown;

use std::path::Path;

use http::StatusCode;
use msp365_core::{Reply, TransportError};
use serde_json::Value;

use super::{
    catalogue,
    row::{Action, Fate, Fault, Said, Text},
};
use crate::{Cloud, Sim, front::bench};

pub(super) fn cloud() -> Cloud {
    Sim::seeded(7).customers(2).users_each(201).manual_clock().build()
}

/// Faults that one request does not show; each has a test of its own in `alone`.
const ALONE: [&str; 19] = [
    "F031", "F035", "F043", "F073", "F082", "F092", "F100", "F126", "F139", "F147", "F148", "F150", "F152",
    "F156", "F157", "F166", "F168", "F211", "F212",
];

/// What a request came to, once without the fault and once with it.
pub(super) struct Seen {
    pub(super) before: Reply,
    pub(super) after: Reply,
}

impl Seen {
    pub(super) fn body(&self) -> Value {
        serde_json::from_slice(self.after.text_bytes()).unwrap_or_default()
    }

    pub(super) fn body_before(&self) -> Value {
        serde_json::from_slice(self.before.text_bytes()).unwrap_or_default()
    }
}

fn says(said: &Said, reply: &Reply, context: &str) {
    assert_eq!(reply.status.as_u16(), said.status, "{context}");
    for (name, value) in said.headers.iter().filter(|(name, _)| !name.is_empty()) {
        let mut all = reply.headers.get_all(*name).iter();
        assert!(all.any(|given| given == value), "{context}: {name}");
    }
    let text = String::from_utf8_lossy(&reply.body);
    match said.body {
        Text::Html => assert!(text.starts_with("<html>"), "{context}"),
        Text::Nothing => assert!(text.is_empty(), "{context}"),
        Text::Json(given) => assert_eq!(text, given, "{context}"),
        Text::Error(code) => {
            let body: Value = serde_json::from_str(&text).unwrap();
            assert!(text.contains(code), "{context}");
            let shape = ["error", "code", "statusCode"];
            assert!(shape.iter().any(|name| body.get(*name).is_some()), "{context}");
        }
        Text::Aadsts(error, number, sub) => {
            let body: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(body["error"], error, "{context}");
            assert_eq!(body["error_codes"][0], number, "{context}");
            assert_eq!(body["suberror"].as_str().unwrap_or_default(), sub, "{context}");
        }
    }
}

fn ends(fate: Fate, came: &Result<Reply, TransportError>, context: &str) {
    let fits = match fate {
        Fate::NotSent => matches!(came, Err(TransportError::NotSent { .. })),
        Fate::Lose | Fate::ApplyAndLose | Fate::Truncate => {
            matches!(came, Err(TransportError::MaybeSent { .. }))
        }
        Fate::Silent(_) => matches!(came, Err(TransportError::TimedOut { .. })),
        Fate::Vast => matches!(came, Err(TransportError::TooLarge { .. })),
    };
    assert!(fits, "{context}: {came:?}");
}

fn effects(cloud: &Cloud) -> usize {
    cloud.ledger().effects().iter().map(|effect| effect.count).sum()
}

/// Whether the service gets to do its work.
fn takes_effect(actions: &[Action]) -> bool {
    !actions.iter().any(|action| {
        matches!(
            action,
            Action::Say(_) | Action::Instead(_) | Action::End(Fate::NotSent | Fate::Lose | Fate::Silent(_))
        )
    })
}

async fn shows(fault: &'static Fault, variant: usize) {
    let cloud = cloud();
    let context = format!("{} variant {variant}", fault.id);
    let actions = fault.variants[variant];
    let request = requests::for_fault(&cloud, fault.id, variant, fault.target).await;
    let is_write = fault.target == super::target::Target::Write;
    let is_code = matches!(fault.target, super::target::Target::Code);
    let before = if is_write || is_code {
        Reply::new(StatusCode::OK, http::HeaderMap::new(), "")
    } else {
        bench::send(&cloud, request.clone()).await.unwrap()
    };
    let changes_world = actions.iter().any(|action| matches!(action, Action::World(_)));
    let truth = changes_world.then(|| cloud.truth());
    let (done, then) = (effects(&cloud), cloud.clock().now());

    let installed = cloud
        .faults()
        .script(fault.id)
        .unwrap()
        .variant(variant)
        .install();
    let came = bench::send(&cloud, request.clone()).await;

    assert_eq!(installed.hits(), 1, "{context}");
    if is_write {
        let expected = usize::from(takes_effect(actions));
        assert_eq!(effects(&cloud) - done, expected, "{context}");
    }
    let mut needs_look = false;
    for action in actions {
        match action {
            Action::Say(said) | Action::Later(said) => says(said, came.as_ref().unwrap(), &context),
            Action::End(fate) => ends(*fate, &came, &context),
            Action::World(_) if actions.len() > 1 => {}
            Action::World(_) => assert_ne!(Some(cloud.truth()), truth, "{context}"),
            Action::Instead(_) if actions.len() == 1 => {
                assert!(came.as_ref().unwrap().status.as_u16() >= 300, "{context}");
            }
            Action::Rewrite(_) | Action::Items(_) | Action::Alter(_) | Action::Instead(_) => {
                needs_look = true;
            }
        }
    }
    if let Action::End(Fate::Silent(seconds)) = actions[0] {
        let passed = cloud.clock().now().duration_since(then).as_secs();
        assert_eq!(passed, i64::try_from(seconds).unwrap(), "{context}");
    }
    if needs_look {
        let after = came.unwrap();
        let seen = Seen { before, after };
        assert_eq!(shown::looks(fault.id, variant, &seen), Some(true), "{context}");
    }

    installed.uninstall();
    if !is_write && !is_code && !changes_world {
        let again = bench::send(&cloud, request).await.unwrap();
        assert!(again.status.as_u16() < 400, "{context}");
    }
}

#[tokio::test]
async fn every_fault_shows_on_the_wire_what_its_row_says_and_ends_when_it_is_uninstalled() {
    let mut failed = Vec::new();
    for fault in catalogue::all().filter(|fault| !ALONE.contains(&fault.id)) {
        for variant in 0..fault.variants.len() {
            if tokio::spawn(shows(fault, variant)).await.is_err() {
                failed.push((fault.id, variant));
            }
        }
    }

    assert_eq!(failed, []);
}

#[test]
fn ids_are_in_order_and_told_once() {
    let ids: Vec<&str> = catalogue::all().map(|fault| fault.id).collect();

    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    assert!(catalogue::all().all(|fault| !fault.about.is_empty() && !fault.variants.is_empty()));
}

#[test]
fn an_unknown_id_is_an_error_that_lists_the_known_ones() {
    let error = cloud().faults().script("F999").unwrap_err();

    assert_eq!(error.kind(), msp365_core::ErrorKind::Invalid);
    let text = error.to_string();
    assert!(text.starts_with("there is no fault `F999`"), "{text}");
    assert!(text.contains("F001") && text.contains("F213"), "{text}");
}

#[test]
#[cfg_attr(not(fault_list), ignore = "../shared/design/faults.md is not there")]
#[expect(clippy::print_stdout, reason = "the list of what is left is for people")]
fn every_script_is_of_a_fault_that_the_list_of_faults_has() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/design/faults.md");
    let list = std::fs::read_to_string(list).unwrap();
    let known: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("| F")?.get(..3))
        .filter(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
        .collect();

    for fault in catalogue::all() {
        assert!(known.contains(&&fault.id[1..]), "{}", fault.id);
    }
    let missing: Vec<&str> = known
        .into_iter()
        .filter(|number| catalogue::find(&format!("F{number}")).is_none())
        .collect();
    // For whoever wants to know what is left: it is no failure.
    println!("no script yet: {missing:?}");
}
