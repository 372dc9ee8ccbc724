//! `msp365 tenants invite`.

use std::time::Duration;

use msp365::{
    Connected, TenantId,
    core::Body,
    partner::{
        consents,
        privilege::{Feature, GroupRoles, Invitation, Privileges},
        relationships, roles,
    },
    sync::{Sent, Stage},
};
use serde_json::{Value, json};

use crate::{
    Ended,
    args::{Global, Invite},
    failure::Failure,
    given, output, session,
};

const MINUTE: u64 = 60;

pub(crate) async fn run(global: &Global, command: &Invite) -> Result<Ended, Failure> {
    let tenant = only(session::tenant_ids(std::slice::from_ref(&command.tenant))?)?;
    let groups = groups(&command.groups)?;
    let all: Vec<Feature> = groups
        .iter()
        .flat_map(|(_, features)| features)
        .copied()
        .collect();
    let invitation = Invitation::new(&command.name, tenant.to_string(), groups);
    let mut document = plan(global, tenant, &invitation, &all).await?;
    if !global.json {
        show(&document, &invitation)?;
    }
    if !command.apply {
        if global.json {
            output::json(&document)?;
        } else {
            output::note(global, "Nothing was sent; `--apply` sends it.");
        }
        return Ok(Ended::Done);
    }
    let msp = session::connected_by(global, &command.by).await?;
    let tenants = msp.tenants();
    let sent = tenants.invite(&invitation).await?;
    if !global.json {
        tell(&sent)?;
    }
    document["sent"] = json!(sent);
    document["applied"] = json!(true);
    let mut ended = Ended::Done;
    if let Some(minutes) = command.wait {
        let patience = Duration::from_secs(minutes.saturating_mul(MINUTE));
        let stage = tenants.follow(&sent.relationship, &invitation, patience).await?;
        if stage != Stage::Done {
            ended = Ended::InPart;
        }
        if !global.json {
            output::line(&output::shown(&words(&stage)))?;
        }
        document["followed"] = json!(stage);
    }
    if global.json {
        output::json(&document)?;
    }
    Ok(ended)
}

fn only(ids: Vec<TenantId>) -> Result<TenantId, Failure> {
    ids.into_iter()
        .next()
        .ok_or_else(|| Failure::usage("the customer's tenant id is missing"))
}

/// The groups with what their people do, each `ID=FEATURES`.
fn groups(typed: &[String]) -> Result<Vec<(String, Vec<Feature>)>, Failure> {
    let read = |text: &String| {
        let (group, features) = text
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("`{text}` is no ID=FEATURES")))?;
        let names: Vec<_> = features.split(',').map(str::to_owned).collect();
        Ok((group.trim().to_owned(), given::features(&names)?))
    };
    typed.iter().map(read).collect()
}

/// All that would be sent: the relationship, the roles of groups once it is active, and the consent of enrolment.
async fn plan(
    global: &Global,
    tenant: TenantId,
    invitation: &Invitation,
    features: &[Feature],
) -> Result<Value, Failure> {
    let store = session::store(global).await?;
    let connected = Connected::of(&*store).await?;
    let connected = connected.ok_or_else(|| Failure::from(msp365::Error::NotConnected))?;
    let needed = Privileges::of(features.iter().copied());
    let consent = needed.consent(connected.client_id, "MSP365");
    let draft = relationships::create(&invitation.relationship);
    // A draft that the service would not take is refused before anything is sent.
    let refused = |error: msp365::core::Error| Failure::usage(error.to_string());
    draft.call().relative_url().map_err(refused)?;
    Ok(json!({
        "tenant": tenant,
        "applied": false,
        "relationship": body(draft.call().body()),
        "groups": invitation.groups,
        "consent": body(consents::create(tenant.to_string(), &consent).call().body()),
        "needed": needed,
    }))
}

fn body(body: &Body) -> Value {
    match body {
        Body::Json(value) => value.clone(),
        Body::Empty => Value::Null,
    }
}

fn show(document: &Value, invitation: &Invitation) -> Result<(), Failure> {
    output::line(&format!("Relationship: {}", pretty(&document["relationship"])))?;
    for GroupRoles {
        group, roles: ids, ..
    } in &invitation.groups
    {
        let names: Vec<_> = ids.iter().map(|id| roles::name(id).unwrap_or(id)).collect();
        output::line(&output::shown(&format!("Group {group}: {}", names.join(", "))))?;
    }
    output::line(&format!("Consent at enrolment: {}", pretty(&document["consent"])))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn tell(sent: &Sent) -> Result<(), Failure> {
    output::line(&format!(
        "Sent, as relationship {}.",
        output::shown(&sent.relationship)
    ))?;
    output::line(&format!(
        "A Global Administrator of the customer accepts it at {}",
        output::shown(&sent.link)
    ))
}

fn words(stage: &Stage) -> String {
    match stage {
        Stage::Waiting => "The customer has not accepted it yet.".to_owned(),
        Stage::UnderWay => "It is being activated, or its groups are being given their roles.".to_owned(),
        Stage::Done => "It is active, and every group has its roles.".to_owned(),
        Stage::Over { because } => format!("It is over: {because}."),
        _ => String::new(),
    }
}
