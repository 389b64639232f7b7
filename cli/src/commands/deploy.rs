//! `sojourn deploy`: checks files here, sends them to a server, and says what it did with them.

mod answer;

use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context, Result};
use dsl::compile::Source;
use serde_json::{Value, json};
use url::Url;

use crate::args::Deploy;
use crate::failure::{Ending, Failure, reason};
use crate::files::Files;
use crate::output;
use crate::problems::Problems;
use answer::{Answer, Deployed};

/// Longest time a deploy may take: all of it is one transaction.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Characters of an answer that is not understood, to show what it is.
const EXCERPT_CHARS: usize = 200;

const MUTATION: &str = "mutation Deploy($input: DeployInput!) { deploy(input: $input) {
    version changed campaignsNew campaignsChanged campaignsRemoved segments } }";

pub(super) async fn run(deploy: &Deploy) -> Result<Ending> {
    let files = Files::read(&deploy.path)?;
    let compilation = files.compile();
    Problems::of(&files, &compilation).print();
    if compilation.has_errors() {
        return Ok(Ending::Problems);
    }
    let url = graphql_url(&deploy.server)?;
    if !deploy.yes && !confirm(&files, &deploy.server)? {
        output::note("nothing was deployed");
        return Ok(Ending::Problems);
    }
    match send(&url, deploy, &files).await? {
        Answer::Deployed(deployed) => print(&deployed)?,
        Answer::Refused(failure) => return Err(failure.into()),
        Answer::Problems(text) => {
            output::note(text.trim_end());
            return Ok(Ending::Problems);
        }
    }
    Ok(Ending::Fine)
}

fn graphql_url(server: &str) -> Result<Url, Failure> {
    let wrong = |why: &str| {
        Failure::wrong_use(format!("cannot use the server `{server}`: {why}"))
            .help("write it like `--server https://sojourn.example`")
    };
    let url = Url::parse(&format!("{}/graphql", server.trim_end_matches('/'))).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| wrong("expected an address with `http://` or `https://`"))
}

/// Where nobody can answer, nobody is asked.
fn confirm(files: &Files, server: &str) -> Result<bool> {
    if !io::stdin().is_terminal() {
        return Ok(true);
    }
    let count = output::count(files.sources.len(), "file", "files");
    let mut err = io::stderr().lock();
    write!(err, "deploy {count} to {server}? [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

async fn send(url: &Url, deploy: &Deploy, files: &Files) -> Result<Answer> {
    let sources = as_sent(files);
    let own = sources.iter().map(|source| (&source.path, &source.text));
    let all: Vec<Value> = own
        .chain(&files.others)
        .map(|(path, text)| json!({ "path": path, "text": text }))
        .collect();
    let input = json!({ "source": deploy.source, "files": all });
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .build()
        .context("cannot make an HTTP client")?;
    let response = client
        .post(url.clone())
        .bearer_auth(&deploy.key)
        .json(&json!({ "query": MUTATION, "variables": { "input": input } }))
        .send()
        .await
        .map_err(|error| unreachable(url, &error))?;
    let status = response.status();
    let text = response.text().await.map_err(|error| unreachable(url, &error))?;
    let Ok(body) = serde_json::from_str::<Value>(&text) else {
        let excerpt: String = text.chars().take(EXCERPT_CHARS).collect();
        return Err(Failure::unreachable(format!("`{url}` answered {status}: {excerpt}"))
            .help("is it the address of a Sojourn server?")
            .into());
    };
    Ok(answer::read(&body, &sources, output::colours_on_stderr()))
}

/// With their paths within the folder that was named, which are the same on every machine.
fn as_sent(files: &Files) -> Vec<Source> {
    let named = files.inner_paths.iter().zip(&files.sources);
    named.map(|(path, source)| Source { path: path.clone(), text: source.text.clone() }).collect()
}

fn unreachable(url: &Url, error: &reqwest::Error) -> Failure {
    let mut words = String::new();
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        words = match error.downcast_ref::<io::Error>() {
            Some(error) => reason(error),
            None => error.to_string(),
        };
        cause = error.source();
    }
    if words.contains("InvalidContentType") {
        "the server speaks no https there".clone_into(&mut words);
    }
    Failure::unreachable(format!("cannot reach `{url}`: {words}"))
        .help("`--server` or `SOJOURN_SERVER` names another server; `sojourn serve` starts one")
}

fn print(deployed: &Deployed) -> Result<()> {
    if !deployed.changed {
        output::line(format_args!("nothing has changed since release {}", deployed.version))?;
        return Ok(());
    }
    output::line(format_args!("release {}", deployed.version))?;
    for (sign, word, names) in [
        ("+", "new", &deployed.campaigns_new),
        ("~", "changed", &deployed.campaigns_changed),
        ("-", "removed", &deployed.campaigns_removed),
    ] {
        for name in names {
            output::line(format_args!("  {sign} campaign {name:?} {word}"))?;
        }
    }
    if !deployed.segments.is_empty() {
        let names: Vec<String> = deployed.segments.iter().map(|name| format!("{name:?}")).collect();
        output::line(format_args!("    segments {}", names.join(", ")))?;
    }
    Ok(())
}
