//! A file that takes its place once it is whole.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// A file that is written beside its place. Unless it is kept, nothing of it stays, and what was in the place is there as
/// before.
pub(super) struct Beside {
    place: PathBuf,
    /// Where it is until then; `None` where the place is no file that could be replaced, such as a pipe.
    part: Option<PathBuf>,
    out: File,
}

impl Beside {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        // What a link leads to is replaced, not the link.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let there = fs::metadata(&place).ok();
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            let out = OpenOptions::new().write(true).open(&place)?;
            return Ok(Self {
                place,
                part: None,
                out,
            });
        }
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let part = place.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let out = OpenOptions::new().write(true).create_new(true).open(&part)?;
        let beside = Self {
            place,
            part: Some(part),
            out,
        };
        if let Some(there) = there {
            // Who could not read the file before cannot read it now.
            beside.out.set_permissions(there.permissions())?;
        }
        Ok(beside)
    }

    pub(super) const fn out(&mut self) -> &mut File {
        &mut self.out
    }

    /// Puts the file into its place.
    pub(super) fn keep(mut self) -> io::Result<()> {
        if let Some(part) = &self.part {
            self.out.sync_all()?;
            fs::rename(part, &self.place)?;
            self.part = None;
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            let _ = fs::remove_file(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_takes_its_place_only_where_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("users.csv");
        let names = || fs::read_dir(folder.path()).unwrap().count();
        fs::write(&place, "before").unwrap();

        let mut dropped = Beside::create(&place).unwrap();
        dropped.out().write_all(b"half").unwrap();
        drop(dropped);
        assert_eq!(
            (fs::read_to_string(&place).unwrap().as_str(), names()),
            ("before", 1)
        );

        let mut kept = Beside::create(&place).unwrap();
        kept.out().write_all(b"whole").unwrap();
        kept.keep().unwrap();
        assert_eq!(
            (fs::read_to_string(&place).unwrap().as_str(), names()),
            ("whole", 1)
        );
    }

    #[cfg(unix)]
    #[test]
    fn the_new_file_is_as_private_as_the_old_one_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().unwrap();
        let (place, link) = (folder.path().join("users.csv"), folder.path().join("link.csv"));
        fs::write(&place, "before").unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o600)).unwrap();
        symlink(&place, &link).unwrap();

        Beside::create(&link).unwrap().keep().unwrap();

        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&place).unwrap(), "");
    }
}
