//! Reports, sign-in data and devices under management.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::{
    super::{
        pages,
        row::{
            Action::{Alter, Instead, Say, World},
            Fault, Meeting, Text, say,
        },
        target::Target::{Download, Intune, Logs, SignInActivity, UsageReport},
    },
    links,
};

const NOT_APPLICABLE: Text = Text::Json(
    "{\"error\":{\"code\":\"BadRequest\",\"message\":\"Request not applicable to target tenant.\",\"innerError\":{}}}",
);

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F205",
        "a report is to be fetched from somewhere it should not be, or from nowhere",
        UsageReport,
        links::DOWNLOADS,
    ),
    Fault::once(
        "F206",
        "a report with quotes, line breaks in cells and an empty last line",
        Download,
        &[&[Alter(|_, reply| {
            lines(reply, |table| {
                for row in table.iter_mut().skip(1) {
                    if let Some(cell) = row.get_mut(2) {
                        *cell = format!("\"{}, \"\"the\r\nfirst\"\"\"", cell.trim_matches('"'));
                    }
                }
                table.push(Vec::new());
            })
        })]],
    ),
    Fault::once(
        "F207",
        "columns are added, gone, renamed, in another order",
        Download,
        &[
            &[Alter(|_, reply| {
                columns(reply, |row, first| {
                    row.insert(0, if first { "Something New" } else { "x" }.to_owned());
                })
            })],
            &[Alter(|_, reply| {
                columns(reply, |row, _| {
                    if row.len() > 1 {
                        row.remove(1);
                    }
                })
            })],
            &[Alter(|_, reply| {
                columns(reply, |row, first| {
                    if let Some(cell) = row.get_mut(1).filter(|_| first) {
                        "Principal".clone_into(cell);
                    }
                })
            })],
            &[Alter(|_, reply| columns(reply, |row, _| row.reverse()))],
        ],
    ),
    Fault::once(
        "F208",
        "reports conceal names from now on",
        UsageReport,
        &[&[World(|meeting, world| {
            let tenant = meeting.asked.tenant.and_then(|tenant| world.tenant_mut(tenant));
            tenant.map(|tenant| tenant.conceals_reports = true).is_some()
        })]],
    ),
    Fault::once(
        "F209",
        "a report is `size` days older than it should be",
        Download,
        &[&[Alter(|meeting, reply| {
            let days = i64::try_from(meeting.size).unwrap_or(0).saturating_mul(24);
            let then = meeting.now.checked_sub(SignedDuration::from_hours(days));
            let Ok(then) = then else { return false };
            let day = then.strftime("%Y-%m-%d").to_string();
            lines(reply, |table| {
                for cell in table.iter_mut().skip(1).filter_map(|row| row.first_mut()) {
                    cell.clone_from(&day);
                }
            })
        })]],
    )
    .size(9),
    Fault::once(
        "F210",
        "sign-in activity is refused for want of a licence",
        SignInActivity,
        &[&[Say(
            say(403).code("Authentication_RequestFromNonPremiumTenantOrB2CTenant")
        )]],
    )
    .always(),
    Fault::once(
        "F211",
        "sign-ins come twice, and the newest come later",
        Logs,
        &[
            &[Alter(|_, reply| {
                pages::edit_rows(reply, |rows| {
                    rows.extend_from_within(..);
                    true
                })
            })],
            &[Alter(|_, reply| {
                pages::edit_rows(reply, |rows| {
                    rows.remove(0);
                    true
                })
            })],
        ],
    )
    .times(2),
    Fault::once(
        "F212",
        "logs answer `size` requests in ten seconds",
        Logs,
        &[&[Instead(capped)]],
    )
    .always()
    .size(5),
    Fault::once(
        "F213",
        "the tenant has no device management",
        Intune,
        &[
            &[Say(say(400).body(NOT_APPLICABLE))],
            &[Say(say(403).body(NOT_APPLICABLE))],
        ],
    )
    .always(),
];

/// Changes a report as lines of cells, as they stand in the file.
fn lines(reply: &mut Reply, change: impl FnOnce(&mut Vec<Vec<String>>)) -> bool {
    let text = String::from_utf8_lossy(reply.text_bytes()).into_owned();
    if !reply.status.is_success() || text.is_empty() {
        return false;
    }
    let cells = |line: &str| split(line);
    let mut table: Vec<Vec<String>> = text.lines().map(cells).collect();
    change(&mut table);
    let whole: String = table.iter().map(|row| row.join(",") + "\r\n").collect();
    reply.body = Bytes::from(format!("\u{feff}{whole}"));
    true
}

/// The cells of a line, with their quotes.
fn split(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for sign in line.chars() {
        quoted ^= sign == '"';
        match cells.last_mut() {
            Some(cell) if sign != ',' || quoted => cell.push(sign),
            _ => cells.push(String::new()),
        }
    }
    cells
}

/// Changes the cells of each line; the first holds the names of the columns.
fn columns(reply: &mut Reply, change: impl Fn(&mut Vec<String>, bool)) -> bool {
    lines(reply, |table| {
        for (place, row) in table.iter_mut().enumerate() {
            change(row, place == 0);
        }
    })
}

fn capped(meeting: &mut Meeting<'_>) -> Option<Reply> {
    let (now, size) = (meeting.now, usize::try_from(meeting.size).unwrap_or(usize::MAX));
    let tenant = json!(meeting.asked.tenant).to_string();
    let all = meeting
        .memory
        .entry(tenant)
        .or_insert_with(|| json!([]))
        .as_array_mut()?;
    let recent = |moment: &Value| {
        let moment: Option<Timestamp> = moment.as_str().and_then(|text| text.parse().ok());
        moment.is_some_and(|moment| now.duration_since(moment) < SignedDuration::from_secs(10))
    };
    all.retain(recent);
    all.push(json!(now.to_string()));
    let mut reply = pages::refusal(429, "TooManyRequests");
    pages::set(&mut reply, "retry-after", "10");
    (all.len() > size).then_some(reply)
}
