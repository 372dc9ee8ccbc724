//! JSON objects kept small: names once for all objects, values in a row of bytes. Opened on demand, and closed again
//! when a request is answered.

mod outline;
mod reader;
mod text;
mod words;
mod writer;

use std::{
    borrow::Cow,
    cell::OnceCell,
    fmt,
    ops::{Deref, DerefMut},
    sync::PoisonError,
};

use serde_json::{Value, map};

use super::model::Json;
pub(crate) use outline::{Outline, Unset};
use reader::Reader;
pub(crate) use text::write_json;
pub(crate) use words::Needs;
use words::WORDS;

/// A JSON object that takes little room while nobody looks at it.
#[derive(Default)]
pub(crate) struct Packed {
    bytes: Box<[u8]>,
    /// What is read of it since it was closed last.
    read: OnceCell<Box<Json>>,
    /// What was written since then, in place of the bytes.
    written: Option<Box<Json>>,
}

impl Packed {
    /// An object that takes little room from the start.
    pub(crate) fn closed(json: &Json) -> Self {
        Self {
            bytes: writer::pack(json),
            ..Self::default()
        }
    }

    /// A copy that leaves this one closed.
    pub(crate) fn to_json(&self) -> Json {
        match (&self.written, self.read.get()) {
            (Some(json), _) | (None, Some(json)) => (**json).clone(),
            (None, None) => self.unpack(),
        }
    }

    /// Another one that holds the same and takes little room.
    pub(crate) fn copy(&self) -> Self {
        match &self.written {
            Some(json) => Self::closed(json),
            None => Self {
                bytes: self.bytes.clone(),
                ..Self::default()
            },
        }
    }

    /// The members that are needed; leaves this one closed.
    pub(crate) fn pick(&self, needs: &Needs) -> Json {
        match &self.written {
            Some(json) => {
                let kept = json.iter().filter(|(name, _)| needs.has(name));
                kept.map(|(name, value)| (name.clone(), value.clone())).collect()
            }
            None => self.reader(|mut reader| reader.object(&|number| needs.has_number(number))),
        }
    }

    /// Writes what is told of it as JSON text; leaves this one closed.
    pub(crate) fn write(&self, outline: &Outline, out: &mut Vec<u8>) {
        match &self.written {
            Some(json) => write_json(&outline.cut(Cow::Borrowed(json)), out),
            None => self.reader(|mut reader| reader.write(outline, out)),
        }
    }

    /// Takes little room again.
    pub(crate) fn close(&mut self) {
        if let Some(json) = self.written.take() {
            self.bytes = writer::pack(&json);
        }
        self.read.take();
    }

    fn unpack(&self) -> Json {
        self.reader(|mut reader| reader.object(&|_| true))
    }

    fn reader<T>(&self, read: impl FnOnce(Reader<'_>) -> T) -> T {
        let words = WORDS.read().unwrap_or_else(PoisonError::into_inner);
        read(Reader::new(&self.bytes, &words))
    }
}

impl From<Json> for Packed {
    fn from(json: Json) -> Self {
        Self {
            written: Some(Box::new(json)),
            ..Self::default()
        }
    }
}

impl Deref for Packed {
    type Target = Json;

    fn deref(&self) -> &Json {
        match &self.written {
            Some(json) => json,
            None => self.read.get_or_init(|| Box::new(self.unpack())),
        }
    }
}

impl DerefMut for Packed {
    fn deref_mut(&mut self) -> &mut Json {
        if self.written.is_none() {
            let json = self.read.take().unwrap_or_else(|| Box::new(self.unpack()));
            self.bytes = Box::default();
            self.written = Some(json);
        }
        self.written.get_or_insert_default()
    }
}

impl<'a> IntoIterator for &'a Packed {
    type Item = (&'a String, &'a Value);
    type IntoIter = map::Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn closed(json: &Value) -> Packed {
        let mut packed = Packed::from(json.as_object().cloned().unwrap());
        packed.close();
        packed
    }

    #[test]
    fn a_closed_object_is_the_same_when_opened() {
        let json = json!({
            "id": "ada", "none": null, "flags": [true, false], "numbers": [0, 1, -7, 1_u64 << 40, u64::MAX, 0.5],
            "empty": [], "deep": {"list": [{"word": "on"}, {"word": "on", "more": {}}]}, "long": "ß".repeat(300),
        });

        let packed = closed(&json);

        assert!(packed.written.is_none());
        assert_eq!(Value::Object(packed.to_json()), json);
        assert_eq!(*packed, *json.as_object().unwrap());
    }

    #[test]
    fn what_is_written_to_an_open_object_is_kept_when_it_closes() {
        let mut packed = closed(&json!({"id": "ada", "name": "Ada"}));

        packed.insert("name".to_owned(), json!("Ada L."));
        packed.close();

        assert_eq!(packed.to_json()["name"], "Ada L.");
    }

    #[test]
    fn picking_takes_only_what_is_named() {
        let object = closed(&json!({"a": 1, "b": {"c": [2]}, "d": null}));

        let picked = object.pick(&Needs::of(["b", "d", "e"]));

        assert_eq!(Value::Object(picked), json!({"b": {"c": [2]}, "d": null}));
        assert!(object.read.get().is_none());
    }

    fn written(packed: &Packed, outline: &Outline) -> String {
        let mut out = Vec::new();
        packed.write(outline, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_told_is_written_in_the_order_of_the_names() {
        let object = json!({"@odata.type": "#it", "a": 1, "b": {"c": [2, "x\"y"]}, "d": null, "e": null, "f": null,
            "g": null, "id": "ada", "z": "ß"});
        let outline = Outline::new([
            ("z".to_owned(), Unset::Null),
            ("b".to_owned(), Unset::Null),
            ("d".to_owned(), Unset::Null),
            ("e".to_owned(), Unset::EmptyList),
            ("f".to_owned(), Unset::Absent),
            ("g".to_owned(), Unset::AsIs),
            ("h".to_owned(), Unset::AsIs),
            ("i".to_owned(), Unset::Null),
        ]);
        let told = "{\"@odata.type\":\"#it\",\"b\":{\"c\":[2,\"x\\\"y\"]},\"d\":null,\"e\":[],\"g\":null,\
            \"i\":null,\"id\":\"ada\",\"z\":\"ß\"}";

        assert_eq!(written(&closed(&object), &outline), told);
        assert_eq!(
            written(&Packed::from(object.as_object().cloned().unwrap()), &outline),
            told
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e12..1e12_f64).prop_map(Value::from),
            ".{0,200}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::btree_map("[a-e]{1,2}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_packed_comes_back(value in any_json()) {
            let json = json!({"it": value});

            prop_assert_eq!(Value::Object(closed(&json).to_json()), json);
        }

        #[test]
        fn whatever_is_packed_is_written_as_its_tree_would_be(value in any_json(), name in "[a-c]") {
            let json = json!({"a": value, "b": null, "id": "ada"});
            for unset in [Unset::Null, Unset::EmptyList, Unset::Absent, Unset::AsIs] {
                let outline = Outline::new([(name.clone(), unset)]);
                let tree = outline.cut(Cow::Owned(json.as_object().cloned().unwrap()));

                prop_assert_eq!(written(&closed(&json), &outline), Value::Object(tree).to_string());
            }
        }
    }
}
