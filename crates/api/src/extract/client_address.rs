//! Where a request comes from, for throttling and the audit trail.

use std::{
    future::{Ready, ready},
    net::IpAddr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::X_FORWARDED_FOR, web::Data};

use crate::{app::App, problem::Problem};

/// The address of the client: of the connection, or, behind proxies in the configuration, the last one that they did not add
/// themselves. Anybody can send `X-Forwarded-For`; only those proxies are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

impl FromRequest for ClientAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let trusted = request.app_data::<Data<App>>().map_or(&[][..], |app| &app.config.trusted_proxies);
        let lines = request.headers().get_all(X_FORWARDED_FOR).filter_map(|line| line.to_str().ok());
        let forwarded: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        ready(Ok(Self(request.peer_addr().map(|peer| origin(peer.ip(), &forwarded, trusted)))))
    }
}

fn origin(peer: IpAddr, forwarded: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut address = peer;
    for hop in forwarded.iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        let Ok(hop) = hop.parse() else { break };
        address = hop;
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let (proxy, client) = (ip("10.0.0.1"), ip("203.0.113.7"));
        assert_eq!(origin(proxy, &["198.51.100.9", "203.0.113.7"], &[proxy]), client);
        assert_eq!(origin(client, &["198.51.100.9"], &[proxy]), client);
        assert_eq!(origin(proxy, &["203.0.113.7", "10.0.0.2"], &[proxy, ip("10.0.0.2")]), client);
        assert_eq!(origin(proxy, &["nonsense"], &[proxy]), proxy);
    }
}
