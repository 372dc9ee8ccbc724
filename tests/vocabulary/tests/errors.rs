//! `docs/errors.md` is made from the catalogue. With `MSP365_WRITE_DOCS` set, the test writes it.

use msp365_core::catalogue::{self, Entry, Family};

#[test]
fn the_page_on_errors_is_up_to_date() {
    msp365_vocabulary::assert_page_is("errors", &page());
}

fn page() -> String {
    let mut page = String::from(
        "# Errors\n\n\
         What the codes of the services mean, who mends it and how. This page is made from the catalogue in `msp365-core`\n\
         (`crates/msp365-core/data/errors.tsv`, which names source and date); a test holds it up to date.\n\n\
         Every error of the SDK has a kind. Where a service gave a code, the catalogue refines it: `Error::entry` of the facade\n\
         answers the row, and the command `msp365` prints it with `--json` as\n\
         `{\"error\":{\"kind\",\"code\",\"message\",\"remedy\",\"request_id\"}}`. A code that is not here is judged by the HTTP status, or by\n\
         the OAuth error. *Reach* says what else does not work: this tenant alone, everything reached with the same sign-in\n\
         (credential), or everything reached with the same application.\n",
    );
    for family in Family::ALL {
        page.push_str(&["\n## ", title(family), "\n\n"].concat());
        page.push_str("| code | kind | reach | cause | who mends it | remedy | repeat |\n|---|---|---|---|---|---|---|\n");
        for entry in catalogue::all().filter(|entry| entry.family == family) {
            page.push_str(&row(entry));
        }
    }
    page
}

const fn title(family: Family) -> &'static str {
    match family {
        Family::SignIn => "Sign-in",
        Family::Graph => "Microsoft Graph",
        Family::PartnerCenter => "Partner Center",
        Family::Reports => "Usage reports and Intune",
        _ => "Kinds, and what cards do not know",
    }
}

fn row(entry: &Entry) -> String {
    let code = match entry.family {
        Family::Msp365 => format!("`{}`", entry.code),
        _ => format!("[`{}`]({})", entry.code, entry.link()),
    };
    let reach = format!("{:?}", entry.reach).to_lowercase();
    format!(
        "| {code} | `{}` | {reach} | {} | {} | {} | {} |\n",
        entry.kind.as_str(),
        entry.cause,
        entry.who.as_str().replace('_', " "),
        entry.remedy,
        entry.repeat.as_str().replace('_', " "),
    )
}
