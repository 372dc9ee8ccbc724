//! A tenant is named by its id, its name or a domain, or found by the user.

use msp365::store::TenantFilter;

use crate::{
    bad_input::one_line,
    changing::staffed,
    office::{Office, open},
};

async fn names(office: &Office, tenant: &str) -> [String; 2] {
    let store = open(&office.db).await;
    let all = store.tenants(&TenantFilter::all()).await.unwrap();
    let own = all.into_iter().find(|record| record.id.to_string() == tenant);
    let own = own.unwrap();
    [own.name, own.default_domain.unwrap()]
}

#[tokio::test]
async fn the_tenant_of_a_user_is_found_by_name_by_domain_and_by_the_user() {
    let (office, tenant, user) = staffed(true).await;
    let [name, domain] = names(&office, &tenant).await;
    let (name, domain) = (name.to_uppercase(), domain.to_uppercase());

    let block = ["users", "block", &user, "--json"];
    let by_id = office.run(&[&block[..], &["--tenant", &tenant]].concat()).await;
    let expected = by_id.ended(0).json();
    assert_eq!(expected["plan"]["tenant"], tenant.as_str(), "{expected}");
    for typed in [&["--tenant", name.as_str()][..], &["--tenant", &domain], &[]] {
        let said = office.run(&[&block[..], typed].concat()).await.ended(0).json();
        assert_eq!(said, expected, "{typed:?}");
    }
    let explained = office.run(&["explain", "block", "--user", &user, "--json"]).await;
    assert_eq!(explained.json()["tenant"], tenant.as_str());
}

#[tokio::test]
async fn a_tenant_that_is_not_known_is_asked_for() {
    let (office, _, user) = staffed(true).await;

    let unnamed = office.run(&["users", "block", "nobody@nowhere.example"]).await;
    let unnamed = one_line(&unnamed.ended(2)).to_owned();
    assert!(
        unnamed.contains("no stored user is called") && unnamed.contains("--tenant"),
        "{unnamed}"
    );
    let wrong = office
        .run(&["users", "block", &user, "--tenant", "Nowhere"])
        .await;
    let wrong = one_line(&wrong.ended(2)).to_owned();
    assert!(
        wrong.contains("`Nowhere`") && wrong.contains("tenants list"),
        "{wrong}"
    );
}

#[tokio::test]
async fn a_tenant_that_may_not_be_seen_is_found_by_no_name() {
    let (office, tenant, user) = staffed(false).await;
    let [name, _] = names(&office, &tenant).await;
    let levels = office.folder.path().join("levels.json");
    std::fs::write(&levels, r#"{"levels": {}, "technicians": {}}"#).unwrap();
    let asker = ["--technician", "bo", "--levels", levels.to_str().unwrap()];
    let ask = |user: &str, typed: &[&str]| -> Vec<String> {
        let whole = [&["explain", "block", "--user", user][..], typed, &asker].concat();
        whole.into_iter().map(str::to_owned).collect()
    };

    for (own, foreign) in [
        (ask(&user, &[]), ask("nobody@nowhere.example", &[])),
        (
            ask(&user, &["--tenant", &name]),
            ask(&user, &["--tenant", "Nowhere"]),
        ),
    ] {
        let run = async |arguments: &[String]| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            one_line(&office.run(&arguments).await.ended(2)).to_owned()
        };
        let (own, foreign) = (run(&own).await, run(&foreign).await);

        let plain = |line: String| line.replace(&user, "X").replace(&name, "X");
        let other = |line: String| {
            line.replace("nobody@nowhere.example", "X")
                .replace("Nowhere", "X")
        };
        assert_eq!(plain(own), other(plain(foreign)));
    }
}
