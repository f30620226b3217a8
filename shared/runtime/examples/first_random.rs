//! Prints the microseconds that the first random byte of a fresh process takes, what seeding aws-lc
//! costs a cold start, and beside it those of the SHA-256 of a MiB.
#![expect(clippy::print_stdout, reason = "it is there to be read")]

use std::{hint::black_box, time::Instant};

use aws_lc_rs::{
    digest::{SHA256, digest},
    error::Unspecified,
    rand,
};

fn main() -> Result<(), Unspecified> {
    let started = Instant::now();
    rand::fill(&mut [0])?;
    println!("random {}", started.elapsed().as_micros());
    let data = vec![1; 1 << 20];
    let started = Instant::now();
    black_box(digest(&SHA256, &data));
    println!("digest {}", started.elapsed().as_micros());
    Ok(())
}
