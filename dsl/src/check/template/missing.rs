//! Variables that may be missing where nothing stands in for them: then nothing is sent.

use std::collections::{BTreeMap, BTreeSet};

use liquid::{Key, PathUse};

use super::fields::{Messages, templates};
use super::in_file;
use super::ways::{At, Sending, Sendings};
use crate::ast::{File, Template};
use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Channel;
use crate::resolve::{Seen, TriggerData, quoted_list, unseen};
use crate::span::Span;
use crate::syntax::nearest;

/// A variable of a template, and where it stands.
struct Read<'t> {
    used: &'t PathUse,
    /// The way to it, scope first.
    way: Vec<String>,
    /// Where in the source.
    span: Span,
    /// Where in a file that is read in, in words.
    in_file: Option<String>,
    /// Behind it, if a filter can be put there.
    behind: Option<Span>,
}

impl Check<'_> {
    pub(super) fn missing_in_messages(
        &mut self,
        files: &[File],
        sendings: &Sendings,
        seen: &Seen<'_>,
    ) {
        let messages = Messages::new(files);
        for (name, message) in messages.all() {
            let mut by_field: BTreeMap<&str, Vec<&Sending>> = BTreeMap::new();
            for (field, text, is_file) in templates(message) {
                let sent = by_field
                    .entry(field)
                    .or_insert_with(|| messages.sendings(name, message.channel, field, sendings));
                let content =
                    if is_file { self.catalog.files.get(&text.text) } else { Some(&text.text) };
                let Some(content) = content else { continue };
                let Ok(template) = liquid::Template::parse(content) else { continue };
                let used = template.paths();
                for read in first_of_each(&used, text, content, is_file) {
                    self.found.extend(judge_in_message(&read, message.channel, sent, seen));
                }
            }
        }
    }

    pub(super) fn missing_in_step(&mut self, text: &Template, at: &At<'_, '_>, seen: &Seen<'_>) {
        let Ok(template) = liquid::Template::parse(&text.text) else { return };
        let used = template.paths();
        for read in first_of_each(&used, text, &text.text, false) {
            if let Some(problem) = unseen_attribute(&read, seen) {
                self.report(problem);
            } else if let Some(problem) = never_set(&read, [at.run]) {
                self.report(problem);
            } else if !read.used.optional && !at.facts.has(&read.way) {
                let doubted = match scope(&read.way) {
                    "customer" => !is_always_there(&read.way, None),
                    "trigger" => at.run.by_events,
                    "journey" => true,
                    _ => false,
                };
                if doubted && read.way.len() > 1 {
                    self.report(may_be_missing(&read, "then this text is missing too", None));
                }
            }
        }
    }
}

/// The first reading of each variable, those without a stand-in before others.
fn first_of_each<'t>(
    used: &'t [PathUse],
    text: &Template,
    content: &str,
    is_file: bool,
) -> Vec<Read<'t>> {
    let mut met = BTreeSet::new();
    let (needed, optional): (Vec<_>, Vec<_>) = used.iter().partition(|used| !used.optional);
    let mut reads = Vec::new();
    for used in needed.into_iter().chain(optional) {
        let way = way_of(used);
        if !met.insert(way.clone()) {
            continue;
        }
        let source = |at: usize| text.place(at..at);
        let behind = is_output(content, used).then(|| source(used.span.end));
        reads.push(Read {
            used,
            way,
            span: if is_file { text.span } else { text.place(used.span.clone()) },
            in_file: is_file.then(|| in_file(text, content, used.span.start)),
            behind: behind.filter(|_| !is_file),
        });
    }
    reads
}

fn way_of(used: &PathUse) -> Vec<String> {
    let keys = used.keys.iter().map(|key| match key {
        Key::Name(name) => name.clone(),
        Key::Index(index) => format!("[{index}]"),
    });
    keys.collect()
}

/// Whether it is what `{{ … }}` puts out, so that a filter fits behind it.
fn is_output(content: &str, used: &PathUse) -> bool {
    let before = content.get(..used.span.start).unwrap_or_default().trim_end();
    before.ends_with("{{") || before.ends_with("{{-")
}

fn scope(way: &[String]) -> &str {
    way.first().map_or("", String::as_str)
}

fn second(way: &[String]) -> &str {
    way.get(1).map_or("", String::as_str)
}

/// Attributes without which nobody gets this, or that a team is told of.
fn is_always_there(way: &[String], channel: Option<Channel>) -> bool {
    matches!(
        (second(way), channel),
        ("id", _)
            | ("email", Some(Channel::Email | Channel::Slack))
            | ("phone", Some(Channel::Sms))
    )
}

fn judge_in_message(
    read: &Read<'_>,
    channel: Channel,
    sent: &[&Sending],
    seen: &Seen<'_>,
) -> Option<Diagnostic> {
    if read.way.len() < 2 {
        return None;
    }
    if let Some(problem) = unseen_attribute(read, seen).or_else(|| never_given(read, sent)) {
        return Some(problem);
    }
    if let Some(problem) = never_set(read, sent.iter().map(|sending| &*sending.run)) {
        return Some(problem);
    }
    if read.used.optional {
        return None;
    }
    let doubted = |doubts: &dyn Fn(&Sending) -> bool| sent.iter().find(|one| doubts(one));
    let is_unsure = |one: &Sending| !one.facts.has(&read.way);
    let key = second(&read.way);
    let not_given = match scope(&read.way) {
        "customer" if is_always_there(&read.way, Some(channel)) => return None,
        "customer" if sent.is_empty() => None,
        "customer" | "journey" => {
            doubted(&is_unsure)?;
            None
        }
        "trigger" => {
            doubted(&|one| one.run.by_events && is_unsure(one))?;
            None
        }
        "with" => Some(doubted(&|one| !one.certain.contains(key))?.span),
        _ => return None,
    };
    Some(may_be_missing(read, "then the message is not sent", not_given))
}

