//! `file:DIR`: one `.eml` per message, whole or not at all. The same message
//! written twice is one file, so a retry does no harm.

use std::path::Path;

use uuid::Uuid;

use super::{ConnectError, Mail, Outcome};

const MAX_NAME_BYTES: usize = 200;

pub(super) fn prepare(folder: &Path) -> Result<(), ConnectError> {
    std::fs::create_dir_all(folder)
        .map_err(|cause| ConnectError::Folder { path: folder.to_owned(), cause })
}

pub(super) async fn write(folder: &Path, mail: &Mail, bytes: &[u8]) -> Outcome {
    let name = file_name(mail);
    let unfinished = folder.join(format!(".{}.tmp", Uuid::new_v4().simple()));
    let finished = folder.join(format!("{name}.eml"));
    let written = async {
        tokio::fs::write(&unfinished, bytes).await?;
        tokio::fs::rename(&unfinished, &finished).await
    };
    match written.await {
        Ok(()) => Outcome::Sent { provider_id: None },
        Err(cause) => Outcome::transient(format!("cannot write `{}`: {cause}", finished.display())),
    }
}

/// The message id with all that a file name should not have written as `%XX`,
/// so that different ids stay different.
fn file_name(mail: &Mail) -> String {
    let id = mail.message_id.trim_start_matches('<').trim_end_matches('>');
    let mut name = String::with_capacity(id.len());
    for byte in id.bytes() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'@');
        if plain || (byte == b'.' && !name.is_empty()) {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    if name.len() > MAX_NAME_BYTES { mail.delivery.simple().to_string() } else { name }
}
