//! What can be typed of changing users.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What can be done to a user.
#[derive(Debug, Subcommand)]
pub(crate) enum ChangeCommand {
    /// Make a user.
    Create(Create),
    /// Change the profile or the manager of a user.
    Edit(Edit),
    /// Take a user's access away: what is chosen, else everything but deleting and a new password.
    Offboard(Offboard),
    /// Give back what an offboarding took, by the plan that was stored then.
    Rehire(Rehire),
    /// Forbid signing in.
    Block(About),
    /// Allow signing in.
    Unblock(About),
    /// End all sessions.
    Revoke(About),
    /// Set a new password, made here and shown once.
    ResetPassword(About),
    /// Make a temporary access pass, shown once.
    TemporaryPass(TemporaryPass),
    /// Remove all ways to sign in but the password, so that the user registers anew.
    ResetMethods(About),
    /// Bring a deleted user back, without licences, groups and roles.
    Restore(About),
    /// Give and take licences.
    Licenses(Licenses),
    /// Put into groups and take out of groups.
    Groups(Groups),
    /// Give and take directory roles.
    Roles(Roles),
    /// Undo what a plan did that is over, as far as it can be undone.
    Undo(OfStored),
    /// Do anew what is left of a plan that is over.
    Again(OfStored),
}

impl ChangeCommand {
    /// The user that was typed; none where the command is not about one that is there.
    pub(crate) fn user(&self) -> Option<&String> {
        self.about().ok().and_then(|about| about.user.as_ref())
    }

    /// The users that were chosen in place of one; none where the command is not about users who are there.
    pub(crate) fn many(&self) -> Option<&Many> {
        self.about().ok().map(|about| &about.many)
    }

    /// How the plan is shown and run.
    pub(crate) const fn change(&self) -> &Change {
        match self.about() {
            Ok(about) => &about.change,
            Err(change) => change,
        }
    }

    /// Whom it is about; where nobody is there yet, how the plan is shown and run alone.
    const fn about(&self) -> Result<&About, &Change> {
        Ok(match self {
            Self::Create(command) => return Err(&command.change),
            Self::Rehire(command) => return Err(&command.change),
            Self::Undo(command) | Self::Again(command) => return Err(&command.change),
            Self::Block(about)
            | Self::Unblock(about)
            | Self::Revoke(about)
            | Self::ResetPassword(about)
            | Self::ResetMethods(about)
            | Self::Restore(about) => about,
            Self::Edit(command) => &command.about,
            Self::Offboard(command) => &command.about,
            Self::TemporaryPass(command) => &command.about,
            Self::Licenses(command) => &command.about,
            Self::Groups(command) => &command.about,
            Self::Roles(command) => &command.about,
        })
    }
}

/// How a plan is shown and run.
#[derive(Debug, Args, Clone)]
pub(crate) struct Change {
    /// The tenant, by id, name or a domain; else that of the stored user of this name. `rehire` and `--resume` know it.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// Run the plan; without this it is only shown.
    #[arg(long)]
    pub(crate) apply: bool,
    /// Go on with the stored plan of this id.
    #[arg(long, value_name = "ID", conflicts_with = "apply", group = "going_on")]
    pub(crate) resume: Option<String>,
    /// Go on at once, though another program may hold the plan: it is known to have ended.
    #[arg(long, requires = "going_on")]
    pub(crate) take_over: bool,
    /// Store the plan to be run at this moment or later, such as `2026-03-01T08:00:00Z`; `users plans --run` runs it.
    #[arg(long, value_name = "TIME", conflicts_with_all = ["apply", "resume"])]
    pub(crate) at: Option<String>,
    /// Store the plan to wait until another person lets it run with `users approve`.
    #[arg(long, conflicts_with_all = ["apply", "resume"])]
    pub(crate) second_person: bool,
    /// In whose name, as the activity log keeps it; else the name of the account that runs this.
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
    /// An account for emergencies that is left alone by this plan, also when it is run later, by name or object id; may be
    /// repeated. `users protect` names those that every plan leaves alone.
    #[arg(long, value_name = "USER")]
    pub(crate) protect: Vec<String>,
    /// Seal passwords and passes to the public key in this file (32 bytes of X25519 in base64) instead of showing them.
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) seal_to: Option<PathBuf>,
}

