use super::*;

use proptest::prelude::*;

use crate::Verdict;

fn everywhere(people: &[Person], contacts: &[Contact]) -> Vec<Pair> {
    match_contacts(people, contacts, &Sites::everywhere())
}

fn told(pairs: &[Pair]) -> Vec<(&str, Option<&str>, &str)> {
    pairs
        .iter()
        .map(|pair| (pair.ours.as_str(), pair.theirs.as_deref(), pair.verdict.as_str()))
        .collect()
}

#[test]
fn any_of_many_addresses_links() {
    let ada = Person::new("u", "Ada Example")
        .address("ada@contoso.example")
        .address("SMTP:Ada.Example@contoso.example")
        .address("x500:/o=contoso");
    let contact = Contact::new("7", "A. E.").email("Ada <ada.example@contoso.example>");

    let pairs = everywhere(&[ada], &[contact]);

    assert_eq!(told(&pairs), [("u", Some("7"), "certain")]);
    assert_eq!(
        pairs[0].evidence[0].text,
        "both have `ada.example@contoso.example`"
    );
}

#[test]
fn an_address_that_two_contacts_have_is_ambiguous_unless_the_name_tells() {
    let ada = Person::new("u", "Ada Example").address("info@contoso.example");
    let contact = |id: &str, name: &str| Contact::new(id, name).email("info@contoso.example");

    let pairs = everywhere(
        std::slice::from_ref(&ada),
        &[contact("7", "Bo"), contact("8", "Cleo")],
    );
    assert_eq!(
        told(&pairs),
        [("u", Some("7"), "ambiguous"), ("u", Some("8"), "ambiguous")]
    );

    let pairs = everywhere(&[ada], &[contact("7", "Bo"), contact("8", "Example, Ada")]);
    assert_eq!(told(&pairs), [("u", Some("8"), "certain")]);
}

#[test]
fn of_many_with_one_name_or_address_the_same_are_listed_in_any_order() {
    let ada = Person::new("u", "Ada Example").address("info@contoso.example");
    let mut named: Vec<Contact> = (10..40)
        .map(|id| Contact::new(id.to_string(), "Ada Example"))
        .collect();
    let mut shared: Vec<Contact> = (10..40)
        .map(|id| Contact::new(id.to_string(), format!("Bo {id}")).email("info@contoso.example"))
        .collect();

    for contacts in [&mut named, &mut shared] {
        let found = everywhere(std::slice::from_ref(&ada), contacts);
        contacts.reverse();
        assert_eq!(everywhere(std::slice::from_ref(&ada), contacts), found);
        assert_eq!(found[0].theirs.as_deref(), Some("10"));
    }
}

#[test]
fn a_name_within_the_organization_is_a_suggestion() {
    let ada = Person::new("u", "Ada Example")
        .tenant("contoso")
        .address("ada@contoso.example");
    let sites = Sites::everywhere()
        .allow("contoso", "hq")
        .allow("fabrikam", "works");
    let contacts = [
        Contact::new("7", "Example, Ada").organization("hq"),
        Contact::new("8", "Ada Example").organization("works"),
    ];

    let pairs = match_contacts(&[ada], &contacts, &sites);

    assert_eq!(told(&pairs), [("u", Some("7"), "suggested")]);
}

#[test]
fn a_contact_of_another_customer_is_out_of_reach() {
    let ada = Person::new("u", "Ada")
        .tenant("contoso")
        .address("ada@contoso.example");
    let contact = Contact::new("8", "Ada")
        .organization("works")
        .email("ada@contoso.example");
    let sites = Sites::everywhere()
        .allow("contoso", "hq")
        .allow("fabrikam", "works");

    let pairs = match_contacts(&[ada], &[contact], &sites);

    assert_eq!(told(&pairs), [("u", None, "none")]);
}

#[test]
fn whoever_has_an_address_in_common_is_nobodys_namesake() {
    let people = [
        Person::new("u", "Ada Example").address("ada@contoso.example"),
        Person::new("v", "Ada Example"),
    ];
    let contact = Contact::new("7", "Ada Example").email("ada@contoso.example");

    let pairs = everywhere(&people, &[contact]);

    assert_eq!(told(&pairs), [("u", Some("7"), "certain"), ("v", None, "none")]);
}

#[test]
fn records_are_compared_field_by_field() {
    let ada = Person::new("u", "Ada Example")
        .field("city", "LEEDS ")
        .field("department", "Sales");
    let contact = Contact::new("7", "Ada Example")
        .field("city", "Leeds")
        .field("mobile", "1");

    let rows = compare(&ada, &contact, &Mapping::default());

    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.field.as_str(), row.difference))
        .collect();
    assert_eq!(
        told,
        [
            ("city", Difference::Same),
            ("department", Difference::OursOnly),
            ("mobile", Difference::TheirsOnly),
            ("name", Difference::Same)
        ]
    );
}

