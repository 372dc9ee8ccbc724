//! Many programs on one database.

#[cfg(test)]
mod renewal;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    if std::env::var_os(renewal::ORDERS).is_some() {
        msp365_stores::runtime().block_on(renewal::worker());
        return ExitCode::SUCCESS;
    }
    let name =
        |database: &str| format!("f148_sixty_four_tasks_in_four_programs_redeem_once_a_round_on_{database}");
    let tests = vec![
        msp365_stores::plain(&name("sqlite"), renewal::on_sqlite),
        msp365_stores::on_postgres(&name("postgres"), renewal::on_postgres),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}
