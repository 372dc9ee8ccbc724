use serde_json::json;

use super::world::*;
use crate::graph::handle;

#[test]
fn users_come_with_the_default_properties_unless_others_are_selected() {
    let mut world = world();

    let plain = body(&handle(&mut world, &get(CONTOSO, "users")));
    let chosen = body(&handle(
        &mut world,
        &get(CONTOSO, "users?$select=displayName,jobTitle,proxyAddresses"),
    ));

    let ada = &plain["value"][0];
    assert_eq!(ada["jobTitle"], json!(null));
    assert_eq!(ada["givenName"], "Ada");
    assert!(ada.get("accountEnabled").is_none());
    assert_eq!(
        chosen["value"][0],
        json!({"id": ADA, "displayName": "Ada Lovelace", "jobTitle": null,
            "proxyAddresses": ["SMTP:ada@contoso.example"]})
    );
    assert_eq!(
        chosen["@odata.context"],
        "https://graph.microsoft.com/v1.0/$metadata#users(displayName,jobTitle,proxyAddresses)"
    );
}

#[test]
fn pages_follow_one_another_until_no_link_is_left_and_the_link_stands_before_the_rows() {
    let mut world = world();

    let reply = handle(&mut world, &get(CONTOSO, "users?$top=2&$select=id"));
    let first = body(&reply);
    let second = body(&handle(&mut world, &follow(CONTOSO, &first["@odata.nextLink"])));

    assert_eq!(ids(&first), [ADA, BO]);
    assert_eq!(ids(&second), [CLEO]);
    assert!(second.get("@odata.nextLink").is_none());
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(text.find("@odata.nextLink") < text.find("\"value\""));
}

#[test]
fn filters_orders_and_searches_choose_the_rows() {
    let mut world = world();
    let mut of = |call| ids(&body(&handle(&mut world, &call)));

    assert_eq!(
        of(get(CONTOSO, "users?$filter=startswith(displayName,'bo o''n')")),
        [BO]
    );
    assert_eq!(
        of(get(
            CONTOSO,
            "users?$filter=displayName%20in%20('Cleo Ng','Ada Lovelace')"
        )),
        [ADA, CLEO]
    );
    assert_eq!(
        of(get(CONTOSO, "users?$orderby=displayName desc&$top=2")),
        [CLEO, BO]
    );
    assert_eq!(
        of(eventual(get(
            CONTOSO,
            "users?$filter=displayName ne 'Cleo Ng'&$count=true"
        ))),
        [ADA, BO]
    );
    assert_eq!(
        of(eventual(get(CONTOSO, "users?$search=\"displayName:love\""))),
        [ADA]
    );
    assert_eq!(
        of(get(CONTOSO, "roleManagement/directory/roleAssignments")),
        ["assignment-1"]
    );
}

#[test]
fn an_ordered_listing_pages_like_any_other() {
    let mut world = world();

    let first = body(&handle(
        &mut world,
        &get(CONTOSO, "users?$orderby=displayName desc&$top=2"),
    ));
    let second = body(&handle(&mut world, &follow(CONTOSO, &first["@odata.nextLink"])));

    assert_eq!(ids(&second), [ADA]);
}

#[test]
fn a_count_is_given_to_advanced_queries_only() {
    let mut world = world();

    let plain = body(&handle(&mut world, &get(CONTOSO, "users?$count=true&$top=1")));
    let advanced = body(&handle(
        &mut world,
        &eventual(get(CONTOSO, "users?$count=true&$top=1")),
    ));
    let bare = handle(&mut world, &eventual(get(CONTOSO, "users/$count")));

    assert!(plain.get("@odata.count").is_none());
    assert_eq!(advanced["@odata.count"], 3);
    assert_eq!(bare.body, "3");
    assert_eq!(bare.header("content-type"), Some("text/plain"));
}

#[test]
fn a_user_is_found_by_id_and_by_name_in_every_way_of_writing_it() {
    let mut world = world();
    for target in [
        "users/dddddddd-0000-4000-8000-000000000002",
        "users/BO%40contoso.example",
        "users('bo@contoso.example')",
        "users(userPrincipalName='bo@contoso.example')",
    ] {
        assert_eq!(
            body(&handle(&mut world, &get(CONTOSO, target)))["id"],
            BO,
            "{target}"
        );
    }
}

