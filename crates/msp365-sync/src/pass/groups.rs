//! Groups with their members, through the delta query: requests grow with pages, never with groups.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
};

use futures_util::TryStreamExt;
use msp365_client::TenantClient;
use msp365_core::{id::canonical, query::Property};
use msp365_graph::groups::{self, Group, GroupChange, GroupKind, MemberChange};
use msp365_store::{GroupRow, MembershipRow, Phase, Removal, Resource, Rows};

use crate::{
    Error,
    stream::{Converted, Source, Tenant, part, reading},
};

/// What a row is made of. A change that shows less is a part of its group.
const NEEDED: [Property<Group>; 8] = [
    Group::DISPLAY_NAME,
    Group::DESCRIPTION,
    Group::MAIL,
    Group::MAIL_ENABLED,
    Group::SECURITY_ENABLED,
    Group::GROUP_TYPES,
    Group::IS_ASSIGNABLE_TO_ROLE,
    Group::ON_PREMISES_SYNC_ENABLED,
];
/// Most groups that one delta query is made of.
const GROUPS: usize = 50;

/// The delta query over groups and members.
pub(crate) fn source() -> Source<GroupChange> {
    Source {
        resource: Resource::Groups,
        request: groups::delta_with_members(groups::SYNC_PROPERTIES),
        convert,
        covers: &[Resource::Groups, Resource::Memberships],
        look: None,
    }
}

fn convert(changes: Vec<GroupChange>) -> Converted {
    let mut page = Converted::default();
    let mut members = Vec::new();
    for change in changes {
        let GroupChange {
            mut group,
            removed,
            members: edges,
            ..
        } = change;
        group.id = canonical(group.id);
        // Removals are applied after rows, so what comes again after it went is not removed.
        let gone = Removal::Row {
            resource: Resource::Groups,
            id: group.id.clone(),
        };
        page.removed.retain(|removal| *removal != gone);
        if removed.is_some() {
            page.removed.push(gone);
            continue;
        }
        for edge in edges {
            let (left, row) = member(&group.id, edge);
            let gone = Removal::Membership {
                group_id: row.group_id.clone(),
                member_id: row.member_id.clone(),
            };
            page.removed.retain(|removal| *removal != gone);
            if left {
                page.removed.push(gone);
            } else {
                members.push(row);
            }
        }
        page.groups.push(group);
    }
    page.rows.push(Rows::Memberships(members));
    page
}

/// Whether a member left a group, and the membership.
fn member(group: &str, edge: MemberChange) -> (bool, MembershipRow) {
    let mut row = MembershipRow::new(group, canonical(edge.id));
    row.member_type = edge.object_type.map(|kind| kind.to_string()).unwrap_or_default();
    (edge.removed.is_some(), row)
}

impl Tenant<'_> {
    /// Makes rows of the groups of a page. In a round of changes, a property that is absent did not change: it is taken
    /// from what is stored. A group that came in part and is not stored, as one that was restored, is read whole.
    pub(crate) async fn complete(
        &self,
        client: &TenantClient,
        phase: Phase,
        page: &mut Converted,
    ) -> Result<(), Error> {
        let groups = std::mem::take(&mut page.groups);
        if phase != Phase::Tracking {
            page.rows.push(Rows::Groups(first_slices(groups)));
            return Ok(());
        }
        let mut known = self.stored_groups(&groups).await?;
        let (mut rows, mut unknown) = (Vec::with_capacity(groups.len()), BTreeSet::new());
        for mut group in groups {
            if !is_whole(&group) {
                let Some(stored) = known.get(&group.id) else {
                    unknown.insert(group.id);
                    continue;
                };
                fill(&mut group, stored);
            }
            let row = row(group);
            known.insert(row.id.clone(), row.clone());
            rows.push(row);
        }
        page.rows.push(Rows::Groups(rows));
        let unknown: Vec<_> = unknown.into_iter().collect();
        for ids in unknown.chunks(GROUPS) {
            self.read_whole(client, ids, page).await?;
        }
        Ok(())
    }

    /// The rows of those groups that came in part, as far as they are stored.
    async fn stored_groups(&self, groups: &[Group]) -> Result<BTreeMap<String, GroupRow>, Error> {
        let parts = groups.iter().filter(|group| !is_whole(group));
        let ids: Vec<_> = parts.map(|group| group.id.clone()).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let stored = self.store.rows_of(&self.id, Resource::Groups, &ids).await?;
        Ok(match stored {
            Rows::Groups(rows) => rows.into_iter().map(|row| (row.id.clone(), row)).collect(),
            _ => BTreeMap::new(),
        })
    }

    /// Adds these groups, with their members, as they are.
    async fn read_whole(
        &self,
        client: &TenantClient,
        ids: &[String],
        page: &mut Converted,
    ) -> Result<(), Error> {
        let request = groups::delta_of(groups::SYNC_PROPERTIES, ids);
        let mut pages = pin!(client.pages(request));
        while let Some(whole) = pages
            .try_next()
            .await
            .map_err(Error::request_error(reading(Resource::Groups)))?
        {
            // What cannot be read here is set aside when the round that brings all groups shows it.
            let (changes, _) = part(Resource::Groups, whole.items);
            let whole = convert(changes);
            page.rows.push(Rows::Groups(first_slices(whole.groups)));
            page.rows.extend(whole.rows);
        }
        Ok(())
    }
}

/// The rows of groups that are shown as they are. Further slices of a large group repeat the object; without a name they
/// carry members alone.
fn first_slices(groups: Vec<Group>) -> Vec<GroupRow> {
    let named = groups.into_iter().filter(|group| group.display_name.is_some());
    named.map(row).collect()
}

