//! Groups.

use super::{answer::Answer, caller::Caller, delta, memberships, read_only, rights::GROUPS, unknown};
use crate::odata::{Advanced, Options, Refused, Rules, people::GROUP};

const LIST: Rules = Rules {
    shape: &GROUP,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search",
    order: "displayName",
    directory: true,
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    match rest {
        [] => {
            read_only(caller, &GROUPS)?;
            caller.table("groups", &LIST, &caller.tenant.groups)
        }
        ["$count"] => {
            read_only(caller, &GROUPS)?;
            if caller.advanced() == Advanced::No {
                return Err(Refused::bad("$count is not currently supported."));
            }
            let mut query = caller.call.query.clone();
            query.push(("$count".to_owned(), "true".to_owned()));
            let rules = Rules {
                options: "$filter $search $count",
                ..LIST
            };
            let options = Options::read(&query, Advanced::Asked, &rules)?;
            Ok(Answer::Count(
                caller
                    .tenant
                    .groups
                    .present()
                    .filter(|row| options.keeps(row))
                    .count(),
            ))
        }
        ["delta"] => {
            read_only(caller, &GROUPS)?;
            delta::groups(caller)
        }
        [id] => {
            read_only(caller, &GROUPS)?;
            caller.entity("groups", &GROUP, caller.tenant.groups.get(id), id)
        }
        [id, "members"] => memberships::members(caller, id, None),
        [id, "members", cast] => memberships::members(caller, id, Some(cast)),
        rest => Err(unknown(rest)),
    }
}
