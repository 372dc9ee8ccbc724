//! National clouds.

use msp365_core::Cloud as NationalCloud;

use super::*;

fn in_nation(cloud: NationalCloud) -> Cloud {
    Sim::seeded(7)
        .customers(12)
        .users_each(5)
        .manual_clock()
        .national(cloud)
        .build()
}

async fn app_token(cloud: &Cloud, host: &str, scope: &str) -> (u16, Value) {
    let app = cloud.app_only();
    let tenant = customer(cloud, None);
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.expose_secret()),
        ("scope", scope),
    ];
    let reply = post(cloud, &format!("{host}/{tenant}/oauth2/v2.0/token"), &fields).await;
    (reply.status.as_u16(), body_of(&reply))
}

#[tokio::test]
async fn tokens_are_made_out_to_the_graph_of_their_cloud() {
    let cases = [
        (
            NationalCloud::UsGov,
            "https://login.microsoftonline.us",
            "https://graph.microsoft.us",
            "https://sts.windows.net/",
        ),
        (
            NationalCloud::UsGovDod,
            "https://login.microsoftonline.us",
            "https://dod-graph.microsoft.us",
            "https://sts.windows.net/",
        ),
        (
            NationalCloud::China,
            "https://login.partner.microsoftonline.cn",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://sts.chinacloudapi.cn/",
        ),
    ];

    for (nation, host, graph, sts) in cases {
        let cloud = in_nation(nation);
        assert_eq!(cloud.endpoints().graph, graph);
        let (status, body) = app_token(&cloud, host, &format!("{graph}/.default")).await;
        assert_eq!(status, 200, "{body}");
        let access = claims(&body["access_token"]);
        assert_eq!(access["aud"], graph);
        assert!(access["iss"].as_str().unwrap().starts_with(sts), "{access}");
        let request = Request::get(format!("{graph}/v1.0/organization"))
            .header(
                "authorization",
                format!("Bearer {}", body["access_token"].as_str().unwrap()),
            )
            .body(Bytes::new())
            .unwrap();
        assert_eq!(cloud.transport().send(request).await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn the_graph_of_another_cloud_is_not_known() {
    let cloud = in_nation(NationalCloud::UsGov);

    let (_, body) = app_token(&cloud, "https://login.microsoftonline.us", GRAPH).await;

    assert_eq!(number(&body), 500_011);
}

#[tokio::test]
async fn an_app_with_a_secret_is_refused_in_another_cloud() {
    let cloud = cloud();

    let (status, body) = app_token(&cloud, "https://login.microsoftonline.us", GRAPH).await;

    assert_eq!((status, number(&body)), (401, 900_382));
}

#[tokio::test]
async fn a_tenant_of_another_cloud_is_named_as_such() {
    let cloud = cloud();
    let tenant = cloud.partner_tenant();
    let root = "https://login.partner.microsoftonline.cn";

    let document = get(
        &cloud,
        &format!("{root}/{tenant}/v2.0/.well-known/openid-configuration"),
    )
    .await;
    let page = get(&cloud, &authorize_url(&cloud, GRAPH, &[]).replace(HOST, root)).await;

    assert_eq!(number(&body_of(&document)), 90_038);
    assert!(String::from_utf8_lossy(&page.body).contains("AADSTS90038"));
}

#[tokio::test]
async fn documents_tell_the_facts_of_their_cloud() {
    let cloud = cloud();
    let cases = [
        (
            "https://login.windows.net",
            "microsoftonline.com",
            "graph.microsoft.com",
        ),
        (
            "https://login.microsoftonline.us",
            "microsoftonline.us",
            "graph.microsoft.us",
        ),
        (
            "https://login.partner.microsoftonline.cn",
            "partner.microsoftonline.cn",
            "microsoftgraph.chinacloudapi.cn",
        ),
    ];

    for (host, instance, graph) in cases {
        let url = format!("{host}/common/v2.0/.well-known/openid-configuration");
        let document = body_of(&get(&cloud, &url).await);
        assert_eq!(document["cloud_instance_name"], instance);
        assert_eq!(document["msgraph_host"], graph);
    }
}
