//! `sojourn key`: making, listing and revoking keys, straight in the database.

use anyhow::Result;
use chrono::{DateTime, SecondsFormat};
use domain::keys::{self, Role};
use domain::workspaces::Workspace;
use domain::{Store, workspaces};
use serde_json::{Value, json};

use crate::args::{Format, Key, Settings};
use crate::failure::{Ending, Failure};
use crate::{offer, output, server};

pub(super) async fn run(key: &Key) -> Result<Ending> {
    let (Key::Create { settings, .. } | Key::List { settings, .. } | Key::Revoke { settings, .. }) =
        key;
    let store = open(settings, key).await?;
    let outcome = act(&store, key).await;
    store.close().await;
    outcome
}

/// A database is made only for a new key: the first one may come before the first start.
async fn open(settings: &Settings, key: &Key) -> Result<Store> {
    let config = server::configure(settings, None, &[])?;
    let url = config.database.url.reveal();
    if !matches!(key, Key::Create { .. }) && !server::is_there(url) {
        return Err(server::no_database(url).into());
    }
    server::open_beside(url).await
}

async fn act(store: &Store, key: &Key) -> Result<Ending> {
    match key {
        Key::Create { role, workspace, name, .. } => {
            create(store, workspace, (*role).into(), name).await
        }
        Key::List { workspace, format, .. } => list(store, workspace, *format).await,
        Key::Revoke { id, workspace, .. } => {
            let workspace = find(store, workspace).await?;
            keys::revoke(store, workspace.id, *id).await.map_err(|error| match error {
                domain::Error::NotFound { .. } => no_such_key(*id),
                error => error.into(),
            })?;
            output::line(format_args!("key {id} is revoked"))?;
            Ok(Ending::Fine)
        }
    }
}

async fn create(store: &Store, workspace: &str, role: Role, name: &str) -> Result<Ending> {
    let workspace = if workspace == workspaces::DEFAULT {
        workspaces::ensure(store, workspace).await?
    } else {
        find(store, workspace).await?
    };
    let (key, secret) = keys::create(store, workspace.id, role, name).await?;
    output::line(&secret)?;
    output::note(format_args!(
        "key {} for `{}` with the role {}; this is the only time it is shown",
        key.id,
        workspace.name,
        role.word()
    ));
    Ok(Ending::Fine)
}

async fn list(store: &Store, workspace: &str, format: Format) -> Result<Ending> {
    let workspace = find(store, workspace).await?;
    let keys = keys::all(store, workspace.id).await?;
    match format {
        Format::Json => {
            output::line(Value::Array(keys.iter().map(shown).collect()))?;
        }
        Format::Text => {
            let header = ("id", "role", "begins with", "made", "name");
            print_row(header.0, header.1, header.2, header.3, header.4)?;
            for key in &keys {
                let ended = if key.revoked_at.is_some() { " (revoked)" } else { "" };
                let name = format!("{}{ended}", key.name);
                let id = key.id.to_string();
                print_row(&id, key.role.word(), &key.hint, &time(key.created_at), &name)?;
            }
        }
    }
    Ok(Ending::Fine)
}

async fn find(store: &Store, name: &str) -> Result<Workspace> {
    let all = workspaces::all(store).await?;
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    let help = if names.is_empty() {
        "`sojourn serve` makes the first one".to_owned()
    } else {
        offer::offer("workspaces", name, &names)
    };
    match workspaces::by_name(store, name).await {
        Err(domain::Error::NotFound { .. }) => {
            Err(Failure::problem(format!("there is no workspace `{name}`")).help(help).into())
        }
        found => Ok(found?),
    }
}

fn no_such_key(id: i64) -> anyhow::Error {
    Failure::problem(format!("there is no key {id}, or it is revoked already"))
        .help("`sojourn key list` shows them all")
        .into()
}

fn print_row(id: &str, role: &str, hint: &str, made: &str, name: &str) -> std::io::Result<()> {
    output::line(format_args!("{id:>4}  {role:<6}  {hint:<14}  {made:<20}  {name}"))
}

fn shown(key: &keys::Key) -> Value {
    json!({
        "id": key.id,
        "role": key.role.word(),
        "name": key.name,
        "hint": key.hint,
        "createdAt": time(key.created_at),
        "revokedAt": key.revoked_at.map(time),
    })
}

fn time(at: i64) -> String {
    DateTime::from_timestamp_millis(at)
        .map_or_else(String::new, |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}
