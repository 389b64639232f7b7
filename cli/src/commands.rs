//! One module for each command. Those that talk to the world run on tokio, the others do not.

mod check;
mod completions;
mod demo;
mod deploy;
mod explain;
mod fmt;
mod graph;
mod key;
mod migrate;
mod serve;
mod test;
mod worker;

use std::future::Future;

use anyhow::{Context, Result};

use crate::args::{Cli, Command};
use crate::failure::Ending;

/// Does what the command line asks for.
pub(crate) fn run(cli: Cli) -> Result<Ending> {
    match cli.command {
        Command::Demo(demo) => wait_for(demo::run(&demo)),
        Command::Serve(serve) => wait_for(serve::run(&serve)),
        Command::Worker(worker) => wait_for(worker::run(&worker)),
        Command::Migrate(migrate) => wait_for(migrate::run(&migrate)),
        Command::Key(key) => wait_for(key::run(&key)),
        Command::Check(check) => check::run(&check),
        Command::Fmt(fmt) => fmt::run(&fmt),
        Command::Test(test) => test::run(&test),
        Command::Graph(graph) => graph::run(&graph),
        Command::Explain(explain) => explain::run(&explain),
        Command::Deploy(deploy) => wait_for(deploy::run(&deploy)),
        Command::Completions(completions) => completions::run(&completions),
    }
}

fn wait_for(work: impl Future<Output = Result<Ending>>) -> Result<Ending> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")?;
    runtime.block_on(work)
}
