use jiff::{Timestamp, civil::Date};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Lenient, Page, Reply, Request, Service, open_enum, path};

open_enum! {
    /// A colour.
    enum Colour { Red = "red" }
}

crate::model! {
    /// What a thing is made of.
    struct Part {
        /// Its name.
        name, NAME = "name": Option<String>,
        /// How many.
        count, COUNT = "count": Option<i64>,
    }
}

crate::model! {
    /// A thing with a field of each kind.
    struct Thing {
        /// Its key.
        id, ID = "id": String,
        /// Its name.
        name, NAME = "displayName": Option<String>,
        /// Whether it is on.
        is_on, IS_ON = "isOn": Option<bool>,
        /// How large it is.
        size, SIZE = "size": Option<i64>,
        /// When it was made.
        made, MADE = "madeDateTime": Option<Timestamp>,
        /// On which day it was sold.
        sold, SOLD = "soldDate": Option<Date>,
        /// Its colour.
        colour, COLOUR = "colour": Option<Colour>,
        /// Its main part.
        main, MAIN = "main": Option<Part>,
        /// All parts.
        parts, PARTS = "parts": Vec<Part>,
        /// Other names.
        names, NAMES = "names": Vec<String>,
    }
}

fn thing(member: &str, value: &str) -> Thing {
    serde_json::from_str(&format!(r#"{{"id":"t","{member}":{value}}}"#)).unwrap()
}

fn written(thing: &Thing) -> Value {
    serde_json::to_value(thing).unwrap()
}

fn page(body: &str) -> Page<Lenient<Thing>> {
    let request: Request<Page<Lenient<Thing>>> =
        Request::list_lenient("things", Service::Graph, path!["things"]);
    request
        .decode(&Reply::new(
            http::StatusCode::OK,
            http::HeaderMap::new(),
            body.to_owned(),
        ))
        .unwrap()
}

#[test]
fn f055_every_property_may_be_null_or_absent() {
    let absent: Thing = serde_json::from_str(r#"{"id":"t"}"#).unwrap();

    for property in &Thing::PROPERTIES[1..] {
        let null = thing(property.name(), "null");

        assert!(null.has(*property), "{property}");
        assert!(!absent.has(*property), "{property}");
        assert_eq!(written(&null), json!({"id": "t", property.name(): null}));
    }
}

#[test]
fn f056_scalars_in_an_odd_form_are_read_and_written_back_as_they_came() {
    let flag = |value: &str| thing("isOn", value).is_on;
    let size = |value: &str| thing("size", value).size;

    assert_eq!(
        (flag("\"True\""), flag("0"), flag("\"perhaps\"")),
        (Some(true), Some(false), None)
    );
    assert_eq!(
        (size("\"12\""), size("1.2E3"), size("\"1e3\"")),
        (Some(12), Some(1200), Some(1000))
    );
    assert_eq!(
        (
            size("1.5"),
            size("18446744073709551615"),
            size("1180591620717411303424")
        ),
        (None, None, None)
    );
    assert_eq!(thing("displayName", "12345").name.as_deref(), Some("12345"));
    assert_eq!(
        written(&thing("size", "\"1180591620717411303424\""))["size"],
        "1180591620717411303424"
    );
    assert_eq!(written(&thing("isOn", "\"True\""))["isOn"], "True");
}

#[test]
fn f056_a_list_keeps_what_does_not_fit() {
    let thing = thing("names", r#"["a",7,null,true]"#);

    assert_eq!(thing.names, ["a", "7", "true"]);
    assert_eq!(written(&thing)["names"], json!(["a", 7, null, true]));
}

#[test]
fn f057_never_and_no_limit_are_no_times_and_are_kept() {
    for text in [
        "0001-01-01T00:00:00Z",
        "1601-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "",
        "soon",
    ] {
        let thing = thing("madeDateTime", &format!("\"{text}\""));

        assert_eq!(thing.made, None, "{text}");
        assert_eq!(written(&thing)["madeDateTime"], text);
    }
}

#[test]
fn f057_times_are_read_with_fractions_without_a_zone_and_in_a_leap_second() {
    for (text, expected) in [
        ("2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.1234567Z"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456789Z"),
        ("2026-01-02T03:04:05.1234567", "2026-01-02T03:04:05.1234567Z"),
        ("2026-01-02T05:04:05+02:00", "2026-01-02T03:04:05Z"),
        ("2026-06-30T23:59:60Z", "2026-06-30T23:59:59Z"),
        ("2015-11-25T06: 41: 12Z", "2015-11-25T06:41:12Z"),
    ] {
        let thing = thing("madeDateTime", &format!("\"{text}\""));

        assert_eq!(thing.made, Some(expected.parse().unwrap()), "{text}");
    }
}

#[test]
fn f060_long_lists_and_texts_are_read() {
    let names: Vec<String> = (0..5000)
        .map(|n| format!("smtp:ada{n}@contoso.example"))
        .collect();
    let text = "A".repeat(1 << 20);

    let found: Thing =
        serde_json::from_value(json!({"id": "t", "names": names, "displayName": text})).unwrap();

    assert_eq!((found.names.len(), found.name.unwrap().len()), (5000, 1 << 20));
}

#[test]
fn f061_a_row_without_a_key_or_with_an_object_for_a_name_costs_only_itself() {
    let page =
        page(r#"{"value":[{"id":"a"},{"displayName":"no key"},{"id":"c","displayName":{"no":"name"}},[1]]}"#);

    assert!(matches!(
        &page.items[..],
        [Lenient::Row(_), Lenient::Odd(_), Lenient::Odd(_), Lenient::Odd(_)]
    ));
}

#[test]
fn f059_half_a_character_costs_no_row() {
    let page = page(r#"{"value":[{"id":"a","displayName":"Ada\ud83d"},{"id":"b"}]}"#);

    let [Lenient::Row(ada), Lenient::Row(_)] = &page.items[..] else {
        panic!("{page:?}")
    };
    assert_eq!(ada.name.as_deref(), Some("Ada\u{fffd}"));
}

#[test]
fn f062_of_a_member_that_comes_twice_the_last_one_counts() {
    let found: Thing = serde_json::from_str(r#"{"id":"t","size":"x","size":2,"new":1,"new":2}"#).unwrap();

    assert_eq!((found.size, written(&found)["new"].as_i64()), (Some(2), Some(2)));
    assert!(!found.extra.contains_key("size"));
}

#[test]
fn f062_a_row_nested_too_deeply_costs_only_itself() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));

    let page = page(&format!(
        r#"{{"value":[{{"id":"a","deep":{deep}}},{{"id":"b"}}]}}"#
    ));

    assert!(matches!(&page.items[..], [Lenient::Odd(_), Lenient::Row(_)]));
}

#[test]
fn f067_absent_and_null_are_told_apart() {
    let found: Thing = serde_json::from_str(r#"{"id":"t","main":null,"parts":[]}"#).unwrap();

    assert!(found.has(Thing::MAIN) && found.has(Thing::PARTS) && !found.has(Thing::NAMES));
    assert_eq!(written(&found), json!({"id": "t", "main": null, "parts": []}));
}

#[test]
fn nested_objects_keep_what_they_do_not_know() {
    let body = r#"{"id":"t","main":{"name":"a","odd":[1]},"parts":[{"count":1},{"count":"2"}]}"#;

    let found: Thing = serde_json::from_str(body).unwrap();

    assert_eq!(
        found.parts.iter().map(|part| part.count).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
    assert_eq!(written(&found), serde_json::from_str::<Value>(body).unwrap());
}

#[test]
fn what_is_no_object_does_not_cost_the_row() {
    for odd in ["7", "\"x\"", "true", "[1]", "1.5"] {
        let main = thing("main", odd);
        let parts = thing("parts", &format!("[{odd}]"));

        assert_eq!(
            (main.main.is_none(), parts.parts.is_empty()),
            (true, true),
            "{odd}"
        );
        assert_eq!(written(&main)["main"].to_string(), odd.to_owned());
    }
}

#[test]
fn a_secret_is_neither_shown_nor_written() {
    crate::model! {
        /// A pass.
        struct Pass {
            /// The code.
            code, CODE = "code": Option<Secret>,
        }
    }

    let pass: Pass = serde_json::from_str(r#"{"code":"canary"}"#).unwrap();

    assert_eq!(pass.code.as_ref().map(Secret::expose), Some("canary"));
    assert!(!format!("{pass:?}{}", serde_json::to_string(&pass).unwrap()).contains("canary"));
}

proptest! {
    #[test]
    fn f054_any_name_of_an_enum_survives(name in "\\PC*") {
        let found: Thing = serde_json::from_value(json!({"id": "t", "colour": name})).unwrap();

        prop_assert_eq!(written(&found), json!({"id": "t", "colour": name}));
    }

    #[test]
    fn f057_no_text_in_place_of_a_time_costs_the_row(text in "\\PC*") {
        let found: Thing = serde_json::from_value(json!({"id": "t", "madeDateTime": text})).unwrap();

        prop_assert!(found.made.is_some() || written(&found)["madeDateTime"] == text);
    }

    #[test]
    fn f057_a_time_in_the_usual_form_is_what_a_parser_of_all_forms_makes_of_it(
        year in 1900..2100_u16, month in 0..14_u8, day in 0..33_u8, hour in 0..26_u8, second in 0..62_u8,
    ) {
        let text = format!("{year}-{month:02}-{day:02}T{hour:02}:07:{second:02}Z");

        prop_assert_eq!(thing("madeDateTime", &format!("\"{text}\"")).made, text.parse::<Timestamp>().ok());
    }

    #[test]
    fn f068_members_not_known_survive(name in "[a-z]{12}", value in "\\PC*", number in any::<i64>()) {
        let body = json!({"id": "t", "displayName": "x", (name): {"text": value, "list": [number, null]}});

        let found: Thing = serde_json::from_value(body.clone()).unwrap();

        prop_assert_eq!(written(&found), body);
    }
}
