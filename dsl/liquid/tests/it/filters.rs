//! What each filter makes of its input.

use liquid::{Missing, Options};
use serde_json::json;

use crate::{check, check_faults, render};

#[test]
fn texts() {
    check(
        &json!({ "name": "hOLLY johnson" }),
        &[
            (
                "{{ name | upcase }}|{{ name | downcase }}|{{ name | capitalize }}",
                "HOLLY JOHNSON|holly johnson|Holly johnson",
            ),
            ("{{ 'straße' | upcase }} {{ 'ÉTÉ' | capitalize }}", "STRASSE Été"),
            ("[{{ ' \n a b \t' | strip }}]", "[a b]"),
            ("{{ 'a' | append: 'b' | prepend: 1 }}", "1ab"),
            (
                "{{ 'a-b-c' | replace: '-', '+' }} {{ 'a-b-c' | replace_first: '-', '+' }}",
                "a+b+c a+b-c",
            ),
            ("{{ 'a-b-c' | remove: '-' }} {{ 'ab' | replace: '', '.' }}", "abc .a.b."),
            ("{{ 'Ground control' | truncate: 9 }}", "Ground..."),
            ("{{ 'Ground' | truncate: 6 }} {{ 'Ground' | truncate: 2 }}", "Ground ..."),
            ("{{ 'Grüße aus' | truncate: 5, '…' }}", "Grüß…"),
            ("{{ 'one  two three' | truncatewords: 2 }}", "one two..."),
            (
                "{{ 'one two' | truncatewords: 2 }} {{ 'one two' | truncatewords: 0, '--' }}",
                "one two one--",
            ),
        ],
    );
}

#[test]
fn lists() {
    check(
        &json!({
            "list": ["b", "a", "c", "a", null],
            "people": [{ "n": "Zoe", "age": 3 }, { "n": "Al", "age": 3, "vip": true }, { "n": "Bo" }],
            "nested": [[1, 2], [3, [4]]],
            "object": { "k": "v" },
        }),
        &[
            (
                "{{ list | first }}{{ list | last }}{{ list | size }}{{ object | first | join: '=' }}",
                "b5k=v",
            ),
            ("{{ list | join }}|{{ list | compact | join: '-' }}", "b a c a |b-a-c-a"),
            ("{{ list | sort | join: '' }} {{ list | uniq | join: '' }}", "aabc bac"),
            ("{{ list | reverse | join: '' }} {{ nested | join: ',' }}", "acab 1,2,3,4"),
            ("{{ people | sort: 'n' | map: 'n' | join }}", "Al Bo Zoe"),
            ("{{ people | sort: 'age' | map: 'n' | join }}", "Zoe Al Bo"),
            ("{{ people | uniq: 'age' | map: 'n' | join }}", "Zoe Bo"),
            (
                "{{ people | where: 'age', 3 | map: 'n' | join }} {{ people | where: 'vip' | map: 'n' }}",
                "Zoe Al Al",
            ),
            ("{{ people | compact: 'age' | size }} {{ object | map: 'k' }}", "2 v"),
            (
                "{{ list | concat: nested | size }} {{ (1..3) | concat: (4..5) | join: '' }}",
                "9 12345",
            ),
            ("{{ 'a,b,,c,,' | split: ',' | join: '-' }}", "a-b--c"),
            (
                "{{ ' a  b ' | split: ' ' | join: '-' }} {{ 'añb' | split: '' | join: '-' }}",
                "a-b a-ñ-b",
            ),
            (
                "{{ 'añb' | slice: 1 }} {{ 'hello' | slice: -3, 2 }} {{ list | slice: 1, 2 }}",
                "ñ ll ac",
            ),
            (
                "[{{ 'hello' | slice: 9 }}{{ 'hello' | slice: -9, 2 }}{{ 'hello' | slice: 1, -1 }}]",
                "[]",
            ),
            ("{{ 'x' | size }}{{ 5 | size }}", "10"),
        ],
    );
}

