use rolecall_http::{fields::Each, input};

use crate::activity::order;

input! {
    /// Activities, each good or wrong on its own.
    pub struct Input as NewActivities {
        /// Up to 25: what one batch of DynamoDB takes.
        activities: Each<order::Input, 25>,
    }
}
