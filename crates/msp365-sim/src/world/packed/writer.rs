//! From JSON to bytes.

use std::sync::PoisonError;

use serde_json::{Number, Value};

use super::words::{WORDS, Words};
use crate::world::Json;

/// What a value begins with. From [`TEXT`] on it is a text of fewer than 128 bytes, the length added.
pub(super) const NULL: u8 = 0;
pub(super) const FALSE: u8 = 1;
pub(super) const TRUE: u8 = 2;
pub(super) const NATURAL: u8 = 3;
pub(super) const NEGATIVE: u8 = 4;
pub(super) const REAL: u8 = 5;
pub(super) const WORD: u8 = 6;
pub(super) const LONG_TEXT: u8 = 7;
pub(super) const LIST: u8 = 8;
pub(super) const OBJECT: u8 = 9;
pub(super) const TEXT: u8 = 128;

/// An object as bytes: its shape, then its values in the order of their names.
pub(super) fn pack(json: &Json) -> Box<[u8]> {
    let mut words = WORDS.write().unwrap_or_else(PoisonError::into_inner);
    // Written elsewhere and copied, so that no object leaves a gap behind it.
    let mut room = std::mem::take(&mut words.room);
    room.clear();
    object(json, &mut words, &mut room);
    let packed = Box::from(room.as_slice());
    words.room = room;
    packed
}

fn object(json: &Json, words: &mut Words, out: &mut Vec<u8>) {
    let names: Vec<u64> = json.keys().map(|name| words.learn_name(name)).collect();
    number(words.learn_shape(&names), out);
    for (name, member) in names.into_iter().zip(json.values()) {
        value(member, name, words, out);
    }
}

fn value(value: &Value, name: u64, words: &mut Words, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(false) => out.push(FALSE),
        Value::Bool(true) => out.push(TRUE),
        Value::Number(it) => numeral(it, out),
        Value::String(it) => text(it, name, words, out),
        Value::Array(list) => {
            let inner = inside(|out| {
                for item in list {
                    self::value(item, name, words, out);
                }
            });
            sized(LIST, &inner, out);
        }
        Value::Object(json) => {
            let inner = inside(|out| object(json, words, out));
            sized(OBJECT, &inner, out);
        }
    }
}

fn inside(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out);
    out
}

fn sized(tag: u8, inner: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    number(u64::try_from(inner.len()).unwrap_or(u64::MAX), out);
    out.extend_from_slice(inner);
}

fn text(text: &str, name: u64, words: &mut Words, out: &mut Vec<u8>) {
    let short = u8::try_from(text.len()).ok().filter(|length| *length < TEXT);
    if let Some(word) = words.learn_word(name, text) {
        out.extend([WORD, word]);
    } else if let Some(length) = short {
        out.push(TEXT | length);
        out.extend_from_slice(text.as_bytes());
    } else {
        sized(LONG_TEXT, text.as_bytes(), out);
    }
}

fn numeral(value: &Number, out: &mut Vec<u8>) {
    if let Some(natural) = value.as_u64() {
        out.push(NATURAL);
        number(natural, out);
    } else if let Some(negative) = value.as_i64() {
        out.push(NEGATIVE);
        number(negative.unsigned_abs(), out);
    } else {
        out.push(REAL);
        out.extend(value.as_f64().unwrap_or_default().to_le_bytes());
    }
}

/// Seven bits a byte, the lowest first; all bytes but the last have the eighth bit set.
fn number(mut value: u64, out: &mut Vec<u8>) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}
