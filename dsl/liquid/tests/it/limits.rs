//! Templates that mean harm.

use liquid::{Limits, NESTING, Options, RenderError, Template};
use serde_json::json;

use crate::render;

fn refused_for(source: &str) -> &'static str {
    let error = render(source, &json!({ "a": "x" }), &Options::default()).expect_err(source);
    match error {
        RenderError::Limit { what, .. } => what,
        other => panic!("{source}: {other}"),
    }
}

#[test]
fn rendering_ends() {
    let doubling = "{% assign a = a | append: a %}".repeat(64);
    let lists = "{% assign l = l | concat: l %}".repeat(64);
    for (source, what) in [
        ("{% for i in (1..1000000000000) %}{% endfor %}", "steps"),
        ("{% for i in (1..9223372036854775807) reversed %}{{ i }}{% endfor %}", "steps"),
        (
            "{% for i in (1..1000) %}{% for j in (1..1000) %}{% assign x = j %}{% endfor %}{% endfor %}",
            "steps",
        ),
        ("{{ (1..1000000000000) | join: ',' }}", "steps"),
        ("{{ (1..1000000000000) | sort | first }}", "steps"),
        ("{{ (1..1000000000000) | slice: 0, 1000000000000 }}", "steps"),
        ("{{ (1..1000000000000) }}", "bytes of output"),
        ("{{ (1..1000000000000) | upcase }}", "bytes of text on the way"),
        ("{{ (1..1000000000000) | json }}", "bytes of text on the way"),
        ("{{ 'a' | append: (1..1000000000000) }}", "bytes of text on the way"),
        (doubling.as_str(), "bytes of text on the way"),
        (&format!("{{% assign l = (1..10) %}}{lists}"), "steps"),
        (
            "{% for i in (1..9) %}{% assign a = a | replace: 'x', 'xxxxxxxxxx' %}{% endfor %}",
            "bytes of text on the way",
        ),
        (
            "{% for i in (1..64) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
            "bytes of output",
        ),
    ] {
        assert_eq!(refused_for(source), what, "{source}");
    }
}

#[test]
fn long_ranges_cost_only_what_is_used_of_them() {
    let source = "{% for i in (1..9000000000000000000) limit: 2 %}{{ i }}{% endfor %}\
                  {% assign r = (1..9000000000000000000) %}{{ r.size }} {{ r.last }}\
                  {% if r contains 5 and r == r %} yes{% endif %}";
    let text = render(source, &json!({}), &Options::default()).unwrap();
    assert_eq!(text, "129000000000000000000 9000000000000000000 yes");
}

#[test]
fn the_caller_sets_the_limits_and_learns_which_and_where() {
    let small = Limits { output_bytes: 10, text_bytes: 5, fuel: 3 };
    for (source, what, limit, place) in [
        ("12345{{ '678901' }}", "bytes of output", 10, "{{ '678901' }}"),
        ("{{ 'abc' | upcase | downcase }}", "bytes of text on the way", 5, "downcase"),
        ("abc{{ 1 }}{{ 2 }}{{ 3 }}", "steps", 3, "{{ 3 }}"),
    ] {
        let options = Options { limits: small, ..Options::default() };
        match render(source, &json!({}), &options).expect_err(source) {
            RenderError::Limit { what: w, limit: l, span } => {
                assert_eq!((w, l, &source[span]), (what, limit, place), "{source}");
            }
            other => panic!("{source}: {other}"),
        }
    }
    let just_enough = Options {
        limits: Limits { output_bytes: 3, text_bytes: 3, fuel: 2 },
        ..Options::default()
    };
    assert_eq!(render("{{ 'abc' | upcase }}", &json!({}), &just_enough).unwrap(), "ABC");
}

#[test]
fn nesting_is_bounded_before_it_costs_stack() {
    const DEEP: usize = 10_000;
    for source in [
        "{% if true %}".repeat(DEEP),
        "{% for i in (1..2) %}".repeat(DEEP) + &"{% endfor %}".repeat(DEEP),
        "{% capture x %}{% case 1 %}{% when 1 %}".repeat(DEEP),
        format!("{{{{ {}1{} }}}}", "a[".repeat(DEEP), "]".repeat(DEEP)),
        format!("{{{{ {}", "[".repeat(DEEP) + "}}"),
        format!("{{{{ {} }}}}", "(".repeat(DEEP)),
        format!("{{% if {}", "(".repeat(DEEP) + "%}"),
    ] {
        let error = Template::parse(&source).expect_err("deep nesting is refused");
        let wanted = format!("are nested more than {NESTING} deep");
        assert!(error.message.ends_with(&wanted), "{}", error.message);
    }
}

#[test]
fn what_is_long_but_not_deep_is_fine() {
    const LONG: usize = 10_000;
    let data = json!({ "a": true });
    for source in [
        format!("{{% if {}a %}}x{{% endif %}}", "a and ".repeat(LONG)),
        format!("{{% if b %}}{}{{% else %}}x{{% endif %}}", "{% elsif b %}".repeat(LONG)),
        "{% comment %}".repeat(LONG) + &"{% endcomment %}".repeat(LONG) + "x",
        format!("{{{{ b{} | default: 'x' }}}}", ".b".repeat(LONG)),
        format!("{{{{ 'x'{} }}}}", " | strip".repeat(LONG)),
    ] {
        assert_eq!(render(&source, &data, &Options::default()).unwrap(), "x");
        assert!(Template::parse(&source).unwrap().paths().len() <= LONG + 2);
    }
}

#[test]
fn the_deepest_allowed_nesting_renders() {
    let source = "{% if true %}".repeat(NESTING) + "x" + &"{% endif %}".repeat(NESTING);
    assert_eq!(render(&source, &json!({}), &Options::default()).unwrap(), "x");
    let source =
        format!("{{{{ {}0{} | default: 'x' }}}}", "a[".repeat(NESTING), "]".repeat(NESTING));
    assert_eq!(render(&source, &json!({}), &Options::default()).unwrap(), "x");
}
