//! The editors know the words of the grammar, each by its kind. The lists in `grammar/editors` are
//! made from the grammar; after a change of it, run once with `SOJOURN_UPDATE=1`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dsl::ast::SCOPES;
use pest_meta::ast::{Expr, RuleType};

use crate::corpus;
use crate::grammar::{Grammar, alternatives, is_tolerance, literals, names, parts, phrase};

type Words = BTreeSet<String>;

/// How a list of words is written in the file of one editor.
struct Editor {
    path: &'static str,
    /// What comes before the list of a kind.
    marker: fn(&str) -> String,
    open: &'static str,
    between: &'static str,
    close: &'static str,
}

const EDITORS: [Editor; 2] = [
    Editor {
        path: "vscode/syntaxes/journey.tmLanguage.json",
        marker: |kind| format!("\"{kind}\": {{"),
        open: "(?:",
        between: "|",
        close: ")",
    },
    Editor {
        path: "vim/syntax/journey.vim",
        marker: |kind| format!("match journey{}{} ", kind[..1].to_uppercase(), &kind[1..]),
        open: r"\%(",
        between: r"\|",
        close: r"\)",
    },
];

impl Editor {
    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../grammar/editors").join(self.path)
    }

    /// The places of the list of a kind in the editor's file.
    fn list(&self, kind: &str, text: &str) -> std::ops::Range<usize> {
        let after = |from: usize, what: &str| {
            let found = text[from..].find(what).map(|place| from + place + what.len());
            found.unwrap_or_else(|| panic!("{}: no `{what}` for {kind}", self.path))
        };
        let start = after(after(0, &(self.marker)(kind)), self.open);
        start..after(start, self.close) - self.close.len()
    }
}

/// Every word of the language, under one kind: the first of these that claims it.
fn kinds(grammar: &Grammar) -> BTreeMap<&'static str, Words> {
    let rules = reached(grammar, "file", "");
    let keywords = grammar.order.iter().filter(|name| name.starts_with("kw_"));
    let all = words(grammar, rules.iter().chain(keywords));
    let lists = rules.iter().filter(|name| phrase(name).is_none());
    let lists = lists.filter(|name| grammar.spellings(name).is_some());
    let elsewhere = words(grammar, &reached(grammar, "file", "test"));
    let claims = [
        ("declarations", heads(grammar, "declaration")),
        ("steps", heads(grammar, "step")),
        ("clauses", heads(grammar, "clause")),
        ("constants", words(grammar, &["boolean".to_owned(), "null".to_owned()])),
        ("units", words(grammar, lists)),
        ("operators", words(grammar, &reached(grammar, "condition", ""))),
        ("tests", &words(grammar, &reached(grammar, "test", "")) - &elsewhere),
        ("keywords", all.clone()),
    ];
    let mut kinds = BTreeMap::new();
    let mut left = all;
    for (kind, claimed) in claims {
        let words = &claimed & &left;
        left = &left - &words;
        assert!(!words.is_empty(), "no word is one of the {kind}");
        kinds.insert(kind, words);
    }
    kinds.insert("labels", heads(grammar, "step"));
    kinds.insert("scopes", SCOPES.iter().map(|(word, _)| (*word).to_owned()).collect());
    kinds
}

/// The rules that right text uses from here on, without going through one of them.
fn reached(grammar: &Grammar, from: &str, without: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([from.to_owned()]);
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        let rule = grammar.rule(name);
        for name in rule.map(|rule| names(&rule.expr)).unwrap_or_default() {
            if !is_tolerance(name) && name != without && found.insert(name.to_owned()) {
                open.push(name);
            }
        }
    }
    found
}

/// The words that these rules spell themselves.
fn words<'a>(grammar: &Grammar, rules: impl IntoIterator<Item = &'a String>) -> Words {
    let mut found = Words::new();
    for name in rules {
        let Some(rule) = grammar.rule(name) else { continue };
        let spelled = grammar.spellings(name).unwrap_or_default();
        let is_atomic = rule.ty == RuleType::Atomic;
        let literals = if is_atomic { Vec::new() } else { literals(&rule.expr) };
        found.extend(spelled.iter().flat_map(|phrase| phrase.split(' ')).map(str::to_owned));
        found.extend(literals.into_iter().map(str::to_owned));
    }
    found.retain(|word| word.starts_with(|first: char| first.is_alphabetic()));
    found
}

/// The words that can stand first in a rule.
fn heads(grammar: &Grammar, name: &str) -> Words {
    let mut found = Words::new();
    if let Some(phrases) = grammar.spellings(name) {
        found.extend(
            phrases.iter().filter_map(|phrase| phrase.split(' ').next()).map(str::to_owned),
        );
    } else if let Some(rule) = grammar.rule(name).filter(|rule| rule.ty != RuleType::Atomic) {
        collect_heads(grammar, &rule.expr, &mut found);
    }
    found
}

fn collect_heads(grammar: &Grammar, expression: &Expr, found: &mut Words) {
    match expression {
        Expr::Ident(name) if !is_tolerance(name) => found.extend(heads(grammar, name)),
        Expr::Opt(inner) | Expr::Rep(inner) | Expr::RepOnce(inner) => {
            collect_heads(grammar, inner, found);
        }
        Expr::Choice(..) => {
            alternatives(expression).into_iter().for_each(|it| collect_heads(grammar, it, found));
        }
        Expr::Seq(..) => {
            for part in parts(expression) {
                collect_heads(grammar, part, found);
                let may_be_nothing = matches!(
                    part,
                    Expr::Opt(_) | Expr::Rep(_) | Expr::NegPred(_) | Expr::PosPred(_)
                );
                if !may_be_nothing {
                    break;
                }
            }
        }
        _ => {}
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests keep what they make in files")]
fn editors_know_the_words_of_the_grammar() {
    let kinds = kinds(&Grammar::read());
    let is_update = std::env::var("SOJOURN_UPDATE").is_ok();
    let mut problems = Vec::new();
    for editor in EDITORS {
        let mut text = corpus::read(&editor.path());
        for (kind, right) in &kinds {
            let place = editor.list(kind, &text);
            let found: Words =
                text[place.clone()].split(editor.between).map(str::to_owned).collect();
            if is_update {
                let list: Vec<&str> = right.iter().map(String::as_str).collect();
                text.replace_range(place, &list.join(editor.between));
                continue;
            }
            for word in right - &found {
                problems.push(format!("{}: `{word}` is missing in {kind}", editor.path));
            }
            for word in &found - right {
                problems.push(format!("{}: `{word}` is too many in {kind}", editor.path));
            }
        }
        if is_update {
            std::fs::write(editor.path(), text).expect("a file that can be written");
        }
    }
    assert!(problems.is_empty(), "run with SOJOURN_UPDATE=1\n{}", problems.join("\n"));
}

/// What a reader would say, so that the kinds stay sensible.
#[test]
fn words_are_of_the_kind_they_look_like() {
    let kinds = kinds(&Grammar::read());
    for (kind, word) in [
        ("declarations", "campaign"),
        ("declarations", "segment"),
        ("steps", "send"),
        ("steps", "wait"),
        ("steps", "exit"),
        ("clauses", "on"),
        ("clauses", "enter"),
        ("constants", "true"),
        ("units", "days"),
        ("operators", "and"),
        ("operators", "contains"),
        ("tests", "expect"),
        ("keywords", "up"),
        ("keywords", "edition"),
        ("scopes", "customer"),
    ] {
        assert!(kinds[kind].contains(word), "`{word}` is none of the {kind}: {kinds:?}");
    }
}
