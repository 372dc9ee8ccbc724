//! The decision tables, as they stand in the files beside: who needs what, who reaches whom, what goes ill together.

use std::sync::LazyLock;

use msp365_graph::roles;

static TASKS: LazyLock<Vec<Task>> = LazyLock::new(|| {
    rows(include_str!("data/tasks.tsv"))
        .map(|cells| Task::read(&cells))
        .collect()
});
static NARROW: LazyLock<Vec<Narrow>> = LazyLock::new(|| {
    rows(include_str!("data/narrow.tsv"))
        .map(|cells| Narrow::read(&cells))
        .collect()
});
static REACHES: LazyLock<Vec<Reach>> = LazyLock::new(|| {
    rows(include_str!("data/reach.tsv"))
        .filter_map(|cells| Reach::read(&cells))
        .collect()
});
static PLANS: LazyLock<Vec<PlanRule>> = LazyLock::new(|| {
    rows(include_str!("data/plans.tsv"))
        .filter_map(|cells| PlanRule::read(&cells))
        .collect()
});

/// Which matrix says on whom something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matrix {
    /// Who can reset passwords and end sessions.
    Reset,
    /// Who can perform sensitive actions.
    Sensitive,
    /// Who can change how somebody signs in.
    Methods,
}

impl Matrix {
    fn named(name: &str) -> Option<Self> {
        match name {
            "reset" => Some(Self::Reset),
            "sensitive" => Some(Self::Sensitive),
            "methods" => Some(Self::Methods),
            _ => None,
        }
    }
}

/// What one kind of change asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) name: &'static str,
    pub(super) matrix: Option<Matrix>,
    /// Alternatives; of each, all are needed.
    pub(super) scopes: Vec<Vec<&'static str>>,
    /// The same for an application that acts for itself, where it differs; none: it cannot.
    own: Option<Vec<Vec<&'static str>>>,
    /// Template ids, the least role first; a role by another name than Microsoft's is left out.
    pub(super) roles: Vec<&'static str>,
}

impl Task {
    fn read(cells: &[&'static str]) -> Self {
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        Self {
            name: cell(0),
            matrix: Matrix::named(cell(1)),
            scopes: list(cell(2)).map(together).collect(),
            roles: ids(cell(3)),
            own: match cell(4) {
                "" => None,
                "-" => Some(Vec::new()),
                some => Some(list(some).map(together).collect()),
            },
        }
    }

    /// The alternatives of permissions, delegated or of the application itself.
    pub(super) fn permissions(&self, is_direct: bool) -> &[Vec<&'static str>] {
        let own = self.own.as_ref().filter(|_| is_direct);
        own.unwrap_or(&self.scopes)
    }

    /// The task of this name. One that the table lacks asks for what nobody has.
    pub(super) fn named(name: &'static str) -> Self {
        let found = TASKS.iter().find(|task| task.name == name);
        found.cloned().unwrap_or(Self {
            name,
            ..Self::default()
        })
    }

    /// The same, which takes these permissions as well.
    pub(super) fn or_scopes(mut self, more: impl IntoIterator<Item = Vec<&'static str>>) -> Self {
        self.scopes.extend(more);
        self
    }
}

/// A permission for some properties of users.
#[derive(Debug)]
struct Narrow {
    scopes: Vec<&'static str>,
    properties: Vec<&'static str>,
}

impl Narrow {
    fn read(cells: &[&'static str]) -> Self {
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        Self {
            scopes: together(cell(0)),
            properties: list(cell(1)).collect(),
        }
    }
}

/// Permissions that serve for these properties and no others.
pub(super) fn narrow(properties: &[String]) -> Vec<Vec<&'static str>> {
    let fits = |one: &&Narrow| {
        properties
            .iter()
            .all(|name| one.properties.contains(&name.as_str()))
    };
    let some = NARROW.iter().filter(|_| !properties.is_empty());
    some.filter(fits).map(|one| one.scopes.clone()).collect()
}

/// One row of a matrix.
#[derive(Debug)]
pub(super) struct Reach {
    pub(super) matrix: Matrix,
    pub(super) role: &'static str,
    /// Template ids that a target may hold.
    pub(super) reached: Vec<&'static str>,
}

impl Reach {
    fn read(cells: &[&'static str]) -> Option<Self> {
        let [matrix, role, reached] = cells else {
            return None;
        };
        Some(Self {
            matrix: Matrix::named(matrix)?,
            role: id_of(role)?,
            reached: ids(reached),
        })
    }
}

/// The rows of a matrix.
pub(super) fn reaches(matrix: Matrix) -> impl Iterator<Item = &'static Reach> {
    REACHES.iter().filter(move |row| row.matrix == matrix)
}

/// What goes ill together.
#[derive(Debug)]
pub(super) enum PlanRule {
    /// A user has one of these at most.
    OneOf(Vec<&'static str>),
    /// The first needs one of the others.
    Needs(&'static str, Vec<&'static str>),
}

impl PlanRule {
    fn read(cells: &[&'static str]) -> Option<Self> {
        let [kind, plans] = cells else {
            return None;
        };
        let mut plans: Vec<_> = list(plans).collect();
        match *kind {
            "one_of" => Some(Self::OneOf(plans)),
            "needs" if plans.len() > 1 => Some(Self::Needs(plans.remove(0), plans)),
            _ => None,
        }
    }
}

pub(super) fn plan_rules() -> &'static [PlanRule] {
    &PLANS
}

/// The template id of a built-in role by its name.
pub(super) fn id_of(name: &str) -> Option<&'static str> {
    roles::all().find(|role| role.name == name).map(|role| role.id)
}

/// The lines of a table that are no comments, cell by cell.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect())
}

fn list(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split(", ").filter(|one| !one.is_empty())
}

fn together(scopes: &'static str) -> Vec<&'static str> {
    scopes.split('+').collect()
}

fn ids(names: &'static str) -> Vec<&'static str> {
    list(names).filter_map(id_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_tables_is_known() {
        let names =
            |table: &'static str, cell: usize| rows(table).map(move |cells| list(cells[cell]).count());
        let tasks: Vec<_> = names(include_str!("data/tasks.tsv"), 3).collect();
        let reaches: Vec<_> = names(include_str!("data/reach.tsv"), 2).collect();

        assert_eq!(
            TASKS.iter().map(|task| task.roles.len()).collect::<Vec<_>>(),
            tasks
        );
        assert_eq!(
            REACHES.iter().map(|row| row.reached.len()).collect::<Vec<_>>(),
            reaches
        );
        assert_eq!(PLANS.len(), rows(include_str!("data/plans.tsv")).count());
        assert!(
            TASKS
                .iter()
                .all(|task| !task.scopes.is_empty() && !task.roles.is_empty())
        );
    }

    #[test]
    fn global_administrators_do_everything() {
        let global = msp365_partner::roles::GLOBAL_ADMINISTRATOR;

        assert!(TASKS.iter().all(|task| task.roles.contains(&global)));
    }

    #[test]
    fn a_task_that_is_not_there_is_for_nobody() {
        assert!(Task::named("dance").roles.is_empty());
    }

    #[test]
    fn narrow_permissions_serve_for_their_properties_alone() {
        let of = |names: &[&str]| narrow(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());

        assert_eq!(
            of(&["mobilePhone", "businessPhones"]),
            [["User-Phone.ReadWrite.All"]]
        );
        assert!(of(&["mobilePhone", "jobTitle"]).is_empty());
        assert!(of(&[]).is_empty());
    }
}
