//! The time of the machine.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::Clock;

/// The machine's clock; waits take real time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is what stands behind the seam")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is what stands behind the seam")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}
