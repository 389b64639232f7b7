//! Texts made to hurt: deep, long, many. Each gets one clear message, quickly.

use dsl::compile::{Catalog, Compilation, Source, compile, compile_condition};
use dsl::diagnostic::Code;
use dsl::syntax::{NESTING_MAX, SOURCE_BYTES_MAX};

fn compiled(text: String) -> Compilation {
    compile(&[Source { path: "x.journey".to_owned(), text }], &Catalog::default())
}

fn codes(text: String) -> Vec<Code> {
    compiled(text).diagnostics.into_iter().map(|problem| problem.code).collect()
}

#[test]
fn ten_thousand_open_braces_are_too_deep() {
    assert_eq!(codes("{".repeat(10_000)), [Code::J0903]);
    assert_eq!(codes(format!("segment \"x\" = {}", "(".repeat(10_000))), [Code::J0903]);
    assert_eq!(
        codes(format!("campaign \"x\" {{ {}", "if customer.x == 1 {".repeat(10_000))),
        [Code::J0903]
    );
}

#[test]
fn the_deepest_nesting_is_quick_even_where_it_is_broken() {
    let open = "if customer.x == (1 { wait { on event \"x\" where (".repeat(NESTING_MAX / 4 - 1);
    assert!(!codes(format!("campaign \"x\" {{ on event \"x\" {open}")).is_empty());
    let nested = "performed \"x\" where (".repeat(NESTING_MAX - 1);
    assert!(!codes(format!("segment \"x\" = {nested}")).is_empty());
    let lists = "customer.x in [".repeat(NESTING_MAX - 1);
    assert!(!codes(format!("segment \"x\" = {lists}")).is_empty());
}

#[test]
fn nested_ifs_up_to_the_limit_are_fine() {
    let depth = NESTING_MAX - 1;
    let text = format!(
        "campaign \"x\" {{ on event \"x\" {} wait 1 day {} }}",
        "if customer.x == 1 { ".repeat(depth),
        "}".repeat(depth)
    );
    assert_eq!(codes(text), []);
}

#[test]
fn a_file_beyond_a_megabyte_is_too_large() {
    assert_eq!(codes("é".repeat(SOURCE_BYTES_MAX)), [Code::J0902]);
}

#[test]
fn a_megabyte_of_almost_anything_is_survived() {
    let lines = SOURCE_BYTES_MAX / 64;
    for line in [
        "and or not\n",
        "wait 2 foo\n",
        "\"\n",
        "x: y\n",
        "#\n",
        "send email \"a\" with { a: }\n",
        "[1, [2, \n",
    ] {
        let text: String = line.repeat(lines);
        assert!(text.len() < SOURCE_BYTES_MAX);
        let _ = compiled(format!("campaign \"x\" {{\n on event \"x\"\n{text}}}"));
    }
}

#[test]
fn too_many_parts_are_named() {
    let steps = "wait 1 day\n".repeat(dsl::check::STEPS_MAX + 1);
    assert_eq!(codes(format!("campaign \"x\" {{ on event \"x\"\n{steps} }}")), [Code::J0904]);
    let terms = "customer.x == 1 or ".repeat(dsl::check::TERMS_MAX);
    assert_eq!(codes(format!("segment \"x\" = {terms} customer.x == 2")), [Code::J0904]);
    let arms = "else if customer.x == 1 { }".repeat(dsl::check::ARMS_MAX);
    assert_eq!(
        codes(format!("campaign \"x\" {{ on event \"x\" if customer.x == 0 {{ }} {arms} }}")),
        [Code::J0904]
    );
    let many: String = (0..=dsl::check::DECLARATIONS_MAX)
        .map(|n| format!("segment \"{n}\" = customer.x == 1\n"))
        .collect();
    assert_eq!(codes(many), [Code::J0904]);
}

#[test]
fn a_long_chain_of_segments_is_no_loop() {
    let chain: String =
        (0..5_000).map(|n| format!("segment \"{n}\" = in segment \"{}\"\n", n + 1)).collect();
    assert_eq!(codes(format!("{chain}segment \"5000\" = customer.x == 1")), []);
}

#[test]
fn conditions_of_the_api_are_compiled_alone() {
    let mut catalog = Catalog::default();
    catalog.segments.insert("VIP".to_owned());
    let (condition, problems) =
        compile_condition("customer.plan == \"pro\" and in segment \"VIP\"", &catalog);
    assert!(condition.is_some() && problems.is_empty(), "{problems:?}");
    for (text, code) in [
        ("", Code::J0101),
        ("customer.plan = \"pro\"", Code::J0105),
        ("in segment \"VIPP\"", Code::J0301),
        ("trigger.x == 1", Code::J0306),
        ("customer.plan == \"pro\" foo", Code::J0101),
        ("customer.x == 1 }", Code::J0118),
        ("performed \"x\" since entry", Code::J0406),
    ] {
        let (condition, problems) = compile_condition(text, &catalog);
        let codes: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!((condition, codes), (None, vec![code]), "{text}");
    }
}
