//! What can be typed of connecting.

use std::path::PathBuf;

use clap::Args;

use super::By;

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that is there or not"
)]
pub(crate) struct Connect {
    /// The cloud: `public`, `usgov`, `usgov-dod`, `china`, or a file with the line that `sim serve` printed.
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) cloud: String,
    /// The partner tenant's id; with `--app-only` that of the tenant to connect.
    #[arg(long, value_name = "TENANT")]
    pub(crate) partner: String,
    /// The application's client id; a simulated cloud's file names its own.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// A file that holds the client secret; else it comes from the variable `MSP365_CLIENT_SECRET`.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// The day on which the client secret ends, as the app registration shows it: `doctor` and `report expiry` tell of it
    /// beforehand.
    #[arg(long, value_name = "DATE", conflicts_with = "certificate")]
    pub(crate) secret_ends: Option<jiff::civil::Date>,
    /// A certificate with its private key, in place of a secret: PEM, or PKCS#12 whose password is in the variable
    /// `MSP365_CERTIFICATE_PASSWORD`.
    #[arg(long, value_name = "FILE", conflicts_with = "secret_file")]
    pub(crate) certificate: Option<PathBuf>,
    /// Connect one tenant directly by the application's own permissions, without a person.
    #[arg(long, conflicts_with_all = ["device_code", "refresh_token_file", "auto"])]
    pub(crate) app_only: bool,
    /// Sign in on another device: prints a page and a code to type there.
    #[arg(long, conflicts_with_all = ["refresh_token_file", "auto"])]
    pub(crate) device_code: bool,
    /// Take over the refresh token in this file, which another program got for the same application.
    #[arg(long, value_name = "FILE", conflicts_with = "auto")]
    pub(crate) refresh_token_file: Option<PathBuf>,
    /// Ask for the permissions to change users, too; without this nothing but reading is asked for. Customers that were
    /// enrolled before are enrolled again by `tenants sync`.
    #[arg(long, conflicts_with = "app_only")]
    pub(crate) write: bool,
    /// With `--write`: change administrators, too, whom only the highest roles reach. Asks for Directory.AccessAsUser.All,
    /// with which a token has all the rights of the service account.
    #[arg(long, requires = "write")]
    pub(crate) write_administrators: bool,
    /// With `--write`: disable and delete devices, too. Asks for Directory.AccessAsUser.All, with which a token has all the
    /// rights of the service account.
    #[arg(long, requires = "write")]
    pub(crate) write_devices: bool,
    /// See which policies of Conditional Access took part in sign-ins: asks for Policy.Read.ConditionalAccess.
    #[arg(long, conflicts_with = "app_only")]
    pub(crate) read_policies: bool,
    /// Walk through the sign-in pages of the simulated cloud instead of a person.
    #[arg(long)]
    pub(crate) auto: bool,
    #[command(flatten)]
    pub(crate) by: By,
}
