//! Enums that keep the values they do not know.

/// Declares an enum of wire values that keeps the ones it does not know, in its variant `Other`.
///
/// The enum is read and written as its text; an unknown text survives the round trip byte for byte.
///
/// ```
/// msp365_core::open_enum! {
///     /// Whether a device meets policy.
///     pub enum Compliance { Compliant = "compliant", NonCompliant = "noncompliant" }
/// }
///
/// let later: Compliance = serde_json::from_str("\"inGracePeriod\"").unwrap();
/// assert_eq!(later, Compliance::Other("inGracePeriod".into()));
/// assert_eq!(serde_json::to_string(&later).unwrap(), "\"inGracePeriod\"");
/// ```
#[macro_export]
macro_rules! open_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        $vis enum $name {
            $(#[doc = concat!("`", $text, "` on the wire.")] $variant,)+
            /// A value this version does not know, as it was read.
            Other(String),
        }

        impl $name {
            /// The value as written on the wire.
            $vis fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    other => Self::Other(::std::string::String::from(other)),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error>
            where
                S: $crate::__private::serde::Serializer,
            {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::model::Member for $name {
            const KIND: $crate::model::Kind = $crate::model::Kind::Text;

            fn read<'de, D>(
                slot: &mut ::core::option::Option<Self>,
                deserializer: D,
            ) -> ::core::result::Result<::core::option::Option<$crate::__private::Value>, D::Error>
            where
                D: $crate::__private::serde::Deserializer<'de>,
            {
                $crate::model::named(slot, deserializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::core::result::Result<Self, D::Error>
            where
                D: $crate::__private::serde::Deserializer<'de>,
            {
                let text: ::std::borrow::Cow<'de, str> =
                    $crate::__private::serde::Deserialize::deserialize(deserializer)?;
                Ok(Self::from(text.as_ref()))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    open_enum! {
        /// A colour.
        pub(crate) enum Colour { Red = "red", Green = "green" }
    }

    proptest! {
        #[test]
        fn any_text_survives_the_round_trip(text in "\\PC*") {
            let wire = serde_json::to_string(&text).unwrap();

            let colour: Colour = serde_json::from_str(&wire).unwrap();

            prop_assert_eq!(serde_json::to_string(&colour).unwrap(), wire);
        }
    }

    #[test]
    fn a_known_text_is_its_variant() {
        assert_eq!(Colour::from("red"), Colour::Red);
        assert_eq!(Colour::Green.to_string(), "green");
    }
}
