use rolecall_http::{fields::Each, input};

use crate::activity::order;

input! {
    /// A batch of activities; each is accepted or refused on its own.
    pub struct Input as NewActivities {
        /// Up to 25 activities.
        activities: Each<order::Input, 25>,
    }
}
