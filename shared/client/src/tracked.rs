use std::{
    fmt::Display,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use pin_project_lite::pin_project;

use crate::{
    activity::{Activity, Category},
    tracker::Tracker,
};

impl Tracker {
    /// Does the work and records how long it took and whether it succeeded, with the text of its
    /// error. The result is passed on unchanged. Work that panics or whose future is dropped is
    /// recorded as failed.
    ///
    /// ```no_run
    /// # async fn example(tracker: rolecall_client::Tracker) -> std::io::Result<()> {
    /// let text = tracker
    ///     .tracked("document_processed", "data_management", async {
    ///         std::fs::read_to_string("drawing.txt")
    ///     })
    ///     .await?;
    /// # drop(text);
    /// # Ok(())
    /// # }
    /// ```
    pub fn tracked<T, E: Display, F: Future<Output = Result<T, E>>>(
        &self,
        activity_type: impl Into<String>,
        category: impl Into<Category>,
        work: F,
    ) -> Tracked<F> {
        self.tracked_as(Activity::new(activity_type).category(category), work)
    }

    /// The same with an activity that says more.
    pub fn tracked_as<T, E: Display, F: Future<Output = Result<T, E>>>(
        &self,
        activity: Activity,
        work: F,
    ) -> Tracked<F> {
        Tracked {
            work,
            record: Record {
                tracker: self.clone(),
                activity: Some(activity),
                began: None,
                is_working: false,
            },
        }
    }
}

pin_project! {
    /// Work that is recorded: see [`Tracker::tracked`].
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct Tracked<F> {
        #[pin]
        work: F,
        record: Record,
    }
}

/// Tracks the activity of work that has begun: when it is done, or else when this is dropped.
struct Record {
    tracker: Tracker,
    activity: Option<Activity>,
    began: Option<Instant>,
    /// Left `true` by work that panics, also where somebody catches that.
    is_working: bool,
}

impl Record {
    fn make(&mut self, error: Option<String>) {
        let (Some(activity), Some(began)) = (self.activity.take(), self.began) else { return };
        let activity = activity.duration(began.elapsed());
        self.tracker.track(match error {
            Some(error) => activity.failed(error),
            None => activity,
        });
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let why = if self.is_working { "It panicked." } else { "It was cancelled." };
        self.make(Some(why.to_owned()));
    }
}

impl<T, E: Display, F: Future<Output = Result<T, E>>> Future for Tracked<F> {
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.record.began.get_or_insert_with(Instant::now);
        this.record.is_working = true;
        let outcome = this.work.poll(cx);
        this.record.is_working = false;
        let outcome = ready!(outcome);
        this.record.make(outcome.as_ref().err().map(ToString::to_string));
        Poll::Ready(outcome)
    }
}
