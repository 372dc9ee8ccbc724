//! The people of one side, folded and packed.

use crate::text::{fold_name, is_deceptive};
use crate::texts::Texts;

const ID: usize = 0;
const HOME: usize = 1;
const NAME: usize = 2;
const ADDRESSES: usize = 3;

/// The people of one side; each is identified by their place.
#[derive(Debug, Clone, Default)]
pub(super) struct Desk {
    texts: Texts<4>,
    deceptive: Vec<bool>,
    has_home: Vec<bool>,
}

impl Desk {
    pub(super) fn push(&mut self, id: &str, name: &str, addresses: &[String], home: Option<&str>) {
        let mut folded: Vec<String> = addresses
            .iter()
            .filter_map(|address| fold_address(address))
            .collect();
        folded.sort_unstable();
        folded.dedup();
        self.texts.push(|part, text| match part {
            ID => text.push_str(id),
            HOME => text.push_str(home.unwrap_or_default()),
            NAME => text.push_str(&fold_person(name)),
            _ => text.push_str(&folded.join(" ")),
        });
        self.deceptive.push(is_deceptive(name));
        self.has_home.push(home.is_some());
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    fn id(&self, place: usize) -> &str {
        self.texts.get(place, ID)
    }

    /// The tenant or organization.
    fn home(&self, place: usize) -> Option<&str> {
        Some(self.texts.get(place, HOME)).filter(|_| self.has_home.get(place) == Some(&true))
    }

    /// The words of the name in alphabetical order.
    fn name(&self, place: usize) -> &str {
        self.texts.get(place, NAME)
    }

    fn addresses(&self, place: usize) -> impl Iterator<Item = &str> + Clone {
        self.texts
            .get(place, ADDRESSES)
            .split(' ')
            .filter(|address| !address.is_empty())
    }

    fn is_deceptive(&self, place: usize) -> bool {
        self.deceptive.get(place).copied().unwrap_or_default()
    }

    /// All people by id, then everything else, so that the order of the input cannot matter.
    pub(super) fn roll(&self) -> Roll<'_> {
        let whole = |place: usize| {
            (
                self.id(place),
                self.home(place),
                self.name(place),
                self.texts.get(place, ADDRESSES),
            )
        };
        let mut places: Vec<u32> = (0..).take(self.len()).collect();
        places.sort_unstable_by(|one, other| whole(*one as usize).cmp(&whole(*other as usize)));
        Roll { desk: self, places }
    }
}

/// The people of one side in the order of the answer; each is identified by their number in it.
#[derive(Debug)]
pub(super) struct Roll<'a> {
    desk: &'a Desk,
    places: Vec<u32>,
}

impl<'a> Roll<'a> {
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        (0..).take(self.places.len())
    }

    fn place(&self, number: u32) -> usize {
        self.places
            .get(number as usize)
            .map_or(usize::MAX, |place| *place as usize)
    }

    pub(super) fn id(&self, number: u32) -> &'a str {
        self.desk.id(self.place(number))
    }

    pub(super) fn home(&self, number: u32) -> Option<&'a str> {
        self.desk.home(self.place(number))
    }

    pub(super) fn name(&self, number: u32) -> &'a str {
        self.desk.name(self.place(number))
    }

    pub(super) fn addresses(&self, number: u32) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.desk.addresses(self.place(number))
    }

    pub(super) fn is_deceptive(&self, number: u32) -> bool {
        self.desk.is_deceptive(self.place(number))
    }
}

/// An address without case, scheme and display name; `None` if it is not an e-mail address.
pub(super) fn fold_address(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match text.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("smtp") => rest,
        Some(_) => return None,
        None => text,
    };
    let text = match (text.rfind('<'), text.strip_suffix('>')) {
        (Some(start), Some(inner)) => inner.get(start + 1..)?,
        _ => text,
    };
    let (name, domain) = text.rsplit_once('@')?;
    let is_address = !name.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace);
    is_address.then(|| text.to_lowercase())
}

/// A person's name with its words in alphabetical order, so that `Example, Ada` equals `Ada Example`.
pub(super) fn fold_person(name: &str) -> String {
    let folded = fold_name(name);
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}
