//! How many users an action may be for at once.

use super::Action;
use crate::{Refused, refused::Reason};

/// How many users may be chosen for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Count {
    /// One, by name.
    One,
    /// As many as are chosen, each with a plan of its own.
    Many,
}

/// How many users each action may be for. What hands over a secret that somebody is waiting for, gives power over the
/// tenant or goes back to one user's past is for one.
pub const RULES: [(Action, Count); 15] = [
    (Action::Create, Count::Many),
    (Action::Edit, Count::Many),
    (Action::Licenses, Count::Many),
    (Action::Groups, Count::Many),
    (Action::Roles, Count::One),
    (Action::Block, Count::Many),
    (Action::Unblock, Count::Many),
    (Action::Revoke, Count::Many),
    (Action::ResetPassword, Count::One),
    (Action::AccessPass, Count::One),
    (Action::ResetMethods, Count::One),
    (Action::Offboard, Count::Many),
    (Action::Rehire, Count::One),
    (Action::Restore, Count::One),
    (Action::Undo, Count::One),
];

impl Action {
    /// How many users may be chosen for it at once, as [`RULES`] say.
    pub fn count(self) -> Count {
        let own = RULES.iter().find(|(action, _)| *action == self);
        own.map_or(Count::One, |(_, count)| *count)
    }

    /// Refuses the wrong number of users.
    ///
    /// # Errors
    /// `Invalid` for none, and for several where the action is for one.
    pub fn check_count(self, users: usize) -> Result<(), Refused> {
        match users {
            0 => Err(Reason::NothingToDo.with("no user is chosen", "choose a user")),
            1 => Ok(()),
            _ => self.check_many(&format!("{users} are chosen")),
        }
    }

    /// Refuses a choice that is not one user by name.
    pub(crate) fn check_many(self, chosen: &str) -> Result<(), Refused> {
        match self.count() {
            Count::Many => Ok(()),
            Count::One => Err(Reason::OneUserOnly.with(
                format!("`{}` is for one user at a time, and {chosen}", self.as_str()),
                "choose one user",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_one_rule() {
        let mut named: Vec<_> = RULES.iter().map(|(action, _)| *action).collect();
        named.sort_unstable();
        named.dedup();

        assert_eq!(named.len(), RULES.len());
        assert_eq!(named.last(), Some(&Action::Undo), "the last action has a rule");
    }

    #[test]
    fn the_page_on_plans_says_what_the_rules_say() {
        let page = include_str!("../../../../docs/plans.md");
        for (action, count) in RULES {
            let line = format!(
                "| `{}` | {} |",
                action.as_str(),
                if count == Count::Many { "many" } else { "one" }
            );
            assert!(page.contains(&line), "docs/plans.md lacks `{line}`");
        }
    }

    #[test]
    fn several_users_are_refused_where_the_action_is_for_one() {
        let refused = Action::ResetPassword.check_count(3).unwrap_err();

        assert_eq!(refused.reason, Reason::OneUserOnly);
        assert_eq!(
            refused.to_string(),
            "`reset_password` is for one user at a time, and 3 are chosen; choose one user"
        );
        assert!(Action::Block.check_count(3).is_ok() && Action::ResetPassword.check_count(1).is_ok());
        assert_eq!(
            Action::Block.check_count(0).unwrap_err().reason,
            Reason::NothingToDo
        );
    }
}
