//! What was written is read only after a while, where the world is told so.

use jiff::SignedDuration;

use super::*;
use crate::graph::tests::world::{ADA, BO, CLEO, TEAM, body, now};

/// A world in which changes take up to ten seconds.
fn replicated() -> World {
    let mut world = ours();
    world.journal.agenda.replication_takes = SignedDuration::from_secs(10);
    world
}

/// A call so many seconds after the world's present.
fn after(world: &mut World, seconds: i64, method: &str, target: &str, wanted: &Value) -> Reply {
    let mut call = call(method, CONTOSO, target, wanted);
    call.now = now() + SignedDuration::from_secs(seconds);
    handle(world, &call)
}

fn seen(world: &mut World, seconds: i64, target: &str) -> Reply {
    after(world, seconds, "GET", target, &Value::Null)
}

fn ids(reply: &Reply) -> Vec<String> {
    let page = body(reply);
    let rows = page["value"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

fn dana() -> Value {
    json!({"accountEnabled": true, "displayName": "Dana", "mailNickname": "dana",
        "userPrincipalName": "dana@contoso.example", "passwordProfile": {"password": "Correct-horse-1"}})
}

#[test]
fn a_user_just_created_is_not_found_at_first() {
    let mut world = replicated();

    let created = after(&mut world, 0, "POST", "users", &dana());
    let id = body(&created)["id"].as_str().unwrap().to_owned();
    let one = format!("users/{id}");
    let early = seen(&mut world, 4, &one);
    let listed = seen(&mut world, 4, "users");
    let again = after(&mut world, 4, "POST", "users", &dana());

    assert_eq!(created.status, 201);
    assert_eq!(refusal(&early), (404, "Request_ResourceNotFound".to_owned()));
    assert_eq!(ids(&listed), [ADA, BO, CLEO]);
    assert_eq!(again.status, 400, "a write meets what is there");
    assert_eq!(seen(&mut world, 10, &one).status, 200);
    assert!(ids(&seen(&mut world, 10, "users")).contains(&id));
}

#[test]
fn a_list_shows_old_values_until_the_change_has_arrived() {
    let mut world = replicated();
    let title = |reply: &Reply| body(reply)["value"][0]["jobTitle"].clone();
    let ada = format!("users/{ADA}");
    let before = title(&seen(&mut world, 0, "users?$select=jobTitle"));

    let changed = after(&mut world, 0, "PATCH", &ada, &json!({"jobTitle": "Analyst"}));

    assert_eq!(changed.status, 204);
    assert_eq!(title(&seen(&mut world, 4, "users?$select=jobTitle")), before);
    assert_eq!(title(&seen(&mut world, 10, "users?$select=jobTitle")), "Analyst");
    assert_ne!(before, "Analyst");
}

#[test]
fn a_user_just_deleted_is_still_read() {
    let mut world = replicated();
    let ada = format!("users/{ADA}");

    assert_eq!(after(&mut world, 0, "DELETE", &ada, &Value::Null).status, 204);

    assert_eq!(seen(&mut world, 4, &ada).status, 200);
    assert_eq!(
        ids(&seen(&mut world, 4, &format!("groups/{TEAM}/members"))),
        [ADA, BO]
    );
    assert_eq!(seen(&mut world, 10, &ada).status, 404);
    assert_eq!(
        ids(&seen(&mut world, 10, &format!("groups/{TEAM}/members"))),
        [BO]
    );
}

#[test]
fn memberships_come_and_go_late() {
    let mut world = replicated();
    let members = format!("groups/{TEAM}/members");
    let (add, remove) = (format!("{members}/$ref"), format!("{members}/{BO}/$ref"));

    assert_eq!(after(&mut world, 0, "POST", &add, &link(CLEO)).status, 204);
    assert_eq!(after(&mut world, 0, "DELETE", &remove, &Value::Null).status, 204);
    let twice = after(&mut world, 1, "POST", &add, &link(CLEO));

    assert_eq!(twice.status, 400, "a write meets what is there");
    assert_eq!(ids(&seen(&mut world, 4, &members)), [ADA, BO]);
    assert_eq!(ids(&seen(&mut world, 11, &members)), [ADA, CLEO]);
}

#[test]
fn delta_tells_of_a_change_once_it_has_arrived_and_loses_none() {
    let mut world = replicated();
    let link = |reply: &Reply| {
        let page = body(reply);
        let link = page["@odata.deltaLink"].as_str().unwrap().to_owned();
        link.split_once("/v1.0/").unwrap().1.to_owned()
    };
    let first = link(&seen(&mut world, 0, "users/delta?$select=jobTitle"));
    let wanted = json!({"jobTitle": "Analyst"});
    assert_eq!(
        after(&mut world, 0, "PATCH", &format!("users/{BO}"), &wanted).status,
        204
    );

    let early = seen(&mut world, 4, &first);
    let late = seen(&mut world, 10, &link(&early));

    assert_eq!(ids(&early), Vec::<String>::new());
    assert_eq!(ids(&late), [BO]);
    assert_eq!(body(&late)["value"][0]["jobTitle"], "Analyst");
    assert_eq!(ids(&seen(&mut world, 10, &link(&late))), Vec::<String>::new());
}

#[test]
fn how_long_a_change_takes_follows_from_the_seed() {
    let arrives = |seed| {
        let mut world = replicated();
        world.seed = seed;
        let ada = format!("users/{ADA}");
        after(&mut world, 0, "PATCH", &ada, &json!({"jobTitle": "Analyst"}));
        (0..=10).find(|second| {
            body(&seen(&mut world, *second, &format!("{ada}?$select=jobTitle")))["jobTitle"] == "Analyst"
        })
    };

    let moments: Vec<_> = (0..20).map(arrives).collect();

    assert_eq!(moments, (0..20).map(arrives).collect::<Vec<_>>());
    assert!(
        moments.iter().all(|moment| (Some(5)..=Some(10)).contains(moment)),
        "{moments:?}"
    );
    assert!(moments.iter().any(|moment| *moment != moments[0]));
}
