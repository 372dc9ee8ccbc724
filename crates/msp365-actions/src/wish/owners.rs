//! Groups that would have no owner.

use crate::{
    Facts, Plan, Refused,
    facts::{Owned, Person},
    plan::{Left, StepKind, Whom},
    refused::Reason,
};

/// What becomes of groups that have no other owner than a user who is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LastOwner {
    /// The user is not deleted.
    #[default]
    Refused,
    /// They are left without an owner, and the plan warns of it: for many users at once.
    Warned,
    /// The manager of the user becomes their owner.
    Manager,
    /// This user, by object id, becomes their owner.
    Heir(String),
}

/// Says who becomes the owner of groups whose last owner goes; refuses where nobody said so.
pub(super) fn hand_over(
    way: &LastOwner,
    (facts, person): (&Facts, &Person),
    plan: &mut Plan,
) -> Result<(), Refused> {
    if person.owned.is_none() {
        if *way == LastOwner::Warned {
            plan.warn("which groups the user owns could not be read: some may be left without an owner");
            return Ok(());
        }
        return Err(unread(&format!("which groups `{}` owns", person.name())));
    }
    // What is not known counts as the last.
    let last: Vec<&Owned> = person
        .owned()
        .filter(|owned| owned.is_last != Some(false))
        .collect();
    let Some(first) = last.first() else {
        return Ok(());
    };
    let heir = match way {
        LastOwner::Warned => {
            for owned in last {
                plan.warn(format!("`{}` is left without an owner", owned.name));
            }
            return Ok(());
        }
        LastOwner::Refused => return Err(not_said(first, &last, person)),
        LastOwner::Manager => person.manager.clone().ok_or_else(|| {
            Reason::LastOwner.with(
                format!(
                    "`{}` has no manager who could become the owner of `{}`",
                    person.name(),
                    first.name
                ),
                "name somebody else who becomes the owner",
            )
        })?,
        LastOwner::Heir(heir) if *heir == person.user.id => {
            return Err(
                Reason::Malformed.with("the user who leaves cannot take over", "choose somebody else")
            );
        }
        LastOwner::Heir(heir) => heir.clone(),
    };
    facts.check_other(&heir)?;
    for owned in last {
        if owned.is_ours {
            plan.push(StepKind::AddOwner {
                user: Whom::Id(heir.clone()),
                group: owned.group.clone(),
            });
            continue;
        }
        plan.warn(format!("`{}` is left without an owner", owned.name));
        plan.left.push(Left::new(
            format!("another owner for `{}`", owned.name),
            "the group is not kept here",
            "set the owner in Exchange, or on-premises",
        ));
    }
    Ok(())
}

fn not_said(first: &Owned, last: &[&Owned], person: &Person) -> Refused {
    match last.iter().find(|owned| owned.is_last == Some(true)) {
        Some(known) => refused(known, last.len(), person),
        None => unread(&format!("whether `{}` has other owners", first.name)),
    }
}

fn unread(what: &str) -> Refused {
    Reason::NotKnown.with(
        format!("{what} could not be read"),
        "allow `Directory.Read.All`, or say that groups may be left without an owner",
    )
}

fn refused(first: &Owned, count: usize, person: &Person) -> Refused {
    let more = match count {
        1 => String::new(),
        more => format!(" and {} other groups", more - 1),
    };
    Reason::LastOwner.with(
        format!("nobody else than `{}` owns `{}`{more}", person.name(), first.name),
        "hand these groups to the manager or to somebody else, or say that they may be left without an owner",
    )
}
