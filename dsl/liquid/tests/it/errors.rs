//! What is said of sources that are no templates.

use liquid::Template;

/// The message, the offending part of the source, and the help.
fn check(source: &str, message: &str, place: &str, help: &str) {
    let error = Template::parse(source).expect_err(source);
    assert_eq!(
        (error.message.as_str(), &source[error.span.clone()], error.help.as_deref().unwrap_or("")),
        (message, place, help),
        "{source}"
    );
}

#[test]
fn unknown_names() {
    check("ü {{ a | upcas }}", "unknown filter `upcas`", "upcas", "did you mean `upcase`?");
    check("{{ a | frobnicate: 1 }}", "unknown filter `frobnicate`", "frobnicate", "");
    check("{% fro x in y %}", "unknown tag `fro`", "fro", "did you mean `for`?");
    check("{% if a %}{% esle %}{% endif %}", "unknown tag `esle`", "esle", "did you mean `else`?");
    check("{%- frobnicate -%}", "unknown tag `frobnicate`", "frobnicate", "");
    check(
        "{{ a | default: b, alow: c }}",
        "`default` has no argument `alow`",
        "alow",
        "write `default: value, allow_false: true`",
    );
}

#[test]
fn unbalanced_tags() {
    check("a {% if b %} c", "`if` is never closed", "{% if b %}", "close it with `{% endif %}`");
    check("{% raw %} x", "`raw` is never closed", "{% raw %}", "close it with `{% endraw %}`");
    check(
        "{% comment %} x",
        "`comment` is never closed",
        "{% comment %}",
        "close it with `{% endcomment %}`",
    );
    check("{% endfor %}", "`endfor` without `for`", "endfor", "");
    check("{% else %}", "`else` without `if`", "else", "");
    check(
        "{% for a in b %}{% if c %}{% endfor %}",
        "expected `endif` before `endfor`",
        "endfor",
        "`if` was opened before and is not closed",
    );
    check("a {{ b", "`{{` is never closed", "{{", "close it with `}}`");
    check("a {% if", "`{%` is never closed", "{%", "close it with `%}`");
    check("a {%  %}", "expected the name of a tag", "{%  %}", "");
}

#[test]
fn expressions() {
    check("{{ a b }}", "expected `|` or the end, found `b`", "b", "");
    check("{{ a | }}", "expected the name of a filter, found nothing", "", "");
    check("{{ a[0 }}", "expected `]`, found nothing", "", "");
    check(
        "{{ a.0 }}",
        "expected a name behind `.`, found `0`",
        "0",
        "reach into a list with `[0]`",
    );
    check("{{ 'a }}", "the text is never closed", "'a", "close it with `'`");
    check("{{ “a” }}", "unexpected `“`", "“", "use straight quotes: `\"` or `'`");
    check("{{ @a }}", "unexpected `@`", "@", "");
    check(
        "{{ 1 + 2 }}",
        "unexpected `+`",
        "+",
        "calculate with filters: `plus`, `minus`, `times`, `divided_by`",
    );
    check(
        "{{ 99999999999999999999 }}",
        "the number `99999999999999999999` is too large",
        "99999999999999999999",
        "",
    );
    check("{{ [0] }}", "a variable has a name, not a number", "[0]", "");
    check(
        "{{ a | append }}",
        "`append` takes 1 argument, found 0",
        "append",
        "write `append: text`",
    );
    check(
        "{{ a | slice: 1, 2, 3 }}",
        "`slice` takes 1 to 2 arguments, found 3",
        "slice: 1, 2, 3",
        "write `slice: start, length`",
    );
    check(
        "{{ a | upcase: 1 }}",
        "`upcase` takes no arguments, found 1",
        "upcase: 1",
        "write `upcase`",
    );
}

#[test]
fn tags() {
    check("{% if %}{% endif %}", "expected a value, found nothing", "", "");
    check(
        "{% if a = b %}{% endif %}",
        "expected a comparison, `and`, `or` or the end, found `=`",
        "=",
        "compare with `==`",
    );
    check("{% if a && b %}{% endif %}", "unexpected `&&`", "&&", "write `and`");
    check(
        "{% if a | size > 1 %}{% endif %}",
        "expected a comparison, `and`, `or` or the end, found `|`",
        "|",
        "a condition takes no filters; `assign` the filtered value first",
    );
    check(
        "{% if (a or b) and c %}{% endif %}",
        "expected `..`, found `or`",
        "or",
        "parentheses hold a range like `(1..5)`; conditions cannot be grouped",
    );
    check("{% else if a %}", "`else` without `if`", "else", "");
    check(
        "{% if a %}{% else if b %}{% endif %}",
        "expected the end, found `if`",
        "if",
        "another condition is `elsif`",
    );
    check("{% for a b %}{% endfor %}", "expected `in`, found `b`", "b", "write `for x in list`");
    check(
        "{% for a in b foo: 1 %}{% endfor %}",
        "expected `limit`, `offset`, `reversed` or the end, found `foo`",
        "foo",
        "",
    );
    check("{% assign a 1 %}", "expected `=`, found `1`", "1", "");
    check("{% assign a? = 1 %}", "a variable cannot be named `a?`", "a?", "leave out the `?`");
    check("{% case a %}{% when %}{% endcase %}", "expected a value, found nothing", "", "");
    check(
        "{% # a\n b %}",
        "expected `#`, found `b`",
        "b",
        "begin every line of the comment with `#`",
    );
}

#[test]
fn empty_places_lie_within_the_tag() {
    let error = Template::parse("ab {{ c |  }} d").unwrap_err();
    assert_eq!(error.span, 9..9);
}
