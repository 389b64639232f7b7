//! `sojourn graph`: a campaign or broadcast as a picture, on stdout.

use anyhow::Result;
use dsl::definition::Definitions;
use dsl::picture::{self, Counts, Subject};

use crate::args::{Graph, Picture};
use crate::failure::{Ending, Failure};
use crate::files::Files;
use crate::problems::Problems;
use crate::{offer, output};

pub(super) fn run(graph: &Graph) -> Result<Ending> {
    let files = Files::read(&graph.path)?;
    let compilation = files.compile();
    if compilation.has_errors() {
        Problems::of(&files, &compilation).print();
        return Ok(Ending::Problems);
    }
    let subject = choose(&compilation.definitions, graph)?;
    match graph.format {
        Picture::Mermaid => output::line(picture::mermaid(subject).trim_end())?,
        Picture::Dot => output::line(picture::dot(subject).trim_end())?,
        Picture::Svg => output::line(picture::svg(subject, &Counts::new()).trim_end())?,
        Picture::Json => {
            output::line(format_args!("{:#}", picture::json(subject, &files.sources)))?;
        }
    }
    Ok(Ending::Fine)
}

/// The one that is named, or the only one there is.
fn choose<'a>(definitions: &'a Definitions, graph: &Graph) -> Result<Subject<'a>, Failure> {
    let Definitions { campaigns, broadcasts, .. } = definitions;
    let campaign_names: Vec<&str> = campaigns.iter().map(|one| &*one.name).collect();
    let broadcast_names: Vec<&str> = broadcasts.iter().map(|one| &*one.name).collect();
    let unknown = |word: &str, name: &str, names: &[&str]| {
        Failure::wrong_use(format!("there is no {word} `{name}`")).help(offer::offer(
            &format!("{word}s"),
            name,
            names,
        ))
    };
    match (&graph.campaign, &graph.broadcast) {
        (Some(name), _) => {
            let found = campaigns.iter().find(|one| *one.name == **name);
            return found
                .map(Subject::from)
                .ok_or_else(|| unknown("campaign", name, &campaign_names));
        }
        (None, Some(name)) => {
            let found = broadcasts.iter().find(|one| *one.name == **name);
            return found
                .map(Subject::from)
                .ok_or_else(|| unknown("broadcast", name, &broadcast_names));
        }
        (None, None) => {}
    }
    let campaigns_help = format!("`--campaign`: {}", offer::list(&campaign_names));
    let broadcasts_help = format!("`--broadcast`: {}", offer::list(&broadcast_names));
    let (message, help) = match (campaigns.as_slice(), broadcasts.as_slice()) {
        ([], []) => return Err(Failure::wrong_use("there is no campaign to draw")),
        ([one], []) => return Ok(one.into()),
        ([], [one]) => return Ok(one.into()),
        (_, []) => ("there are several campaigns", campaigns_help),
        ([], _) => ("there are several broadcasts", broadcasts_help),
        (_, _) => (
            "there are campaigns and broadcasts",
            format!("{campaigns_help}; or with {broadcasts_help}"),
        ),
    };
    Err(Failure::wrong_use(message).help(format!("name one with {help}")))
}
