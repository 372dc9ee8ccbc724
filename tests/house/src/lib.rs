//! What the house tests look at: the files of the repository and the dependencies of its crates.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
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

/// The names of all packages that are built for one of ours to be used, those of others and their needs included.
///
/// # Errors
/// Where cargo cannot read the workspace.
pub fn builds(package: &str) -> Result<BTreeSet<String>, cargo_metadata::Error> {
    let metadata = MetadataCommand::new()
        .other_options(["--offline".to_owned()])
        .current_dir(root())
        .exec()?;
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let needs: BTreeMap<_, Vec<_>> = nodes
        .map(|node| {
            let runs = node.deps.iter().filter(|needed| {
                let mut kinds = needed.dep_kinds.iter();
                kinds.any(|kind| kind.kind != DependencyKind::Development)
            });
            (&node.id, runs.map(|needed| &needed.pkg).collect())
        })
        .collect();
    let names: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.to_string()))
        .collect();
    let mut open: Vec<_> = names
        .iter()
        .filter(|(_, name)| *name == package)
        .map(|(id, _)| *id)
        .collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(needs.get(id).into_iter().flatten());
        }
    }
    Ok(found.iter().filter_map(|id| names.get(id).cloned()).collect())
}

/// The names a package needs at run time (not those of its tests).
pub fn needs(package: &Package) -> Vec<String> {
    let normal = package
        .dependencies
        .iter()
        .filter(|needed| needed.kind != DependencyKind::Development);
    normal.map(|needed| needed.name.clone()).collect()
}
