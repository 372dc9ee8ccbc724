//! The application's own credential.

use super::*;

#[test]
fn the_end_of_a_secret_is_told_of_as_early_as_the_rules_say() {
    let mut facts = ready();
    facts.credential = CredentialKind::Secret;
    facts.credential_ends_at = Some(at("2026-04-30T00:00:00Z"));
    let mut rules = rules();

    let before = assess(&facts, &rules, now());
    rules.warning_days = vec![60, 7];
    let found = assess(&facts, &rules, now());

    assert!(before.findings.iter().all(|one| one.id != FindingId::A9));
    let told = found.findings.iter().find(|one| one.id == FindingId::A9).unwrap();
    assert_eq!(told.severity, Severity::Warning);
    assert_eq!(
        told.evidence,
        "the application's client secret ends on 2026-04-30"
    );
    assert!(told.remedy.contains("client secret"), "{told:?}");
}

#[test]
fn a_certificate_is_told_of_thirty_days_before_it_ends() {
    let severities = |end: &str| -> Vec<_> {
        let mut facts = ready();
        facts.credential_ends_at = Some(at(end));
        let found = assess(&facts, &rules(), now()).findings;
        found
            .into_iter()
            .filter(|one| one.id == FindingId::A9)
            .map(|one| one.severity)
            .collect()
    };

    assert_eq!(severities("2026-04-01T00:00:01Z"), []);
    assert_eq!(severities("2026-03-31T00:00:00Z"), [Severity::Warning]);
    assert_eq!(severities("2026-03-01T00:00:00Z"), [Severity::Error]);
}
