//! Facts for people: one line for each kind, and none for what there is not.

use super::{CampaignFacts, Longest};
use crate::time::Length;

/// Characters of a line, so that it fits beside others.
const WIDTH: usize = 100;
/// What stands before each line, and how wide its title is.
const INDENT: usize = 2;
const TITLE_WIDTH: usize = 12;

/// All campaigns, with an empty line between them.
#[must_use]
pub fn text(facts: &[CampaignFacts]) -> String {
    facts.iter().map(campaign).collect::<Vec<_>>().join("\n")
}

fn campaign(facts: &CampaignFacts) -> String {
    let mut text = format!("campaign \"{}\"\n", facts.campaign);
    let quoted = |names: &[String]| names.iter().map(|name| format!("\"{name}\"")).collect();
    let sent = facts.messages.iter();
    let sent = sent.map(|message| format!("{} \"{}\"", message.channel.word(), message.name));
    let lines: [(&str, Vec<String>); 9] = [
        ("takes", vec![time(facts.shortest, facts.longest)]),
        ("messages", vec![messages(facts)]),
        ("sends", sent.collect()),
        ("attributes", facts.attributes.clone()),
        ("events", quoted(&facts.events)),
        ("segments", quoted(&facts.segments)),
        ("changes", facts.writes.clone()),
        ("starts", quoted(&facts.starts)),
        ("started by", quoted(&facts.started_by)),
    ];
    for (title, words) in lines.iter().filter(|(_, words)| !words.is_empty()) {
        push_line(&mut text, title, words);
    }
    text
}

/// A title and its words, with commas between them, broken where a line is full.
fn push_line(text: &mut String, title: &str, words: &[String]) {
    let margin = INDENT + TITLE_WIDTH;
    let mut line = format!("{:INDENT$}{title:TITLE_WIDTH$}", "");
    let mut is_first = true;
    for (index, word) in words.iter().enumerate() {
        let comma = if index + 1 < words.len() { "," } else { "" };
        let width = line.chars().count() + word.chars().count() + comma.len() + 1;
        if !is_first && width > WIDTH {
            text.push_str(line.trim_end());
            text.push('\n');
            line = " ".repeat(margin);
            is_first = true;
        }
        if !is_first {
            line.push(' ');
        }
        line.push_str(word);
        line.push_str(comma);
        is_first = false;
    }
    text.push_str(&line);
    text.push('\n');
}

fn time(shortest: Option<Length>, longest: Longest) -> String {
    let from = match shortest {
        Some(length) if length == Length::default() => "from no time".to_owned(),
        Some(length) => format!("from {length}"),
        None => "from a time that stands in the data".to_owned(),
    };
    match longest {
        Longest::Exactly { length } if length == Length::default() => "no time".to_owned(),
        Longest::Exactly { length } => length.to_string(),
        Longest::AtMost { length } => format!("{from} up to {length}"),
        Longest::Unlimited => format!("{from}, without a limit"),
    }
}

fn messages(facts: &CampaignFacts) -> String {
    let all = range(facts.fewest_messages, facts.most_messages);
    if facts.channels.len() < 2 {
        return all;
    }
    let channels = facts.channels.iter();
    let channels: Vec<String> = channels
        .map(|one| format!("{} {}", one.channel.word(), range(one.fewest, one.most)))
        .collect();
    format!("{all} ({})", channels.join(", "))
}

fn range(fewest: u32, most: u32) -> String {
    if fewest == most { most.to_string() } else { format!("{fewest} to {most}") }
}
