//! A day at the desk, as the program prints it.

use std::process::Command;

#[test]
fn a_day_at_the_desk_is_as_promised() {
    let ended = Command::new(env!("CARGO_BIN_EXE_msp365-rmm")).output().unwrap();
    let said = String::from_utf8(ended.stdout).unwrap();
    let complaint = String::from_utf8(ended.stderr).unwrap();
    assert!(
        ended.status.success() && complaint.is_empty(),
        "{complaint}\n{said}"
    );

    let numbers: Vec<usize> = said
        .lines()
        .next()
        .unwrap()
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    assert!(numbers[0] > 0 && numbers[1] > numbers[0], "{said}");
    for promised in [
        "Bo opens a user of another customer: there is no such user",
        "    licence: ",
        "; our device ",
        " groups, ",
        "bo, block: will_work\n",
        "bo, delete: will_not: the technician lacks ",
        "cleo, delete: will_work\n",
        "    gained: ",
        "applied     block sign-in",
        "Bo offboards: the technician lacks ",
        "\noffboard ",
        "\nrehire ",
        "Licences as before: true",
        "    bo ",
        "    cleo ",
    ] {
        assert!(said.contains(promised), "{promised}: {said}");
    }
    assert!(!said.contains("rejected") && !said.contains("unknown "), "{said}");
}
