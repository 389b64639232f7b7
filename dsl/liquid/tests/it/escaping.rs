//! What happens to values on their way into HTML.

use liquid::{Escape, Options};
use serde_json::json;

use crate::render;

fn check_html(cases: &[(&str, &str)]) {
    let data = json!({
        "bad": "<b>\"Tom\" & 'Jerry'</b>", "list": ["<", "&"], "object": { "k": "<" }, "lines": "a<\nb", "n": 5,
    });
    let options = Options { escape: Escape::Html, ..Options::default() };
    for (source, wanted) in cases {
        assert_eq!(render(source, &data, &options).as_deref(), Ok(*wanted), "{source}");
    }
}

const BAD: &str = "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;";

#[test]
fn values_are_escaped_and_the_template_is_not() {
    check_html(&[
        ("<p>{{ bad }}</p>", &format!("<p>{BAD}</p>")),
        ("{{ '<i>' }}{{ list }}{{ list | join: '>' }}", "&lt;i&gt;&lt;&amp;&lt;&gt;&amp;"),
        ("{{ object }}", "{&quot;k&quot;:&quot;&lt;&quot;}"),
        ("{{ object | json }}", "{&quot;k&quot;:&quot;&lt;&quot;}"),
        ("{{ n }}{{ true }}{{ (1..2) }}", "5true12"),
        ("{% raw %}<{{ x }}>{% endraw %}", "<{{ x }}>"),
    ]);
}

#[test]
fn markup_goes_out_as_it_is() {
    check_html(&[
        ("{{ bad | raw }}", "<b>\"Tom\" & 'Jerry'</b>"),
        ("{{ list | safe }}{{ n | raw }}", "<&5"),
        ("{% assign x = '<i>' | raw %}{{ x }}", "<i>"),
        ("{{ '<i>' | safe | append: '<b>' }}", "<i>&lt;b&gt;"),
        ("{{ '<i>' | prepend: '<b>' | raw }}", "<b><i>"),
        ("{{ '<i> ' | raw | strip }}", "<i>"),
        ("{{ nothing | default: '<i>' }}", "&lt;i&gt;"),
    ]);
}

#[test]
fn nothing_is_escaped_twice() {
    check_html(&[
        ("{{ bad | escape }}", BAD),
        ("{{ bad | escape_once }}", BAD),
        ("{% capture x %}<p>{{ bad }}</p>{% endcapture %}{{ x }}", &format!("<p>{BAD}</p>")),
        ("{{ lines | newline_to_br }}", "a&lt;<br />\nb"),
        ("{{ lines | raw | newline_to_br }}", "a<<br />\nb"),
    ]);
}

#[test]
fn a_filter_that_changes_markup_makes_a_plain_text_of_it() {
    check_html(&[
        ("{{ '<i>' | raw | upcase }}", "&lt;I&gt;"),
        ("{{ '<i>' | raw | slice: 0, 2 }}", "&lt;i"),
        ("{{ '<i>' | raw | replace: 'i', 'b' }}", "&lt;b&gt;"),
    ]);
}
