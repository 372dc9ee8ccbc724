//! What `msp365 match` takes on files of a million lines, some of which are not as they should be.
//!
//! `cargo build --release -p msp365-cli`, then `cargo bench -p msp365-scale --bench files [organizations|contacts|devices] [LINES]`.
//! It writes the files into a folder of its own, and reads the rows as they come.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench ends at the first failure, prints, and measures time"
)]

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use msp365_scale::chance::Dice;

const LINES: usize = 1_000_000;
/// One line in so many has no name, and the one after it has letters that are not UTF-8.
const BAD: usize = 10_000;
/// So many lines of a file have a cell of a mebibyte.
const HUGE: usize = 3;
/// People of one tenant.
const PEOPLE: usize = 100;
/// Memory is looked at whenever so many rows were read.
const LOOK: usize = 1_000;

const SYLLABLES: &str =
    "al|bar|cor|dan|el|far|gol|han|is|jor|kel|lun|mar|nor|os|pel|quin|ros|sil|tor|ul|ver|wen|yor|zan";
const TRADES: &str = "Bakery|Consulting|Dental|Engineering|Foods|Garden|Holdings|Imports|Joinery|Kitchens|Legal|Media|Nursery|\
                      Optics|Plumbing|Roofing|Software|Travel|Upholstery|Veterinary|Windows";
const FORMS: &str = "Ltd|GmbH|Inc|B.V.|S.A.|AB|";

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let lines = arguments
        .iter()
        .find_map(|word| word.parse().ok())
        .unwrap_or(LINES);
    let wanted = arguments.iter().find(|word| word.parse::<usize>().is_err());
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (kind, write) in [
        ("organizations", organizations as fn(&Path, usize)),
        ("contacts", contacts),
        ("devices", devices),
    ] {
        if wanted.is_none_or(|wanted| wanted == kind) {
            write(folder, lines);
            run(kind, folder);
        }
    }
}

/// Lines of which some are bad.
struct Lines {
    file: BufWriter<File>,
    written: usize,
}

impl Lines {
    fn new(folder: &Path, name: &str, header: &str) -> Self {
        let mut file = BufWriter::new(File::create(folder.join(name)).unwrap());
        writeln!(file, "{header}").unwrap();
        Self { file, written: 0 }
    }

    fn push(&mut self, id: &str, name: &str, rest: &str) {
        let at = self.written % BAD;
        self.written += 1;
        let name: Vec<u8> = match at {
            0 if self.written / BAD < HUGE => vec![b'x'; 1 << 20],
            1 => Vec::new(),
            2 => [name.as_bytes(), b" M\xfcller"].concat(),
            _ => name.as_bytes().to_vec(),
        };
        write!(self.file, "{id},").unwrap();
        self.file.write_all(&name).unwrap();
        writeln!(self.file, ",{rest}").unwrap();
    }
}

fn word(dice: &mut Dice) -> String {
    let word: String = (0..3).map(|_| dice.word(SYLLABLES).to_owned()).collect();
    word[..1].to_uppercase() + &word[1..]
}

/// Seven in ten are there under another legal form, one with a typo, one under another name with the same domain.
fn organizations(folder: &Path, lines: usize) {
    let mut dice = Dice::new(7, "organizations");
    let mut ours = Lines::new(folder, "ours.csv", "id,name,domains");
    let mut theirs = Lines::new(folder, "theirs.csv", "id,name,domains");
    for number in 0..lines {
        let name = format!("{} {} {}", word(&mut dice), word(&mut dice), dice.word(TRADES));
        let domain = format!("d{number}.example");
        ours.push(
            &format!("t-{number:07}"),
            &format!("{name} {}", dice.word(FORMS)),
            &domain,
        );
        let (other, domain) = match number % 10 {
            0 => (word(&mut dice), domain),
            1 => (name[1..].to_owned(), String::new()),
            2 => (
                format!("{} {}", word(&mut dice), dice.word(TRADES)),
                String::new(),
            ),
            _ => (name, String::new()),
        };
        theirs.push(&format!("o-{number:07}"), &other, &domain);
    }
}