#[test]
fn memberships_and_members_say_of_which_kind_they_are() {
    let mut world = world();

    let direct = body(&handle(
        &mut world,
        &get(CONTOSO, &format!("users/{ADA}/memberOf")),
    ));
    let nested = body(&handle(
        &mut world,
        &get(
            CONTOSO,
            &format!("users/{ADA}/transitiveMemberOf/microsoft.graph.group?$select=id"),
        ),
    ));
    let members = body(&handle(
        &mut world,
        &get(CONTOSO, &format!("groups/{STAFF}/members?$select=id,mail")),
    ));

    let kinds: Vec<_> = direct["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["@odata.type"])
        .collect();
    assert!(kinds.contains(&&json!("#microsoft.graph.directoryRole")));
    assert!(kinds.contains(&&json!("#microsoft.graph.group")));
    assert_eq!(ids(&nested), [STAFF, TEAM]);
    assert_eq!(
        members["value"][0],
        json!({"@odata.type": "#microsoft.graph.group", "id": TEAM, "mail": null})
    );
}

#[test]
fn the_signed_in_user_learns_which_groups_hold_it() {
    let mut world = world();
    let asked = json!({"groupIds": [GDAP_GROUP, STAFF]});

    let me = body(&handle(&mut world, &get(PARTNER, "me?$select=id,userType")));
    let reply = handle(&mut world, &post(PARTNER, "me/checkMemberGroups", &asked));
    let groups = body(&handle(
        &mut world,
        &get(PARTNER, "me/transitiveMemberOf/microsoft.graph.group"),
    ));

    assert_eq!(me["id"], ACCOUNT);
    assert_eq!(body(&reply)["value"], json!([GDAP_GROUP]));
    assert_eq!(ids(&groups), [ADMIN_AGENTS, GDAP_GROUP]);
}

#[test]
fn relationships_are_filtered_by_status_and_customer_and_carry_tag_and_type() {
    let mut world = world();
    let base = "tenantRelationships/delegatedAdminRelationships";
    let active = format!("{base}?$filter=status eq 'active' and customer/tenantId eq '{CONTOSO}'");
    let other = format!("{base}?$filter=customer/tenantId eq '{FABRIKAM}'");

    let found = body(&handle(&mut world, &get(PARTNER, &active)));
    let none = body(&handle(&mut world, &get(PARTNER, &other)));
    let id = found["value"][0]["id"].as_str().unwrap().to_owned();
    let assignments = body(&handle(
        &mut world,
        &get(PARTNER, &format!("{base}/{id}/accessAssignments")),
    ));

    assert_eq!(
        found["value"][0]["@odata.type"],
        "#microsoft.graph.delegatedAdminRelationship"
    );
    assert!(
        found["value"][0]["@odata.etag"]
            .as_str()
            .unwrap()
            .starts_with("W/\"")
    );
    assert_eq!(none["value"], json!([]));
    assert_eq!(
        assignments["value"][0]["accessContainer"]["accessContainerId"],
        GDAP_GROUP
    );
}

#[test]
fn a_report_is_a_file_elsewhere_with_its_names_concealed_where_the_tenant_says_so() {
    let mut world = world();
    let call = get(CONTOSO, "reports/getMailboxUsageDetail(period='D7')");

    let shown = handle(&mut world, &call);
    world.customers[0].conceals_reports = true;
    let hidden = handle(&mut world, &call);

    let mut file = |location: &str| {
        let key = location
            .strip_prefix("https://graph.microsoft.com/reports-download/")
            .unwrap();
        String::from_utf8(world.downloads.remove(key).unwrap().body.to_vec()).unwrap()
    };
    assert_eq!(shown.status, 302);
    let text = file(shown.header("location").unwrap());
    assert!(text.starts_with("\u{feff}Report Refresh Date,User Principal Name,"));
    assert_eq!(
        text.split("\r\n").nth(1).unwrap(),
        "2026-11-20,ada@contoso.example,\"Lovelace, Ada\",False,,2024-01-01,,12,3000,1,2,3,4,5,6,False,User,7"
    );
    let text = file(hidden.header("location").unwrap());
    let name = text.split("\r\n").nth(1).unwrap().split(',').nth(1).unwrap();
    assert!(
        name.len() == 32 && name.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()),
        "{name}"
    );
}

#[test]
fn the_link_to_a_page_is_good_for_a_day() {
    let mut world = world();
    let page = body(&handle(&mut world, &get(CONTOSO, "users?$top=1")));
    let mut next = follow(CONTOSO, &page["@odata.nextLink"]);

    let soon = handle(&mut world, &next).status.as_u16();
    next.now = crate::world::access::later(next.now, 2);
    let late = refusal(&handle(&mut world, &next));

    assert_eq!(soon, 200);
    assert_eq!(late, (400, "Directory_ExpiredPageToken".to_owned()));
}

#[test]
fn a_call_costs_what_the_published_table_says() {
    let mut world = world();
    let mut cost = |target: &str| {
        let reply = handle(&mut world, &get(CONTOSO, target));
        reply.header("x-ms-resource-unit").unwrap().to_owned()
    };

    assert_eq!(cost("users"), "2");
    assert_eq!(cost("users?$select=id"), "1");
    assert_eq!(cost("users?$select=id&$top=5"), "1");
    assert_eq!(cost("subscribedSkus"), "3");
    assert_eq!(cost(&format!("groups/{STAFF}/members")), "3");
    assert_eq!(cost("organization"), "1");
}