/// The user that is there already, and how the plan is shown and run.
#[derive(Debug, Args)]
pub(crate) struct About {
    /// User principal name or object id.
    #[arg(value_name = "USER", required_unless_present_any = ["resume", "users", "filter", "view"])]
    pub(crate) user: Option<String>,
    #[command(flatten)]
    pub(crate) many: Many,
    #[command(flatten)]
    pub(crate) change: Change,
}

/// Many users in place of one, each with a plan of its own; with `--json` a line for each and one for all.
#[derive(Debug, Args)]
pub(crate) struct Many {
    /// The users of this file: a line `TENANT,USER` for each, or, with `--tenant`, `USER` alone.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["user", "filter", "view"])]
    pub(crate) users: Option<PathBuf>,
    /// The users of the list that meet this condition, as `users list --filter` takes it; may be repeated.
    #[arg(long, value_name = "CONDITION", conflicts_with = "user")]
    pub(crate) filter: Vec<String>,
    /// The users of the list that a saved view shows.
    #[arg(long, value_name = "FILE", conflicts_with = "user")]
    pub(crate) view: Option<PathBuf>,
    /// Go on with the run of this id, as it was printed when it began; what is done is skipped.
    #[arg(
        long,
        value_name = "RUN",
        conflicts_with = "user",
        requires = "apply",
        group = "going_on"
    )]
    pub(crate) go_on: Option<String>,
}

impl Many {
    /// Whether many users were chosen.
    pub(crate) fn is_chosen(&self) -> bool {
        self.users.is_some() || !self.filter.is_empty() || self.view.is_some()
    }
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The name for signing in, in a verified domain of the tenant.
    #[arg(value_name = "USER", required_unless_present_any = ["resume", "csv"])]
    pub(crate) user: Option<String>,
    /// The name shown.
    #[arg(long, value_name = "NAME", required_unless_present_any = ["resume", "csv"])]
    pub(crate) name: Option<String>,
    /// Make every user of this CSV file, with `displayName` and `userPrincipalName` and any property by Microsoft's
    /// name in its line of headers; all get what else is given here. Who was made from such a file before is skipped.
    /// With `--json` a line for each and one for all.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["user", "name", "resume"], group = "going_on")]
    pub(crate) csv: Option<PathBuf>,
    /// A property and its value, by Microsoft's name, such as `jobTitle=Engineer`; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// The object id of the manager.
    #[arg(long, value_name = "ID")]
    pub(crate) manager: Option<String>,
    /// The id of a product; may be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) license: Vec<String>,
    /// The object id of a group; may be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) group: Vec<String>,
    /// The name or the template id of a directory role; may be repeated.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
    /// With `--apply` or `--resume`: stop once this stage is over, so that somebody looks before the next. `--resume` with
    /// the id that is printed goes on.
    #[arg(long, value_name = "STAGE", value_enum, conflicts_with_all = ["csv", "at", "second_person"])]
    pub(crate) until: Option<Until>,
    #[command(flatten)]
    pub(crate) change: Change,
}

/// Stages of making a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Until {
    /// The user with all details, and the manager.
    Details,
    /// Roles and licences, too.
    Licences,
    /// Groups, too: all of it.
    Groups,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    pub(crate) about: About,
    /// A property and its value, by Microsoft's name, such as `jobTitle=Engineer`; without a value it is cleared. May be
    /// repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// The object id of the manager.
    #[arg(long, value_name = "ID", conflicts_with = "no_manager")]
    pub(crate) manager: Option<String>,
    /// Take the manager away.
    #[arg(long)]
    pub(crate) no_manager: bool,
    /// Write nothing where somebody else has changed one of the properties since; without this the last writer wins.
    #[arg(long)]
    pub(crate) unless_changed: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Offboard {
    #[command(flatten)]
    pub(crate) about: About,
    #[command(flatten)]
    pub(crate) leaving: Leaving,
}

