//! The key, and that neither it nor a signature is ever written anywhere.

use fillrate_serve::ApiKey;

use super::served::{KEY, audience_path, documented, documented_with, run_path};

#[test]
fn nothing_is_answered_without_the_key() {
    let served = documented(&[]);
    let calls = [
        ("GET", run_path("stats")),
        ("GET", run_path("results")),
        ("GET", run_path("export.csv")),
        ("POST", run_path("exports")),
        ("GET", run_path("exports")),
        ("GET", run_path("exports/x")),
        ("GET", audience_path("stats")),
        ("POST", audience_path("export")),
        ("GET", audience_path("runs")),
        ("GET", audience_path("status")),
        ("GET", audience_path("results")),
    ];
    for (method, path) in &calls {
        for headers in [
            &[][..],
            &[("x-api-key", "")],
            &[("x-api-key", "sk_tes")],
            &[("x-api-key", "sk_test2")],
            &[("authorization", "Bearer sk_test")],
        ] {
            let answer = served.raw(method, path, headers);
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (401, "unauthorized"),
                "{method} {path} {headers:?}"
            );
            super::openapi::check(method, path, &answer);
        }
    }
    assert_eq!(served.raw("GET", &run_path("stats"), &[("X-API-KEY", KEY.1)]).status, 200);
}

#[test]
fn the_log_has_neither_keys_nor_signatures() {
    let secret = "sk_canary_0123456789";
    let served =
        documented_with(&["cut-off=10,times=1"], |settings| settings.api_key = ApiKey::new(secret).unwrap());
    let key = ("x-api-key", secret);
    let answer = served.raw("POST", &format!("{}?note=abc", run_path("exports")), &[key]);
    let link = served.target(&answer.json()["data"]["downloadUrl"]);
    let signature = link.split_once("signature=").unwrap().1.to_owned();
    for _ in 0..2 {
        served.raw("GET", &link, &[key]);
    }
    served.raw("GET", &format!("/{secret}?{signature}"), &[("x-api-key", "sk_wrong")]);
    let addressed = served.raw("GET", &run_path("stats"), &[key]);
    assert_eq!(addressed.status, 200);
    // A line is written when its answer is over, which is after the client has all of it.
    let requests =
        || -> Vec<String> { served.log().into_iter().filter(|line| !line.contains(" is ")).collect() };
    let is_complete = (0..10_000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(1));
        requests().len() == 5
    });
    let lines = requests();
    assert!(is_complete, "{lines:#?}");
    let path = link.split_once('?').unwrap().0;
    assert!(lines.contains(&format!("GET {path} 200 10")), "{lines:#?}");
    assert!(lines.contains(&format!("GET {path} 200 18450")), "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.starts_with(&format!("POST {} 200 ", run_path("exports")))),
        "{lines:#?}"
    );
    let all = lines.join("\n");
    assert!(lines.iter().any(|line| line.starts_with("GET /*** 4")), "{all}");
    assert!(
        !all.contains(secret)
            && !all.contains(&signature)
            && !all.contains("note")
            && !all.contains("sk_wrong"),
        "{all}"
    );
    assert!(!format!("{:?}", ApiKey::new(secret)).contains("canary"));
}
