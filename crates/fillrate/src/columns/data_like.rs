//! Tells data from column names, to catch a file whose header row is missing.

/// Whether a text looks like an e-mail address, a URL, a phone number, a hash or a number, or like a row of cells of which
/// one does: where the delimiter is another one, a whole row is one text.
pub(super) fn looks_like_data(text: &str) -> bool {
    is_data(text) || text.split(DELIMITERS).any(is_data)
}

/// Whether a text has several lines, and one of them looks like data.
pub(super) fn holds_lines_of_data(text: &str) -> bool {
    text.contains(LINE_ENDS) && text.split(LINE_ENDS).any(looks_like_data)
}

const DELIMITERS: [char; 5] = [',', ';', '\t', '|', '"'];

const LINE_ENDS: [char; 2] = ['\n', '\r'];

fn is_data(text: &str) -> bool {
    is_email(text) || is_url(text) || is_hash(text) || is_number_or_phone(text)
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
}

fn is_url(text: &str) -> bool {
    let has_scheme = ["http://", "https://", "www."]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    // Or a host and a path, as in `example.com/in/ada`.
    has_scheme || text.split_once('/').is_some_and(|(host, path)| host.contains('.') && !path.is_empty())
}

/// MD5, the shortest one in use, has 32 hexadecimal digits, and so has a UUID beside its hyphens.
fn is_hash(text: &str) -> bool {
    text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn is_number_or_phone(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.,() /".contains(&byte))
}
