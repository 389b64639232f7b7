//! Messages as one person gets them.

use dsl::definition::Settings;
use dsl::message::{Body, Compiled, Email, Reader, Rendered};
use serde_json::{Value, json};

use crate::build::*;

fn render(email: &Email, attributes: Value, to: Option<&str>) -> Result<Rendered, String> {
    let compiled = Compiled::new(email).map_err(|fault| fault.to_string())?;
    let frozen = object(json!({ "trigger": { "plan": "pro" }, "journey": {}, "with": { "n": 3 } }));
    let attributes = object(attributes);
    let reader = Reader { attributes: &attributes, frozen: &frozen, to, now: START };
    let settings = Settings { from: Some("Acme <hi@acme.test>".into()), ..Settings::default() };
    compiled.render(&reader, &settings).map_err(|failure| failure.to_string())
}

fn welcome() -> Email {
    Email {
        subject: "Hi {{ customer.name }}, {{ trigger.plan }}".into(),
        preheader: Some("{{ with.n }} days".into()),
        body: Body::Html("<p>{{ customer.name }}</p>".into()),
        ..email("welcome")
    }
}

#[test]
fn a_message_is_rendered_whole() {
    let ada = json!({ "email": "ada@acme.test", "name": "<Ada>\r\nBcc: eve@evil.test" });
    assert_eq!(
        render(&welcome(), ada.clone(), None),
        Ok(Rendered {
            from: "Acme <hi@acme.test>".into(),
            to: "ada@acme.test".into(),
            reply_to: None,
            subject: "Hi <Ada> Bcc: eve@evil.test, pro".into(),
            preheader: Some("3 days".into()),
            html: Some("<p>&lt;Ada&gt;\r\nBcc: eve@evil.test</p>".into()),
            text: None,
        })
    );
    let plain = Email {
        body: Body::Text("Dear {{ customer.name }}".into()),
        from: Some("{{ customer.name | default: 'us' }} <me@acme.test>".into()),
        to: Some("boss+{{ with.n }}@acme.test".into()),
        reply_to: Some("help@acme.test".into()),
        ..welcome()
    };
    let rendered = render(&plain, json!({ "name": "A&B" }), None).unwrap();
    assert_eq!(rendered.to, "boss+3@acme.test");
    assert_eq!(rendered.from, "A&B <me@acme.test>");
    assert_eq!(rendered.reply_to.as_deref(), Some("help@acme.test"));
    assert_eq!((rendered.html, rendered.text), (None, Some("Dear A&B".into())));
    assert_eq!(render(&plain, ada, Some("other@acme.test")).unwrap().to, "other@acme.test");
}

#[test]
fn what_cannot_be_rendered_says_where_and_why() {
    let fails = |email: &Email, attributes| render(email, attributes, None).unwrap_err();
    let ada = || json!({ "email": "ada@acme.test", "name": "Ada" });
    assert_eq!(
        fails(&welcome(), json!({ "email": "a@b.test" })),
        "subject: `customer.name` is missing"
    );
    assert_eq!(fails(&welcome(), json!({ "name": "Ada" })), "to: no address");
    let text = Email { text: Some("{{ journey.coupon }}".into()), ..welcome() };
    assert_eq!(fails(&text, ada()), "text: `journey.coupon` is missing");
    let compiled = Compiled::new(&welcome()).unwrap();
    let (attributes, frozen) = (object(ada()), object(json!({})));
    let reader = Reader { attributes: &attributes, frozen: &frozen, to: None, now: START };
    let failure = compiled.render(&reader, &Settings::default()).unwrap_err();
    assert_eq!(failure.field, "from");
}
