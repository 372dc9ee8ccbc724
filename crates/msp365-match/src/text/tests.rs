use super::*;

use proptest::prelude::*;

fn fold_alike(one: &str, other: &str) {
    assert_eq!(fold_name(one), fold_name(other), "{one} and {other}");
}

#[test]
fn legal_forms_of_many_countries_are_one_name() {
    for name in [
        "Contoso Ltd.",
        "Contoso, Limited",
        "CONTOSO GmbH & Co. KG",
        "Contoso B.V.",
        "Contoso S. A.",
        "Contoso A/S",
        "Contoso Oy Ab",
        "Contoso s. r. o.",
        "Contoso Sp. z o.o. Sp. k.",
        "Contoso S. de R.L. de C.V.",
        "Contoso (Pty) Ltd",
        "Contoso Co., Ltd.",
        "Contoso A.Ş.",
        "UAB „Contoso“",
        "株式会社Contoso",
        "Contoso㈱",
    ] {
        assert_eq!(fold_name(name), "contoso", "{name}");
    }
}

#[test]
fn spelling_does_not_make_another_name() {
    fold_alike("Müller & Söhne", "MULLER UND SÖHNE");
    fold_alike("Café Zoë", "Cafe\u{301} Zoe\u{308}");
    fold_alike("O'Brien", "O’Brien");
    fold_alike("Ｃｏｎｔｏｓｏ　１２", "Contoso 12");
    fold_alike("J. P. Morgan", "JP Morgan");
    fold_alike("Straße-Bau", "strasse bau");
    fold_alike("Con\u{200b}toso\u{202e}", "Contoso");
    fold_alike("  Contoso \t Nord ", "contoso nord");
    fold_alike("Smørrebrød ApS", "Smorrebrod");
}

#[test]
fn numbers_tell_names_apart() {
    assert_ne!(fold_name("Area 51"), fold_name("Area 52"));
    assert_ne!(fold_name("Area 51"), fold_name("Area"));
    assert_ne!(fold_name("Studio 3.5"), fold_name("Studio 35"));
}

#[test]
fn letters_of_another_script_tell_names_apart() {
    assert_ne!(fold_name("Сontoso"), fold_name("Contoso"));
}

#[test]
fn a_form_is_a_name_if_it_stands_alone() {
    assert_eq!(fold_name("Limited"), "limited");
    assert_eq!(fold_name("A.G."), "ag");
    assert_eq!(fold_name("Co. Ltd."), "co");
    assert_eq!(fold_name("株式会社"), "株式会社");
}

#[test]
fn a_form_within_a_name_stays() {
    assert_eq!(fold_name("Limited Run Games"), "limited run games");
    assert_eq!(fold_name("Team X A/S"), "team x");
}

#[test]
fn a_name_without_letters_keeps_its_symbols() {
    assert_eq!(fold_name(" !!!  ? "), "!!! ?");
    assert_eq!(fold_name("🍕"), "🍕");
    assert_eq!(fold_name(" \u{200b}\t"), "");
}

#[test]
fn a_host_is_known_without_case_and_domain() {
    for host in [
        "LT-ADA-01",
        "lt-ada-01.",
        " Lt-Ada-01.contoso.example\r\n",
        "ＬＴ-ADA-01",
        "\u{feff}lt-ada-01\0",
    ] {
        assert_eq!(fold_host(host), "lt-ada-01", "{host:?}");
    }
}

#[test]
fn dots_that_are_no_domain_stay() {
    assert_eq!(fold_host("10.0.0.7"), "10.0.0.7");
    assert_eq!(fold_host("Ada B.  Phone"), "ada b. phone");
    assert_eq!(fold_host("Ada’s iPhone"), "ada's iphone");
}

#[test]
fn accents_tell_hosts_apart_but_not_how_they_are_encoded() {
    assert_eq!(fold_host("PC-ZOË"), fold_host("pc-zoe\u{308}"));
    assert_ne!(fold_host("pc-zoë"), fold_host("pc-zoe"));
}

#[test]
fn a_host_of_nothing_is_empty() {
    assert_eq!(fold_host(" . "), "");
    assert_eq!(fold_host(".local"), "");
}

#[test]
fn only_names_of_fifteen_characters_and_more_can_be_cut() {
    assert_eq!(cut("lt-ada-01"), None);
    assert_eq!(cut("abcdefghijklmno"), Some(("abcdefghijklmno", Length::Exact)));
    assert_eq!(cut("abcdefghijklmnop"), Some(("abcdefghijklmno", Length::Longer)));
    assert_eq!(cut("äbcdefghijklmn"), None);
    assert_eq!(cut("äbcdefghijklmnop"), Some(("äbcdefghijklmno", Length::Longer)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn folding_a_folded_name_changes_nothing(
        name in r"(\PC|[ .&/']|Ltd|Co|S\.A\.|UAB |株式会社|und| a b ){0,8}",
    ) {
        let folded = fold_name(&name);

        prop_assert_eq!(fold_name(&folded), folded);
    }

    #[test]
    fn a_name_with_something_to_see_is_never_folded_away(
        name in "[a-zA-Z0-9&., ]{0,8}[a-zA-Z0-9]( (Ltd|GmbH|Co))?",
    ) {
        prop_assert!(!fold_name(&name).is_empty());
    }

    #[test]
    fn folding_a_folded_host_changes_nothing(host in r"(\PC|[ .'A-Z0-9-]){0,12}") {
        let folded = fold_host(&host);

        prop_assert_eq!(fold_host(&folded), folded);
    }

    #[test]
    fn the_short_way_for_plain_names_agrees_with_the_long_one(host in "[!-~]{1,20}") {
        let long = fold_host(&format!("\u{200b}{host}"));

        prop_assert_eq!(fold_host(&host), long);
    }
}