/// What an offboarding takes.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that is there or not"
)]
pub(crate) struct Leaving {
    /// Forbid signing in.
    #[arg(long)]
    pub(crate) block: bool,
    /// End all sessions.
    #[arg(long)]
    pub(crate) revoke: bool,
    /// Set a new password, which nobody is told.
    #[arg(long)]
    pub(crate) reset_password: bool,
    /// Take the directory roles.
    #[arg(long)]
    pub(crate) remove_roles: bool,
    /// Take the licences.
    #[arg(long)]
    pub(crate) remove_licenses: bool,
    /// Take out of the groups.
    #[arg(long)]
    pub(crate) leave_groups: bool,
    /// Delete the user, who can be restored for 30 days.
    #[arg(long)]
    pub(crate) delete: bool,
    /// The object id of who becomes the manager of the user's reports.
    #[arg(long, value_name = "ID")]
    pub(crate) hand_reports_to: Option<String>,
    /// Disable the devices of the user, which a rehire allows again.
    #[arg(long, conflicts_with = "delete_devices")]
    pub(crate) disable_devices: bool,
    /// Delete the devices of the user from the directory, for good.
    #[arg(long)]
    pub(crate) delete_devices: bool,
    /// With `--delete`: who becomes the owner of groups that have no other, by object id, or `manager`.
    #[arg(long, value_name = "ID|manager", conflicts_with = "leave_ownerless")]
    pub(crate) hand_groups_to: Option<String>,
    /// With `--delete`: groups that have no other owner may be left without one.
    #[arg(long)]
    pub(crate) leave_ownerless: bool,
    /// Note that mail is to be forwarded to this address, which a person sets in Exchange.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) forward_mail_to: Option<String>,
}

impl Leaving {
    /// Whether devices are to be read for it.
    pub(crate) const fn has_devices(&self) -> bool {
        self.disable_devices || self.delete_devices
    }
}

#[derive(Debug, Args)]
pub(crate) struct Rehire {
    /// The id of the plan that took the user's access away, as `offboard --apply` printed it.
    #[arg(value_name = "PLAN", required_unless_present = "resume")]
    pub(crate) plan: Option<String>,
    #[command(flatten)]
    pub(crate) change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct OfStored {
    /// The id of the plan, as `--apply` printed it.
    #[arg(value_name = "PLAN", required_unless_present = "resume")]
    pub(crate) plan: Option<String>,
    #[command(flatten)]
    pub(crate) change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct TemporaryPass {
    #[command(flatten)]
    pub(crate) about: About,
    /// How long it lasts, in minutes; else as the tenant's policy says.
    #[arg(long, value_name = "N")]
    pub(crate) minutes: Option<i64>,
    /// It serves once.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Licenses {
    #[command(flatten)]
    pub(crate) about: About,
    /// The id of a product to give; may be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) add: Vec<String>,
    /// A service plan that stays off in what is given, by id or name such as `TEAMS1`; may be repeated.
    #[arg(long, value_name = "PLAN", requires = "add")]
    pub(crate) without: Vec<String>,
    /// The id of a product to take; may be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) remove: Vec<String>,
    /// The two-letter country that is set where the user has none.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) usage_location: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Groups {
    #[command(flatten)]
    pub(crate) about: About,
    /// The object id of a group to join; may be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) add: Vec<String>,
    /// The object id of a group to leave; may be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) remove: Vec<String>,
    /// Groups that roles can be given to are meant.
    #[arg(long)]
    pub(crate) for_roles: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Roles {
    #[command(flatten)]
    pub(crate) about: About,
    /// The name or the template id of a role to give; may be repeated.
    #[arg(long, value_name = "ROLE")]
    pub(crate) add: Vec<String>,
    /// The name or the template id of a role to take; may be repeated.
    #[arg(long, value_name = "ROLE")]
    pub(crate) remove: Vec<String>,
}