/// Seven in ten are there with an address, one by name alone, one with an address that another has, too.
fn contacts(folder: &Path, lines: usize) {
    let mut dice = Dice::new(7, "contacts");
    let mut ours = Lines::new(
        folder,
        "ours.csv",
        "id,display_name,tenant,user_principal_name,proxy_addresses",
    );
    let mut theirs = Lines::new(folder, "theirs.csv", "id,name,organization,emails");
    let mut homes = BufWriter::new(File::create(folder.join("homes.csv")).unwrap());
    writeln!(homes, "tenant,organization").unwrap();
    for number in 0..lines {
        let home = number / PEOPLE;
        if number % PEOPLE == 0 {
            writeln!(homes, "t-{home},o-{home}").unwrap();
        }
        let name = format!("{} {}", word(&mut dice), word(&mut dice));
        let address = format!(
            "{}.{number}@d{home}.example",
            name.replace(' ', ".").to_lowercase()
        );
        let other = format!("p{number}@d{home}.example");
        let rest = format!("t-{home},{address},SMTP:{address} smtp:{other}");
        ours.push(&format!("u-{number:07}"), &name, &rest);
        let (name, email) = match number % 10 {
            0 => (name, String::new()),
            1 => (name, format!("p{}@d{home}.example", number + 1)),
            2 => (word(&mut dice), String::new()),
            _ => (name, other),
        };
        theirs.push(&format!("c-{number:07}"), &name, &format!("o-{home},{email}"));
    }
}

/// Seven in ten are there with their serial number, one by name alone, one renamed, one not at all.
fn devices(folder: &Path, lines: usize) {
    let mut dice = Dice::new(7, "devices");
    let header = "id,hostname,serial,user_principal_name,os,last_seen";
    let mut ours = Lines::new(folder, "ours.csv", header);
    let mut theirs = Lines::new(folder, "theirs.csv", "id,hostname,serial,last_user,os,last_seen");
    for number in 0..lines {
        let name = format!("LT-{}-{number:07}", dice.code(3));
        let serial = dice.code(10);
        let rest = format!("{serial},user{number}@contoso.example,Windows,2026-03-01T00:00:00Z");
        ours.push(&format!("d-{number:07}"), &name, &rest);
        let (name, serial) = match number % 10 {
            0 => (name.to_lowercase(), String::new()),
            1 => (format!("NEW-{}", dice.code(8)), serial),
            2 => (format!("OTHER-{}", dice.code(8)), dice.code(10)),
            _ => (format!("{name}.contoso.example"), serial),
        };
        let rest = format!("{serial},CONTOSO\\user{number},Windows 11,2026-03-01T00:00:00Z");
        theirs.push(&format!("r-{number:07}"), &name, &rest);
    }
}

/// Runs the command, and tells what it took.
fn run(kind: &str, folder: &Path) {
    let start = Instant::now();
    let mut command = Command::new(binary());
    command
        .args(["match", kind, "--ours"])
        .arg(folder.join("ours.csv"));
    command.arg("--theirs").arg(folder.join("theirs.csv"));
    if kind == "contacts" {
        command.arg("--organizations").arg(folder.join("homes.csv"));
    }
    // What is said of bad lines is short, and waits in the pipe until the rows are read.
    let mut running = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(running.stdout.take().unwrap());
    let (mut rows, mut certain, mut peak, mut first) = (0_usize, 0_usize, 0, None);
    let mut line = String::new();
    while out.read_line(&mut line).unwrap() > 0 {
        if rows % LOOK == 1 {
            first.get_or_insert_with(|| start.elapsed());
            peak = peak.max(memory(running.id()));
        }
        rows += 1;
        certain += usize::from(line.contains(",certain,"));
        line.clear();
    }
    let mut said = String::new();
    running.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let ended = running.wait().unwrap();
    println!(
        "{kind}: {rows} rows, {certain} certain; the first after {:.1} s, all after {:.1} s; peak memory {peak} MiB; {ended}",
        first.unwrap_or_default().as_secs_f64(),
        start.elapsed().as_secs_f64(),
    );
    println!("    {}", said.lines().last().unwrap_or_default());
}

/// The command, where `cargo build --release` puts it.
fn binary() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().join("msp365")
}

/// The most memory that a process had so far, in mebibytes; 0 where the system does not say.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
