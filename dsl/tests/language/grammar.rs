//! The grammar as data: its rules, and the words that a rule spells. What is drawn, coloured or
//! listed is made from this, so that it follows the grammar.

use std::collections::BTreeMap;

use pest_meta::ast::{Expr, Rule, RuleType};
use pest_meta::parser;

const TEXT: &str = include_str!("../../../grammar/journey.pest");
/// Beyond this, a rule spells no list of words.
const SPELLINGS_MAX: usize = 64;

/// Rules by name.
pub(crate) struct Grammar {
    rules: BTreeMap<String, Rule>,
    /// As they stand in the file.
    pub(crate) order: Vec<String>,
}

impl Grammar {
    /// `grammar/journey.pest`.
    pub(crate) fn read() -> Self {
        Self::parse(TEXT)
    }

    /// Any rules in the notation of pest.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = parser::parse(parser::Rule::grammar_rules, text);
        let pairs = pairs.unwrap_or_else(|problem| panic!("{problem}"));
        let rules = parser::consume_rules(pairs).expect("the build has read it before");
        let order = rules.iter().map(|rule| rule.name.clone()).collect();
        Self { rules: rules.into_iter().map(|rule| (rule.name.clone(), rule)).collect(), order }
    }

    pub(crate) fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.get(name)
    }

    /// The expression of a rule that must be there.
    pub(crate) fn expression(&self, name: &str) -> &Expr {
        let rule = self.rule(name);
        &rule.unwrap_or_else(|| panic!("the grammar has no rule `{name}`")).expr
    }

    /// Everything that an atomic rule matches, where that is a short list of words and phrases.
    pub(crate) fn spellings(&self, name: &str) -> Option<Vec<String>> {
        let rule = self.rule(name)?;
        if rule.ty != RuleType::Atomic {
            return None;
        }
        let mut found = self.spelled(&rule.expr)?;
        found.retain(|word| !word.is_empty());
        Some(found)
    }

    fn spelled(&self, expression: &Expr) -> Option<Vec<String>> {
        let found = match expression {
            Expr::Str(text) => vec![text.clone()],
            Expr::PosPred(_) | Expr::NegPred(_) => vec![String::new()],
            Expr::Ident(name) if name == "gap" => vec![" ".to_owned()],
            Expr::Ident(name) => self.spelled(&self.rule(name)?.expr)?,
            Expr::Opt(inner) => [self.spelled(inner)?, vec![String::new()]].concat(),
            Expr::Choice(first, second) => [self.spelled(first)?, self.spelled(second)?].concat(),
            Expr::Seq(first, second) => {
                let endings = self.spelled(second)?;
                let with =
                    |start: &String| endings.iter().map(|end| format!("{start}{end}")).collect();
                self.spelled(first)?
                    .iter()
                    .flat_map(|start| -> Vec<String> { with(start) })
                    .collect()
            }
            _ => return None,
        };
        (found.len() <= SPELLINGS_MAX).then_some(found)
    }
}

/// `a | b | c`, as a list.
pub(crate) fn alternatives(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Choice(first, second) => [alternatives(first), alternatives(second)].concat(),
        other => vec![other],
    }
}

/// `a ~ b ~ c`, as a list.
pub(crate) fn parts(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Seq(first, second) => [parts(first), parts(second)].concat(),
        other => vec![other],
    }
}

/// The names that an expression uses, in order, what it only looks ahead for left out.
pub(crate) fn names(expression: &Expr) -> Vec<&str> {
    let mut found = Vec::new();
    visit(expression, &mut |leaf| {
        if let Expr::Ident(name) = leaf {
            found.push(name.as_str());
        }
    });
    found
}

/// The texts that stand in an expression itself, what it only looks ahead for left out.
pub(crate) fn literals(expression: &Expr) -> Vec<&str> {
    let mut found = Vec::new();
    visit(expression, &mut |leaf| {
        if let Expr::Str(text) | Expr::Insens(text) = leaf {
            found.push(text.as_str());
        }
    });
    found
}

fn visit<'a>(expression: &'a Expr, see: &mut impl FnMut(&'a Expr)) {
    match expression {
        Expr::Seq(first, second) | Expr::Choice(first, second) => {
            visit(first, see);
            visit(second, see);
        }
        Expr::Opt(inner)
        | Expr::Rep(inner)
        | Expr::RepOnce(inner)
        | Expr::RepExact(inner, _)
        | Expr::RepMin(inner, _)
        | Expr::RepMax(inner, _)
        | Expr::RepMinMax(inner, _, _)
        | Expr::Push(inner) => visit(inner, see),
        Expr::PosPred(_) | Expr::NegPred(_) => {}
        leaf => see(leaf),
    }
}

/// What the grammar takes only to speak about it: mistakes, what is not built, what is not closed.
pub(crate) fn is_tolerance(name: &str) -> bool {
    let begins =
        ["slip_", "later_", "junk", "bad_", "skip_", "open_", "curly_", "single_", "stray_"];
    let ends = ["_junk", "_broken"];
    name == "unclosed"
        || begins.iter().any(|it| name.starts_with(it))
        || ends.iter().any(|it| name.ends_with(it))
}

/// `kw_up_to` is `up to`.
pub(crate) fn phrase(name: &str) -> Option<String> {
    name.strip_prefix("kw_").map(|words| words.replace('_', " "))
}

#[test]
fn a_keyword_spells_its_name() {
    let grammar = Grammar::read();
    for name in &grammar.order {
        let Some(phrase) = phrase(name) else { continue };
        let spelled = grammar.spellings(name).unwrap_or_default();
        let is_its_name = |word: &String| word.replace('_', " ") == phrase;
        assert!(spelled.iter().any(is_its_name), "`{name}` spells {spelled:?}");
    }
}