#[test]
fn a_mapping_can_be_changed() {
    let mapping = Mapping::default().map("employeeId", "number").without("city");

    assert!(mapping.fields().any(|field| field == ("employeeId", "number")));
    assert!(mapping.fields().all(|(ours, _)| ours != "city"));
}

#[test]
fn a_guest_is_known_by_the_address_of_the_invitation() {
    let people = [
        Person::new("u", "Ada")
            .tenant("contoso")
            .address("ada@contoso.example"),
        Person::new("v", "Ada (guest)")
            .tenant("fabrikam")
            .address("ada_contoso.example#EXT#@fabrikam.example"),
        Person::new("w", "Bo")
            .tenant("fabrikam")
            .address("bo@fabrikam.example"),
    ];

    let found = across_tenants(&people);

    assert_eq!(found.len(), 1);
    assert_eq!((found[0].one.as_str(), found[0].other.as_str()), ("u", "v"));
}

#[test]
fn a_rare_name_with_one_phone_number_in_two_tenants_is_perhaps_one_human() {
    let person = |id: &str, tenant: &str, name: &str, phone: &str| {
        Person::new(id, name).tenant(tenant).field("mobilePhone", phone)
    };
    let people = [
        person("u", "contoso", "Ada Example", "+44 7700 900123"),
        person("v", "fabrikam", "Example, Ada", "07700 900 123"),
        person("w", "fabrikam", "Ada Example", "07700 900 999"),
        person("x", "northwind", "Bo Example", "+44 7700 900123"),
        person("y", "contoso", "Ada Example", "+44 7700 900123"),
    ];

    let found = across_tenants(&people);

    let ids: Vec<_> = found
        .iter()
        .map(|row| (row.one.as_str(), row.other.as_str()))
        .collect();
    assert_eq!(ids, [("u", "v"), ("v", "y")]);
    assert!(found[0].reason.contains("mobile phone"), "{found:?}");
    let mut turned = people;
    turned.reverse();
    assert_eq!(across_tenants(&turned), found);
}

proptest! {
    #[test]
    fn a_pair_scores_the_same_from_either_side(
        ours in prop::collection::vec(("(Ada|Bo|Ada Bo|Bo Ada C)", "[abc]@x\\.example", "[abc]@x\\.example"), 0..7),
        theirs in prop::collection::vec(("(Ada|Bo|B Ada|Ada Bo)", "[abc]@x\\.example", "[abc]@x\\.example"), 0..7),
    ) {
        type Row = (String, String, String);
        let matched = |ours: &[Row], theirs: &[Row]| -> Vec<(String, String, &str, u64)> {
            let people: Vec<Person> = ours.iter().enumerate().map(|(place, (name, one, other))| {
                Person::new(format!("{place}"), name).address(one).address(other)
            }).collect();
            let contacts: Vec<Contact> = theirs.iter().enumerate().map(|(place, (name, one, other))| {
                Contact::new(format!("{place}"), name).email(one).email(other)
            }).collect();
            let row = |pair: Pair| Some((pair.ours, pair.theirs?, pair.verdict.as_str(), pair.score.to_bits()));
            everywhere(&people, &contacts).into_iter().filter_map(row).collect()
        };

        let there = matched(&ours, &theirs);
        let back = matched(&theirs, &ours);

        for (one, other, verdict, score) in there {
            let known = back.iter().find(|row| row.0 == other && row.1 == one);
            prop_assert!(known.is_none_or(|row| (row.2, row.3) == (verdict, score)), "{one} {other} {known:?}");
            prop_assert!(known.is_some() || verdict != "certain");
        }
    }

    #[test]
    fn everybody_is_answered_whatever_the_order_and_no_contact_is_linked_twice(
        ours in prop::collection::vec(("(Ada|Bo|Ada B)", "[abc]@x\\.example", "[abc]@x\\.example"), 0..7),
        theirs in prop::collection::vec(("(Ada|Bo|B Ada)", "[abc]@x\\.example"), 0..7),
    ) {
        let people: Vec<Person> = ours.iter().enumerate().map(|(place, (name, one, other))| {
            Person::new(format!("u-{place}"), name).address(one).address(other)
        }).collect();
        let contacts: Vec<Contact> = theirs.iter().enumerate().map(|(place, (name, email))| {
            Contact::new(format!("c-{place}"), name).email(email)
        }).collect();
        let (mut turned, mut their_turned) = (people.clone(), contacts.clone());
        turned.reverse();
        their_turned.reverse();

        let pairs = everywhere(&people, &contacts);

        prop_assert_eq!(&everywhere(&turned, &their_turned), &pairs);
        let mut linked: Vec<_> = pairs.iter().filter(|pair| pair.verdict == Verdict::Certain).map(|pair| &pair.theirs).collect();
        let count = linked.len();
        linked.sort();
        linked.dedup();
        prop_assert_eq!(linked.len(), count);
        for person in &people {
            prop_assert!(pairs.iter().any(|pair| pair.ours == person.id));
        }
    }
}
