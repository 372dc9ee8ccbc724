//! From bytes to JSON text, with no tree between them.

use serde::Serialize;

use super::{
    outline::{Outline, Unset},
    reader::Reader,
    words::{ADDED, Name},
    writer::{FALSE, LIST, LONG_TEXT, NATURAL, NEGATIVE, NULL, OBJECT, REAL, TEXT, TRUE, WORD},
};

impl Reader<'_> {
    /// Writes what is told of an object.
    pub(super) fn write(&mut self, outline: &Outline, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut told = outline.members().iter().peekable();
        for number in self.names() {
            let Some(name) = self.name(*number) else {
                self.skip();
                continue;
            };
            while let Some((before, unset)) = told.next_if(|(own, _)| **own < *name.text) {
                absent(before, *unset, out);
            }
            match told.next_if(|(own, _)| **own == *name.text) {
                Some((_, unset)) if self.next_is(NULL) => {
                    self.skip();
                    null(&name.text, *unset, out);
                }
                None if !name.text.starts_with(ADDED) => self.skip(),
                _ => {
                    key(&name.text, out);
                    self.write_value(name, out);
                }
            }
        }
        for (name, unset) in told {
            absent(name, *unset, out);
        }
        out.push(b'}');
    }

    /// Writes all of an object.
    fn write_all(&mut self, out: &mut Vec<u8>) {
        out.push(b'{');
        for number in self.names() {
            match self.name(*number) {
                Some(name) => {
                    key(&name.text, out);
                    self.write_value(name, out);
                }
                None => self.skip(),
            }
        }
        out.push(b'}');
    }

    fn write_value(&mut self, name: &Name, out: &mut Vec<u8>) {
        match self.byte() {
            FALSE => out.extend_from_slice(b"false"),
            TRUE => out.extend_from_slice(b"true"),
            NATURAL => write_json(&self.number(), out),
            NEGATIVE => write_json(&0_i64.saturating_sub_unsigned(self.number()), out),
            REAL => write_json(&self.real(), out),
            WORD => text(name.word(self.byte()).as_bytes(), out),
            LONG_TEXT => {
                let length = self.number();
                text(self.take(length), out);
            }
            LIST => {
                let mut inner = self.inner();
                out.push(b'[');
                while !inner.is_empty() {
                    if !out.ends_with(b"[") {
                        out.push(b',');
                    }
                    inner.write_value(name, out);
                }
                out.push(b']');
            }
            OBJECT => self.inner().write_all(out),
            tag if tag >= TEXT => text(self.take(u64::from(tag & !TEXT)), out),
            _ => out.extend_from_slice(b"null"),
        }
    }
}

/// Writes what stands for a member that is not there.
fn absent(name: &str, unset: Unset, out: &mut Vec<u8>) {
    if unset != Unset::AsIs {
        null(name, unset, out);
    }
}

/// Writes what stands for a member that is null.
fn null(name: &str, unset: Unset, out: &mut Vec<u8>) {
    let value: &[u8] = match unset {
        Unset::Null | Unset::AsIs => b"null",
        Unset::EmptyList => b"[]",
        Unset::Absent => return,
    };
    key(name, out);
    out.extend_from_slice(value);
}

/// Writes the name of the next member.
fn key(name: &str, out: &mut Vec<u8>) {
    if !out.ends_with(b"{") {
        out.push(b',');
    }
    text(name.as_bytes(), out);
    out.push(b':');
}

fn text(bytes: &[u8], out: &mut Vec<u8>) {
    let is_plain = |byte: &u8| *byte >= b' ' && *byte != b'"' && *byte != b'\\';
    if bytes.iter().all(is_plain) {
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.push(b'"');
    } else {
        write_json(&String::from_utf8_lossy(bytes), out);
    }
}

/// Writes a value that is no object of the world.
pub(crate) fn write_json(value: &impl Serialize, out: &mut Vec<u8>) {
    // Memory takes whatever is written, and no value here has keys that are not texts.
    if let Ok(text) = serde_json::to_vec(value) {
        out.extend_from_slice(&text);
    }
}
