//! What patterns of lists mean, said of the rows alone: the stores share nothing with it.

use std::sync::Arc;

use msp365_store::{Direction, Store, UserColumn, UserFilter, UserQuery, UserRow, suite::noon};

use crate::people::{ADDRESSES, PATTERNS};

/// What a pattern means, in the plainest words: over folded characters.
fn meant(pattern: &[char], value: &[char]) -> bool {
    match (pattern, value) {
        ([], rest) => rest.is_empty(),
        (['%', pattern @ ..], _) => (0..=value.len()).any(|skip| meant(pattern, &value[skip..])),
        (['_', pattern @ ..], [_, value @ ..]) => meant(pattern, value),
        (['\\', wanted, pattern @ ..] | [wanted, pattern @ ..], [found, value @ ..]) => {
            wanted == found && meant(pattern, value)
        }
        _ => false,
    }
}

fn fits(pattern: &str, value: &str) -> bool {
    let lower = |text: &str| text.to_lowercase().replace('ς', "σ");
    let mut text = lower(pattern);
    if !pattern.replace(r"\%", "").replace(r"\_", "").contains(['%', '_']) {
        text = format!("%{text}%");
    }
    let pattern: Vec<char> = text.chars().collect();
    let value: Vec<char> = lower(value).chars().collect();
    !value.is_empty() && meant(&pattern, &value)
}

/// An address without its kind.
fn plain_address(address: &str) -> &str {
    let kinds = ["SMTP:", "smtp:", "x500:"];
    let kind = kinds.into_iter().find(|kind| address.starts_with(kind));
    &address[kind.map_or(0, str::len)..]
}

/// Whom a pattern of a list should find, from the row alone.
fn is_meant(list: &str, pattern: &str, row: &UserRow) -> bool {
    let mut values: Vec<&str> = Vec::new();
    match list {
        "business_phones" => values.extend(row.business_phones.iter().map(String::as_str)),
        "proxy_addresses" => {
            for address in &row.proxy_addresses {
                values.extend([address, plain_address(address)]);
            }
        }
        _ => {
            values.extend(row.display_name.as_deref());
            values.extend(row.mail.as_deref());
            values.push(&row.user_principal_name);
            values.extend(row.proxy_addresses.iter().map(|address| plain_address(address)));
        }
    }
    values.into_iter().any(|value| fits(pattern, value))
}

/// Every pattern finds in every list just those whose rows say so.
pub(crate) async fn lists_find_whom_they_mean(stores: &[(&str, Arc<dyn Store>)]) {
    let by_id = UserQuery::all()
        .sort(UserColumn::Id, Direction::Ascending)
        .page(1, 1_000);
    let everybody = stores[0].1.user_page(&by_id).await.unwrap().rows;
    let mut found = 0;
    for list in ["name_or_address", "proxy_addresses", "business_phones"] {
        for pattern in ADDRESSES
            .into_iter()
            .chain(PATTERNS)
            .filter(|pattern| !pattern.is_empty())
        {
            let meant = everybody.iter().filter(|row| is_meant(list, pattern, &row.user));
            let expected: Vec<_> = meant.map(|row| (row.tenant_id, &row.user.id)).collect();
            let filter = UserFilter::parse(&format!("{list}~{pattern}"), noon()).unwrap();
            for (name, store) in stores {
                let page = store
                    .user_page(&by_id.clone().filter(filter.clone()))
                    .await
                    .unwrap();
                let shown: Vec<_> = page
                    .rows
                    .iter()
                    .map(|row| (row.tenant_id, &row.user.id))
                    .collect();
                assert_eq!(shown, expected, "{name}: {list}~{pattern}");
            }
            found += usize::from(!expected.is_empty() && expected.len() < everybody.len());
        }
    }
    assert!(found > 30, "{found}");
}
