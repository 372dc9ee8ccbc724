use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::{Error, Operation, Page, Request, model::Kind, operation::DIRECTORY, path};

const NAME: Filters = Filters::NONE
    .eq(Need::Plain)
    .ne(Need::Advanced)
    .range(Need::Plain)
    .one_of(Need::Plain)
    .starts(Need::Plain)
    .ends(Need::Advanced)
    .null(Need::Advanced)
    .order(Need::Plain);

crate::model! {
    /// A person.
    struct Person {
        /// The key.
        id, ID = "id": String [Filters::NONE.eq(Need::Plain)],
        /// The name.
        name, NAME = "displayName": Option<String> [NAME],
        /// Whether signing in is allowed.
        enabled, ENABLED = "accountEnabled": Option<bool> [NAME],
        /// When it was made.
        made, MADE = "createdDateTime": Option<Timestamp> [NAME],
        /// The product.
        sku, SKU = "skuId": Option<String> [NAME.guid()],
        /// Addresses.
        addresses, ADDRESSES = "proxyAddresses": Vec<String> [NAME],
        /// About.
        about, ABOUT = "aboutMe": Option<String>,
    }
}

impl Person {
    const LAST: Property<Self> = Self::MADE.inner("signInActivity/last", Kind::Time, NAME.lonely());
}

static LIST: Operation = Operation::pages("people.list", "people", 999).options(DIRECTORY);

fn people() -> Request<Page<Person>> {
    LIST.list(path!["people"])
}

fn refused(filter: Filter<Person>) -> bool {
    matches!(
        people().filter(filter).call().relative_url(),
        Err(Error::Refused { .. })
    )
}

fn is_advanced<T>(request: &Request<T>) -> bool {
    let has_header = request.call().headers().contains_key("consistencylevel");
    assert_eq!(has_header, request.to_string().contains("$count=true"));
    has_header
}

#[test]
fn values_stand_as_their_property_takes_them() {
    let id = "0A000000-0000-4000-8000-000000000001";
    let time: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();

    assert_eq!(Person::NAME.eq("O'Neil").as_str(), "displayName eq 'O''Neil'");
    assert_eq!(Person::ENABLED.eq(false).as_str(), "accountEnabled eq false");
    assert_eq!(
        Person::MADE.ge(time).as_str(),
        "createdDateTime ge 2026-01-02T03:04:05Z"
    );
    assert_eq!(
        Person::SKU.eq(id).as_str(),
        "skuId eq 0a000000-0000-4000-8000-000000000001"
    );
    assert_eq!(Person::ID.eq(id).as_str(), format!("id eq '{id}'"));
    assert_eq!(
        Person::ADDRESSES.any("smtp:a").as_str(),
        "proxyAddresses/any(x:x eq 'smtp:a')"
    );
    assert_eq!(
        Person::NAME.one_of(["a", "b"]).as_str(),
        "displayName in ('a','b')"
    );
    assert_eq!(Person::NAME.is_null().as_str(), "displayName eq null");
}

#[test]
fn conditions_are_bracketed_where_they_would_read_otherwise() {
    let [a, b, c] = ["a", "b", "c"].map(|name| Person::NAME.eq(name));

    let filter = a.or(b).and(c).negate();

    assert_eq!(
        filter.as_str(),
        "not((displayName eq 'a' or displayName eq 'b') and displayName eq 'c')"
    );
}

#[test]
fn header_and_count_come_with_the_queries_that_need_them() {
    let asks = people().filter(Person::NAME.starts_with("A"));

    assert!(!is_advanced(&asks));
    assert!(!is_advanced(
        &people().order_by(Person::NAME, Direction::Ascending)
    ));
    assert!(is_advanced(
        &asks.clone().order_by(Person::NAME, Direction::Descending)
    ));
    assert!(is_advanced(
        &people()
            .order_by(Person::NAME, Direction::Ascending)
            .filter(Person::ENABLED.eq(true))
    ));
    assert!(is_advanced(&people().filter(Person::NAME.ends_with("x"))));
    assert!(is_advanced(&people().filter(Person::NAME.eq("a").negate())));
    assert!(is_advanced(&people().search(Person::NAME, "ada")));
    assert!(is_advanced(&people().counted()));
}

#[test]
fn what_the_service_takes_no_filter_on_is_refused() {
    assert!(refused(Person::ABOUT.eq("x")));
    assert!(refused(Person::ID.starts_with("x")));
    assert!(refused(Person::SKU.eq("no guid")));
    assert!(refused(Person::ENABLED.eq("true")));
    assert!(refused(Person::NAME.one_of(Vec::<String>::new())));
    assert!(refused(Person::NAME.one_of((0..16).map(|n| n.to_string()))));
    assert!(refused(
        Person::LAST
            .ge(Timestamp::UNIX_EPOCH)
            .and(Person::ENABLED.eq(true))
    ));
    assert!(!refused(Person::LAST.ge(Timestamp::UNIX_EPOCH)));
    let sorted = people().order_by(Person::ABOUT, Direction::Ascending);
    assert!(matches!(sorted.call().relative_url(), Err(Error::Refused { .. })));
}

#[test]
fn a_relation_is_expanded_with_its_properties() {
    let request = people().expand("manager", [Person::ID, Person::NAME]);

    assert_eq!(
        request.to_string(),
        "GET people?$expand=manager($select=id,displayName)"
    );
}

proptest! {
    #[test]
    fn no_text_can_end_its_literal(text in "\\PC*") {
        let filter = Person::NAME.eq(&*text);

        let literal = filter.as_str().strip_prefix("displayName eq ").unwrap();
        let inner = &literal[1..literal.len() - 1];
        prop_assert_eq!(inner.replace("''", "").matches('\'').count(), 0);
        prop_assert_eq!(inner.replace("''", "'"), text);
    }

    #[test]
    fn no_text_can_leave_its_option(text in "\\PC*") {
        let request = people().filter(Person::NAME.eq(&*text)).search(Person::NAME, &text);

        let url = format!("https://graph.example/{}", request.call().relative_url().unwrap());
        let pairs: Vec<(String, String)> = url::Url::parse(&url).unwrap().query_pairs().into_owned().collect();
        prop_assert_eq!(pairs.len(), 3);
        prop_assert_eq!(&pairs[0].1, &format!("displayName eq '{}'", text.replace('\'', "''")));
    }

    #[test]
    fn no_word_can_end_its_search(text in "\\PC*") {
        let request = people().search(Person::NAME, &text);

        let value = &request.call().query().iter().find(|(name, _)| name == "$search").unwrap().1;
        let inner = &value["\"displayName:".len()..value.len() - 1];
        let unescaped = inner.replace("\\\\", "").replace("\\\"", "");
        prop_assert!(!unescaped.contains('"'));
    }
}
