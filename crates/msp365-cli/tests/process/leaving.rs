//! What runs out, what the doctor says as it goes, and turning off.

use std::{fs, time::Duration};

use serde_json::Value;

use crate::office::Office;

#[tokio::test]
async fn doctor_prints_a_line_for_each_customer() {
    let office = Office::connected().await;

    let json = office.run(&["doctor", "--json"]).await.ended(0);
    let words = office.run(&["doctor"]).await.ended(0);

    let lines: Vec<Value> = json
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3, "two customers and the partner's own tenant");
    for line in &lines {
        assert!(line["tenant"].is_string() && line["ready"].is_boolean());
        for finding in line["findings"].as_array().unwrap() {
            for member in ["id", "severity", "evidence", "breaks", "remedy", "who", "link"] {
                assert!(finding[member].is_string(), "{finding}");
            }
        }
    }
    assert!(words.out.contains("of 2 customers are ready."), "{}", words.out);
}

#[tokio::test]
async fn what_runs_out_is_printed_and_written_as_a_calendar() {
    let office = Office::connected().await;
    let file = office.folder.path().join("expiry.ics");

    let json = office
        .run(&["report", "expiry", "--json", "--ical", file.to_str().unwrap()])
        .await
        .ended(0);
    let words = office.run(&["report", "expiry"]).await.ended(0);

    let document: Value = serde_json::from_str(&json.out).unwrap();
    let entries = document["entries"].as_array().unwrap();
    assert!(entries.iter().any(|one| one["kind"] == "secret"), "{document}");
    let calendar = fs::read_to_string(&file).unwrap();
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), entries.len());
    assert!(words.out.contains("sign in"), "{}", words.out);
}

#[tokio::test]
async fn disconnect_says_what_remains_and_leaves_an_empty_database() {
    let office = Office::open(3, 5, Duration::ZERO).await;
    crate::command::ended(office.connect()).await.ended(0);
    office.run(&["tenants", "sync", "--all", "--now"]).await;
    let holding = |office: &Office| {
        let truth = office.server.truth();
        truth
            .iter()
            .filter(|line| line["kind"] == "consent" && line["app"] == "delegated")
            .count()
    };
    assert!(holding(&office) > 0);

    let left = office.run(&["disconnect", "--json"]).await.ended(0);

    let document: Value = serde_json::from_str(&left.out).unwrap();
    assert_eq!(document["tenants"].as_array().unwrap().len(), 3);
    assert!(document["rows_removed"].as_u64().unwrap() > 0);
    assert!(
        document["remains"][0]["place"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    assert_eq!(holding(&office), 0);
    let after = office.dump().await;
    assert_eq!(
        (&after["tenants"], &after["connection"]),
        (&Value::Array(Vec::new()), &Value::Null)
    );
    let again = office.run(&["disconnect", "--json"]).await.ended(3);
    let document: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(document["error"]["kind"], "sign_in");
    assert!(document["error"]["remedy"].is_string());
}
