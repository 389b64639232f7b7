//! Settings of the whole instance that live in its database.

use rand::RngCore;

use crate::error::Result;
use crate::store::{Session, Store};

const SECRET: &str = "secret";
const SECRET_BYTES: usize = 32;

/// The secret that signs links and webhooks: made on the first call, the same ever after.
pub async fn secret(store: &Store) -> Result<String> {
    store
        .write(|session| {
            Box::pin(async move {
                let mut bytes = [0_u8; SECRET_BYTES];
                rand::rng().fill_bytes(&mut bytes);
                keep(session, SECRET, &hex(&bytes)).await
            })
        })
        .await
}

/// Stores `value` under `name` unless there is one, and answers what is stored.
async fn keep(session: &Session<'_>, name: &str, value: &str) -> Result<String> {
    let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    session.execute(sql, vec![name.into(), value.into()]).await?;
    let sql = "SELECT value FROM setting WHERE name = $1";
    match session.one(sql, vec![name.into()]).await? {
        Some(row) => row.text("value"),
        None => Ok(value.to_owned()),
    }
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
