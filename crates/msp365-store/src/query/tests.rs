use jiff::{
    Timestamp,
    tz::{self, TimeZone},
};
use msp365_core::ErrorKind;
use proptest::prelude::*;

use super::{Pattern, RowView, SavedView, Selection, Test, Times, UserColumn, UserFilter, UserRef, beyond};
use crate::Resource;

fn refusal(text: &str) -> String {
    let error = UserFilter::parse(text, Timestamp::UNIX_EPOCH).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    error.to_string()
}

#[test]
fn an_unknown_column_is_answered_with_the_columns_there_are() {
    let error = refusal("shoe_size=43");

    assert!(
        error.starts_with("`shoe_size` is no column of users: give one of id, tenant, "),
        "{error}"
    );
    assert!(
        error.ends_with(", last_sign_in, last_successful_sign_in"),
        "{error}"
    );
}

#[test]
fn a_filter_is_the_text_it_was_read_from() {
    for text in [
        "roles=Reader|Helpdesk Administrator",
        "name~ada\\_%",
        "last_sign_in>90d",
        "created_at=..2026-01-31",
    ] {
        let filter = UserFilter::parse(text, Timestamp::UNIX_EPOCH).unwrap();

        assert_eq!(filter.to_string(), text);
    }
}

#[test]
fn a_range_of_days_holds_the_last_one_in_the_zone_that_counts() {
    let zone = TimeZone::fixed(tz::offset(2));
    let text = "created_at=2026-01-01..2026-01-31";

    let read = UserFilter::parse_in(text, Timestamp::UNIX_EPOCH, &zone).unwrap();

    let moment = |text: &str| Some(text.parse::<Timestamp>().unwrap().as_microsecond());
    let (from, until) = (moment("2025-12-31T22:00:00Z"), moment("2026-01-31T22:00:00Z"));
    assert_eq!(
        read.test,
        Test::Between(UserColumn::CreatedAt.field(), from, until)
    );
}

#[test]
fn grams_and_prefix_are_in_all_that_fits() {
    let pattern = Pattern::new("Ada%love_ace");

    assert_eq!(pattern.prefix(), "ada");
    assert_eq!(pattern.grams(8), ["ada", "lov", "ove", "ace"]);
    assert_eq!(pattern.grams(2), ["ada", "ove"]);
    assert_eq!(Pattern::new("50\\%").like(), "%50\\%%");
    assert_eq!(beyond("ab").as_deref(), Some("ac"));
    assert_eq!(beyond("a\u{10ffff}").as_deref(), Some("b"));
    assert_eq!(beyond("\u{10ffff}"), None);
}

