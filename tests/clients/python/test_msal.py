"""MSAL for Python signs in."""

import ssl
import uuid

import jwt
import requests

from conftest import GRAPH


def verified(cloud, tenant, token, audience="https://graph.microsoft.com"):
    """The claims of a token whose signature is right by the keys that the tenant publishes."""
    document = f"{cloud.authority}/{tenant}/v2.0/.well-known/openid-configuration"
    published = requests.get(document, timeout=30).json()
    keys = jwt.PyJWKClient(published["jwks_uri"], ssl_context=ssl.create_default_context())
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key.key, algorithms=["RS256"], audience=audience)


def test_an_app_gets_a_token_of_its_own_with_its_secret(cloud, read_only):
    tenant = read_only["tenant"]
    client = cloud.client("app_only", tenant)

    result = client.acquire_token_for_client([GRAPH])
    again = client.acquire_token_for_client([GRAPH])

    claims = verified(cloud, tenant, result["access_token"])
    assert (claims["tid"], claims["idtyp"]) == (tenant, "app")
    assert claims["appid"] == cloud.app("app_only")["client_id"]
    assert "User.Read.All" in claims["roles"] and "scp" not in claims
    assert (result["token_source"], again["token_source"]) == ("identity_provider", "cache")


def test_a_wrong_secret_is_refused_with_its_number(cloud, read_only):
    client = cloud.client("app_only", read_only["tenant"], client_credential="wrong")

    refused = client.acquire_token_for_client([GRAPH])

    assert (refused["error"], refused["error_codes"]) == ("invalid_client", [7000215])
    assert "AADSTS7000215" in refused["error_description"]
    uuid.UUID(refused["correlation_id"])


def test_the_service_account_signs_in_with_a_code(cloud, signed_in):
    client, result = signed_in

    claims = verified(cloud, cloud.partner, result["access_token"])
    assert (claims["upn"], claims["tid"]) == (cloud.account, cloud.partner)
    assert "mfa" in claims["amr"]
    assert set(claims["scp"].split()) >= {"User.ReadWrite.All", "Group.ReadWrite.All"}
    assert result["id_token_claims"]["preferred_username"] == cloud.account
    assert [account["username"] for account in client.get_accounts()] == [cloud.account]


def test_msal_renews_a_token_silently(signed_in):
    client, result = signed_in
    (account,) = client.get_accounts()

    cached = client.acquire_token_silent([GRAPH], account)
    renewed = client.acquire_token_silent([GRAPH], account, force_refresh=True)

    assert cached["access_token"] == result["access_token"]
    assert renewed["token_source"] == "identity_provider"
    assert renewed["access_token"] != result["access_token"]


def test_a_person_sees_account_factor_and_permissions(cloud, browser):
    client = cloud.client("delegated", cloud.partner)
    redirect = cloud.app("delegated")["redirect_uris"][0]
    flow = client.initiate_auth_code_flow([GRAPH], redirect_uri=redirect, prompt="consent")

    callback = browser.walk(flow["auth_uri"])

    pick, factor, consent = browser.seen
    assert cloud.account in pick and "Pick an account" in pick
    assert "authenticator" in factor
    assert "User.ReadWrite.All" in consent
    assert set(callback) >= {"code", "state"}


def test_a_code_is_good_for_one_client_only_once(cloud, browser):
    client = cloud.client("delegated", cloud.partner)
    redirect = cloud.app("delegated")["redirect_uris"][0]
    flow = client.initiate_auth_code_flow([GRAPH], redirect_uri=redirect)
    callback = browser.walk(flow["auth_uri"])
    client.acquire_token_by_auth_code_flow(dict(flow), callback)

    refused = client.acquire_token_by_auth_code_flow(dict(flow), callback)

    assert (refused["error"], refused["error_codes"]) == ("invalid_grant", [54005])


def test_the_refresh_token_opens_a_customer_that_consented(cloud, consent, redeem, changing):
    consent(changing)

    result = redeem(changing)

    claims = verified(cloud, changing, result["access_token"])
    assert (claims["tid"], claims["upn"]) == (changing, cloud.account)
    assert claims["wids"], "the directory roles of the relationship"
    assert "refresh_token" in result


def test_a_customer_without_a_relationship_stays_shut(redeem, truth):
    (first, *_) = truth.tenant("NoRelationship")

    refused = redeem(first["tenant"])

    assert (refused["error"], refused["error_codes"]) == ("invalid_grant", [50020])


def test_a_policy_of_the_customer_answers_with_a_claims_challenge(redeem, truth):
    (first, *_) = truth.tenant("ConditionalAccess")

    refused = redeem(first["tenant"])

    assert (refused["error"], refused["error_codes"]) == ("invalid_grant", [53003])
    assert "capolids" in refused["claims"]
