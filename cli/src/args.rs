//! The words of the command line; what they do stands in `commands`.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use domain::keys::Role;

/// What `--speed` of the demo takes.
const SPEEDS: RangeInclusive<u32> = 1..=100_000;

const AFTER_HELP: &str = "\
Exit codes: 0 fine, 1 problems found, 2 wrong use, 3 could not reach something.
Start with `sojourn demo`, or write a file and say `sojourn check FILE`.";

const ABOUT_CONFIG: &str = "\
Settings come from `sojourn.toml`, the environment and these flags, the later ones winning; the
variable beside a flag sets the same.";

/// Customer journeys as code.
#[derive(Debug, Parser)]
#[command(name = "sojourn", bin_name = "sojourn", version, after_help = AFTER_HELP, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// A configuration file [default: sojourn.toml, where there is one]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "SOJOURN_CONFIG",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What there is to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a whole workspace for show: sample people, campaigns and mail, with time sped up
    Demo(Demo),
    /// Run the server: API and worker in one process
    #[command(after_help = ABOUT_CONFIG)]
    Serve(Serve),
    /// Run a worker alone, any number of them on one PostgreSQL database
    #[command(after_help = ABOUT_CONFIG)]
    Worker(Worker),
    /// Bring the schema of the database up to date
    Migrate(Migrate),
    /// Make, list and revoke keys
    #[command(subcommand)]
    Key(Key),
    /// Check files, and say every problem of every file
    Check(Check),
    /// Format files in place
    Fmt(Fmt),
    /// Run the `test` blocks of files under a virtual clock
    Test(Test),
    /// Draw the steps of a campaign
    Graph(Graph),
    /// Explain the code of a problem, such as J0105, or list all codes
    Explain(Explain),
    /// Send files to a server, where they replace what was deployed before
    Deploy(Deploy),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// How the show is run.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Address and port to listen on, another port where it is taken [env: SOJOURN_LISTEN]
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) listen: Option<String>,
    /// How many times as fast time goes; at 1440 a day takes a minute
    #[arg(long, value_name = "N", default_value_t = 1_440)]
    #[arg(value_parser = speed)]
    pub(crate) speed: u32,
}

/// What the commands of a server share.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// A configuration file [default: sojourn.toml, where there is one]
    #[arg(long, value_name = "FILE", env = "SOJOURN_CONFIG", hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
    /// `sqlite://FILE` or `postgres://…` [env: SOJOURN_DATABASE_URL]
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
}

/// How mail leaves.
#[derive(Debug, Args)]
pub(crate) struct MailFlags {
    /// Where mail goes: `smtp://…`, `smtps://…`, `inbox:`, `file:DIR`, `null:` [env: SOJOURN_EMAIL_URL]
    #[arg(long, value_name = "URL")]
    pub(crate) email_url: Option<String>,
    /// Let mail go to addresses like this alone, such as `*@acme.test` [env: SOJOURN_ONLY_TO]
    #[arg(long, value_name = "PATTERN")]
    pub(crate) only_to: Option<String>,
}

/// How the server runs.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Address and port to listen on; port 0 takes a free one [env: SOJOURN_LISTEN]
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) listen: Option<String>,
    /// Base of the links in mail [env: SOJOURN_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    #[command(flatten)]
    pub(crate) mail: MailFlags,
    /// Run the API alone, beside workers of their own (PostgreSQL only)
    #[arg(long)]
    pub(crate) no_worker: bool,
}

/// How a worker runs.
#[derive(Debug, Args)]
pub(crate) struct Worker {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) mail: MailFlags,
}

/// Up, or only a look.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Change nothing; exit with 1 where the schema is behind
    #[arg(long)]
    pub(crate) check: bool,
}

/// What is done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a key; its secret is printed once, on stdout
    Create {
        #[command(flatten)]
        settings: Settings,
        /// What it may do: everything; content and deploys; reading; bringing in activity
        #[arg(long, value_enum)]
        role: RoleWord,
        /// The workspace it opens
        #[arg(long, value_name = "NAME", default_value = domain::workspaces::DEFAULT)]
        workspace: String,
        /// What people call it
        #[arg(long, value_name = "NAME", default_value = "made on the command line")]
        name: String,
    },
    /// List keys, without their secrets
    List {
        #[command(flatten)]
        settings: Settings,
        /// The workspace whose keys are listed
        #[arg(long, value_name = "NAME", default_value = domain::workspaces::DEFAULT)]
        workspace: String,
        /// For people, or for programs
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// End a key
    Revoke {
        #[command(flatten)]
        settings: Settings,
        /// Its number in `sojourn key list`
        #[arg(value_parser = key_number)]
        id: i64,
        /// The workspace it opens
        #[arg(long, value_name = "NAME", default_value = domain::workspaces::DEFAULT)]
        workspace: String,
    },
}

/// The roles as words, the strongest first.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RoleWord {
    Admin,
    Editor,
    Viewer,
    Track,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Admin => Self::Admin,
            RoleWord::Editor => Self::Editor,
            RoleWord::Viewer => Self::Viewer,
            RoleWord::Track => Self::Track,
        }
    }
}

/// How results are printed. JSON is stable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

/// What is checked.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Files or folders; all `*.journey` below a folder are one workspace
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change the files where a problem has one safe remedy, then say what remains
    #[arg(long)]
    pub(crate) fix: bool,
    /// Also tell per campaign how long it takes, how many messages it sends and what it reads
    #[arg(long)]
    pub(crate) explain: bool,
    /// For people, or for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// What is formatted.
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Files or folders, or `-` to read stdin and write stdout
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing; print what would change, and exit with 1 where something would
    #[arg(long)]
    pub(crate) check: bool,
    /// For people, or for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// What is tested.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Files or folders; all `*.journey` below a folder are one workspace
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Run the tests of this name alone
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Option<String>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// What is drawn.
#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// A file or a folder
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// Which campaign, where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) campaign: Option<String>,
    /// Which broadcast
    #[arg(long, value_name = "NAME", conflicts_with = "campaign")]
    pub(crate) broadcast: Option<String>,
    /// Text for Markdown, a picture, or data for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Picture,
}

/// Kinds of pictures. JSON is stable.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Picture {
    #[default]
    Mermaid,
    Dot,
    Svg,
    Json,
}

/// What is explained.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code, in any case; without one all codes are listed
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// What is deployed, and where to.
#[derive(Debug, Args)]
pub(crate) struct Deploy {
    /// A file or a folder
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// The server
    #[arg(long, value_name = "URL", env = "SOJOURN_SERVER", hide_env_values = true)]
    #[arg(default_value = "http://127.0.0.1:8080")]
    pub(crate) server: String,
    /// A key with the role editor or admin
    #[arg(long, value_name = "KEY", env = "SOJOURN_KEY", hide_env_values = true)]
    pub(crate) key: String,
    /// The set of files that is replaced; others on the server stay as they are
    #[arg(long, value_name = "NAME", default_value = domain::definitions::DEFAULT_SOURCE)]
    pub(crate) source: String,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// For which shell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

fn speed(text: &str) -> Result<u32, String> {
    let speed = text.parse().ok().filter(|speed| SPEEDS.contains(speed));
    speed.ok_or_else(|| {
        format!("expected a whole number from {} to {}", SPEEDS.start(), SPEEDS.end())
    })
}

fn key_number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "expected a number, as `sojourn key list` shows it".to_owned())
}
