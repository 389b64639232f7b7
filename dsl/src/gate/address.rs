//! The shape of an e-mail address. Only what no mail server would take is refused.

/// Longest address that SMTP carries.
const ADDRESS_MAX: usize = 254;
/// Longest part before the `@`.
const LOCAL_MAX: usize = 64;
/// Longest part between two dots of a domain.
const LABEL_MAX: usize = 63;

/// Whether `text` is one address: `ada@acme.test`, or with a name, `Ada <ada@acme.test>`.
#[must_use]
pub fn is_address(text: &str) -> bool {
    if text.chars().any(char::is_control) {
        return false;
    }
    let bare = match text.trim().strip_suffix('>') {
        Some(named) => match named.rsplit_once('<') {
            Some((_, bare)) => bare,
            None => return false,
        },
        None => text.trim(),
    };
    let Some((local, domain)) = bare.rsplit_once('@') else { return false };
    bare.len() <= ADDRESS_MAX && is_local(local) && is_domain(domain)
}

fn is_local(local: &str) -> bool {
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let plain = || {
        local.split('.').all(|atom| !atom.is_empty())
            && !local.contains(|c: char| c.is_whitespace() || "()<>[]:;@\\,\"".contains(c))
    };
    local.len() <= LOCAL_MAX && (quoted || plain())
}

fn is_domain(domain: &str) -> bool {
    if let Some(literal) = domain.strip_prefix('[') {
        return literal.strip_suffix(']').is_some_and(is_literal);
    }
    domain.split('.').all(|label| {
        (1..=LABEL_MAX).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    })
}

fn is_literal(literal: &str) -> bool {
    let address = literal.strip_prefix("IPv6:").unwrap_or(literal);
    address.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn addresses() {
        for good in [
            "ada@acme.test",
            "ada+trial@mail.acme.test",
            "Ada <ada@acme.test>",
            "ada@localhost",
            "ädä@bücher.test",
            "\"ada lovelace\"@acme.test",
            "ada@[127.0.0.1]",
        ] {
            assert!(is_address(good), "`{good}`");
        }
        for bad in [
            "",
            "ada",
            "@acme.test",
            "ada@",
            "ada @acme.test",
            "ada@acme..test",
            "ada..b@acme.test",
            "ada@-acme.test",
            "a@b@acme.test",
            "ada@acme.test, eve@acme.test",
            "ada@acme.test\r\nbcc: eve@acme.test",
            "ada acme.test>",
            "ada@[acme]",
        ] {
            assert!(!is_address(bad), "`{bad}`");
        }
        assert!(!is_address(&format!("{}@acme.test", "a".repeat(65))));
    }
}
