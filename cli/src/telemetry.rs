//! Logs: on stderr, as text for people or as JSON for programs.

use anyhow::Result;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::failure::Failure;
use crate::output;

/// Libraries that tell of every start and stop are heard from `warn` on, unless they are named.
const QUIET: &str = "actix_server=warn,apalis_core=warn,sea_orm_migration=warn";

/// Sends what is logged from now on to stderr.
pub(crate) fn start(log: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", log.filter)).map_err(|error| {
        Failure::wrong_use(format!("cannot read the log filter `{}`: {error}", log.filter))
            .help("write a level, such as `info`, or levels by module, such as `info,worker=debug`")
    })?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(output::colours_on_stderr())
        .with_target(false);
    let started = match log.format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs.json().flatten_event(true).with_target(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("cannot start logging: {error}"))
}
