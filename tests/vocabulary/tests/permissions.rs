//! `docs/permissions.md` is made from the operations. With `MSP365_WRITE_DOCS` set, the test writes it.

use msp365_core::{Operation, Service, operation::Paging};

#[test]
fn the_page_on_permissions_is_up_to_date() {
    msp365_vocabulary::assert_page_is("permissions", &page());
}

fn page() -> String {
    let mut page = String::from(
        "# Permissions\n\n\
         What each request asks for and allows. This page is made from the operations of `msp365-graph` and\n\
         `msp365-partner`; a test holds it up to date. A delegated token also needs a role of its person in the tenant: under\n\
         GDAP one that the relationship gives to a group the person is in.\n\n\
         A dash in the column *application* means that the request takes a delegated token alone. Limits are those of the\n\
         service: what is beyond them is refused before it is sent.\n",
    );
    for (title, operations) in [
        (
            "Microsoft Graph: `msp365-graph`",
            msp365_graph::operations().collect::<Vec<_>>(),
        ),
        (
            "GDAP and Partner Center: `msp365-partner`",
            msp365_partner::operations().collect(),
        ),
    ] {
        page.push_str(&["\n## ", title, "\n\n"].concat());
        page.push_str(
            "| operation | request | delegated | application | plan | limits |\n|---|---|---|---|---|---|\n",
        );
        let mut sorted = operations;
        sorted.sort_by_key(|operation| operation.name);
        for operation in sorted {
            page.push_str(&row(operation));
        }
    }
    page
}

fn row(operation: &Operation) -> String {
    format!(
        "| `{}` | `{} {}` | {} | {} | {} | {} |\n",
        operation.name,
        operation.verb.as_str(),
        operation.path,
        names(operation.delegated),
        names(operation.application),
        operation.license.unwrap_or_default(),
        limits(operation),
    )
}

fn names(permissions: &[&str]) -> String {
    if permissions.is_empty() {
        return "-".to_owned();
    }
    permissions
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn limits(operation: &Operation) -> String {
    let mut limits = Vec::new();
    match operation.paging {
        Paging::Sized(rows) => limits.push(format!("pages of {rows}")),
        Paging::Service => limits.push("pages as the service sets them".to_owned()),
        Paging::Whole => limits.push("one page".to_owned()),
        Paging::Single => {}
    }
    if let Some((property, rows)) = operation.narrower {
        limits.push(format!("{rows} with `{property}`"));
    }
    if operation.is_delta {
        limits.push("delta".to_owned());
    }
    let options: Vec<_> = operation
        .options
        .iter()
        .map(|option| format!("`{option}`"))
        .collect();
    if !options.is_empty() {
        limits.push(options.join(" "));
    } else if operation.service != Service::PartnerCenter && operation.verb.as_str() == "GET" {
        limits.push("no options".to_owned());
    }
    if !operation.note.is_empty() {
        limits.push(operation.note.to_owned());
    }
    limits.join("; ")
}
