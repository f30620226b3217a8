use crate::support::Firm;

#[tokio::test]
async fn one_that_a_permission_is_of_is_in_use_until_that_is_gone() {
    let firm = Firm::new().await;
    firm.root.delete("/modules/PID").await.expect_problem(409, "in_use");
    firm.root.delete("/permissions/pid.create").await.expect(204);
    firm.root.delete("/modules/PID").await.expect(204);
}
