//! Arguments that make no sense, said in one line as every other error is.

use std::ffi::OsStr;
use std::fmt;

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::Cli;

/// Why the arguments cannot be used, and whose help tells more.
#[derive(Debug)]
pub(crate) struct Usage {
    what: String,
    help: String,
}

impl Usage {
    /// What clap says about the arguments of this process; gives it back if it is no error but help that was asked for,
    /// or that nothing at all was typed.
    pub(crate) fn new(error: clap::Error) -> Result<Self, clap::Error> {
        let is_help =
            !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        if is_help {
            return Err(error);
        }
        let command = std::env::args_os().nth(1).filter(|command| is_command(command));
        let help = command.map_or("fillrate --help".to_owned(), |command| {
            format!("fillrate {} --help", command.to_string_lossy())
        });
        Ok(Self { what: one_line(&error.render().to_string()), help })
    }

    /// What clap cannot know about the arguments of a command.
    pub(crate) fn of(command: &str, what: impl Into<String>) -> Self {
        Self { what: what.into(), help: format!("fillrate {command} --help") }
    }
}

fn is_command(name: &OsStr) -> bool {
    Cli::command().find_subcommand(name).is_some()
}

/// What clap says, without the paragraphs that stand under every error: the usage, and how to get help.
fn one_line(message: &str) -> String {
    let paragraphs = message.strip_prefix("error: ").unwrap_or(message).split("\n\n");
    let lines = paragraphs.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let is_own = |text: &String| {
        !["Usage: ", "For more information"].iter().any(|start| text.starts_with(start)) && !text.is_empty()
    };
    lines.filter(is_own).collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; see `{}`", self.what, self.help)
    }
}

impl std::error::Error for Usage {}
