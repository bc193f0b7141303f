//! What is in the cells: nobody who exists, and everything that CSV can hold.

use std::collections::HashSet;

use fillrate_sample::{HeaderStyle, Size};

use crate::{audience, column, rows};

const RECORDS: Size = Size::Records(2_000);

fn text(header: HeaderStyle) -> String {
    String::from_utf8(audience(RECORDS, header, &[]).csv).unwrap()
}

#[test]
fn every_host_is_reserved_for_examples() {
    for header in HeaderStyle::ALL {
        let text = text(header);
        let hosts = text.split('@').skip(1).chain(text.split("https://").skip(1));
        let hosts: Vec<_> = hosts
            .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && !"-.".contains(c)).next().unwrap())
            .map(|host| host.trim_end_matches(".jpg"))
            .collect();
        assert!(hosts.len() > 2_000);
        for host in hosts {
            let reserved = ["example.com", "example.org", "example.net"];
            let is_reserved =
                |name| host.strip_suffix(name).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
            assert!(reserved.into_iter().any(is_reserved), "{host}");
        }
    }
}

#[test]
fn company_domains_are_reserved_for_examples() {
    for (header, name) in [(HeaderStyle::Dotted, "company.domain"), (HeaderStyle::Flat, "companyDomain")] {
        let rows = rows(text(header).as_bytes());
        let domain = column(&rows, name);
        for cell in rows[1..].iter().map(|record| str::from_utf8(&record[domain]).unwrap()) {
            assert!(cell.is_empty() || cell.contains(".example."), "{cell}");
        }
    }
}

#[test]
fn phone_numbers_are_reserved_for_fiction() {
    for header in [HeaderStyle::Dotted, HeaderStyle::Flat] {
        let text = text(header);
        let numbers: Vec<_> = text.split("+1-").skip(1).collect();
        assert!(numbers.len() > 100);
        for number in numbers {
            assert!(number.starts_with("202-555-01"), "{}", &number[..12]);
            assert!(number[10..12].bytes().all(|digit| digit.is_ascii_digit()));
            assert!(!number[12..].starts_with(|next: char| next.is_ascii_digit()));
        }
    }
}

#[test]
fn no_filled_cell_could_be_taken_for_an_unfilled_one() {
    let placeholders = ["null", "none", "nil", "nan", "n/a", "na", "undefined", "-", "--", "[]", "{}"];
    for header in [HeaderStyle::Dotted, HeaderStyle::Flat] {
        let text = text(header);
        for cell in rows(text.as_bytes()).iter().flatten().filter(|cell| !cell.is_empty()) {
            let cell = str::from_utf8(cell).unwrap();
            assert!(!cell.trim_ascii().is_empty());
            assert!(!placeholders.iter().any(|word| cell.eq_ignore_ascii_case(word)), "{cell}");
        }
        assert!(!text.contains(",\"\",") && !text.contains(",\"\"\n"));
    }
}

#[test]
fn the_file_has_all_that_csv_can_hold() {
    for header in [HeaderStyle::Dotted, HeaderStyle::Flat] {
        let text = text(header);
        assert!(text.ends_with('\n') && !text.contains('\r') && !text.contains('\0') && !text.is_ascii());
        let rows = rows(text.as_bytes());
        assert!(rows.iter().all(|record| record.len() == rows[0].len()));
        for special in [b',', b'"', b'\n'] {
            assert!(rows.iter().flatten().any(|cell| cell.contains(&special)));
        }
    }
}

#[test]
fn identifiers_are_unique() {
    for (header, name, digits) in
        [(HeaderStyle::Dotted, "hashedEmail", 64), (HeaderStyle::Flat, "personId", 32)]
    {
        let rows = rows(text(header).as_bytes());
        let identifier = column(&rows, name);
        let cells: HashSet<_> = rows[1..].iter().map(|record| &record[identifier]).collect();
        assert_eq!(cells.len(), rows.len() - 1);
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        assert!(cells.iter().all(|cell| cell.len() == digits && cell.iter().all(is_digit)));
    }
}

#[test]
fn topics_are_json() {
    let rows = rows(text(HeaderStyle::Dotted).as_bytes());
    let topics = column(&rows, "intent.matchedTopics");
    for cell in rows[1..].iter().map(|record| &record[topics]).filter(|cell| !cell.is_empty()) {
        let parsed: serde_json::Value = serde_json::from_slice(cell).unwrap();
        assert!(parsed[0]["topicName"].is_string());
    }
}
