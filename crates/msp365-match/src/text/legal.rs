//! Legal forms of companies, as registers and the companies themselves write them.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;

/// Forms at the end of a name, separated by bars, by where they are used. A form listed under one country counts in
/// all.
const TRAILING: &[(&str, &str)] = &[
    (
        "English",
        "Ltd | Limited | PLC | LLP | LP | LLC | PLLC | LLLP | Inc | Incorporated | Corp | Corporation | \
        Co | Company | & Co | & Company | CIC | ULC | Limited Liability Company | \
        Limited Partnership | Public Limited Company",
    ),
    ("Ireland", "DAC | CLG | Teoranta | Teo"),
    ("Australia", "Pty | Pty Ltd | Proprietary Limited | Pty Limited"),
    ("South Africa", "(Pty) Ltd | NPC | CC"),
    ("India", "Pvt Ltd | Private Limited | Pvt | OPC"),
    ("Singapore", "Pte | Pte Ltd | Pte Limited"),
    ("Malaysia", "Sdn Bhd | Bhd | Berhad | Sendirian Berhad"),
    ("Indonesia", "Tbk"),
    ("Philippines", "OPC"),
    (
        "Germany",
        "GmbH | gGmbH | mbH | AG | KG | KGaA | OHG | GbR | UG | UG (haftungsbeschränkt) | e.K. | e.V. | \
        eG | & Co. KG | GmbH & Co. KG | GmbH & Co. KGaA | GmbH & Co. OHG | AG & Co. KG | \
        UG (haftungsbeschränkt) & Co. KG | PartG mbB | PartGmbB | Gesellschaft mbH | \
        Gesellschaft mit beschränkter Haftung | Aktiengesellschaft | eingetragener Verein",
    ),
    ("Austria", "Ges.m.b.H. | GesmbH | OG | KEG | FlexCo"),
    ("Switzerland", "SA | Sàrl | Sagl | Genossenschaft | Klg"),
    ("Liechtenstein", "Anstalt"),
    (
        "Netherlands",
        "B.V. | N.V. | V.O.F. | C.V. | Coöperatie U.A. | U.A. | Besloten Vennootschap",
    ),
    (
        "Belgium",
        "BVBA | SPRL | CVBA | SCRL | VZW | ASBL | SRL | BV | Comm.V",
    ),
    ("Luxembourg", "S.à r.l. | S.à.r.l. | SCA | SCSp | S.e.c.s."),
    (
        "France",
        "S.A. | SAS | SASU | SARL | EURL | SNC | SCI | SCOP | SELARL | GIE | & Cie | Société Anonyme",
    ),
    (
        "Spain",
        "S.L. | S.L.U. | S.L.L. | S.A.U. | S.L.P. | S. Coop. | Sociedad Limitada | Sociedad Anónima",
    ),
    ("Portugal", "Lda | Limitada | Unipessoal Lda | SGPS | SGPS SA"),
    (
        "Italy",
        "S.p.A. | S.r.l. | S.r.l.s. | S.n.c. | S.a.s. | S.a.p.A. | S.r.l. unipersonale | Soc. Coop.",
    ),
    (
        "Denmark",
        "ApS | A/S | I/S | K/S | P/S | IVS | A.m.b.a. | Aktieselskab | Anpartsselskab",
    ),
    ("Norway", "AS | ASA | ANS | ENK | NUF | Aksjeselskap"),
    ("Sweden", "AB | AB (publ) | HB | KB | Ek. för. | Aktiebolag"),
    ("Finland", "Oy | Oyj | Oy Ab | Ky | Tmi | Osakeyhtiö"),
    ("Iceland", "ehf | hf | ohf | slf"),
    ("Estonia", "OÜ | MTÜ | TÜ | Osaühing"),
    ("Latvia", "SIA"),
    ("Lithuania", "UAB | MB | VšĮ"),
    (
        "Poland",
        "Sp. z o.o. | Sp. z o. o. | Sp. zoo | Sp. k. | Sp. j. | Sp. z o.o. Sp. k. | P.S.A. | \
        Spółka z o.o. | Spółka Akcyjna | Spółka z ograniczoną odpowiedzialnością",
    ),
    (
        "Czechia",
        "s.r.o. | a.s. | spol. s r.o. | v.o.s. | k.s. | z.s. | o.p.s.",
    ),
    ("Slovakia", "spol. s r. o. | s. r. o. | j.s.a."),
    (
        "Hungary",
        "Kft | Zrt | Nyrt | Bt | Kkt | Korlátolt Felelősségű Társaság",
    ),
    (
        "Slovenia, Croatia, Serbia",
        "d.o.o. | d.d. | d.n.o. | j.d.o.o. | a.d. | s.p.",
    ),
    ("Bulgaria", "OOD | EOOD | AD | EAD | ООД | ЕООД | АД | ЕАД"),
    ("Romania", "S.R.L. | S.R.L.-D | P.F.A."),
    (
        "Greece",
        "Α.Ε. | Ε.Π.Ε. | Ι.Κ.Ε. | Ο.Ε. | A.E. | E.P.E. | I.K.E. | M.I.K.E.",
    ),
    ("Turkey", "A.Ş. | Ltd. Şti. | Anonim Şirketi | Limited Şirketi"),
    (
        "Russia, Ukraine",
        "ООО | ЗАО | ОАО | ПАО | АО | ТОВ | OOO | ZAO | OAO | PAO | TOV",
    ),
    ("Israel", "בע״מ | בע\"מ"),
    ("Emirates", "FZE | FZCO | FZ-LLC | FZC | DMCC | PJSC | W.L.L."),
    (
        "Mexico",
        "S.A. de C.V. | S.A.P.I. de C.V. | S. de R.L. de C.V. | S. de R.L. | S.C. | S.A.B. de C.V.",
    ),
    ("Brazil", "Ltda | S/A | EIRELI | EPP"),
    (
        "Colombia, Peru, Chile",
        "S.A.S. | S.A.C. | E.I.R.L. | SpA | S.A.A.",
    ),
    ("Quebec", "Ltée | Enr | S.E.N.C."),
    (
        "Japan",
        "K.K. | G.K. | Y.K. | Kabushiki Kaisha | Godo Kaisha | ㈱ | ㈲",
    ),
    ("Europe", "SE | SCE | EEIG"),
];