fn unseen_attribute(read: &Read<'_>, seen: &Seen<'_>) -> Option<Diagnostic> {
    if scope(&read.way) != "customer" || read.way.len() < 2 {
        return None;
    }
    let name = second(&read.way);
    let near = seen.attribute(name)?;
    Some(placed(read, unseen(read.span, name), near.map(|near| format!("customer.{near}"))))
}

/// `with.k` that no step gives.
fn never_given(read: &Read<'_>, sent: &[&Sending]) -> Option<Diagnostic> {
    let key = second(&read.way);
    if scope(&read.way) != "with" || sent.is_empty() {
        return None;
    }
    if sent.iter().any(|sending| sending.given.contains(key)) {
        return None;
    }
    let given: BTreeSet<&str> =
        sent.iter().flat_map(|sending| sending.given.iter().map(String::as_str)).collect();
    let diagnostic = Diagnostic::new(
        Code::J0310,
        read.span,
        format!("no `send` of this message gives `with.{key}`"),
    );
    let diagnostic = match sent.first() {
        Some(first) if read.in_file.is_none() => diagnostic.also(first.span, "sent here"),
        _ => diagnostic,
    };
    let near = nearest(key, given.iter().copied()).map(|near| format!("with.{near}"));
    let has_near = near.is_some();
    let placed = placed(read, diagnostic, near);
    Some(if has_near {
        placed
    } else {
        placed.help(format!("give it where the message is sent: `with {{ {key}: … }}`"))
    })
}

/// `trigger.k` and `journey.k` that no run has.
fn never_set<'r>(
    read: &Read<'_>,
    runs: impl IntoIterator<Item = &'r super::ways::RunData>,
) -> Option<Diagnostic> {
    let key = second(&read.way);
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut any = false;
    for run in runs {
        any = true;
        match scope(&read.way) {
            "journey" => known.extend(run.variables.iter().map(String::as_str)),
            "trigger" => match &run.trigger {
                TriggerData::Open => return None,
                TriggerData::Closed(keys) => known.extend(keys.iter().copied()),
            },
            _ => return None,
        }
    }
    if !any || read.way.len() < 2 || known.contains(key) {
        return None;
    }
    let scope = scope(&read.way);
    let message = match scope {
        "journey" => format!("no step sets `journey.{key}`"),
        _ => format!("there is never a `trigger.{key}` here"),
    };
    let near = nearest(key, known.iter().copied()).map(|near| format!("{scope}.{near}"));
    let has_near = near.is_some();
    let found = placed(read, Diagnostic::new(Code::J0310, read.span, message), near);
    let listed: Vec<String> = known.iter().map(|key| format!("{scope}.{key}")).collect();
    let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    Some(match (has_near, scope) {
        (true, _) => found,
        (false, "journey") => {
            found.help(format!("set it before the message is sent: `set journey.{key} = …`"))
        }
        (false, _) if listed.is_empty() => {
            found.help("what starts the campaign brings no data; events and calls do")
        }
        (false, _) => found.help(format!("there is {}", quoted_list(&listed))),
    })
}

/// Says where it stands, and what was probably meant; a variable of two words is mended.
fn placed(read: &Read<'_>, diagnostic: Diagnostic, near: Option<String>) -> Diagnostic {
    let mut found = match &near {
        Some(near) => diagnostic.here(format!("did you mean `{near}`?")),
        None => diagnostic.here("never there"),
    };
    match (&read.in_file, near) {
        (Some(place), near) => {
            found = found.here(place.clone());
            near.map_or(found.clone(), |near| found.help(format!("did you mean `{near}`?")))
        }
        (None, Some(near)) => {
            let written = read.used.to_string();
            let is_whole = read.span.end - read.span.start == written.len();
            if is_whole && read.way.len() == 2 {
                found.replace(format!("write `{near}`"), read.span, near).guessed()
            } else {
                found
            }
        }
        (None, None) => found,
    }
}

fn may_be_missing(read: &Read<'_>, consequence: &str, not_given: Option<Span>) -> Diagnostic {
    let written = read.used.to_string();
    let here = read.in_file.clone().unwrap_or_else(|| consequence.to_owned());
    let mut found =
        Diagnostic::new(Code::J0507, read.span, format!("`{written}` may be missing")).here(here);
    if let Some(span) = not_given {
        found = found.also(span, format!("`{}` is not given here for certain", second(&read.way)));
    }
    if read.in_file.is_some() {
        found = found.note(consequence);
    }
    let sure = match scope(&read.way) {
        "customer" => format!("let in those who have it: `only if {written} exists`"),
        "trigger" => format!("ask for it before: `if {written} exists {{ … }}`"),
        "with" => "give it in every `send`".to_owned(),
        _ => format!("ask for it with `{{% if {written} %}}`"),
    };
    let found = found.help(format!(
        "say what stands in for it, `{{{{ {written} | default: '…' }}}}`, or {sure}"
    ));
    match read.behind {
        Some(behind) => {
            found.replace("print nothing where it is missing", behind, " | default: ''").guessed()
        }
        None => found,
    }
}
