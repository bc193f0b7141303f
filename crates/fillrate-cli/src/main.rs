//! The command line `fillrate`: arguments in, rendering out, no logic.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod output;
mod render;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Stats(args) => commands::stats::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Sample(args) => commands::sample::run(&args),
    };
    output::finish(outcome)
}
