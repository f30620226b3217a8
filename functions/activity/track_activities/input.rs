use rolecall_domain::activity::Order;
use rolecall_http::{
    Problem,
    extract::{self, Fields},
};
use utoipa::ToSchema;

use crate::activity::order::{Body, Input as One};

/// The most activities of one request: what one batch of DynamoDB takes.
const MOST: usize = 25;

/// Up to 25 activities, each good or wrong on its own.
pub struct Input(pub(super) Vec<Result<Order, Problem>>);

/// As the document describes [`Input`].
#[derive(ToSchema)]
#[schema(as = NewActivities)]
#[expect(dead_code, reason = "it is described and never made")]
pub struct Batch {
    /// Up to 25.
    activities: Vec<Body>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let list = fields.objects("activities", MOST)?;
        Some(Self(
            list.into_iter().map(|map| extract::take::<One>(map).map(|One(order)| order)).collect(),
        ))
    }
}
