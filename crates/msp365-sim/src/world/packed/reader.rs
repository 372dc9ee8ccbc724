//! From bytes to JSON.

use serde_json::Value;

use super::{
    words::{Name, Words},
    writer::{FALSE, LIST, LONG_TEXT, NATURAL, NEGATIVE, OBJECT, REAL, TEXT, TRUE, WORD},
};
use crate::world::Json;

/// Reads what the writer wrote, in the same process. Other bytes would read as nulls.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    left: &'a [u8],
    words: &'a Words,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8], words: &'a Words) -> Self {
        Self { left: bytes, words }
    }

    /// The members whose names are wanted.
    pub(super) fn object(&mut self, wanted: &dyn Fn(u64) -> bool) -> Json {
        let members = self.names().iter().filter_map(|number| {
            let name = self.name(*number).filter(|_| wanted(*number));
            if name.is_none() {
                self.skip();
            }
            name.map(|name| (name.text.as_ref().to_owned(), self.value(name)))
        });
        members.collect()
    }

    /// The numbers of the names of the object that begins here.
    pub(super) fn names(&mut self) -> &'a [u64] {
        if self.left.is_empty() {
            return &[];
        }
        let words = self.words;
        words.shape(self.number())
    }

    pub(super) fn name(&self, number: u64) -> Option<&'a Name> {
        self.words.name(number)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Whether the next value begins with this.
    pub(super) fn next_is(&self, tag: u8) -> bool {
        self.left.first() == Some(&tag)
    }

    fn value(&mut self, name: &Name) -> Value {
        match self.byte() {
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            NATURAL => Value::from(self.number()),
            NEGATIVE => Value::from(0_i64.saturating_sub_unsigned(self.number())),
            REAL => Value::from(self.real()),
            WORD => Value::from(name.word(self.byte())),
            LONG_TEXT => {
                let length = self.number();
                text(self.take(length))
            }
            LIST => {
                let mut inner = self.inner();
                let mut list = Vec::new();
                while !inner.left.is_empty() {
                    list.push(inner.value(name));
                }
                Value::Array(list)
            }
            OBJECT => Value::Object(self.inner().object(&|_| true)),
            tag if tag >= TEXT => text(self.take(u64::from(tag & !TEXT))),
            _ => Value::Null,
        }
    }

    pub(super) fn real(&mut self) -> f64 {
        f64::from_le_bytes(self.take(8).try_into().unwrap_or_default())
    }

    pub(super) fn skip(&mut self) {
        match self.byte() {
            NATURAL | NEGATIVE => {
                self.number();
            }
            REAL => {
                self.take(8);
            }
            WORD => {
                self.byte();
            }
            LONG_TEXT | LIST | OBJECT => {
                self.inner();
            }
            tag if tag >= TEXT => {
                self.take(u64::from(tag & !TEXT));
            }
            _ => {}
        }
    }

    /// What is inside a value that tells its length.
    pub(super) fn inner(&mut self) -> Self {
        let length = self.number();
        Self::new(self.take(length), self.words)
    }

    pub(super) fn take(&mut self, length: u64) -> &'a [u8] {
        let at = usize::try_from(length).unwrap_or(usize::MAX).min(self.left.len());
        let (taken, left) = self.left.split_at(at);
        self.left = left;
        taken
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    pub(super) fn number(&mut self) -> u64 {
        let mut value = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte();
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            shift += 7;
            if byte < 0x80 {
                return value;
            }
        }
    }
}

fn text(bytes: &[u8]) -> Value {
    Value::String(String::from_utf8_lossy(bytes).into_owned())
}
