//! The configuration: the built-in reference, `sojourn.toml`, the environment and flags, in this
//! order. Nothing here prints a secret.

mod layers;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use worker::transport::EmailUrl;

use crate::failure::{Failure, reason};
use layers::Layers;

/// Every key with its default and a comment.
pub(crate) const REFERENCE: &str = include_str!("config.default.toml");
/// Read where it stands in the folder of the start.
const FILE: &str = "sojourn.toml";

/// A flag and what it says: the key it stands for, its name, its value where it was given.
pub(crate) type Flag<'a> = (&'static str, &'static str, Option<&'a str>);

/// Everything that can be configured.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where everything is kept.
    pub(crate) database: Database,
    /// How the server listens.
    pub(crate) http: Http,
    /// How mail leaves.
    pub(crate) email: Email,
    /// Keys, secrets and walls.
    pub(crate) security: Security,
    /// What is logged.
    pub(crate) log: Log,
}

/// `[database]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// `sqlite://…` or `postgres://…`; may hold a password.
    pub(crate) url: Secret,
}

/// `[http]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    /// Host and port.
    pub(crate) listen: String,
    /// Empty: made of `listen`.
    public_url: String,
    /// 0 is one for each core.
    pub(crate) workers: usize,
    /// PEM file, or empty.
    tls_cert: String,
    /// PEM file, or empty.
    tls_key: String,
}

/// `[email]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Email {
    /// May hold a password.
    url: Secret,
    /// Pattern of addresses, or empty.
    only_to: String,
}

/// `[security]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Security {
    /// Signs links.
    secret: Secret,
    /// A key that always exists, or empty.
    admin_key: Secret,
    /// Whether calls may go to private addresses.
    allow_private_network: bool,
}

/// `[log]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    /// Levels, by module.
    pub(crate) filter: String,
    /// For people or for programs.
    pub(crate) format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// Text that no log and no message shows.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text itself, for the one place that needs it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "unset" } else { "…" })
    }
}

impl Config {
    /// Reads all layers, from the file to the flags.
    pub(crate) fn load(file: Option<&Path>, flags: &[Flag<'_>]) -> Result<Self, Failure> {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let (path, text) = read(file)?;
        Self::from_layers(&path, &text, variables, flags)
    }

    fn from_layers(
        path: &str,
        text: &str,
        variables: impl Iterator<Item = (String, String)>,
        flags: &[Flag<'_>],
    ) -> Result<Self, Failure> {
        let mut layers = Layers::new()?.file(path, text)?.environment(variables)?;
        for (key, name, value) in flags {
            if let Some(value) = value {
                layers = layers.text(key, value, &format!("`{name}`"))?;
            }
        }
        layers.extract()
    }

    /// The key that always exists.
    pub(crate) fn admin_key(&self) -> Option<&str> {
        Some(self.security.admin_key.reveal()).filter(|key| !key.is_empty())
    }

    /// Keys that are set although nothing in this version reads them.
    pub(crate) fn without_effect(&self) -> Vec<&'static str> {
        let set = [
            ("security.secret", !self.security.secret.reveal().is_empty()),
            ("security.allow_private_network", self.security.allow_private_network),
        ];
        set.into_iter().filter_map(|(key, is_set)| is_set.then_some(key)).collect()
    }
}

impl Http {
    /// Certificate and key, where https is served.
    pub(crate) fn tls(&self) -> Result<Option<(PathBuf, PathBuf)>, Failure> {
        match (self.tls_cert.as_str(), self.tls_key.as_str()) {
            ("", "") => Ok(None),
            ("", _) => Err(half_of_tls("tls_cert", "tls_key")),
            (_, "") => Err(half_of_tls("tls_key", "tls_cert")),
            (cert, key) => Ok(Some((cert.into(), key.into()))),
        }
    }

    /// The base of links.
    pub(crate) fn public_url(&self) -> String {
        if !self.public_url.is_empty() {
            return self.public_url.trim_end_matches('/').to_owned();
        }
        let scheme = if self.tls_cert.is_empty() { "http" } else { "https" };
        format!("{scheme}://{}", self.listen)
    }
}

impl Email {
    /// Where mail goes, understood.
    pub(crate) fn url(&self) -> Result<EmailUrl, Failure> {
        self.url.reveal().parse().map_err(|error| {
            Failure::wrong_use(format!("cannot use `email.url`: {error}"))
                .help("`SOJOURN_EMAIL_URL` and `[email] url` in `sojourn.toml` set it")
        })
    }

    /// The addresses that mail may go to, where it may not go to all.
    pub(crate) fn only_to(&self) -> Option<String> {
        Some(self.only_to.clone()).filter(|pattern| !pattern.is_empty())
    }
}

fn half_of_tls(missing: &str, given: &str) -> Failure {
    Failure::wrong_use(format!("`http.{given}` is set and `http.{missing}` is not"))
        .help("https takes both, a certificate chain and its key, as PEM files")
}

/// The file's name and text; a file that was named must be there.
fn read(file: Option<&Path>) -> Result<(String, String), Failure> {
    let path = file.unwrap_or(Path::new(FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((path.display().to_string(), text)),
        Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            Ok((FILE.to_owned(), String::new()))
        }
        Err(error) => {
            let why = reason(&error);
            Err(Failure::wrong_use(format!("cannot read `{}`: {why}", path.display())))
        }
    }
}

#[cfg(test)]
mod tests;
