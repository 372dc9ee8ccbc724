//! Groups with their members, through the delta query: requests grow with pages, never with groups.

use msp365_core::id::canonical;
use msp365_graph::groups::{self, Group, GroupChange, MemberChange};
use msp365_store::{GroupRow, MembershipRow, Removal, Resource, Rows};

use crate::stream::{Converted, Source};

/// The delta query over groups and members.
pub(crate) fn source() -> Source<GroupChange> {
    Source {
        resource: Resource::Groups,
        request: groups::delta_with_members(groups::SYNC_PROPERTIES),
        convert,
        covers: &[Resource::Groups, Resource::Memberships],
    }
}

fn convert(changes: Vec<GroupChange>) -> Converted {
    let mut groups = Vec::new();
    let mut members = Vec::new();
    let mut removed = Vec::new();
    for change in changes {
        let GroupChange {
            mut group,
            removed: gone,
            members: edges,
            ..
        } = change;
        group.id = canonical(group.id);
        if gone.is_some() {
            removed.push(Removal::Row {
                resource: Resource::Groups,
                id: group.id,
            });
            continue;
        }
        for edge in edges {
            let MemberChange {
                id,
                object_type,
                removed: left,
                ..
            } = edge;
            let id = canonical(id);
            if left.is_some() {
                removed.push(Removal::Membership {
                    group_id: group.id.clone(),
                    member_id: id,
                });
            } else {
                let mut row = MembershipRow::new(group.id.clone(), id);
                row.member_type = object_type.map(|kind| kind.to_string()).unwrap_or_default();
                members.push(row);
            }
        }
        // Further slices of a large group repeat the object; without a name they carry members alone.
        if group.display_name.is_some() {
            groups.push(row(group));
        }
    }
    Converted {
        rows: vec![Rows::Groups(groups), Rows::Memberships(members)],
        removed,
    }
}

fn row(group: Group) -> GroupRow {
    let kind = group.kind().as_str().to_owned();
    let is_dynamic = group.is_dynamic();
    let mut row = GroupRow::new(group.id);
    row.display_name = group.display_name;
    row.description = group.description;
    row.mail = group.mail;
    row.kind = kind;
    row.security_enabled = group.security_enabled;
    row.mail_enabled = group.mail_enabled;
    row.is_assignable_to_role = group.is_assignable_to_role;
    row.on_premises_sync_enabled = group.on_premises_sync_enabled;
    row.is_dynamic = is_dynamic;
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changes: &str) -> Converted {
        convert(serde_json::from_str(changes).unwrap())
    }

    fn groups_and_members(converted: &Converted) -> (Vec<&str>, Vec<(&str, &str)>) {
        let [Rows::Groups(groups), Rows::Memberships(members)] = &converted.rows[..] else {
            panic!("other rows")
        };
        (
            groups.iter().map(|group| group.id.as_str()).collect(),
            members
                .iter()
                .map(|row| (row.group_id.as_str(), row.member_id.as_str()))
                .collect(),
        )
    }

    #[test]
    fn f099_members_of_a_large_group_come_in_slices() {
        let converted = read(
            r##"[{"id":"g","displayName":"All","members@delta":[{"@odata.type":"#microsoft.graph.user","id":"ada"}]},
                 {"id":"g","members@delta":[{"@odata.type":"#microsoft.graph.user","id":"bo"},
                                            {"id":"cleo","@removed":{"reason":"deleted"}}]}]"##,
        );

        assert_eq!(
            groups_and_members(&converted),
            (vec!["g"], vec![("g", "ada"), ("g", "bo")])
        );
        let gone = Removal::Membership {
            group_id: "g".to_owned(),
            member_id: "cleo".to_owned(),
        };
        assert_eq!(converted.removed, [gone]);
    }

    #[test]
    fn f095_a_removed_group_is_no_row() {
        let converted = read(r#"[{"id":"g","@removed":{"reason":"deleted"}}]"#);

        assert_eq!(groups_and_members(&converted), (vec![], vec![]));
        assert_eq!(
            converted.removed,
            [Removal::Row {
                resource: Resource::Groups,
                id: "g".to_owned()
            }]
        );
    }
}
