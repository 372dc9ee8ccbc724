mod alone;
mod logs;
mod plans;
mod requests;
mod shown;
mod statuses;
mod writes;
mod writing;

use std::path::Path;

use http::StatusCode;
use msp365_core::{Reply, TransportError};
use serde_json::Value;

use super::{
    catalogue,
    fate::{Fate, REFUSED_STREAM},
    row::{Action, Fault, Said, Text},
    target::Target,
};
use crate::{Cloud, Sim, front::bench};

pub(super) fn cloud() -> Cloud {
    Sim::seeded(7).customers(2).users_each(201).manual_clock().build()
}

/// Faults that one request does not show; each has a test of its own in `alone`.
const ALONE: [&str; 26] = [
    "F031", "F035", "F043", "F073", "F082", "F092", "F100", "F126", "F139", "F147", "F148", "F150", "F152",
    "F156", "F157", "F166", "F168", "F184", "F185", "F192", "F195", "F199", "F200", "F211", "F212", "F080",
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
        Fate::NotSent | Fate::Untrusted(_) | Fate::GoneBefore | Fate::ResetBefore(REFUSED_STREAM) => {
            matches!(came, Err(TransportError::NotSent { .. }))
        }
        Fate::Lose
        | Fate::ApplyAndLose
        | Fate::Truncate
        | Fate::TruncateOpen
        | Fate::GoneAfter
        | Fate::GoneDuring
        | Fate::ResetBefore(_)
        | Fate::ResetAfter(_)
        | Fate::Garbage(_) => matches!(came, Err(TransportError::MaybeSent { .. })),
        Fate::Silent(_) | Fate::Stall(_) | Fate::Drip | Fate::BlackHole => {
            matches!(came, Err(TransportError::TimedOut { .. }))
        }
        Fate::Vast => matches!(came, Err(TransportError::TooLarge { .. })),
        Fate::Interim(_) | Fate::ClosedIdle => {
            came.as_ref().is_ok_and(|reply| reply.status == StatusCode::OK)
        }
    };
    assert!(fits, "{context}: {came:?}");
}

/// How many seconds pass before the client knows.
fn lasts(fate: Fate, size: u64) -> u64 {
    match fate {
        Fate::Silent(seconds) | Fate::Stall(seconds) => seconds,
        Fate::Drip | Fate::BlackHole => size,
        _ => 0,
    }
}

fn effects(cloud: &Cloud) -> usize {
    cloud.ledger().effects().iter().map(|effect| effect.count).sum()
}

/// How many writes take place.
fn takes_effect(id: &str, variant: usize, actions: &[Action]) -> usize {
    let kept_off = actions.iter().any(|action| match action {
        Action::Say(_) | Action::Instead(_) => true,
        Action::End(fate) => !fate.serves(),
        _ => false,
    });
    // Somebody else changed the directory, so that the service itself refuses; units in error are no refusal.
    let refused =
        actions.iter().any(|action| matches!(action, Action::World(_))) && (id, variant) != ("F190", 1);
    usize::from(!kept_off && !refused)
}

fn writes(target: Target) -> bool {
    matches!(
        target,
        Target::Write
            | Target::GraphWrite
            | Target::CreateUser
            | Target::UpdateUser
            | Target::DeleteUser
            | Target::Members
            | Target::Licence
            | Target::Password
            | Target::Secret
    )
}

fn shows_as_told((id, variant): (&str, usize), seen: &Seen, context: &str) {
    let looks = statuses::looks(id, variant, seen).or_else(|| shown::looks(id, variant, seen));
    let (status, text) = (seen.after.status, String::from_utf8_lossy(&seen.after.body));
    let text: String = text.chars().take(500).collect();
    assert_eq!(looks, Some(true), "{context}: {status} {text}");
}

/// A request that is kept waiting is kept as long as the fault says.
fn ends_in_time(fault: &Fault, action: Action, seconds: i64) {
    if let Action::End(fate) = action {
        let expected = lasts(fate, fault.size);
        assert_eq!(seconds, i64::try_from(expected).unwrap(), "{}", fault.id);
    }
}

async fn shows(fault: &'static Fault, variant: usize) {
    let cloud = cloud();
    let context = format!("{} variant {variant}", fault.id);
    let actions = fault.variants[variant];
    let request = requests::for_fault(&cloud, fault.id, variant, fault.target).await;
    let is_write = writes(fault.target);
    let is_code = fault.target == Target::Code;
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
        let expected = takes_effect(fault.id, variant, actions);
        assert_eq!(effects(&cloud) - done, expected, "{context}");
    }
    let mut needs_look = false;
    for action in actions {
        match action {
            Action::Say(said) | Action::Later(said) => says(said, came.as_ref().unwrap(), &context),
            Action::End(fate) => ends(*fate, &came, &context),
            Action::World(_) => {
                // A user that is touched is as it was, and the truth holds nobody who is deleted.
                let is_silent = matches!(fault.id, "F097" | "F183");
                assert!(is_silent || Some(cloud.truth()) != truth, "{context}");
                needs_look |= actions.len() == 1;
            }
            Action::Rewrite(_)
            | Action::Items(_)
            | Action::Alter(_)
            | Action::Instead(_)
            | Action::Ending(_) => {
                needs_look = true;
            }
        }
    }
    let passed = cloud.clock().now().duration_since(then).as_secs();
    ends_in_time(fault, actions[0], passed);
    if needs_look {
        let after = came.unwrap();
        let seen = Seen { before, after };
        shows_as_told((fault.id, variant), &seen, &context);
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
    assert!(text.contains("F001") && text.contains("F252"), "{text}");
}

/// The ids of the project's list of faults.
fn listed() -> Vec<String> {
    let numbers = catalogue::LISTED.iter().flat_map(|(first, last)| *first..=*last);
    numbers.map(|number| format!("F{number:03}")).collect()
}

#[test]
fn every_fault_of_the_list_has_a_script_or_a_reason_why_no_answer_shows_it() {
    let listed = listed();

    for id in &listed {
        let script = catalogue::find(id).is_some();
        let reason = catalogue::BEYOND.iter().any(|(beyond, _)| beyond == id);
        assert!(script != reason, "{id}: script {script}, reason {reason}");
    }
    let scripts = catalogue::all().map(|fault| fault.id);
    let all: Vec<&str> = scripts
        .chain(catalogue::BEYOND.iter().map(|(id, _)| *id))
        .collect();
    assert_eq!(all.len(), listed.len());
    assert!(catalogue::BEYOND.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

#[test]
fn a_fault_that_no_answer_shows_says_why() {
    let error = cloud().faults().script("f220").unwrap_err();

    assert_eq!(error.kind(), msp365_core::ErrorKind::Invalid);
    assert_eq!(
        error.to_string(),
        "no answer shows the fault `F220`: the client's own process is killed"
    );
}

#[test]
#[cfg_attr(not(fault_list), ignore = "../shared/design/faults.md is not there")]
fn the_ids_kept_here_are_those_of_the_list_of_faults() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/design/faults.md");
    let list = std::fs::read_to_string(list).unwrap();

    let rows = list.lines().filter_map(|line| line.strip_prefix("| F")?.get(..3));
    let numbers = rows.filter(|number| number.bytes().all(|digit| digit.is_ascii_digit()));
    let known: Vec<String> = numbers.map(|number| format!("F{number}")).collect();

    assert_eq!(known, listed());
}