fn is_whole(group: &Group) -> bool {
    NEEDED.iter().all(|property| group.has(*property))
}

/// Takes what did not come from what is stored.
fn fill(group: &mut Group, stored: &GroupRow) {
    if !group.has(Group::DISPLAY_NAME) {
        group.display_name.clone_from(&stored.display_name);
    }
    if !group.has(Group::DESCRIPTION) {
        group.description.clone_from(&stored.description);
    }
    if !group.has(Group::MAIL) {
        group.mail.clone_from(&stored.mail);
    }
    if !group.has(Group::MAIL_ENABLED) {
        group.mail_enabled = stored.mail_enabled;
    }
    if !group.has(Group::SECURITY_ENABLED) {
        group.security_enabled = stored.security_enabled;
    }
    if !group.has(Group::IS_ASSIGNABLE_TO_ROLE) {
        group.is_assignable_to_role = stored.is_assignable_to_role;
    }
    if !group.has(Group::ON_PREMISES_SYNC_ENABLED) {
        group.on_premises_sync_enabled = stored.on_premises_sync_enabled;
    }
    if !group.has(Group::GROUP_TYPES) {
        let is_unified = stored.kind == GroupKind::Microsoft365.as_str();
        let types = [("Unified", is_unified), ("DynamicMembership", stored.is_dynamic)];
        let held = types.into_iter().filter(|(_, is_held)| *is_held);
        group.group_types = held.map(|(name, _)| name.to_owned()).collect();
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

    fn groups_and_members(converted: Converted) -> (Vec<String>, Vec<(String, String)>) {
        let [Rows::Memberships(members)] = &converted.rows[..] else {
            panic!("other rows")
        };
        let edge = |row: &MembershipRow| (row.group_id.clone(), row.member_id.clone());
        let members = members.iter().map(edge).collect();
        let groups = first_slices(converted.groups);
        (groups.into_iter().map(|group| group.id).collect(), members)
    }

    #[test]
    fn f099_members_of_a_large_group_come_in_slices() {
        let converted = read(
            r##"[{"id":"g","displayName":"All","members@delta":[{"@odata.type":"#microsoft.graph.user","id":"ada"}]},
                 {"id":"g","members@delta":[{"@odata.type":"#microsoft.graph.user","id":"bo"},
                                            {"id":"cleo","@removed":{"reason":"deleted"}}]}]"##,
        );

        let gone = Removal::Membership {
            group_id: "g".to_owned(),
            member_id: "cleo".to_owned(),
        };
        assert_eq!(converted.removed, [gone]);
        let edge = |member: &str| ("g".to_owned(), member.to_owned());
        let expected = (vec!["g".to_owned()], vec![edge("ada"), edge("bo")]);
        assert_eq!(groups_and_members(converted), expected);
    }

    #[test]
    fn f095_a_removed_group_is_no_row() {
        let converted = read(r#"[{"id":"g","@removed":{"reason":"deleted"}}]"#);

        assert_eq!(
            converted.removed,
            [Removal::Row {
                resource: Resource::Groups,
                id: "g".to_owned()
            }]
        );
        assert_eq!(groups_and_members(converted), (vec![], vec![]));
    }

    #[test]
    fn f094_what_comes_again_after_it_went_stays() {
        let converted = read(
            r##"[{"id":"g","displayName":"All","members@delta":[{"id":"ada","@removed":{"reason":"deleted"}}]},
                 {"id":"g","@removed":{"reason":"changed"}},
                 {"id":"g","displayName":"All","members@delta":[{"@odata.type":"#microsoft.graph.user","id":"ada"}]}]"##,
        );

        assert_eq!(converted.removed, []);
    }

    fn group(text: &str) -> Group {
        serde_json::from_str(text).unwrap()
    }

    /// What is stored of a group, and what becomes of it by a change.
    fn changed(change: &str) -> (GroupRow, GroupRow) {
        let stored = row(group(
            r#"{"id":"g","displayName":"All","description":"Of all","mail":"all@contoso.example","mailEnabled":true,
                "securityEnabled":true,"groupTypes":["Unified","DynamicMembership"],"isAssignableToRole":false,
                "onPremisesSyncEnabled":true}"#,
        ));
        let mut change = group(change);
        assert!(!is_whole(&change));
        fill(&mut change, &stored);
        (stored, row(change))
    }

    #[test]
    fn f098_what_a_change_does_not_show_stays() {
        let (mut expected, same) = changed(r#"{"id":"g"}"#);
        assert_eq!(same, expected);

        let (_, renamed) = changed(r#"{"id":"g","displayName":"Everybody"}"#);

        expected.display_name = Some("Everybody".to_owned());
        assert_eq!(renamed, expected);
    }

    #[test]
    fn f098_what_a_change_shows_as_null_is_cleared() {
        let (mut expected, cleared) =
            changed(r#"{"id":"g","description":null,"onPremisesSyncEnabled":null}"#);

        (expected.description, expected.on_premises_sync_enabled) = (None, None);
        assert_eq!(cleared, expected);
    }

    #[test]
    fn f098_the_kind_follows_from_what_came_and_what_stays() {
        let (_, no_more) = changed(r#"{"id":"g","groupTypes":[]}"#);
        assert_eq!(
            (no_more.kind.as_str(), no_more.is_dynamic),
            ("mail_enabled_security", false)
        );

        let (_, still) = changed(r#"{"id":"g","mailEnabled":false}"#);
        assert_eq!((still.kind.as_str(), still.is_dynamic), ("microsoft365", true));
    }
}
