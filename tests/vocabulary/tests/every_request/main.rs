//! Makes every request function once, with a reply it decodes, and holds the whole recording against Microsoft's schema.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "what tests share ends at the first failure, and takes requests as they are made"
)]

mod exchange;
mod gdap;
mod graph;
mod people;

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use exchange::Exchange;
use msp365_core::Service;

/// Requests about teams, which the schema at hand leaves out, and the chain of managers, which the service documents with
/// a `$count` that the schema knows of collections alone.
const NOT_IN_THE_SCHEMA: [&str; 3] = ["groups.team", "users.teams", "users.manager_chain"];

fn all() -> Vec<Exchange> {
    people::exchanges()
        .into_iter()
        .chain(graph::exchanges())
        .chain(gdap::exchanges())
        .collect()
}

#[test]
fn every_operation_is_made_into_a_request() {
    let made: BTreeSet<_> = all().iter().map(Exchange::operation).collect();
    let listed: BTreeSet<_> = msp365_graph::operations()
        .chain(msp365_partner::operations())
        .map(|operation| operation.name)
        .collect();

    assert_eq!(made, listed);
}

#[test]
fn each_request_is_what_its_operation_says() {
    for exchange in all() {
        let call = exchange.call();
        let rules = call.rules().unwrap();

        assert_eq!(call.method().as_str(), rules.verb.as_str(), "{}", rules.name);
        assert_eq!(call.replay(), rules.replay, "{}", rules.name);
        // A name with a quote is addressed by a key, where the pattern has a segment.
        let path = call.path().replace(
            "users(userPrincipalName='o%27%27neil%40contoso.example')",
            "users/o",
        );
        assert!(
            fits(&path, rules.path),
            "{}: {} {}",
            rules.name,
            call.path(),
            rules.path
        );
    }
}

/// Whether a path follows a pattern: `{…}` stands for anything within a segment.
fn fits(path: &str, pattern: &str) -> bool {
    let (path, pattern) = (
        path.split('/').collect::<Vec<_>>(),
        pattern.split('/').collect::<Vec<_>>(),
    );
    path.len() == pattern.len()
        && path
            .iter()
            .zip(pattern)
            .all(|(segment, pattern)| match pattern.split_once('{') {
                None => *segment == pattern,
                Some((before, rest)) => {
                    let after = rest.split_once('}').map_or("", |(_, after)| after);
                    segment.starts_with(before) && segment.ends_with(after)
                }
            })
}

#[test]
#[cfg_attr(
    not(contract),
    ignore = "the checker of Microsoft's schema is not beside the workspace"
)]
fn what_is_sent_fits_the_schema_of_microsoft_graph() {
    let checker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contract/check_traffic.py");
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("recording.jsonl");
    let lines: Vec<String> = all()
        .iter()
        .filter(|exchange| exchange.call().service() == Service::Graph)
        .filter(|exchange| !NOT_IN_THE_SCHEMA.contains(&exchange.operation()))
        .map(Exchange::line)
        .collect();
    fs::write(&recording, lines.join("\n")).unwrap();

    let answer = Command::new("python3")
        .arg(checker)
        .arg(&recording)
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&answer.stdout);
    assert!(answer.status.success(), "{said}");
    assert!(
        said.contains(&format!("{} exchanges, 0 violations", lines.len())),
        "{said}"
    );
}
