//! `sojourn completions`: a script that lets a shell complete our words.

use anyhow::Result;
use clap::CommandFactory;

use crate::args::{Cli, Completions};
use crate::failure::Ending;
use crate::output;

pub(super) fn run(completions: &Completions) -> Result<Ending> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Cli::command(), "sojourn", &mut script);
    output::text(String::from_utf8_lossy(&script))?;
    Ok(Ending::Fine)
}