/// Forms with several spellings: the usual one, then the others.
const SPELLINGS: &[(&str, &str)] = &[
    ("Ltd", "Limited"),
    ("PLC", "Public Limited Company"),
    ("LLC", "Limited Liability Company"),
    ("LP", "Limited Partnership"),
    ("Inc", "Incorporated"),
    ("Corp", "Corporation"),
    ("Co", "Company | & Co | & Company | & Cie"),
    ("Co Ltd", "Company Limited | & Co Ltd | & Company Limited"),
    ("Pty Ltd", "Proprietary Limited | Pty Limited | (Pty) Ltd | Pty"),
    ("Pvt Ltd", "Private Limited | Pvt"),
    ("Pte Ltd", "Pte Limited | Pte"),
    ("Sdn Bhd", "Sendirian Berhad"),
    ("Bhd", "Berhad"),
    (
        "GmbH",
        "Gesellschaft mbH | Gesellschaft mit beschränkter Haftung | Ges.m.b.H. | GesmbH | mbH",
    ),
    ("GmbH & Co. KG", "GmbH Co. KG"),
    ("UG", "UG (haftungsbeschränkt)"),
    ("AG", "Aktiengesellschaft"),
    ("e.V.", "eingetragener Verein"),
    ("B.V.", "Besloten Vennootschap"),
    ("SA", "Société Anonyme | Sociedad Anónima"),
    ("SARL", "Sàrl | S.à r.l. | S.à.r.l."),
    ("S.L.", "Sociedad Limitada"),
    ("Lda", "Limitada"),
    ("A/S", "Aktieselskab"),
    ("ApS", "Anpartsselskab"),
    ("AS", "Aksjeselskap"),
    ("AB", "Aktiebolag | AB (publ)"),
    ("Oy", "Osakeyhtiö"),
    ("OÜ", "Osaühing"),
    (
        "Sp. z o.o.",
        "Sp. z o. o. | Sp. zoo | Spółka z o.o. | Spółka z ograniczoną odpowiedzialnością",
    ),
    ("S.A.", "Spółka Akcyjna"),
    ("spol. s r.o.", "spol. s r. o."),
    ("s.r.o.", "s. r. o."),
    ("Kft", "Korlátolt Felelősségű Társaság"),
    ("A.Ş.", "Anonim Şirketi"),
    ("Ltd. Şti.", "Limited Şirketi"),
];

