//! Behaviours of matches, runs, facts and sealed records.

use msp365_core::{AUDIT_KEY, ErrorKind, Sealed, VAULT_SALT, VaultError};
use serde_json::json;

use super::{at, both_tenants, contoso, fabrikam, noon, pass, user};
use crate::{
    DecisionRow, JournalFilter, JournalRecord, LogFate, MatchKind, MatchRow, Resource, RunStart, Store,
    TenantFilter,
};

pub async fn matches_are_replaced_by_kind(store: &dyn Store) {
    let mut pair = MatchRow::new(Some(contoso()), "b");
    pair.theirs = Some("7".to_owned());
    "certain".clone_into(&mut pair.verdict);
    pair.score = 0.1 + 0.2;
    pair.evidence = json!({ "name": "contoso" });
    "decided".clone_into(&mut pair.standing);
    let alone = MatchRow::new(None, "a");
    store
        .replace_matches(MatchKind::Organizations, &[pair.clone(), alone.clone()])
        .await
        .unwrap();
    store
        .replace_matches(MatchKind::Devices, std::slice::from_ref(&alone))
        .await
        .unwrap();
    assert_eq!(
        store.matches(MatchKind::Organizations).await.unwrap(),
        [pair.clone(), alone.clone()]
    );

    store
        .replace_matches(MatchKind::Organizations, std::slice::from_ref(&pair))
        .await
        .unwrap();

    assert_eq!(store.matches(MatchKind::Organizations).await.unwrap(), [pair]);
    assert_eq!(store.matches(MatchKind::Devices).await.unwrap(), [alone]);
}

pub async fn matches_of_some_of_ours_and_of_theirs_are_read_alone(store: &dyn Store) {
    let pair = |tenant, ours: &str, theirs: Option<&str>| {
        let mut row = MatchRow::new(tenant, ours);
        row.theirs = theirs.map(str::to_owned);
        row
    };
    let rows = [
        pair(Some(contoso()), "b", Some("7")),
        pair(Some(contoso()), "a", None),
        pair(Some(fabrikam()), "a", Some("7")),
        pair(None, "a", Some("9")),
        pair(Some(contoso()), "c\0", Some("8\0")),
    ];
    store.replace_matches(MatchKind::Devices, &rows).await.unwrap();
    let other = pair(Some(contoso()), "a", Some("7"));
    store
        .replace_matches(MatchKind::Contacts, &[other])
        .await
        .unwrap();
    let of = async |ours: &[&str]| {
        let ours: Vec<_> = ours.iter().map(|id| (*id).to_owned()).collect();
        store
            .matches_of(MatchKind::Devices, &contoso(), &ours)
            .await
            .unwrap()
    };
    let to = async |theirs| store.matches_to(MatchKind::Devices, theirs).await.unwrap();

    assert_eq!(of(&["a", "b", "z"]).await, rows[..2]);
    assert_eq!(of(&["c\0"]).await, rows[4..]);
    assert_eq!((of(&["z"]).await, of(&[]).await), (Vec::new(), Vec::new()));
    assert_eq!(to("7").await, [rows[0].clone(), rows[2].clone()]);
    assert_eq!((to("8\0").await, to("1").await), (rows[4..].to_vec(), Vec::new()));
    assert_eq!(
        store
            .matches_of(MatchKind::Organizations, &contoso(), &["a".to_owned()])
            .await
            .unwrap(),
        []
    );
}

pub async fn decisions_are_kept_apart_from_matches(store: &dyn Store) {
    let said = |ours: &str, theirs: Option<&str>, said: &str| {
        let mut row = DecisionRow::new(MatchKind::Contacts, ours, said);
        row.theirs = theirs.map(str::to_owned);
        row
    };
    let (refused, ignored) = (said("a", Some("7"), "refused"), said("b", None, "ignored"));
    let device = DecisionRow::new(MatchKind::Devices, "a", "ignored");
    store
        .decide(&[], &[ignored.clone(), refused.clone(), device.clone()])
        .await
        .unwrap();
    store.replace_matches(MatchKind::Contacts, &[]).await.unwrap();
    let kept = store.decisions(MatchKind::Contacts).await.unwrap();
    assert_eq!(kept, [refused.clone(), ignored.clone()]);

    let linked = said("a", Some("8"), "linked");
    let mut changed = ignored.clone();
    "closed".clone_into(&mut changed.note);
    store
        .decide(&[refused], &[linked.clone(), changed.clone()])
        .await
        .unwrap();

    assert_eq!(
        store.decisions(MatchKind::Contacts).await.unwrap(),
        [linked, changed]
    );
    assert_eq!(store.decisions(MatchKind::Devices).await.unwrap(), [device]);
}

