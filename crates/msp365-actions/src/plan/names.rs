//! The names of groups in a plan, for the people who read it.

use std::collections::BTreeMap;

use super::{Plan, Step, StepKind};
use crate::{Facts, Person};

/// Names of groups by their ids.
pub type GroupNames = BTreeMap<String, String>;

impl Facts {
    /// The names of the groups that were read.
    pub(crate) fn group_names(&self) -> GroupNames {
        let own = self.person.iter().flat_map(|person| &person.groups);
        let named = own
            .chain(&self.groups)
            .filter_map(|group| Some((group.id.clone(), group.display_name.clone()?)));
        let owned = self.person.iter().flat_map(Person::owned);
        named
            .chain(owned.map(|owned| (owned.group.clone(), owned.name.clone())))
            .collect()
    }
}

impl StepKind {
    /// The group whose members or owners it changes.
    pub(crate) fn group(&self) -> Option<&String> {
        match self {
            Self::AddMember { group, .. }
            | Self::RemoveMember { group, .. }
            | Self::AddOwner { group, .. } => Some(group),
            _ => None,
        }
    }
}

impl Plan {
    /// Takes the names of the groups that its steps change.
    pub(crate) fn naming(mut self, names: &GroupNames) -> Self {
        let changed = self.steps.iter().filter_map(|step| step.kind.group());
        self.group_names = named(changed, names);
        self
    }

    /// What one of its steps does, in words, with the names of groups where they are known.
    pub fn words(&self, step: &Step) -> String {
        step.kind.said(|group| group_label(group, &self.group_names))
    }
}

/// The names of these groups.
pub(crate) fn named<'a>(groups: impl Iterator<Item = &'a String>, names: &GroupNames) -> GroupNames {
    groups
        .filter_map(|group| Some((group.clone(), names.get(group)?.clone())))
        .collect()
}

/// A group by its name, or by its id where the name is not known.
pub(crate) fn group_label(group: &str, names: &GroupNames) -> String {
    names
        .get(group)
        .map_or_else(|| group.to_owned(), |name| format!("`{name}`"))
}
