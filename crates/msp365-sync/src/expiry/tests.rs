//! What runs out, and the calendar of it.

use msp365_core::TenantId;

use super::*;

const NOW: &str = "2026-03-01T12:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn place() -> Place<'static> {
    Place {
        tenant: TenantId::new(uuid_of(1)),
        name: "Adatum, Ltd; \"North\"",
    }
}

fn uuid_of(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn relationship(status: RelationshipStatus, auto_extend: bool) -> RelationshipFacts {
    let mut one = RelationshipFacts::new("r", "Adatum 2026", status);
    one.created = Some(at("2026-01-01T00:00:00Z"));
    one.ends_at = Some(at("2026-06-30T08:00:00Z"));
    one.auto_extend = auto_extend;
    one
}

fn subscription(members: &str) -> Subscription {
    let text = format!(
        r#"{{"id":"s","offerName":"Microsoft 365 E3","commitmentEndDate":"2026-05-01T00:00:00Z",{members}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_relationship_ends_unless_it_extends_itself() {
    let ends = |status, extends| of_relationship(place(), &relationship(status, extends));

    assert_eq!(
        ends(RelationshipStatus::Active, false).unwrap().ends_at,
        at("2026-06-30T08:00:00Z")
    );
    assert_eq!(ends(RelationshipStatus::Active, true), None);
    assert_eq!(ends(RelationshipStatus::Expired, false), None);
}

#[test]
fn an_invitation_ends_after_ninety_days() {
    let found = of_relationship(place(), &relationship(RelationshipStatus::ApprovalPending, true)).unwrap();

    assert_eq!(
        (found.kind, found.who),
        (ExpiryKind::Invitation, Who::CustomerAdministrator)
    );
    assert_eq!(found.ends_at, at("2026-04-01T00:00:00Z"));
}

#[test]
fn a_sign_in_ends_ninety_days_after_its_last_use() {
    let found = of_sign_in(place(), "sync@partner.example", at(NOW)).unwrap();

    assert_eq!(found.ends_at, at("2026-05-30T12:00:00Z"));
}

#[test]
fn a_subscription_ends_where_it_is_in_force_and_does_not_renew_itself() {
    let ends = |members: &str| of_subscription(place(), &subscription(members)).is_some();

    assert!(ends(r#""status":"active","autoRenewEnabled":false"#));
    assert!(!ends(r#""status":"active","autoRenewEnabled":true"#));
    assert!(!ends(r#""status":"suspended","autoRenewEnabled":false"#));
}

#[test]
fn secrets_and_certificates_end_each_on_its_day() {
    let app: Application = serde_json::from_str(
        r#"{"id":"a","passwordCredentials":[{"displayName":"first","endDateTime":"2026-04-01T00:00:00Z"},
            {"keyId":"k","endDateTime":"2027-04-01T00:00:00Z"}],
            "keyCredentials":[{"displayName":"CN=msp365","endDateTime":"2026-05-01T00:00:00Z"}]}"#,
    )
    .unwrap();

    let found: Vec<_> = of_application(place(), &app)
        .into_iter()
        .map(|one| (one.kind, one.name))
        .collect();

    assert_eq!(
        found,
        [
            (ExpiryKind::Secret, "first".to_owned()),
            (ExpiryKind::Secret, "k".to_owned()),
            (ExpiryKind::Certificate, "CN=msp365".to_owned()),
        ]
    );
}

#[test]
fn a_calendar_has_an_event_on_the_day_with_reminders() {
    let mut one = relationship(RelationshipStatus::Active, false);
    one.name = "Adatum\r\nEND:VEVENT".to_owned();
    let entries = [of_relationship(place(), &one).unwrap()];

    let calendar = to_ical(&entries, at(NOW));

    let unfolded = calendar.replace("\r\n ", "");
    assert!(unfolded.contains("DTSTART;VALUE=DATE:20260630\r\nDTEND;VALUE=DATE:20260701\r\n"));
    assert!(
        unfolded.contains(r#"SUMMARY:relationship ends: Adatum\nEND:VEVENT (Adatum\, Ltd\; "North")"#),
        "{unfolded}"
    );
    assert_eq!(unfolded.matches("BEGIN:VALARM").count(), 3);
    assert_eq!(unfolded.matches("\r\nEND:VEVENT\r\n").count(), 1);
    assert!(calendar.lines().all(|line| line.len() <= 75));
    assert!(calendar.ends_with("END:VCALENDAR\r\n"));
}

#[test]
fn the_same_end_has_the_same_id_in_each_calendar() {
    let entries = [of_relationship(place(), &relationship(RelationshipStatus::Active, false)).unwrap()];
    let id = |now: &str| {
        let calendar = to_ical(&entries, at(now));
        calendar
            .lines()
            .find(|line| line.starts_with("UID:"))
            .unwrap()
            .to_owned()
    };

    assert_eq!(id(NOW), id("2026-04-01T00:00:00Z"));
}
