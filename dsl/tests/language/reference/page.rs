//! A page of Markdown, as far as the tests look into it.

use std::path::{Path, PathBuf};

use crate::corpus;

/// The folder of the documents.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

pub(super) struct Page {
    pub(super) path: String,
    pub(super) text: String,
}

/// What stands between two fences.
pub(super) struct Block {
    /// File and line.
    pub(super) place: String,
    /// The word behind the fence.
    pub(super) kind: String,
    /// The words behind it.
    pub(super) marks: Vec<String>,
    pub(super) text: String,
}

/// A heading of the third level, and what follows it.
pub(super) struct Section {
    pub(super) title: String,
    page: Page,
}

impl Page {
    pub(super) fn read(path: &str) -> Self {
        let text = corpus::read(&folder().join(path));
        assert!(!text.is_empty(), "docs/{path} is missing");
        Self { path: path.to_owned(), text }
    }

    /// Of `language/steps.md`, `steps`.
    pub(super) fn name(&self) -> &str {
        self.path.trim_end_matches(".md").rsplit('/').next().unwrap_or_default()
    }

    /// The blocks of these kinds, in order.
    pub(super) fn blocks(&self, kinds: &[&str]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let mut words = info.split_whitespace().map(str::to_owned);
            let kind = words.next().unwrap_or_default();
            let inside = lines.by_ref().take_while(|(_, line)| *line != "```");
            let text = inside.flat_map(|(_, line)| [line, "\n"]).collect();
            if kinds.contains(&kind.as_str()) {
                let (line, marks) = (number + 1, words.collect());
                let place = format!("docs/{}:{line}", self.path);
                blocks.push(Block { place, kind, marks, text });
            }
        }
        blocks
    }

    /// The headings with their depth, in order.
    pub(super) fn headings(&self) -> Vec<(usize, &str)> {
        let mut is_fenced = false;
        let mut found = Vec::new();
        for line in self.text.lines() {
            is_fenced ^= line.starts_with("```");
            let depth = line.chars().take_while(|letter| *letter == '#').count();
            if !is_fenced && depth > 0 {
                found.push((depth, line.trim_start_matches('#').trim()));
            }
        }
        found
    }

    pub(super) fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        let mut is_inside = false;
        let mut is_fenced = false;
        for line in self.text.lines() {
            is_fenced ^= line.starts_with("```");
            if let Some(title) = line.strip_prefix("### ").filter(|_| !is_fenced) {
                is_inside = true;
                let page = Page { path: self.path.clone(), text: String::new() };
                sections.push(Section { title: title.to_owned(), page });
            } else if line.starts_with("## ") && !is_fenced {
                is_inside = false;
            } else if let Some(section) = sections.last_mut().filter(|_| is_inside) {
                section.page.text.extend([line, "\n"]);
            }
        }
        sections
    }

    /// The rules whose pictures are shown.
    pub(super) fn pictures(&self) -> Vec<String> {
        let shown = self.text.split("![").skip(1);
        let targets = shown.filter_map(|rest| rest.split_once("](")?.1.split_once(".svg)"));
        targets.map(|(path, _)| path.rsplit('/').next().unwrap_or_default().to_owned()).collect()
    }
}

impl Section {
    /// The rules that it is about.
    pub(super) fn rules(&self) -> Vec<String> {
        let anchors = self.page.text.split("<a id=\"").skip(1);
        let named = anchors.filter_map(|rest| rest.split_once('"'));
        let mut rules: Vec<String> = named.map(|(rule, _)| rule.to_owned()).collect();
        rules.extend(self.page.pictures());
        rules
    }

    /// What keeps it from being prose, then pictures, then examples, then errors.
    pub(super) fn fault(&self) -> Option<String> {
        let lines: Vec<&str> = self.page.text.lines().filter(|line| !line.is_empty()).collect();
        let first = |begin: &str| lines.iter().position(|line| line.starts_with(begin));
        let last = |begin: &str| lines.iter().rposition(|line| line.starts_with(begin));
        let missing = |what: &str| Some(format!("docs/{}, {}: {what}", self.page.path, self.title));
        let Some(shown) = first("![").or_else(|| first("<a id=")) else {
            return missing("neither a picture nor an anchor");
        };
        let Some(example) = first("```journey") else { return missing("no example") };
        let Some(errors) = first("Errors: ") else { return missing("no line `Errors: …`") };
        if shown == 0 || shown > example || last("![").is_some_and(|picture| picture > example) {
            return missing("the picture stands behind the words and before the examples");
        }
        (errors + 1 != lines.len())
            .then(|| missing("`Errors: …` is the last line").unwrap_or_default())
    }
}
