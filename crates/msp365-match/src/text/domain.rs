//! Domains as they appear in directories, websites and addresses.

/// Domains in which anybody can have an address, in order.
const PUBLIC: &[&str] = &[
    "aol.com",
    "bigpond.com",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "fastmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.co.uk",
    "live.com",
    "live.nl",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "o2.pl",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rocketmail.com",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "sky.com",
    "t-online.de",
    "telia.com",
    "verizon.net",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "xs4all.nl",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.ru",
    "ymail.com",
    "ziggo.nl",
];

/// The domain in a web address, in an e-mail address or by itself: lower case, without `www.` and a trailing dot.
/// `None` if there is none, or if anybody can have an address in it (`gmail.com`).
///
/// ```
/// use msp365_match::text::business_domain;
///
/// assert_eq!(business_domain("https://www.Contoso.example/shop").as_deref(), Some("contoso.example"));
/// assert_eq!(business_domain("ada@contoso.example").as_deref(), Some("contoso.example"));
/// assert_eq!(business_domain("ada@gmail.com"), None);
/// ```
pub fn business_domain(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next().unwrap_or(text);
    let text = text.rsplit('@').next().unwrap_or(text);
    let text = text.split(':').next().unwrap_or(text).trim_end_matches('.');
    let domain = text.to_lowercase();
    let domain = domain.strip_prefix("www.").unwrap_or(&domain);
    let is_domain = domain.contains('.') && !domain.contains(char::is_whitespace);
    (is_domain && PUBLIC.binary_search(&domain).is_err()).then(|| domain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_domains_are_in_order_for_the_search() {
        assert!(PUBLIC.is_sorted());
    }

    #[test]
    fn a_domain_is_taken_as_a_whole() {
        assert_ne!(business_domain("ba.example"), business_domain("a.example"));
        assert_eq!(business_domain("localhost"), None);
        assert_eq!(business_domain("  "), None);
        assert_eq!(
            business_domain("Contoso.Example."),
            business_domain("contoso.example")
        );
    }
}
