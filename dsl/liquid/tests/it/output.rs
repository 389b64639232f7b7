//! Values, paths, conditions and white space.

use liquid::{Globals, Options};
use serde_json::json;

use crate::check;

#[test]
fn paths_reach_into_data() {
    check(
        &json!({
            "customer": { "first name": "Holly", "tags": ["a", "b", "c"], "size": "XL" },
            "list": [[1, 2], [3]],
            "which": "customer",
            "key": "first name",
        }),
        &[
            ("{{ customer['first name'] }}", "Holly"),
            ("{{ customer[key] }}", "Holly"),
            ("{{ [which].tags[1] }}", "b"),
            ("{{ customer.tags[-1] }}{{customer.tags.first}}{{ customer.tags.last }}", "cac"),
            ("{{ customer.tags.size }} {{ customer.size }} {{ list.size }}", "3 XL 2"),
            ("{{ list[0][1] }} {{ list.last.first }}", "2 3"),
            ("{{ customer\n .tags [ 0 ] }}", "a"),
            ("{{ customer.tags }}", "abc"),
            ("{{ list }}", "123"),
        ],
    );
}

#[test]
fn values_print_as_a_person_writes_them() {
    check(
        &json!({ "whole": 5.0, "half": 2.5, "huge": 1e20, "tiny": 0.000_001, "object": { "a": [1.0, "x\""] } }),
        &[
            (
                "{{ whole }} {{ half }} {{ huge }} {{ tiny }}",
                "5 2.5 100000000000000000000 0.000001",
            ),
            ("{{ 5.0 }} {{ -3 }} {{ 1.23 }}", "5.0 -3 1.23"),
            ("{{ whole | plus: 1 }} {{ whole | times: 1.0 }}", "6 5.0"),
            ("{{ true }}{{ false }}{{ nil }}{{ empty }}{{ blank }}", "truefalse"),
            ("{{ object }}", r#"{"a":[1,"x\""]}"#),
            ("{{ (1..4) }}", "1234"),
            ("{{ 'single \"quoted\"' }} {{ \"it's\" }}", "single \"quoted\" it's"),
            ("{{ }}{{}}", ""),
        ],
    );
}

#[test]
fn templates_can_be_shared_between_threads() {
    let template = liquid::Template::parse("{{ a }}").unwrap();
    let copy = template.clone();
    let text = std::thread::scope(|scope| {
        let render = || copy.render(&Globals::new().with("a", &json!(1)), &Options::default());
        scope.spawn(render).join().unwrap()
    });
    assert_eq!(text.as_deref(), Ok("1"));
}

#[test]
fn conditions() {
    let data = json!({
        "list": [1, "two", null], "object": { "a": 1 }, "none": null, "no": false,
        "space": " \n", "text": "hello5", "zero": 0, "five": 5.0,
    });
    for (condition, holds) in [
        ("zero", true),
        ("''", true),
        ("none", false),
        ("no", false),
        ("nothing.at.all", false),
        ("1 == 1.0", true),
        ("five == 5", true),
        ("1 == '1'", false),
        ("1 == true", false),
        ("none == nil", true),
        ("nothing == nil", true),
        ("1 <> 2", true),
        ("1 != 1", false),
        ("2 > 1.5", true),
        ("'b' >= 'a'", true),
        ("'10' > 5", false),
        ("none < 1", false),
        ("list contains 'two'", true),
        ("list contains nil", false),
        ("list contains 1.0", true),
        ("text contains 5", true),
        ("text contains 'l'", true),
        ("object contains 'a'", true),
        ("object contains 'b'", false),
        ("zero contains 0", false),
        ("(1..3) contains 2", true),
        ("(1..3) == (1..3)", true),
        ("(3..1) == (9..4)", true),
        ("space == blank", true),
        ("space == empty", false),
        ("none == blank", true),
        ("no == blank", true),
        ("none == empty", false),
        ("object == empty", false),
        ("empty == blank", false),
        ("'' == empty and '' == blank", true),
        // To the right: `true or (false and false)`, `false and (false or true)`.
        ("true or false and false", true),
        ("false and false or true", false),
        ("true and false or true", true),
    ] {
        let source = format!("{{% if {condition} %}}yes{{% else %}}no{{% endif %}}");
        check(&data, &[(&source, if holds { "yes" } else { "no" })]);
    }
}

#[test]
fn white_space_is_kept_unless_a_dash_takes_it() {
    check(
        &json!({ "x": 1 }),
        &[
            ("a {{ x }} b", "a 1 b"),
            ("a {{- x -}} b", "a1b"),
            ("a\n{%- if x -%}\n b \n{%- endif -%}\nc", "abc"),
            ("a {{-}} b", "ab"),
            ("a { b } {c", "a { b } {c"),
            ("a {%- comment -%} no {%- endcomment -%} b", "ab"),
            ("a {%- raw -%} {{ x }} {%- endraw -%} b", "a{{ x }}b"),
            ("a {%- # no -%} b", "ab"),
        ],
    );
}

#[test]
fn blocks_of_mere_white_space_print_nothing() {
    check(
        &json!({}),
        &[
            ("[{% if true %} \n {% endif %}]", "[]"),
            ("[{% if true %} {% assign x = 1 %} {% else %} {% endif %}]", "[]"),
            ("[{% if true %} {% else %}x{% endif %}]", "[ ]"),
            ("[{% for i in (1..3) %} {% unless i %} {% endunless %} {% endfor %}]", "[]"),
            ("[{% case 1 %}{% when 1 %} {% endcase %}]", "[]"),
            ("{% capture x %} {% endcapture %}[{{ x }}]", "[ ]"),
            ("[{% if true %} {{ '' }} {% endif %}]", "[  ]"),
        ],
    );
}
