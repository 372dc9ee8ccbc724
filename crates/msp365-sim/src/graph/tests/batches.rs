use serde_json::{Value, json};

use super::world::*;
use crate::graph::handle;

fn answer<'a>(batch: &'a Value, id: &str) -> &'a Value {
    let responses = batch["responses"].as_array().expect("a batch");
    responses
        .iter()
        .find(|response| response["id"] == id)
        .expect("an answer")
}

#[test]
fn each_call_of_a_batch_is_answered_on_its_own() {
    let mut world = world();
    let requests = json!({"requests": [
        {"id": "org", "method": "GET", "url": "/organization?$select=id"},
        {"id": "lost", "method": "GET", "url": "/users/nobody"},
        {"id": "after", "method": "GET", "url": "/domains", "dependsOn": ["lost"]},
        {"id": "then", "method": "GET", "url": "/domains", "dependsOn": ["org"]},
        {"id": "count", "method": "GET", "url": "/users/$count", "headers": {"ConsistencyLevel": "eventual"}},
        {"id": "page", "method": "GET", "url": "/users?$top=1&$filter=displayName%20ge%20'B'"},
        {"id": "inner", "method": "POST", "url": "/$batch", "headers": {"Content-Type": "application/json"},
            "body": {"requests": []}},
        {"id": "far", "method": "GET", "url": "https://graph.microsoft.com/v1.0/users"},
        {"id": "bare", "method": "POST", "url": "/me/checkMemberGroups", "body": {"groupIds": []}},
    ]});

    let batch = body(&handle(&mut world, &post(CONTOSO, "$batch", &requests)));

    assert_eq!(batch["responses"].as_array().unwrap().len(), 9);
    assert_eq!(answer(&batch, "org")["body"]["value"][0]["id"], CONTOSO);
    assert_eq!(answer(&batch, "lost")["status"], 404);
    assert_eq!(answer(&batch, "after")["status"], 424);
    assert_eq!(answer(&batch, "then")["status"], 200);
    assert_eq!(answer(&batch, "count")["body"], 3);
    assert_eq!(answer(&batch, "inner")["status"], 400);
    assert_eq!(answer(&batch, "far")["status"], 400);
    assert_eq!(answer(&batch, "bare")["status"], 400);
    let page = &answer(&batch, "page")["body"];
    assert_eq!(ids(page), [BO]);
    assert_eq!(
        ids(&body(&handle(
            &mut world,
            &follow(CONTOSO, &page["@odata.nextLink"])
        ))),
        [CLEO]
    );
}

#[test]
fn an_envelope_that_is_bad_is_refused_as_a_whole() {
    let mut world = world();
    let item = |id: usize| json!({"id": id.to_string(), "method": "GET", "url": "/organization"});
    let many: Vec<Value> = (0..21).map(item).collect();
    for requests in [
        json!({"requests": many}),
        json!({"requests": []}),
        json!({}),
        json!({"requests": [item(1), item(1)]}),
        json!({"requests": [{"method": "GET", "url": "/organization"}]}),
        json!({"requests": [{"id": "1", "method": "GET", "url": "/organization", "dependsOn": ["2"]}]}),
    ] {
        let reply = handle(&mut world, &post(CONTOSO, "$batch", &requests));
        assert_eq!(refusal(&reply), (400, "BadRequest".to_owned()), "{requests}");
    }
    assert_eq!(handle(&mut world, &get(CONTOSO, "$batch")).status, 405);
}
