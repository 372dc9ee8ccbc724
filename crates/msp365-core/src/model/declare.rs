//! The declaration of a model.

/// Declares a model: its fields, their names on the wire, the constants by which queries name them, and the filters
/// they take.
///
/// The first field is normally the key. Types are `String` for a key, and `Option<…>` or `Vec<…>` for everything else.
///
/// ```
/// use msp365_core::query::{Filters, Need};
///
/// msp365_core::model! {
///     /// A person.
///     pub struct Person {
///         /// The object id.
///         id, ID = "id": String,
///         /// The name shown.
///         display_name, DISPLAY_NAME = "displayName": Option<String> [Filters::NONE.eq(Need::Plain)],
///     }
/// }
///
/// let ada: Person = serde_json::from_str(r#"{"id":"a","displayName":null,"later":[1]}"#)?;
/// assert!(ada.has(Person::DISPLAY_NAME) && ada.display_name.is_none());
/// assert_eq!(serde_json::to_string(&ada)?, r#"{"id":"a","displayName":null,"later":[1]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! model {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[$about:meta])*
                $field:ident, $constant:ident = $wire:literal : $type:ty $([$filters:expr])?
            ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        $vis struct $name {
            $($(#[$about])* $vis $field: $type,)+
            /// Members that are not known here, and values that did not fit, as they were read.
            $vis extra: $crate::model::Extra,
            seen: $crate::model::Seen,
        }

        const _: () = {
            use $crate::__private::serde;

            #[derive(Clone, Copy)]
            #[repr(u8)]
            #[allow(non_camel_case_types, reason = "the names are those of the fields")]
            enum Place { $($field),+ }

            impl $crate::model::Model for $name {
                const NAME: &'static str = stringify!($name);
                const MEMBERS: &'static [&'static str] = &[$($wire),+];

                fn blank() -> Self {
                    Self {
                        $($field: ::core::default::Default::default(),)+
                        extra: $crate::model::Extra::new(),
                        seen: $crate::model::Seen::default(),
                    }
                }

                fn place(member: &str) -> Option<u8> {
                    Some(match member {
                        $($wire => Place::$field as u8,)+
                        _ => return None,
                    })
                }

                fn fill<'de, A: serde::de::MapAccess<'de>>(
                    &mut self,
                    place: u8,
                    object: &mut A,
                ) -> Result<Option<$crate::__private::Value>, A::Error> {
                    $(const $constant: u8 = Place::$field as u8;)+
                    match place {
                        $($constant => $crate::model::value(&mut self.$field, object),)+
                        _ => object.next_value().map(Some),
                    }
                }

                fn missing(&self) -> Option<&'static str> {
                    $(if <$type as $crate::model::Field>::IS_KEY && !self.seen.has(Place::$field as u8) {
                        return Some($wire);
                    })+
                    None
                }

                fn beside(&mut self) -> (&mut $crate::model::Seen, &mut $crate::model::Extra) {
                    (&mut self.seen, &mut self.extra)
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    $crate::model::object(deserializer)
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    use serde::ser::SerializeMap;

                    let mut map = serializer.serialize_map(None)?;
                    $(if self.extra.is_empty() || !self.extra.contains_key($wire) {
                        let seen = self.seen.has(Place::$field as u8);
                        $crate::model::Field::write(&self.$field, $wire, seen, &mut map)?;
                    })+
                    for (name, value) in &self.extra {
                        map.serialize_entry(name, value)?;
                    }
                    map.end()
                }
            }

            impl $crate::model::Member for $name {
                const KIND: $crate::model::Kind = $crate::model::Kind::Object;

                fn read<'de, D: serde::Deserializer<'de>>(
                    slot: &mut Option<Self>,
                    deserializer: D,
                ) -> Result<Option<$crate::__private::Value>, D::Error> {
                    $crate::model::nested(slot, deserializer)
                }
            }

            #[allow(dead_code, reason = "a private model need not use all that it declares")]
            impl $name {
                $(
                    #[doc = concat!("The property `", $wire, "`, for queries.")]
                    $vis const $constant: $crate::query::Property<Self> = {
                        let kind = <$type as $crate::model::Field>::KIND;
                        let property = $crate::query::Property::new($wire, Place::$field as u8, kind);
                        $(let property = property.filtered($filters);)?
                        property
                    };
                )+

                /// All properties, in the order of the fields.
                $vis const PROPERTIES: &'static [$crate::query::Property<Self>] = &[$(Self::$constant),+];

                /// Whether the reply held this property, even as null.
                $vis fn has(&self, property: $crate::query::Property<Self>) -> bool {
                    self.seen.has(property.place())
                }
            }
        };
    };
}
