//! `sojourn migrate`: the schema up to date, or a look whether it is.

use anyhow::Result;
use domain::Store;
use domain::store::{Opening, SchemaState};

use crate::args::Migrate;
use crate::failure::{Ending, Failure};
use crate::{output, server};

pub(super) async fn run(migrate: &Migrate) -> Result<Ending> {
    let config = server::configure(&migrate.settings, None, &[])?;
    let url = config.database.url.reveal();
    if migrate.check && !server::is_there(url) {
        return Err(server::no_database(url).into());
    }
    let opening = Opening { url: url.to_owned(), engine: !migrate.check };
    let store = Store::open(&opening).await?;
    let outcome = if migrate.check { look(&store).await } else { bring_up(&store).await };
    store.close().await;
    outcome
}

async fn look(store: &Store) -> Result<Ending> {
    match store.schema().await? {
        SchemaState::Current => {
            output::line("the schema is current")?;
            Ok(Ending::Fine)
        }
        SchemaState::Behind(missing) => {
            output::line(format_args!("the schema is behind, missing: {}", missing.join(", ")))?;
            output::note("  = help: run `sojourn migrate`");
            Ok(Ending::Problems)
        }
    }
}

async fn bring_up(store: &Store) -> Result<Ending> {
    let SchemaState::Behind(missing) = store.schema().await? else {
        output::line("the schema is current")?;
        return Ok(Ending::Fine);
    };
    store.migrate().await?;
    match store.schema().await? {
        SchemaState::Current => {
            output::line(format_args!("the schema is current, made: {}", missing.join(", ")))?;
            Ok(Ending::Fine)
        }
        SchemaState::Behind(left) => {
            Err(Failure::problem(format!("the schema is still missing: {}", left.join(", ")))
                .into())
        }
    }
}
