//! The layers of the configuration before they are one: what is written where, and whether the
//! reference knows it.

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Num, Value};
use figment::{Figment, Profile, Provider};

use super::REFERENCE;
use crate::failure::Failure;

/// Between the names of an environment variable: `SOJOURN_HTTP__LISTEN`.
const BETWEEN_NAMES: &str = "__";
const PREFIX: &str = "SOJOURN_";
/// One slip in so many letters still leaves a name to be recognised.
const LETTERS_PER_SLIP: usize = 4;

/// The short variables and the keys they stand for.
pub(crate) const SHORT: &[(&str, &str)] = &[
    ("SOJOURN_DATABASE_URL", "database.url"),
    ("SOJOURN_LISTEN", "http.listen"),
    ("SOJOURN_PUBLIC_URL", "http.public_url"),
    ("SOJOURN_TLS_CERT", "http.tls_cert"),
    ("SOJOURN_TLS_KEY", "http.tls_key"),
    ("SOJOURN_EMAIL_URL", "email.url"),
    ("SOJOURN_ONLY_TO", "email.only_to"),
    ("SOJOURN_SECRET", "security.secret"),
    ("SOJOURN_ADMIN_KEY", "security.admin_key"),
    ("SOJOURN_ALLOW_PRIVATE_NETWORK", "security.allow_private_network"),
    ("SOJOURN_LOG", "log.filter"),
    ("SOJOURN_LOG_FORMAT", "log.format"),
];

/// Variables that are no settings, and must not be taken for misspelt ones.
const OTHERS: &[&str] = &["SOJOURN_CONFIG", "SOJOURN_SERVER", "SOJOURN_KEY"];

/// The reference, the file above it, and nothing else yet.
pub(crate) struct Layers {
    figment: Figment,
    known: Dict,
}

impl Layers {
    /// The defaults.
    pub(crate) fn new() -> Result<Self, Failure> {
        let reference = Toml::string(REFERENCE);
        let known = dict(&reference, "the built-in defaults")?;
        Ok(Self { figment: Figment::from(reference), known })
    }

    /// A layer from the text of a file.
    pub(crate) fn file(self, path: &str, text: &str) -> Result<Self, Failure> {
        let provider = Toml::string(text);
        let written = dict(&provider, path)?;
        self.compare(&self.known, &written, "", path)?;
        Ok(Self { figment: self.figment.merge(provider), ..self })
    }

    /// A layer from environment variables; empty ones are as good as unset.
    pub(crate) fn environment(
        mut self,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Failure> {
        let (mut long, mut short) = (Vec::new(), Vec::new());
        for (variable, value) in variables.filter(|(_, value)| !value.is_empty()) {
            let Some(rest) = variable.strip_prefix(PREFIX) else { continue };
            if let Some((_, key)) = SHORT.iter().find(|(name, _)| *name == variable) {
                short.push(((*key).to_owned(), value, variable));
            } else if rest.contains(BETWEEN_NAMES) {
                let key = rest.to_lowercase().replace(BETWEEN_NAMES, ".");
                long.push((key, value, variable));
            } else if !OTHERS.contains(&variable.as_str())
                && let Some(meant) = nearest(rest, SHORT.iter().filter_map(short_name))
            {
                return Err(Failure::wrong_use(format!("unknown variable `{variable}`"))
                    .help(format!("did you mean `{PREFIX}{meant}`?")));
            }
        }
        for (key, value, variable) in long.into_iter().chain(short) {
            self = self.text(&key, &value, &format!("`{variable}`"))?;
        }
        Ok(self)
    }

    /// One value from text, such as a flag or a variable; `place` names it in messages.
    pub(crate) fn text(self, key: &str, text: &str, place: &str) -> Result<Self, Failure> {
        let Some(default) = self.known_value(key) else {
            return Err(self.unknown(key, place));
        };
        let value = match default {
            Value::Bool(..) => match text.to_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Value::from(true),
                "false" | "0" | "no" | "off" => Value::from(false),
                _ => return Err(misfit(place, default)),
            },
            Value::Num(..) => {
                text.parse::<u32>().map(Value::from).map_err(|_| misfit(place, default))?
            }
            _ => Value::from(text),
        };
        Ok(Self { figment: self.figment.merge((key, value)), ..self })
    }

    /// All layers as one value.
    pub(crate) fn extract<T: serde::de::DeserializeOwned>(&self) -> Result<T, Failure> {
        self.figment.extract().map_err(|error| {
            Failure::wrong_use(format!("cannot use `{}`: {}", error.path.join("."), error.kind))
        })
    }

    fn known_value(&self, key: &str) -> Option<&Value> {
        let mut names = key.split('.');
        let mut value = self.known.get(names.next()?)?;
        for name in names {
            value = value.as_dict()?.get(name)?;
        }
        (!matches!(value, Value::Dict(..))).then_some(value)
    }

    /// Every key of a file must stand in the reference, with a value of the same kind.
    fn compare(
        &self,
        known: &Dict,
        written: &Dict,
        above: &str,
        path: &str,
    ) -> Result<(), Failure> {
        for (name, value) in written {
            let key = format!("{above}{name}");
            let place = format!("`{key}` in `{path}`");
            match (known.get(name), value) {
                (Some(Value::Dict(_, known)), Value::Dict(_, written)) => {
                    self.compare(known, written, &format!("{key}."), path)?;
                }
                (Some(default), value) if kind(default) != kind(value) => {
                    return Err(misfit(&place, default));
                }
                (Some(_), _) => {}
                (None, _) => return Err(self.unknown(&key, &format!("`{path}`"))),
            }
        }
        Ok(())
    }

    fn unknown(&self, key: &str, place: &str) -> Failure {
        let failure = Failure::wrong_use(format!("unknown key `{key}` in {place}"));
        let mut keys = Vec::new();
        for (section, value) in &self.known {
            keys.push(section.clone());
            let inner = value.as_dict().into_iter().flat_map(Map::keys);
            keys.extend(inner.map(|name| format!("{section}.{name}")));
        }
        match nearest(key, keys.iter().map(String::as_str)) {
            Some(meant) => failure.help(format!("did you mean `{meant}`?")),
            None => failure.help(format!("the sections are {}", sections(&self.known))),
        }
    }
}

fn short_name<'a>((variable, _): &(&'a str, &str)) -> Option<&'a str> {
    variable.strip_prefix(PREFIX)
}

fn sections(known: &Dict) -> String {
    known.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn dict(provider: &impl Provider, place: &str) -> Result<Dict, Failure> {
    let mut data = provider.data().map_err(|error| {
        Failure::wrong_use(format!("cannot read `{place}`: {}", error.kind.to_string().trim_end()))
    })?;
    Ok(data.remove(&Profile::Default).unwrap_or_default())
}

fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let slips_max = (name.len() / LETTERS_PER_SLIP).max(1);
    among
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(slips, _)| *slips <= slips_max)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, known)| known)
}

/// What was found is not repeated: it may be a secret.
fn misfit(place: &str, default: &Value) -> Failure {
    Failure::wrong_use(format!("{place} is of the wrong kind, expected {}", kind(default)))
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(..) | Value::Char(..) => "text in quotes",
        Value::Bool(..) => "`true` or `false`",
        Value::Num(_, Num::F32(_) | Num::F64(_)) => "a number",
        Value::Num(..) => "a whole number",
        Value::Empty(..) => "nothing",
        Value::Dict(..) => "a section",
        Value::Array(..) => "a list",
    }
}
