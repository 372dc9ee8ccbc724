//! Cards and previews as lines of text. A tool would fill its own page from the same values.

use msp365::{
    actions::details::{Card, Details, Effect, Link, Named, Preview},
    store::Times,
};

/// The head of a user's page, with how much is on each card.
pub fn cards(details: &Details) -> Vec<String> {
    let mut lines = vec![format!("{} ({})", details.name, details.user)];
    if let Some(profile) = details.profile.as_ref().and_then(|card| card.content.as_ref()) {
        let manager = profile
            .manager
            .as_ref()
            .and_then(|manager| manager.display_name.as_deref());
        lines.push(format!(
            "    {}, {}; manager: {}",
            profile.job_title.as_deref().unwrap_or("no title"),
            profile.department.as_deref().unwrap_or("no department"),
            manager.unwrap_or("nobody")
        ));
    }
    for license in details.licenses.iter().flat_map(Card::rows) {
        let ways: Vec<_> = license
            .ways
            .iter()
            .map(|way| way.group.as_ref().map_or("directly", Named::label))
            .collect();
        lines.push(format!("    licence: {} ({})", license.product, ways.join(", ")));
    }
    for device in details.devices.iter().flat_map(Card::rows) {
        let ours = match &device.link {
            Link::To { id } => format!("our device {id}"),
            Link::Unsure { .. } => "perhaps one of ours".to_owned(),
            _ => "none of ours".to_owned(),
        };
        let last = device.last_sign_in_at.map(|at| Times::ages(details.at).show(at));
        lines.push(format!(
            "    device: {}, signed in {}; {ours}",
            device.host_name.as_deref().unwrap_or("without a name"),
            last.as_deref().unwrap_or("at no time that is known")
        ));
    }
    lines.push(format!(
        "    {} groups, {} roles, {} sign-ins in 30 days",
        count(details.groups.as_ref()),
        count(details.roles.as_ref()),
        count(details.sign_ins.as_ref())
    ));
    for (card, gap) in details.gaps() {
        let (card, part) = (card.as_str(), gap.part);
        lines.push(format!(
            "    not known: {part} of {card}, {}; {}",
            gap.cause, gap.remedy
        ));
    }
    lines
}

/// How many rows a card has; a question mark where that is not known.
fn count<T>(card: Option<&Card<Vec<T>>>) -> String {
    let count = card.and_then(Card::count);
    count.map_or_else(|| "?".to_owned(), |count| count.to_string())
}

/// What a change of groups brings and takes.
pub fn preview(said: &Preview) -> Vec<String> {
    let line = |sign: &'static str| move |effect: &Effect| format!("    {sign} {}", effect.name);
    let gained = said.gained.iter().map(line("gained:"));
    let lost = said.lost.iter().map(line("lost:"));
    gained
        .chain(lost)
        .chain(said.kept.iter().map(line("kept:")))
        .collect()
}
