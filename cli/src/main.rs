//! The binary `sojourn`: reads the command line and leaves the rest to one file per command.

mod args;
mod commands;
mod config;
mod difference;
mod failure;
mod files;
mod offer;
mod output;
mod problems;
mod progress;
mod server;
mod stop;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

/// Many small allocations on many threads: the system's allocator is the slowest part of a tick.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Whoever came first has installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = args::Cli::parse();
    let code = match commands::run(cli) {
        Ok(ending) => ending.code(),
        Err(error) => failure::report(&error),
    };
    ExitCode::from(code)
}
