use crate::support::Firm;

#[tokio::test]
async fn one_without_a_member_can_be_deleted_and_the_built_in_one_never() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    firm.root.delete("/organizations/MY_COMPANY").await.expect_problem(409, "in_use");
    firm.root.delete("/organizations/PLATFORM").await.expect_problem(409, "built_in");
    firm.root.delete(&ada.at("MY_COMPANY")).await.expect(204);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    firm.root.delete("/organizations/MY_COMPANY").await.expect(204);
    firm.root.get("/organizations/MY_COMPANY").await.expect_problem(404, "not_found");
}
