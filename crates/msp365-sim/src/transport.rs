//! The cloud without a socket.

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use msp365_core::{Reply, Transport, TransportError, seams::BodyWatch};

use crate::Cloud;

/// Hands requests over in process.
#[derive(Debug)]
pub(crate) struct InProcess {
    cloud: Cloud,
}

impl InProcess {
    pub(crate) const fn new(cloud: Cloud) -> Self {
        Self { cloud }
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        let watch = request.extensions().get::<BodyWatch>().cloned();
        let host = request.uri().host().unwrap_or_default().to_owned();
        let delivery = self.cloud.exchange(request).await;
        if let Some(span) = delivery.takes() {
            self.cloud.clock().sleep(span).await;
        }
        let reply = delivery.into_result(&host)?;
        if let Some(BodyWatch(watch)) = watch.filter(|_| reply.status.as_u16() == 200) {
            watch(&reply.body);
        }
        Ok(reply)
    }
}