#[test]
fn numbers() {
    check(
        &json!({ "price": 19.99, "whole": 10.0, "text": " 4.5 " }),
        &[
            ("{{ 1 | plus: 2 }} {{ 1 | plus: 2.0 }} {{ 0.1 | plus: 0.2 }}", "3 3.0 0.3"),
            ("{{ 5 | minus: 7 }} {{ price | times: 3 }} {{ text | times: 2 }}", "-2 59.97 9.0"),
            (
                "{{ 7 | divided_by: 2 }} {{ -7 | divided_by: 2 }} {{ 7 | divided_by: 2.0 }}",
                "3 -4 3.5",
            ),
            ("{{ whole | divided_by: 4 }} {{ -7 | modulo: 3 }} {{ 7.5 | modulo: 2 }}", "2 2 1.5"),
            (
                "{{ 1.005 | round: 2 }} {{ 2.5 | round }} {{ -2.5 | round }} {{ 0.04 | round: 1 }}",
                "1.01 3 -3 0.0",
            ),
            ("{{ 9.99 | round: 1 }} {{ 99.999 | round: 2 }} {{ 5 | round: 2 }}", "10.0 100.0 5"),
            ("{{ 1.2 | ceil }} {{ -1.2 | floor }} {{ '3.7' | floor }}", "2 -2 3"),
            (
                "{{ -5 | abs }} {{ '-5.1' | abs }} {{ 3 | at_least: 5 }} {{ 3 | at_most: 2.5 }}",
                "5 5.1 5 2.5",
            ),
            ("{{ 'x' | plus: 1 }} {{ '12px' | plus: 1 }} {{ true | plus: 1 }}", "1 13 1"),
            ("{{ 9223372036854775807 | plus: 1 }}", "9223372036854780000"),
        ],
    );
}

#[test]
fn notations() {
    check(
        &json!({ "data": { "b": [1, 2.0, null], "a": "x\n" } }),
        &[
            (
                "{{ data | json }} {{ 'a' | to_json }} {{ nil | json }}",
                r#"{"b":[1,2,null],"a":"x\n"} "a" null"#,
            ),
            ("{{ 'a b&c=ü~' | url_encode }}", "a+b%26c%3D%C3%BC~"),
            ("{{ 'a+b%26c%3D%C3%BC%' | url_decode }}", "a b&c=ü%"),
            ("{{ \"<a href='x'>\" | escape }}", "&lt;a href=&#39;x&#39;&gt;"),
            (
                "{{ '1 < 2 &amp; 3 &#39; &x &#x27;' | escape_once }}",
                "1 &lt; 2 &amp; 3 &#39; &amp;x &#x27;",
            ),
            (
                "{{ '<b>a</b><!-- c --> <SCRIPT>x</script>d<style>e</style> 1 < 2' | strip_html }}",
                "a d 1 < 2",
            ),
            ("{{ 'a <script> b' | strip_html }}", "a  b"),
        ],
    );
}

#[test]
fn line_ends_become_breaks() {
    let data = json!({ "text": "a\r\nb\n" });
    check(&data, &[("{{ text | newline_to_br }}", "a<br />\nb<br />\n")]);
}

#[test]
fn defaults() {
    check(
        &json!({ "none": null, "no": false, "void": "", "list": [], "zero": 0, "name": "Holly" }),
        &[
            (
                "{{ none | default: 'x' }}{{ no | default: 'x' }}{{ void | default: 'x' }}{{ list | default: 'x' }}",
                "xxxx",
            ),
            ("{{ zero | default: 'x' }}{{ nothing.at.all | default: name }}", "0Holly"),
            (
                "{{ no | default: 'x', allow_false: true }}{{ no | default: 'x', allow_false: false }}",
                "falsex",
            ),
            ("{{ none | default: name | upcase }}", "HOLLY"),
            ("{{ none | default: none | default: 'x' }}{{ none | default }}", "x"),
        ],
    );
}

#[test]
fn filters_say_what_they_cannot_work_with() {
    check_faults(
        &json!({ "mixed": [1, "a"], "list": [1] }),
        &[
            ("{{ 1 | divided_by: 0 }}", "cannot divide by 0", "divided_by: 0"),
            ("{{ 1 | modulo: 'x' }}", "cannot divide by 0", "modulo: 'x'"),
            ("{{ mixed | sort }}", "cannot put a number and a text in order", "sort"),
            ("{{ list | map: 'a' }}", "expected objects with a `a`, found a number", "map: 'a'"),
            ("{{ list | concat: 1 }}", "expected a list to add, found a number", "concat: 1"),
            ("{{ 'x' | slice: 'y' }}", "expected a whole number, found `y`", "slice: 'y'"),
            (
                "{{ 'x' | truncate: list }}",
                "expected a whole number, found a list",
                "truncate: list",
            ),
            (
                "{{ '%ff' | url_decode }}",
                "expected UTF-8 behind the `%`, found `%ff`",
                "url_decode",
            ),
        ],
    );
}

#[test]
fn nothing_passes_quietly_where_missing_is_allowed() {
    let options = Options { missing: Missing::Empty, ..Options::default() };
    for (source, wanted) in [
        ("[{{ x | upcase | append: y }}]", "[]"),
        ("{{ x | plus: 1 }} {{ x | size }}", "1 0"),
        ("[{{ x | sort | join: ',' }}{{ x | date: '%Y' }}{{ x | escape }}]", "[]"),
        ("{{ 'Hi' | split: x | join: '-' }}", "H-i"),
    ] {
        assert_eq!(render(source, &json!({}), &options).unwrap(), wanted, "{source}");
    }
}
