//! Which edits are made, in which order, and which are not.

use super::*;
use crate::span::Span;

fn edit(start: usize, end: usize, text: &str) -> Edit {
    Edit { span: Span::new(0, start, end), text: text.to_owned() }
}

fn mended(texts: &[&str]) -> Mended {
    let sources: Vec<Source> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| Source { path: format!("{index}.journey"), text: (*text).to_owned() })
        .collect();
    mend(&sources, |_| Catalog::default())
}

fn one(text: &str) -> (String, usize) {
    let mended = mended(&[text]);
    let text = mended.sources.first().map(|source| source.text.clone());
    (text.unwrap_or_default(), mended.problems.values().sum())
}

#[test]
fn edits_are_made_from_left_to_right() {
    let cases: [(&[Edit], Option<&str>); 7] = [
        (&[], Some("abcdef")),
        (&[edit(4, 6, "Z"), edit(0, 1, "xy")], Some("xybcdZ")),
        (&[edit(2, 2, "("), edit(2, 4, "."), edit(4, 4, ")")], Some("ab(.)ef")),
        (&[edit(0, 6, "")], Some("")),
        (&[edit(0, 3, ""), edit(2, 4, "")], None),
        (&[edit(5, 9, "")], None),
        (&[edit(4, 3, "")], None),
    ];
    for (edits, expected) in cases {
        assert_eq!(applied("abcdef", edits).as_deref(), expected, "{edits:?}");
    }
    assert_eq!(applied("é", &[edit(1, 2, "")]), None, "inside of a character");
}

#[test]
fn safe_fixes_of_several_files_are_made_together() {
    let mended = mended(&[
        "segment \"A\" = customer.plan = \"pro\"\n",
        "segment \"B\" = customer.plan == \"pro\"\n",
        "segment \"C\" = customer.age is 3 && in segment \"A\"\n",
    ]);
    assert_eq!(mended.problems, BTreeMap::from([(0, 1), (2, 2)]));
    assert_eq!(mended.sources[0].text, "segment \"A\" = customer.plan == \"pro\"\n");
    assert_eq!(mended.sources[2].text, "segment \"C\" = customer.age == 3 and in segment \"A\"\n");
}

#[test]
fn guesses_are_left_to_the_author() {
    for text in [
        "segment \"Trial\" = customer.x == 1\nsegment \"B\" = in segment \"Tria\"\n",
        "segment \"A\" = customer.a == 1 and customer.b == 2 or customer.c == 3\n",
        "segment \"A\" = customer.paid\n",
        "edition 9\n",
    ] {
        assert_eq!(one(text), (text.to_owned(), 0));
    }
}

#[test]
fn a_fix_that_uncovers_another_is_followed_by_it() {
    let text = "segment \"A\" = customer.tags in ('a', 'b')\n";
    assert_eq!(one(text).0, "segment \"A\" = customer.tags in [\"a\", \"b\"]\n");
}

#[test]
fn a_fix_that_brings_an_error_is_not_kept() {
    // As long as the campaign is misspelt nobody looks into its steps.
    let campaign = "campain \"B\" {\n  on event \"e\"\n  send email \"nobody\"\n}\n";
    let text = format!("segment \"A\" = customer.x = 1\n{campaign}");
    let kept = format!("segment \"A\" = customer.x == 1\n{campaign}");
    assert_eq!(one(&text), (kept, 1));
    let declared = format!("{campaign}email \"nobody\" {{ subject: \"Hi\"  body: \"Hi\" }}\n");
    assert_eq!(one(&declared), (declared.replace("campain", "campaign"), 1));
}

#[test]
fn more_problems_than_are_told_are_mended() {
    let many = crate::compile::PROBLEMS_MAX + 10;
    let text: String =
        (0..many).map(|number| format!("segment \"{number}\" = customer.x = 1\n")).collect();
    let (found, problems) = one(&text);
    assert_eq!(problems, many);
    assert_eq!(found, text.replace("x = 1", "x == 1"));
}

#[test]
fn what_touches_an_earlier_edit_waits() {
    let mut taken = BTreeSet::from([(0, 2, 4), (0, 6, 6)]);
    for (edit, expected) in [
        (edit(0, 2, ""), true),
        (edit(4, 5, ""), true),
        (edit(2, 2, ""), true),
        (edit(3, 3, ""), false),
        (edit(1, 3, ""), false),
        (edit(0, 9, ""), false),
        (edit(6, 6, ""), false),
        (edit(6, 7, ""), true),
    ] {
        assert_eq!(is_free(&taken, &edit), expected, "{edit:?}");
    }
    taken.clear();
    assert!(is_free(&taken, &edit(3, 3, "")));
}
