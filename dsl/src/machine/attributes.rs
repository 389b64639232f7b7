//! Writing values by their paths, and what that changed.

use crate::expr::{Key, Object, Value};

/// A value that became another; `null` stands for missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Dotted path.
    pub path: String,
    /// Before.
    pub from: Value,
    /// After.
    pub to: Value,
}

/// Writes attributes: a dotted name is a path, `null` removes. Returns what really changed, so
/// the same patch twice changes nothing the second time.
pub fn patch(attributes: &mut Object, patch: &Object) -> Vec<Change> {
    let changes = patch.iter().filter_map(|(name, value)| {
        let keys: Vec<Key> = name.split('.').map(|key| Key::Name(key.to_owned())).collect();
        write(attributes, &keys, value.clone())
    });
    changes.collect()
}

/// Writes one value; `null` removes. Objects on the way are made, other values on the way give
/// way to them, and then the change is theirs.
pub(crate) fn write(root: &mut Object, keys: &[Key], value: Value) -> Option<Change> {
    let (Key::Name(first), rest) = keys.split_first()? else { return None };
    if rest.is_empty() {
        let from = match &value {
            Value::Null => root.shift_remove(first).unwrap_or_default(),
            _ => root.insert(first.clone(), value.clone()).unwrap_or_default(),
        };
        return change(first.clone(), from, value);
    }
    if let Some(Value::Array(list)) = root.get_mut(first) {
        return write_element(list, rest, value).map(|inner| nested(first, inner));
    }
    if let Some(Value::Object(object)) = root.get_mut(first) {
        return write(object, rest, value).map(|inner| nested(first, inner));
    }
    if value.is_null() {
        return None;
    }
    let mut made = Object::new();
    write(&mut made, rest, value)?;
    let made = Value::Object(made);
    let from = root.insert(first.clone(), made.clone()).unwrap_or_default();
    change(first.clone(), from, made)
}

/// Writes into an element that exists; a list never grows by its index.
fn write_element(list: &mut [Value], keys: &[Key], value: Value) -> Option<Change> {
    let (Key::Index(index), rest) = keys.split_first()? else { return None };
    let element = list.get_mut(*index)?;
    let label = index.to_string();
    if rest.is_empty() {
        let from = std::mem::replace(element, value.clone());
        return change(label, from, value);
    }
    match element {
        Value::Object(object) => write(object, rest, value),
        Value::Array(list) => write_element(list, rest, value),
        _ => None,
    }
    .map(|inner| nested(&label, inner))
}

fn change(path: String, from: Value, to: Value) -> Option<Change> {
    (from != to).then_some(Change { path, from, to })
}

fn nested(first: &str, inner: Change) -> Change {
    Change { path: format!("{first}.{}", inner.path), ..inner }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(before: Value, with: Value, after: &Value, changes: &Value) {
        let Value::Object(mut attributes) = before else { panic!("not an object") };
        let Value::Object(with) = with else { panic!("not an object") };
        let found: Vec<Value> = patch(&mut attributes, &with)
            .into_iter()
            .map(|change| json!([change.path, change.from, change.to]))
            .collect();
        assert_eq!(Value::Object(attributes.clone()), *after);
        assert_eq!(Value::Array(found), *changes);
        assert_eq!(patch(&mut attributes, &with), [], "the second time nothing changes");
    }

    #[test]
    fn patches() {
        check(json!({}), json!({ "a": 1 }), &json!({ "a": 1 }), &json!([["a", null, 1]]));
        check(json!({ "a": 1 }), json!({ "a": null }), &json!({}), &json!([["a", 1, null]]));
        check(json!({ "a": 1 }), json!({ "b": null }), &json!({ "a": 1 }), &json!([]));
        check(
            json!({ "a": { "b": 1 } }),
            json!({ "a.c": 2, "a.b": null }),
            &json!({ "a": { "c": 2 } }),
            &json!([["a.c", null, 2], ["a.b", 1, null]]),
        );
        check(
            json!({ "a": 5 }),
            json!({ "a.b.c": 1 }),
            &json!({ "a": { "b": { "c": 1 } } }),
            &json!([["a", 5, { "b": { "c": 1 } }]]),
        );
        check(json!({ "a": 5 }), json!({ "a.b": null }), &json!({ "a": 5 }), &json!([]));
    }

    #[test]
    fn elements_of_lists_are_written_in_place() {
        let Value::Object(mut root) = json!({ "a": [1, { "b": 2 }] }) else { panic!() };
        let name = |name: &str| Key::Name(name.to_owned());
        let path = [name("a"), Key::Index(1), name("b")];
        let change = write(&mut root, &path, 3.into()).unwrap();
        assert_eq!((change.path.as_str(), change.to), ("a.1.b", json!(3)));
        assert_eq!(write(&mut root, &[name("a"), Key::Index(9)], 3.into()), None);
        assert_eq!(root.get("a"), Some(&json!([1, { "b": 3 }])));
    }
}
