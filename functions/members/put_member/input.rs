use rolecall_domain::{
    ids::UserId,
    organization::{Document, MembershipStatus, PutMember},
    words::Line,
};
use rolecall_http::input;

input! {
    /// A membership: missing fields are cleared, but the status stays.
    pub struct Input as MemberPut {
        /// A new membership is `active` by default.
        status: Option<MembershipStatus>,
        /// The employee id, unique in the organization.
        employee_id: Option<Line<64>>,
        department: Option<Line<100>>,
        job_title: Option<Line<100>>,
        /// The id of another member.
        manager: Option<UserId>,
        /// At most 8 KiB.
        metadata: Option<Document>,
    }
}

impl From<Input> for PutMember {
    fn from(input: Input) -> Self {
        let Input { status, employee_id, department, job_title, manager, metadata } = input;
        let metadata = metadata.unwrap_or_default();
        Self { status, employee_id, department, job_title, manager, metadata }
    }
}
