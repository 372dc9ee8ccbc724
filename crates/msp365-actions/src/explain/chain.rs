//! Putting the chain together.

use std::collections::BTreeSet;

use super::{
    Action, ActionKind, Explanation, Link, LinkId, Mender, State, TargetFacts, TenantFacts, Verdict,
    license::holds_itself,
    tables::{Task, narrow},
};

/// Properties that let an account be taken over.
const SENSITIVE: [&str; 7] = [
    "accountEnabled",
    "passwordProfile",
    "userPrincipalName",
    "businessPhones",
    "mobilePhone",
    "otherMails",
    "onPremisesImmutableId",
];

/// One action on one user, with all that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) tenant: &'a TenantFacts,
    pub(super) action: &'a Action,
    pub(super) target: &'a TargetFacts,
}

impl Case<'_> {
    /// Whether the user is known to be mastered on-premises.
    pub(super) fn is_synced(&self) -> bool {
        let user = self.target.user.get().and_then(Option::as_ref);
        user.is_some_and(|user| user.on_premises_sync_enabled == Some(true))
    }

    /// What the action asks for; one or two tasks, each of which has to be allowed.
    pub(super) fn tasks(&self) -> Vec<Task> {
        if self.is_void() {
            return Vec::new();
        }
        match self.action {
            Action::Create { .. } => vec![Task::named("create")],
            Action::Edit(_) | Action::Block | Action::Unblock => self.edits(),
            Action::SetManager(_) | Action::RemoveManager | Action::SetManagerOf { .. } => {
                vec![Task::named("manager")]
            }
            Action::Delete | Action::Restore => vec![Task::named("delete")],
            Action::Licenses(_) | Action::RemoveAllLicenses => vec![Task::named("licenses")],
            Action::JoinGroup(group) | Action::LeaveGroup(group) => {
                vec![self.one_group(group, ["members", "members_of_role_group"])]
            }
            Action::OwnGroup(group) | Action::HandGroupTo { group, .. } => {
                vec![self.one_group(group, ["owners", "owners_of_role_group"])]
            }
            Action::LeaveAllGroups => self.all_groups(),
            Action::AddRole(_)
            | Action::RemoveRole(_)
            | Action::RemoveRoleIn { .. }
            | Action::RemoveAllRoles => vec![Task::named("roles")],
            Action::Revoke => vec![Task::named("revoke")],
            Action::ResetPassword if self.is_synced() => vec![Task::named("reset_synced_password")],
            Action::ResetPassword => vec![Task::named("reset_password")],
            Action::TemporaryPass(_) => vec![Task::named("temporary_pass")],
            Action::RemoveMethods => vec![Task::named("remove_methods")],
            Action::ChangeDevice { .. } => vec![Task::named("devices")],
            Action::Offboard(_) => Vec::new(),
        }
    }

    /// Whether all of something is to be taken of which there is known to be nothing, so that nothing is asked for.
    fn is_void(&self) -> bool {
        let user = self.target.user.get().and_then(Option::as_ref);
        match self.action {
            Action::RemoveAllRoles => self.target.roles.get().is_some_and(Vec::is_empty),
            Action::LeaveAllGroups => self.target.direct_groups.get().is_some_and(BTreeSet::is_empty),
            Action::RemoveAllLicenses => user.is_some_and(|user| !holds_itself(user)),
            _ => false,
        }
    }

    fn edits(&self) -> Vec<Task> {
        let properties = self.action.properties();
        let names = || properties.iter().map(String::as_str);
        let is_sensitive = |name: &str| SENSITIVE.contains(&name);
        let also = narrow(&properties);
        let mut tasks = Vec::new();
        if names().any(|name| !is_sensitive(name)) {
            tasks.push(Task::named("edit").or_scopes(also.clone()));
        }
        if names().any(is_sensitive) {
            tasks.push(Task::named("edit_sensitive").or_scopes(also));
        }
        tasks
    }

    /// The task for a group: the first of two, or the second for groups that roles can be given to.
    fn one_group(&self, id: &str, [plain, for_roles]: [&'static str; 2]) -> Task {
        let group = self.target.group(id).ok().flatten();
        let is_for_roles = group.is_some_and(|group| group.is_assignable_to_role == Some(true));
        Task::named(if is_for_roles { for_roles } else { plain })
    }

    fn all_groups(&self) -> Vec<Task> {
        let (mut plain, mut for_roles) = (false, false);
        for group in direct_groups(self.target) {
            if group.is_assignable_to_role == Some(true) {
                for_roles = true;
            } else {
                plain = true;
            }
        }
        let mut tasks = Vec::new();
        if plain || !for_roles {
            tasks.push(Task::named("members"));
        }
        if for_roles {
            tasks.push(Task::named("members_of_role_group"));
        }
        tasks
    }
}

/// The groups that a user is known to be in directly.
pub(super) fn direct_groups(target: &TargetFacts) -> impl Iterator<Item = &msp365_graph::groups::Group> {
    let direct = target.direct_groups.get();
    let groups = target.groups.get().into_iter().flatten();
    groups.filter(move |group| direct.is_some_and(|ids| ids.contains(&group.id)))
}

/// Links as they are found.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) links: Vec<Link>,
    pub(super) cautions: Vec<String>,
    already: bool,
}

impl Chain {
    pub(super) fn holds(&mut self, id: LinkId, evidence: impl Into<String>) {
        self.links.push(Link::holds(id, evidence));
    }

    pub(super) fn broken(
        &mut self,
        (id, mender): (LinkId, Mender),
        evidence: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.links.push(Link::broken(id, mender, evidence, remedy));
    }

    pub(super) fn unknown(&mut self, id: LinkId, what: &str, why: &str) {
        self.links.push(Link::unknown(id, format!("{what}: {why}")));
    }

    pub(super) fn caution(&mut self, text: impl Into<String>) {
        self.cautions.push(text.into());
    }

    /// What is asked for is so already.
    pub(super) const fn already(&mut self) {
        self.already = true;
    }

    /// The explanation: links in the order of the chain, one of each.
    pub(super) fn conclude(mut self, action: ActionKind) -> Explanation {
        // Of several links of one kind, the worst speaks.
        self.links.sort_by(|a, b| (a.id, b.state).cmp(&(b.id, a.state)));
        self.links.dedup_by_key(|link| link.id);
        let worst = self.links.iter().map(|link| link.state).max();
        let verdict = match worst {
            Some(State::Broken) => Verdict::WillNot,
            Some(State::Unknown) => Verdict::Unknown,
            _ if self.already => Verdict::AlreadySo,
            _ => Verdict::WillWork,
        };
        Explanation {
            action,
            verdict,
            links: self.links,
            cautions: self.cautions,
            parts: Vec::new(),
        }
    }
}
