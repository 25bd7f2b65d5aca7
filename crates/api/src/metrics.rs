//! What is counted and timed, for Prometheus. Labels have few values: never an id, never what someone typed.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use prometheus::{Encoder, HistogramOpts, HistogramVec, Registry, TextEncoder};

/// The counters of one server.
#[derive(Debug)]
pub struct Metrics {
    /// Further counters are registered here.
    pub registry: Registry,
    requests: HistogramVec,
}

impl Metrics {
    /// Counters at zero.
    ///
    /// # Errors
    /// If a counter is named wrongly.
    pub fn new() -> Result<Self, prometheus::Error> {
        let options = HistogramOpts::new("http_server_request_duration_seconds", "How long requests took.")
            .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0]);
        let labels = ["http_request_method", "http_route", "http_response_status_code"];
        let (registry, requests) = (Registry::new(), HistogramVec::new(options, &labels)?);
        registry.register(Box::new(requests.clone()))?;
        Ok(Self { registry, requests })
    }

    pub(crate) fn request(&self, method: &Method, route: &str, status: StatusCode, duration: Duration) {
        let labels = [method_label(method), route, status.as_str()];
        self.requests.with_label_values(&labels).observe(duration.as_secs_f64());
    }

    /// The text format of Prometheus.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn text(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// Clients can make up methods, and each would be a new series.
pub(crate) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_timed_by_its_route_and_a_made_up_method_makes_no_series_of_its_own() {
        let metrics = Metrics::new().unwrap();
        let method = Method::from_bytes(b"MADEUP").unwrap();
        metrics.request(&method, "/v1/couples/{couple_id}", StatusCode::OK, Duration::from_millis(3));
        let text = String::from_utf8(metrics.text().unwrap()).unwrap();
        assert!(text.contains(r#"http_route="/v1/couples/{couple_id}""#), "{text}");
        assert!(text.contains("_OTHER") && !text.contains("MADEUP"));
    }
}
