"""MSAL for Python signs in."""

import base64
import json
import re
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


def test_an_app_proves_itself_with_its_certificate(cloud, read_only):
    client = cloud.client("app_only", read_only["tenant"], client_credential=cloud.certificate("app_only"))

    result = client.acquire_token_for_client([GRAPH])

    claims = verified(cloud, read_only["tenant"], result["access_token"])
    assert (claims["appid"], claims["appidacr"]) == (cloud.app("app_only")["client_id"], "2")


def test_a_certificate_of_another_app_is_refused(cloud, read_only):
    client = cloud.client("app_only", read_only["tenant"], client_credential=cloud.certificate("delegated"))

    refused = client.acquire_token_for_client([GRAPH])

    assert (refused["error"], refused["error_codes"]) == ("invalid_client", [700027])


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


def test_a_device_is_signed_in_from_a_browser(cloud, browser):
    app = cloud.device()
    flow = app.initiate_device_flow([GRAPH])
    assert flow["user_code"] in flow["message"] and flow["verification_uri"] in flow["message"]

    # The person is quick: the program asks for the first time once they are done.
    browser.walk(flow["verification_uri"], code=flow["user_code"])
    result = app.acquire_token_by_device_flow(flow)

    claims = verified(cloud, cloud.partner, result["access_token"])
    assert (claims["upn"], claims["appidacr"]) == (cloud.account, "0")
    assert [account["username"] for account in app.get_accounts()] == [cloud.account]
    assert "refresh_token" in result


def test_a_device_is_told_that_nobody_signed_in_yet(cloud):
    app = cloud.device()
    flow = app.initiate_device_flow([GRAPH])

    waiting = app.acquire_token_by_device_flow(flow, exit_condition=lambda _flow: True)

    assert (waiting["error"], waiting["error_codes"]) == ("authorization_pending", [70016])


def colleague(cloud, token):
    """Somebody else in the partner tenant."""
    query = {"$select": "userPrincipalName,accountEnabled,userType", "$top": "100"}
    listed = requests.get(
        f"{cloud.graph}/users", params=query, headers={"Authorization": f"Bearer {token}"}, timeout=30
    ).json()["value"]
    return next(
        user["userPrincipalName"]
        for user in listed
        if user["accountEnabled"] and user["userType"] == "Member" and user["userPrincipalName"] != cloud.account
    )


def test_a_recalled_token_is_replaced_after_a_claims_challenge(cloud, signed_in, browser):
    _, administrator = signed_in
    somebody = colleague(cloud, administrator["access_token"])
    client = cloud.client("delegated", cloud.partner, client_capabilities=["cp1"])
    redirect = cloud.app("delegated")["redirect_uris"][0]

    def sign_in(**more):
        flow = client.initiate_auth_code_flow([GRAPH], redirect_uri=redirect, **more)
        return client.acquire_token_by_auth_code_flow(flow, browser.walk(flow["auth_uri"], account=somebody))

    def me(result):
        bearer = {"Authorization": f"Bearer {result['access_token']}"}
        return requests.get(f"{cloud.graph}/me", headers=bearer, timeout=30)

    first = sign_in()
    assert me(first).json()["userPrincipalName"] == somebody
    revoked = requests.post(
        f"{cloud.graph}/users/{somebody}/revokeSignInSessions",
        headers={"Authorization": f"Bearer {administrator['access_token']}"},
        timeout=30,
    )
    assert revoked.status_code == 200, revoked.text
    refused = me(first)

    assert refused.status_code == 401
    (challenge,) = re.findall('claims="([^"]+)"', refused.headers["www-authenticate"])
    challenge = base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4)).decode()
    assert json.loads(challenge)["access_token"]["nbf"]["essential"]
    (account,) = client.get_accounts()
    silent = client.acquire_token_silent_with_error([GRAPH], account, claims_challenge=challenge)
    assert silent["error"] == "invalid_grant"
    again = sign_in(claims_challenge=challenge, prompt="login")
    assert me(again).status_code == 200
