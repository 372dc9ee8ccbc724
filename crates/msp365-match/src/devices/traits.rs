//! What two records of one machine share besides names and numbers: the user and the system.

use super::serial::push_letters;

/// Kinds of systems; a machine does not change from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum System {
    #[default]
    Unknown,
    Windows,
    Mac,
    Ios,
    Android,
    Linux,
    Chrome,
}

impl System {
    /// The system that a text such as `Windows 11 Pro` or `macOS 15` names.
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        let begins = |word: &str| {
            text.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        let holds = |word: &str| {
            text.as_bytes()
                .windows(word.len())
                .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        };
        if begins("win") || holds("windows") {
            Self::Windows
        } else if begins("mac") || begins("os x") || begins("darwin") {
            Self::Mac
        } else if begins("ios") || begins("ipad") || begins("iphone") {
            Self::Ios
        } else if holds("android") {
            Self::Android
        } else if begins("chrome") {
            Self::Chrome
        } else if ["linux", "ubuntu", "debian", "centos", "fedora", "red hat", "suse"]
            .iter()
            .any(|name| holds(name))
        {
            Self::Linux
        } else {
            Self::Unknown
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "an unknown system",
            Self::Windows => "Windows",
            Self::Mac => "macOS",
            Self::Ios => "iOS",
            Self::Android => "Android",
            Self::Linux => "Linux",
            Self::Chrome => "ChromeOS",
        }
    }

    /// Whether both are known and cannot belong to one machine.
    pub(super) fn contradicts(self, other: Self) -> bool {
        self != other && self != Self::Unknown && other != Self::Unknown
    }
}

/// Whether accounts with this folded name exist on many machines.
fn is_everybody(name: &str) -> bool {
    matches!(
        name,
        "admin"
            | "administrator"
            | "defaultuser0"
            | "guest"
            | "kiosk"
            | "localadmin"
            | "localservice"
            | "networkservice"
            | "root"
            | "scanner"
            | "support"
            | "system"
            | "user"
    )
}

/// Appends the name of an account in the form that agents and directories share: `CONTOSO\ada.b`, `AzureAD\AdaB` and
/// `ada.b@contoso.example` all become `adab`. Nothing for accounts that exist on many machines.
pub(super) fn push_user(user: &str, onto: &mut String) {
    let name = user.rsplit('\\').next().unwrap_or(user);
    let name = name.split('@').next().unwrap_or(name);
    let start = onto.len();
    push_letters(name, onto);
    if onto.get(start..).is_some_and(is_everybody) {
        onto.truncate(start);
    }
}

/// The 32 digits of a device id as a number; 0 if it is not one, or all zeros.
pub(super) fn device_id(text: &str) -> u128 {
    let mut number: u128 = 0;
    let mut digits = 0_u32;
    for sign in text
        .trim()
        .chars()
        .filter(|sign| !matches!(sign, '-' | '{' | '}'))
    {
        let Some(digit) = sign.to_digit(16) else {
            return 0;
        };
        number = number << 4 | u128::from(digit);
        digits += 1;
    }
    if digits == 32 { number } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> String {
        let mut folded = String::new();
        push_user(text, &mut folded);
        folded
    }

    #[test]
    fn an_account_reads_the_same_from_agent_and_directory() {
        assert_eq!(user("CONTOSO\\ada.b"), "adab");
        assert_eq!(user("AzureAD\\AdaB"), "adab");
        assert_eq!(user("Ada.B@contoso.example"), "adab");
    }

    #[test]
    fn accounts_of_everybody_are_nobody() {
        assert_eq!(user("LT-ADA-01\\Administrator"), "");
    }

    #[test]
    fn systems_are_told_apart_by_family() {
        assert_eq!(System::of("Windows 11 Pro"), System::Windows);
        assert_eq!(System::of("Microsoft Windows Server 2022"), System::Windows);
        assert_eq!(System::of("MacMDM"), System::Mac);
        assert_eq!(System::of("iPadOS"), System::Ios);
        assert_eq!(System::of("Ubuntu 24.04"), System::Linux);
        assert!(System::Windows.contradicts(System::Mac));
        assert!(!System::Unknown.contradicts(System::Mac));
    }

    #[test]
    fn a_device_id_of_zeros_is_none() {
        assert_eq!(device_id("00000000-0000-0000-0000-000000000000"), 0);
        assert_eq!(device_id("not an id"), 0);
        assert_eq!(
            device_id("{0000000A-0000-0000-0000-00000000000B}"),
            (10 << 96) + 11
        );
    }
}
