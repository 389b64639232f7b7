//! Who is calling: keys, where they are found in a request, and what their role allows.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Store;
use domain::keys::{Key, Role};

use crate::app::App;
use crate::problem::{Code, Problem};

/// How long a key that was found is believed without another look.
const BELIEVED_FOR: Duration = Duration::from_secs(10);
/// Keys that are remembered at once.
const KEYS_REMEMBERED_MAX: usize = 10_000;
const WRITE_KEY: &str = "x-write-key";

/// What a caller wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    /// Bring in activity.
    Track,
    /// Read.
    Read,
    /// Change content and deploy.
    Edit,
}

impl Right {
    pub(crate) const fn is_of(self, role: Role) -> bool {
        match self {
            Self::Track => role.tracks(),
            Self::Read => role.reads(),
            Self::Edit => role.edits(),
        }
    }

    /// An error that names the roles that may.
    pub(crate) fn check(self, role: Role) -> Result<(), Problem> {
        if self.is_of(role) {
            return Ok(());
        }
        let able: Vec<String> = Role::ALL
            .into_iter()
            .filter(|role| self.is_of(*role))
            .map(|role| format!("`{}`", role.word()))
            .collect();
        let detail =
            format!("expected a key with role {}, found `{}`", able.join(" or "), role.word());
        Err(Problem::new(Code::Forbidden, detail))
    }
}

/// Keys that were found a moment ago.
pub(crate) struct Keys {
    store: Store,
    found: Mutex<BTreeMap<String, (Instant, Key)>>,
}

impl Keys {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, found: Mutex::new(BTreeMap::new()) }
    }

    fn remembered(&self, secret: &str) -> Option<Key> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, key) = found.get(secret)?;
        (at.elapsed() < BELIEVED_FOR).then(|| key.clone())
    }

    fn remember(&self, secret: &str, key: &Key) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() >= KEYS_REMEMBERED_MAX {
            found.clear();
        }
        found.insert(secret.to_owned(), (Instant::now(), key.clone()));
    }
}

/// The key with this secret, where its role has the right.
pub(crate) async fn authenticate(app: &App, secret: &str, right: Right) -> Result<Key, Problem> {
    let key = identify(app, secret).await?;
    right.check(key.role)?;
    Ok(key)
}

/// The key with this secret, whatever it may do.
pub(crate) async fn identify(app: &App, secret: &str) -> Result<Key, Problem> {
    if let Some(key) = app.keys.remembered(secret) {
        return Ok(key);
    }
    let (store, owned) = (app.keys.store.clone(), secret.to_owned());
    let found = app.work(async move { domain::keys::find(&store, &owned).await }).await??;
    let key = found.ok_or_else(|| {
        Problem::new(Code::Unauthenticated, "expected a valid key, found an unknown one")
    })?;
    app.keys.remember(secret, &key);
    Ok(key)
}

/// No key came with the request.
pub(crate) fn missing() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "expected a key in `Authorization`, as Bearer or as the name of Basic, found none",
    )
}

/// The secret in the headers of a request, if there is one.
pub(crate) fn secret_in(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let secret = value.to_str().ok().and_then(secret_of);
        return secret.map(Some).ok_or_else(|| {
            Problem::new(
                Code::Unauthenticated,
                "expected `Bearer KEY`, or Basic with the key as the name, found another `Authorization`",
            )
        });
    }
    let written = headers.get(WRITE_KEY).and_then(|value| value.to_str().ok());
    Ok(written.filter(|secret| !secret.is_empty()).map(str::to_owned))
}

/// `Bearer KEY`, or Basic whose name is the key, or whose name is blank and its password the key.
fn secret_of(authorization: &str) -> Option<String> {
    let (scheme, rest) = authorization.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return (!rest.is_empty()).then(|| rest.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    let (name, password) = pair.split_once(':').unwrap_or((&pair, ""));
    let secret = if name.is_empty() { password } else { name };
    (!secret.is_empty()).then(|| secret.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_bearer_and_in_basic() {
        let basic = |pair: &str| secret_of(&format!("Basic {}", STANDARD.encode(pair)));
        assert_eq!(secret_of("Bearer k").as_deref(), Some("k"));
        assert_eq!(secret_of("bearer  k ").as_deref(), Some("k"));
        assert_eq!(basic("k:").as_deref(), Some("k"));
        assert_eq!(basic("k").as_deref(), Some("k"));
        assert_eq!(basic(":k").as_deref(), Some("k"));
        assert_eq!(basic(":"), None);
        assert_eq!(secret_of("Basic ???"), None);
        assert_eq!(secret_of("Digest k"), None);
        assert_eq!(secret_of("k"), None);
    }

    #[test]
    fn a_refusal_names_the_roles_that_may() {
        let refused = Right::Edit.check(Role::Viewer).unwrap_err();
        assert_eq!(refused.detail, "expected a key with role `editor` or `admin`, found `viewer`");
    }
}
