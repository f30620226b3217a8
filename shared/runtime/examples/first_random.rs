//! Prints the milliseconds that the first random byte of a fresh process takes: what seeding aws-lc costs a cold start.
#![expect(clippy::print_stdout, reason = "it is there to be read")]

use std::time::Instant;

fn main() -> Result<(), aws_lc_rs::error::Unspecified> {
    let started = Instant::now();
    aws_lc_rs::rand::fill(&mut [0])?;
    println!("{:.3}", started.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}
