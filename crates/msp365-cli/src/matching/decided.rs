//! What people decided: laid over the rows, written, entered.

use std::{
    collections::HashSet,
    fs,
    io::{ErrorKind as Io, Write},
    path::Path,
};

use msp365::{
    Deciding, ErrorKind,
    actions::ActivityLog,
    matching::{
        Pair, Verdict,
        decisions::{self, BadLine, Decision, Ends, Review, Reviewed, Said, Standing},
    },
    store::{MatchKind, Store},
    sync::matching as stored,
};

use super::{answer::Answer, sheet::Bad};
use crate::{
    args::{Global, Kind, MatchDecide, MatchDecisions, MatchFiles, Rows},
    failure::Failure,
    output, session,
};

impl Kind {
    const fn stored(self) -> MatchKind {
        match self {
            Self::Organizations => MatchKind::Organizations,
            Self::Devices => MatchKind::Devices,
            Self::Contacts => MatchKind::Contacts,
        }
    }
}

/// Decisions of one kind, and which of the records that they name are there.
#[derive(Default)]
pub(super) struct Decided {
    decisions: Vec<Decision>,
    named: HashSet<String>,
    ours: Vec<String>,
    theirs: Vec<String>,
    /// Whether rows say how they came about.
    is_shown: bool,
}

impl Decided {
    /// Those of the file, and of the database, if the records are read from there; the file goes first.
    pub(super) async fn read(
        kind: Kind,
        files: &MatchFiles,
        store: Option<&dyn Store>,
        bad: &mut Bad,
    ) -> Result<Self, Failure> {
        let mut known = match store {
            Some(store) => stored::decided(store, kind.stored())
                .await
                .map_err(msp365::Error::from)?,
            None => Vec::new(),
        };
        if let Some(file) = &files.decisions {
            let (mut said, wrong) = decisions::read(&text(file)?);
            note(bad, file, wrong);
            said.retain(|decision| decision.kind == kind.stored().as_str());
            for decision in said {
                known.retain(|old| !decision.replaces(old));
                known.push(decision);
            }
        }
        let named = known.iter().flat_map(|decision| {
            let theirs = decision.theirs.clone();
            [Some(decision.ours.clone()), theirs].into_iter().flatten()
        });
        Ok(Self {
            named: named.collect(),
            is_shown: files.decisions.is_some() || store.is_some(),
            decisions: known,
            ..Self::default()
        })
    }

    /// Notes that a record of ours is there.
    pub(super) fn ours(&mut self, id: &str) {
        if self.named.contains(id) {
            self.ours.push(id.to_owned());
        }
    }

    /// Notes that a record of theirs is there.
    pub(super) fn theirs(&mut self, id: &str) {
        if self.named.contains(id) {
            self.theirs.push(id.to_owned());
        }
    }

