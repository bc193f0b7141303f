//! C1 to C21: what is in the CSV.

use serde_json::json;

use super::row::{check, csv};
use super::support::{Folder, stderr};

#[test]
fn headers_that_are_none() {
    check([
        csv("C1", "").refused("no-header", Some((1, 0))).says("there is no header row"),
        csv("C1", "\n\r\n\r").refused("no-header", Some((1, 0))),
        csv("C1", "\u{feff}").refused("no-header", Some((1, 0))),
        csv("C1", "\u{feff}\r\n").refused("no-header", Some((1, 0))),
        csv("C2", "email,phone\n")
            .has("/stats/total", 0)
            .has("/stats/fillRates/email", json!({"count": 0, "percent": 0})),
        csv("C2", "email").has("/stats/total", 0),
        csv("C2", "email,phone\n").against(r#"{"total": 3}"#).differs().has("/checks/0/id", "total"),
        csv("C2", "email,phone\n")
            .against(r#"{"total": 0, "fillRates": {"email": {"count": 0, "percent": 0}}}"#),
        csv("C15", "ada@example.com,80\nbo@example.com,90\n")
            .refused("header-missing", Some((1, 0)))
            .says("(column 1); add a header row, or use `--header-ok`"),
        csv("C15", "\u{feff}\nAda,example.com/in/ada\n")
            .refused("header-missing", Some((2, 4)))
            .says("(column 2)"),
        csv("C15", "Ada,+1 555 0100\n").refused("header-missing", Some((1, 0))),
        csv("C15", "Ada,0123456789abcdef0123456789abcdef\n").refused("header-missing", Some((1, 0))),
        csv("C15", "Ada,\"https://example.com\"\n").refused("header-missing", Some((1, 0))),
        csv("C15", "Ada;+1 555 0100\n").refused("header-missing", Some((1, 0))),
        // A quote in the first line draws records into a name.
        csv("C15", "email,\"note\na,b\n")
            .refused("no-header", Some((1, 6)))
            .says("a quote in it is never closed"),
        csv("C15", "email,\"note\na,1\n\",x\n").refused("header-missing", Some((1, 0))).says("(column 2)"),
        // Not even where a name was asked for that is not there.
        csv("C15", "Ada,1\n").args(&["--map", "email=Mail"]).refused("header-missing", Some((1, 0))),
        csv("C15", "Ada,1\nBo,2\n").args(&["--header-ok"]).has("/stats/total", 1),
    ]);
}

#[test]
fn names_are_withheld_where_there_is_no_header() {
    let folder = Folder::new(&[("a.csv", "Ada Example,ada@example.com\nBo,bo@example.com\n")]);
    for args in [
        &["stats", "a.csv"][..],
        &["stats", "a.csv", "--score-field", "x"],
        &["stats", "a.csv", "--field", "x"],
    ] {
        let output = folder.run(args);
        assert!(stderr(&output).starts_with("error[header-missing]"), "{}", stderr(&output));
        assert!(!stderr(&output).to_lowercase().contains("ada"), "{}", stderr(&output));
    }
}

#[test]
fn ends_of_lines_and_of_files() {
    let two = |text: &str| csv("C3", text).has("/stats/total", 2).has("/stats/fillRates/email/count", 2);
    let three = |text: &str| {
        csv("C4", text).has("/stats/total", 3).has("/columns/1/filled", 3).has("/columns/1/placeholder", 0)
    };
    check([
        two("email\na\nb"),
        two("email\na\nb\n"),
        two("email\ra\rb\r"),
        two("email\r\na\r\nb\r\n"),
        // The last byte was cut off.
        two("email\r\na\r\nb\r").finds("mixed-line-ends", 1, (3, 11)),
        three("email,note\na,1\nb,2\nc,3\n"),
        three("email,note\r\na,1\r\nb,2\r\nc,3\r\n"),
        three("email,note\ra,1\rb,2\rc,3\r"),
        three("email,note\na,1\r\nb,2\rc,3\n").finds("mixed-line-ends", 2, (2, 14)),
        three("email,note\na,\"\r\"\nb,\"1\r\n2\"\nc,\"\n\"\n").has("/columns/1/blank", 2),
        csv("C13", "email,phone\n\na,1\n\n").finds("empty-line", 2, (2, 12)).has("/stats/total", 1),
        csv("C13", "email\n\na\n").finds("empty-line", 1, (2, 6)).has("/stats/total", 1),
        csv("C13", "email\n\"\"\na\n").has("/stats/fillRates/email", json!({"count": 1, "percent": 50})),
    ]);
}

#[test]
fn bytes_that_are_no_plain_text() {
    let filled = |id, text: &[u8]| csv(id, text).has("/stats/total", 1).has("/columns/1/filled", 1);
    check([
        csv("C5", "\u{feff}\"email\",note\na,\n").finds("bom", 1, (1, 0)).has("/columns/0/name", "email"),
        csv("C5", "email,note\na,\u{feff}\n").has("/columns/1/filled", 1),
        csv("C5", "email,\u{feff}note\na,x\n").has("/columns/1/name", "\u{feff}note"),
        filled("C7", b"email,note\na,Jos\xE9\n").finds("invalid-utf8", 1, (2, 16)).says("changes no count"),
        filled("C7", b"email,note\na,\xC0\x80\n").finds("invalid-utf8", 2, (2, 13)),
        filled("C7", b"email,note\na,\xED\xA0\x80\n").finds("invalid-utf8", 3, (2, 13)),
        filled("C7", b"email,note\na,\xF0\x9F\xA6\n").finds("invalid-utf8", 1, (2, 13)),
        filled("C7", b"email,Stra\xDFe\na,x\n")
            .finds("invalid-utf8", 1, (1, 10))
            .has("/columns/1/name", "Stra\u{fffd}e"),
        filled("C8", b"email,note\na,\0\n").finds("nul", 1, (2, 13)),
        filled("C8", b"email,note\na,\x01\x1b\x7f\n"),
        csv("C18", "email,a,b,c\n \t,\u{a0},\u{200b},\x0b\x0c\n")
            .has("/columns/0/blank", 1)
            .has("/columns/1/blank", 0)
            .has("/columns/2/blank", 0)
            .has("/columns/3/blank", 1)
            .has("/stats/fillRates/c/count", 1),
        csv("C18", "email,a\n \t,x\n").args(&["--fill-rule", "non-blank"]).has("/columns/0/filled", 0),
        csv("C19", "email,a,b,c,d\nNULL,N/A,nan,-,[]\n{},none,NaN,--,null \n")
            .has("/columns/0/placeholder", 2)
            .has("/columns/3/placeholder", 2)
            .has("/columns/4/placeholder", 1)
            .has("/columns/4/filled", 2),
    ]);
}

#[test]
fn quotes() {
    let one = |id, text: &str| csv(id, text).has("/stats/total", 1).has("/columns/1/filled", 1);
    check([
        one("C9", "email,note\na,\"b\nc,d\n")
            .differs()
            .finds("open-quote", 1, (2, 13))
            .says("unsound: open-quote"),
        csv("C9", "email,note\na,\"").has("/columns/1/filled", 0).differs().finds("open-quote", 1, (2, 13)),
        one("C10", "email,note\n\"a\"b,c\n").differs().finds("text-after-quote", 1, (2, 14)),
        one("C10", "email,note\n\"a\" ,b\n").differs().finds("text-after-quote", 1, (2, 14)),
        one("C10", "email,note\n\"a\\\"b\",c\n").differs().finds("text-after-quote", 1, (2, 15)),
        one("C11", "email,note\na,5'4\" tall\n").finds("quote-in-field", 1, (2, 16)),
        one("C11", "email,note\na, \"b\"\n").finds("quote-in-field", 1, (2, 14)),
    ]);
}

#[test]
fn rows_that_are_ragged_and_tables_that_are_none() {
    check([
        csv("C12", "email,phone\na\nb,1\nc,2,3\n")
            .differs()
            .finds("short-record", 1, (2, 12))
            .finds("long-record", 1, (4, 18))
            .has("/stats/total", 3)
            .has("/stats/fillRates/phone/count", 2),
        csv("C20", "email;phone\na;1\n").has("/file/columnCount", 1).says("is --delimiter ';' missing?"),
        csv("C20", "email\tphone\na\t1\n").says("is --delimiter tab missing?"),
        csv("C20", "email;phone\na;1\n").args(&["--delimiter", ";"]).has("/columns/1/filled", 1),
        csv("C21", "Report of May\n\nemail,phone\na,1\n").differs().finds("long-record", 2, (3, 15)).finds(
            "empty-line",
            1,
            (2, 14),
        ),
        csv("C21", "# made by hand\nemail,phone\na,1\n").differs().finds("long-record", 2, (2, 15)),
        csv("C21", "email,phone\na,1\n\nname\nx\n").differs().finds("short-record", 2, (4, 17)).finds(
            "empty-line",
            1,
            (3, 16),
        ),
        csv("C21", "email,phone\nE-Mail,Telefon\na,1\n").against(r#"{"total": 1}"#).differs(),
    ]);
}

#[test]
fn names_of_columns() {
    let company = r#"{"total": 1, "fillRates": {"company.name": {"count": 1, "percent": 100}}}"#;
    check([
        csv("C14", "email,email,,\na,b,c,\n")
            .has("/columns/1/name", "email#2")
            .has("/columns/1/field", "email#2")
            .has("/columns/2/name", "")
            .has("/columns/3/name", "#2")
            .has("/columns/2/filled", 1)
            .has("/columns/3/filled", 0),
        csv("C14", "Email,email,e-mail,x#2,x,x\na,,c,d,e,f\n")
            .has("/columns/0/filled", 1)
            .has("/columns/1/filled", 0)
            .has("/columns/5/name", "x#3"),
        // One letter, and a letter with a mark: two names, as bytes.
        csv("C14", "email,Zo\u{eb},Zoe\u{308}\na,b,\n")
            .has("/columns/1/filled", 1)
            .has("/columns/2/filled", 0),
        csv("C14", "email,\"a\nb\",\"say \"\"hi\"\"\",a.b.c\na,b,c,d\n")
            .has("/columns/1/name", "a\nb")
            .has("/columns/2/name", "say \"hi\"")
            .has("/columns/3/name", "a.b.c")
            .says("a\\u{a}b"),
        csv("C14", "company_name,companyName\nx,y\n")
            .against(company)
            .refused("ambiguous-field", None)
            .says("company_name, companyName; say which one with `--map FIELD=COLUMN`"),
        csv("C14", "company_name,companyName\n,y\n")
            .against(company)
            .args(&["--map", "company.name=companyName"]),
        csv("C16", "email,Company Name,extra\na,b,c\n")
            .against(company)
            .has("/mapping/company.name", "Company Name")
            .has("/not_reported", json!(["email", "extra"])),
        csv("C16", "email\na\n").against(company).differs().has("/checks/5/status", "not-in-file"),
        csv("C16", "email\na\n").against(company).args(&["--allow-missing", "company.name"]),
    ]);
}
