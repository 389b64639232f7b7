//! The built-in inbox as a list of lines: each mail of the demo as it leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::Result;
use chrono::DateTime;
use domain::deliveries::{self, Content, Delivery, Filter};
use domain::{Store, WorkspaceId, campaigns};
use serde_json::Value;
use uuid::Uuid;

use crate::output;
use crate::stop::Stop;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// Newest mails that are looked at; more than can leave between two looks.
const LOOKED_AT: usize = 400;
/// Campaigns whose names are shown.
const CAMPAIGNS_MAX: usize = 100;
const ADDRESS_WIDTH: usize = 40;
const SUBJECT_WIDTH: usize = 46;

/// Which mails were printed.
pub(super) struct Mailbox<'a> {
    store: &'a Store,
    workspace: WorkspaceId,
    campaigns: BTreeMap<i64, String>,
    seen: BTreeSet<Uuid>,
}

impl<'a> Mailbox<'a> {
    pub(super) async fn open(store: &'a Store, workspace: WorkspaceId) -> Result<Self> {
        let campaigns = campaigns::list(store, workspace, None, CAMPAIGNS_MAX).await?;
        Ok(Self {
            store,
            workspace,
            campaigns: campaigns.into_iter().map(|one| (one.id, one.name)).collect(),
            seen: BTreeSet::new(),
        })
    }

    /// Prints mails until it is time to stop.
    pub(super) async fn run(&mut self, stop: &Stop) -> Result<()> {
        loop {
            self.look().await?;
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = stop.wanted() => return Ok(()),
            }
        }
    }

    /// Prints what has left since the last look.
    pub(super) async fn look(&mut self) -> Result<()> {
        let filter = Filter { with_content: true, ..Filter::default() };
        let newest = deliveries::list(self.store, self.workspace, &filter, None, LOOKED_AT).await?;
        let unseen: Vec<&Delivery> =
            newest.iter().filter(|delivery| !self.seen.contains(&delivery.id)).collect();
        let ids: Vec<Uuid> = unseen.iter().map(|delivery| delivery.id).collect();
        let mut contents = deliveries::contents(self.store, self.workspace, &ids).await?;
        contents.sort_by_key(|content| (content.at, content.delivery));
        for content in &contents {
            let delivery = unseen.iter().find(|delivery| delivery.id == content.delivery);
            let campaign = delivery.and_then(|delivery| self.campaigns.get(&delivery.campaign));
            output::line(shown(content, campaign.map_or("", String::as_str)))?;
            self.seen.insert(content.delivery);
        }
        Ok(())
    }

    /// How many mails were printed.
    pub(super) fn count(&self) -> usize {
        self.seen.len()
    }
}

/// `Tue 24 14:05  ada@acme.test  Welcome, Ada  Trial onboarding`
fn shown(content: &Content, campaign: &str) -> String {
    let field = |name: &str| content.rendered.get(name).and_then(Value::as_str).unwrap_or_default();
    let at = DateTime::from_timestamp_millis(content.at)
        .map_or_else(String::new, |at| at.format("%a %d %b %H:%M").to_string());
    let to = fit(field("to"), ADDRESS_WIDTH);
    let subject = fit(field("subject"), SUBJECT_WIDTH);
    format!("{at}  {to:ADDRESS_WIDTH$}  {subject:SUBJECT_WIDTH$}  {campaign}")
}

/// A text cut to a width, so that lines stay in columns.
fn fit(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mail_is_one_line() {
        let rendered = json!({ "to": "ada@acme.test", "subject": "Welcome, Ada", "html": "<p>" });
        let content = Content { delivery: Uuid::nil(), rendered, at: 1_772_445_600_000 };
        let line = shown(&content, "Trial onboarding");
        let words: Vec<&str> = line.split("  ").filter(|word| !word.is_empty()).collect();
        let expected = ["Mon 02 Mar 10:00", "ada@acme.test", "Welcome, Ada", "Trial onboarding"];
        assert_eq!(words.iter().map(|word| word.trim()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(fit("äöü", 3), "äöü");
        assert_eq!(fit("äöüß", 3), "äö…");
    }
}