    /// Writes the rows that `found` yields, those of one record of ours side by side, as far as they are wanted.
    pub(super) fn write(
        &self,
        global: &Global,
        list: Rows,
        found: impl FnOnce(&mut dyn FnMut(Pair) -> Result<bool, Failure>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let ends = Ends::of(&self.ours, &self.theirs);
        let review = Review::of(&[], &self.decisions, &ends);
        let mut answer = Answer::begin(global, self.is_shown)?;
        let mut of_one: Vec<Pair> = Vec::new();
        let mut take = |pair: Pair| {
            if of_one.first().is_none_or(|first| first.ours == pair.ours) {
                of_one.push(pair);
                return Ok(true);
            }
            let whole = std::mem::replace(&mut of_one, vec![pair]);
            put(&mut answer, list, &review.rows(whole))
        };
        found(&mut take)?;
        put(&mut answer, list, &review.rows(of_one))?;
        put(&mut answer, list, &review.gone())?;
        answer.finish()
    }
}

/// Writes the wanted ones of the rows of one record. Answers whether more are wanted.
fn put(answer: &mut Answer, list: Rows, rows: &[Reviewed]) -> Result<bool, Failure> {
    let is_candidate = |row: &&Reviewed| {
        row.standing == Standing::Open && matches!(row.pair.verdict, Verdict::Suggested | Verdict::Ambiguous)
    };
    let wanted: Vec<&Reviewed> = match list {
        Rows::All => rows.iter().collect(),
        Rows::Candidates => rows.iter().filter(is_candidate).collect(),
        Rows::Unmatched if rows.iter().all(Reviewed::is_unmatched) => {
            let best = rows.iter().find(is_candidate).or(rows.first());
            best.into_iter().collect()
        }
        Rows::Unmatched => Vec::new(),
    };
    for row in wanted {
        if !answer.row(&row.pair, row.standing)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Runs `match decide`.
pub(super) async fn decide(global: &Global, command: MatchDecide) -> Result<(), Failure> {
    let kind = command.kind.stored();
    let said = command.said;
    let (word, theirs) = [
        (Said::Linked, said.link),
        (Said::Created, said.created),
        (Said::Refused, said.refuse),
    ]
    .into_iter()
    .find_map(|(word, theirs)| Some((word, Some(theirs?))))
    .unwrap_or((Said::Ignored, None));
    if command.ours.is_empty() || theirs.as_ref().is_some_and(String::is_empty) {
        return Err(Failure::usage("an id is empty").remedy("name a record of each side"));
    }
    let mut decision = Decision::new(kind.as_str(), command.ours, word)
        .by(command.by)
        .at(session::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .note(command.note);
    decision.theirs = theirs;
    let Some(file) = &command.decisions else {
        let store = session::store(global).await?;
        if decision.said == Said::Created && !command.anyway {
            is_no_duplicate(&*store, kind, &decision).await?;
        }
        let log = session::log_if_keyed(&store).await?;
        let actor = session::actor(None);
        let deciding = Deciding::new(&*store, log.as_ref()).in_name_of(&actor);
        deciding.decide(kind, &[decision]).await?;
        say_unrecorded(global, log.as_ref());
        return Ok(());
    };
    let before = match fs::read_to_string(file) {
        Err(error) if error.kind() == Io::NotFound => String::new(),
        read => read.map_err(|error| unreadable(file, &error))?,
    };
    let (mut known, wrong) = decisions::read(&before);
    if let Some(BadLine { line, why, .. }) = wrong.first() {
        return Err(
            Failure::usage(format!("`{}`, line {line}: {why}", file.display()))
                .remedy("mend the line first; writing the file would lose it"),
        );
    }
    known.retain(|old| !decision.replaces(old));
    known.push(decision);
    replace(file, &decisions::write(&known))
}

/// Refuses a record that was made although another may be it already.
async fn is_no_duplicate(store: &dyn Store, kind: MatchKind, decision: &Decision) -> Result<(), Failure> {
    let rows = stored::look_alikes(store, kind, &decision.ours)
        .await
        .map_err(msp365::Error::from)?;
    let others: Vec<_> = rows
        .iter()
        .filter_map(|row| Some((row.theirs.as_deref()?, row.score)))
        .filter(|(theirs, _)| Some(*theirs) != decision.theirs.as_deref())
        .map(|(theirs, score)| format!("{} ({score:.2})", output::shown(theirs)))
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        ErrorKind::Conflict,
        format!("records of the tool may be it already: {}", others.join(", ")),
    )
    .remedy("decide `--link` for the one it is, `--refuse` for those it is not, or add `--anyway`"))
}

/// Runs `match decisions`.
pub(super) async fn file(global: &Global, command: &MatchDecisions, bad: &mut Bad) -> Result<(), Failure> {
    let store = session::store(global).await?;
    if let Some(file) = &command.enter {
        let log = session::log_if_keyed(&store).await?;
        let actor = command.by.name();
        let deciding = Deciding::new(&*store, log.as_ref()).in_name_of(&actor);
        let entered = deciding.enter(&text(file)?).await?;
        say_unrecorded(global, log.as_ref());
        note(bad, file, entered.bad);
        return Ok(());
    }
    let all = stored::file(&*store).await.map_err(msp365::Error::from)?;
    match std::io::stdout().lock().write_all(all.as_bytes()) {
        Err(error) if error.kind() != Io::BrokenPipe => Err(Failure::new(
            ErrorKind::Other,
            format!("cannot write the decisions: {error}"),
        )),
        _ => Ok(()),
    }
}

/// Says that the activity log does not tell of decisions, where it has no key.
fn say_unrecorded(global: &Global, log: Option<&ActivityLog>) {
    if log.is_none() {
        output::note(global, &session::unrecorded(session::KEYLESS));
    }
}

fn text(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot read `{}`: {error}", file.display()))
}

/// Puts the text in place of the file at once, so that a mishap leaves the old one.
fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let written = fs::write(&name, text).and_then(|()| fs::rename(&name, file));
    written.map_err(|error| Failure::usage(format!("cannot write `{}`: {error}", file.display())))
}

fn note(bad: &mut Bad, file: &Path, wrong: Vec<BadLine>) {
    let name = file.display().to_string();
    for BadLine { line, why, .. } in wrong {
        bad.note(&name, u64::try_from(line).unwrap_or(u64::MAX), why);
    }
}
