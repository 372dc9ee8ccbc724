//! Microsoft's sample requests, sent to the simulator: what it serves is of the shape that the sample's answer has.

mod place;
mod table;

use std::{collections::BTreeSet, path::Path};

use http::Method;
use serde_json::{Map, Value};

use self::{
    place::Place,
    table::{FEWER, ODD, UNSERVED},
};
use crate::graph::{handle, tests::world::body};

/// A request with the answers that its page shows to it.
struct Sample {
    file: String,
    pair: u64,
    method: Method,
    url: String,
    headers: Map<String, Value>,
    body: Value,
    answers: Vec<Value>,
}

impl Sample {
    /// File and number on the page.
    fn name(&self) -> String {
        format!("{} {}", self.file.trim_end_matches(".md"), self.pair)
    }
}

fn shared(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(file);
    std::fs::read_to_string(path).unwrap()
}

fn samples() -> Vec<Sample> {
    let lines = shared("samples/graph-samples.jsonl") + &shared("samples/graph-samples-2.jsonl");
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let requests = lines.iter().filter(|line| line["kind"] == "request");
    requests
        .map(|line| {
            let own = |other: &&Value| {
                other["kind"] == "response" && other["file"] == line["file"] && other["pair"] == line["pair"]
            };
            let text = |name: &str| line[name].as_str().unwrap();
            Sample {
                file: text("file").to_owned(),
                pair: line["pair"].as_u64().unwrap(),
                method: text("method").parse().unwrap(),
                url: text("url").to_owned(),
                headers: line["headers"].as_object().unwrap().clone(),
                body: line["body"].clone(),
                answers: lines.iter().filter(own).cloned().collect(),
            }
        })
        .collect()
}

/// Names of the properties of a type, in the published schema.
fn properties(schema: &Value, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = name.to_owned();
    while let Some(one) = schema["types"].get(&next) {
        for kind in ["props", "nav"] {
            let names = one[kind].as_object().into_iter().flatten();
            found.extend(names.map(|(name, _)| name.clone()));
        }
        next = one["base"].as_str().unwrap_or_default().to_owned();
    }
    found
}

/// How an answer differs from the sample; empty if it does not.
fn differences(sample: &Sample, schema: &Value) -> Result<Vec<String>, String> {
    let mut place = Place::new(sample);
    let call = place.call(sample);
    let reply = handle(&mut place.world, &call);
    let said = body(&reply);
    let message = said["error"]["message"].as_str().unwrap_or_default().to_owned();
    let is_unserved = message.starts_with("Resource not found for the segment")
        || message.starts_with("Specified HTTP method is not allowed");
    if is_unserved {
        return Err(message);
    }
    let mut found = Vec::new();
    let Some(wanted) = sample.answers.first() else {
        return Ok(found);
    };
    let status = wanted["status"].as_u64().unwrap();
    if u64::from(reply.status.as_u16()) / 100 != status / 100 {
        return Ok(vec![format!("status {} for {status}: {said}", reply.status)]);
    }
    if status == 302 {
        let file = reply.header("location").unwrap().rsplit('/').next().unwrap();
        let csv = String::from_utf8(place.world.downloads[file].body.to_vec()).unwrap();
        let columns: BTreeSet<&str> = csv
            .trim_start_matches('\u{feff}')
            .lines()
            .next()
            .unwrap()
            .split(',')
            .collect();
        let texts = sample.answers.iter().filter_map(|answer| answer["body"].as_str());
        let wanted = texts.flat_map(|text| text.lines().next().unwrap_or_default().split(','));
        found.extend(
            wanted
                .filter(|name| !columns.contains(name))
                .map(|name| format!("no column {name}")),
        );
        return Ok(found);
    }
    if wanted["body"].is_null() {
        return Ok(found);
    }
    compare(sample, schema, (&wanted["body"], &said), &mut found);
    Ok(found)
}

/// The rows of a page as one, with all that any of the first one's type has.
fn together(page: &Value) -> Value {
    let first = &page["value"][0]["@odata.type"];
    let rows = page["value"].as_array().into_iter().flatten();
    let rows = rows.filter(|row| !row.is_object() || row["@odata.type"] == *first);
    let mut all = Value::Null;
    for row in rows {
        match (all.as_object_mut(), row.as_object()) {
            (Some(all), Some(row)) => all.extend(row.clone()),
            _ => all = row.clone(),
        }
    }
    all
}

