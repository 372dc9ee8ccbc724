//! Who may act on whom: which directory roles reach users that hold directory roles themselves.

/// What is done to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Setting a password.
    Reset,
    /// Ending sessions, which is reached as passwords are.
    Sessions,
    /// Changing a property that lets an account be taken over; deleting and restoring.
    Sensitive,
    /// Reading or changing how somebody signs in.
    Methods,
}

pub(crate) const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
pub(crate) const PRIVILEGED_AUTHENTICATION: &str = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";
pub(crate) const AUTHENTICATION: &str = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
pub(crate) const USER: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
pub(crate) const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
pub(crate) const PASSWORD: &str = "966707d0-3269-4727-9be2-8c3a10f19b9d";
const GROUPS: &str = "fdd7a751-b60b-444a-984c-02652fe8fa1c";
const DIRECTORY_READERS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
const GUEST_INVITER: &str = "95e79109-95c0-4d8e-aee3-d01accf2d47b";
const MESSAGE_CENTER_READER: &str = "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b";
const REPORTS_READER: &str = "4a5d8f65-41da-4de4-8968-e035b65339cf";
const USAGE_SUMMARY_READER: &str = "75934031-6c7e-415a-99d7-48dbd49e875e";
const EXPERIENCE_MANAGER: &str = "27460883-1df1-4691-b032-3b79643e5e63";

/// Roles that say so little that most administrators reach their holders.
const HARMLESS: &[&str] = &[DIRECTORY_READERS, GUEST_INVITER, PASSWORD];
/// Readers, reached by all but password administrators.
const READERS: &[&str] = &[
    MESSAGE_CENTER_READER,
    REPORTS_READER,
    USAGE_SUMMARY_READER,
    EXPERIENCE_MANAGER,
];

/// One row: the act, the role of who acts, and the roles a target may hold.
type Reach = (Act, &'static str, &'static [&'static [&'static str]]);

const REACHES: [Reach; 7] = [
    (Act::Reset, PASSWORD, &[HARMLESS]),
    (Act::Reset, HELPDESK, &[HARMLESS, READERS, &[HELPDESK]]),
    (
        Act::Reset,
        AUTHENTICATION,
        &[HARMLESS, READERS, &[AUTHENTICATION]],
    ),
    (Act::Reset, USER, &[HARMLESS, READERS, &[HELPDESK, GROUPS, USER]]),
    (
        Act::Sensitive,
        AUTHENTICATION,
        &[HARMLESS, READERS, &[AUTHENTICATION]],
    ),
    (
        Act::Sensitive,
        USER,
        &[HARMLESS, READERS, &[HELPDESK, GROUPS, USER]],
    ),
    (
        Act::Methods,
        AUTHENTICATION,
        &[HARMLESS, READERS, &[AUTHENTICATION]],
    ),
];

/// Whether somebody with these roles may do this to a user with those. `guarded`: the user is in a group that roles
/// can be assigned to.
pub(crate) fn may(act: Act, held: &[String], target: &[String], guarded: bool) -> bool {
    let act = if act == Act::Sessions { Act::Reset } else { act };
    held.iter().any(|role| {
        let role = role.as_str();
        if role == GLOBAL || role == PRIVILEGED_AUTHENTICATION {
            return true;
        }
        !guarded
            && REACHES.iter().any(|(row, own, reached)| {
                let reaches = |one: &String| reached.iter().any(|some| some.contains(&one.as_str()));
                *row == act && *own == role && target.iter().all(reaches)
            })
    })
}

/// Whether one of these roles changes what is not sensitive of users.
pub(crate) fn changes_users(held: &[String]) -> bool {
    held.iter().any(|role| role == USER || role == GLOBAL)
}

/// Whether a user with these roles is reached by none but those who reach everybody.
pub(crate) fn is_privileged(act: Act, target: &[String], guarded: bool) -> bool {
    let act = if act == Act::Sessions { Act::Reset } else { act };
    let reaches = |one: &String, reached: &[&[&str]]| reached.iter().any(|some| some.contains(&one.as_str()));
    guarded
        || !REACHES
            .iter()
            .any(|(row, _, reached)| *row == act && target.iter().all(|one| reaches(one, reached)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn the_reset_matrix_is_the_published_one() {
        // Columns: Password, Helpdesk, Authentication, User, Privileged Authentication, Global.
        let columns = [
            PASSWORD,
            HELPDESK,
            AUTHENTICATION,
            USER,
            PRIVILEGED_AUTHENTICATION,
            GLOBAL,
        ];
        let rows: [(&[&str], &str); 9] = [
            (&[], "yyyyyy"),
            (&[DIRECTORY_READERS, GUEST_INVITER], "yyyyyy"),
            (&[PASSWORD], "yyyyyy"),
            (&[REPORTS_READER], "-yyyyy"),
            (&[HELPDESK], "-y-yyy"),
            (&[AUTHENTICATION], "--y-yy"),
            (&[GROUPS], "---yyy"),
            (&[USER], "---yyy"),
            (&[GLOBAL], "----yy"),
        ];
        for (target, wanted) in rows {
            let found: String = columns
                .iter()
                .map(|column| {
                    if may(Act::Reset, &roles(&[column]), &roles(target), false) {
                        'y'
                    } else {
                        '-'
                    }
                })
                .collect();
            assert_eq!(found, wanted, "{target:?}");
        }
    }

    #[test]
    fn members_of_role_assignable_groups_are_for_the_highest_alone() {
        assert!(!may(Act::Reset, &roles(&[USER]), &[], true));
        assert!(!may(Act::Sensitive, &roles(&[USER, AUTHENTICATION]), &[], true));
        assert!(may(
            Act::Sensitive,
            &roles(&[PRIVILEGED_AUTHENTICATION]),
            &[],
            true
        ));
    }

    #[test]
    fn helpdesk_administrators_set_passwords_and_change_nothing_sensitive() {
        assert!(may(Act::Reset, &roles(&[HELPDESK]), &[], false));
        assert!(!may(Act::Sensitive, &roles(&[HELPDESK]), &[], false));
        assert!(!may(Act::Methods, &roles(&[USER]), &[], false));
    }

    #[test]
    fn of_several_roles_of_a_target_every_one_must_be_within_reach() {
        assert!(!may(
            Act::Sensitive,
            &roles(&[USER]),
            &roles(&[HELPDESK, GLOBAL]),
            false
        ));
    }
}
