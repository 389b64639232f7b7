//! What each tag does.

use serde_json::json;

use crate::{check, check_faults};

#[test]
fn branches() {
    check(
        &json!({ "plan": "pro" }),
        &[
            ("{% if plan == 'free' %}1{% elsif plan == 'pro' %}2{% else %}3{% endif %}", "2"),
            ("{% if false %}1{% elsif false %}2{% else %}3{% endif %}", "3"),
            ("{% if false %}1{% endif %}", ""),
            ("{% unless false %}1{% else %}2{% endunless %}", "1"),
            ("{% unless true %}1{% elsif true %}2{% else %}3{% endunless %}", "2"),
            ("{% if true %}a{% if false %}b{% else %}c{% endif %}d{% endif %}", "acd"),
            ("{% if false %}1{% else %}2{% else %}3{% elsif true %}4{% endif %}", "2"),
            ("{%\tif true\t%}x{%endif%}", "x"),
        ],
    );
}

#[test]
fn cases() {
    check(
        &json!({ "size": "m", "list": [1] }),
        &[
            ("{% case size %} - {% when 's' %}1{% when 'm', 'l' %}2{% else %}3{% endcase %}", "2"),
            ("{% case size %}{% when 's' or 'm' %}2{% endcase %}", "2"),
            ("{% case size %}{% when 's' %}1{% else %}3{% endcase %}", "3"),
            ("{% case size %}{% when 'm' %}1{% else %}2{% when 'm' %}3{% endcase %}", "13"),
            ("{% case list %}{% when empty %}1{% when list %}2{% endcase %}", "2"),
            ("{% case nothing %}{% when nil %}1{% endcase %}", "1"),
        ],
    );
}

#[test]
fn loops() {
    check(
        &json!({ "list": ["a", "b", "c", "d"], "object": { "z": 1, "a": 2 }, "text": "word", "n": 2 }),
        &[
            ("{% for x in list %}{{ x }}{% endfor %}", "abcd"),
            ("{% for x in list limit: 2 offset: 1 %}{{ x }}{% endfor %}", "bc"),
            ("{% for x in list reversed, limit: n, %}{{ x }}{% endfor %}", "ba"),
            ("{% for x in list limit: '1' %}{{ x }}{% endfor %}", "a"),
            ("{% for x in list limit: nothing %}{{ x }}{% endfor %}", "abcd"),
            ("{% for x in list offset: 9 %}{{ x }}{% else %}none{% endfor %}", "none"),
            ("{% for x in list limit: -1 %}{{ x }}{% else %}none{% endfor %}", "none"),
            ("{% for x in nothing %}{{ x }}{% else %}none{% endfor %}", "none"),
            ("{% for x in (1..n) %}{{ x }}{% endfor %}", "12"),
            ("{% for x in (1..3) reversed %}{{ x }}{% endfor %}", "321"),
            ("{% for x in (3..1) %}{{ x }}{% else %}none{% endfor %}", "none"),
            ("{% for x in object %}{{ x[0] }}={{ x[1] }};{% endfor %}", "z=1;a=2;"),
            ("{% for x in text %}{{ x }}.{% endfor %}", "word."),
            (
                "{% for x in list %}{% if x == 'c' %}{% break %}{% endif %}{{ x }}{% endfor %}!",
                "ab!",
            ),
            (
                "{% for x in list %}{% if x == 'b' %}{% continue %}{% endif %}{{ x }}{% endfor %}",
                "acd",
            ),
            ("a{% break %}b", "a"),
        ],
    );
}

#[test]
fn loops_know_where_they_are() {
    check(
        &json!({ "list": ["a", "b", "c"], "x": "outer" }),
        &[
            (
                "{% for x in list %}{{ forloop.index }}{{ forloop.index0 }}{{ forloop.rindex }}{{ forloop.rindex0 }}\
                 {% if forloop.first %}f{% endif %}{% if forloop.last %}l{% endif %} {% endfor %}",
                "1032f 2121 3210l ",
            ),
            (
                "{% for x in list limit: 2 %}{{ forloop.length }}{{ forloop.name }} {% endfor %}",
                "2x-list 2x-list ",
            ),
            (
                "{% for x in list %}{% for y in (1..2) %}{{ forloop.parentloop.index }}{{ forloop.index }} {% endfor %}{% endfor %}",
                "11 12 21 22 31 32 ",
            ),
            ("{% for x in list %}{{ x }}{% endfor %}{{ x }}", "abcouter"),
            ("{% for x in list %}{% assign last = x %}{% endfor %}{{ last }}", "c"),
            (
                "{% for x in list limit: 2 %}{{ x }}{% endfor %}-{% for x in list offset: continue %}{{ x }}{% endfor %}",
                "ab-c",
            ),
        ],
    );
}

#[test]
fn variables_of_the_template() {
    check(
        &json!({ "name": "Holly", "list": [1, 2] }),
        &[
            ("{% assign x = name | upcase %}{{ x }}", "HOLLY"),
            ("{% assign name = 'Rod' %}{{ name }}", "Rod"),
            ("{% assign x = list %}{{ x[1] }}", "2"),
            ("{% assign some-thing = 1 %}{{ some-thing }}", "1"),
            ("{% capture x %}Hi {{ name }}{% endcapture %}{{ x }}, {{ x | size }}", "Hi Holly, 8"),
            ("{% capture 'x' %}y{% endcapture %}{{ x }}", "y"),
            ("{% assign r = (1..3) %}{% for i in r %}{{ i }}{% endfor %}", "123"),
        ],
    );
}

#[test]
fn what_is_not_rendered() {
    check(
        &json!({}),
        &[
            ("a{% comment %}{{ x | nonsense }}{% if %}{% endcomment %}b", "ab"),
            ("a{% comment %}{% comment %}x{% endcomment %}y{% endcomment %}b", "ab"),
            ("a{% comment %}{% raw %}{% endcomment %}{% endraw %}{% endcomment %}b", "ab"),
            ("a{% # one\n # two %}b{%# three %}", "ab"),
            ("{% raw %}{{ x }} {% if %}{% endraw %}", "{{ x }} {% if %}"),
            ("{% raw %}{% endraw %}", ""),
        ],
    );
}

#[test]
fn loops_want_whole_numbers() {
    check_faults(
        &json!({ "n": 1.5 }),
        &[
            (
                "{% for x in (1..3) limit: 'two' %}{% endfor %}",
                "expected a whole number, found `two`",
                "'two'",
            ),
            (
                "{% for x in (1..3) offset: n %}{% endfor %}",
                "expected a whole number, found `1.5`",
                "n",
            ),
        ],
    );
}
