//! What the house tests look at: the files of the repository and the dependencies of its crates.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// All files below a folder whose name ends so, apart from build output and version control.
pub fn files(below: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(below) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && name != "target" && name != ".git" {
            found.extend(files(&path, ending));
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The member packages of the workspace.
///
/// # Errors
/// Where cargo cannot read the workspace.
pub fn packages() -> Result<Vec<Package>, cargo_metadata::Error> {
    let metadata = MetadataCommand::new()
        .no_deps()
        .other_options(["--offline".to_owned()])
        .current_dir(root())
        .exec()?;
    Ok(metadata.packages)
}

/// The names of all packages that are built on this machine for one of ours to be used, those of others and their needs
/// included.
///
/// # Errors
/// Where cargo cannot be run, or says no; its words are in the error.
pub fn builds(package: &str) -> io::Result<BTreeSet<String>> {
    // `cargo metadata` wants the packages of every platform downloaded, which a fresh machine without a network lacks.
    let told = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "no-dev", "--prefix", "none"])
        .args(["--package", package, "--format", "{p}"])
        .current_dir(root())
        .output()?;
    if !told.status.success() {
        return Err(io::Error::other(
            String::from_utf8_lossy(&told.stderr).into_owned(),
        ));
    }
    let lines = String::from_utf8_lossy(&told.stdout).into_owned();
    let names = lines.lines().filter_map(|line| line.split_whitespace().next());
    Ok(names.map(str::to_owned).collect())
}

/// The names a package needs at run time (not those of its tests).
pub fn needs(package: &Package) -> Vec<String> {
    let normal = package
        .dependencies
        .iter()
        .filter(|needed| needed.kind != DependencyKind::Development);
    normal.map(|needed| needed.name.clone()).collect()
}
