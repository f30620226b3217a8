//! `GET /catalogue`: everything in one answer, which its caller may keep and ask about anew.

use serde_json::{Value, json};

use crate::support::{Firm, Json};

#[tokio::test]
async fn the_catalogue_is_what_its_lists_have_and_304_to_whoever_has_it() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    firm.root.put("/roles/drafter/modules/PID", ()).await.expect(201);
    let response = boss.get("/catalogue").await.expect(200);
    assert_eq!(response.header("cache-control"), "no-cache");
    let etag = response.header("etag").to_owned();
    let complete = response.json();
    assert!(etag.starts_with(&format!("\"{}.0.MY_COMPANY@", complete["version"])), "{etag}");
    for list in ["modules", "permissions"] {
        let all: Value = boss.all(&format!("/{list}?limit=200")).await.into();
        assert_eq!(complete[list], all, "{list}");
    }
    let roles = boss.all("/roles?limit=200").await;
    let shown = complete.list_of("roles");
    assert_eq!(shown.len(), roles.len());
    for (shown, listed) in shown.iter().zip(&roles) {
        for (name, value) in listed.as_object().unwrap() {
            assert_eq!(&shown[name], value, "{name}");
        }
    }
    let drafter = shown.iter().find(|role| role["code"] == "drafter").unwrap();
    assert_eq!(
        (&drafter["permissions"], &drafter["modules"]),
        (&json!(["pid.create"]), &json!(["PID"]))
    );
    let known = async |value: &str| boss.get("/catalogue").header("If-None-Match", value).await;
    for value in [etag.clone(), format!("W/{etag}"), format!("\"0\", {etag}"), "*".to_owned()] {
        let response = known(&value).await.expect(304);
        assert_eq!(
            (response.text.as_str(), response.header("etag")),
            ("", etag.as_str()),
            "{value}"
        );
        assert_eq!(response.header("cache-control"), "no-cache");
    }
    for value in ["\"0\"", "0", etag.trim_matches('"')] {
        known(value).await.expect(200);
    }
    firm.root.delete("/roles/drafter/modules/PID").await.expect(204);
    let next = known(&etag).await.expect(200);
    assert_ne!(next.header("etag"), etag);
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    ada.get("/catalogue").await.expect_problem(403, "forbidden");
}