/// The usual spelling of each form that has several, folded.
static USUAL: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    let fold = |form: &str| super::words(form).join(" ");
    let spellings = SPELLINGS
        .iter()
        .flat_map(|(usual, others)| others.split(" | ").map(move |other| (fold(other), fold(usual))));
    spellings.filter(|(other, usual)| other != usual).collect()
});

/// Forms that may come first; only those that are not also an ordinary beginning of a name. [`GLUED`] ones may, too.
const LEADING: &[&str] = &[
    "UAB", "SIA", "OÜ", "ООО", "ЗАО", "ОАО", "ПАО", "АО", "ТОВ", "㈱", "㈲",
];

/// Forms written without a space, before or after the name; a longer form precedes its own ending.
const GLUED: &[&str] = &[
    "株式会社",
    "有限会社",
    "合同会社",
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "주식회사",
    "유한회사",
];

static DECOMPOSED: LazyLock<Vec<String>> =
    LazyLock::new(|| GLUED.iter().map(|form| form.nfkd().collect()).collect());

struct Forms {
    trailing: FxHashSet<String>,
    leading: FxHashSet<String>,
    longest: usize,
}

/// The tables in the spelling that names are folded to.
static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let fold = |form: &str| super::words(form).join(" ");
    let glued = || GLUED.iter().copied();
    let trailing: FxHashSet<String> = trailing().chain(glued()).map(fold).collect();
    let longest = trailing
        .iter()
        .map(|form| form.split(' ').count())
        .max()
        .unwrap_or(1);
    Forms {
        trailing,
        leading: LEADING.iter().copied().chain(glued()).map(fold).collect(),
        longest,
    }
});

fn trailing() -> impl Iterator<Item = &'static str> {
    TRAILING.iter().flat_map(|(_, forms)| forms.split(" | "))
}

/// A decomposed name, with spaces around forms that are written without them.
pub(super) fn unglue(name: String) -> String {
    DECOMPOSED.iter().fold(name, |name, form| {
        if name.contains(form) {
            name.replace(form, &format!(" {form} "))
        } else {
            name
        }
    })
}

/// Removes legal forms until none is left, or nothing else would be. Returns what was removed, in its usual spelling.
pub(super) fn strip(words: &mut Vec<String>) -> String {
    let mut taken: Vec<String> = Vec::new();
    while let Some(form) = strip_last(words).or_else(|| strip_first(words)) {
        taken.push(form);
    }
    taken.reverse();
    let form = taken.join(" ");
    USUAL.get(&form).cloned().unwrap_or(form)
}

fn strip_last(words: &mut Vec<String>) -> Option<String> {
    let most = FORMS.longest.min(words.len().saturating_sub(1));
    for count in (1..=most).rev() {
        let keep = words.len() - count;
        let form = words[keep..].join(" ");
        if FORMS.trailing.contains(&form) {
            words.truncate(keep);
            return Some(USUAL.get(&form).cloned().unwrap_or(form));
        }
    }
    None
}

fn strip_first(words: &mut Vec<String>) -> Option<String> {
    let is_form = words.len() > 1 && words.first().is_some_and(|first| FORMS.leading.contains(first));
    is_form.then(|| words.remove(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_in_the_tables_is_taken_off_a_name() {
        for form in trailing() {
            assert_eq!(
                super::super::fold_name(&format!("Contoso {form}")),
                "contoso",
                "{form}"
            );
        }
    }

    #[test]
    fn spellings_of_one_form_are_one_form() {
        for (usual, others) in SPELLINGS {
            for other in others.split(" | ") {
                let form = |form: &str| super::super::legal_form(&format!("Contoso {form}"));
                assert_eq!(form(other), form(usual), "{other}");
            }
        }
    }

    #[test]
    fn forms_of_more_than_twenty_five_countries_are_known() {
        assert!(TRAILING.len() > 25);
    }
}
