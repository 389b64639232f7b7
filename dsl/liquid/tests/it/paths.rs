//! Which variables a template is found to read.

use liquid::{Key, Template};

/// The paths with a `?` behind those that may be missing, in the order of the source.
fn check(source: &str, wanted: &[&str]) {
    let paths = Template::parse(source).unwrap().paths();
    let found: Vec<String> = paths
        .iter()
        .map(|path| format!("{path}{}", if path.optional { "?" } else { "" }))
        .collect();
    assert_eq!(found, wanted, "{source}");
}

#[test]
fn outputs_and_filters() {
    check("{{ a.b[0]['c d'].e }}", &["a.b[0].c d.e"]);
    check("{{ a | append: b | default: c }}", &["a", "b", "c"]);
    check("{{ a | default: b }}", &["a?", "b"]);
    check("{{ a | default: b | default: 'c', allow_false: d }}", &["a?", "b?", "d?"]);
    check("{{ a | upcase | default: 'b' }}", &["a"]);
    check("{{ a[b.c].d }}", &["a", "b.c"]);
    check("{{ [a] }}{{ (b..c) }}{{ 'x' }}{{ nil }}", &["a", "b?", "c?"]);
}

#[test]
fn conditions_may_miss_what_they_ask_for() {
    check(
        "{% if a.b == c and d %}{{ e }}{% elsif f %}{% endif %}",
        &["a.b?", "c?", "d?", "e", "f?"],
    );
    check("{% case a %}{% when b %}{{ c }}{% endcase %}", &["a?", "b?", "c"]);
}

#[test]
fn conditions_make_sure_of_values() {
    check(
        "{% if a.b %}{{ a.b }}{{ a.b.c }}{{ a.d }}{% endif %}{{ a.b }}",
        &["a.b?", "a.b?", "a.b.c?", "a.d", "a.b"],
    );
    check("{% if a.b.c %}{{ a.b }}{% else %}{{ a.b }}{% endif %}", &["a.b.c?", "a.b?", "a.b"]);
    check("{% if a and b %}{{ a }}{{ b }}{% endif %}", &["a?", "b?", "a?", "b?"]);
    check("{% if a or b %}{{ a }}{% endif %}", &["a?", "b?", "a"]);
    check("{% if a and b or c %}{{ a }}{{ b }}{% endif %}", &["a?", "b?", "c?", "a?", "b"]);
    check("{% unless a %}{{ a }}{% else %}{{ a }}{% endunless %}", &["a?", "a", "a?"]);
    check("{% if a == blank %}{{ a }}{% else %}{{ a }}{% endif %}", &["a?", "a", "a?"]);
    check("{% if a != nil %}{{ a }}{% endif %}", &["a?", "a?"]);
    check("{% if a != '' %}{{ a }}{% endif %}", &["a?", "a"]);
    check(
        "{% if a > 3 %}{{ a }}{% elsif b == 1 %}{{ b }}{{ a }}{% endif %}",
        &["a?", "a?", "b?", "b?", "a"],
    );
    check("{% case a %}{% when 'x' %}{{ a }}{% else %}{{ a }}{% endcase %}", &["a?", "a?", "a"]);
}

#[test]
fn loop_variables_stand_for_what_is_looped_over() {
    check(
        "{% for x in a.b limit: n %}{{ x.c }}{% endfor %}{{ x }}",
        &["a.b?", "n?", "a.b[0].c?", "x"],
    );
    check(
        "{% for x in a %}{% for y in x.b %}{{ y }}{% endfor %}{% endfor %}",
        &["a?", "a[0].b?", "a[0].b[0]?"],
    );
    check(
        "{% for x in a %}{{ forloop.index }}{{ x }}{% else %}{{ b }}{% endfor %}",
        &["a?", "a[0]", "b"],
    );
    check(
        "{% for x in a[b] %}{{ x.c }}{% endfor %}{{ forloop.index }}",
        &["a?", "b?", "forloop.index"],
    );
    check("{% for i in (1..3) %}{{ i }}{{ a }}{% endfor %}", &["a"]);
}

#[test]
fn variables_of_the_template_are_not_read_from_outside() {
    check("{{ x }}{% assign x = a.b %}{{ x.c }}", &["x", "a.b?", "a.b.c"]);
    check("{% assign x = a | upcase %}{{ x }}", &["a"]);
    check("{% capture x %}{{ a }}{% endcapture %}{{ x }}", &["a"]);
    check("{% assign x = a %}{% for y in x %}{{ y.b }}{% endfor %}", &["a?", "a?", "a[0].b"]);
    check("{% if a %}{% assign x = b %}{{ x.c }}{% endif %}{{ x.c }}", &["a?", "b?", "b.c"]);
}

#[test]
fn places_and_keys() {
    let source = "ä {{ customer['first name'][1] | upcase }}";
    let paths = Template::parse(source).unwrap().paths();
    assert_eq!(&source[paths[0].span.clone()], "customer['first name'][1]");
    let keys = [Key::Name("customer".into()), Key::Name("first name".into()), Key::Index(1)];
    assert_eq!(paths[0].keys, keys);
}
