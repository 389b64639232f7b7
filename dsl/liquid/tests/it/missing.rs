//! Variables without a value.

use liquid::{Missing, Options};
use serde_json::json;

use crate::{check, check_faults, render};

#[test]
fn a_missing_variable_is_named() {
    check_faults(
        &json!({ "customer": { "none": null }, "list": [{}] }),
        &[
            (
                "Hi {{ customer.first_name }}",
                "`customer.first_name` is missing",
                "customer.first_name",
            ),
            ("{{ customer.none }}", "`customer.none` is missing", "customer.none"),
            ("{{ nothing['a b'][0] }}", "`nothing['a b'][0]` is missing", "nothing['a b'][0]"),
            ("{{ x | upcase }}", "`x` is missing", "x"),
            ("{{ 'Hi ' | append: x }}", "`x` is missing", "x"),
            ("{{ x | upcase | default: 'y' }}", "`x` is missing", "x"),
            ("{{ x | default: y }}", "`y` is missing", "y"),
            ("{% assign z = x | upcase %}", "`x` is missing", "x"),
            ("{% assign z = x %}{{ z }}", "`z` is missing", "z"),
            ("{% for l in list %}{{ l.sku }}{% endfor %}", "`l.sku` is missing", "l.sku"),
            ("{% if true %}{{ x }}{% endif %}", "`x` is missing", "x"),
        ],
    );
}

#[test]
fn the_template_can_provide_for_it() {
    check(
        &json!({ "customer": {} }),
        &[
            ("{{ customer.first_name | default: 'there' }}", "there"),
            ("{{ x | default: y | default: 'z' }}", "z"),
            ("{% if customer.vip %}a{% elsif x == 1 %}b{% else %}c{% endif %}", "c"),
            ("{% unless x contains 'y' %}a{% endunless %}", "a"),
            ("{% case x %}{% when y %}same{% endcase %}", "same"),
            ("{% assign z = x %}{{ z | default: 'y' }}", "y"),
            ("{% for l in x %}{{ l }}{% endfor %}", ""),
            ("{% if false %}{{ x }}{% endif %}", ""),
            ("{{ nil }}{{ 'a' | split: ',' | slice: 5, 1 | first }}", ""),
        ],
    );
}

#[test]
fn or_the_caller_can() {
    let options = Options { missing: Missing::Empty, ..Options::default() };
    assert_eq!(render("[{{ x.y }}{{ x | upcase }}]", &json!({}), &options).unwrap(), "[]");
}