pub async fn runs_are_listed_newest_first(store: &dyn Store) {
    let first = store.start_run(&RunStart::new("sync", noon())).await.unwrap();
    let second = store.start_run(&RunStart::new("match", noon())).await.unwrap();
    let report = json!({ "tenants": 25 });
    store
        .finish_run(first, at("2026-03-01T12:00:01.5Z"), &report)
        .await
        .unwrap();

    let runs = store.runs(9).await.unwrap();

    assert_eq!(runs.iter().map(|run| run.id).collect::<Vec<_>>(), [second, first]);
    assert_eq!((runs[0].kind.as_str(), runs[0].finished_at), ("match", None));
    assert_eq!(runs[1].finished_at, Some(at("2026-03-01T12:00:01.5Z")));
    assert_eq!(runs[1].report, Some(report.clone()));
    assert_eq!(store.runs(1).await.unwrap(), runs[..1]);
    let error = store.finish_run(99, noon(), &report).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

pub async fn facts_are_kept_by_name(store: &dyn Store) {
    assert_eq!(store.meta("world").await.unwrap(), None);

    store.set_meta("world", "seed 7").await.unwrap();
    store.set_meta("world", "seed 8").await.unwrap();

    assert_eq!(store.meta("world").await.unwrap().as_deref(), Some("seed 8"));
}

pub async fn a_sealed_record_is_replaced_only_by_who_knows_it(store: &dyn Store) {
    let sealed = |bytes: &[u8]| Sealed::new("key-1", bytes.to_vec());
    assert_eq!(store.load("token").await.unwrap(), None);
    assert_eq!(
        store.store("token", &sealed(&[1, 0, 255]), None).await.unwrap(),
        1
    );

    let blind = store.store("token", &sealed(&[2]), None).await.unwrap_err();
    let early = store.store("token", &sealed(&[2]), Some(2)).await.unwrap_err();
    let absent = store.store("other", &sealed(&[2]), Some(1)).await.unwrap_err();

    for error in [blind, early, absent] {
        assert!(matches!(error, VaultError::Conflict { .. }), "{error}");
    }
    let mut expected = sealed(&[1, 0, 255]);
    expected.version = 1;
    assert_eq!(store.load("token").await.unwrap(), Some(expected));
    assert_eq!(store.store("token", &sealed(&[3]), Some(1)).await.unwrap(), 2);
    assert_eq!(store.load("token").await.unwrap().unwrap().bytes, [3]);
    store.remove("token").await.unwrap();
    store.remove("token").await.unwrap();
    assert_eq!(store.load("token").await.unwrap(), None);
}

pub async fn a_late_rotation_cannot_replace_a_new_sign_in(store: &dyn Store) {
    let sealed = |bytes: &[u8]| Sealed::new("key-1", bytes.to_vec());
    let first = store.store("token", &sealed(&[1]), None).await.unwrap();
    store.remove("token").await.unwrap();
    let gone = store
        .store("token", &sealed(&[9]), Some(first))
        .await
        .unwrap_err();
    let second = store.store("token", &sealed(&[2]), None).await.unwrap();

    let late = store
        .store("token", &sealed(&[9]), Some(first))
        .await
        .unwrap_err();

    for error in [gone, late] {
        assert!(matches!(error, VaultError::Conflict { .. }), "{error}");
    }
    assert!(second > first);
    let present = store.load("token").await.unwrap().unwrap();
    assert_eq!((present.bytes, present.version), (vec![2], second));
}

pub async fn wiping_leaves_an_empty_store(store: &dyn Store) {
    both_tenants(store).await;
    pass(
        store,
        contoso(),
        Resource::Users,
        vec![vec![user("1", "Ada")].into()],
    )
    .await;
    store.set_meta("world", "seed 7").await.unwrap();
    store.start_run(&RunStart::new("sync", noon())).await.unwrap();
    store
        .store("token", &Sealed::new("key-1", vec![1]), None)
        .await
        .unwrap();
    let pair = MatchRow::new(None, "a");
    store.replace_matches(MatchKind::Devices, &[pair]).await.unwrap();
    let ignored = DecisionRow::new(MatchKind::Devices, "a", "ignored");
    store.decide(&[], &[ignored]).await.unwrap();

    store.wipe(LogFate::Remove).await.unwrap();

    assert_eq!(store.tenants(&TenantFilter::all()).await.unwrap(), []);
    assert_eq!(store.counts().await.unwrap(), []);
    assert_eq!(store.meta("world").await.unwrap(), None);
    assert_eq!(store.runs(9).await.unwrap(), []);
    assert_eq!(store.load("token").await.unwrap(), None);
    assert_eq!(store.matches(MatchKind::Devices).await.unwrap(), []);
    assert_eq!(store.decisions(MatchKind::Devices).await.unwrap(), []);
    both_tenants(store).await;
    assert_eq!(store.start_run(&RunStart::new("sync", noon())).await.unwrap(), 1);
}

pub async fn wiping_leaves_the_log_where_that_is_wanted(store: &dyn Store) {
    both_tenants(store).await;
    let sealed = Sealed::new("key-1", vec![1]);
    for name in [AUDIT_KEY, "token"] {
        store.store(name, &sealed, None).await.unwrap();
    }
    for name in [VAULT_SALT, "connection"] {
        store.set_meta(name, "value").await.unwrap();
    }
    let record = JournalRecord::new(1, noon(), "ada", "block");
    store.append_journal(&[record]).await.unwrap();

    store.wipe(LogFate::Keep).await.unwrap();

    assert_eq!(store.tenants(&TenantFilter::all()).await.unwrap(), []);
    assert_eq!(store.journal(&JournalFilter::all()).await.unwrap().len(), 1);
    assert!(store.load(AUDIT_KEY).await.unwrap().is_some());
    assert_eq!(store.load("token").await.unwrap(), None);
    assert_eq!(store.meta(VAULT_SALT).await.unwrap().as_deref(), Some("value"));
    assert_eq!(store.meta("connection").await.unwrap(), None);

    store.wipe(LogFate::Remove).await.unwrap();

    assert_eq!(store.journal_head().await.unwrap(), None);
    assert_eq!(store.load(AUDIT_KEY).await.unwrap(), None);
    assert_eq!(store.meta(VAULT_SALT).await.unwrap(), None);
}