#[test]
fn filters_that_cannot_be_meant_say_what_to_write() {
    let table = [
        ("department", "write `column=value`"),
        ("account_enabled~x", "only texts have patterns"),
        ("created_at~x", "only texts have patterns"),
        ("created_at=2026-01-01..2026-13-01", "an end of a range is a day"),
        ("", "write `column=value`"),
        ("department>3d", "only times and numbers can be compared"),
        ("account_enabled=maybe", "the value is `true` or `false`"),
        ("account_enabled>1d", "only times and numbers can be compared"),
        (
            "created_at=2026-01-01",
            "a time is compared by age, `>90d` or `<7d`, or by range",
        ),
        ("last_sign_in=often", "a last sign-in is"),
        ("last_sign_in>90", "an age is a number"),
        ("last_sign_in>-1d", "an age is a number"),
        ("last_sign_in>", "an age is a number"),
        ("last_sign_in>9999999999999999w", "an age is a number"),
        ("last_sign_in>1é", "an age is a number"),
    ];
    for (text, expected) in table {
        let error = refusal(text);
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn every_column_is_found_by_its_name() {
    for column in UserColumn::ALL {
        assert_eq!(UserColumn::parse(column.as_str()).unwrap(), *column);
    }
    assert_eq!(UserColumn::parse("name").unwrap(), UserColumn::DisplayName);
}

/// What a pattern means, in the plainest words.
fn meaning(pattern: &[char], value: &[char]) -> bool {
    match (pattern, value) {
        ([], rest) => rest.is_empty(),
        (['%', pattern @ ..], _) => (0..=value.len()).any(|skip| meaning(pattern, &value[skip..])),
        (['_', pattern @ ..], [_, value @ ..]) => meaning(pattern, value),
        (['\\', wanted, pattern @ ..] | [wanted, pattern @ ..], [found, value @ ..]) => {
            wanted == found && meaning(pattern, value)
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn patterns_fit_what_they_mean(pattern in r"([ab%_]|\\[%_a\\]){0,7}", value in r"[ab%_\\]{0,9}") {
        let (chars, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), value.chars().collect());
        let wild = Pattern::new(&format!("{pattern}%"));

        let expected = meaning(&[&chars[..], &['%']].concat(), &text);
        prop_assert_eq!(wild.fits(&value), expected);
    }
}

#[test]
fn a_hostile_pattern_does_not_take_long() {
    let pattern = Pattern::new(&"%a".repeat(2_000));

    assert!(!pattern.fits(&"b".repeat(20_000)));
}

#[test]
fn a_view_comes_back_as_it_was_kept() {
    let mut view = SavedView {
        columns: vec![UserColumn::Roles, UserColumn::DisplayName],
        filters: vec!["last_sign_in>90d".to_owned(), "name~ada%".to_owned()],
        sort: "-roles".to_owned(),
        page_size: 25,
        ..SavedView::default()
    };

    let again = SavedView::from_json(&view.to_json()).unwrap();

    assert_eq!(again, view);
    assert!(!view.is_unfiltered());
    view.clear(0);
    view.clear(7);
    assert_eq!(view.filters, ["name~ada%"]);
    view.clear_all();
    assert!(view.is_unfiltered());
    assert_eq!(SavedView::from_json("{}").unwrap(), SavedView::default());
    for (text, said) in [
        (r#"{"version":2}"#, "version 2"),
        (r#"{"colums":[]}"#, "cannot be read"),
        (r#"{"columns":["shoe_size"]}"#, "cannot be read"),
    ] {
        let error = SavedView::from_json(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn a_frozen_selection_keeps_its_moment_and_who_is_left_out() {
    let view = SavedView {
        filters: vec!["last_sign_in>90d".to_owned()],
        ..SavedView::default()
    };
    let as_of: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    let ada = UserRef {
        tenant_id: "c0000000-0000-4000-8000-000000000001".parse().unwrap(),
        id: "ada".to_owned(),
    };
    let mut all = Selection::all(view.clone(), as_of, &TimeZone::UTC);
    all.toggle(ada.clone());

    let json = serde_json::to_string(&all).unwrap();
    let again: Selection = serde_json::from_str(&json).unwrap();

    assert_eq!(again, all);
    let expected = view
        .query(as_of, &TimeZone::UTC)
        .unwrap()
        .except([(ada.tenant_id, "ada")]);
    assert_eq!(again.query().unwrap(), Some(expected));
    assert!(!all.is_one_user() && all.is_anybody());
    let mut one = Selection::default();
    assert_eq!((one.query().unwrap(), one.is_anybody()), (None, false));
    one.toggle(ada.clone());
    assert!(one.is_one_user());
    one.toggle(ada);
    assert_eq!(one, Selection::None);
}

#[test]
fn a_selection_keeps_a_zone_without_a_name_and_refuses_one_that_is_not_known() {
    let view = SavedView {
        filters: vec!["created_at=2026-01-01..2026-01-31".to_owned()],
        ..SavedView::default()
    };
    for zone in [
        TimeZone::fixed(tz::offset(2)),
        TimeZone::fixed(tz::Offset::from_seconds(-12_645).unwrap()),
    ] {
        let all = Selection::all(view.clone(), Timestamp::UNIX_EPOCH, &zone);

        let expected = view.query(Timestamp::UNIX_EPOCH, &zone).unwrap();
        assert_eq!(all.query().unwrap(), Some(expected));
    }

    let mut all = Selection::all(view, Timestamp::UNIX_EPOCH, &TimeZone::UTC);
    if let Selection::All { zone, .. } = &mut all {
        "Mars/Phobos".clone_into(zone);
    }
    let error = all.query().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("Mars/Phobos"), "{error}");
}

#[test]
fn moments_are_shown_as_ages_or_as_dates_of_a_zone() {
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let ages = Times::ages(now);
    let table = [
        ("2026-03-01T11:59:30Z", "just now"),
        ("2026-03-01T11:59:00Z", "1 minute ago"),
        ("2026-03-01T09:00:00Z", "3 hours ago"),
        ("2026-02-27T12:00:00Z", "2 days ago"),
        ("2025-12-01T12:00:00Z", "2 months ago"),
        ("2023-03-01T00:00:00Z", "3 years ago"),
        ("2026-03-02T12:00:00Z", "in 1 day"),
    ];
    for (at, expected) in table {
        assert_eq!(ages.show(at.parse().unwrap()), expected, "{at}");
    }
    let dates = Times::dates("America/New_York", "%d.%m.%Y %H:%M").unwrap();
    assert_eq!(dates.show(now), "01.03.2026 07:00");
    assert_eq!(Times::default().show(now), "2026-03-01T12:00:00Z");
    assert_eq!(
        Times::dates("Mars/Phobos", "%Y").unwrap_err().kind(),
        ErrorKind::Invalid
    );
    assert_eq!(Times::dates("UTC", "%!").unwrap_err().kind(), ErrorKind::Invalid);
}

#[test]
fn a_view_keeps_its_zone_and_format() {
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let view = SavedView {
        zone: Some("Europe/Amsterdam".to_owned()),
        format: Some("%H:%M".to_owned()),
        ..SavedView::default()
    };

    let again = SavedView::from_json(&view.to_json()).unwrap();

    assert_eq!(again.times(now, "%Y").unwrap().show(now), "13:00");
    let ages = SavedView {
        format: Some("age".to_owned()),
        ..again.clone()
    };
    let ages = ages.times(now, "%Y").unwrap();
    assert_eq!(ages.show("2026-02-27T12:00:00Z".parse().unwrap()), "2 days ago");
    assert_eq!(ages.zone().iana_name(), Some("Europe/Amsterdam"));
    assert_eq!(SavedView::default().times(now, "%Y").unwrap().show(now), "2026");
    assert!(!SavedView::default().to_json().contains("zone"));
    let nowhere = SavedView {
        zone: Some("Nowhere/Atall".to_owned()),
        ..again
    };
    assert!(nowhere.times(now, "%Y").is_err());
}

#[test]
fn selected_users_keep_the_columns_and_order_of_their_view() {
    let tenant: msp365_core::TenantId = "11111111-2222-3333-4444-555555555555".parse().unwrap();
    let view = SavedView {
        columns: vec![UserColumn::Mail],
        filters: vec!["department=Sales".to_owned()],
        sort: "-mail".to_owned(),
        ..SavedView::default()
    };
    let mut some = Selection::default();
    some.toggle(UserRef {
        tenant_id: tenant,
        id: "1".to_owned(),
    });
    assert_eq!(some.columns(), SavedView::COLUMNS);

    let some = some.shown_as(view);

    let json = serde_json::to_string(&some).unwrap();
    let again: Selection = serde_json::from_str(&json).unwrap();
    assert_eq!((&again, again.columns()), (&some, &[UserColumn::Mail][..]));
    assert_eq!(
        again.query().unwrap().unwrap().asked(),
        ["1 users by name", "sort -mail"]
    );
}

#[test]
fn a_selection_that_was_kept_when_only_users_were_selected_is_read_as_before() {
    let old = r#"{
        "selected": "users",
        "users": [{"tenant_id": "11111111-2222-3333-4444-555555555555", "id": "1"}],
        "view": {"version": 1, "columns": ["mail"], "sort": "-mail"}
    }"#;

    let selection: Selection = serde_json::from_str(old).unwrap();

    assert!(selection.is_one_user());
    assert_eq!(selection.columns(), [UserColumn::Mail]);
    let json = serde_json::to_string(&selection).unwrap();
    assert_eq!(serde_json::from_str::<Selection>(&json).unwrap(), selection);
}

#[test]
fn a_view_of_rows_names_what_it_lists_and_is_of_nothing_else() {
    let view = RowView {
        filters: vec!["consumed>10".to_owned()],
        ..RowView::of(Resource::Licenses)
    };
    let json = view.to_json();

    assert!(json.contains("\"resource\": \"licenses\""), "{json}");
    assert_eq!(RowView::from_json(&json).unwrap(), view);
    let of_users = SavedView::default().to_json();
    assert!(!of_users.contains("resource"), "{of_users}");
    for (error, said) in [
        (SavedView::from_json(&json).unwrap_err(), "view is of licenses"),
        (RowView::from_json(&of_users).unwrap_err(), "view is of users"),
        (
            RowView::from_json(r#"{"resource":"devices","columns":["item_count"]}"#).unwrap_err(),
            "cannot be read",
        ),
        (
            RowView::from_json(r#"{"resource":"devices","version":2}"#).unwrap_err(),
            "version 2",
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(said), "{error}");
    }
    let odd = RowView {
        sort: "shoe_size".to_owned(),
        ..view
    };
    let error = odd.query(Timestamp::UNIX_EPOCH, &TimeZone::UTC).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}
