//! `sojourn graph`: a campaign as a picture, on stdout.

use anyhow::Result;
use dsl::graph::Campaign;
use dsl::picture::{self, Counts};

use super::check;
use crate::args::{Graph, Picture};
use crate::failure::{Ending, Failure};
use crate::files::Files;
use crate::{offer, output};

pub(super) fn run(graph: &Graph) -> Result<Ending> {
    let files = Files::read(&graph.path)?;
    let compilation = files.compile();
    if compilation.has_errors() {
        check::print_problems(&files, &compilation);
        return Ok(Ending::Problems);
    }
    let campaign = choose(&compilation.definitions.campaigns, graph.campaign.as_deref())?;
    match graph.format {
        Picture::Mermaid => output::line(picture::mermaid(campaign).trim_end())?,
        Picture::Svg => output::line(picture::svg(campaign, &Counts::new()).trim_end())?,
        Picture::Json => {
            output::line(format_args!("{:#}", picture::json(campaign, &files.sources)))?;
        }
    }
    Ok(Ending::Fine)
}

fn choose<'a>(campaigns: &'a [Campaign], name: Option<&str>) -> Result<&'a Campaign, Failure> {
    let names: Vec<&str> = campaigns.iter().map(|campaign| &*campaign.name).collect();
    match (campaigns, name) {
        ([], _) => Err(Failure::wrong_use("there is no campaign to draw")),
        ([one], None) => Ok(one),
        (_, None) => Err(Failure::wrong_use("there are several campaigns")
            .help(format!("name one with `--campaign`: {}", offer::list(&names)))),
        (_, Some(name)) => campaigns.iter().find(|one| *one.name == *name).ok_or_else(|| {
            Failure::wrong_use(format!("there is no campaign `{name}`")).help(offer::offer(
                "campaigns",
                name,
                &names,
            ))
        }),
    }
}
