use msp365_core::{TenantId, manual::ManualClock};
use msp365_store::MemoryStore;
use proptest::prelude::*;

use super::*;

fn key() -> AuditKey {
    AuditKey::new(&[7; 32])
}

fn contoso() -> TenantId {
    "c0000000-0000-4000-8000-000000000001".parse().unwrap()
}

fn log() -> ActivityLog {
    let clock = ManualClock::at("2026-03-01T12:00:00Z".parse().unwrap());
    ActivityLog::new(Arc::new(MemoryStore::new()), Arc::new(clock), key())
}

/// So many records, chained, without a store.
fn chained(count: i64) -> Vec<JournalRecord> {
    let log = log();
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let mut records: Vec<JournalRecord> = Vec::new();
    for number in 0..count {
        let activity = Activity::new("ada", "block", "applied").on(contoso(), format!("u{number}"));
        let record = log.next(records.last(), &activity, now);
        records.push(record);
    }
    records
}

fn anchor(records: &[JournalRecord]) -> Anchor {
    verify(&key(), records, None).unwrap()
}

#[tokio::test]
async fn records_are_chained_in_the_store() {
    let log = log();
    for target in ["u1", "u2", "u3"] {
        let activity = Activity::new("ada", "block", "applied").on(contoso(), target);
        log.add(&activity).await.unwrap();
    }

    let end = log.verify(None).await.unwrap();

    assert_eq!(end.count, 3);
    assert_eq!(log.anchor().await.unwrap(), end);
    let found = log.query(&JournalFilter::all().target("u2")).await.unwrap();
    assert_eq!(found[0].sequence, 2);
    assert!(log.verify(Some(&end)).await.is_ok());
}

#[test]
fn without_the_key_no_record_can_be_written() {
    let mut records = chained(3);
    let forged = AuditKey::new(&[8; 32]);
    records[2].outcome = "rejected".to_owned();
    records[2].mac = forged.link(&records[2]);

    let broken = verify(&key(), &records, None).unwrap_err();

    assert_eq!((broken.sequence, broken.fault), (3, Fault::Altered));
}

#[test]
fn editing_deleting_reordering_or_cutting_any_record_of_ten_thousand_is_named() {
    let records = chained(10_000);
    let kept = anchor(&records);
    // What comes behind the first wrong record is not looked at, so a window around it shows the same.
    for place in 0..records.len() {
        let from = place.saturating_sub(1);
        let start = Anchor {
            count: from.try_into().unwrap(),
            mac: records[from].previous.clone(),
        };
        let walk = |window: &[JournalRecord]| {
            let key = key();
            let mut walk = chain::Walk::starting(&key, Some(&kept), start.clone());
            window
                .iter()
                .try_for_each(|record| walk.step(record))
                .and_then(|()| walk.end().map(|_| ()))
        };
        let number = i64::try_from(place).unwrap() + 1;
        let window = &records[from..records.len().min(place + 3)];
        let at = place - from;

        let mut edited = window.to_vec();
        edited[at].actor.push('x');
        assert_eq!(walk(&edited).unwrap_err().sequence, number);

        let mut deleted = window.to_vec();
        deleted.remove(at);
        assert_eq!(walk(&deleted).unwrap_err().sequence, number);

        if at + 1 < window.len() {
            let mut swapped = window.to_vec();
            swapped.swap(at, at + 1);
            assert_eq!(walk(&swapped).unwrap_err().sequence, number);
        }
        let cut = walk(&window[..at]).unwrap_err();
        assert_eq!((cut.sequence, cut.fault), (number, Fault::Missing));
    }
}

#[test]
fn a_whole_log_with_one_record_gone_is_named_too() {
    let records = chained(300);
    let kept = anchor(&records);
    for place in [0, 1, 150, 298, 299] {
        let mut deleted = records.clone();
        deleted.remove(place);

        let broken = verify(&key(), &deleted, Some(&kept)).unwrap_err();

        assert_eq!(broken.sequence, i64::try_from(place).unwrap() + 1);
    }
    let replayed = [&records[..], &records[299..]].concat();
    assert_eq!(
        verify(&key(), &replayed, None).unwrap_err().fault,
        Fault::OutOfOrder
    );
}

#[test]
fn cells_that_would_run_are_disarmed() {
    let mut records = chained(1);
    records[0].actor = "=cmd|' /C calc'!A0".to_owned();

    let text = to_csv(&records);

    assert!(text.lines().nth(1).unwrap().contains(",\"'=cmd|"), "{text}");
    assert!(text.starts_with("sequence,at,actor,") && text.ends_with("\r\n"));
}

proptest! {
    #[test]
    fn any_change_of_any_field_is_found(field in 0..8_usize, text in "[a-z]{1,8}") {
        let mut records = chained(3);
        let before = records[1].clone();
        match field {
            0 => records[1].actor = text,
            1 => records[1].action = text,
            2 => records[1].target = text,
            3 => records[1].outcome = text,
            4 => records[1].detail = text.into(),
            5 => records[1].tenant = None,
            6 => records[1].previous = text,
            _ => records[1].mac = text,
        }
        prop_assume!(records[1] != before);

        let broken = verify(&key(), &records, None).unwrap_err();

        prop_assert_eq!(broken.sequence, 2);
    }
}