fn compare(sample: &Sample, schema: &Value, (wanted, said): (&Value, &Value), found: &mut Vec<String>) {
    let context = said["@odata.context"].as_str().unwrap_or_default();
    if wanted.get("@odata.context").is_some()
        && !context.starts_with("https://graph.microsoft.com/v1.0/$metadata#")
    {
        found.push(format!("context is '{context}'"));
    }
    for link in ["@odata.nextLink", "@odata.deltaLink", "@odata.count"] {
        let stands_in = link != "@odata.count" && said.get("@odata.deltaLink").is_some();
        if wanted.get(link).is_some() && said.get(link).is_none() && !stands_in && link != "@odata.nextLink" {
            found.push(format!("no {link}"));
        }
    }
    let lists = |body: &Value| body.get("value").is_some_and(Value::is_array);
    if lists(wanted) != lists(said) {
        found.push("one is a list, the other is not".to_owned());
        return;
    }
    members(sample, schema, (wanted, said), found);
}

/// Compares the object, or the first of a list.
fn members(sample: &Sample, schema: &Value, (wanted, said): (&Value, &Value), found: &mut Vec<String>) {
    let is_list = wanted.get("value").is_some_and(Value::is_array);
    let declared = sample.answers[0]["odata_type"].as_str().unwrap_or_default();
    let declared = declared.trim_start_matches("microsoft.graph.");
    let all = together(said);
    let (wanted, said) = if is_list {
        (&wanted["value"][0], &all)
    } else {
        (wanted, said)
    };
    let (Some(wanted), Some(said)) = (wanted.as_object(), said.as_object()) else {
        if wanted.is_null() || said.is_null() || wanted.is_string() == said.is_string() {
            return;
        }
        found.push(format!("{said} stands for {wanted}"));
        return;
    };
    let named = said
        .get("@odata.type")
        .and_then(Value::as_str)
        .unwrap_or(declared);
    let known = properties(schema, named.trim_start_matches("#microsoft.graph."));
    if known.is_empty() {
        return;
    }
    let plain = |name: &&String| !name.contains('@');
    let strange = said.keys().filter(plain).filter(|name| !known.contains(*name));
    found.extend(strange.map(|name| format!("'{name}' is no property of {named}")));
    let fewer = FEWER
        .iter()
        .find(|(name, _)| *name == sample.name())
        .map_or(&[][..], |(_, names)| *names);
    let missing = wanted
        .keys()
        .filter(plain)
        .filter(|name| known.contains(*name) && !said.contains_key(*name));
    let missing: Vec<&str> = missing.map(String::as_str).collect();
    found.extend(
        missing
            .iter()
            .filter(|name| !fewer.contains(name))
            .map(|name| format!("'{name}' is missing")),
    );
    found.extend(
        fewer
            .iter()
            .filter(|name| !missing.contains(name))
            .map(|name| format!("'{name}' is there after all")),
    );
}

#[test]
#[cfg_attr(not(samples), ignore = "../shared/samples or ../shared/contract is not there")]
fn every_sample_request_that_is_served_gets_an_answer_of_the_documented_shape() {
    let schema: Value = serde_json::from_str(&shared("contract/graph-v1.0.json")).unwrap();
    let all = samples();
    let (mut wrong, mut served) = (Vec::new(), 0);

    for sample in &all {
        let name = sample.name();
        let excuse = UNSERVED.iter().find(|(_, names)| names.contains(&name.as_str()));
        let is_odd = ODD.iter().any(|(own, _)| *own == name);
        match (differences(sample, &schema), excuse) {
            (Ok(differences), None) if is_odd => {
                served += 1;
                if differences.is_empty() {
                    wrong.push(format!("{name}: not odd any more"));
                }
            }
            (Ok(_), Some((why, _))) => wrong.push(format!("{name}: served, though listed as '{why}'")),
            (Err(message), None) => wrong.push(format!("{name}: not served: {message}")),
            (Err(_), Some(_)) => {}
            (Ok(differences), None) => {
                served += 1;
                wrong.extend(differences.into_iter().map(|one| format!("{name}: {one}")));
            }
        }
    }

    let listed = UNSERVED.iter().map(|(_, names)| names.len()).sum::<usize>();
    let mut table = vec![format!(
        "{served} of {} sample requests are served; not served:",
        all.len()
    )];
    table.extend(
        UNSERVED
            .iter()
            .map(|(why, names)| format!("{:4}  {why}", names.len())),
    );
    table.extend(
        ODD.iter()
            .map(|(name, why)| format!("served otherwise: {name}: {why}")),
    );
    std::io::Write::write_all(&mut std::io::stderr(), (table.join("\n") + "\n").as_bytes()).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(served + listed, all.len());
}
