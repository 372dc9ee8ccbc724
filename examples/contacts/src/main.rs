//! The import of a documentation tool, end to end on a simulated cloud: preview, decisions, writing, a second pass with
//! nothing to do, renames and deletions on both sides.
//!
//! `cargo run -p msp365-contacts [FOLDER]`; the tool's files are in the folder afterwards.
#![allow(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use std::path::PathBuf;

use msp365_contacts::{import::Done, story};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(|| std::env::temp_dir().join("msp365-contacts"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let story = story::play(&folder).await?;
    let look = &story.first_look;
    println!(
        "Preview: {} linked, {} would be made, {} rows of likely duplicates, {} of the tool's own.",
        look.matched.len(),
        look.would_create.len(),
        look.likely_duplicates.len(),
        look.theirs_only.len()
    );
    for row in &look.likely_duplicates {
        let reason = row.evidence.first().map_or("", |reason| reason.text.as_str());
        println!(
            "    {} may be {}: {reason}",
            row.ours,
            row.theirs.as_deref().unwrap_or("nobody")
        );
    }
    told("First pass", story.first);
    told("Second pass", story.second);
    println!("After renames and deletions on both sides, for a person to look at:");
    for row in &story.later.broken {
        let reason = row.evidence.first().map_or("", |reason| reason.text.as_str());
        println!(
            "    {} and {}: {reason}",
            row.ours,
            row.theirs.as_deref().unwrap_or("nobody")
        );
    }
    told("Third pass", story.third);
    told("Last pass, when the person has looked at them", story.last);
    println!("The decisions:\n{}", story.file);
    println!("The tool's files are in {}.", folder.display());
    Ok(())
}

fn told(pass: &str, done: Done) {
    let Done {
        linked,
        created,
        laid,
        broken,
    } = done;
    println!(
        "{pass}: {created} made, {linked} linked, Microsoft's facts laid over {laid}, {broken} links are broken."
    );
}
